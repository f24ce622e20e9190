package merge

import (
	"slices"
	"time"

	"wolfdiag/analyze/known"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// judged holds what the operator calls harmless here.
type judged struct {
	list *known.List
	now  func() time.Time
	same map[sameKey]bool // see means
}

// sameKey is an entry and a kind of record.
type sameKey struct {
	entry int
	match *recognise.Match
}

const maxSame = 4096

// entry returns the entry that a whole record belongs to, known.None when it is
// none or does not complain. Of a record that several patterns know, an entry
// that names one of them covers only that (see covers).
func (m *Merger) entry(h *recognise.Hit, service string) int {
	if m.judged.list == nil {
		return known.None
	}
	complains := slices.ContainsFunc(h.Match.Patterns, complaint)
	if !complains && (len(h.Match.Patterns) > 0 || h.Level() < recognise.Complaint) {
		return known.None
	}
	if i := m.judged.list.Message(h.Text(), service); i != known.None && (!complains || m.means(i, h)) {
		return i
	}
	first := known.None
	for _, p := range h.Match.Patterns {
		if !complaint(p) {
			continue
		}
		i := m.judged.list.Pattern(p.ID, service)
		if i == known.None {
			return known.None
		}
		if first == known.None {
			first = i
		}
	}
	return first
}

// covers reports whether a complaint of a pattern is known: as part of a record
// that is, or by its own entry, which it is counted for then.
func (m *Merger) covers(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern, entry int) bool {
	if m.judged.list == nil || !complaint(p) {
		return false
	}
	if entry != known.None {
		return true
	}
	i := m.judged.list.Pattern(p.ID, r.Service)
	if i == known.None {
		return false
	}
	m.Account.JudgePart(r, h, i)
	return true
}

// means reports whether an entry's own text would be taken for all that the
// record is taken for. Numbers do not matter in an entry, but "Xid 13" is no
// excuse for "Xid 79". A template is of messages that no pattern knows.
func (m *Merger) means(entry int, h *recognise.Hit) bool {
	k := &m.judged.list.Entries()[entry]
	if k.Text == "" {
		return false
	}
	key := sameKey{entry, h.Match}
	if is, ok := m.judged.same[key]; ok {
		return is
	}
	sub := h.Subject()
	sub.Text = []byte(k.Text)
	own := m.matcher.Recognise(nil, &sub, nil)
	is := !slices.ContainsFunc(h.Match.Patterns, func(p *patterns.Pattern) bool {
		return complaint(p) && !slices.ContainsFunc(own, func(o patterns.Match) bool { return o.Pattern == p })
	})
	if len(m.judged.same) >= maxSame {
		clear(m.judged.same)
	}
	m.judged.same[key] = is
	return is
}

func complaint(p *patterns.Pattern) bool {
	return p.Role == patterns.RoleCause || p.Role == patterns.RoleSymptom
}
