package timeline

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// overlaps reports whether the times of two parts overlap, when known.
func overlaps(a, b *part) (overlap, known bool) {
	if !a.from.Known() || !a.to.Known() || !b.from.Known() || !b.to.Known() {
		return false, false
	}
	return a.from.Time.Before(b.to.Time) && b.from.Time.Before(a.to.Time), true
}

// servers groups parts by server: parts whose times follow each other are
// pieces of one log, parts that overlap come from different servers or are
// copies of each other.
func (v *view) servers(parts []*part, t *Timeline) [][]*part {
	slices.SortStableFunc(parts, func(a, b *part) int {
		if a.from.Known() && b.from.Known() {
			return a.from.Time.Compare(b.from.Time)
		}
		return cmp.Or(cmp.Compare(a.builder.input, b.builder.input))
	})
	var out [][]*part
next:
	for _, p := range parts {
		for i, lane := range out {
			for _, q := range lane {
				if twins(p, q) {
					p.twinOf = q
					t.note("%s repeats the lifetimes of %s and is counted once", v.inputName(p), v.inputName(q))
					out[i] = append(out[i], p)
					continue next
				}
			}
		}
		for i, lane := range out {
			if follows(p, lane) {
				out[i] = append(out[i], p)
				continue next
			}
		}
		if len(out) > 0 {
			t.note("%s is read as the log of another server: its times overlap with the others or cannot be compared", v.inputName(p))
		}
		out = append(out, []*part{p})
	}
	return out
}

func (v *view) inputName(p *part) string {
	name := ""
	if in := v.inputs[p.builder.input]; in != nil {
		name = in.name
	}
	if name == "" {
		name = "input " + strconv.Itoa(int(p.builder.input)+1)
	}
	if p.builder.service != "" {
		name += " (" + p.builder.service + ")"
	}
	return name
}

// twins reports whether p tells of the same lifetimes as q.
func twins(p, q *part) bool {
	if q.twinOf != nil || p.builder.input == q.builder.input {
		return false
	}
	same := 0
	for i := range p.lifetimes {
		a := &p.lifetimes[i]
		if a.CutStart || !a.Start.Known() {
			continue
		}
		found := false
		for j := range q.lifetimes {
			b := &q.lifetimes[j]
			if d := a.Start.Time.Sub(b.Start.Time); !b.CutStart && b.Start.Known() && d < time.Millisecond && d > -time.Millisecond {
				found = true
				break
			}
		}
		if !found {
			return false
		}
		same++
	}
	return same > 0 && len(p.lifetimes) <= len(q.lifetimes)
}

// follows reports whether p can be a later piece of the log of a server.
func follows(p *part, lane []*part) bool {
	for _, q := range lane {
		if p.builder.input == q.builder.input || p.builder.service != q.builder.service {
			return false
		}
		if over, known := overlaps(p, q); !known || over {
			return false
		}
	}
	return true
}

// add appends the lifetimes of one server.
func (t *Timeline) add(server int, parts []*part) {
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
			if i == 0 && base > 0 && t.Lifetimes[base-1].Server == server && continuesLife(&t.Lifetimes[base-1], &lt) {
				joined = max(t.Lifetimes[base-1].Sessions, 0)
				joinLives(&t.Lifetimes[base-1], &lt)
				offset[i] = base - 1
				continue
			}
			offset[i] = len(t.Lifetimes)
			t.Lifetimes = append(t.Lifetimes, lt)
		}
		for _, s := range p.spans {
			s.index = offset[s.index]
			t.view.addSpan(p.builder.input, s)
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

func (v *view) addSpan(input int32, s lifeSpan) {
	if v.spans == nil {
		v.spans = make(map[int32][]lifeSpan)
	}
	v.spans[input] = append(v.spans[input], s)
}

// nearest returns the lifetime of a server that an instant pair belongs to.
func (t *Timeline) nearest(server int, start, end Instant) int {
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

// continuesLife reports whether b, from the next file, is the same run as a.
func continuesLife(a, b *Lifetime) bool {
	if a.EndKind != EndRunning || !b.CutStart {
		return false
	}
	if d, ok := b.Start.Sub(a.Start); ok && (d > time.Minute || d < -time.Minute) {
		return false
	}
	return true
}

func joinLives(a, b *Lifetime) {
	a.exit = b.exit
	a.Last, a.End, a.EndKind, a.ExitCode, a.ExitMeaning = b.Last, b.End, b.EndKind, b.ExitCode, b.ExitMeaning
	if b.Sessions >= 0 && !b.LowerBound {
		if a.Sessions < 0 {
			a.CountedBy = b.CountedBy
		}
		a.Sessions = max(a.Sessions, 0) + b.Sessions
	}
	// Elements are numbered from the start of the life, so what the later piece
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
