package merge

import (
	"wolfdiag/analyze/account"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// run takes a match that makes a run.
func (l *listener) run(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	run, isNew := l.runs.Add(int32(p.Index), r)
	if !complaint(p) {
		return
	}
	run.SaidBy(h.Match.Speaker.Class)
	run.OfStack = run.OfStack || l.stack.of(h, p)
	if isNew {
		l.time(r)
		run.Session = l.session(p, h)
		l.reads.Named(p, r.Service, l.reads.Name(h.Element()))
	}
}

// others counts the records that a hit was told with. r is the reading of the hit.
func (l *listener) others(r timeline.Reading, h *recognise.Hit) {
	last := lastOf(r, h)
	for _, p := range h.Match.Patterns {
		if complaint(p) {
			l.runs.More(int32(p.Index), h.Others, last)
		}
	}
	l.ended(last, h.Last)
}

// lastOf is the reading of the last of the records that a hit was told with, which
// has the same service; r is the hit's own.
func lastOf(r timeline.Reading, h *recognise.Hit) timeline.Reading {
	if h.Others == 0 {
		return r
	}
	return account.ReadingOf(h.Last, r.Input, r.Service)
}

// said tells the runs of a line that is no complaint. The lines that are looked at
// are chosen by their number alone.
func (l *listener) said(r timeline.Reading, h *recognise.Hit) {
	if h.Says == recognise.SaysSomething {
		l.runs.Said(r)
	}
	l.ended(r, h)
}

// ended tells the runs of an end that went well, and of a next try.
func (l *listener) ended(r timeline.Reading, h *recognise.Hit) {
	if h.NextTry {
		l.runs.NextTry(r)
	}
	switch h.Says {
	case recognise.SaysEndedWell:
		l.runs.EndedWell(r, h.Program)
	case recognise.SaysStopped:
		l.runs.Stopped(r, h.Program)
	}
}

// session finds the session a complaint is about: named in the message, or in
// the element's name, where Wolf puts it (<16509540347718230936_video>).
func (l *listener) session(p *patterns.Pattern, h *recognise.Hit) string {
	if id := sessionIn(h.Element()); len(id) > 0 {
		return l.reads.Name(id)
	}
	if !l.matcher.HasCapture(p, "session") {
		return ""
	}
	for _, c := range h.Captures(l.matcher, p, l.captured[:0]) {
		if c.Name == "session" {
			return l.reads.Name(c.Value)
		}
	}
	return ""
}
