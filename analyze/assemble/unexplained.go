package assemble

import (
	"fmt"
	"math"
	"sort"
	"time"

	"wolfdiag/analyze/account"
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/timeline"
)

// unexplained lists the templates, the most telling first: those that
// keep company with failures, then those at or above error, then the more frequent.
func (v *View) unexplained() []report.Template {
	type ranked struct {
		t     report.Template
		score float64
	}
	healthy, failing := healthyLifetimes(v.Time)
	var list []ranked
	for s, text := range v.Account.Templates {
		r := ranked{t: report.Template{Template: string(logline.CleanText(nil, []byte(text))), Level: s.Level,
			Component: string(logline.CleanText(nil, []byte(s.Component))), Count: s.Count, Bursts: s.Bursts(),
			First: v.where(&s.First), Last: v.where(&s.Last)}}
		r.score = math.Log1p(float64(s.Count)) / 4
		if s.Error {
			r.score += 3
		}
		inHealthy, inFailing := 0, 0
		for _, at := range s.SeenIn {
			switch l := v.Time.Lifetime(at); {
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
		if d, ok := v.beforeFailure(s); ok {
			r.score += 3
			r.t.Note = report.Clauses(r.t.Note, fmt.Sprintf("began %s before a failure", d.Round(10*time.Millisecond)))
		}
		if r.t.Contrast = contrast(diagnose.Contrast(v.Contrasts[s.ID])); r.t.Contrast != nil {
			r.score -= 2
			r.t.Note = report.Clauses(r.t.Note, r.t.Contrast.Words())
		}
		if s.ReadAs != nil {
			r.score += 1
			r.t.Note = report.Clauses(r.t.Note, "not a known text; read as: "+s.ReadAs.Title)
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
func unlisted(r *report.Report) string {
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
func (v *View) beforeFailure(s *account.Template) (time.Duration, bool) {
	at := v.Time.At(s.First.Reading)
	if !at.Known() {
		return 0, false
	}
	for _, e := range v.Diagnosis.Episodes {
		if e.Time.IsZero() || !e.Failing {
			continue
		}
		if d := e.Time.Sub(at.Time); d >= 0 && d < time.Minute {
			return d, true
		}
	}
	return 0, false
}
