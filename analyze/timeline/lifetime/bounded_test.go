package lifetime

import (
	"fmt"
	"testing"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline/clock"
)

// TestBounded feeds thousands of lifetimes with many sessions each.
func TestBounded(t *testing.T) {
	t.Parallel()
	c := New(clock.New(clock.Options{}))
	at := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	line := int64(0)
	for i := range 40_000 {
		line += 100
		at = at.Add(time.Duration(60+i%977) * time.Second)
		r := clock.Reading{Pos: clock.Pos{Line: line}, Inner: logline.Stamp{Kind: logline.ClockUTC, Nanos: at.UnixNano()}}
		e := Event{Reading: r, Kind: "container-start", Container: fmt.Sprint("/WolfXFCE_", i)}
		if i%11 == 0 {
			e.Kind, e.Pattern = "wolf-start", "wolf-start-gst"
		}
		c.Event(e)
		c.Element(r, fmt.Sprint("type", i, "x", i))
		c.KnownCrash(at)
		e.Service, e.Kind = fmt.Sprint("svc-", i), "wolf-milestone"
		c.Event(e)
	}
	attempts, drafts, elements := 0, 0, 0
	for _, b := range c.builders {
		attempts += len(b.attempts) + len(b.raw)
		drafts += len(b.drafts)
		for _, l := range b.drafts {
			elements = max(elements, len(l.elements))
		}
	}
	if attempts > 3*maxAttempts || drafts > maxLifetimes+8 || elements > maxElements {
		t.Errorf("kept %d attempts, %d lifetimes, %d elements in one", attempts, drafts, elements)
	}
	if len(c.crashes) > maxCrashes || len(c.waiting) > maxLearned {
		t.Errorf("kept %d crashes, events of %d services", len(c.crashes), len(c.waiting))
	}
	if d := c.Resolve().Dropped; d.Lifetimes == 0 || d.Sessions == 0 {
		t.Errorf("dropped = %+v, want lifetimes and sessions counted", d)
	}
}
