// Package timeline puts a log onto one UTC line and cuts it into lifetimes of the
// Wolf process and the sessions inside them.
//
// It is the facade of its rooms: clock follows the clocks of lines and says when one
// was written, lifetime cuts the events into lifetimes and sessions, leak tests
// whether failures come with accumulation, groups compares groups of sessions.
//
// What cannot be known stays unknown: an Instant without a Time still has a
// place on its axis, so that order and durations work without a date.
package timeline

import (
	"time"

	"wolfdiag/analyze/timeline/clock"
	"wolfdiag/analyze/timeline/groups"
	"wolfdiag/analyze/timeline/leak"
	"wolfdiag/analyze/timeline/lifetime"
)

// Options holds what is known from outside the log. The zero value knows nothing.
type Options struct {
	Zone   *time.Location // zone of local times; nil: inferred from neighbouring lines
	Date   time.Time      // UTC date of the first undated line of each input; zero: not given
	Starts []time.Time    // times at which Wolf is known to have started (docker StartedAt, dump names)
	Dumps  []time.Time    // times in names of crash dumps: starts that followed a crash; implies Starts
	Now    time.Time      // bounds years that a log leaves out; zero: the inputs' modification times only
}

// Collector takes clock readings and events as they pass. It is not safe for
// concurrent use. The lines of one input should come in their order; inputs
// may be mixed. What it keeps is bounded, whatever it is fed.
type Collector struct {
	clocks    *clock.Collector
	lifetimes *lifetime.Collector
}

// New returns an empty Collector.
func New(o Options) *Collector {
	clocks := clock.New(clock.Options{Zone: o.Zone, Date: o.Date, Now: o.Now})
	c := &Collector{clocks: clocks, lifetimes: lifetime.New(clocks)}
	for _, t := range o.Dumps {
		c.KnownCrash(t)
	}
	c.KnownStarts(o.Starts...)
	return c
}

// StartInput names an input before its lines come. modTime, when it is not
// zero, bounds the years that its lines leave out.
func (c *Collector) StartInput(index int32, name string, modTime time.Time) {
	c.clocks.StartInput(index, name, modTime)
}

// KnownStarts adds times at which Wolf is known to have started, as
// Options.Starts does, for what is learnt while the inputs are read.
func (c *Collector) KnownStarts(starts ...time.Time) { c.clocks.KnownStarts(starts...) }

// KnownCrash adds a start that followed a crash (the time in a dump's name),
// as Options.Dumps does.
func (c *Collector) KnownCrash(start time.Time) {
	c.clocks.KnownStarts(start)
	c.lifetimes.KnownCrash(start)
}

// Clock takes the clocks of a line: of one that matters, and of a sample of
// the others. A line without any clock is noted so that its neighbours are kept.
func (c *Collector) Clock(r Reading) { c.lifetimes.Clock(r) }

// Event takes a lifecycle event. Its clocks are read as by Clock.
func (c *Collector) Event(e Event) { c.lifetimes.Event(e) }

// Element notes that a GStreamer element of this name exists: nvh265enc10 says
// that eleven of its type were made in this lifetime. Names without a number
// are ignored.
func (c *Collector) Element(r Reading, name string) { c.lifetimes.Element(r, name) }

// Wolf tells that a line of this service can only be Wolf's own: the service is
// Wolf, whatever its name. What was read of its first start until now counts.
// It is cheap when that is known already.
func (c *Collector) Wolf(service string) { c.lifetimes.Wolf(service) }

// Resolve returns the Timeline of what was read so far. Its cost depends on
// what is kept, which is bounded, not on the length of the log.
func (c *Collector) Resolve() *Timeline { return c.lifetimes.Resolve() }

// Times returns a Timeline without lifetimes and sessions, for At alone. It
// costs less than Resolve.
func (c *Collector) Times() *Timeline { return c.lifetimes.Times() }

// What a Collector takes, and the Timeline that it resolves to.
type (
	// Reading is what one record says about time.
	Reading = clock.Reading
	// Pos is a place in the input.
	Pos = clock.Pos
	// Event is one lifecycle event of the log.
	Event = lifetime.Event
	// Timeline is the resolved view of what a Collector has seen.
	Timeline = lifetime.History
	// Instant is a point in time as well as it is known.
	Instant = clock.Instant
	// How says where a time comes from.
	How = clock.How
	// Lifetime is one run of the Wolf process. The five after it are parts of it: how
	// it ended, its sessions, clients in trouble, its failures, what the window cuts off.
	Lifetime    = lifetime.Lifetime
	Ending      = lifetime.Ending
	Counted     = lifetime.Counted
	ClientSigns = lifetime.ClientSigns
	Failing     = lifetime.Failing
	Clipped     = lifetime.Clipped
	// EndKind says how a lifetime ended.
	EndKind = lifetime.EndKind
	// Element is the highest number seen of one type of GStreamer element.
	Element = lifetime.Element
	// Session is one client's stream, as far as the log shows it.
	Session = lifetime.Session
	// Failure is the start of one failure episode.
	Failure = lifetime.Failure
	// Loop is a run of lifetimes that each ended soon after their start.
	Loop = lifetime.Loop
	// Dropped counts what was summarised away to keep memory bounded.
	Dropped = lifetime.Dropped
	// Leak is the outcome of the accumulation test.
	Leak = leak.Leak
	// Breakdown compares how often the sessions of groups failed.
	Breakdown = groups.Breakdown
)

// The ways a time is obtained, best first; see package clock.
const (
	Transport    = clock.Transport
	Dated        = clock.Dated
	CarriedDate  = clock.CarriedDate
	GivenDate    = clock.GivenDate
	GivenZone    = clock.GivenZone
	ZoneInferred = clock.ZoneInferred
	Anchored     = clock.Anchored
	Interpolated = clock.Interpolated
	Unknown      = clock.Unknown
)

// The kinds of end; see package lifetime.
const (
	EndCrash   = lifetime.EndCrash
	EndClean   = lifetime.EndClean
	EndKilled  = lifetime.EndKilled
	EndRunning = lifetime.EndRunning
	EndUnknown = lifetime.EndUnknown
)

// JustStarted is how far an elapsed clock may stand so that its line is still of
// the start of the process.
const JustStarted = lifetime.JustStarted

// Proves reports whether the number in the name of a GStreamer element tells how many
// sessions there were; see package lifetime.
func Proves(element []byte) bool { return lifetime.Proves(element) }

// ShowsWork reports whether events of a kind are of Wolf at work; see package
// lifetime.
func ShowsWork(kind string) bool { return lifetime.ShowsWork(kind) }
