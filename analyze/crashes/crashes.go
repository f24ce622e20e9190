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
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/speaker"
	"wolfdiag/analyze/timeline"
	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
	"wolfdiag/patterns"
)

// Dumps are the crash dumps given beside the logs. The zero value is empty. Not
// safe for concurrent use.
type Dumps struct {
	Texts   Texts // what stands in the logs themselves
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
		d.symbols.Expand = source.Decompress
	}
	return d.add(dump.Collect(context.Background(), []string{path}, dump.Options{Expand: source.Decompress, Unpack: source.Unpack}), path)
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
	Traces    []account.Trace // that lines were recognised as
	Catalogue *patterns.Catalogue
	From, To  *time.Time // of the log; nil: unknown
	Foreign   bool       // the log is of other software
}

// Found are the crashes of a log and of the dumps beside it.
type Found struct {
	rows  []report.Crash
	facts []crashFact
	// Inside is set when a crash lies in the log, or may do so.
	Inside bool
}

// crashFact is what a crash says of causes.
type crashFact struct {
	diagnose.Fact
	where report.Where
}

// Find clusters dumps and printed traces and says which causes each speaks for:
// the one that a crash rule of the catalogue names, else the one of whose crash it
// was. A crash long before or after the log speaks for none.
func (d *Dumps) Find(log Log) *Found {
	out := &Found{rows: []report.Crash{}}
	c := &dump.Collection{Files: append([]*dump.File{}, d.files...), Notes: d.notes}
	readings := make(map[string]timeline.Reading)
	add := func(at timeline.Reading, t dump.Trace) {
		if f := log.printed(at, t); f != nil && readings[f.Path] == (timeline.Reading{}) {
			readings[f.Path] = at
			c.Files = append(c.Files, f)
		}
	}
	for i := range log.Traces {
		t := &log.Traces[i]
		if d.Texts.whole(t.At.Input) {
			continue // the whole text was read for traces
		}
		if trace, ok := dump.ParsePrinted(string(t.Text)); ok {
			add(t.At, trace)
		}
	}
	for input := range log.Inputs.Len() {
		for _, t := range d.Texts.of(int32(input)) {
			add(log.near(timeline.Pos{Input: int32(input), Line: int64(t.Line)}, t.Entries), t)
		}
	}
	if len(c.Files) == 0 {
		return out
	}
	opts := dump.AnalyzeOptions{Cause: log.cause}
	if d.symbols != nil { // a nil *Store in the interface would not be nil
		opts.Symbols = d.symbols
	}
	r := dump.Analyze(context.Background(), c, opts)
	files := make(map[string]*dump.File, len(c.Files))
	for _, f := range c.Files {
		files[dump.Clean(f.Path)] = f
	}
	for i := range r.Clusters {
		k := &r.Clusters[i]
		class := classOf(k, readings)
		row := report.Crash{Cluster: k.ID, Signature: k.Signature, Cause: k.Cause, Count: k.Count, First: k.First, Last: k.Last, Files: append([]string{}, k.Files...),
			Kind: k.Kind, What: k.What, Owner: class, Program: k.Program, Next: append([]string{}, k.Next...)}
		id := log.factOf(k, class)
		for _, path := range k.Files {
			out.place(log, files[path], readings, id, &row)
		}
		out.rows = append(out.rows, row)
	}
	return out
}

// place holds one dump against the log and keeps what it says of a cause.
func (f *Found) place(log Log, file *dump.File, readings map[string]timeline.Reading, id string, row *report.Crash) {
	if file == nil || file.Listed {
		return
	}
	at, inLog := readings[file.Path]
	lifetime := -1
	switch {
	case inLog:
		lifetime = log.Time.Lifetime(at)
	case file.Crash == nil:
		lifetime = -1
	case !log.holds(*file.Crash):
		return
	default:
		lifetime = log.lifetimeAt(*file.Crash)
	}
	f.Inside = true
	if id == "" || handled[file.Trace.Format] && !certain(&file.Trace) {
		return
	}
	if inLog && log.Foreign && !ofStack[row.Program] && row.Owner != speaker.Wolf.String() && row.Owner != speaker.Compositor.String() {
		return // other software crashes too
	}
	where := report.Where{Text: row.Signature, Time: file.Crash}
	if row.What != "" {
		where.Text = row.What + " (" + row.Signature + ")"
	}
	if inLog {
		where.Input, where.Line = log.Inputs.Name(at.Input), at.Line
	} else {
		where.Input = dump.Clean(file.Path)
	}
	f.facts = append(f.facts, crashFact{diagnose.Fact{ID: id, Lifetime: lifetime}, where})
}

// ofStack are the programs beside Wolf whose crash matters whoever's log it stands in.
var ofStack = map[string]bool{"sway": true, "gamescope": true}

// slack is how far outside of a log's times a crash may lie and still belong to
// it: a log that was rotated or cut begins after the crash it tells of.
const slack = 10 * time.Minute

func (log *Log) holds(t time.Time) bool {
	return log.From == nil || log.To == nil || !t.Before(log.From.Add(-slack)) && !t.After(log.To.Add(slack))
}

// Facts are what the crashes say of causes, for the ranking.
func (f *Found) Facts() []diagnose.Fact {
	var out []diagnose.Fact
	seen := make(map[diagnose.Fact]bool)
	for _, c := range f.facts {
		if !seen[c.Fact] {
			seen[c.Fact] = true
			out = append(out, c.Fact)
		}
	}
	return out
}

// Where is the first place of a fact, and false when no crash says it.
func (f *Found) Where(id string) (report.Where, bool) {
	best := -1
	for i := range f.facts {
		if f.facts[i].ID != id {
			continue
		}
		if t := f.facts[i].where.Time; best < 0 || t != nil && (f.facts[best].where.Time == nil || t.Before(*f.facts[best].where.Time)) {
			best = i
		}
	}
	if best < 0 {
		return report.Where{}, false
	}
	return f.facts[best].where, true
}

// Report returns the crashes and says how they lie to the first failure of the
// log; zero: there is none, or its time is unknown. It is never nil.
func (f *Found) Report(failure time.Time, failed bool) []report.Crash {
	for i := range f.rows {
		f.rows[i].Related = related(f.rows[i].First, f.rows[i].Last, failure, failed)
	}
	return f.rows
}

// classOf says whose crash a cluster is: by the program it names, which may be
// none of the server's at all, else by the stream that it was printed in.
func classOf(k *dump.ClusterReport, readings map[string]timeline.Reading) string {
	if c, ok := speaker.OfProgram([]byte(k.Program)); ok && k.Owner != "compositor" {
		return c.String()
	}
	if k.Owner != "" {
		return k.Owner
	}
	for _, path := range k.Files {
		if c := speaker.OfService([]byte(readings[path].Service)); c != speaker.Unknown {
			return c.String()
		}
	}
	return ""
}

// factOf is the fact that a crash shows, "" for a program that is no cause: that
// of the rule which knows its functions, else whose crash it was. A rule that knows
// no more than the object, and what programs also log when they go on, decide
// nothing.
func (log *Log) factOf(k *dump.ClusterReport, class string) string {
	if k.Cause != "" && k.Cause != log.Catalogue.CauseOfOwner(class) {
		var functions []patterns.CrashFrame
		for i := range k.Frames {
			for _, in := range k.Frames[i].Inlined {
				functions = append(functions, patterns.CrashFrame{Function: in.Function})
			}
			functions = append(functions, patterns.CrashFrame{Function: k.Frames[i].FullName()})
		}
		if rule, ok := log.Catalogue.CauseOfCrash(functions); ok && rule.Cause == k.Cause {
			return patterns.CrashFact(k.Cause)
		}
	}
	id := patterns.FactPrefix + "crash-" + class
	if _, ok := patterns.Facts[id]; ok {
		return id
	}
	return ""
}

// near is the reading of a trace's line: that of the recognised record around it,
// which has a clock and a service, else the line alone.
func (log *Log) near(at timeline.Pos, entries int) timeline.Reading {
	for i := range log.Traces {
		if t := log.Traces[i].At; t.Input == at.Input && t.Line <= at.Line && at.Line <= t.Line+int64(entries)+3 {
			return t
		}
	}
	return timeline.Reading{Pos: at}
}

// printed makes a dump file of a trace that stood in the log. What a start of
// Wolf prints belongs to the lifetime before it.
func (log *Log) printed(at timeline.Reading, t dump.Trace) *dump.File {
	if len(t.Frames) == 0 {
		return nil
	}
	f := &dump.File{Path: fmt.Sprintf("%s:%d", log.Inputs.Name(at.Input), at.Line), Size: -1, Trace: t}
	if t.Notes.Time != nil {
		f.Crash = t.Notes.Time
		return f
	}
	i := log.Time.At(at)
	if !i.Known() {
		return f
	}
	when := i.Time
	f.Crash = &when
	if t.Format != "cpptrace" && t.Format != "boost" {
		return f
	}
	f.CrashBound = true
	lifetimes := log.Time.Lifetimes
	for l := 1; l < len(lifetimes); l++ {
		start, end := lifetimes[l].Start, lifetimes[l-1].End
		if after := when.Sub(start.Time); start.Known() && end.Known() && after >= 0 && after < time.Minute {
			e := end.Time
			f.Crash = &e
		}
	}
	return f
}

// lifetimeAt is the lifetime that a crash at t ended or fell into, -1 when the
// log does not show it.
func (log *Log) lifetimeAt(t time.Time) int {
	for i := len(log.Time.Lifetimes) - 1; i >= 0; i-- {
		l := &log.Time.Lifetimes[i]
		if (!l.Start.Known() || !l.Start.Time.After(t)) && (!l.End.Known() || t.Before(l.End.Time.Add(slack))) {
			return i
		}
	}
	return -1
}

// cause is the cause that a crash rule names for a stack; "" for none.
func (log *Log) cause(frames []dump.Frame, owner string) string {
	list := make([]patterns.CrashFrame, 0, len(frames))
	for _, f := range frames {
		list = append(list, patterns.CrashFrame{Module: f.Module, Function: f.Function})
	}
	return log.Catalogue.CrashCause(list, owner)
}

// related says in words whether crashes and the failure go together.
func related(first, last *time.Time, failure time.Time, failed bool) string {
	if !failed {
		return "" // nothing else failed: the crash is the failure
	}
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
