package facts

import (
	"slices"
	"time"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/snapshot"
)

// maxPoints bounds a series of the report.
const maxPoints = 500

// series are the readings of all sources on the clock of the log, by name.
func (s *Sources) series(zone *time.Location) []report.Series {
	out := []report.Series{}
	add := func(name, source string, m snapshot.Memory, at time.Time) {
		if at.IsZero() {
			return
		}
		i := slices.IndexFunc(out, func(x report.Series) bool { return x.Name == name })
		if i < 0 {
			out = append(out, report.Series{Name: name, Source: source, Unit: "MiB"})
			i = len(out) - 1
		}
		out[i].Limit = max(out[i].Limit, m.Total)
		out[i].Points = append(out[i].Points, report.Point{Time: at, Value: m.Used})
	}
	for i := range s.list {
		src := &s.list[i]
		for _, list := range [][]snapshot.Memory{src.snap.Memory, src.live} {
			for _, m := range list {
				at := src.snap.Time
				if !m.Time.IsZero() {
					at = inZone(m.Time, zone)
				}
				add("GPU memory", src.name, m, at)
			}
		}
		for _, m := range src.snap.RAM {
			add("memory of "+src.snap.Wolf, src.name, m, src.snap.Time)
		}
	}
	for i := range out {
		slices.SortStableFunc(out[i].Points, func(a, b report.Point) int { return a.Time.Compare(b.Time) })
		out[i].Points = thinned(out[i].Points)
	}
	slices.SortStableFunc(out, func(a, b report.Series) int {
		if a.Name < b.Name {
			return -1
		} else if a.Name > b.Name {
			return 1
		}
		return 0
	})
	return out
}

// thinned keeps the highest of neighbouring points, and the first and last of all.
func thinned(list []report.Point) []report.Point {
	if len(list) <= maxPoints {
		return list
	}
	out := make([]report.Point, 0, maxPoints)
	out = append(out, list[0])
	inner := list[1 : len(list)-1]
	for i := range maxPoints - 2 {
		part := inner[i*len(inner)/(maxPoints-2) : (i+1)*len(inner)/(maxPoints-2)]
		out = append(out, slices.MaxFunc(part, func(a, b report.Point) int {
			switch {
			case a.Value < b.Value:
				return -1
			case a.Value > b.Value:
				return 1
			}
			return 0
		}))
	}
	return append(out, list[len(list)-1])
}
