package loggen

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func playOrFail(t *testing.T, s Scenario) ([]Line, Truth) {
	t.Helper()
	lines, truth, err := Play(s)
	if err != nil {
		t.Fatal(err)
	}
	return lines, truth
}

// TestDeterministic: the seed decides everything, and another seed something.
func TestDeterministic(t *testing.T) {
	for _, cause := range append(Causes(), "") {
		s := Scenario{Seed: 4, Cause: cause, Lifetimes: 2, Noise: true}
		a, ta := playOrFail(t, s)
		b, tb := playOrFail(t, s)
		if Wrap(Plain, a) != Wrap(Plain, b) || !slices.Equal(ta.Lives, tb.Lives) {
			t.Errorf("%q: two plays of a seed differ", cause)
		}
		s.Seed++
		if c, _ := playOrFail(t, s); Wrap(Plain, a) == Wrap(Plain, c) {
			t.Errorf("%q: the seed changes nothing", cause)
		}
	}
}

// TestTruth counts in the lines what the truth says.
func TestTruth(t *testing.T) {
	for i, cause := range append(Causes(), "") {
		lines, truth := playOrFail(t, Scenario{Seed: uint64(i), Cause: cause, Lifetimes: 3, FailAt: []int{2, 0, 4}, ExitCode: 0})
		starts, sessions, want := 0, 0, 0
		last := time.Time{}
		for _, l := range lines {
			if strings.Contains(l.Text, "Gstreamer version") {
				starts++
			}
			if strings.Contains(l.Text, "Starting container") {
				sessions++
			}
			if l.Time.Before(last) {
				t.Fatalf("%q: time runs backwards at %q", cause, l.Text)
			}
			last = l.Time
		}
		for k, life := range truth.Lives {
			want += life.Sessions
			if life.FirstFailure > life.Sessions {
				t.Errorf("%q: life %d first fails in session %d of %d", cause, k+1, life.FirstFailure, life.Sessions)
			}
		}
		if starts != 3 || sessions != want || len(truth.Lives) != 3 {
			t.Errorf("%q: %d starts and %d sessions, want 3 and %d", cause, starts, sessions, want)
		}
	}
}

// TestWrap: every transport carries the text of every line of the service,
// one physical line each.
func TestWrap(t *testing.T) {
	lines, _ := playOrFail(t, Scenario{Seed: 9, Cause: "wayland-socket-leak", Lifetimes: 2, ExitCode: 0, Noise: true})
	service := 0
	for _, l := range lines {
		if l.Service != "" {
			service++
		}
	}
	for _, tr := range Transports() {
		rows := strings.Split(strings.TrimSuffix(Wrap(tr, lines), "\n"), "\n")
		want := len(lines)
		if !fromCompose(tr) {
			want = service
		}
		if len(rows) != want {
			t.Errorf("%s: %d rows of %d lines", tr, len(rows), want)
			continue
		}
		i := 0
		for _, l := range lines {
			if l.Service == "" && !fromCompose(tr) {
				continue
			}
			row := rows[i]
			i++
			var m map[string]string
			if strings.HasPrefix(row, "{") && json.Unmarshal([]byte(row), &m) == nil {
				row = m["log"] + m["MESSAGE"]
			}
			if tr == ComposeV1 && l.Service == "" {
				continue // names the container its own way
			}
			if !strings.Contains(row, l.Text) {
				t.Errorf("%s: %q does not carry %q", tr, row, l.Text)
			}
		}
	}
}

// TestBulk: as many bytes as asked for, of whole lines, the same for a seed.
func TestBulk(t *testing.T) {
	for _, mix := range []Mix{Benign, Storm, Unknown} {
		var a, b bytes.Buffer
		if err := Bulk(&a, mix, 300_000, 5); err != nil {
			t.Fatal(err)
		}
		if err := Bulk(&b, mix, 300_000, 5); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: two runs of a seed differ", mix)
		}
		if n := a.Len(); n < 300_000 || n > 330_000 || a.Bytes()[n-1] != '\n' {
			t.Errorf("%s: %d bytes", mix, n)
		}
	}
}

func TestErrors(t *testing.T) {
	if _, _, err := Play(Scenario{Cause: "bad-luck"}); err == nil || !strings.Contains(err.Error(), "bad-luck") {
		t.Errorf("an unknown cause gives %v", err)
	}
	if err := Bulk(&bytes.Buffer{}, "salad", 10, 1); err == nil || !strings.Contains(err.Error(), "salad") {
		t.Errorf("an unknown mix gives %v", err)
	}
}

// TestProperties of the causes that scenarios rely on.
func TestProperties(t *testing.T) {
	for _, row := range []struct {
		cause                   string
		accumulates, start, end bool
	}{
		{"gpu-memory-exhaustion", true, false, false}, {"gpu-device-access-lost", false, false, false},
		{"config-invalid", false, true, true}, {"gpu-driver-mismatch", false, true, false}, {"host-oom", false, false, true}, {"bad-luck", false, false, false},
	} {
		if a, s, e := Accumulates(row.cause), AtStart(row.cause), Ends(row.cause); a != row.accumulates || s != row.start || e != row.end {
			t.Errorf("%s: accumulates %v, at start %v, ends %v", row.cause, a, s, e)
		}
	}
}
