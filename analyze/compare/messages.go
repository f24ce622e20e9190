package compare

import (
	"cmp"
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

// roleUnknown is the role of messages that the catalogue does not know, and
// roleMilestone that of steps of a start as lifetimes tell of them.
const (
	roleUnknown   = "unknown"
	roleMilestone = "milestone"
	roleLifecycle = "lifecycle"
	roleBenign    = "benign"
)

// messages are all kinds of messages of the two reports but those that mark the
// way of a start or a session.
func (c *comparison) messages() []Message {
	out := c.known(func(role string) bool { return role != roleLifecycle }, c.session)
	good, bad := unknown(c.good), unknown(c.bad)
	paired := map[int]int{} // index in bad by index in good
	taken := map[int]bool{}
	for _, same := range []func(a, b *report.Template) bool{
		func(a, b *report.Template) bool { return a.Template == b.Template },
		func(a, b *report.Template) bool { return alike(a.Template, b.Template) },
	} {
		for i := range good {
			if _, done := paired[i]; done {
				continue
			}
			for k := range bad {
				if !taken[k] && good[i].Component == bad[k].Component && same(&good[i], &bad[k]) {
					paired[i], taken[k] = k, true
					break
				}
			}
		}
	}
	add := func(g, b *report.Template) {
		m := Message{Role: roleUnknown}
		for _, side := range []struct {
			t *report.Template
			n *Count
		}{{g, &m.Good}, {b, &m.Bad}} {
			if side.t != nil {
				m.Level, m.Text, m.First = side.t.Level, side.t.Template, side.t.First
				*side.n = counted(side.t.Count, side.t.Bursts)
			}
		}
		m.Test = c.test(m.Good.Bursts, m.Bad.Bursts, c.session)
		out = append(out, m)
	}
	for i := range good {
		if k, ok := paired[i]; ok {
			add(&good[i], &bad[k])
		} else {
			add(&good[i], nil)
		}
	}
	for k := range bad {
		if !taken[k] {
			add(nil, &bad[k])
		}
	}
	return out
}

// unknown are the templates that are no known message in another place of the
// report.
func unknown(r *report.Report) []report.Template {
	return slices.DeleteFunc(slices.Clone(r.Unexplained), func(t report.Template) bool { return t.Pattern != "" })
}

// counted is a count with its bursts; reports of before there were any have
// none, and then messages count one by one.
func counted(messages, bursts int64) Count {
	if bursts == 0 {
		bursts = messages
	}
	return Count{Messages: messages, Bursts: bursts}
}

// known pairs the messages of the catalogue.
func (c *comparison) known(role func(string) bool, by []exposure) []Message {
	list := map[string]*Message{}
	var ids []string
	for _, side := range []struct {
		r   *report.Report
		bad bool
	}{{c.good, false}, {c.bad, true}} {
		for _, p := range side.r.Patterns {
			if !role(p.Role) {
				continue
			}
			m := list[p.ID]
			if m == nil {
				m = &Message{ID: p.ID}
				list[p.ID] = m
				ids = append(ids, p.ID)
			}
			m.Role, m.Text, m.First = p.Role, p.Title, p.First
			if side.bad {
				m.Bad = counted(p.Count, p.Bursts)
			} else {
				m.Good = counted(p.Count, p.Bursts)
			}
		}
	}
	slices.Sort(ids)
	var out []Message
	for _, id := range ids {
		m := list[id]
		m.Test = c.test(m.Good.Bursts, m.Bad.Bursts, by)
		out = append(out, *m)
	}
	return out
}

// milestones are the messages that mark the way of a start or a session, and the
// steps that starts did not reach.
func (c *comparison) milestones() []Message {
	out := c.known(func(role string) bool { return role == roleLifecycle }, c.start)
	var names []string
	missing := func(r *report.Report) map[string]int64 {
		n := map[string]int64{}
		for i := range r.Lifetimes {
			for _, name := range r.Lifetimes[i].Missing {
				n[name]++
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
		return n
	}
	good, bad := missing(c.good), missing(c.bad)
	slices.Sort(names)
	starts := []exposure{}
	if g, b := len(c.good.Lifetimes), len(c.bad.Lifetimes); g > 0 && b > 0 {
		starts = append(starts, exposure{"start", float64(g), float64(b)})
	}
	for _, name := range names {
		reached := func(r *report.Report, without int64) Count {
			n := int64(len(r.Lifetimes)) - without
			return Count{Messages: n, Bursts: n}
		}
		m := Message{Role: roleMilestone, Text: name, Good: reached(c.good, good[name]), Bad: reached(c.bad, bad[name])}
		m.Test = c.test(m.Good.Bursts, m.Bad.Bursts, starts)
		out = append(out, m)
	}
	return out
}

// messageChanges sorts out what differs.
func messageChanges(list []Message) MessageChanges {
	out := MessageChanges{New: []Message{}, Gone: []Message{}, Changed: []Message{}}
	for _, m := range list {
		switch {
		case m.Good.Messages == 0 && m.Bad.Messages == 0:
		case m.Good.Messages == 0:
			m.Chance = !m.Test.differs()
			out.New = append(out.New, m)
		case m.Bad.Messages == 0:
			m.Chance = !m.Test.differs()
			out.Gone = append(out.Gone, m)
		case m.Test.differs():
			out.Changed = append(out.Changed, m)
		}
	}
	for _, l := range [][]Message{out.New, out.Gone, out.Changed} {
		slices.SortStableFunc(l, func(a, b Message) int {
			return cmp.Or(cmp.Compare(telling(&a), telling(&b)), cmp.Compare(b.Good.Bursts+b.Bad.Bursts, a.Good.Bursts+a.Bad.Bursts),
				cmp.Compare(b.Good.Messages+b.Bad.Messages, a.Good.Messages+a.Bad.Messages), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text))
		})
	}
	return out
}

// telling ranks messages by how much they say of a failure, the most first.
func telling(m *Message) int {
	switch m.Role {
	case "cause":
		return 0
	case "symptom", roleMilestone:
		return 1
	case roleUnknown:
		switch m.Level {
		case "error", "critical", "fatal", "panic":
			return 2
		}
		return 3
	}
	return 4
}

// alike reports whether two shapes may be of one kind of message: mined from other
// examples, one of them has a stand-in where the other has a word. Half of the
// words must be the same, and two at the least.
func alike(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) {
		return false
	}
	same := 0
	for i := range x {
		switch {
		case x[i] == y[i]:
			if !strings.Contains(x[i], "<") {
				same++
			}
		case !standsFor(x[i], y[i]) && !standsFor(y[i], x[i]):
			return false
		}
	}
	return same >= 2 && 2*same >= len(x)
}

// standsFor reports whether a word of a shape with a stand-in in it, such as
// <*> or pid=<n>, may stand for another.
func standsFor(shape, word string) bool {
	open, end := strings.IndexByte(shape, '<'), strings.LastIndexByte(shape, '>')
	if open < 0 || end < open {
		return false
	}
	before, after := shape[:open], shape[end+1:]
	return len(word) >= len(before)+len(after) && strings.HasPrefix(word, before) && strings.HasSuffix(word, after)
}
