package outcome

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"wolfdiag/analyze/timeline"
)

// The plain ways go through all sessions for every question; what is asked in
// reports must answer the same.

// plainSeen is Comparison.Of for one lifetime: the sessions that spans lie in.
func plainSeen(sessions []*Session, gap time.Duration, spans []moved) map[*Session]bool {
	seen := map[*Session]bool{}
	base := sessions[0].Start
	type up struct {
		*Session
		from, to time.Duration
	}
	var all []up
	for _, s := range sessions {
		from, ok1 := s.Start.Sub(base)
		to, ok2 := s.Stop.Sub(base)
		if ok1 && ok2 {
			all = append(all, up{s, from, to})
		}
	}
	slices.SortStableFunc(all, func(a, b up) int { return int(min(max(a.from-b.from, -1), 1)) })
	message := func(at time.Duration, named string) {
		var newest *Session
		failed := false
		for _, p := range all {
			if at < p.from-beforeContainer || at > p.to+slack {
				continue
			}
			if named != "" && p.ID == named {
				seen[p.Session] = true
				return
			}
			if p.Result == Failed {
				seen[p.Session], failed = true, true
			}
			newest = p.Session
		}
		if newest != nil && !failed {
			seen[newest] = true
		}
	}
	for _, s := range spans {
		from, ok1 := s.first.Sub(base)
		to, ok2 := s.last.Sub(base)
		if !ok1 || !ok2 {
			continue
		}
		from, to = min(from, to), max(from, to)
		message(from, s.session)
		if to == from {
			continue
		}
		message(to, "")
		for _, p := range all {
			if min(p.to, to)-max(p.from, from) > gap && !slices.ContainsFunc(all, func(f up) bool {
				return f.Result == Failed && f.from-beforeContainer <= to && f.to+slack >= from && f.Session != p.Session && f.from < p.to && p.from < f.to
			}) {
				seen[p.Session] = true
			}
		}
	}
	return seen
}

// moved is a span whose ends are placed in time.
type moved struct {
	first, last timeline.Instant
	session     string
}

// world makes sessions and moments of a few clocks, crowded enough that ends meet.
type world struct {
	*rand.Rand
	clocks int
	length int64 // seconds
}

func (w *world) instant(second int64) timeline.Instant {
	d := time.Duration(second) * time.Second
	if w.IntN(8) == 0 {
		d += time.Duration(w.IntN(3) - 1)
	}
	at := timeline.Instant{How: timeline.Unknown}
	if w.IntN(20) > 0 || w.clocks == 1 {
		at.Axis, at.Rel = int32(1+w.IntN(w.clocks)), d
	}
	if w.IntN(4) > 0 { // the clocks of an axis and UTC differ a little
		at.Time = begin.Add(d + time.Duration(w.IntN(2*w.clocks))*time.Second)
	}
	return at
}

func (w *world) pos() timeline.Pos { return timeline.Pos{Line: w.Int64N(50)} }

func (w *world) sessions(crooked bool) []*Session {
	var out []*Session
	for range 1 + w.IntN(30) {
		start := w.Int64N(w.length)
		stop := start + w.Int64N(1+w.Int64N(w.length))
		if crooked && w.IntN(4) == 0 {
			start, stop = stop, start
		}
		s := &Session{ID: string(rune('a' + w.IntN(8))), Start: w.instant(start), Stop: w.instant(stop), StartPos: w.pos()}
		if r := w.IntN(10); r < 6 {
			s.Result = Worked
		} else if r < 6+w.IntN(4) {
			s.Result = Failed
		}
		if w.IntN(8) == 0 {
			s.Stop = timeline.Instant{}
		}
		out = append(out, s)
	}
	return out
}

func worlds(t *testing.T, try func(*testing.T, *world)) {
	t.Parallel()
	for seed := range uint64(4000) {
		w := &world{Rand: rand.New(rand.NewPCG(seed, 1)), clocks: 1 + int(seed%3), length: 30 << (seed % 7)}
		try(t, w)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// TestCalendarIsPlain: a calendar tells of a moment what its sessions do one by one.
func TestCalendarIsPlain(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		sessions := w.sessions(true)
		quick, plain := newCalendar(sessions), &calendar{odd: sessions}
		for range 60 {
			at, pos := w.instant(w.Int64N(w.length+60)-30), w.pos()
			if got, want := quick.signs(at, pos), plain.signs(at, pos); got != want {
				t.Errorf("at %+v: %+v, want %+v", at, got, want)
			}
			if got, want := quick.around(at, pos), plain.around(at, pos); got != want {
				t.Errorf("around %+v: %v, want %v", at, got, want)
			}
		}
	})
}

// TestPresenceIsPlain: the same sessions are counted whether spans are held against
// each of them or not.
func TestPresenceIsPlain(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		sessions := w.sessions(w.IntN(2) == 0)
		sessions[0].Start = timeline.Instant{Axis: 1, Rel: time.Hour, Time: begin.Add(time.Hour)}
		gap := time.Duration(1+w.IntN(60)) * time.Second
		l := &presence{base: sessions[0].Start, gap: int64(gap)}
		for _, s := range sessions {
			l.add(s)
		}
		l.prepare()
		for range 10 {
			var spans []moved
			for range w.IntN(6) {
				from := w.Int64N(w.length)
				s := moved{w.instant(from), w.instant(from + w.Int64N(w.length)), ""}
				switch w.IntN(4) {
				case 0:
					s.last = s.first
				case 1:
					s.session = string(rune('a' + w.IntN(10)))
				}
				spans = append(spans, s)
				l.see(s.first, s.last, s.session)
			}
			var want [Failed + 1]int
			for s := range plainSeen(sessions, gap, spans) {
				want[s.Result]++
			}
			if got := l.count(); got != want {
				t.Errorf("spans %+v: %v by result, want %v", spans, got, want)
			}
		}
	})
}

// TestBrokenIsPlain: a session broke when one of the lines says so.
func TestBrokenIsPlain(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		b := newBroken(nil, nil)
		var lines []timeline.Instant
		for range w.IntN(10) {
			at := w.instant(w.Int64N(w.length))
			lines = append(lines, at)
			b.add(0, at)
		}
		b.sort()
		for _, s := range w.sessions(true) {
			if got, want := b.is(s), slices.ContainsFunc(lines, s.breaksAt); got != want {
				t.Errorf("session %+v, lines %+v: %v, want %v", s, lines, got, want)
			}
		}
	})
}
