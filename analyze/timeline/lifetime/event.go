package lifetime

import (
	"strings"

	"wolfdiag/analyze/timeline/clock"
)

// Event is one lifecycle event of the log.
type Event struct {
	clock.Reading
	Kind      string // a key of patterns.Events
	Pattern   string // id of the pattern that matched
	Session   string // capture session (or lobby)
	Container string // capture container, or the name a compose status line is about
	Code      string // capture code
	// Extra is the one other capture that matters: the step of a
	// wolf-milestone, the version of wolf-start, the signal of wolf-exit, the
	// codec of encoder-found (its encoder is in Container), the size of video-mode ("1920x1080", and the
	// rate after an x or @ if there is one).
	Extra string
}

// ShowsWork reports whether events of a kind are of Wolf at work: a start that
// got somewhere, a client, a session. Ends of Wolf and what its containers say
// are none.
func ShowsWork(kind string) bool {
	switch kind {
	case "", "setup", "app-container-init", "nested-start", "wolf-exit", "wolf-crash-before":
		return false
	}
	return true
}

// Event takes a lifecycle event. Its clocks are read as by Clock.
func (c *Collector) Event(e Event) {
	e.Session, e.Container, e.Extra = clock.Clip(e.Session), clock.Clip(e.Container), clock.Clip(e.Extra)
	e.Pattern, e.Code = clock.Clip(e.Pattern), clock.Clip(e.Code)
	if e.Kind == "wolf-start" && e.Service != "" && !isWolf(e.Service) &&
		!strings.Contains(e.Pattern, "gow") && !strings.Contains(e.Pattern, "root") {
		c.Wolf(e.Service)
	}
	m := c.read(&e.Reading)
	b := c.ownerOf(&e)
	if b == nil {
		c.wait(&e, m)
		return
	}
	c.take(b, &e, m)
}
