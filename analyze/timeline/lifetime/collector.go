package lifetime

import (
	"slices"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline/clock"
)

// Collector takes the lifecycle events of a log as they pass, with the clocks of
// its lines. It is not safe for concurrent use. What it keeps is bounded.
type Collector struct {
	clocks   *clock.Collector
	builders []*builder
	active   map[int32]*builder   // by input: the one that was last active
	crashes  []int64              // known starts that followed a crash, sorted
	learned  map[string]bool      // services that turned out to be Wolf
	waiting  map[string][]waiting // events of services that are not known to be Wolf
	lastWolf string               // see Wolf
	event    Event                // the one at hand
}

// New returns an empty Collector that reads its clocks with clocks.
func New(clocks *clock.Collector) *Collector {
	return &Collector{clocks: clocks, active: make(map[int32]*builder), learned: make(map[string]bool)}
}

// Clock takes the clocks of a line.
func (c *Collector) Clock(r clock.Reading) { c.read(&r) }

// read follows the clocks of a line and returns its moment.
func (c *Collector) read(r *clock.Reading) clock.Moment {
	m, fresh := c.clocks.Read(r)
	if !r.Timed() {
		if b := c.active[r.Input]; fresh && b != nil && b.service != r.Service {
			return c.clocks.Now(b.streamID)
		}
		return m
	}
	if !shows(r.Inner) || !c.wolf(r.Service) {
		return m
	}
	b := c.builder(r.Input, r.Service)
	if r.Inner.Kind == logline.ClockGStreamer {
		if p, ok := c.clocks.Process(r); ok {
			b.gstreamer(r, m, p)
		}
	}
	b.seen(r, m)
	return m
}

// wolf reports whether the lines of a service are Wolf's. Lines of no service
// are taken for Wolf's.
func (c *Collector) wolf(service string) bool {
	return service == "" || isWolf(service) || c.learned[service]
}

// builder returns the builder of a Wolf service of an input, making it.
func (c *Collector) builder(index int32, service string) *builder {
	last := c.active[index]
	if last != nil && last.service == service {
		return last
	}
	for _, b := range c.builders {
		if b.input == index && b.service == service {
			c.active[index] = b
			return b
		}
	}
	if service == "" && last != nil {
		return last // a line without prefix between lines with one
	}
	b := &builder{input: index, service: service, streamID: c.clocks.Stream(index, service)}
	// In the order of the inputs, also when these come interleaved.
	c.builders = append(c.builders, b)
	for i := len(c.builders) - 1; i > 0 && c.builders[i-1].input > index; i-- {
		c.builders[i-1], c.builders[i] = b, c.builders[i-1]
	}
	c.active[index] = b
	return b
}

// take gives an event to the builder it is for.
func (c *Collector) take(b *builder, ev *Event, m clock.Moment) {
	c.event = *ev
	e := &c.event
	if e.Kind == "wolf-start" {
		c.clocks.Started(b.streamID, m, e.Line)
	}
	b.event(e, m)
	switch {
	case b.tooMany:
	case len(b.raw) < maxAttempts:
		b.raw = append(b.raw, *e)
	default:
		b.raw, b.tooMany = nil, true
	}
}

// ownerOf returns the builder an event is for, nil when it is not about Wolf.
func (c *Collector) ownerOf(e *Event) *builder {
	switch e.Kind {
	case "app-container-init", "nested-start":
		return nil
	case "wolf-exit":
		// The name a status line is about decides, not the stream it stands in.
		name := e.Container
		if name == "" {
			name = e.Service
		}
		if !c.wolf(name) {
			return nil
		}
		if name != "" {
			for _, b := range c.builders {
				if b.input == e.Input && b.service == name {
					return b
				}
			}
			// Compose names the container in its own line also where the others
			// have no prefix (--no-log-prefix).
			if b := c.active[e.Input]; b != nil && (name != e.Service || b.service == "") {
				return b
			}
		}
		return c.builder(e.Input, clock.Clip(name))
	}
	if !c.wolf(e.Service) {
		return nil
	}
	return c.builder(e.Input, e.Service)
}

// maxCrashes bounds the known crashes; what comes beyond is ignored.
const maxCrashes = 4096

// KnownCrash adds a start of Wolf that followed a crash.
func (c *Collector) KnownCrash(start time.Time) {
	v := start.UnixNano()
	if i, found := slices.BinarySearch(c.crashes, v); !found && len(c.crashes) < maxCrashes {
		c.crashes = slices.Insert(c.crashes, i, v)
	}
}
