// Package timeline brings the clocks of a log onto one UTC line and cuts it
// into lifetimes of the Wolf process and the sessions inside them.
//
// One stream of Wolf output carries up to seven clocks: the transport's, dated
// UTC (Rust tracing), UTC time of day (Wolf), local dated and undated times
// (container scripts, GLib), and elapsed times that start again with every
// process (GStreamer, sway, the kernel). A Collector reads them as they pass
// and keeps a summary of bounded size; Resolve turns the summary into a
// Timeline at any moment.
//
// What cannot be known stays unknown: an Instant without a Time still has a
// place on its axis, so that order and durations work without a date.
package timeline

import (
	"time"

	"wolfdiag/analyze/logline"
)

// Pos is a place in the input: the index of the input and the 1-based physical
// line inside it.
type Pos struct {
	Input int32
	Line  int64
}

// Before reports whether p stands before q when inputs are read in their order.
func (p Pos) Before(q Pos) bool {
	if p.Input != q.Input {
		return p.Input < q.Input
	}
	return p.Line < q.Line
}

// Reading is what one record says about time. Both stamps may be none.
type Reading struct {
	Pos
	Service      string // compose service, container or journal identifier; "" when unknown
	PID          int    // process id, 0 when unknown
	Outer, Inner logline.Stamp
}

// timed reports whether the line has a clock of its own.
func (r *Reading) timed() bool {
	return r.Outer.Kind != logline.ClockNone || r.Inner.Kind != logline.ClockNone
}

// Since is the time from an earlier reading to r by a clock that both have.
func (r Reading) Since(earlier Reading) (time.Duration, bool) {
	if r.Outer.Kind != logline.ClockNone && r.Outer.Kind == earlier.Outer.Kind {
		return time.Duration(r.Outer.Nanos - earlier.Outer.Nanos), true
	}
	if r.Inner.Kind != logline.ClockNone && r.Inner.Kind == earlier.Inner.Kind {
		return time.Duration(r.Inner.Nanos - earlier.Inner.Nanos), true
	}
	return 0, false
}

// Event is one lifecycle event of the log.
type Event struct {
	Reading
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

// Options holds what is known from outside the log. The zero value knows nothing.
type Options struct {
	Zone   *time.Location // zone of local times; nil: inferred from neighbouring lines
	Date   time.Time      // UTC date of the first undated line of each input; zero: not given
	Starts []time.Time    // times at which Wolf is known to have started (docker StartedAt, dump names)
	Dumps  []time.Time    // times in names of crash dumps: starts that followed a crash; implies Starts
	Now    time.Time      // bounds years that a log leaves out; zero: the inputs' modification times only
}

// How says where a time comes from, best first.
type How string

// The ways a time is obtained.
const (
	Transport    How = "transport"     // the transport's dated UTC stamp
	Dated        How = "dated"         // the message's own dated UTC stamp
	CarriedDate  How = "carried-date"  // UTC time of day; the date comes from dated lines of the same stream
	GivenDate    How = "given-date"    // UTC time of day; the date comes from --date
	GivenZone    How = "given-zone"    // local time; the zone was given
	ZoneInferred How = "zone-inferred" // local time; the zone was found from neighbouring lines
	Anchored     How = "anchored"      // elapsed time; its zero was found from neighbours or known starts
	Interpolated How = "interpolated"  // no clock: between the neighbouring lines that have one
	Unknown      How = "unknown"
)

// Instant is a point in time as well as it is known.
type Instant struct {
	Time        time.Time     // UTC; zero when unknown
	How         How           // where Time comes from; for an unknown Time, Unknown
	Uncertainty time.Duration // Time is right within about this much
	// Rel is the time on a relative axis; it means something together with the
	// Rel of an Instant of the same non-zero Axis, also when Time is unknown.
	Rel  time.Duration
	Axis int32
}

// Known reports whether the instant has an absolute time.
func (i Instant) Known() bool { return !i.Time.IsZero() }

// Pointer returns the time for a report, nil when it is unknown.
func (i Instant) Pointer() *time.Time {
	if i.Time.IsZero() {
		return nil
	}
	t := i.Time
	return &t
}

// Sub returns i − j. It is false when the two have neither absolute times nor
// an axis in common.
func (i Instant) Sub(j Instant) (time.Duration, bool) {
	switch {
	case i.Axis != 0 && i.Axis == j.Axis:
		return i.Rel - j.Rel, true
	case i.Known() && j.Known():
		return i.Time.Sub(j.Time), true
	}
	return 0, false
}

// EndKind says how a lifetime ended.
type EndKind string

// The kinds of end.
const (
	EndCrash   EndKind = "crash"
	EndClean   EndKind = "clean"
	EndKilled  EndKind = "killed"
	EndRunning EndKind = "running" // the log ends first
	EndUnknown EndKind = "unknown" // the next start came without a word about the end
)

// Lifetime is one run of the Wolf process. Numbers that are not known are -1.
type Lifetime struct {
	First, Last  Pos // first and last line that belong to it
	Server       int // which server's log: lifetimes of one server do not overlap
	Service      string
	Start, End   Instant // End of a running lifetime: the last time seen in it
	CutStart     bool    // the log begins after its start
	EndKind      EndKind
	ExitCode     int
	ExitMeaning  string // "11: SIGSEGV in Wolf", "" when there is no code
	Version      string // GStreamer version of the start banner
	Sessions     int
	CountedBy    string // the method that counted them, "" when unknown
	LowerBound   bool   // Sessions is at least that many
	Peak         int    // most sessions live at once, -1 when stops are not logged
	Interrupted  int    // sessions whose container had neither stopped nor been paused at the end
	Immediate    int    // containers that ended within 10 s of their start without anybody stopping them
	Reconnects   int    // times a client came back for the fifth time in a minute, or for the third when it left within seconds each time
	ReconnectPos Pos    // the first connection of the first such row
	Piled        int    // number of the display at which sessions were seen to pile up, 0 when they were not
	PilePos      Pos    // the first compositor of that row
	Elements     []Element
	Encoders     []string // encoders chosen at start, as logged
	Missing      []string // milestones of a start that did not come

	// Filled by AddFailures.
	Failures            int
	FirstFailure        Instant
	FirstFailurePos     Pos
	FirstFailureSession int // 1-based
	Concurrent          int // sessions live at the first failure, the failing one included

	// Set by Within.
	CutBefore bool // the window begins after its start: what came before is not counted
	CutEnd    bool // the window ends before it does

	told    Pos     // the line of this start that tells of the crash of the life before
	exit    Pos     // the first line that tells of its exit
	firstAt Instant // of a lifetime cut at its start: when its first line was written
	until   Instant // with CutEnd: the end of the window
	watched int     // with CutEnd: sessions that started before the end of the window
	untimed bool    // Start and End contradicted each other
	reached milestoneSet
	failed  bool // FirstFailure is set
}

// Element is the highest number seen of one type of GStreamer element: N of
// nvh265enc10 is 10, so that at least 11 were made.
type Element struct {
	Type string
	Max  int
}

// Session is one client's stream, as far as the log shows it.
type Session struct {
	ID         string // session id, "" when the log names none
	Container  string
	App        string // xfce, sway, steam, …: from the container's name
	Encoder    string
	Resolution string // "1920x1080"
	Lifetime   int    // index into Lifetimes
	Number     int    // 1-based within its lifetime
	Concurrent int    // live sessions when it started, itself included; -1 unknown
	Pos        Pos
	Start      Instant
	Stop       Instant // How "" while it runs or when its stop was not seen
	Stopped    bool
	Failed     bool // filled by AddFailures
	Outside    bool // of the window; filled by Within

	numbered bool // shown by the number of an element alone: not every session is
}

// Failure is the start of one failure episode.
type Failure struct {
	Reading
	Instant Instant
	Session string // session id when the episode names one

	death bool // it is the end of the process itself
}

// Dropped counts what was summarised away to keep memory bounded.
type Dropped struct {
	Streams   int64 // services beyond the limit: their lines have no clock of their own
	Knots     int64 // clock samples thinned out
	Clocks    int64 // elapsed-clock segments of the distant past
	Lifetimes int64 // oldest lifetimes
	Sessions  int64 // details of sessions; they still count
	Elements  int64 // element types beyond the limit
}

// Loop is a run of lifetimes that each ended soon after their start.
type Loop struct {
	FirstLifetime, LastLifetime int             // indexes into Lifetimes
	TimesToDeath                []time.Duration // where known
	Same                        bool            // all ended the same way, missing the same milestones
}
