package analyze

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/timeline"
	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
	"wolfdiag/patterns"
)

// dumpInputs are the crash dumps given beside the logs.
type dumpInputs struct {
	files   []*dump.File
	symbols *symbol.Store
	notes   []string
}

// AddDumps puts the crash dumps of a folder, file or listing on the timeline.
// symbols are paths to look for names in; none leaves the frames as they are.
// Errors name what could not be read; the rest has been added.
func (a *Analyzer) AddDumps(path string, symbols []string) error {
	if len(symbols) > 0 && a.dumps.symbols == nil { // one store serves all folders
		store, err := symbol.Open(symbols)
		if err != nil {
			return err
		}
		a.dumps.symbols = store
	}
	return a.collect(dump.Collect(context.Background(), []string{path}, dump.Options{Expand: source.Decompress}), path)
}

// Close lets go of the files with symbols that AddDumps opened. A report asked
// for afterwards has no names for their frames.
func (a *Analyzer) Close() {
	if a.dumps.symbols != nil {
		a.dumps.symbols.Close()
		a.dumps.symbols = nil
	}
}

// addListing takes an `ls` of dumps that stood among the inputs.
func (a *Analyzer) addListing(name string, data []byte) error {
	return a.collect(dump.Collect(context.Background(), []string{"-"}, dump.Options{Stdin: bytes.NewReader(data)}), name)
}

func (a *Analyzer) collect(c *dump.Collection, path string) error {
	a.dumps.files = append(a.dumps.files, c.Files...)
	a.dumps.notes = append(a.dumps.notes, c.Notes...)
	for _, f := range c.Files {
		if f.Restart != nil {
			a.clock.KnownCrash(*f.Restart)
		}
	}
	if len(c.Errors) > 0 {
		return fmt.Errorf("%s: %w", path, errors.Join(c.Errors...))
	}
	return nil
}

// crashes clusters dumps and printed traces, and says how they lie to the
// failure at hand.
func (a *Analyzer) crashes(v *view) []report.Crash {
	out := []report.Crash{}
	c := &dump.Collection{Files: append([]*dump.File{}, a.dumps.files...), Notes: a.dumps.notes}
	for i := range a.traces {
		if f := a.printed(v, &a.traces[i]); f != nil {
			c.Files = append(c.Files, f)
		}
	}
	if len(c.Files) == 0 {
		return out
	}
	opts := dump.AnalyzeOptions{Cause: a.causeOfCrash}
	if a.dumps.symbols != nil { // a nil *Store in the interface would not be nil
		opts.Symbols = a.dumps.symbols
	}
	rep := dump.Analyze(context.Background(), c, opts)
	first, lives := firstFailure(v)
	for _, k := range rep.Clusters {
		crash := report.Crash{Cluster: k.ID, Signature: k.Signature, Cause: k.Cause, Count: k.Count, First: k.First, Last: k.Last, Files: append([]string{}, k.Files...)}
		crash.Related = related(k.First, k.Last, first, lives)
		out = append(out, crash)
	}
	return out
}

// printed makes a dump file of a trace that stood in the log. It belongs to
// the life before the start that printed it.
func (a *Analyzer) printed(v *view, t *printedTrace) *dump.File {
	trace, ok := dump.ParsePrinted(string(t.text))
	if !ok || len(trace.Frames) == 0 {
		return nil
	}
	f := &dump.File{Path: fmt.Sprintf("%s:%d", a.inputs.Name(t.at.Input), t.at.Line), Size: -1, Trace: trace}
	if at := v.time.At(t.at); at.Known() {
		when := at.Time
		f.Crash, f.CrashBound = &when, true
		if l := v.time.Lifetime(t.at); l > 0 {
			if end := v.time.Lifetimes[l-1].End; end.Known() && v.time.Lifetimes[l].Start.Known() && when.Sub(v.time.Lifetimes[l].Start.Time) < time.Minute {
				e := end.Time
				f.Crash = &e
			}
		}
	}
	return f
}

func (a *Analyzer) causeOfCrash(frames []dump.Frame) string {
	list := make([]patterns.CrashFrame, 0, len(frames))
	for _, f := range frames {
		list = append(list, patterns.CrashFrame{Module: f.Module, Function: f.Function})
	}
	if rule, ok := a.cat.CauseOfCrash(list); ok {
		return rule.Cause
	}
	return ""
}

// firstFailure is the first failing episode of the newest lifetime that fails.
func firstFailure(v *view) (time.Time, []timeline.Lifetime) {
	for i := len(v.time.Lifetimes) - 1; i >= 0; i-- {
		if l := &v.time.Lifetimes[i]; l.Failures > 0 && l.FirstFailure.Known() {
			return l.FirstFailure.Time, v.time.Lifetimes
		}
	}
	for _, e := range v.diagnosis.Episodes {
		if e.Failing && !e.Time.IsZero() {
			return e.Time, v.time.Lifetimes
		}
	}
	return time.Time{}, v.time.Lifetimes
}

// related says in words whether crashes and the failure go together.
func related(first, last *time.Time, failure time.Time, lives []timeline.Lifetime) string {
	if first == nil || last == nil || failure.IsZero() {
		return "whether these crashes and the failure belong together cannot be said: a time is missing"
	}
	gap := failure.Sub(*last)
	switch {
	case gap > time.Hour:
		return fmt.Sprintf("the last of these crashes came %s before the failure: a separate problem", roughDuration(gap))
	case gap >= 0:
		return fmt.Sprintf("the last of these crashes came %s before the failure: look at both together", roughDuration(gap))
	case failure.Before(*first) && first.Sub(failure) < time.Hour:
		return fmt.Sprintf("the first of these crashes came %s after the failure began: it may be its consequence", roughDuration(first.Sub(failure)))
	case failure.Before(*first):
		return fmt.Sprintf("these crashes began %s after the failure: a separate problem", roughDuration(first.Sub(failure)))
	}
	return "these crashes span the time of the failure"
}

// roughDuration prints a duration the way people say it.
func roughDuration(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 72*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}
