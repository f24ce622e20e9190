package timeline

import (
	"math/rand/v2"
	"testing"
	"time"

	"wolfdiag/analyze/logline"
)

// longLog is ten years of one server: restarts, sessions, every clock.
func longLog(lives, sessions int) *Collector {
	c := New(Options{})
	r := rand.New(rand.NewPCG(1, 1))
	o := simOptions{start: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), lives: lives, dated: true, local: true, zone: time.Hour,
		perLife: func(r *rand.Rand) (int, int) { return 1 + r.IntN(2*sessions), 0 }, gap: shortGaps}
	feed(c, simulate(r, o).lines)
	return c
}

func BenchmarkResolve(b *testing.B) {
	for _, bc := range []struct {
		name            string
		lives, sessions int
	}{{"tail", 1, 3}, {"month", 20, 15}, {"full", 5000, 6}, {"one-long-life", 1, 20000}} {
		b.Run(bc.name, func(b *testing.B) {
			c := longLog(bc.lives, bc.sessions)
			b.ReportAllocs()
			for b.Loop() {
				if tl := c.Resolve(); len(tl.Lifetimes) == 0 {
					b.Fatal("no lifetimes")
				}
			}
		})
	}
}

func BenchmarkClock(b *testing.B) {
	c := New(Options{})
	line := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		line += 40
		r := Reading{Pos: Pos{Line: line}, Service: "wolf-1", Inner: logline.Stamp{Kind: logline.ClockUTCTimeOfDay, Nanos: line * second % day, Resolution: 1}}
		c.Clock(r)
	}
	if at := c.Resolve().At(Reading{Pos: Pos{Line: line}, Service: "wolf-1"}); at.Axis == 0 {
		b.Fatal("lines were not read")
	}
}
