package correlate

import (
	"slices"
	"time"

	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

const (
	maxRuns     = 20_000           // kept at once
	runGap      = 30 * time.Second // between matches of one run
	runGapLines = 5_000            // the same where no clock says
	widestGap   = 400 * 24 * time.Hour
)

// Runs is the compact memory of every complaint of a log: of those that a
// pattern knows, by pattern, and of the others by template. Not safe for
// concurrent use.
type Runs struct {
	memory
	all     []*patterns.Pattern // by index
	byID    map[string]int32
	strange memory // by template
	streams streams
}

// memory keeps when things were seen, by number. What it keeps is bounded.
type memory struct {
	list   []Run
	open   map[key]int // index of the newest run
	recent []recent    // by pattern: what open says of the input that had it last
	epochs *Epochs
	gap    time.Duration
	limit  int
	merged int64 // runs given up to keep memory flat
}

func newMemory(e *Epochs) memory {
	return memory{open: map[key]int{}, epochs: e, gap: runGap, limit: maxRuns}
}

// key keeps the runs of inputs apart that are followed side by side.
type key struct{ input, pattern int32 }

// recent saves a look into the map of open runs.
type recent struct{ input, run int32 }

// New makes an empty memory of the matches of patterns, which runs name by
// their place in all.
func New(all []*patterns.Pattern) *Runs {
	e := &Epochs{}
	t := &Runs{all: all, byID: make(map[string]int32, len(all)), memory: newMemory(e), strange: newMemory(e)}
	for i, p := range all {
		t.byID[p.ID] = int32(i)
	}
	return t
}

// Strange counts a message of a template that no pattern explains, and the
// session that it names, "" for none.
func (t *Runs) Strange(template int, r timeline.Reading, session string) {
	if run, isNew := t.strange.Add(int32(template), r); isNew {
		run.Session = session
	}
}

// Add counts a match. It returns the match's run, which holds until the next
// Add, and whether the match opened it.
func (t *memory) Add(pattern int32, r timeline.Reading) (run *Run, isNew bool) {
	epoch := t.epochs.of(r.Input)
	k := key{r.Input, pattern}
	if i, ok := t.newest(k); ok {
		q := &t.list[i]
		if q.epoch == epoch && t.near(q, &r) {
			q.Count++
			q.reach(r)
			return q, false
		}
	}
	if len(t.list) >= t.limit {
		t.compact()
	}
	if len(t.list) == cap(t.list) && len(t.list) >= maxRuns/8 { // the steps in between would be thrown away
		t.list = slices.Grow(t.list, t.limit-len(t.list))
	}
	t.list = append(t.list, Run{Pattern: pattern, epoch: epoch, Count: 1, First: r, Last: r})
	i := len(t.list) - 1
	t.open[k] = i
	t.recent[pattern] = recent{r.Input, int32(i)}
	return &t.list[i], true
}

// More counts further matches of the newest run of a pattern in an input, of which
// r is the last; it may have been told out of order.
func (t *memory) More(pattern int32, count int64, r timeline.Reading) {
	i, ok := t.newest(key{r.Input, pattern})
	if !ok {
		return
	}
	q := &t.list[i]
	q.Count += count
	q.reach(r)
}

// MoreStrange counts further messages of a template, as More does.
func (t *Runs) MoreStrange(template int, count int64, r timeline.Reading) {
	t.strange.More(int32(template), count, r)
}

// Boundary marks that the Wolf process of an input started or ended here.
func (t *Runs) Boundary(input int32) { t.epochs.Boundary(input) }

// Clock notes the clock of a record, see Epochs.
func (t *Runs) Clock(r timeline.Reading) { t.epochs.Clock(r) }

// Merged is the number of runs that became part of others to keep memory flat.
func (t *Runs) Merged() int64 { return t.merged }

// newest returns the index of the newest run of an input and pattern.
func (t *memory) newest(k key) (int, bool) {
	for int(k.pattern) >= len(t.recent) {
		t.recent = append(t.recent, recent{-1, 0})
	}
	q := &t.recent[k.pattern]
	if q.input == k.input {
		return int(q.run), true
	}
	i, ok := t.open[k]
	if ok {
		*q = recent{k.input, int32(i)}
	}
	return i, ok
}

// near reports whether a match comes so soon after a run that it is of it. One that
// stands before the run's last was told of late: with others, see More.
func (t *memory) near(q *Run, r *timeline.Reading) bool {
	if r.Input == q.Last.Input && r.Line <= q.Last.Line {
		return true
	}
	if d, ok := r.Since(&q.Last); ok {
		return d <= t.gap && d >= -t.gap
	}
	return r.Line-q.Last.Line <= runGapLines
}

// compact joins neighbouring runs of one pattern until half are left, widening
// the gap as far as it must. What is lost is where inside a long stretch the
// matches lay; counts, first and last stay exact.
func (t *memory) compact() {
	before := len(t.list)
	for len(t.list) > t.limit/2 {
		wide := t.gap > widestGap
		if !wide { // beyond that it would overflow
			t.gap *= 4
		}
		kept := t.list[:0]
		open := map[key]int{}
		for _, r := range t.list {
			k := key{r.First.Input, r.Pattern}
			if i, ok := open[k]; ok {
				q := &kept[i]
				if (q.epoch == r.epoch || wide) && (wide || t.near(q, &r.First)) {
					q.Count += r.Count
					q.Last = r.Last
					q.Speakers |= r.Speakers
					q.OfStack = q.OfStack || r.OfStack
					q.epoch = r.epoch
					continue
				}
			}
			kept = append(kept, r)
			open[k] = len(kept) - 1
		}
		t.list, t.open = kept, open
		if wide {
			break
		}
	}
	if len(t.list) > t.limit/2 { // many inputs with one run each: bounded by inputs × patterns
		t.limit *= 2 // so that compacting comes seldom: after as many new runs as it looks at
	}
	t.merged += int64(before - len(t.list))
	for i := range t.recent {
		t.recent[i].input = -1
	}
}
