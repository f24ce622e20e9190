package timeline

import (
	"strings"
	"time"

	"wolfdiag/analyze/logline"
)

// overflowService is the stream of the services beyond maxStreams.
const overflowService = "\x00more"

// Collector takes clock readings and events as they pass. It is not safe for
// concurrent use. The lines of one input should come in their order; inputs
// may be mixed. What it keeps is bounded, whatever it is fed.
type Collector struct {
	o        Options
	inputs   map[int32]*input
	streams  map[streamKey]*stream
	order    []*stream
	builders []*builder
	starts   []int64              // known starts of Wolf, sorted
	crashes  []int64              // known starts that followed a crash, sorted
	learned  map[string]bool      // services that turned out to be Wolf
	waiting  map[string][]waiting // events of services that are not known to be Wolf
	lastWolf string               // see Wolf
	lastLine streamKey
	lastHit  *stream
	dropped  Dropped
}

type input struct {
	name    string
	modTime time.Time
	builder *builder // the one that was last active
}

type streamKey struct {
	input   int32
	service string
}

// New returns an empty Collector.
func New(o Options) *Collector {
	c := &Collector{o: o, inputs: make(map[int32]*input), streams: make(map[streamKey]*stream), learned: make(map[string]bool)}
	for _, t := range o.Dumps {
		c.KnownCrash(t)
	}
	c.KnownStarts(o.Starts...)
	return c
}

// StartInput names an input before its lines come. modTime, when it is not
// zero, bounds the years that its lines leave out.
func (c *Collector) StartInput(index int32, name string, modTime time.Time) {
	in := c.input(index)
	in.name, in.modTime = name, modTime
}

func (c *Collector) input(index int32) *input {
	in := c.inputs[index]
	if in == nil {
		in = &input{}
		c.inputs[index] = in
	}
	return in
}

// limit is the latest time that lines of an input can carry.
func (c *Collector) limit(index int32) time.Time {
	if in := c.inputs[index]; in != nil && !in.modTime.IsZero() {
		return in.modTime
	}
	return c.o.Now
}

func (c *Collector) stream(index int32, service string) *stream {
	k := streamKey{index, service}
	if c.lastHit != nil && k == c.lastLine {
		return c.lastHit
	}
	s := c.streams[k]
	if s == nil {
		if len(c.order) >= maxStreams && service != overflowService {
			c.dropped.Streams++
			return c.stream(index, overflowService)
		}
		c.input(index)
		k.service = clip(service)
		s = &stream{id: int32(len(c.order)), input: index, service: k.service, big: len(c.order) < bigStreams, spacing: firstSpacing}
		c.streams[k] = s
		c.order = append(c.order, s)
	}
	c.lastLine, c.lastHit = k, s
	return s
}

// clip bounds a text that is kept, and frees what it was cut from.
func clip(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	return strings.Clone(s)
}

// Clock takes the clocks of a line: of one that matters, and of a sample of
// the others. A line without any clock is noted so that its neighbours are kept.
func (c *Collector) Clock(r Reading) { c.read(&r) }

// read follows the clocks of a line and returns its moment.
func (c *Collector) read(r *Reading) moment {
	s := c.stream(r.Input, r.Service)
	r.Service = s.service
	if r.Outer.Kind == logline.ClockNone && r.Inner.Kind == logline.ClockNone {
		s.neighbours()
		s.version++
		if in := c.inputs[r.Input]; !s.hasLast && in.builder != nil && in.builder.service != s.service {
			return c.now(in.builder)
		}
		return s.place(r.Line, false, false, -1)
	}
	m := s.read(r, c.o.Zone, c.limit(r.Input))
	if !shows(r.Inner) || !c.wolf(r.Service) {
		return m
	}
	b := c.builder(r.Input, r.Service)
	if r.Inner.Kind == logline.ClockGStreamer {
		if id, ok := s.current[segmentKey{logline.ClockGStreamer, r.PID}]; ok && id >= s.evicted {
			b.gstreamer(r, m, refElapsed+ref(id), &s.segments[id-s.evicted])
		}
	}
	b.seen(r, m)
	return m
}

// now is the moment of the last line of a builder's own stream.
func (c *Collector) now(b *builder) moment {
	s := c.order[b.streamID]
	s.neighbours()
	return s.place(0, false, false, -1)
}

// wolf reports whether the lines of a service are Wolf's. Lines of no service
// are taken for Wolf's.
func (c *Collector) wolf(service string) bool {
	return service == "" || isWolf(service) || c.learned[service]
}

// builder returns the builder of a Wolf service of an input, making it.
func (c *Collector) builder(index int32, service string) *builder {
	in := c.input(index)
	if b := in.builder; b != nil && (b.service == service) {
		return b
	}
	for _, b := range c.builders {
		if b.input == index && b.service == service {
			in.builder = b
			return b
		}
	}
	if service == "" && in.builder != nil {
		return in.builder // a line without prefix between lines with one
	}
	b := &builder{input: index, service: service, streamID: c.stream(index, service).id}
	// In the order of the inputs, also when these come interleaved.
	c.builders = append(c.builders, b)
	for i := len(c.builders) - 1; i > 0 && c.builders[i-1].input > index; i-- {
		c.builders[i-1], c.builders[i] = b, c.builders[i-1]
	}
	in.builder = b
	return b
}

// Event takes a lifecycle event. Its clocks are read as by Clock.
func (c *Collector) Event(e Event) {
	e.Session, e.Container, e.Extra = clip(e.Session), clip(e.Container), clip(e.Extra)
	e.Pattern, e.Code = clip(e.Pattern), clip(e.Code)
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

// take gives an event to the builder it is for.
func (c *Collector) take(b *builder, ev *Event, m moment) {
	e := *ev
	s := c.order[b.streamID]
	if e.Kind == "wolf-start" && m.ref == refWall && m.stream == s.id {
		s.start(m.rel, e.Line)
	}
	b.event(&e, m)
	if len(b.raw) < maxAttempts {
		b.raw = append(b.raw, e)
	} else {
		b.raw, b.tooMany = b.raw[:0:0], true
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
			if b := c.inputs[e.Input].builder; b != nil && (name != e.Service || b.service == "") {
				return b
			}
		}
		return c.builder(e.Input, clip(name))
	}
	if !c.wolf(e.Service) {
		return nil
	}
	return c.builder(e.Input, e.Service)
}

// Element notes that a GStreamer element of this name exists: nvh265enc10 says
// that eleven of its type were made in this lifetime. Names without a number
// are ignored.
func (c *Collector) Element(r Reading, name string) {
	kind, n, ok := numbered(name)
	if !ok || !c.wolf(r.Service) {
		return
	}
	m := c.read(&r)
	c.builder(r.Input, r.Service).element(&r, m, kind, n)
}
