package analyze

import (
	"bytes"
	"time"

	"wolfdiag/analyze/records"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/source"
)

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
			a.account.Inputs.Divide(f.index)
			f.records = newRecordHosts(a, source.Input{Name: name, Kind: source.Kind(kind)}, modTime)
			return f.records.live(modTime, data, final)
		}
	}
	return a.feedLines(name, kind, modTime, data, final)
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

// SetFacts tells what a live monitor says now: facts and readings take the place
// of those that the same source gave before.
func (a *Analyzer) SetFacts(from string, kind snapshot.Kind, at time.Time, facts []snapshot.Fact, readings []snapshot.Memory) {
	a.monitored++
	a.sources.Set(from, kind, at, facts, readings)
}
