package analyze

import (
	"bytes"
	"time"

	"wolfdiag/analyze/recognise"
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
		a.worker = a.recogniser().NewWorker()
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
	lines := countLines(data)
	a.around.Block(name, first, lines, data, a.account.TakeFirsts())
	a.dumps.Texts.Feed(f.index, data)
	a.account.Inputs.AddLines(f.index, lines)
	f.stats.Bytes += int64(len(data))
	f.stats.NUL = f.stats.NUL || bytes.IndexByte(data, 0) >= 0
	a.liveInput(f)
	return len(data)
}

// liveInput keeps what the report says about a live input up to date.
func (a *Analyzer) liveInput(f *feed) {
	a.account.Inputs.Update(f.index, f.stats)
}
