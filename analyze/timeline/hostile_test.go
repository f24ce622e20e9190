package timeline

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline/leak"
)

// renumber gives lines their numbers in the order they now have.
func renumber(lines []simLine) {
	for i := range lines {
		lines[i].event.Line = int64(i + 1)
	}
}

func datedWorld(seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 7))
	return simulate(r, simOptions{start: time.Date(2025, 9, 20, 8, 0, 0, 0, time.UTC), lives: 4, outer: true,
		perLife: func(r *rand.Rand) (int, int) { return 2 + r.IntN(6), 0 }, gap: everyFewHours})
}

// TestOutOfOrder gives the lines of a log with transport stamps in reverse and
// in random order: the lifetimes come out right, and the report says why it is
// to be read with care.
func TestOutOfOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		for _, name := range []string{"reversed", "shuffled"} {
			w := datedWorld(seed)
			lines := slices.Clone(w.lines)
			if name == "reversed" {
				slices.Reverse(lines)
			} else {
				r := rand.New(rand.NewPCG(seed, 8))
				r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
			}
			renumber(lines)
			c := New(Options{})
			feed(c, lines)
			tl := c.Resolve()
			var got, want []int
			for _, l := range tl.Lifetimes {
				got = append(got, l.Sessions)
			}
			for _, l := range w.lives {
				want = append(want, l.sessions)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("seed %d %s: sessions per lifetime (-want +got):\n%s", seed, name, d)
			}
			if !strings.Contains(strings.Join(tl.Assumptions, " "), "not in the order") {
				t.Errorf("seed %d %s: assumptions do not say so: %q", seed, name, tl.Assumptions)
			}
			for _, l := range lines {
				if at := tl.At(l.event.Reading); at.Time.Sub(l.at) > 3*time.Millisecond || at.Time.Sub(l.at) < 0 {
					t.Fatalf("seed %d %s: line at %v, want %v", seed, name, at.Time, l.at)
				}
				if n := tl.Lifetime(l.event.Reading); n < 0 || l.at.Before(w.lives[n].start) || l.at.After(w.lives[n].end.Add(3*time.Second)) {
					t.Fatalf("seed %d %s: line of %v in lifetime %d", seed, name, l.at, n)
				}
			}
		}
	}
}

// TestReversedWithoutDate must not claim what it cannot know.
func TestReversedWithoutDate(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	w := simulate(r, simOptions{start: time.Date(2025, 9, 20, 8, 0, 0, 0, time.UTC), lives: 3,
		perLife: func(r *rand.Rand) (int, int) { return 4, 0 }, gap: everyFewHours})
	lines := slices.Clone(w.lines)
	slices.Reverse(lines)
	renumber(lines)
	c := New(Options{})
	feed(c, lines)
	tl := c.Resolve()
	for _, l := range lines {
		if at := tl.At(l.event.Reading); at.Known() {
			t.Fatalf("line %d has the time %v, want unknown", l.event.Line, at.Time)
		}
	}
	var fs []Failure
	for i := 3; i < len(lines); i += 7 {
		fs = append(fs, Failure{Reading: lines[i].event.Reading})
	}
	tl.AddFailures(fs)
	if l := tl.Leak(); l.Verdict != leak.Insufficient {
		t.Errorf("leak = %+v, want insufficient-data", l)
	}
}

// TestMixedServers merges two servers' logs in time order, without names: the
// answer is that they cannot be told apart.
func TestMixedServers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		a, b := datedWorld(seed), datedWorld(seed+1000)
		lines := append(slices.Clone(a.lines), b.lines...)
		slices.SortStableFunc(lines, func(x, y simLine) int { return x.at.Compare(y.at) })
		renumber(lines)
		c := New(Options{})
		feed(c, lines)
		tl := c.Resolve()
		if !strings.Contains(strings.Join(tl.Assumptions, " "), "two servers mixed") {
			t.Errorf("seed %d: assumptions do not warn: %q", seed, tl.Assumptions)
		}
		var fs []Failure
		for i := 5; i < len(lines); i += 9 {
			fs = append(fs, Failure{Reading: lines[i].event.Reading})
		}
		tl.AddFailures(fs)
		if l := tl.Leak(); l.Verdict != leak.Insufficient {
			t.Errorf("seed %d: leak = %+v, want insufficient-data", seed, l)
		}
	}
}

// TestShift moves a log in time: everything moves by the same amount.
func TestShift(t *testing.T) {
	t.Parallel()
	resolve := func(shift time.Duration) *Timeline {
		r := rand.New(rand.NewPCG(11, 11))
		w := simulate(r, simOptions{start: time.Date(2025, 9, 20, 8, 0, 0, 0, time.UTC).Add(shift), lives: 4, dated: true, local: true, zone: 2 * time.Hour,
			perLife: func(r *rand.Rand) (int, int) { return 2 + r.IntN(6), 2 }, gap: shortGaps})
		c := New(Options{})
		feed(c, w.lines)
		tl := c.Resolve()
		tl.AddFailures(w.failures())
		return tl
	}
	base := resolve(0)
	for _, shift := range []time.Duration{24 * time.Hour, -24 * 400 * time.Hour, 7*time.Hour + 13*time.Second, 11 * time.Minute} {
		moved := resolve(shift)
		for i := range moved.Lifetimes {
			l := &moved.Lifetimes[i]
			for _, x := range []*Instant{&l.Start, &l.End, &l.FirstFailure} {
				if x.Known() {
					x.Time = x.Time.Add(-shift)
				}
			}
		}
		if d := cmp.Diff(base.Lifetimes, moved.Lifetimes, cmpopts.IgnoreUnexported(Lifetime{}), cmpopts.IgnoreFields(Instant{}, "Rel"),
			cmpopts.EquateApproxTime(time.Microsecond)); d != "" {
			t.Errorf("shift by %v changes (-base +moved):\n%s", shift, d)
		}
	}
}

// TestAnyMomentAgrees resolves a log after every tenth line: the past does not
// change but for what later lines make known.
func TestAnyMomentAgrees(t *testing.T) {
	t.Parallel()
	w := datedWorld(3)
	c := New(Options{})
	for i := range w.lines {
		feed(c, w.lines[i:i+1])
		if i%10 != 9 {
			continue
		}
		tl := c.Resolve()
		fresh := New(Options{})
		feed(fresh, w.lines[:i+1])
		if d := cmp.Diff(fresh.Resolve().Lifetimes, tl.Lifetimes, cmpopts.IgnoreUnexported(Lifetime{})); d != "" {
			t.Fatalf("after %d lines (-at once +step by step):\n%s", i+1, d)
		}
	}
}

// TestResolvedStaysPut goes on reading after Resolve: what was resolved keeps
// its answers.
func TestResolvedStaysPut(t *testing.T) {
	t.Parallel()
	w := datedWorld(4)
	half := len(w.lines) / 2
	c := New(Options{})
	feed(c, w.lines[:half])
	tl := c.Resolve()
	var before []Instant
	for _, l := range w.lines[:half] {
		before = append(before, tl.At(l.event.Reading))
	}
	lives := slices.Clone(tl.Lifetimes)
	feed(c, w.lines[half:])
	c.Resolve()
	var after []Instant
	for _, l := range w.lines[:half] {
		after = append(after, tl.At(l.event.Reading))
	}
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("times changed:\n%s", d)
	}
	if d := cmp.Diff(lives, tl.Lifetimes, cmpopts.IgnoreUnexported(Lifetime{})); d != "" {
		t.Errorf("lifetimes changed:\n%s", d)
	}
}

// TestBounded feeds a decade of restarts and hundreds of thousands of sessions.
func TestBounded(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	at := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	line := int64(0)
	n := 150_000
	if testing.Short() {
		n = 30_000
	}
	for i := range n {
		line += 100
		at = at.Add(time.Duration(60+i%977) * time.Second)
		r := Reading{Pos: Pos{Line: line}, Service: fmt.Sprint("svc-", i%3000), Inner: logline.Stamp{Kind: logline.ClockUTCTimeOfDay, Nanos: mod(at.UnixNano(), day)}}
		c.Clock(r)
		r.Service = ""
		r.Line++
		r.PID = i
		r.Inner = elapsed(time.Duration(i%90) * time.Second)
		c.Clock(r)
		r.Line++
		r.Inner = logline.Stamp{Kind: logline.ClockUTCTimeOfDay, Nanos: mod(at.UnixNano(), day)}
		e := Event{Reading: r, Kind: "container-start", Container: fmt.Sprint("/WolfXFCE_", i)}
		if i%66 == 0 {
			e.Kind, e.Pattern = "wolf-start", "wolf-start-gst"
		}
		c.Event(e)
		c.Element(r, fmt.Sprint("type", i, "x", i))
	}
	tl := c.Resolve()
	if !testing.Short() && (tl.Dropped.Lifetimes == 0 || tl.Dropped.Sessions == 0 || tl.Dropped.Streams == 0 || tl.Dropped.Elements == 0) {
		t.Errorf("dropped = %+v, want all counted", tl.Dropped)
	}
	if l := tl.Lifetimes[len(tl.Lifetimes)-1]; l.Sessions < 1 || l.Sessions > 66 {
		t.Errorf("last lifetime has %d sessions, want 1 to 65", l.Sessions)
	}
}

// FuzzCollector feeds arbitrary readings and events. It must not panic, must
// stay bounded, and must answer the same when asked twice.
func FuzzCollector(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("a start, a session, a stop, some clocks that make no sense at all"))
	seed := make([]byte, 0, 640)
	for i := range byte(64) {
		seed = append(seed, i%16, i, i%7, 0, 0, 0, i, 0, 0, i)
	}
	f.Add(seed)
	kinds := []string{"wolf-start", "wolf-milestone", "wolf-exit", "wolf-crash-before", "container-start", "container-stop", "rtp-up",
		"session-compositor", "session-launch", "session-pause", "session-resume", "display-ready", "encoder-found", "video-mode", "nested-start", "nonsense"}
	f.Fuzz(func(t *testing.T, data []byte) {
		feedAll := func() (*Collector, []Reading) {
			c := New(Options{Starts: []time.Time{time.Unix(1759212000, 0)}, Now: time.Unix(1760000000, 0)})
			var rs []Reading
			line := int64(1)
			for d := data; len(d) >= 10 && len(rs) < 2000; d = d[10:] {
				line = max(line+int64(int8(d[1])), 1)
				stamp := logline.Stamp{Kind: logline.ClockKind(d[2] % 10), Nanos: int64(binary.BigEndian.Uint64(append([]byte{0, 0}, d[3:9]...))) << (d[9] % 16)}
				r := Reading{Pos: Pos{Input: int32(d[0] >> 6), Line: line}, PID: int(d[9] % 3), Inner: stamp}
				if d[9]&0x80 != 0 {
					r.Outer = logline.Stamp{Kind: logline.ClockUTC, Nanos: stamp.Nanos}
				}
				if d[9]&0x40 != 0 {
					r.Service = "wolf-1"
				}
				rs = append(rs, r)
				k := kinds[d[0]%16]
				switch {
				case d[0]&0x30 == 0:
					c.Clock(r)
				case d[0]&0x30 == 0x10:
					c.Element(r, fmt.Sprint("nvh265enc", d[1]))
				default:
					c.Event(Event{Reading: r, Kind: k, Pattern: k, Container: fmt.Sprint("/A_", d[9]), Session: fmt.Sprint(d[9]), Code: fmt.Sprint(d[1]), Extra: "1x1"})
				}
			}
			return c, rs
		}
		c, rs := feedAll()
		tl := c.Resolve()
		d, _ := feedAll()
		again := d.Resolve()
		var fs []Failure
		for i, r := range rs {
			at := tl.At(r)
			if at.Known() == (at.How == Unknown) {
				t.Fatalf("line %d: known %v by %q", r.Line, at.Known(), at.How)
			}
			if n := tl.Lifetime(r); n < -1 || n >= len(tl.Lifetimes) {
				t.Fatalf("lifetime %d of %d", n, len(tl.Lifetimes))
			}
			if i%5 == 0 {
				fs = append(fs, Failure{Reading: r})
			}
		}
		tl.AddFailures(fs)
		again.AddFailures(fs)
		if d := cmp.Diff(tl.Lifetimes, again.Lifetimes, cmpopts.IgnoreUnexported(Lifetime{})); d != "" {
			t.Fatalf("twice the same is not the same:\n%s", d)
		}
		for i, l := range tl.Lifetimes {
			if l.FirstFailureSession == 0 || (l.Failures > 0) == (l.FirstFailurePos == Pos{}) || l.EndKind == "" {
				t.Fatalf("lifetime %d: %+v", i, l)
			}
		}
		for _, s := range tl.Sessions {
			if s.Lifetime < 0 || s.Lifetime >= len(tl.Lifetimes) || s.Number < 1 {
				t.Fatalf("session %+v", s)
			}
		}
		if d := cmp.Diff(tl.Leak(), again.Leak()); d != "" {
			t.Fatalf("leak differs:\n%s", d)
		}
		tl.Compare()
	})
}
