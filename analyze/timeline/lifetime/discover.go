package lifetime

import (
	"wolfdiag/analyze/timeline/clock"
)

const (
	maxLearned = 64 // services that are learnt to be Wolf, and ones that may yet be
	maxWaiting = 16 // events kept of each of these
)

// waiting is an event of a service that may turn out to be Wolf.
type waiting struct {
	event Event
	at    clock.Moment
}

// Wolf tells that a line of this service can only be Wolf's own: the service is
// Wolf, whatever its name. What was read of its first start until now counts.
// It is cheap when that is known already.
func (c *Collector) Wolf(service string) {
	if service == c.lastWolf {
		return
	}
	if !c.wolf(service) {
		if len(c.learned) >= maxLearned {
			return
		}
		service = clock.Clip(service)
		c.learned[service] = true
		for i := range c.waiting[service] {
			w := &c.waiting[service][i]
			if b := c.ownerOf(&w.event); b != nil {
				c.take(b, &w.event, w.at)
			}
		}
		delete(c.waiting, service)
	}
	c.lastWolf = service
}

// wait keeps the start of a service whose name does not say that it is Wolf:
// the container's own init scripts speak before Wolf does.
func (c *Collector) wait(e *Event, m clock.Moment) {
	switch e.Kind {
	case "wolf-start", "wolf-milestone", "wolf-crash-before":
	default:
		return
	}
	w := c.waiting[e.Service]
	if w == nil && len(c.waiting) >= maxLearned {
		return
	}
	if c.waiting == nil {
		c.waiting = map[string][]waiting{}
	}
	if len(w) == maxWaiting { // the newest: it may be the start after many of another program
		copy(w, w[1:])
		w = w[:maxWaiting-1]
	}
	c.waiting[e.Service] = append(w, waiting{*e, m})
}
