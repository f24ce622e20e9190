package main

import (
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/follow"
	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/metrics"
	"wolfdiag/analyze/report"
)

// metricsEvery is the least time between two writings of the same figures.
const metricsEvery = 5 * time.Second

func metricsFlag(when string) cli.Flag {
	return &cli.StringFlag{Name: "metrics", Usage: "write figures for Prometheus into `FILE`, " + when + " (node_exporter's textfile collector reads DIR/*.prom)"}
}

// metricsPlace checks where figures are to be written: never over a log.
func metricsPlace(name string, inputs []string) error {
	if err := metrics.Replaceable(name); err != nil {
		return usagef("--metrics: %w", err)
	}
	for _, in := range inputs {
		if a, err := filepath.Abs(in); err == nil {
			if b, err := filepath.Abs(name); err == nil && a == b {
				return usagef("--metrics %s: that is a log to read", name)
			}
		}
	}
	return nil
}

// followMetrics counts what is told, and writes all figures of a following. All
// its calls come from one goroutine; nil counts nothing.
type followMetrics struct {
	e         *env
	file      string
	build     metrics.Family
	causes    []string
	incidents map[string]int
	updates   map[string]int
	actions   map[string]int
	gpu       bool
	written   time.Time
	news      bool // something was told since
	failed    bool // and that was said
}

func newFollowMetrics(e *env, o *followOptions, a *analyze.Analyzer) (*followMetrics, error) {
	if err := metricsPlace(o.metrics, append([]string{o.checkpoint, o.gpu}, o.args...)); err != nil {
		return nil, err
	}
	m := &followMetrics{e: e, file: o.metrics, incidents: map[string]int{}, updates: map[string]int{}, actions: map[string]int{}, gpu: o.gpu != "",
		build: metrics.Family{Name: "wolfdiag_build_info", Kind: metrics.Gauge, Help: "1; its labels name the program and its catalogue."}}
	m.build.Add(1, "version", version(), "catalogue", a.Catalogue().Version())
	for _, c := range a.Catalogue().Causes() {
		m.causes = append(m.causes, c.ID)
	}
	if err := metrics.WriteFile(m.file, m.families(follow.Status{})); err != nil {
		return nil, usagef("--metrics: %w", err)
	}
	return m, nil
}

// tell counts an event.
func (m *followMetrics) tell(ev event.Event) {
	m.news = true
	switch ev.Kind {
	case event.KindIncident:
		m.incidents[ev.Cause.ID]++
	case event.KindUpdate:
		m.updates[ev.Change]++
	case event.KindAction:
		m.actions[ev.Action.Outcome]++
	}
}

// status writes the figures when there is news, or when they are old.
func (m *followMetrics) status(s follow.Status) {
	if now := m.e.now(); m.news || now.Sub(m.written) >= metricsEvery || now.Before(m.written) {
		m.written, m.news = now, false
		m.write(s)
	}
}

// end writes the last figures.
func (m *followMetrics) end(f *follow.Follower) {
	if m != nil {
		m.write(f.Status())
	}
}

// write says once that it cannot be done, until it can again.
func (m *followMetrics) write(s follow.Status) {
	err := metrics.WriteFile(m.file, m.families(s))
	if err != nil && !m.failed {
		m.e.warnf("--metrics: %v; tried again at each look", err)
	}
	m.failed = err != nil
}

// families are all figures, those that are zero too.
func (m *followMetrics) families(s follow.Status) []metrics.Family {
	incidents := metrics.Family{Name: "wolfdiag_incidents_total", Kind: metrics.Counter, Help: "Incidents told since the program started, by cause."}
	for _, c := range m.causes {
		incidents.Add(float64(m.incidents[c]), "cause", c)
	}
	updates := metrics.Family{Name: "wolfdiag_incident_updates_total", Kind: metrics.Counter, Help: "What was told of incidents later, by what changed."}
	for _, c := range []string{event.More, event.Escalated, event.Recovered} {
		updates.Add(float64(m.updates[c]), "change", c)
	}
	actions := metrics.Family{Name: "wolfdiag_actions_total", Kind: metrics.Counter, Help: "Actions on incidents, by outcome."}
	for _, o := range []string{"done", "failed", "timeout", "skipped", "dry-run", "snapshot"} {
		actions.Add(float64(m.actions[o]), "outcome", o)
	}
	r := s.Report
	if r == nil {
		r = &report.Report{Verdict: report.NoData}
	}
	out := []metrics.Family{m.build, incidents, updates,
		metrics.One("wolfdiag_incidents_open", metrics.Gauge, "Incidents that have not recovered.", float64(s.Open)), actions}
	out = append(out, fileFamilies(s.Files)...)
	if m.gpu {
		out = append(out, gpuFamilies(s.GPU)...)
	}
	return append(out, metrics.OfReport("wolfdiag_", metrics.Counter, r, m.causes)...)
}

// fileFamilies are the figures of each log.
func fileFamilies(files []follow.FileStatus) []metrics.Family {
	var out []metrics.Family
	each := func(name, help string, of func(*account.File) int64) {
		f := metrics.Family{Name: "wolfdiag_" + name + "_total", Kind: metrics.Counter, Help: help}
		for i := range files {
			f.Add(float64(of(&files[i].File)), "file", files[i].Name)
		}
		out = append(out, f)
	}
	each("lines", "Lines read.", func(f *account.File) int64 { return f.Lines })
	each("bytes", "Bytes read.", func(f *account.File) int64 { return f.Bytes })
	gaps := metrics.Family{Name: "wolfdiag_gaps_total", Kind: metrics.Counter, Help: "Parts of a log that were there and were not read, by reason."}
	for i := range files {
		for _, why := range account.Reasons() {
			gaps.Add(float64(files[i].GapsBy[why]), "file", files[i].Name, "reason", string(why))
		}
	}
	out = append(out, gaps)
	each("gap_bytes", "Bytes of the gaps whose size is known.", func(f *account.File) int64 { return f.GapBytes })
	each("unknown_gaps", "Gaps whose size is not known.", func(f *account.File) int64 { return int64(f.UnknownGaps) })
	each("rotations", "Files that took the place of the one before.", func(f *account.File) int64 { return int64(f.Rotations) })
	each("truncations", "Times that the file was truncated in its place.", func(f *account.File) int64 { return int64(f.Truncations) })
	each("reader_restarts", "Restarts of a reader that had fallen silent.", func(f *account.File) int64 { return int64(f.Restarts) })
	each("cut_lines", "Lines longer than 1 MiB, of which the rest was skipped.", func(f *account.File) int64 { return f.Cut })
	each("problems", "Things that kept the file from being read for a while.", func(f *account.File) int64 { return int64(f.Problems) })
	return out
}

// gpuFamilies are what the monitor said last; without an answer, only that.
func gpuFamilies(g *event.GPU) []metrics.Family {
	dark := 1.0
	var used, total float64
	if g != nil {
		used, total = g.Used, g.Total
		if !g.Dark {
			dark = 0
		}
	}
	const mib = 1 << 20
	return []metrics.Family{
		metrics.One("wolfdiag_gpu_dark", metrics.Gauge, "1 while the GPU monitor gives no answer.", dark),
		metrics.One("wolfdiag_gpu_memory_used_bytes", metrics.Gauge, "GPU memory in use, as last told.", used*mib),
		metrics.One("wolfdiag_gpu_memory_bytes", metrics.Gauge, "GPU memory, as last told.", total*mib),
	}
}
