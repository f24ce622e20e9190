package outcome

import (
	"slices"
	"time"

	"wolfdiag/analyze/timeline"
)

// Breaks is a line that says that a session broke: a pipeline in error.
type Breaks struct {
	Reading timeline.Reading
	Session string // "" when the line names none
}

// slack is how long after its stop a session may still be said to break: its
// pipelines end a moment later.
const slack = 2 * time.Second

// broken holds what lines say of sessions that broke.
type broken struct {
	named map[string]bool
	lines map[int]map[int32]*moments // those that name none, by lifetime and axis of time
}

// moments are some instants of one axis.
type moments struct {
	all      []timeline.Instant
	own, utc []int64 // in order: on their axis, and in UTC those that are known
}

func newBroken(t *timeline.Timeline, breaks []Breaks) *broken {
	b := &broken{named: map[string]bool{}, lines: map[int]map[int32]*moments{}}
	for i := range breaks {
		if name := breaks[i].Session; name != "" {
			b.named[name] = true
		} else if life := t.Lifetime(breaks[i].Reading); life >= 0 {
			b.add(life, t.At(breaks[i].Reading))
		}
	}
	b.sort()
	return b
}

func (b *broken) sort() {
	for _, axes := range b.lines {
		for _, m := range axes {
			slices.Sort(m.own)
			slices.Sort(m.utc)
		}
	}
}

func (b *broken) add(life int, at timeline.Instant) {
	axes := b.lines[life]
	if axes == nil {
		axes = map[int32]*moments{}
		b.lines[life] = axes
	}
	m := axes[at.Axis]
	if m == nil {
		m = &moments{}
		axes[at.Axis] = m
	}
	m.all, m.own = append(m.all, at), append(m.own, int64(at.Rel))
	if t, ok := utc(at); ok {
		m.utc = append(m.utc, t)
	}
}

// is reports whether one of the lines says that a session broke: it names the
// session, or stands inside it while no other runs.
func (b *broken) is(s *Session) bool {
	if b.named[s.ID] {
		return true
	}
	for axis, m := range b.lines[s.Lifetime] {
		var breaks bool
		switch start, stop := s.Start.Axis == axis, s.Stop.Axis == axis; {
		case axis != 0 && start && stop:
			breaks = within(m.own, int64(s.Start.Rel), int64(s.Stop.Rel))
		case axis == 0 || !start && !stop:
			from, ok1 := utc(s.Start)
			to, ok2 := utc(s.Stop)
			breaks = ok1 && ok2 && within(m.utc, from, to)
		default: // its ends stand on different clocks
			breaks = slices.ContainsFunc(m.all, s.breaksAt)
		}
		if breaks {
			return true
		}
	}
	return false
}

// within reports whether one of the moments, which are in order, says that a session
// broke that went from here to there.
func within(moments []int64, from, to int64) bool {
	i, _ := slices.BinarySearch(moments, after(from, -slack))
	return i < len(moments) && moments[i] <= after(to, -slack)
}

// breaksAt is what within asks of one moment.
func (s *Session) breaksAt(at timeline.Instant) bool {
	from, ok1 := at.Sub(s.Start)
	to, ok2 := s.Stop.Sub(at)
	return ok1 && ok2 && from >= -slack && to >= slack
}
