// Package merge takes the hits of blocks in the order of the input, whichever
// worker was first, and hands on what each says: clocks and lifecycle events to
// the timeline, complaints to the runs, everything to the account.
package merge

import (
	"time"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/known"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// maxCaptures is how many captures of a match need no memory of their own.
const maxCaptures = 32

// Merger takes one block after the other. Not safe for concurrent use.
type Merger struct {
	Clock   *timeline.Collector
	Runs    *correlate.Runs
	Account *account.Account
	Window  account.Window
	Setup   setup.Builder // what lines and state files say of the deployment

	watched  []bool // by Pattern.Index, see Watched
	judged   judged
	matcher  *patterns.Matcher
	epochs   correlate.Epochs
	listener listener
	telling  *Telling // of the block at hand
	own      Telling  // of Block
	last     form     // of the last record
	lastWolf form     // of the last record that can only be Wolf's, without its transport
	revision uint64
	// times knows the clocks of the block at hand, which have been handed to
	// the timeline already: only where there is a window. Else nil.
	times *timeline.Timeline
}

// Options of a Merger.
type Options struct {
	Timeline  timeline.Options
	Window    account.Window
	Watched   []bool           // see Watched; nil: none
	NoSpeaker bool             // who says a complaint makes no difference to how it is read
	Known     []patterns.Known // what is harmless here
	Now       func() time.Time // by which entries of Known expire; needed where there are any
}

// New makes a Merger for the patterns of a catalogue, which m matches.
func New(cat *patterns.Catalogue, m *patterns.Matcher, o Options) *Merger {
	if o.Watched == nil {
		o.Watched = make([]bool, len(cat.Patterns()))
	}
	out := &Merger{Clock: timeline.New(o.Timeline), Runs: correlate.New(cat.All()), Account: account.New(cat, m), Window: o.Window,
		watched: o.Watched, matcher: m}
	out.last.input, out.lastWolf.input = -1, -1
	out.listener = listener{clock: out.Clock, setup: &out.Setup, runs: out.Runs, reads: &out.Account.Reads, readings: newReadings(cat, o.NoSpeaker), matcher: m,
		windowed: o.Window.Set(), captured: make([]patterns.Capture, 0, maxCaptures)}
	if len(o.Known) > 0 {
		out.judged = judged{list: known.New(o.Known), now: o.Now, same: map[sameKey]bool{}}
		out.Account.Judge(o.Known)
	}
	return out
}

// Revision changes whenever something was read that causes or lifetimes may
// rest on.
func (m *Merger) Revision() uint64 { return m.revision + m.listener.revision }

// Block takes the hits of one block. covered is the last line that a record of
// the input's earlier blocks has taken, and is brought up to date.
func (m *Merger) Block(input int32, hits []recognise.Hit, covered *int64) {
	m.Ahead(input, hits, covered, &m.own)
	m.own.Tell()
}

// Ahead is Block, but for what t tells afterwards: to be told before any other method
// is called, and before anything of m but Window and Account, without its Reads, is
// used.
func (m *Merger) Ahead(input int32, hits []recognise.Hit, covered *int64, t *Telling) {
	t.to, t.input, t.index, t.service = &m.listener, m.Account.Inputs.Name(input), input, m.Account.Inputs.Service(input)
	m.telling = t
	before := *covered
	if m.judged.list != nil {
		m.judged.list.At(m.judged.now())
	}
	if m.Window.Set() {
		m.readTimes(input, hits, before)
	}
	for i := range hits {
		h := &hits[i]
		if h.Taken(before) {
			continue // belongs to a record that began in the block before
		}
		if h.Span > 1 {
			*covered = h.Line + h.Span - 1
		}
		r := m.Account.Reading(input, h)
		m.ofWolf(r, h)
		m.Account.Inputs.Clocked(r)
		if m.times != nil && m.leave(r, h) {
			continue
		}
		m.Account.Seen(input, h)
		m.form(r, h)
		if h.Says != recognise.SaysNothing || h.NextTry {
			m.tell(tellSaid, h, nil)
		}
		if h.Sample {
			m.clock(h)
			continue
		}
		m.record(r, h)
	}
	m.Account.EndBlock(input)
	if m.Window.Set() { // what the next block leaves out depends on it
		t.Tell()
	}
}

// others counts the records that a hit was told with. Complaints among them are of
// the newest run of their pattern: see recognise's stretches. last is the reading of
// the last of them.
func (m *Merger) others(last timeline.Reading, h *recognise.Hit) {
	for _, p := range h.Match.Patterns {
		if p.Role != patterns.RoleBenign {
			m.revision += uint64(h.Others)
		}
	}
	if len(h.Match.Patterns) > 0 {
		m.tell(tellOthers, h, nil)
	}
	m.Account.Others(last, h)
}

// record takes one record: lifecycle, complaints, account.
func (m *Merger) record(r timeline.Reading, h *recognise.Hit) {
	m.ofGStreamer(r, h)
	entry := m.entry(h, r.Service)
	for _, p := range h.Match.Patterns {
		if m.covers(r, h, p, entry) {
			m.Account.Matched(r, h, p)
			continue
		}
		m.matched(r, h, p)
	}
	last := r
	if h.Others > 0 {
		last = m.Account.Reading(r.Input, h.Last)
		m.Account.Inputs.Clocked(last)
		m.others(last, h)
	}
	if template, strange := m.Account.Record(r, h, m.epochs.Count(), entry); strange {
		if h.Others > 0 {
			m.Account.MoreOf(template, last, h)
		}
		m.tell(tellStrange, h, nil)
		m.telling.list[len(m.telling.list)-1].template = int32(template)
	} else if entry < 0 && h.Level() >= recognise.Complaint && onlyLifecycle(h.Match.Patterns) {
		m.tell(tellEnd, h, nil)
	}
}

// matched takes a match of a pattern.
func (m *Merger) matched(r timeline.Reading, h *recognise.Hit, p *patterns.Pattern) {
	m.Account.Matched(r, h, p)
	if p.Role != patterns.RoleBenign {
		m.revision++
	}
	switch {
	case complaint(p), p.Inhibits(), m.watched[p.Index]:
		m.tell(tellRun, h, p)
	}
	if p.Role == patterns.RoleLifecycle && p.Event != "" {
		if m.times == nil {
			m.tell(tellEvent, h, p)
		}
		m.boundary(r, h, p)
	}
}
