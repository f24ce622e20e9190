package clock

import "wolfdiag/analyze/logline"

// elapsedClocks are the clocks of a stream that count from the start of a process,
// one segment each.
type elapsedClocks struct {
	segments []elapsedSegment
	evicted  int32 // segments dropped from the front
	dropped  int64 // the same, for the report
	current  map[segmentKey]int32
	pending  []int32 // segments read since the last wall reading

	banner     int64 // wall time of the last start banner
	bannerLine int64
	hasBanner  bool
}

type segmentKey struct {
	kind logline.ClockKind
	pid  int
}

// elapsedSegment is one run of a clock that counts from the start of a process.
type elapsedSegment struct {
	kind        logline.ClockKind
	pid         int
	firstLine   int64
	lastLine    int64
	first, last int64
	lastWall    int64 // wall clock at the last reading
	wall        bounds
	local       bounds
	banner      int64 // wall time of the start banner before it
	hasBanner   bool
	touched     bool // read since the last wall reading
	readings    int64
	stepped     bool  // goes on with the process of the segment before
	spread      int64 // by how much the wall clock was set back meanwhile
}

// elapsedZero returns where the clock of g stood at zero on the wall axis.
func (g *elapsedSegment) elapsedZero() (zero, uncertainty int64, ok bool) {
	zero, uncertainty, ok = g.wall.estimate()
	uncertainty += g.spread
	if g.hasBanner && !g.wall.contradicts(g.banner, contradiction) && (!ok || uncertainty > Second) {
		return g.banner, Second, true
	}
	return zero, uncertainty, ok
}
