// Package lifetime cuts the events of a log into lifetimes of the Wolf process and
// the sessions inside them.
//
// A Collector takes events as they pass and gives each to the builder of its Wolf
// service; a builder cuts them into lifetimes. Resolve turns these into a History:
// a part a builder (part.go), parts that are pieces of one server's log joined
// (servers.go, join.go). What a History is asked later has a file each: place.go,
// failures.go, clip.go, evidence.go, breakdown.go.
package lifetime

import (
	"time"

	"wolfdiag/analyze/timeline/clock"
)

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
	First, Last clock.Pos // first and last line that belong to it
	Server      int       // which server's log: lifetimes of one server do not overlap
	Service     string
	Version     string        // GStreamer version of the start banner
	Start, End  clock.Instant // End of a running lifetime: the last time seen in it
	CutStart    bool          // the log begins after its start
	Ending
	Counted
	ClientSigns
	Elements []Element
	Encoders []string // encoders chosen at start, as logged
	Missing  []string // milestones of a start that did not come
	Failing
	Clipped

	traces
}

// Ending is how a lifetime ended.
type Ending struct {
	EndKind     EndKind
	ExitCode    int
	ExitMeaning string // "11: SIGSEGV in Wolf", "" when there is no code
}

// Counted are the sessions of a lifetime.
type Counted struct {
	Sessions    int
	CountedBy   string // the method that counted them, "" when unknown
	LowerBound  bool   // Sessions is at least that many
	Peak        int    // most sessions live at once, -1 when stops are not logged
	Interrupted int    // sessions whose container had neither stopped nor been paused at the end
	Immediate   int    // containers that ended within 10 s of their start without anybody stopping them
}

// ClientSigns are signs of clients in trouble.
type ClientSigns struct {
	Reconnects   int       // times a client came back for the fifth time in a minute, or for the third when it left within seconds each time
	ReconnectPos clock.Pos // the first connection of the first such row
	Piled        int       // number of the display at which sessions were seen to pile up, 0 when they were not
	PilePos      clock.Pos // the first compositor of that row
}

// Failing is how a lifetime failed; filled by AddFailures.
type Failing struct {
	Failures            int
	FirstFailure        clock.Instant
	FirstFailurePos     clock.Pos
	FirstFailureSession int // 1-based
	Concurrent          int // sessions live at the first failure, the failing one included
}

// Clipped is what of a lifetime lies outside the window; set by Within.
type Clipped struct {
	CutBefore bool // the window begins after its start: what came before is not counted
	CutEnd    bool // the window ends before it does
}

// traces are what is remembered of a lifetime for later questions.
type traces struct {
	crashTrace clock.Pos     // the trace at this start that tells of the crash of the lifetime before
	exit       clock.Pos     // the first line that tells of its exit
	firstAt    clock.Instant // of a lifetime cut at its start: when its first line was written
	until      clock.Instant // with CutEnd: the end of the window
	watched    int           // with CutEnd: sessions that started before the end of the window
	untimed    bool          // Start and End contradicted each other
	reached    milestoneSet
	failed     bool // FirstFailure is set
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
	Client     string // address of the client that asked for it, as far as the order of lines tells; "" unknown
	Encoder    string
	Resolution string // "1920x1080"
	Lifetime   int    // index into Lifetimes
	Number     int    // 1-based within its lifetime
	Concurrent int    // live sessions when it started, itself included; -1 unknown
	Pos        clock.Pos
	StopPos    clock.Pos // zero when its stop was not seen
	Start      clock.Instant
	Stop       clock.Instant // How "" while it runs or when its stop was not seen
	Stopped    bool
	Failed     bool // filled by AddFailures
	Outside    bool // of the window; filled by Within

	numbered bool // shown by the number of an element alone: not every session is
}

// forward sees to it that a lifetime does not end before it starts. An end
// that is as early as clocks of different writers differ becomes the start;
// beyond that both times are given up and it returns false, also when asked
// again.
func (l *Lifetime) forward() bool {
	const slack = 2 * time.Second
	if d, ok := l.End.Sub(l.Start); !l.untimed && ok && d < 0 {
		if d >= -slack-l.Start.Uncertainty-l.End.Uncertainty {
			l.End = l.Start
			return true
		}
		l.untimed = true
		unknown := clock.Instant{How: clock.Unknown}
		l.Start, l.End, l.firstAt = unknown, unknown, unknown
	}
	return !l.untimed
}

// The slack that late writers need.
const (
	early = 2 * time.Second
	late  = 30 * time.Second
)

// covers reports whether an instant lies in a lifetime, with the slack that
// late writers need.
func (l *Lifetime) covers(at clock.Instant) bool {
	d, ok := at.Sub(l.Start)
	if !ok && l.CutStart {
		d, ok = at.Sub(l.firstAt)
	}
	if !ok || d < -early {
		return false
	}
	past, ok := at.Sub(l.End)
	return !ok || past <= late || l.EndKind == EndRunning
}

// holds reports whether an instant lies in a lifetime without slack.
func (l *Lifetime) holds(at clock.Instant) bool {
	after, ok := at.Sub(l.Start)
	if !ok || after < 0 {
		return false
	}
	past, ok := at.Sub(l.End)
	return !ok || past <= 0
}
