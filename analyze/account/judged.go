package account

import (
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// Judged is what was read of an entry of the operator's own list.
type Judged struct {
	Known       *patterns.Known
	Count       int64
	First, Last Message
}

// Judge opens an account for each entry of the operator's own list.
func (a *Account) Judge(list []patterns.Known) {
	a.judged = make([]Judged, len(list))
	for i := range list {
		a.judged[i].Known = &list[i]
	}
}

// Judged lists what was read of each entry, in the order of the list; nil
// without a list.
func (a *Account) Judged() []Judged { return a.judged }

// judge counts a record that an entry calls harmless.
func (a *Account) judge(r timeline.Reading, h *recognise.Hit, entry int) {
	a.Coverage.ErrorLines++
	a.Coverage.Benign++
	a.Coverage.Known++
	a.JudgePart(r, h, entry)
}

// JudgePart counts a record of whose patterns an entry names one, and not all:
// the record stays a complaint.
func (a *Account) JudgePart(r timeline.Reading, h *recognise.Hit, entry int) {
	j := &a.judged[entry]
	j.Count++
	if j.Count == 1 || r.Before(j.First.Reading.Pos) {
		j.First.set(r, h.Text())
	}
	if j.Count == 1 || !r.Before(j.Last.Reading.Pos) {
		j.Last.set(r, h.Text())
	}
}
