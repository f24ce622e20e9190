package lifetime

import (
	"math/rand/v2"
	"testing"
	"time"

	"wolfdiag/analyze/timeline/clock"
)

// TestErasArePlain: a moment is of the same lifetime whether all are gone through for
// it or not.
func TestErasArePlain(t *testing.T) {
	t.Parallel()
	begin := time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC)
	found := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		clocks, length := 1+int(seed%3), int64(60)<<(seed%4)
		instant := func(second int64) clock.Instant {
			d := time.Duration(second) * time.Second
			i := clock.Instant{How: clock.Unknown}
			if r.IntN(12) > 0 {
				i.Axis, i.Rel = int32(1+r.IntN(clocks)), d
			}
			if r.IntN(4) > 0 { // the clocks of an axis and UTC differ a little
				i.Time = begin.Add(d + time.Duration(r.IntN(clocks))*time.Second)
			}
			return i
		}
		var all []Lifetime
		for range r.IntN(12) {
			start := r.Int64N(length)
			l := Lifetime{Start: instant(start), End: instant(start + r.Int64N(length) - length/8), CutStart: r.IntN(3) == 0}
			l.firstAt = instant(start)
			if r.IntN(3) == 0 {
				l.Start = clock.Instant{How: clock.Unknown}
			}
			if r.IntN(5) == 0 {
				l.End = clock.Instant{How: clock.Unknown}
			}
			l.EndKind = []EndKind{EndRunning, EndClean, EndCrash}[r.IntN(3)]
			all = append(all, l)
		}
		e := newEras(all)
		for range 60 {
			at := instant(r.Int64N(2*length) - length/4)
			want, inside := -1, false
			for i := range all {
				if l := &all[i]; l.covers(at) {
					if in := l.holds(at); in || !inside {
						want, inside = i, in
					}
				}
			}
			if got := e.at(at); got != want {
				t.Fatalf("seed %d: %+v is of lifetime %d of %+v, want %d", seed, at, got, all, want)
			}
			if want >= 0 {
				found++
			}
		}
	}
	if found < 10_000 {
		t.Errorf("only %d moments were of a lifetime", found)
	}
}

// TestLinesAreOfTheLastSpanBefore: a line of Wolf's own is of the last lifetime that
// began by then, up to the first that began later.
func TestLinesAreOfTheLastSpanBefore(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		h := &History{}
		line := int64(0)
		for i := range r.IntN(8) {
			if line += r.Int64N(6); seed%4 == 0 {
				line = r.Int64N(30)
			}
			h.addSpan(0, lineSpan{service: "wolf", first: line, index: i})
			h.addSpan(0, lineSpan{service: "other", first: r.Int64N(30), index: 100 + i})
		}
		own := newLocator(h).byLine[stream{0, "wolf"}]
		for at := range int64(40) {
			want := -1
			for _, s := range h.spans[0] {
				if s.service != "wolf" {
					continue
				}
				if s.first > at {
					break
				}
				want = s.index
			}
			got := -1
			if own != nil {
				got = own.at(at)
			}
			if got != want {
				t.Fatalf("seed %d: line %d is of %d, want %d: %+v", seed, at, got, want, h.spans)
			}
		}
	}
}
