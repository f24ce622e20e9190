package lifetime

import (
	"slices"
	"time"

	"wolfdiag/analyze/timeline/clock"
)

// add appends the lifetimes of one server.
func (t *History) add(server int, parts []*part) {
	for _, p := range parts {
		base := len(t.Lifetimes)
		offset := make([]int, len(p.lifetimes)) // index in t
		joined := -1                            // sessions counted before the join
		t.Lifetimes = slices.Grow(t.Lifetimes, len(p.lifetimes))
		for i := range p.lifetimes {
			lt := p.lifetimes[i]
			lt.Server = server
			if p.twinOf != nil {
				offset[i] = t.nearest(server, lt.Start, lt.End)
				continue
			}
			if i == 0 && base > 0 && t.Lifetimes[base-1].Server == server && continues(&t.Lifetimes[base-1], &lt) {
				joined = max(t.Lifetimes[base-1].Sessions, 0)
				joinPieces(&t.Lifetimes[base-1], &lt)
				offset[i] = base - 1
				continue
			}
			offset[i] = len(t.Lifetimes)
			t.Lifetimes = append(t.Lifetimes, lt)
		}
		for _, s := range p.spans {
			s.index = offset[s.index]
			t.addSpan(p.builder.input, s)
		}
		if p.twinOf != nil {
			continue
		}
		for i := range p.sessions {
			s := &p.sessions[i]
			if s.Lifetime == 0 && joined >= 0 {
				s.Number += joined
			}
			s.Lifetime = offset[s.Lifetime]
		}
		if len(t.Sessions) == 0 {
			t.Sessions = p.sessions
		} else {
			t.Sessions = append(t.Sessions, p.sessions...)
		}
	}
}

// nearest returns the lifetime of a server that an instant pair belongs to.
func (t *History) nearest(server int, start, end clock.Instant) int {
	best := -1
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		if l.Server != server {
			continue
		}
		if best < 0 || start.Known() && l.Start.Known() && !l.Start.Time.After(start.Time.Add(time.Millisecond)) ||
			!start.Known() && end.Known() && l.Start.Known() && l.Start.Time.Before(end.Time) {
			best = i
		}
	}
	return best
}

// continues reports whether b, from the next file, is the same run as a.
func continues(a, b *Lifetime) bool {
	if a.EndKind != EndRunning || !b.CutStart {
		return false
	}
	if d, ok := b.Start.Sub(a.Start); ok && (d > time.Minute || d < -time.Minute) {
		return false
	}
	return true
}

func joinPieces(a, b *Lifetime) {
	a.exit = b.exit
	a.Last, a.End, a.EndKind, a.ExitCode, a.ExitMeaning = b.Last, b.End, b.EndKind, b.ExitCode, b.ExitMeaning
	if b.Sessions >= 0 && !b.LowerBound {
		if a.Sessions < 0 {
			a.CountedBy = b.CountedBy
		}
		a.Sessions = max(a.Sessions, 0) + b.Sessions
	}
	// Elements are numbered from the start of the lifetime, so what the later piece
	// tells by them holds for the whole.
	if b.LowerBound && b.Sessions > a.Sessions {
		a.Sessions, a.CountedBy, a.LowerBound = b.Sessions, b.CountedBy, true
	}
	a.Peak = max(a.Peak, b.Peak)
	a.Interrupted += b.Interrupted
	a.Immediate += b.Immediate
	for _, e := range b.Elements {
		i := slices.IndexFunc(a.Elements, func(x Element) bool { return x.Type == e.Type })
		if i >= 0 {
			a.Elements[i].Max = max(a.Elements[i].Max, e.Max)
		} else {
			a.Elements = append(a.Elements, e)
		}
	}
	a.reached |= b.reached
}
