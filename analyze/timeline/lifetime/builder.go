package lifetime

import (
	"time"

	"wolfdiag/analyze/timeline/clock"
)

// Limits of the lifetimes and sessions that are kept.
const (
	maxLifetimes  = 2048
	maxAttempts   = 4096
	maxLive       = 4096
	maxElements   = 64
	maxSteps      = 32
	startWindow   = 10 * clock.Second // marks of one start lie this close together
	stopWindow    = 2 * clock.Minute  // between the signal to stop and the exit
	startLines    = 300               // the same, in lines, when the clocks cannot tell
	adjacentLines = 4                 // marks this close together are of one start whatever the clocks say
	afterExit     = 30 * clock.Second // lines of a dead process may come this late
	immediateStop = 10 * clock.Second
)

// JustStarted is how far an elapsed clock may stand so that its line is still of
// the start of the process.
const JustStarted = 30 * time.Second

// A builder cuts the events of one Wolf service in one input into lifetimes.
type builder struct {
	input    int32
	service  string
	streamID int32
	drafts   []*draft
	seq      int32 // of the next lifetime
	attempts []attempt
	attempt  int64 // number of the next attempt
	pid      int   // Wolf's process id as far as known
	dropped  Dropped
	client   string // last client that asked for a session, for the session that follows
	clientAt clock.Moment
	clientOn int64
	mode     string // last video mode, for the session that follows
	modeAt   clock.Moment
	modeLine int64
	connects []connect // the newest control connections
	leftFrom int64     // the attempt that was next when somebody last ended or paused a session
	raw      []Event   // all events, until there are too many
	tooMany  bool
	kinds    kinds
}

// draft is a lifetime in the making.
type draft struct {
	seq         int32
	first, last clock.Pos
	lastRead    clock.Reading
	lastAt      clock.Moment
	beginning
	ending
	progress
	sessionCounts
	clientSigns
}

// beginning is what is known of the start of a lifetime.
type beginning struct {
	start    clock.Reading
	startAt  clock.Moment
	markAt   clock.Moment // last mark of the start
	markLine int64
	patterns []string // of the marks
	cut      bool     // the log begins after the start
	implied  bool     // made by a line, not by an event
	process  int32    // of Wolf's GStreamer clock; 0: none so far

	crashTrace clock.Pos // the trace that tells of the crash of the lifetime before
	traceOpen  bool      // it may be of the next start
	afterTrace clock.Pos // the first line with a clock behind it
	blamed     bool      // by it alone it is known how the lifetime before ended
}

// ending is what is known of the end of a lifetime.
type ending struct {
	end    clock.Reading
	endAt  clock.Moment
	ended  bool
	kind   EndKind
	code   int       // -1: none
	exit   clock.Pos // the first line that tells of it
	exitBy string    // pattern of the exit
}

// progress is how far a lifetime came, and what it says of itself.
type progress struct {
	version  string
	steps    []string
	reached  milestoneSet
	encoders []string
	elements []Element
}

func (b *builder) current() *draft {
	if n := len(b.drafts); n > 0 {
		return b.drafts[n-1]
	}
	return nil
}

func (b *builder) begin(r *clock.Reading, m clock.Moment, cut bool) *draft {
	if len(b.drafts) >= maxLifetimes {
		n := maxLifetimes / 4
		b.drafts = append([]*draft(nil), b.drafts[n:]...)
		b.dropped.Lifetimes += int64(n)
	}
	if l := b.current(); l != nil && !l.ended {
		l.end, l.endAt = l.lastRead, l.lastAt
	}
	l := &draft{seq: b.seq, first: r.Pos, last: r.Pos, lastRead: *r, lastAt: m,
		beginning: beginning{start: *r, startAt: m, markAt: m, markLine: r.Line, cut: cut}, ending: ending{code: -1}}
	b.seq++
	b.drafts = append(b.drafts, l)
	b.mode = ""
	return l
}

// near reports whether two places are within d, by their clocks or, when these
// cannot be compared, by lines.
func near(a, b clock.Moment, aLine, bLine, d int64) bool {
	if v, ok := a.Sub(b); ok {
		return v <= d && v >= -d
	}
	return bLine-aLine <= startLines && aLine-bLine <= startLines
}

// seen notes that a line of Wolf itself was read.
func (b *builder) seen(r *clock.Reading, m clock.Moment) {
	l := b.current()
	if l == nil {
		l = b.begin(r, m, true)
		l.implied = true
	}
	if l.traceOpen && l.afterTrace == (clock.Pos{}) && r.Pos != l.crashTrace && r.Timed() {
		l.afterTrace = r.Pos
	}
	l.last, l.lastRead = r.Pos, *r
	if m.Valid() {
		l.lastAt = m
	}
}

// active returns the draft that an event other than a start or an end is of.
func (b *builder) active(r *clock.Reading, m clock.Moment) *draft {
	l := b.current()
	if l == nil || l.ended && !near(l.endAt, m, l.end.Line, r.Line, afterExit) {
		l = b.begin(r, m, true)
	}
	l.implied = false
	return l
}
