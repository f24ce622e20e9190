package analyze

import (
	"bytes"
	"time"

	"wolfdiag/analyze/source"
)

// feed is the state of one live input.
type feed struct {
	index   int32
	covered int64
	bytes   int64
}

// Feed analyses a piece of a live input: whole lines, in order. It returns how
// many bytes of data it took. It leaves the last lines when a record that
// began in them may go on (a panic waiting for its message): hand these in
// again with what follows, or with final set when nothing more is to be waited
// for. A last line without a newline is only taken when final.
//
// A log fed in any pieces gives the same Report as Read on the same bytes.
func (a *Analyzer) Feed(name, kind string, modTime time.Time, data []byte, final bool) int {
	f := a.live[name]
	if f == nil {
		f = &feed{index: a.addInput(name, kind, modTime)}
		a.live[name] = f
	}
	if !final {
		data = data[:bytes.LastIndexByte(data, '\n')+1]
	}
	if len(data) == 0 {
		return 0
	}
	if a.worker == nil {
		a.worker = newWorker(a.shared)
	}
	var res result
	first := a.lines[f.index] + 1
	a.worker.block(data, nil, first, &res)
	if res.open < len(data) && !final {
		data = data[:res.open]
		if len(data) == 0 {
			return 0
		}
		a.worker.block(data, nil, first, &res)
	}
	a.merge(f.index, res.hits, &f.covered)
	a.lines[f.index] += countLines(data)
	f.bytes += int64(len(data))
	a.finishInput(f.index, source.Stats{Bytes: f.bytes})
	return len(data)
}
