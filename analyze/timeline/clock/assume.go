package clock

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"wolfdiag/analyze/logline"
)

// Assumptions says what was taken for granted to place the lines in time, stream
// by stream in the order of the inputs, also when these came interleaved.
func (v *View) Assumptions(note func(format string, args ...any)) {
	streams := slices.Clone(v.byID)
	slices.SortStableFunc(streams, func(a, b *streamView) int { return cmp.Compare(a.input, b.input) })
	for _, s := range streams {
		if s.firstLine == 0 && !s.hasWall {
			continue
		}
		name := s.label(v)
		s.assumeWall(note, name)
		s.assumeLocal(v, note, name)
		s.assumeElapsed(note, name)
	}
}

// Label names a stream for people: its input and its service.
func (v *View) Label(stream int32) string { return v.byID[stream].label(v) }

// InputName returns the name of an input, "" when it has none.
func (v *View) InputName(input int32) string {
	if in := v.inputs[input]; in != nil {
		return in.name
	}
	return ""
}

func (s *streamView) label(v *View) string {
	name := v.inputs[s.input].name
	if name == "" {
		name = "input " + strconv.Itoa(int(s.input)+1)
	}
	if s.service != "" && s.service != overflowService {
		name += " (" + s.service + ")"
	}
	return name
}

func (s *streamView) assumeWall(note func(string, ...any), name string) {
	if !s.hasWall {
		if s.hasLast && !s.hasLocal && len(s.segments) > 0 && !s.anyZero() {
			note("%s has only clocks that count from the start of a process and nothing to anchor them: absolute times are unknown", name)
		}
		return
	}
	date := func(rel int64) string { return time.Unix(0, s.wallUTC(rel)).UTC().Format(time.DateOnly) }
	switch {
	case !s.wallKnown:
		note("%s carries times of day but no date: absolute times are unknown, order and durations are not; --date gives the date of the first line", name)
	case s.wallHow == GivenDate:
		note("%s: the first undated line is of %s, as given", name, date(s.wallFirst))
	case s.wallHow == Anchored:
		note("%s: the date %s comes from known start times of Wolf", name, date(s.wallFirst))
	case s.wallHow == CarriedDate:
		note("%s: the date of times of day comes from dated local times next to them, first %s", name, date(s.wallFirst))
	case s.hasTOD && !s.transport:
		note("%s: times of day take their date from the dated lines around them; a step back of more than 12 h is a new day", name)
	}
	if s.carried > 0 {
		note("%s: %d silences of half a day and more were found by the clocks that count from process starts", name, s.carried)
	}
	if s.ambiguous > 0 && !s.disordered() {
		note("%s: time of day goes back by more than a minute %d times, first at line %d: read as a clock set back on the same day; it could also be a long silence, so dates after it are uncertain by a day", name, s.ambiguous, s.ambiguousAt)
	}
	if s.clockSteps > 0 && !s.reversed() {
		note("%s: the wall clock and the clock of a running process disagree %d times: the wall clock was set, or the machine slept", name, s.clockSteps)
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

func (s *streamView) assumeLocal(v *View, note func(string, ...any), name string) {
	if !s.hasLocal && !s.todLocal {
		return
	}
	if s.yearGuess {
		note("%s has local times without a year and nothing that bounds it: absolute times are unknown", name)
		return
	}
	if s.year != 0 && (!s.dated || s.onlyLocal) {
		note("%s: local times without a year are put into %d, the latest year that the age of the input allows", name, s.year)
	}
	if v.zone != nil {
		note("%s: local times are read in %s, as given", name, v.zone)
		return
	}
	z, ok := zoneAt(s.zones, s.localLine)
	switch {
	case ok:
		note("%s: local times are UTC%s, from the lines next to them", name, offsetText(z))
	case s.hasLocal && !s.localKnown:
		note("%s has local times of a zone that nothing in it shows: they are left unknown; --tz gives the zone", name)
	}
	n := 0
	for _, r := range s.zones {
		if r.votes >= 2 {
			n++
		}
	}
	if n > 1 {
		note("%s: the offset of local times changes %d times (daylight saving, or containers of different zones)", name, n-1)
	}
}

func offsetText(z int64) string {
	sign := '+'
	if z < 0 {
		sign, z = '-', -z
	}
	return fmt.Sprintf("%c%02d:%02d", sign, z/Hour, z%Hour/Minute)
}

func (s *streamView) assumeElapsed(note func(string, ...any), name string) {
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
		note("%s: GStreamer's elapsed times are anchored to the lines around them, within %v at worst", name, time.Duration(fuzz).Round(time.Millisecond))
	}
	if known < gst {
		note("%s: %d of %d GStreamer clocks have no anchor", name, gst-known, gst)
	}
}
