package clock

import (
	"strings"
	"time"

	"wolfdiag/analyze/logline"
)

// Options holds what is known of clocks from outside the log. The zero value
// knows nothing.
type Options struct {
	Zone *time.Location // zone of local times; nil: inferred from neighbouring lines
	Date time.Time      // UTC date of the first undated line of each input; zero: not given
	Now  time.Time      // bounds years that a log leaves out; zero: the inputs' modification times only
}

// Dropped counts what was summarised away to keep memory bounded.
type Dropped struct {
	Lines  int64 // of services beyond the limit: they have no clock of their own
	Knots  int64 // clock samples thinned out
	Clocks int64 // elapsed-clock segments of the distant past
}

// Collector takes clock readings as they pass. It is not safe for concurrent use.
// The lines of one input should come in their order; inputs may be mixed. What it
// keeps is bounded, whatever it is fed.
type Collector struct {
	o       Options
	inputs  map[int32]*input
	streams map[streamKey]*stream
	order   []*stream
	starts  []int64 // known starts of Wolf, sorted
	beyond  int64   // lines of services beyond the limit

	lastLine streamKey // whose stream is lastHit
	lastHit  *stream
}

// New returns an empty Collector.
func New(o Options) *Collector {
	return &Collector{o: o, inputs: make(map[int32]*input), streams: make(map[streamKey]*stream)}
}

// overflowService is the stream of the services beyond maxStreams.
const overflowService = "\x00more"

type input struct {
	name    string
	modTime time.Time
}

type streamKey struct {
	input   int32
	service string
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
			c.beyond++
			return c.stream(index, overflowService)
		}
		c.input(index)
		k.service = Clip(service)
		s = &stream{id: int32(len(c.order)), input: index, service: k.service, big: len(c.order) < bigStreams}
		s.spacing = firstSpacing
		c.streams[k] = s
		c.order = append(c.order, s)
	}
	c.lastLine, c.lastHit = k, s
	return s
}

// Stream returns the number of the stream of a service in an input, making it.
func (c *Collector) Stream(index int32, service string) int32 { return c.stream(index, service).id }

// Read follows the clocks of a line and returns its moment; for a line without
// any clock that of the line before, and its neighbours are kept. It sets the
// line's service to that of its stream. fresh says that the stream has shown no
// clock so far.
func (c *Collector) Read(r *Reading) (m Moment, fresh bool) {
	s := c.stream(r.Input, r.Service)
	r.Service = s.service
	if r.Outer.Kind == logline.ClockNone && r.Inner.Kind == logline.ClockNone {
		s.neighbours()
		return s.place(r.Line, false, false, -1), !s.hasLast
	}
	return s.read(r, c.o.Zone, c.limit(r.Input)), false
}

// Now is the moment of the last line of a stream. The line at hand will be placed
// by it, so its neighbours are kept.
func (c *Collector) Now(stream int32) Moment {
	s := c.order[stream]
	s.neighbours()
	return s.place(0, false, false, -1)
}

// Process is one run of a process's clock: its number, in the order of the log
// and never 0, what it showed last, and whether it goes on with the process of
// the run before.
type Process struct {
	Number  int32
	Elapsed time.Duration
	Stepped bool
}

// Process returns the run of GStreamer's clock that the line belongs to that was
// read last.
func (c *Collector) Process(r *Reading) (Process, bool) {
	s := c.stream(r.Input, r.Service)
	id, ok := s.current[segmentKey{logline.ClockGStreamer, r.PID}]
	if !ok || id < s.evicted {
		return Process{}, false
	}
	g := &s.segments[id-s.evicted]
	return Process{Number: int32(refElapsed) + id, Elapsed: time.Duration(g.last), Stepped: g.stepped}, true
}

// Started notes a start banner of Wolf at a moment of its own stream.
func (c *Collector) Started(stream int32, m Moment, line int64) {
	if m.ref == refWall && m.stream == stream {
		c.order[stream].start(m.rel, line)
	}
}

// Dropped returns what was summarised away so far.
func (c *Collector) Dropped() Dropped {
	d := Dropped{Lines: c.beyond}
	for _, s := range c.order {
		d.Knots += s.thinned
		d.Clocks += s.dropped
	}
	return d
}

// Clip bounds a text that is kept, and frees what it was cut from.
func Clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.Clone(s[:maxText])
}
