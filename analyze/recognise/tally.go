package recognise

import (
	"slices"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/reading"
	"wolfdiag/patterns"
)

// In a storm the same complaints come thousands of times within a moment. Of those
// that fall into one run, whatever the merger does with them, only the number, the
// first and the last matter. So the merger gets the hit of the first of each kind in
// a stretch of a block, which says how many others there are, and the last of them.
//
// A stretch is so even that all records of a tally lie within one run of their
// pattern or template: each clock goes on, or all that it shows lies within
// stretchGap; no line of another period is in it, and nothing that may start or end
// a lifetime. In a tally no record is further than tallyGap from the one before.
// Where a stretch is cut makes no difference to what the tallies add up to.
//
// Benign and lifecycle records, of which there are no runs, are tallied block by
// block.
const (
	stretchGap  = int64(30 * time.Second)
	stretchBack = int64(time.Second) // threads write so much out of order
	tallyGap    = stretchGap - 2*stretchBack
	periodLines = 4096

	clockKinds = int(logline.ClockBoot) + 1
)

// Period is the part of an input that a line lies in. No tally reaches over the end
// of one: what is forgotten there, and not elsewhere, is forgotten at the same
// record wherever blocks end.
func Period(line int64) int64 { return line / periodLines }

// tally is the records of one kind, but for the first.
type tally struct {
	within   int // the stretch or block that it was used in last
	hit      int // the place of the first record's hit in the batch
	count    int64
	lastLine int64
	last     []byte
	known    *cachedLine // of last
	clocks   clocks      // of the last record of which they were read, also where that is the first
	gone     int64       // see stretch; at that record
	timed    bool        // they are those of last
	template uint64      // of records that no pattern knows: see Hit.TemplateKey
}

// teller is a tally of an outcome, and what is the same in all records of it: the
// characters that stand in outcome.whoAt.
type teller struct {
	*tally
	who []byte
}

// whoAt returns where in a line the characters stand in which lines that are known
// alike may differ, and that say who speaks: those of the service, those of the
// component and the function when no pattern knows the line, for they are of the
// template, and where the name of an element shows a session, that.
func (c *cachedLine) whoAt(strange bool) (at []int32) {
	l := &c.layout
	text, end := l.TextAt()
	add := func(from, to int) {
		for i := from; i < to; i++ {
			if ch := c.sample[i]; ch-'0' < 10 || i >= text && i < end && isHexDigit(ch) { // hex words are of the text
				at = append(at, int32(i))
			}
		}
	}
	add(l.ServiceAt())
	if strange {
		add(l.ComponentAt())
		add(l.FunctionAt())
	}
	if c.element {
		add(l.ElementAt())
	}
	return at
}

// says reports whether a line is of the teller.
func (t *teller) says(line []byte, whoAt []int32) bool {
	for i, at := range whoAt {
		if line[at] != t.who[i] {
			return false
		}
	}
	return true
}

// strangeKey is what is the same in all records of a tally that no pattern knows.
// Lines that differ in the length of a number are of one kind.
type strangeKey struct {
	template          uint64
	service, function string
	transport         string
	format            logline.Format
}

// maxStrange bounds the tallies by strangeKey.
const maxStrange = 4096

// begin begins a tally with a record whose hit is about to be appended.
func (t *tally) begin(within int, out *Batch) {
	t.within, t.hit, t.count = within, len(out.Hits), 0
}

// reaches reports whether a record comes so close behind the one before that both
// are of one run.
//
// Records without a clock are of one run as long as no clock of other records, which
// may be of that run too, has gone on by more: gone is how far they have, together.
func (t *tally) reaches(now *clocks, gone int64) bool {
	was := &t.clocks
	if now.outer.Kind == logline.ClockNone && now.inner.Kind == logline.ClockNone && gone-t.gone > tallyGap {
		return false
	}
	return now.outer.Kind == was.outer.Kind && now.inner.Kind == was.inner.Kind && within(now.outer.Nanos, was.outer.Nanos) && within(now.inner.Nanos, was.inner.Nanos)
}

// within reports whether a clock has not gone on by more than tallyGap.
func within(now, before int64) bool {
	return now <= before || uint64(now)-uint64(before) <= uint64(tallyGap)
}

// add counts another record, timed when clocks are its own, and reports whether it is
// the first one that is counted.
func (t *tally) add(c *cachedLine, line int64, text []byte, timed bool) bool {
	t.count++
	t.lastLine, t.last, t.known, t.timed = line, text, c, timed
	return t.count == 1
}

// maxTallies bounds the tallies of one outcome of a line: what more speakers say at
// the same time goes to the merger one by one.
const maxTallies = 32

// tallyOf returns the tally that a line is of; nil when there are too many.
func (w *Worker) tallyOf(u *usedLine, o *outcome, text []byte) *tally {
	if o.at >= len(u.tallies) {
		grown := make([][]teller, o.at+1)
		copy(grown, u.tallies)
		u.tallies = grown
	}
	list := u.tallies[o.at]
	for i := range list {
		if list[i].says(text, o.whoAt) {
			return list[i].tally
		}
	}
	if len(list) >= maxTallies {
		return nil
	}
	t := &tally{}
	if len(o.match.Patterns) == 0 {
		t = w.strangeTally(u.cachedLine, text)
	}
	who := make([]byte, len(o.whoAt))
	for i, at := range o.whoAt {
		who[i] = text[at]
	}
	u.tallies[o.at] = append(list, teller{t, who})
	return t
}

// strangeTally returns the tally that a line of a kind which no pattern knows is of.
func (w *Worker) strangeTally(c *cachedLine, text []byte) *tally {
	l := &c.layout
	template := w.templateOf(c, text)
	if c.element {
		return &tally{template: template}
	}
	key := strangeKey{template, string(l.Service(text)), string(l.Function(text)), l.Transport(), l.Format()}
	t := w.strange[key]
	if t == nil {
		if w.strange == nil || len(w.strange) >= maxStrange {
			w.strange = map[strangeKey]*tally{}
		}
		t = &tally{template: template}
		w.strange[key] = t
	}
	return t
}

// templateOf is the template key of a known line.
func (w *Worker) templateOf(c *cachedLine, line []byte) (key uint64) {
	if !c.templateVaries(line) {
		return c.template
	}
	l := &c.layout
	key, w.masked = templateKey(w.masked, l.Level(), l.Component(line), l.Text(line))
	return key
}

// flush ends tallies.
func (w *Worker) flush(list []*tally, out *Batch) []*tally {
	for i, t := range list {
		w.end(t, out)
		list[i] = nil
	}
	return list[:0]
}

// end writes a tally into the hit of its first record, and empties it.
func (w *Worker) end(t *tally, out *Batch) {
	if t.count == 0 {
		return
	}
	first := &out.Hits[t.hit]
	first.Others, first.lastAt = t.count, int32(len(w.ended))
	w.ended = append(w.ended, w.lastOf(t, first, out))
	t.count, t.last, t.known = 0, nil, nil
}

// lastOf is the hit of the last record of a tally.
func (w *Worker) lastOf(t *tally, first *Hit, out *Batch) Hit {
	h := Hit{Line: t.lastLine, Span: t.known.span(), known: t.known, raw: t.last, Match: first.Match, TemplateKey: first.TemplateKey}
	if t.timed || t.clocks.read(t.known, t.last) {
		h.Outer, h.Inner, h.PID = t.clocks.outer, t.clocks.inner, t.clocks.pid
		return h
	}
	var rec logline.Record
	w.next.Parse(t.last, &rec)
	return out.hit(&rec, t.lastLine, 1, first.Match, out.keep(rec.Text), first.TemplateKey)
}

// stretch is the one at hand.
type stretch struct {
	number  int
	first   int64 // line
	gone    int64 // how far clocks have gone on in all stretches, together; a step counts for no more than it takes to end a tally
	outer   [clockKinds]clockRange
	inner   [clockKinds]clockRange
	tallies []*tally // that count something
}

// clockRange is what a clock has shown in a stretch.
type clockRange struct {
	stretch  int
	from, to int64
	back     bool // it went back
}

// begin begins a stretch with a line.
func (s *stretch) begin(line int64) {
	s.number++
	s.first = line
}

// take widens a range by a clock; false when that makes it uneven.
func (s *stretch) take(ranges *[clockKinds]clockRange, at logline.Stamp) bool {
	r := &ranges[at.Kind]
	if r.stretch != s.number {
		*r = clockRange{stretch: s.number, from: at.Nanos, to: at.Nanos}
		return true
	}
	r.back = r.back || at.Nanos < r.to-stretchBack
	if at.Nanos > r.to {
		s.gone += int64(min(uint64(at.Nanos)-uint64(r.to), uint64(tallyGap)+1))
	}
	r.from, r.to = min(r.from, at.Nanos), max(r.to, at.Nanos)
	return !r.back || uint64(r.to)-uint64(r.from) <= uint64(stretchGap)
}

// follow brings the stretch up to a record that is about to be appended, ending
// it where the record does not belong to it, or is an event of a lifetime.
func (w *Worker) follow(event bool, line int64, outer, inner logline.Stamp, out *Batch) {
	s := &w.stretch
	fits := Period(line) == Period(s.first) && s.take(&s.outer, outer)
	fits = s.take(&s.inner, inner) && fits
	if fits && !event && !w.starts(inner) {
		return
	}
	s.tallies = w.flush(s.tallies, out)
	s.begin(line)
	s.take(&s.outer, outer)
	s.take(&s.inner, inner)
}

// starts reports whether a clock is that of a GStreamer that has just started: its
// line may be all that shows a start of Wolf.
func (w *Worker) starts(inner logline.Stamp) bool {
	return inner.Kind == logline.ClockGStreamer && inner.Nanos < int64(w.opts.JustStarted)
}

// lifecycle reports whether a match is an event of a lifetime.
func (m *Match) lifecycle() bool {
	return slices.ContainsFunc(m.Patterns, func(p *patterns.Pattern) bool { return p.Event != "" })
}

// settled returns the first line of a block that no record of the block before can
// cover: the second of two with headers, since a transport may have cut the first.
func (w *Worker) settled(data []byte, first int64) int64 {
	headed := false
	for line := first; line < first+maxRecLines && len(data) > 0; line++ {
		n := lineLen(data)
		now := w.next.Headed(trimEOL(data[:n]))
		if headed && now {
			return line
		}
		headed, data = now, data[n:]
	}
	return first + maxRecLines
}

// mayBeTallied reports whether of a stretch's records of a cached line that match
// all these patterns, or none, only the number, the first and the last matter.
func (w *Worker) mayBeTallied(c *cachedLine, list []*patterns.Pattern) bool {
	if w.opts.Windowed || w.opts.Judged {
		return false
	}
	if len(list) == 0 {
		return c.layout.Level() >= Complaint && !c.varies && c.mute && w.steady(c)
	}
	complaint := false
	for _, p := range list {
		switch {
		case complains(p):
			complaint = true
		case !w.mayBeCounted([]*patterns.Pattern{p}):
			return false
		}
	}
	return complaint
}

// countOnly reports whether of a block's records of a cached line that match all
// these patterns only the number, the first and the last matter. GStreamer's elements
// tell of sessions, and a complaint that may tell how its program goes on is heard.
func (w *Worker) countOnly(c *cachedLine, list []*patterns.Pattern) bool {
	if len(list) == 0 || w.opts.Windowed || c.layout.Format() == logline.FormatGStreamer && len(c.layout.Element(c.sample)) > 0 {
		return false
	}
	return w.mayBeCounted(list) && (c.mute || c.layout.Level() < Complaint)
}

// mayBeCounted reports whether of the matches of all these patterns nothing
// but the number, the first and the last matters.
func (w *Worker) mayBeCounted(list []*patterns.Pattern) bool {
	return !slices.ContainsFunc(list, func(p *patterns.Pattern) bool {
		return w.opts.Watched != nil && w.opts.Watched[p.Index] || p.Role != patterns.RoleBenign && p.Role != patterns.RoleLifecycle || p.Event != "" || p.Codes != "" || p.Inhibits()
	})
}

// steady reports whether all complaints of a cached line are read alike.
func (w *Worker) steady(c *cachedLine) bool {
	l := &c.layout
	text := l.Text(c.sample)
	return !w.matcher.Foreign(text) && reading.Steady(&reading.Complaint{Text: text, Component: l.Component(c.sample), Function: l.Function(c.sample),
		Program: c.said.speaker.Program, Speaker: c.said.speaker.Class})
}
