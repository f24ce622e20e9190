package correlate

import (
	"math/rand/v2"
	"testing"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
)

// precedes is what neighbours.precede asks of one run.
func (r *Run) precedes(q *Run) bool {
	if !r.First.Before(q.Last.Pos) {
		return false
	}
	if !r.Last.Before(q.Last.Pos) {
		return true
	}
	if d, ok := q.Last.Since(&r.Last); ok {
		return d <= resolvedWithin
	}
	return q.Last.Line-r.Last.Line <= resolvedWithinLines
}

// TestNeighboursArePlain: one run follows or precedes where one of all does.
func TestNeighboursArePlain(t *testing.T) {
	t.Parallel()
	held := [2]int{}
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		stamp := func(line int64) logline.Stamp {
			kinds := []logline.ClockKind{logline.ClockNone, logline.ClockUTC, logline.ClockGStreamer}
			return logline.Stamp{Kind: kinds[rng.IntN(3)], Nanos: (line + rng.Int64N(40) - 20) * int64(time.Second)}
		}
		reading := func(line int64) timeline.Reading {
			return timeline.Reading{Pos: timeline.Pos{Line: line}, Outer: stamp(line), Inner: stamp(line)}
		}
		var runs []Run
		n := &neighbours{}
		for range 1 + rng.IntN(8) {
			first := rng.Int64N(600)
			runs = append(runs, Run{First: reading(first), Last: reading(first + rng.Int64N(60))})
			n.add(&runs[len(runs)-1])
		}
		n.sort()
		for range 30 {
			q := &Run{Last: reading(rng.Int64N(700))}
			follows, precedes := false, false
			for i := range runs {
				follows = follows || q.Last.Before(runs[i].Last.Pos)
				precedes = precedes || runs[i].precedes(q)
			}
			if got := n.follow(q); got != follows {
				t.Fatalf("seed %d: followed: %v, want %v", seed, got, follows)
			}
			if got := n.precede(q); got != precedes {
				t.Fatalf("seed %d: preceded: %v, want %v", seed, got, precedes)
			}
			if follows {
				held[0]++
			}
			if precedes {
				held[1]++
			}
		}
	}
	if held[0] < 1000 || held[1] < 1000 {
		t.Errorf("held %v times", held)
	}
}
