package picture

import (
	"fmt"
	"time"

	"wolfdiag/dump"
)

// maxClusters is how many kinds of crash have a lane of their own.
const maxClusters = 6

// OfDumps lays the crashes of a report on dumps on an axis, a lane for each of the
// most frequent kinds; nil when none has a time.
func OfDumps(r *dump.Report) *Picture {
	var from, to time.Time
	lanes := map[string]int{}
	for i := range r.Clusters[:min(len(r.Clusters), maxClusters)] {
		lanes[r.Clusters[i].ID] = i
	}
	events := make([][]Event, len(lanes)+1)
	for i := range r.Files {
		f := &r.Files[i]
		at := moment(f.CrashTime)
		if at.IsZero() {
			continue
		}
		if from.IsZero() || at.Before(from) {
			from = at
		}
		if at.After(to) {
			to = at
		}
		e := Event{From: at, Class: Crash, Title: fmt.Sprintf("Crash %s", f.Cluster), Where: f.Path, Text: f.Message}
		if f.UpperBound {
			e.Title += ", this or earlier: the time is that of the restart"
		}
		lane, ok := lanes[f.Cluster]
		if !ok {
			lane = len(lanes)
			if f.Cluster == "" {
				e.Class, e.Title = Unclear, fmt.Sprintf("Dump of no known kind (%s)", f.Status)
			}
		}
		events[lane] = append(events[lane], e)
	}
	if from.IsZero() {
		return nil
	}
	a := newAxis(from, to)
	p := &Picture{From: a.from, To: a.to, Ticks: a.ticks()}
	for i, list := range events {
		if len(list) == 0 {
			continue
		}
		title := "Other crashes"
		if i < len(lanes) {
			title = fmt.Sprintf("%d. %s", i+1, r.Clusters[i].Signature)
		}
		p.Lanes = append(p.Lanes, a.lane(title, list))
	}
	p.number()
	return p
}
