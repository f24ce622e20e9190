package main

import (
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

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
	screen  *mpb.Progress
	bar     *mpb.Bar // nil while nothing is drawn
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
		p.draw()
	}
	p.bar.SetCurrent(p.before + read)
}

// draw puts the bar up: how much has been read, how fast, how long it will take.
func (p *progress) draw() {
	p.screen = mpb.New(mpb.WithOutput(p.env.stderr), mpb.WithWidth(24), mpb.WithRefreshRate(150*time.Millisecond))
	counters, eta := decor.CountersKibiByte("% .1f / % .1f"), decor.AverageETA(decor.ET_STYLE_GO)
	if p.total <= 0 {
		counters, eta = decor.CurrentKibiByte("% .1f"), decor.Name("")
	}
	p.bar = p.screen.AddBar(max(p.total, 0), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name("reading "), counters),
		mpb.AppendDecorators(decor.AverageSpeed(decor.SizeB1024(0), "% .1f"), decor.Name("  "), eta))
}

// done removes the bar, so that what is printed next stands on a clean line.
func (p *progress) done() {
	if p.bar == nil {
		return
	}
	p.bar.Abort(true)
	p.screen.Wait()
	p.bar, p.screen = nil, nil
}

// hostProgress shows how many hosts of a fleet are done, like progress.
type hostProgress struct {
	progress
	all  int
	host atomic.Value // string: the latest that is done
}

func newHostProgress(e *env, on bool, hosts int) *hostProgress {
	p := &hostProgress{progress: progress{env: e, on: on && e.stderrTTY, started: e.now()}, all: hosts}
	p.host.Store("")
	return p
}

// update tells of a host that is done.
func (p *hostProgress) update(done int, host string) {
	if !p.on {
		return
	}
	if p.bar == nil {
		if p.env.now().Sub(p.started) < time.Second {
			return
		}
		p.screen = mpb.New(mpb.WithOutput(p.env.stderr), mpb.WithWidth(24), mpb.WithRefreshRate(150*time.Millisecond))
		p.bar = p.screen.AddBar(int64(p.all), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name("hosts "), decor.CountersNoUnit("%d / %d")),
			mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO), decor.Name("  "), decor.Any(func(decor.Statistics) string { return p.host.Load().(string) })))
	}
	p.host.Store(plainText(host))
	p.bar.SetCurrent(int64(done))
}
