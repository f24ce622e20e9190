package account

import (
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Reads is the part of the books that is kept a step behind the others: what
// complaints that no pattern matches were read as, and whom matches are about. It
// holds nothing of the others, so that they may be used meanwhile. Not safe for
// concurrent use.
type Reads struct {
	book                      // of what complaints are read as
	as    []*patterns.Pattern // by template
	named []Named             // by Pattern.Index
	names recognise.Names
}

// Named is whom the matches of a pattern are about.
type Named struct{ Services, Elements Names }

// newReads opens the books for n patterns.
func newReads(n int) Reads {
	return Reads{book: book{patterns: make([]*Pattern, n)}, named: make([]Named, n)}
}

// Name gives one string for equal names, without control bytes; "" for none.
func (rs *Reads) Name(b []byte) string { return rs.names.Get(b) }

// As notes what a template is read as, the first time that it is.
func (rs *Reads) As(template int, p *patterns.Pattern) {
	for template >= len(rs.as) {
		rs.as = append(rs.as, nil)
	}
	if rs.as[template] == nil {
		rs.as[template] = p
	}
}

// readAs is what a template is read as; nil: nothing.
func (rs *Reads) readAs(template int) *patterns.Pattern {
	if template >= len(rs.as) {
		return nil
	}
	return rs.as[template]
}

// Add counts a complaint that was read as p, or that may be, although no pattern
// matches it.
func (rs *Reads) Add(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	s := rs.touch(p)
	s.Count++
	s.bursts.add(r)
	if s.Count == 1 || r.Before(s.First.Reading.Pos) {
		s.First.set(r, h.Text())
	}
	s.newest = later(s.newest, h)
}

// Others counts the records like h as Add did h; the last of them has the reading r.
func (rs *Reads) Others(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	rs.more(p, r, h)
}

// EndBlock keeps the last record of all that the block of an input showed, whose
// lines are of service where they do not say it. The block's hits are not looked at
// afterwards.
func (rs *Reads) EndBlock(input int32, service string) {
	for i, s := range rs.touched {
		if r := ReadingOf(s.newest, input, service); s.Last.Reading.Line == 0 || !r.Before(s.Last.Reading.Pos) {
			s.Last.set(r, s.newest.Text())
		}
		s.newest, rs.touched[i] = nil, nil
	}
	rs.touched = rs.touched[:0]
}

// Named notes whom a match of p, or a complaint that was read as it, is about.
func (rs *Reads) Named(p *patterns.Pattern, service, element string) {
	n := &rs.named[p.Index]
	n.Elements.Add(element)
	n.Services.Add(service)
}

// Whom returns whom the matches of p are about; empty when nobody is named.
func (rs *Reads) Whom(p *patterns.Pattern) Named { return rs.named[p.Index] }
