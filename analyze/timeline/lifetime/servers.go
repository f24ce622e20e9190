package lifetime

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"wolfdiag/analyze/timeline/clock"
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
func servers(v *clock.View, parts []*part, h *History) [][]*part {
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
					h.note("%s repeats the lifetimes of %s and is counted once", inputName(v, p), inputName(v, q))
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
			h.note("%s is read as the log of another server: its times overlap with the others or cannot be compared", inputName(v, p))
		}
		out = append(out, []*part{p})
	}
	return out
}

func inputName(v *clock.View, p *part) string {
	name := v.InputName(p.builder.input)
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
