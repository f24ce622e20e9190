// Package analyze turns logs of a Wolf server into a diagnosis: which root
// causes, ranked, on what evidence.
//
// An Analyzer is fed whole inputs (Read) or pieces of a live stream (Feed) and
// can be asked for a Report at any moment. Memory does not grow with the
// input. ARCHITECTURE.md shows the way of a line through it.
package analyze

import (
	"time"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/mine"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Report is the diagnosis; see package report for its JSON contract.
type Report = report.Report

// Options of an Analyzer. The zero value analyses everything with the built-in
// catalogue.
type Options struct {
	Catalogue *patterns.Catalogue // nil: the built-in one
	Version   string              // of the program, for the report
	Since     time.Time           // leave out records known to be earlier; zero: none
	Until     time.Time           // leave out records known to be later; zero: none
	Zone      *time.Location      // zone of local clocks; nil: inferred
	Date      time.Time           // date of the first undated record; zero: inferred
	Now       func() time.Time    // clock for relative things; nil: time.Now
	Workers   int                 // parallel scanners; 0: one a core
	BlockSize int                 // bytes read at once; 0: 192 KiB
	MaxBytes  int64               // stop after so many bytes of each input; 0: never
	Progress  func(read, total int64)
	Ablation  diagnose.Ablation // parts of the ranking model to leave out; for docs/ranking.md
	Stats     bool              // keep the time spent per pattern

	cacheFrom int64 // see recognise.Options
}

// Analyzer collects what a diagnosis needs. It is not safe for concurrent use;
// Read uses several goroutines of its own and has ended them when it returns.
type Analyzer struct {
	opts    Options
	cat     *patterns.Catalogue
	matcher *patterns.Matcher
	shared  *recognise.Recogniser
	model   *diagnose.Model

	inputs    account.Inputs
	live      map[string]*feed
	clock     *timeline.Collector
	miner     *mine.Miner
	runs      *correlate.Runs
	stats     []patternStat // by Pattern.Index
	templates []templateStat
	shapes    *templateCache
	coverage  report.Coverage
	traces    []printedTrace
	snapshots []snapshotInput
	dumps     dumpInputs
	notes     []string
	partial   bool
	known     bool  // a line of a known format was seen
	errors    int64 // unexplained records at error level
	names     interner
	parts     []patterns.Capture // scratch of captures
	worker    *recognise.Worker  // for Feed
	touched   []*patternStat
	mined     []int // templates that the block at hand shows
	lastElem  string
	revision  uint64
	excluded  int64 // records of note outside Since and Until
	inside    int64 // records and samples that are not
	// times knows the clocks of the block at hand, which have been handed to
	// the timeline already: only where Since or Until is given. Else nil.
	times *timeline.Timeline
}

// New makes an Analyzer. It fails only when the built-in catalogue is broken.
func New(o Options) (*Analyzer, error) {
	cat := o.Catalogue
	if cat == nil {
		var err error
		if cat, err = patterns.Builtin(); err != nil {
			return nil, err
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	m := cat.Matcher()
	if o.Stats {
		m = m.WithStats(o.Now)
	}
	a := &Analyzer{
		opts:    o,
		cat:     cat,
		matcher: m,
		shared: recognise.New(m, cat.Patterns(), recognise.Options{Windowed: !o.Since.IsZero() || !o.Until.IsZero(),
			JustStarted: timeline.YoungClock, CacheFrom: o.cacheFrom}),
		clock:  timeline.New(timeline.Options{Zone: o.Zone, Date: o.Date}),
		runs:   correlate.New(cat),
		miner:  mine.New(mine.Options{}),
		stats:  make([]patternStat, len(cat.Patterns())),
		shapes: newTemplateCache(),
		live:   map[string]*feed{},
		parts:  make([]patterns.Capture, 0, 32),
	}
	return a, nil
}

// Catalogue returns the catalogue in use.
func (a *Analyzer) Catalogue() *patterns.Catalogue { return a.cat }

// addInput registers an input and returns its index.
func (a *Analyzer) addInput(name, kind string, modTime time.Time) int32 {
	i := a.inputs.Add(name, kind)
	a.clock.StartInput(i, a.inputs.Name(i), modTime)
	return i
}

// Note adds a sentence about the limits of the report.
func (a *Analyzer) Note(s string) { a.notes = append(a.notes, s) }
