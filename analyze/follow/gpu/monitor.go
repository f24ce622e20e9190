// Package gpu watches the GPU beside the log: the rows of an nvidia-smi.
package gpu

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/process"
	"wolfdiag/analyze/snapshot"
)

// Options say how the GPU is watched.
type Options struct {
	// Source is a file or named pipe that an `nvidia-smi --query-gpu=… --format=csv
	// -l 5` writes to, or a command that prints such rows, which is then started:
	// one with arguments, or a program; "": none.
	Source   string
	Warn     float64       // share of memory in use that is told; 0: 0.9
	Interval time.Duration // between two rows until it is known; 0: 5 s
}

const (
	maxSeries  = 512              // readings kept; older ones are thinned out
	hysteresis = 0.05             // below the threshold by so much: no longer high
	oldNews    = 15 * time.Minute // a row of a file that is older tells nothing
)

// Monitor follows rows. It is for one goroutine.
type Monitor struct {
	o        Options
	argv     []string // when Source is a command
	rows     snapshot.Rows
	series   []snapshot.Memory
	every    int // one reading in so many is kept
	seen     int
	last     event.GPU
	any      bool
	heard    time.Time // when a line last came
	interval time.Duration
	learned  bool
	failed   *snapshot.Row // what the monitor said last, when it failed
	said     string        // what a command said last and is no row
	changed  bool          // the facts have
}

// New makes a monitor; nil when the source is "". The error is that of a command
// that cannot be run.
func New(o Options) (*Monitor, error) {
	if o.Source == "" {
		return nil, nil
	}
	if o.Warn <= 0 {
		o.Warn = 0.9
	}
	if o.Interval <= 0 {
		o.Interval = 5 * time.Second
	}
	m := &Monitor{o: o, every: 1, interval: o.Interval}
	var err error
	m.argv, err = commandOf(o.Source)
	return m, err
}

// commandOf returns the words of a source that is a command; nil when it is a
// file. A name that exists is a file, unless it is a program: a text file that
// may be executed and begins with #!, or a binary.
func commandOf(source string) ([]string, error) {
	if info, err := os.Stat(source); err == nil {
		if info.Mode().IsRegular() && isProgram(source, info) {
			return []string{source}, nil
		}
		return nil, nil
	}
	words, err := process.SplitCommand(source)
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(words[0]); err == nil {
		return words, nil
	} else if len(words) > 1 {
		return nil, fmt.Errorf("cannot run the GPU monitor %q: %w", words[0], err)
	}
	return nil, nil // a file that is not there yet
}

// isProgram reports whether a file may be executed and looks like a program.
func isProgram(name string, info os.FileInfo) bool {
	if _, err := exec.LookPath(name); err != nil || info.Size() < 2 {
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4)
	n, _ := f.Read(head) // what cannot be read is no program
	head = head[:n]
	for _, magic := range []string{"#!", "\x7fELF", "MZ", "\xfe\xed\xfa", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"} {
		if strings.HasPrefix(string(head), magic) {
			return true
		}
	}
	return false
}

// Source is what was asked to be watched.
func (m *Monitor) Source() string { return m.o.Source }

// Argv is the command to run; nil when the source is a file or a pipe.
func (m *Monitor) Argv() []string { return m.argv }

// State is what is known of the GPU; nil when nothing is.
func (m *Monitor) State() *event.GPU {
	if m == nil || !m.any {
		return nil
	}
	s := m.last
	return &s
}

// Forget drops the series: a new lifetime of Wolf begins with the memory as it is.
func (m *Monitor) Forget() {
	if m != nil {
		m.series, m.every, m.seen = nil, 1, 0
	}
}

// Start says when the monitor is begun to be listened to.
func (m *Monitor) Start(now time.Time) { m.heard = now }

// Take reads rows, and returns what is to be told. One that was in its file
// before is as old as the file, which was last written at mod.
func (m *Monitor) Take(now time.Time, data []byte, old bool, mod time.Time) []event.Event {
	if old && mod.Before(now) {
		if now.Sub(mod) > oldNews {
			return nil // of a monitor that ended long ago
		}
		now = mod
	}
	var out []event.Event
	for line := range bytes.Lines(data) {
		row := m.rows.Line(string(line))
		switch {
		case row.Failed != "":
			m.failed = &row
			m.heard = now
			out = append(out, m.dark(now, clip(row.Failed)+"; "+row.Means)...)
			m.changed = true
		case row.Usable && row.GPU == 0:
			m.pace(now)
			out = append(out, m.row(now, row.Memory)...)
			m.said = ""
		case !row.Usable && m.argv != nil && len(bytes.TrimSpace(line)) > 0:
			m.said = clip(string(bytes.TrimSpace(line)))
		}
	}
	return out
}

// pace learns how far apart rows are.
func (m *Monitor) pace(now time.Time) {
	if m.any && !m.last.Dark {
		if d := now.Sub(m.last.Time); !m.learned {
			m.interval, m.learned = max(d, time.Second), true
		} else {
			m.interval += (max(d, time.Second) - m.interval) / 4
		}
	}
	m.heard = now
}

func (m *Monitor) row(now time.Time, r snapshot.Memory) []event.Event {
	r.Time = now // the monitor prints local time without a zone
	was := m.last
	m.last = event.GPU{Time: now, Used: r.Used, Total: r.Total, High: was.High}
	m.any, m.failed = true, nil
	share := r.Used / r.Total
	text := fmt.Sprintf("GPU memory %.0f of %.0f MiB used (%.0f %%)", r.Used, r.Total, 100*share)
	var out []event.Event
	if was.Dark {
		out = append(out, m.tell(now, event.GPUBack, "the GPU monitor is back: "+text))
	}
	switch {
	case !was.High && share >= m.o.Warn:
		m.last.High = true
		out = append(out, m.tell(now, event.GPUMemory, text+fmt.Sprintf(": above %.0f %%, new sessions may fail", 100*m.o.Warn)))
	case was.High && share < m.o.Warn-hysteresis:
		m.last.High = false
		out = append(out, m.tell(now, event.GPUBack, text+": below the threshold again"))
	}
	m.keep(r)
	m.changed = true
	return out
}

// keep adds a reading to the series, thinning it out when it is full.
func (m *Monitor) keep(r snapshot.Memory) {
	m.seen++
	if len(m.series) > 0 && m.seen%m.every != 0 {
		m.series[len(m.series)-1] = r // the newest is always there
		return
	}
	m.series = append(m.series, r)
	if len(m.series) >= maxSeries {
		half := m.series[:0]
		for i := 0; i < len(m.series); i += 2 {
			half = append(half, m.series[i])
		}
		m.series = half
		m.every *= 2
	}
}

// Readings returns a copy of the series, oldest first, thinned out when it is long.
func (m *Monitor) Readings() []snapshot.Memory { return slices.Clone(m.series) }

// Facts returns what is known, for the report. fresh is false when it is what
// was returned before.
func (m *Monitor) Facts() (facts []snapshot.Fact, fresh bool) {
	if !m.changed {
		return nil, false
	}
	m.changed = false
	facts = snapshot.MemoryFacts(m.series)
	if m.failed != nil {
		facts = append(facts, snapshot.Fact{ID: m.failed.FactID, Text: clip(m.failed.Failed), Bears: m.failed.Means})
	} else if m.last.Dark {
		facts = append(facts, snapshot.Fact{Text: "the GPU monitor is silent: " + m.last.DarkBecause})
	}
	for i := range facts {
		facts[i].Time = m.heard
	}
	return facts, true
}

// Ended tells that the monitor's output has ended.
func (m *Monitor) Ended(now time.Time) []event.Event {
	return m.dark(now, "its output has ended")
}

// dark tells, once, that the monitor has no answer.
func (m *Monitor) dark(now time.Time, because string) []event.Event {
	if m.last.Dark {
		return nil
	}
	m.any = true
	m.last.Dark, m.last.DarkBecause, m.last.Time = true, because, now
	return []event.Event{m.tell(now, event.GPUDark, "the GPU monitor went dark: "+because)}
}

// Tick notices silence.
func (m *Monitor) Tick(now time.Time) []event.Event {
	if m == nil || now.Sub(m.heard) <= 3*m.interval {
		return nil
	}
	because := fmt.Sprintf("nothing for more than %s", (3 * m.interval).Round(time.Second))
	if m.said != "" {
		because += "; it said " + m.said
	}
	return m.dark(now, because)
}

func (m *Monitor) tell(now time.Time, change, text string) event.Event {
	return event.Event{Kind: event.KindGPU, Time: now, Change: change, GPU: m.State(), Text: text}
}

func clip(s string) string {
	s = strings.ToValidUTF8(s, "·")
	if len(s) > 300 {
		return strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}
