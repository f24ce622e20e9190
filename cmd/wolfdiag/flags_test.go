package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReorder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, line, want string }{
		{"nothing", "", ""},
		{"a command", "version", "version"},
		{"arguments only", "analyze a.log b.log", "analyze -- a.log b.log"},
		{"flags first", "analyze --format json a.log", "analyze --format json -- a.log"},
		{"flags last", "analyze a.log --format json", "analyze --format json -- a.log"},
		{"flags in between", "analyze a.log --format json b.log --all", "analyze --format json --all -- a.log b.log"},
		{"a value after =", "analyze a.log --format=json b.log", "analyze --format=json -- a.log b.log"},
		{"a short flag", "analyze a.log -f json", "analyze -f json -- a.log"},
		{"one dash will do", "analyze a.log -format json", "analyze -format json -- a.log"},
		{"a flag without a value takes none", "analyze --redact a.log", "analyze --redact -- a.log"},
		{"a negative value", "analyze a.log --since -2h", "analyze --since -2h -- a.log"},
		{"a repeated flag keeps its order", "analyze a --catalogue x b --catalogue y", "analyze --catalogue x --catalogue y -- a b"},
		{"- is an argument", "analyze - --all", "analyze --all -- -"},
		{"-- ends the flags", "analyze --all -- --since", "analyze --all -- --since"},
		{"-- behind an argument", "analyze a -- --format json", "analyze -- a --format json"},
		{"an unknown flag is left to the library", "analyze a --nonsense b", "analyze --nonsense -- a b"},
		{"a command below another", "patterns show some-id --format json", "patterns show --format json -- some-id"},
		{"a file named like a command", "analyze version --all", "analyze --all -- version"},
		{"no such command", "analize a --all", "--all -- analize a"},
		{"before any command", "--version analyze", "--version analyze"},
		{"-- before any command", "-- analyze", "-- analyze"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e, _, _ := testEnv("")
			args := append([]string{"wolfdiag"}, strings.Fields(tc.line)...)
			before := append([]string(nil), args...)
			got := reorder(newApp(e), args)
			if diff := cmp.Diff(append([]string{"wolfdiag"}, strings.Fields(tc.want)...), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, args); diff != "" {
				t.Errorf("the arguments were changed (-before +after):\n%s", diff)
			}
		})
	}
}

// TestReorderLosesNothing: whatever is typed, every word but "--" arrives, and
// files stay in order.
func TestReorderLosesNothing(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv("")
	app := newApp(e)
	words := []string{"a.log", "b.log", "--format", "json", "--all", "-", "--since=2h", "--bogus", "-f", "--catalogue", "c.toml", "-a"}
	rng := rand.New(rand.NewPCG(1, 9))
	for range 500 {
		args := []string{"wolfdiag", "analyze"}
		for range rng.IntN(9) {
			args = append(args, words[rng.IntN(len(words))])
		}
		args = append(args, "last.log") // so that no flag stands at the end without its value
		want, got := map[string]int{}, map[string]int{}
		for _, a := range args {
			want[a]++
		}
		for _, a := range reorder(app, args) {
			if a != "--" {
				got[a]++
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", args, diff)
		}
	}
}

// TestReorderWithoutValue leaves a last flag without its value at the end, for
// the library to complain about.
func TestReorderWithoutValue(t *testing.T) {
	t.Parallel()
	e, _, errs := testEnv("")
	if code := run(context.Background(), []string{"wolfdiag", "analyze", "a.log", "--since"}, e); code != exitUsage {
		t.Errorf("exit %d, want %d", code, exitUsage)
	}
	if got := errs.String(); !strings.Contains(got, "since") || !strings.Contains(got, "value") {
		t.Errorf("stderr %q: want a word on the missing value of --since", got)
	}
}

func TestParseSize(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   string
		want int64
	}{
		{"", 0}, {"1", 1}, {"4096", 4096}, {"12b", 12}, {"12B", 12},
		{"500k", 500 << 10}, {"500K", 500 << 10}, {"500kb", 500 << 10}, {"500KiB", 500 << 10},
		{"10m", 10 << 20}, {"10MB", 10 << 20}, {"10MiB", 10 << 20}, {"2G", 2 << 30}, {"2gib", 2 << 30}, {"3TiB", 3 << 40}, {"3t", 3 << 40},
		{"10 MiB", 10 << 20}, {"4194304T", 1 << 62},
	} {
		if got, err := parseSize(tc.in); err != nil || got != tc.want {
			t.Errorf("parseSize(%q) = %d, %v; want %d", tc.in, got, err, tc.want)
		}
	}
	for _, bad := range []string{"0", "-1", "-5MiB", "ten", "MiB", "k", "1.5G", "10 X", "10ki", "10bb", "1kk", "1mg", "4194305T", "9223372036854775808", "99999999999999999999", "0x10", "1e6"} {
		got, err := parseSize(bad)
		if err == nil {
			t.Errorf("parseSize(%q) = %d, want an error", bad, got)
		} else if !strings.Contains(err.Error(), bad) {
			t.Errorf("parseSize(%q): the error %q does not name it", bad, err)
		}
	}
}

// TestParseWhenForms has the forms and limits that zones and suffixes bring.
func TestParseWhenForms(t *testing.T) {
	t.Parallel()
	// Half past midnight in Berlin: another day there than in UTC.
	now := time.Date(2025, 10, 1, 22, 30, 0, 0, time.UTC)
	berlin, err := parseZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, in string
		zone     *time.Location
		want     time.Time
	}{
		{"nothing", "", nil, time.Time{}},
		{"today by UTC", "today", nil, time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)},
		{"today by the zone", "today", berlin, time.Date(2025, 10, 1, 22, 0, 0, 0, time.UTC)},
		{"yesterday by the zone", "yesterday", berlin, time.Date(2025, 9, 30, 22, 0, 0, 0, time.UTC)},
		{"seconds and parts of them", "2025-10-01 06:40:11.25", nil, time.Date(2025, 10, 1, 6, 40, 11, 25e7, time.UTC)},
		{"T and no zone", "2025-10-01T06:40", berlin, time.Date(2025, 10, 1, 4, 40, 0, 0, time.UTC)},
		{"winter in the zone", "2025-12-01 06:40", berlin, time.Date(2025, 12, 1, 5, 40, 0, 0, time.UTC)},
		{"its own zone stands above --tz", "2025-10-01T06:40:00-05:00", berlin, time.Date(2025, 10, 1, 11, 40, 0, 0, time.UTC)},
		{"ago", "90m ago", nil, now.Add(-90 * time.Minute)},
		{"minus", "-90m", nil, now.Add(-90 * time.Minute)},
		{"mixed", "1h30m", nil, now.Add(-90 * time.Minute)},
		{"zero", "0s", nil, now},
		{"days ago", "2d ago", nil, now.AddDate(0, 0, -2)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseWhen(tc.in, now, tc.zone)
			if err != nil || !got.Equal(tc.want) {
				t.Errorf("parseWhen(%q) = %s, %v; want %s", tc.in, got, err, tc.want)
			}
		})
	}
	for _, bad := range []string{"tomorrow", "2025-02-30", "2025-10-01 24:40", "--2h", "d", "-d", "1.5d", "100000d", "10-02-2025", "2025-10-01T06:40:11ZZ", " "} {
		if got, err := parseWhen(bad, now, nil); err == nil {
			t.Errorf("parseWhen(%q) = %s, want an error", bad, got)
		} else if !strings.Contains(err.Error(), bad) {
			t.Errorf("parseWhen(%q): the error %q does not name it", bad, err)
		}
	}
}

func TestParseZone(t *testing.T) {
	t.Parallel()
	july, january := time.Date(2025, 7, 1, 12, 0, 0, 0, time.UTC), time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		in             string
		summer, winter int // hours east of UTC, in minutes
	}{
		{"UTC", 0, 0}, {"Europe/London", 60, 0}, {"America/New_York", -240, -300}, {"Asia/Kolkata", 330, 330},
		{"+01:00", 60, 60}, {"-05:30", -330, -330}, {"+00:00", 0, 0},
	} {
		loc, err := parseZone(tc.in)
		if err != nil || loc == nil {
			t.Errorf("parseZone(%q) = %v, %v", tc.in, loc, err)
			continue
		}
		_, s := july.In(loc).Zone()
		_, w := january.In(loc).Zone()
		if s != 60*tc.summer || w != 60*tc.winter {
			t.Errorf("parseZone(%q) is %d s and %d s east of UTC, want %d and %d minutes", tc.in, s, w, tc.summer, tc.winter)
		}
	}
	if loc, err := parseZone(""); loc != nil || err != nil {
		t.Errorf("parseZone of nothing = %v, %v, want nothing", loc, err)
	}
	for _, bad := range []string{"Moon", "Europe/Atlantis", "+1", "01:00", "+25:00", "../../etc/passwd", "/etc/localtime"} {
		if loc, err := parseZone(bad); err == nil {
			t.Errorf("parseZone(%q) = %v, want an error", bad, loc)
		} else if !strings.Contains(err.Error(), bad) {
			t.Errorf("parseZone(%q): the error %q does not name it", bad, err)
		}
	}
}

func TestUseColor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, mode string
		tty        bool
		vars       map[string]string
		want       bool
	}{
		{"auto on a terminal", "auto", true, nil, true},
		{"auto in a pipe", "auto", false, nil, false},
		{"empty is auto", "", true, nil, true},
		{"NO_COLOR", "auto", true, map[string]string{"NO_COLOR": "1"}, false},
		{"NO_COLOR of any value", "auto", true, map[string]string{"NO_COLOR": "false"}, false},
		{"an empty NO_COLOR is none", "auto", true, map[string]string{"NO_COLOR": ""}, true},
		{"a dumb terminal", "auto", true, map[string]string{"TERM": "dumb"}, false},
		{"always in a pipe", "always", false, nil, true},
		{"always stands above NO_COLOR", "always", true, map[string]string{"NO_COLOR": "1"}, true},
		{"never on a terminal", "never", true, nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e := &env{stdoutTTY: tc.tty, getenv: func(k string) string { return tc.vars[k] }}
			if got, err := e.useColor(tc.mode); err != nil || got != tc.want {
				t.Errorf("useColor(%q) = %v, %v; want %v", tc.mode, got, err, tc.want)
			}
		})
	}
	for _, bad := range []string{"yes", "ALWAYS", "on"} {
		e := &env{stdoutTTY: true, getenv: func(string) string { return "" }}
		var x *exitError
		if got, err := e.useColor(bad); got || !errors.As(err, &x) || x.code != exitUsage || !strings.Contains(err.Error(), "--color") || !strings.Contains(err.Error(), bad) {
			t.Errorf("useColor(%q) = %v, %v, want a usage error that names the flag", bad, got, err)
		}
	}
}

func TestEditDistance(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2},
		{"analize", "analyze", 1}, {"formt", "format", 1}, {"ab", "ba", 2}, {"gpu-xid", "gpu-xid-79", 3}, {"abc", "xyz", 3},
	} {
		if got := editDistance(tc.a, tc.b); got != tc.want {
			t.Errorf("editDistance(%q, %q) = %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}

// plainDistance is the definition, without a table.
func plainDistance(a, b string) int {
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	change := 1
	if a[0] == b[0] {
		change = 0
	}
	return min(plainDistance(a[1:], b[1:])+change, plainDistance(a[1:], b)+1, plainDistance(a, b[1:])+1)
}

func TestEditDistanceEqualsPlain(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 9))
	random := func() string {
		b := make([]byte, rng.IntN(6))
		for i := range b {
			b[i] = 'a' + byte(rng.IntN(3))
		}
		return string(b)
	}
	for range 1000 {
		a, b := random(), random()
		if got, want := editDistance(a, b), plainDistance(a, b); got != want || got != editDistance(b, a) {
			t.Fatalf("editDistance(%q, %q) = %d, want %d both ways", a, b, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"analyze", "follow", "check", "dumps", "patterns", "f"}
	for _, tc := range []struct{ name, in, want string }{
		{"one letter wrong", "analize", "analyze"},
		{"one missing", "dump", "dumps"},
		{"two swapped", "chekc", "check"},
		{"nothing like it", "zzzzzzzz", ""},
		{"short words are not forced", "xy", ""},
		{"exact", "follow", "follow"},
	} {
		if got := nearest(known, tc.in); got != tc.want {
			t.Errorf("%s: nearest(%q) = %q, want %q", tc.name, tc.in, got, tc.want)
		}
	}
}
