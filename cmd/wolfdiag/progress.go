package main

import (
	"time"

	"github.com/schollz/progressbar/v3"

	"wolfdiag/analyze/source"
)

// progress draws a bar on stderr, once the work has taken longer than a second
// and only on a terminal.
type progress struct {
	env     *env
	on      bool
	started time.Time
	total   int64 // bytes of all inputs; -1 unknown
	before  int64 // bytes of inputs that are done
	current int64
	bar     *progressbar.ProgressBar
}

func newProgress(e *env, on bool, inputs []source.Input) *progress {
	p := &progress{env: e, on: on && e.stderrTTY, started: e.now()}
	for _, in := range inputs {
		if in.Size < 0 {
			p.total = -1
			break
		}
		p.total += in.Size
	}
	return p
}

func (p *progress) next(source.Input) { p.before += p.current; p.current = 0 }

// update is called by the analyzer for every block.
func (p *progress) update(read, _ int64) {
	p.current = read
	if !p.on {
		return
	}
	if p.bar == nil {
		if p.env.now().Sub(p.started) < time.Second {
			return
		}
		p.bar = progressbar.NewOptions64(p.total,
			progressbar.OptionSetWriter(p.env.stderr), progressbar.OptionShowBytes(true), progressbar.OptionSetWidth(24),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetDescription("reading"))
	}
	_ = p.bar.Set64(p.before + read) // drawing is not worth failing for
}

// done removes the bar, so that what is printed next stands on a clean line.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
