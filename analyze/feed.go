package analyze

import (
	"bytes"
	"time"

	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/records"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/source"
)

// feed is the state of one live input.
type feed struct {
	index   int32
	covered int64
	stats   source.Stats
	begun   bool         // something has come
	records *recordHosts // it is a stream of records, whose hosts are inputs of their own
}

// Revision changes whenever something was read that the causes or lifetimes of
// a Report may rest on. As long as it stays, a new Report tells nothing new
// about them.
func (a *Analyzer) Revision() uint64 { return a.merger.Revision() + a.monitored }

// sniffed is how much of an input tells whether it is a stream of records.
const sniffed = 4 << 10

// Feed analyses a piece of a live input: whole lines, in order. It returns how
// many bytes of data it took. It leaves the last lines when a record that
// began in them may go on (a panic waiting for its message): hand these in
// again with what follows, or with final set when nothing more is to be waited
// for. A last line without a newline is only taken when final.
//
// The first Feed of a name makes it an input, even without data: inputs are in
// the order of their first Feed. modTime is when the file was last written,
// zero for a stream.
//
// A log fed in any pieces gives the same Report as Read on the same bytes. One
// that begins with records of an engine or a shipper is read as such.
func (a *Analyzer) Feed(name, kind string, modTime time.Time, data []byte, final bool) int {
	f := a.live[name]
	if f != nil && f.records != nil {
		return f.records.live(modTime, data, final)
	}
	if whole := data[:bytes.LastIndexByte(data, '\n')+1]; len(whole) > 0 && (f == nil || !f.begun) {
		if f == nil {
			a.feedLines(name, kind, modTime, nil, false)
			f = a.live[name]
		}
		is, sure := records.Sniff(whole[:min(len(whole), sniffed)])
		if !sure && !final && len(whole) < sniffed {
			return 0
		}
		f.begun = true
		if is {
			f.records = newRecordHosts(a, source.Input{Name: name, Kind: source.Kind(kind)}, modTime)
			return f.records.live(modTime, data, final)
		}
	}
	return a.feedLines(name, kind, modTime, data, final)
}

// feedLines is Feed for lines of one server.
func (a *Analyzer) feedLines(name, kind string, modTime time.Time, data []byte, final bool) int {
	f := a.live[name]
	if f == nil {
		f = &feed{index: a.addInput(name, kind, modTime)}
		a.live[name] = f
	} else if !modTime.IsZero() {
		a.merger.Clock.StartInput(f.index, name, modTime)
	}
	if !final {
		data = data[:bytes.LastIndexByte(data, '\n')+1]
	}
	if len(data) == 0 {
		return 0
	}
	if a.worker == nil {
		a.worker = a.recogniser.NewWorker()
	}
	var res recognise.Batch
	first := a.account.Inputs.Lines(f.index) + 1
	a.worker.Block(data, nil, first, &res)
	if res.Open < len(data) && !final {
		data = data[:res.Open]
		if len(data) == 0 {
			return 0
		}
		a.worker.Block(data, nil, first, &res)
	}
	a.merger.Block(f.index, res.Hits, &f.covered)
	a.around.Block(name, first, data, a.account.TakeFirsts())
	a.dumps.Texts.Feed(f.index, data)
	a.account.Inputs.AddLines(f.index, countLines(data))
	f.stats.Bytes += int64(len(data))
	f.stats.NUL = f.stats.NUL || bytes.IndexByte(data, 0) >= 0
	a.liveInput(f)
	return len(data)
}

// Skipped tells of bytes of a live input that were left out of its longest
// lines, and of how many lines were cut.
func (a *Analyzer) Skipped(name string, bytes, lines int64) {
	if f := a.live[name]; f != nil {
		f.stats.Bytes += bytes
		f.stats.CutLines += lines
		a.liveInput(f)
	}
}

// liveInput keeps what the report says about a live input up to date.
func (a *Analyzer) liveInput(f *feed) {
	a.account.Inputs.Update(f.index, f.stats)
}

// SetFacts tells what a live monitor says now: facts and readings take the place
// of those that the same source gave before.
func (a *Analyzer) SetFacts(from string, kind snapshot.Kind, at time.Time, facts []snapshot.Fact, readings []snapshot.Memory) {
	a.monitored++
	a.sources.Set(from, kind, at, facts, readings)
}
