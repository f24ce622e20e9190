package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"wolfdiag/analyze/logline"
)

// minMixed is how many returns of a replaced process it takes to believe that
// two logs are mixed.
const minMixed = 3

// assume writes down what was taken for granted to place the lines in time.
func (t *Timeline) assume(c *Collector) {
	// In the order of the inputs, also when these came interleaved.
	streams := slices.Clone(t.view.byID)
	slices.SortStableFunc(streams, func(a, b *streamView) int { return cmp.Compare(a.input, b.input) })
	for _, s := range streams {
		if s.firstLine == 0 && !s.hasWall {
			continue
		}
		name := s.label(t.view)
		s.assumeWall(t, c, name)
		s.assumeLocal(t, name)
		s.assumeElapsed(t, name)
	}
	for i := range t.Lifetimes {
		if l := &t.Lifetimes[i]; l.LowerBound {
			t.note("the number of sessions of lifetime %d is a lower bound from the numbers in element names", i+1)
		}
	}
	for _, b := range c.builders {
		s := t.view.byID[b.streamID]
		name := s.label(t.view)
		if s.mixed >= minMixed {
			t.mixed = true
			t.note("%s holds lines of two processes whose clocks take turns (logs of two servers mixed without names): its lifetimes and sessions cannot be told apart and are not to be trusted", name)
		}
		if s.disordered() {
			backwards := ""
			if s.reversed() {
				backwards = ": the log runs backwards (newest line first)"
			}
			switch {
			case b.tooMany || !t.rebuilt[b] || s.hasTOD && (!s.dated || s.reversed() && !s.transport):
				t.mixed = true
				t.note("the lines of %s are not in the order of their times%s and cannot be sorted with certainty (no comparable times, or too many events): its lifetimes may be wrong", name, backwards)
			default:
				t.note("the lines of %s are not in the order of their times%s: its lifetimes are built from the events in the order of time", name, backwards)
			}
		}
	}
	d := t.Dropped
	for _, x := range [...]struct {
		n    int64
		what string
	}{
		{d.Lifetimes, "of the oldest lifetimes are left out"},
		{d.Sessions, "sessions are counted but their details are left out"},
		{d.Clocks, "of the oldest process clocks are left out: elapsed times near them have no absolute time"},
		{d.Streams, "lines belong to services beyond the limit and have no clock of their own"},
	} {
		if x.n > 0 {
			t.note("%d %s to keep memory bounded", x.n, x.what)
		}
	}
}

func (s *streamView) label(v *view) string {
	name := v.inputs[s.input].name
	if name == "" {
		name = "input " + strconv.Itoa(int(s.input)+1)
	}
	if s.service != "" && s.service != overflowService {
		name += " (" + s.service + ")"
	}
	return name
}

func (s *streamView) assumeWall(t *Timeline, c *Collector, name string) {
	if !s.hasWall {
		if s.hasLast && !s.hasLocal && len(s.segments) > 0 && !s.anyZero() {
			t.note("%s has only clocks that count from the start of a process and nothing to anchor them: absolute times are unknown", name)
		}
		return
	}
	date := func(rel int64) string { return time.Unix(0, s.wallUTC(rel)).UTC().Format(time.DateOnly) }
	switch {
	case !s.wallKnown:
		t.note("%s carries times of day but no date: absolute times are unknown, order and durations are not; --date gives the date of the first line", name)
	case s.wallHow == GivenDate:
		t.note("%s: the first undated line is of %s, as given", name, date(s.wallFirst))
	case s.wallHow == Anchored:
		t.note("%s: the date %s comes from known start times of Wolf", name, date(s.wallFirst))
	case s.wallHow == CarriedDate:
		t.note("%s: the date of times of day comes from dated local times next to them, first %s", name, date(s.wallFirst))
	case s.hasTOD && !s.transport:
		t.note("%s: times of day take their date from the dated lines around them; a step back of more than 12 h is a new day", name)
	}
	if s.carried > 0 {
		t.note("%s: %d silences of half a day and more were found by the clocks that count from process starts", name, s.carried)
	}
	if s.ambiguous > 0 && !s.disordered() {
		t.note("%s: time of day goes back by more than a minute %d times, first at line %d: read as a clock set back on the same day; it could also be a long silence, so dates after it are uncertain by a day", name, s.ambiguous, s.ambiguousAt)
	}
	if s.clockSteps > 0 && !s.reversed() {
		t.note("%s: the wall clock and the clock of a running process disagree %d times: the wall clock was set, or the machine slept", name, s.clockSteps)
	}
}

func (s *streamView) anyZero() bool {
	for _, z := range s.zeros {
		if z.known {
			return true
		}
	}
	return false
}

func (s *streamView) assumeLocal(t *Timeline, name string) {
	if !s.hasLocal && !s.todLocal {
		return
	}
	if s.yearGuess {
		t.note("%s has local times without a year and nothing that bounds it: absolute times are unknown", name)
		return
	}
	if s.year != 0 && (!s.dated || s.onlyLocal) {
		t.note("%s: local times without a year are put into %d, the latest year that the age of the input allows", name, s.year)
	}
	if t.view.zone != nil {
		t.note("%s: local times are read in %s, as given", name, t.view.zone)
		return
	}
	z, ok := zoneAt(s.zones, s.localLine)
	switch {
	case ok:
		t.note("%s: local times are UTC%s, from the lines next to them", name, offsetText(z))
	case s.hasLocal && !s.localKnown:
		t.note("%s has local times of a zone that nothing in it shows: they are left unknown; --tz gives the zone", name)
	}
	n := 0
	for _, r := range s.zones {
		if r.votes >= 2 {
			n++
		}
	}
	if n > 1 {
		t.note("%s: the offset of local times changes %d times (daylight saving, or containers of different zones)", name, n-1)
	}
}

func offsetText(z int64) string {
	sign := '+'
	if z < 0 {
		sign, z = '-', -z
	}
	return fmt.Sprintf("%c%02d:%02d", sign, z/hour, z%hour/minute)
}

func (s *streamView) assumeElapsed(t *Timeline, name string) {
	var gst, known int
	var fuzz int64
	for i := range s.segments {
		if s.segments[i].kind != logline.ClockGStreamer {
			continue
		}
		gst++
		if s.zeros[i].known {
			known++
			fuzz = max(fuzz, s.zeros[i].fuzz)
		}
	}
	if s.transport || gst == 0 {
		return
	}
	if known > 0 {
		t.note("%s: GStreamer's elapsed times are anchored to the lines around them, within %v at worst", name, time.Duration(fuzz).Round(time.Millisecond))
	}
	if known < gst {
		t.note("%s: %d of %d GStreamer clocks have no anchor", name, gst-known, gst)
	}
}
