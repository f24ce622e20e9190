package account

import (
	"cmp"
	"slices"
	"time"

	"wolfdiag/analyze/timeline"
)

const (
	burstGap      = 30 * time.Second // between messages of one burst
	burstGapLines = 5_000            // the same where no clock says
)

// bursts counts the stretches in which messages of one kind came close together.
// A thousand lines of one storm say no more about how often something happens
// than one line does. Inputs are counted apart: those that are followed come
// mixed, those that are read one after the other.
type bursts struct {
	inputs []stretch // in the order in which they first had the message
	last   int       // the one that had it last
}

// stretch is the messages of one input.
type stretch struct {
	count       int64
	first, last timeline.Reading
}

func (b *bursts) add(r timeline.Reading) {
	if b.last >= len(b.inputs) || b.inputs[b.last].last.Input != r.Input {
		b.last = slices.IndexFunc(b.inputs, func(s stretch) bool { return s.last.Input == r.Input })
		if b.last < 0 {
			b.last = len(b.inputs)
			b.inputs = append(b.inputs, stretch{count: 1, first: r, last: r})
			return
		}
	}
	s := &b.inputs[b.last]
	if !near(&r, &s.last) {
		s.count++
	}
	if !r.Before(s.last.Pos) {
		s.last = r
	}
}

// total is the number of bursts. One that goes on in the next input, as in the
// next file of a rotated set, is one.
func (b *bursts) total() (n int64) {
	byInput := b.inputs
	if len(byInput) > 1 {
		byInput = slices.SortedFunc(slices.Values(b.inputs), func(a, b stretch) int { return cmp.Compare(a.last.Input, b.last.Input) })
	}
	for i := range byInput {
		n += byInput[i].count
		if i > 0 && near(&byInput[i].first, &byInput[i-1].last) {
			n--
		}
	}
	return n
}

// more notes a message of a burst at hand, which may have been told out of
// order.
func (b *bursts) more(r timeline.Reading) {
	i := slices.IndexFunc(b.inputs, func(s stretch) bool { return s.last.Input == r.Input })
	if i >= 0 && b.inputs[i].last.Before(r.Pos) {
		b.inputs[i].last = r
	}
}

// near reports whether a message comes so soon after another that both are of one
// burst. One that stands before it was told of late: see more.
func near(r, last *timeline.Reading) bool {
	if r.Input == last.Input && r.Line <= last.Line {
		return true
	}
	if d, ok := r.Since(last); ok {
		return d <= burstGap && d >= -burstGap
	}
	return r.Input == last.Input && r.Line-last.Line <= burstGapLines
}
