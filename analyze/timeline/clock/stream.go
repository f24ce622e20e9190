package clock

// Limits of what is kept, so that memory does not grow with the log.
const (
	maxText         = 160 // bytes of a name
	maxStreams      = 1024
	bigStreams      = 16 // the first streams may keep more than the others
	maxKnots        = 4096
	maxKnotsSmall   = 256
	maxSegments     = 2048
	maxSegmentsLow  = 64
	maxZoneRuns     = 64
	firstSpacing    = 2 * Second
	maxSpacing      = 12 * Hour // a time of day must be placed by its neighbours
	interleaving    = Second    // threads write this much out of order
	contradiction   = 5 * Second
	adjacent        = 90 * Second // how far apart neighbours that calibrate a zone may be
	wrapBack        = 12 * Hour   // a time of day going back further than this is the next day
	crossMidnight   = 10 * Minute // a line of the day before, written late
	bannerLines     = 300         // lines between a banner and the first reading of its clock
	ambiguousSilent = Minute      // a step back of this up to wrapBack has two readings
)

// A stream is the lines of one service in one input. Its clocks are followed
// as the lines pass; see read.
type stream struct {
	id      int32
	input   int32
	service string
	big     bool

	firstLine, lastLine int64

	wallAxis
	localAxis
	zoneVotes
	elapsedClocks
	readings
}

func (s *stream) limits() (knots, segments int) {
	if s.big {
		return maxKnots, maxSegments
	}
	return maxKnotsSmall, maxSegmentsLow
}

// disordered reports whether lines do not come in the order of their times.
func (s *stream) disordered() bool { return s.backs >= 3 && s.backs*5 >= s.steps || s.reversed() }

// reversed reports whether the newest line comes first, as from journalctl -r
// or tac.
func (s *stream) reversed() bool { return s.steps >= 8 && s.falls*10 >= s.steps*9 }
