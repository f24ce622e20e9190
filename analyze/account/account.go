// Package account keeps the books of an analysis: what was read, which
// patterns matched how often and where, which messages no pattern explains,
// and what of it counts. Memory is bounded on any input.
//
// The merger calls it record by record and EndBlock after each block; the
// report is assembled from what it holds at any moment.
package account

import (
	"bytes"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

const maxTraces = 64 // printed traces kept

// Account is the books of one analysis. Not safe for concurrent use, but for Reads.
type Account struct {
	Inputs   Inputs
	Reads    Reads
	Coverage report.Coverage // but for Lines, which the inputs know
	Traces   []Trace         // the first stack traces printed in the log
	Known    bool            // a line of a known format was seen
	Ours     bool            // a line was seen that is in the format of Wolf or of what it starts
	Packed   bool            // a line came in the wrapping of a container's log
	Errors   int64           // unexplained records at error level
	Excluded int64           // counted records outside the window
	Inside   int64           // records and samples that are not

	cat       *patterns.Catalogue
	matcher   *patterns.Matcher
	book                      // of patterns that matched
	firsts    []int64         // lines on which a kind of complaint shows for the first time, until they are taken
	lines     map[lineKey]int // see lineOf
	templates templates
	judged    []Judged // by entry of the operator's own list
}

// Trace is a stack trace that stood in the log.
type Trace struct {
	At   timeline.Reading
	Text []byte
}

// New opens the books for a catalogue's patterns, which m matches.
func New(cat *patterns.Catalogue, m *patterns.Matcher) *Account {
	return &Account{cat: cat, matcher: m, book: book{patterns: make([]*Pattern, len(cat.All()))}, templates: newTemplates(), Reads: newReads(len(cat.All()))}
}

// Reading is the hit as the timeline wants it.
func (a *Account) Reading(input int32, h *recognise.Hit) timeline.Reading {
	return ReadingOf(h, input, a.Inputs.Service(input))
}

// Seen notes what a line shows of its input's format.
func (a *Account) Seen(input int32, h *recognise.Hit) {
	a.Known = a.Known || h.Format() != logline.FormatPlain
	a.Ours = a.Ours || ours(h)
	switch h.Transport() {
	case "", "journald", "timestamps":
	default:
		a.Packed = true
	}
	a.Inputs.Transport(input, h.Transport())
}

// ours reports whether a line is in the format of Wolf or of what it starts.
// Many Rust programs write as its compositor does: the crate tells them apart.
func ours(h *recognise.Hit) bool {
	switch h.Format() {
	case logline.FormatWolf, logline.FormatGStreamer, logline.FormatSway, logline.FormatGow:
		return true
	case logline.FormatTracing:
		return bytes.HasPrefix(h.Component(), []byte("waylanddisplay")) || bytes.HasPrefix(h.Component(), []byte("smithay"))
	}
	return false
}

// Foreign reports whether what was read is a log of other software: none of its
// lines is in the format of Wolf or of what it starts, none came from a container,
// and it is a log, with clocks or of some length, and not a text that somebody
// cut out of one.
func (a *Account) Foreign() bool {
	if a.Ours || a.Packed {
		return false
	}
	lines := int64(0)
	for i := range a.Inputs.list {
		q := &a.Inputs.list[i]
		if q.Kind == KindSnapshot {
			continue
		}
		if q.first.Line != 0 {
			return true
		}
		lines += q.Lines
	}
	return lines > maxCutOut
}

// maxCutOut is how many lines without a clock are a text cut out of a log.
const maxCutOut = 60

// Record covers one record, whose patterns have been told to Matched, and
// keeps a printed trace. The account adds up: every record at warning level or
// above, or recognised as more than lifecycle, is explained, benign or
// unexplained. epoch is the number of starts and ends of Wolf before it.
// It reports whether no pattern explains the record although it complains, and
// the number of its template then. entry is what the operator's own list knows
// the record as, below 0 for nothing.
func (a *Account) Record(r timeline.Reading, h *recognise.Hit, epoch int32, entry int) (template int, unexplained bool) {
	if entry >= 0 {
		a.judge(r, h, entry)
		return 0, false
	}
	template, unexplained = a.cover(r, h, epoch)
	if h.Format() == logline.FormatTrace && h.Span > 1 && len(a.Traces) < maxTraces {
		a.Traces = append(a.Traces, Trace{At: r, Text: append([]byte(nil), h.Text()...)})
	}
	return template, unexplained
}

func (a *Account) cover(r timeline.Reading, h *recognise.Hit, epoch int32) (template int, unexplained bool) {
	var complaint, benign, lifecycle bool
	for _, p := range h.Match.Patterns {
		switch p.Role {
		case patterns.RoleCause, patterns.RoleSymptom:
			complaint = true
		case patterns.RoleBenign:
			benign = true
		case patterns.RoleLifecycle:
			lifecycle = true
		}
	}
	if h.Level() < recognise.Complaint && !complaint && !benign {
		return 0, false
	}
	a.Coverage.ErrorLines++
	switch {
	case complaint:
		a.Coverage.Explained++
	case benign:
		a.Coverage.Benign++
	case lifecycle:
		a.Coverage.Explained++
	default:
		a.Coverage.Unexplained++
		if h.Level() >= logline.LevelError {
			a.Errors++
		}
		t := a.templates.learn(r, h, epoch)
		if a.templates.list[t].Count == 1 {
			a.firsts = append(a.firsts, h.Line)
		}
		return t, true
	}
	return 0, false
}

// Others covers the records like h that it was told with: as many more of all that
// Matched and Record were told of h; of its template MoreOf is told. last is the
// reading of the last of them.
func (a *Account) Others(last timeline.Reading, h *recognise.Hit) {
	n := h.Others
	var complaint, benign bool
	for _, p := range h.Match.Patterns {
		benign = benign || p.Role == patterns.RoleBenign
		complaint = complaint || p.Role == patterns.RoleCause || p.Role == patterns.RoleSymptom
		a.more(p, last, h)
	}
	if h.Level() < recognise.Complaint && !complaint && !benign {
		return
	}
	a.Coverage.ErrorLines += n
	switch {
	case complaint:
		a.Coverage.Explained += n
	case benign:
		a.Coverage.Benign += n
	case len(h.Match.Patterns) > 0:
		a.Coverage.Explained += n
	default:
		a.Coverage.Unexplained += n
		if h.Level() >= logline.LevelError {
			a.Errors += n
		}
	}
}

// TakeFirsts returns the lines, since it was asked last, on which a kind of
// complaint showed for the first time. The result holds until the next block.
func (a *Account) TakeFirsts() []int64 {
	out := a.firsts
	a.firsts = a.firsts[:0]
	return out
}

// EndBlock keeps the last record of all that the block showed. The block's
// hits are not looked at afterwards.
func (a *Account) EndBlock(input int32) {
	for i, s := range a.touched {
		r := a.Reading(input, s.newest)
		if s.Last.Reading.Line == 0 || !r.Before(s.Last.Reading.Pos) {
			a.keep(&s.Last, r, s.newest, s.pattern)
		}
		s.newest, a.touched[i] = nil, nil
	}
	a.touched = a.touched[:0]
	for i, t := range a.templates.touched {
		s := &a.templates.list[t]
		s.Last.set(a.Reading(input, s.newest), s.newest.Text())
		s.newest = nil
		a.templates.touched[i] = 0
	}
	a.templates.touched = a.templates.touched[:0]
}
