// Package crashes puts the crash dumps given beside a log, and the stack traces
// printed in it, on the log's clock, and says how they lie to its failure.
package crashes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/timeline"
	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
	"wolfdiag/patterns"
)

// Dumps are the crash dumps given beside the logs. The zero value is empty. Not
// safe for concurrent use.
type Dumps struct {
	files   []*dump.File
	symbols *symbol.Store
	notes   []string
}

// Add takes the crash dumps of a folder, file or listing. symbols are paths to
// look for names in; none leaves the frames as they are. It returns when Wolf
// was started again after the crashes, as far as that is known. Errors name
// what could not be read; the rest has been added.
func (d *Dumps) Add(path string, symbols []string) (restarts []time.Time, err error) {
	if len(symbols) > 0 && d.symbols == nil { // one store serves all folders
		if d.symbols, err = symbol.Open(symbols); err != nil {
			d.symbols = nil
			return nil, err
		}
	}
	return d.add(dump.Collect(context.Background(), []string{path}, dump.Options{Expand: source.Decompress}), path)
}

// AddListing is Add for an `ls` of dumps.
func (d *Dumps) AddListing(name string, data []byte) (restarts []time.Time, err error) {
	return d.add(dump.Collect(context.Background(), []string{"-"}, dump.Options{Stdin: bytes.NewReader(data)}), name)
}

// Close lets go of the files with symbols. A Report asked for afterwards has no
// names for their frames.
func (d *Dumps) Close() {
	if d.symbols != nil {
		d.symbols.Close()
		d.symbols = nil
	}
}

func (d *Dumps) add(c *dump.Collection, path string) (restarts []time.Time, err error) {
	d.files = append(d.files, c.Files...)
	d.notes = append(d.notes, c.Notes...)
	for _, f := range c.Files {
		if f.Restart != nil {
			restarts = append(restarts, *f.Restart)
		}
	}
	if len(c.Errors) > 0 {
		err = fmt.Errorf("%s: %w", path, errors.Join(c.Errors...))
	}
	return restarts, err
}

// Log is the log as resolved, which crashes are held against.
type Log struct {
	Time      *timeline.Timeline
	Inputs    *account.Inputs
	Traces    []account.Trace
	Failure   time.Time // the first; zero: none, or its time is unknown
	Catalogue *patterns.Catalogue
}

// Report clusters dumps and printed traces, and says how they lie to the
// failure of a log; empty when there are none.
func (d *Dumps) Report(log Log) []report.Crash {
	out := []report.Crash{}
	c := &dump.Collection{Files: append([]*dump.File{}, d.files...), Notes: d.notes}
	for i := range log.Traces {
		if f := log.printed(&log.Traces[i]); f != nil {
			c.Files = append(c.Files, f)
		}
	}
	if len(c.Files) == 0 {
		return out
	}
	opts := dump.AnalyzeOptions{Cause: log.cause}
	if d.symbols != nil { // a nil *Store in the interface would not be nil
		opts.Symbols = d.symbols
	}
	for _, k := range dump.Analyze(context.Background(), c, opts).Clusters {
		crash := report.Crash{Cluster: k.ID, Signature: k.Signature, Cause: k.Cause, Count: k.Count, First: k.First, Last: k.Last, Files: append([]string{}, k.Files...)}
		crash.Related = related(k.First, k.Last, log.Failure)
		out = append(out, crash)
	}
	return out
}

// printed makes a dump file of a trace that stood in the log. It belongs to
// the lifetime before the start that printed it.
func (log *Log) printed(t *account.Trace) *dump.File {
	trace, ok := dump.ParsePrinted(string(t.Text))
	if !ok || len(trace.Frames) == 0 {
		return nil
	}
	f := &dump.File{Path: fmt.Sprintf("%s:%d", log.Inputs.Name(t.At.Input), t.At.Line), Size: -1, Trace: trace}
	if at := log.Time.At(t.At); at.Known() {
		when := at.Time
		f.Crash, f.CrashBound = &when, true
		lifetimes := log.Time.Lifetimes
		if l := log.Time.Lifetime(t.At); l > 0 {
			if end := lifetimes[l-1].End; end.Known() && lifetimes[l].Start.Known() && when.Sub(lifetimes[l].Start.Time) < time.Minute {
				e := end.Time
				f.Crash = &e
			}
		}
	}
	return f
}

// cause is the cause that a crash rule names for a stack; "" for none.
func (log *Log) cause(frames []dump.Frame) string {
	list := make([]patterns.CrashFrame, 0, len(frames))
	for _, f := range frames {
		list = append(list, patterns.CrashFrame{Module: f.Module, Function: f.Function})
	}
	if rule, ok := log.Catalogue.CauseOfCrash(list); ok {
		return rule.Cause
	}
	return ""
}

// related says in words whether crashes and the failure go together.
func related(first, last *time.Time, failure time.Time) string {
	if first == nil || last == nil || failure.IsZero() {
		return "whether these crashes and the failure belong together cannot be said: a time is missing"
	}
	gap := failure.Sub(*last)
	switch {
	case gap > time.Hour:
		return fmt.Sprintf("the last of these crashes came %s before the failure: a separate problem", report.RoughDuration(gap))
	case gap >= 0:
		return fmt.Sprintf("the last of these crashes came %s before the failure: look at both together", report.RoughDuration(gap))
	case failure.Before(*first) && first.Sub(failure) < time.Hour:
		return fmt.Sprintf("the first of these crashes came %s after the failure began: it may be its consequence", report.RoughDuration(first.Sub(failure)))
	case failure.Before(*first):
		return fmt.Sprintf("these crashes began %s after the failure: a separate problem", report.RoughDuration(first.Sub(failure)))
	}
	return "these crashes span the time of the failure"
}
