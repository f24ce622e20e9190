package snapshot

import (
	"fmt"
	"math"
	"time"
)

// maxEncoders is more encoder sessions than any machine can have open.
const maxEncoders = 100_000

// Encoders is one reading of the number of open encoder sessions.
type Encoders struct {
	Time time.Time // zero when the row has none
	Line int
	Open int
}

// Series judges the readings of GPU memory and encoder sessions whose row time
// in accepts, nil for all: at most one fact on how full the memory was at its
// peak, one on its growth and one on the most encoder sessions, each with the
// line and the time of the row it rests on. Nil when there is no reading.
// Row times are local to the machine, and the facts say so.
func (s *Snapshot) Series(in func(time.Time) bool) []Fact {
	memory, encoders := s.Memory, s.Encoders
	if in != nil {
		memory, encoders = nil, nil
		for _, m := range s.Memory {
			if in(m.Time) {
				memory = append(memory, m)
			}
		}
		for _, e := range s.Encoders {
			if in(e.Time) {
				encoders = append(encoders, e)
			}
		}
	}
	out := MemoryFacts(memory)
	if len(encoders) > 0 {
		out = append(out, encoderFact(encoders))
	}
	for i := range out {
		out[i].Local, out[i].Series = !out[i].Time.IsZero(), true
	}
	return out
}

// MemoryFacts judges a series of readings, oldest first: how full the memory
// was at most, and whether it grows. Nil for an empty series. Times are those
// of the readings.
func MemoryFacts(series []Memory) []Fact {
	if len(series) == 0 {
		return nil
	}
	peak := series[0]
	for _, m := range series {
		if m.Used/m.Total >= peak.Used/peak.Total { // the latest of equals
			peak = m
		}
	}
	share := peak.Used / peak.Total
	f := Fact{Line: int64(max(peak.Line, 1)), Time: peak.Time, Text: fmt.Sprintf("GPU memory %.0f of %.0f MiB used (%.0f %%)", peak.Used, peak.Total, 100*share)}
	if len(series) > 1 {
		f.Text += fmt.Sprintf(" at the peak of %d readings", len(series))
	}
	switch {
	case share >= memoryFull || peak.Total-peak.Used < freeTight:
		f.ID, f.Bears = "fact-vram-high", "supports gpu-memory-exhaustion strongly"
	case share >= memoryTight:
		f.ID, f.Bears = "fact-vram-medium", "supports gpu-memory-exhaustion weakly: one more 4K session needs several hundred MiB"
	default:
		f.ID, f.Bears = "fact-vram-low", "weakens gpu-memory-exhaustion, if it was taken at the time of the failure"
	}
	out := []Fact{f}
	if g, ok := growth(series); ok {
		out = append(out, g)
	}
	return out
}

// growth fits a line through the series (least squares) and tells of growth
// whose 95 % confidence interval lies above zero.
func growth(series []Memory) (Fact, bool) {
	n := len(series)
	if n < 8 {
		return Fact{}, false
	}
	slope, half := fit(series)
	first, last := series[0], series[n-1]
	per := "reading"
	if last.Time.After(first.Time) && !first.Time.IsZero() {
		per = "hour"
	}
	if !(slope-half > 0) || last.Used-first.Used <= 0.02*last.Total {
		return Fact{}, false
	}
	return Fact{ID: "fact-vram-growing", Line: int64(max(last.Line, 1)), Time: last.Time,
		Text:  fmt.Sprintf("GPU memory grows by %.0f ± %.0f MiB per %s over %d readings", slope, half, per, n),
		Bears: "what grows and does not come back is leaked"}, true
}

// encoderFact judges the most open encoder sessions of a series by the limits
// that consumer drivers have had: 2, 3, 5, 8.
func encoderFact(series []Encoders) Fact {
	most := series[0]
	for _, e := range series {
		if e.Open > most.Open {
			most = e
		}
	}
	f := Fact{Line: int64(max(most.Line, 1)), Time: most.Time, Text: fmt.Sprintf("%d encoder sessions open", most.Open)}
	if most.Open == 1 {
		f.Text = "1 encoder session open"
	}
	if len(series) > 1 {
		f.Text += fmt.Sprintf(" at the most of %d readings", len(series))
	}
	switch n := most.Open; {
	case n == 3 || n == 5 || n == 8:
		f.ID, f.Bears = "fact-encoder-sessions-at-limit", "a limit of consumer drivers: supports nvenc-session-limit"
	case n <= 2:
		f.ID, f.Bears = "fact-encoder-sessions-low", "below any limit: weakens nvenc-session-limit"
	}
	return f
}

// fit returns the slope of GPU memory, per hour (per reading without times),
// and the half width of its 95 % confidence interval.
func fit(ms []Memory) (slope, half float64) {
	timed := !ms[0].Time.IsZero() && ms[len(ms)-1].Time.After(ms[0].Time)
	return Slope(len(ms), func(i int) (x, y float64) {
		if timed {
			return ms[i].Time.Sub(ms[0].Time).Hours(), ms[i].Used
		}
		return float64(i), ms[i].Used
	})
}

// Slope fits a line through n points by least squares and returns its slope
// with the half width of the slope's 95 % confidence interval (normal
// approximation), which is infinite when the points cannot say.
func Slope(n int, at func(i int) (x, y float64)) (slope, half float64) {
	var sx, sy float64
	for i := range n {
		x, y := at(i)
		sx += x
		sy += y
	}
	mx, my := sx/float64(n), sy/float64(n)
	var sxx, sxy float64
	for i := range n {
		x, y := at(i)
		sxx += (x - mx) * (x - mx)
		sxy += (x - mx) * (y - my)
	}
	if n < 3 || sxx == 0 {
		return 0, math.Inf(1)
	}
	slope = sxy / sxx
	var rss float64
	for i := range n {
		x, y := at(i)
		r := y - my - slope*(x-mx)
		rss += r * r
	}
	return slope, 1.96 * math.Sqrt(rss/float64(n-2)/sxx)
}
