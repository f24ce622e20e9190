package analyze

import (
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
)

// The limits that keep memory flat on any input.
const (
	maxRuns      = 20_000
	maxNames     = 64
	runGap       = 30 * time.Second // between matches of one run
	runGapLines  = 5_000            // the same where no clock says
	widestGap    = 400 * 24 * time.Hour
	maxTextKept  = 2_000 // bytes of a message kept for the report
	maxTracesLog = 64    // printed traces kept
)

// run is a stretch of matches of one pattern that came close together.
type run struct {
	pattern     int32
	epoch       int32 // counts starts and ends of the Wolf process
	count       int64
	first, last timeline.Reading
	session     string
}

// track is the compact memory of every complaint of the log.
type track struct {
	runs    []run
	open    map[runKey]int    // index of the newest run
	epoch   int32             // counts the starts and ends of Wolf in all inputs
	epochs  map[int32]int32   // input → epoch since its last start or end
	clocks  map[int32]elapsed // of each input
	gap     time.Duration
	limit   int
	merged  int64 // runs given up to keep memory flat
	maxSpan time.Duration

	recent []recentRun // by pattern: what open says of the input that had it last
	at     int32       // an input
	now    int32       // epochs[at]
	fresh  bool        // at and now hold
}

// recentRun saves a look into the map of open runs.
type recentRun struct{ input, run int32 }

// runKey keeps the runs of inputs apart that are followed side by side.
type runKey struct{ input, pattern int32 }

// add counts a match. It reports whether the match opened a new run.
func (t *track) add(pattern int32, r timeline.Reading, n int64) (isNew bool, at int) {
	if t.open == nil {
		t.open = map[runKey]int{}
		t.gap = runGap
	}
	epoch := t.epochOf(r.Input)
	key := runKey{r.Input, pattern}
	if i, ok := t.newest(key); ok {
		q := &t.runs[i]
		if q.epoch == epoch && t.near(q, r) {
			q.count += n
			q.last = r
			return false, i
		}
	}
	if len(t.runs) >= t.limit {
		t.compact()
	}
	t.runs = append(t.runs, run{pattern: pattern, epoch: epoch, count: n, first: r, last: r})
	t.open[key] = len(t.runs) - 1
	t.recent[pattern] = recentRun{r.Input, int32(len(t.runs) - 1)}
	return true, len(t.runs) - 1
}

// newest returns the index of the newest run of an input and pattern.
func (t *track) newest(key runKey) (int, bool) {
	for int(key.pattern) >= len(t.recent) {
		t.recent = append(t.recent, recentRun{-1, 0})
	}
	q := &t.recent[key.pattern]
	if q.input == key.input {
		return int(q.run), true
	}
	i, ok := t.open[key]
	if ok {
		*q = recentRun{key.input, int32(i)}
	}
	return i, ok
}

// epochOf returns the epoch an input is in.
func (t *track) epochOf(input int32) int32 {
	if !t.fresh || t.at != input {
		t.at, t.now, t.fresh = input, t.epochs[input], true
	}
	return t.now
}

func (t *track) near(q *run, r timeline.Reading) bool {
	if d, ok := between(q.last, r); ok {
		if t.maxSpan > 0 {
			if s, ok := between(q.first, r); ok && s > t.maxSpan {
				return false
			}
		}
		return d <= t.gap && d >= -t.gap
	}
	return r.Line-q.last.Line <= runGapLines
}

// between is the time from one reading to the next by a clock both have.
func between(a, b timeline.Reading) (time.Duration, bool) {
	if a.Outer.Kind != logline.ClockNone && a.Outer.Kind == b.Outer.Kind {
		return time.Duration(b.Outer.Nanos - a.Outer.Nanos), true
	}
	if a.Inner.Kind != logline.ClockNone && a.Inner.Kind == b.Inner.Kind {
		return time.Duration(b.Inner.Nanos - a.Inner.Nanos), true
	}
	return 0, false
}

// compact joins neighbouring runs of one pattern until half are left, widening
// the gap as far as it must. What is lost is where inside a long stretch the
// matches lay; counts, first and last stay exact.
func (t *track) compact() {
	before := len(t.runs)
	for len(t.runs) > t.limit/2 {
		wide := t.gap > widestGap
		if !wide { // beyond that it would overflow
			t.gap *= 4
		}
		kept := t.runs[:0]
		open := map[runKey]int{}
		for _, r := range t.runs {
			key := runKey{r.first.Input, r.pattern}
			if i, ok := open[key]; ok {
				q := &kept[i]
				if (q.epoch == r.epoch || wide) && (wide || t.near(q, r.first)) {
					q.count += r.count
					q.last = r.last
					q.epoch = r.epoch
					continue
				}
			}
			kept = append(kept, r)
			open[key] = len(kept) - 1
		}
		t.runs, t.open = kept, open
		if wide {
			break
		}
	}
	if len(t.runs) > t.limit/2 { // many inputs with one run each: bounded by inputs × patterns
		t.limit *= 2 // so that compacting comes seldom: after as many new runs as it looks at
	}
	t.merged += int64(before - len(t.runs))
	for i := range t.recent {
		t.recent[i].input = -1
	}
}

// process notes the clock of a process that counts from its start, and takes it
// for a new one when that clock began again.
func (t *track) process(r timeline.Reading) {
	if r.Inner.Kind != logline.ClockGStreamer {
		return
	}
	if t.clocks == nil {
		t.clocks = map[int32]elapsed{}
	}
	old := t.clocks[r.Input]
	if old.pid == r.PID && old.at-r.Inner.Nanos > int64(time.Second) && youngClock(r.Inner) {
		t.boundary(r.Input)
	}
	t.clocks[r.Input] = elapsed{r.PID, r.Inner.Nanos}
}

// elapsed is what the GStreamer of a process last showed.
type elapsed struct {
	pid int
	at  int64
}

// boundary marks that the Wolf process of an input started or ended here.
func (t *track) boundary(input int32) {
	t.epoch++
	if t.epochs == nil {
		t.epochs = map[int32]int32{}
	}
	t.epochs[input] = t.epoch
	t.fresh = false
}

// nameSet is a small set of names, bounded.
type nameSet struct {
	names []string
	more  bool
}

func (s *nameSet) add(name string) {
	if name == "" {
		return
	}
	for _, n := range s.names {
		if n == name {
			return
		}
	}
	if len(s.names) >= maxNames {
		s.more = true
		return
	}
	s.names = append(s.names, name)
}

// interner gives one string for equal byte slices, so that names that recur on
// a million lines cost no memory. Control bytes do not come through.
type interner struct{ m map[string]string }

func (in *interner) get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := in.m[string(b)]; ok {
		return s
	}
	if in.m == nil || len(in.m) > 10_000 {
		in.m = map[string]string{}
	}
	s := string(logline.CleanText(nil, b))
	in.m[string(b)] = s
	return s
}
