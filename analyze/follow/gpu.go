package follow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"wolfdiag/analyze/snapshot"
)

// GPUOptions say how the GPU is watched beside the log.
type GPUOptions struct {
	// Source is a file or named pipe that an `nvidia-smi --query-gpu=… --format=csv
	// -l 5` writes to, or such a command, which is then started; "": none.
	Source   string
	Warn     float64       // share of memory in use that is told; 0: 0.9
	Interval time.Duration // between two rows until it is known; 0: 5 s
}

// GPUState is the last that is known of the GPU.
type GPUState struct {
	Time        time.Time `json:"time"`
	Used        float64   `json:"used_mib"`
	Total       float64   `json:"total_mib"`
	High        bool      `json:"high"`
	Dark        bool      `json:"dark"` // the monitor says nothing, or that it cannot
	DarkBecause string    `json:"dark_because,omitempty"`
}

const (
	maxSeries  = 512  // readings kept; older ones are thinned out
	hysteresis = 0.05 // below the threshold by so much: no longer high
	restartMin = 10 * time.Second
	restartMax = 5 * time.Minute
)

// gpuMonitor follows the rows of an nvidia-smi. Its methods are for the
// follower's goroutine; nil is a monitor of nothing.
type gpuMonitor struct {
	o        GPUOptions
	argv     []string // when Source is a command
	rows     snapshot.Rows
	series   []snapshot.Memory
	every    int // one reading in so many is kept
	seen     int
	last     GPUState
	any      bool
	heard    time.Time // when a line last came
	interval time.Duration
	learned  bool
	failed   *snapshot.Row // what the monitor said last, when it failed
	said     string        // what a command said last and is no row
}

func newGPUMonitor(o GPUOptions) (*gpuMonitor, error) {
	if o.Source == "" {
		return nil, nil
	}
	if o.Warn <= 0 {
		o.Warn = 0.9
	}
	if o.Interval <= 0 {
		o.Interval = 5 * time.Second
	}
	g := &gpuMonitor{o: o, every: 1, interval: o.Interval}
	if strings.ContainsAny(o.Source, " \t") {
		if _, err := os.Stat(o.Source); err != nil {
			if g.argv, err = SplitCommand(o.Source); err != nil {
				return nil, err
			}
			if _, err := exec.LookPath(g.argv[0]); err != nil {
				return nil, fmt.Errorf("cannot run the GPU monitor %q: %w", g.argv[0], err)
			}
		}
	}
	return g, nil
}

func (g *gpuMonitor) state() *GPUState {
	if g == nil || !g.any {
		return nil
	}
	s := g.last
	return &s
}

// forget drops the series: a new life of Wolf begins with the memory as it is.
func (g *gpuMonitor) forget() {
	if g != nil {
		g.series, g.every, g.seen = nil, 1, 0
	}
}

// startGPU begins to follow the monitor.
func (f *Follower) startGPU() {
	g := f.gpu
	if g == nil {
		return
	}
	g.heard = f.clock.Now()
	s := &origin{name: g.o.Source, kind: "gpu", gpu: true, stats: &FileStats{}}
	if g.argv != nil {
		f.startStream(s, &streamReader{name: g.argv[0], r: newCommandReader(f.ctx, f.clock, g.argv), again: func(context.Context) bool { return true }})
		return
	}
	if info, err := os.Stat(g.o.Source); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
		if r, again, err := openFifo(g.o.Source, f.clock); err == nil {
			f.startStream(s, &streamReader{name: g.o.Source, r: r, again: again})
			return
		}
	}
	f.startPath(s, &pathReader{name: g.o.Source, kick: make(chan struct{}, 1), from: lastLine, initial: true})
}

// gpuLines takes rows of the monitor. One that was in its file before is as
// old as the file.
func (f *Follower) gpuLines(p *piece) {
	g, now := f.gpu, f.clock.Now()
	if p.old && p.mod.Before(now) {
		if now.Sub(p.mod) > oldNews {
			return // of a monitor that ended long ago
		}
		now = p.mod
	}
	for line := range bytes.Lines(p.data) {
		row := g.rows.Line(string(line))
		switch {
		case row.Failed != "":
			g.failed = &row
			g.heard = now
			f.gpuDark(now, clip(row.Failed)+"; "+row.Means)
			f.gpuFacts(now)
		case row.Usable && row.GPU == 0:
			g.pace(now)
			f.gpuRow(now, row.Memory)
			g.said = ""
		case !row.Usable && g.argv != nil && len(bytes.TrimSpace(line)) > 0:
			g.said = clip(string(bytes.TrimSpace(line)))
		}
	}
}

// pace learns how far apart rows are.
func (g *gpuMonitor) pace(now time.Time) {
	if g.any && !g.last.Dark {
		if d := now.Sub(g.last.Time); !g.learned {
			g.interval, g.learned = max(d, time.Second), true
		} else {
			g.interval += (max(d, time.Second) - g.interval) / 4
		}
	}
	g.heard = now
}

func (f *Follower) gpuRow(now time.Time, m snapshot.Memory) {
	g := f.gpu
	m.Time = now // the monitor prints local time without a zone
	was := g.last
	g.last = GPUState{Time: now, Used: m.Used, Total: m.Total, High: was.High}
	g.any, g.failed = true, nil
	share := m.Used / m.Total
	text := fmt.Sprintf("GPU memory %.0f of %.0f MiB used (%.0f %%)", m.Used, m.Total, 100*share)
	if was.Dark {
		f.gpuTell(now, "back", "the GPU monitor is back: "+text)
	}
	switch {
	case !was.High && share >= g.o.Warn:
		g.last.High = true
		f.gpuTell(now, "memory", text+fmt.Sprintf(": above %.0f %%, new sessions may fail", 100*g.o.Warn))
	case was.High && share < g.o.Warn-hysteresis:
		g.last.High = false
		f.gpuTell(now, "back", text+": below the threshold again")
	}
	g.keep(m)
	f.gpuFacts(now)
}

// keep adds a reading to the series, thinning it out when it is full.
func (g *gpuMonitor) keep(m snapshot.Memory) {
	g.seen++
	if len(g.series) > 0 && g.seen%g.every != 0 {
		g.series[len(g.series)-1] = m // the newest is always there
		return
	}
	g.series = append(g.series, m)
	if len(g.series) >= maxSeries {
		half := g.series[:0]
		for i := 0; i < len(g.series); i += 2 {
			half = append(half, g.series[i])
		}
		g.series = half
		g.every *= 2
	}
}

// gpuFacts hands what is known to the analyzer.
func (f *Follower) gpuFacts(now time.Time) {
	g := f.gpu
	facts := snapshot.MemoryFacts(g.series)
	if g.failed != nil {
		facts = append(facts, snapshot.Fact{ID: g.failed.FactID, Text: clip(g.failed.Failed), Bears: g.failed.Means})
	} else if g.last.Dark {
		facts = append(facts, snapshot.Fact{Text: "the GPU monitor is silent: " + g.last.DarkBecause})
	}
	for i := range facts {
		facts[i].Time = now
	}
	f.o.Analyzer.SetFacts(g.o.Source, snapshot.NvidiaCSV, now, facts)
}

// gpuDark tells, once, that the monitor has no answer.
func (f *Follower) gpuDark(now time.Time, because string) {
	g := f.gpu
	if g.last.Dark {
		return
	}
	g.any = true
	g.last.Dark, g.last.DarkBecause, g.last.Time = true, because, now
	f.gpuTell(now, "dark", "the GPU monitor went dark: "+because)
}

// gpuTick notices silence.
func (f *Follower) gpuTick(now time.Time) {
	g := f.gpu
	if g == nil || now.Sub(g.heard) <= 3*g.interval {
		return
	}
	because := fmt.Sprintf("nothing for more than %s", (3 * g.interval).Round(time.Second))
	if g.said != "" {
		because += "; it said " + g.said
	}
	f.gpuDark(now, because)
}

func (f *Follower) gpuTell(now time.Time, change, text string) {
	e := Event{Kind: EventGPU, Time: now, Change: change, GPU: f.gpu.state(), Text: text}
	f.tell(e)
	if change == "back" {
		return
	}
	if f.report == nil {
		f.observe(now)
	}
	f.act(now, e, false, nil)
}

func clip(s string) string {
	s = strings.ToValidUTF8(s, "·")
	if len(s) > 300 {
		return strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}

// commandReader runs a monitor and reads what it prints. When it ends, it is
// started again, after ever longer pauses.
type commandReader struct {
	ctx   context.Context
	clock Clock
	argv  []string
	cmd   *exec.Cmd
	out   *os.File
	pause time.Duration
	mute  bool // it has printed nothing yet
	// resting: the next Read waits before it starts the command again.
	resting bool
}

func newCommandReader(ctx context.Context, clock Clock, argv []string) *commandReader {
	return &commandReader{ctx: ctx, clock: clock, argv: argv}
}

// Read returns the command's output, stderr with it. How it failed without a
// word, or why it could not be started, is a line of its own.
func (c *commandReader) Read(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, io.EOF
	}
	if c.resting {
		c.resting = false
		if err := c.wait(); err != nil {
			return 0, err
		}
	}
	if c.cmd == nil {
		if err := c.start(); err != nil {
			c.resting = true
			return copy(p, "cannot run the monitor: "+err.Error()+"\n"), nil
		}
	}
	n, err := c.out.Read(p)
	if n > 0 {
		c.pause, c.mute = 0, false
		return n, nil
	}
	if err == nil {
		return 0, nil
	}
	err = c.end()
	c.resting = true
	if err != nil && c.mute {
		return copy(p, "the monitor failed: "+err.Error()+"\n"), nil
	}
	return 0, nil
}

func (c *commandReader) start() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(c.ctx, c.argv[0], c.argv[1:]...)
	cmd.Stdout, cmd.Stderr = w, w
	wholeGroup(cmd)
	err = cmd.Start()
	w.Close()
	if err != nil {
		r.Close()
		return err
	}
	c.cmd, c.out, c.mute = cmd, r, true
	return nil
}

// wait pauses before the next start; io.EOF when the follower ends.
func (c *commandReader) wait() error {
	c.pause = min(max(2*c.pause, restartMin), restartMax)
	select {
	case <-c.clock.After(c.pause):
		return nil
	case <-c.ctx.Done():
		return io.EOF
	}
}

// end returns how the command failed.
func (c *commandReader) end() error {
	c.out.Close()
	err := c.cmd.Wait()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		c.pause = restartMax // it cannot even be waited for
	}
	c.cmd = nil
	return err
}

// Close ends the command.
func (c *commandReader) Close() error {
	if c.cmd == nil {
		return nil
	}
	_ = c.cmd.Cancel() // it may have ended by itself
	_ = c.end()        // by our signal
	return nil
}
