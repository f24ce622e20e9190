package timeline

import (
	"fmt"
	"math/rand/v2"
	"time"

	"wolfdiag/analyze/logline"
)

// A world is a simulated server with known truth.
type world struct {
	lives []simLife
	lines []simLine
}

type simLife struct {
	start, end time.Time
	code       int // -1: the log ends, or the exit was not logged
	sessions   int
	failAt     int // number of the session that fails first, 0 none
	failure    Reading
	failTime   time.Time
	firstLine  int64
}

type simLine struct {
	at    time.Time
	event Event // Kind "" is a mere clock reading
	fail  int   // index of the life whose first failure this is, plus one
}

// simOptions shape a world.
type simOptions struct {
	start   time.Time
	lives   int
	outer   bool          // lines carry the transport's stamp
	dated   bool          // some lines carry a dated inner stamp
	zone    time.Duration // of GLib and script lines
	local   bool          // there are such lines
	perLife func(r *rand.Rand) (sessions, failAt int)
	gap     func(r *rand.Rand) time.Duration // between sessions
	noExit  bool
}

// simulate writes the log of a server. Lines of Wolf carry a time of day,
// those of GStreamer the time since the start.
func simulate(r *rand.Rand, o simOptions) *world {
	w := &world{}
	now := o.start
	line := int64(0)
	nextLine := func() int64 { line += 1 + int64(r.IntN(5)); return line }
	var zero time.Time
	wolf := func(at time.Time) Reading {
		x := Reading{Pos: Pos{Line: nextLine()}, Inner: logline.Stamp{Kind: logline.ClockUTCTimeOfDay, Nanos: mod(at.UnixNano(), day), Resolution: 1}}
		if o.outer {
			x.Outer = dated(at.Add(time.Duration(r.IntN(3e6))))
		}
		return x
	}
	gst := func(at time.Time) Reading {
		x := wolf(at)
		x.PID, x.Inner = 1, elapsed(at.Sub(zero))
		return x
	}
	trace := func(at time.Time) Reading {
		x := wolf(at)
		x.Inner = dated(at)
		return x
	}
	put := func(at time.Time, x Reading, kind, pattern string, f func(*Event)) {
		e := Event{Reading: x, Kind: kind, Pattern: pattern}
		if f != nil {
			f(&e)
		}
		w.lines = append(w.lines, simLine{at: at, event: e})
	}
	tick := func(lo, hi time.Duration) { now = now.Add(lo + time.Duration(r.Int64N(int64(hi-lo)))) }

	for i := range o.lives {
		n, failAt := o.perLife(r)
		l := simLife{start: now, code: -1, failAt: failAt}
		x := wolf(now)
		l.firstLine = x.Line
		zero = now.Add(2 * time.Millisecond)
		put(now, x, "wolf-start", "wolf-start-gst", func(e *Event) { e.Extra = "1.24.6" })
		tick(time.Millisecond, 50*time.Millisecond)
		put(now, wolf(now), "wolf-milestone", "wolf-start-config", nil)
		tick(time.Millisecond, 50*time.Millisecond)
		put(now, gst(now), "", "", nil)
		tick(time.Millisecond, 500*time.Millisecond)
		put(now, wolf(now), "wolf-milestone", "wolf-http-up", nil)
		if o.local {
			x := wolf(now)
			x.Inner = logline.Stamp{Kind: logline.ClockLocal, Nanos: now.Add(o.zone).Truncate(time.Second).UnixNano(), Resolution: 1e9}
			put(now, x, "", "", nil)
		}
		total := n
		if failAt > 0 && failAt < total {
			total = failAt
		}
		for s := 1; s <= total; s++ {
			now = now.Add(o.gap(r))
			name := fmt.Sprintf("/WolfXFCE_%d%03d", i, s)
			if o.dated {
				put(now, trace(now), "", "", nil)
				tick(time.Millisecond, 5*time.Millisecond)
			}
			put(now, wolf(now), "container-start", "container-start", func(e *Event) { e.Container = name })
			l.sessions++
			tick(50*time.Millisecond, 300*time.Millisecond)
			put(now, gst(now), "", "", nil)
			tick(time.Millisecond, 20*time.Millisecond)
			put(now, wolf(now), "", "", nil)
			if s == failAt {
				tick(time.Millisecond, 20*time.Millisecond)
				x := gst(now)
				put(now, x, "", "", nil)
				w.lines[len(w.lines)-1].fail = i + 1
				l.failure, l.failTime = x, now
				tick(time.Millisecond, 20*time.Millisecond)
				put(now, wolf(now), "", "", nil)
			}
			if o.local && r.IntN(3) == 0 {
				x := wolf(now)
				x.Inner = logline.Stamp{Kind: logline.ClockLocalTimeOfDay, Nanos: mod(now.Add(o.zone).UnixNano(), day), Resolution: 1e6}
				put(now, x, "", "", nil)
			}
			tick(time.Second, 2*time.Minute)
			put(now, wolf(now), "container-stop", "container-stop", func(e *Event) { e.Container = name })
		}
		tick(time.Second, time.Minute)
		l.end = now
		if i+1 < o.lives && !o.noExit {
			l.code = []int{11, 6, 15, 137}[r.IntN(4)]
			put(now, wolf(now), "wolf-exit", "wolf-exited", func(e *Event) { e.Code = fmt.Sprint(l.code); e.Container = "wolf-1" })
		}
		w.lives = append(w.lives, l)
		tick(2*time.Second, 10*time.Second)
	}
	return w
}

// feed gives lines to a Collector, in the order they have.
func feed(c *Collector, lines []simLine) {
	for _, l := range lines {
		if l.event.Kind == "" {
			c.Clock(l.event.Reading)
		} else {
			c.Event(l.event)
		}
	}
}

func (w *world) failures() []Failure {
	var out []Failure
	for _, l := range w.lives {
		if l.failAt > 0 && l.failAt <= l.sessions {
			out = append(out, Failure{Reading: l.failure})
		}
	}
	return out
}
