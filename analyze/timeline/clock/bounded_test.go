package clock

import (
	"fmt"
	"testing"
	"time"

	"wolfdiag/analyze/logline"
)

// TestBounded feeds years of restarts in thousands of services.
func TestBounded(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	at := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	line := int64(0)
	for i := range 60_000 {
		line += 100
		at = at.Add(time.Duration(60+i%977) * time.Second)
		tod := logline.Stamp{Kind: logline.ClockUTCTimeOfDay, Nanos: mod(at.UnixNano(), Day)}
		for _, r := range []Reading{
			{Pos: Pos{0, line}, Service: fmt.Sprint("svc-", i%3000), Inner: tod},
			{Pos: Pos{0, line + 1}, PID: i, Inner: logline.Stamp{Kind: logline.ClockGStreamer, Nanos: int64(i%90) * Second}},
			{Pos: Pos{0, line + 2}, Inner: tod},
			{Pos: Pos{0, line + 3}},
		} {
			c.Read(&r)
		}
	}
	knots, segments := 0, 0
	for _, s := range c.order {
		knots += len(s.knots)
		segments += len(s.segments)
	}
	if len(c.order) > maxStreams+1 || knots > bigStreams*maxKnots+maxStreams*maxKnotsSmall || segments > maxSegments+maxStreams*maxSegmentsLow {
		t.Errorf("kept %d streams, %d knots, %d segments", len(c.order), knots, segments)
	}
	if d := c.Dropped(); d.Lines == 0 || d.Knots == 0 || d.Clocks == 0 {
		t.Errorf("dropped = %+v, want all counted", d)
	}
	for range 2 * maxKnown {
		at = at.Add(time.Hour)
		c.KnownStarts(at)
	}
	if len(c.starts) != maxKnown {
		t.Errorf("%d known starts are kept, want %d", len(c.starts), maxKnown)
	}
}
