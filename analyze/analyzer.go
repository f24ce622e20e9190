// Package analyze turns logs of a Wolf server into a diagnosis: which root
// causes, ranked, on what evidence.
//
// An Analyzer is fed whole inputs (Read) or pieces of a live stream (Feed) and
// can be asked for a Report at any moment. Memory does not grow with the
// input. The work is done by the stages beside this package, in the order in
// which a line passes them: source, recognise, merge (with correlate and
// account), facts, diagnose, assemble. ARCHITECTURE.md shows the way.
package analyze

import (
	"fmt"
	"io"
	"sync"
	"time"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/around"
	"wolfdiag/analyze/correlate"
	"wolfdiag/analyze/crashes"
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/facts"
	"wolfdiag/analyze/merge"
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
	BlockSize int                 // bytes read at once; 0: 256 KiB
	MaxBytes  int64               // stop after so many bytes of each input; 0: never
	Progress  func(read, total int64)
	Ablation  diagnose.Ablation // parts of the ranking model to leave out; for docs/ranking.md
	By        string            // label that tells the hosts of records apart; "": the first known one there is
	Services  []string          // containers to read although they are not Wolf's or its apps', where Docker's own folder names them
	Stats     bool              // keep the time spent per pattern
	Known     []patterns.Known  // what the operator calls harmless here

	cacheFrom int64 // see recognise.Options
}

// Analyzer collects what a diagnosis needs. It is not safe for concurrent use;
// Read uses several goroutines of its own and has ended them when it returns.
type Analyzer struct {
	opts       Options
	cat        *patterns.Catalogue
	matcher    *patterns.Matcher
	model      func() *diagnose.Model
	recogniser func() *recognise.Recogniser
	merger     *merge.Merger
	account    *account.Account // the merger's
	sources    facts.Sources
	dumps      crashes.Dumps
	around     around.Keeper
	live       map[string]*feed
	worker     *recognise.Worker // for Feed
	notes      []string
	others     []string // containers that were left out
	partial    bool
	monitored  uint64 // times that a monitor told something
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
	window := account.Window{Since: o.Since, Until: o.Until}
	known := cat.Patterns()
	watched := correlate.Watched(known)
	recogniser := begun(func() *recognise.Recogniser {
		return recognise.New(m, known, recognise.Options{
			Windowed: window.Set(), Judged: len(o.Known) > 0, JustStarted: timeline.JustStarted, Proves: timeline.Proves, Watched: watched, CacheFrom: o.cacheFrom, NoSpeaker: o.Ablation.NoSpeaker,
		})
	})
	cat = cat.WithReadings(merge.Readings(cat))
	a := &Analyzer{
		opts:       o,
		cat:        cat,
		matcher:    m,
		recogniser: recogniser,
		model:      begun(func() *diagnose.Model { return diagnose.NewModel(cat.Causes(), cat.All(), o.Ablation) }),
		merger: merge.New(cat, m, merge.Options{Timeline: timeline.Options{Zone: o.Zone, Date: o.Date}, Window: window, Watched: watched,
			Known: o.Known, Now: o.Now, NoSpeaker: o.Ablation.NoSpeaker}),
		live: map[string]*feed{},
	}
	a.account = a.merger.Account
	return a, nil
}

// begun has another goroutine begin with f, which takes as long as reading a short
// log, and returns how to get its result: from there, or by doing it oneself where
// no other core was free. A panic is that of who asks.
func begun[T any](f func() T) func() T {
	result := sync.OnceValue(f)
	go func() {
		defer func() { _ = recover() }()
		result()
	}()
	return result
}

// Catalogue returns the catalogue in use.
func (a *Analyzer) Catalogue() *patterns.Catalogue { return a.cat }

// Note adds a sentence about the limits of the report.
func (a *Analyzer) Note(s string) { a.notes = append(a.notes, s) }

// WriteStats prints what each pattern cost, the most expensive first: a slow one
// of a user's catalogue is named here. It prints nothing without Options.Stats.
func (a *Analyzer) WriteStats(w io.Writer) {
	if !a.opts.Stats {
		return
	}
	fmt.Fprintf(w, "%10s %10s %12s  %s\n", "tries", "matches", "time", "pattern")
	for _, s := range a.matcher.Stats() {
		fmt.Fprintf(w, "%10d %10d %12s  %s\n", s.Tries, s.Matches, s.Time.Round(time.Microsecond), s.Pattern.ID)
	}
}
