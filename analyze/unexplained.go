package analyze

import (
	"fmt"
	"math"
	"sort"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/mine"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// templateStat is what is known about one mined template.
type templateStat struct {
	count       int64
	level       string
	loud        bool // error level or above
	component   string
	first, last kept
	newest      *recognise.Hit     // of the block at hand
	epochs      []int32            // starts and ends of Wolf that passed before it showed, bounded
	seenIn      []timeline.Reading // the first of each epoch
}

const maxTemplateEpochs = 32

// templateCache remembers which template a message shape went to, so that the
// miner sees each shape once. It is emptied when full, at a point that depends
// on the input alone, so the outcome is the same on any number of cores.
type templateCache struct{ m map[uint64]*mine.Template }

func newTemplateCache() *templateCache { return &templateCache{m: map[uint64]*mine.Template{}} }

const maxTemplateCache = 16_384

// unexplained hands a record that no pattern explains to the miner.
func (a *Analyzer) unexplained(r timeline.Reading, h *recognise.Hit) {
	textHash := h.TemplateKey
	t, ok := a.shapes.m[textHash]
	if !ok {
		t = a.miner.Learn(h.Text(), h.Level(), h.Component())
		if len(a.shapes.m) >= maxTemplateCache {
			a.shapes = newTemplateCache()
		}
		a.shapes.m[textHash] = t
	}
	for t.ID >= len(a.templates) {
		a.templates = append(a.templates, templateStat{})
	}
	s := &a.templates[t.ID]
	s.count++
	if s.count == 1 {
		s.first.set(r, h.Text())
		s.level = h.Level().String()
		s.loud = h.Level() >= logline.LevelError
		s.component = string(h.Component())
	}
	if s.newest == nil {
		a.mined = append(a.mined, t.ID)
	}
	s.newest = h
	epoch := a.runs.Epoch()
	if n := len(s.epochs); (n == 0 || s.epochs[n-1] != epoch) && n < maxTemplateEpochs {
		s.epochs = append(s.epochs, epoch)
		s.seenIn = append(s.seenIn, r)
	}
}

// unexplainedReport lists the templates, the most telling first: those that
// keep company with failures, then the louder, then the more frequent.
func (a *Analyzer) unexplainedReport(v *view) []report.Template {
	type ranked struct {
		t     report.Template
		score float64
	}
	healthy, failing := healthyLifetimes(v.time)
	var list []ranked
	for i, t := range a.miner.Templates() {
		s := &a.templates[i]
		r := ranked{t: report.Template{Template: string(logline.CleanText(nil, []byte(t.Text()))), Level: s.level,
			Component: string(logline.CleanText(nil, []byte(s.component))), Count: s.count,
			First: a.where(v.time, &s.first), Last: a.where(v.time, &s.last)}}
		r.score = math.Log1p(float64(s.count)) / 4
		if s.loud {
			r.score += 3
		}
		inHealthy, inFailing := 0, 0
		for _, at := range s.seenIn {
			switch l := v.time.Lifetime(at); {
			case l < 0:
			case healthy[l]:
				inHealthy++
			default:
				inFailing++
			}
		}
		if inHealthy == 0 && inFailing > 0 && len(healthy) > 0 && failing > 0 {
			r.score += 2
			r.t.Note = "only in lifetimes that failed"
		}
		if d, ok := beforeFailure(v, s); ok {
			r.score += 3
			r.t.Note = sentence(r.t.Note, fmt.Sprintf("began %s before a failure", d.Round(10*time.Millisecond)))
		}
		list = append(list, r)
	}
	sort.SliceStable(list, func(i, j int) bool {
		if list[i].score != list[j].score {
			return list[i].score > list[j].score
		}
		return list[i].t.First.Line < list[j].t.First.Line
	})
	out := []report.Template{}
	for i, r := range list {
		if i == maxTemplatesShown {
			break
		}
		out = append(out, r.t)
	}
	return out
}

// unlisted says how many unexplained messages are of kinds beyond those listed,
// so that the list and the account add up.
func unlisted(r *Report) string {
	left := r.Coverage.Unexplained
	for i := range r.Unexplained {
		left -= r.Unexplained[i].Count
	}
	if left <= 0 || len(r.Unexplained) < maxTemplatesShown {
		return ""
	}
	return fmt.Sprintf("%s that no pattern explains, of kinds beyond the %d that are listed", report.Plural(left, "more message", "more messages"), maxTemplatesShown)
}

// maxTemplatesShown bounds the report; the counts of coverage include all.
const maxTemplatesShown = 200

func healthyLifetimes(t *timeline.Timeline) (healthy map[int]bool, failing int) {
	healthy = map[int]bool{}
	for i := range t.Lifetimes {
		if t.Lifetimes[i].Failures == 0 {
			healthy[i] = true
		} else {
			failing++
		}
	}
	return healthy, failing
}

// beforeFailure reports how long before an episode a template showed for the
// first time, when that is less than a minute.
func beforeFailure(v *view, s *templateStat) (time.Duration, bool) {
	at := v.time.At(s.first.reading)
	if !at.Known() {
		return 0, false
	}
	for _, e := range v.diagnosis.Episodes {
		if e.Time.IsZero() || !e.Failing {
			continue
		}
		if d := e.Time.Sub(at.Time); d >= 0 && d < time.Minute {
			return d, true
		}
	}
	return 0, false
}
