package timeline

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"wolfdiag/analyze/logline"
)

// Limits of the lifetimes and sessions that are kept.
const (
	maxLives      = 2048
	maxAttempts   = 4096
	maxLive       = 4096
	maxElements   = 64
	maxSteps      = 32
	maxText       = 160
	startWindow   = 10 * second // marks of one start lie this close together
	stopWindow    = 2 * minute  // between the signal to stop and the exit
	startLines    = 300         // the same, in lines, when the clocks cannot tell
	adjacentLines = 4           // marks this close together are of one start whatever the clocks say
	afterExit     = 30 * second // lines of a dead process may come this late
	immediateStop = 10 * second
)

// YoungClock is how far an elapsed clock may stand so that its line is still of
// the start of the process.
const YoungClock = 30 * time.Second

// A method is one way to count sessions, best first.
type method uint8

const (
	byContainer method = iota
	byRTP
	byCompositor
	byLaunch
	byElement // at least
	methods
)

var methodNames = [methods]string{
	byContainer:  "container starts",
	byRTP:        "RTP servers, two a session",
	byCompositor: "compositors created",
	byLaunch:     "launch requests",
	byElement:    "numbers in element names (at least)",
}

// A builder cuts the events of one Wolf service in one input into lifetimes.
type builder struct {
	input    int32
	service  string
	streamID int32
	lives    []*life
	seq      int32 // of the next life
	attempts []attempt
	attempt  int64 // number of the next attempt
	pid      int   // Wolf's process id as far as known
	dropped  Dropped
	mode     string // last video mode, for the session that follows
	modeAt   moment
	modeLine int64
	connects []connect // the newest control connections
	leftFrom int64     // the attempt that was next when somebody last ended or paused a session
	raw      []Event   // all events, until there are too many
	tooMany  bool
}

// life is a lifetime in the making.
type life struct {
	seq          int32
	first, last  Pos
	loose        bool // told may be of the next start
	afterTold    Pos  // the first line with a clock behind told
	blamed       bool // by told alone it is known how the life before ended
	start        Reading
	startAt      moment
	markAt       moment // last mark of the start
	markLine     int64
	patterns     []string // of the marks
	told         Pos      // the line that tells of the crash of the life before
	exit         Pos      // the first line that tells of the exit
	cut          bool
	implied      bool // made by a line, not by an event
	end          Reading
	endAt        moment
	ended        bool
	kind         EndKind
	code         int
	exitBy       string // pattern of the exit
	lastRead     Reading
	lastAt       moment
	version      string
	steps        []string
	reached      milestoneSet
	encoders     []string
	counts       [methods]int
	stops        int
	live         map[string]int64 // container or session → attempt
	paused       map[string]bool
	peak         int
	immediate    int
	reconnects   int
	reconnectPos Pos
	display      int // number of the newest display
	climbed      int // displays in a row whose number is one more than before, with no session that ended between
	climbPos     Pos // the first of them
	piled        int // the number at which that was too many, 0 when it was not
	pilePos      Pos
	elements     []Element
	segment      ref // of Wolf's GStreamer clock
	segments     int // how many different ones
}

// attempt is one session as one method sees it.
type attempt struct {
	id         int64
	life       int32
	method     method
	number     int32
	concurrent int32
	read, stop Reading
	at         moment
	stopped    bool
	session    string
	container  string
	app        string
	encoder    string
	resolution string
}

func (b *builder) current() *life {
	if n := len(b.lives); n > 0 {
		return b.lives[n-1]
	}
	return nil
}

func (b *builder) begin(r *Reading, m moment, cut bool) *life {
	if len(b.lives) >= maxLives {
		n := maxLives / 4
		b.lives = append([]*life(nil), b.lives[n:]...)
		b.dropped.Lifetimes += int64(n)
	}
	if l := b.current(); l != nil && !l.ended {
		l.end, l.endAt = l.lastRead, l.lastAt
	}
	l := &life{seq: b.seq, first: r.Pos, last: r.Pos, start: *r, startAt: m, markAt: m, markLine: r.Line,
		cut: cut, code: -1, lastRead: *r, lastAt: m}
	b.seq++
	b.lives = append(b.lives, l)
	b.mode = ""
	return l
}

// near reports whether two places are within d, by their clocks or, when these
// cannot be compared, by lines.
func near(a, b moment, aLine, bLine, d int64) bool {
	if v, ok := a.sub(b); ok {
		return v <= d && v >= -d
	}
	return bLine-aLine <= startLines && aLine-bLine <= startLines
}

// seen notes that a line of Wolf itself was read.
func (b *builder) seen(r *Reading, m moment) {
	l := b.current()
	if l == nil {
		l = b.begin(r, m, true)
		l.implied = true
	}
	if l.loose && l.afterTold == (Pos{}) && r.Pos != l.told && r.timed() {
		l.afterTold = r.Pos
	}
	l.last, l.lastRead = r.Pos, *r
	if m.valid() {
		l.lastAt = m
	}
}

// starting reports whether a mark belongs to the same start as the last one:
// close in time or right behind it, with no session and no server in between.
// A trace has no clock and an init script prints local times, whose place
// among the others may not be known yet: these are placed by lines alone.
func (l *life) starting(r *Reading, m moment) bool {
	if l.ended || l.cut || l.counts != [methods]int{} || l.reached&^(1<<milestoneConfig) != 0 {
		return false
	}
	apart := max(r.Line-l.markLine, l.markLine-r.Line) // a log may run backwards
	if apart <= adjacentLines {
		return true
	}
	if !l.markAt.exact || !m.exact {
		return apart <= startLines
	}
	return near(l.markAt, m, l.markLine, r.Line, startWindow)
}

// mark takes a sign that the process starts.
func (b *builder) mark(pattern string, r *Reading, m moment) *life {
	l := b.current()
	if l != nil && l.implied && l.segment == refNone && !l.ended {
		l.implied, l.cut = false, false // the lines before it were its own
		l.start, l.startAt, l.markAt, l.markLine = *r, m, m, r.Line
	} else if l == nil || !l.starting(r, m) || slices.Contains(l.patterns, pattern) {
		loose := l != nil && l.loose && (l.afterTold == r.Pos || l.afterTold == Pos{})
		if l = b.begin(r, m, false); loose && len(b.lives) > 1 {
			b.retell()
		}
	} else if !l.start.timed() {
		l.start, l.startAt = *r, m
	}
	if len(l.patterns) < maxSteps {
		l.patterns = append(l.patterns, pattern)
	}
	l.reach(pattern)
	l.markAt, l.markLine = m, r.Line
	return l
}

// crashedBefore takes a trace that a start prints about the life before: in
// front of the start banner, or, from other versions, behind it. Behind the
// servers of a start it may be either; it is given to that start until a
// banner follows it.
func (b *builder) crashedBefore(r *Reading, m moment) {
	l := b.current()
	loose := false
	switch {
	case l == nil || l.ended || l.cut || l.counts != [methods]int{}:
		l = b.mark(crashMark, r, m)
	case !l.starting(r, m):
		if loose = l.told == (Pos{}) && near(l.markAt, m, l.markLine, r.Line, startWindow); !loose {
			l = b.mark(crashMark, r, m)
		}
	}
	if l.told != (Pos{}) {
		return
	}
	l.markAt, l.markLine = m, r.Line
	l.told, l.loose = r.Pos, loose
	l.blamed = b.crashed(len(b.lives) - 2)
}

// crashed notes that life i crashed unless its end is known otherwise.
func (b *builder) crashed(i int) bool {
	if i < 0 || b.lives[i].kind != "" && b.lives[i].kind != EndUnknown {
		return false
	}
	b.lives[i].kind = EndCrash
	return true
}

// retell moves a trace from the start of the life before the newest one, which
// it was given to, to the newest one, whose banner follows it.
func (b *builder) retell() {
	n := len(b.lives)
	old, l := b.lives[n-2], b.lives[n-1]
	if old.blamed && n >= 3 {
		b.lives[n-3].kind = ""
	}
	l.told, l.first = old.told, old.told
	old.told, old.loose, old.blamed = Pos{}, false, false
	l.blamed = b.crashed(n - 2)
}

// exit takes the end of the process.
func (b *builder) exit(e *Event, m moment) {
	l := b.current()
	if l == nil {
		l = b.begin(&e.Reading, m, true)
	}
	code := exitCode(e.Code, e.Extra)
	if l.ended {
		signalled := strings.Contains(l.exitBy, "signal") && e.Pattern != l.exitBy
		if near(l.endAt, m, l.end.Line, e.Line, startWindow) || signalled && near(l.endAt, m, l.end.Line, e.Line, stopWindow) {
			// A signal asked for the end; the container's code says how it came.
			if code >= 0 && (l.code < 0 || signalled) {
				l.code, l.exitBy = code, e.Pattern
				l.kind, _ = decodeExit(code)
				l.end, l.endAt = e.Reading, m
			}
			return
		}
		l = b.begin(&e.Reading, m, true)
	}
	l.ended, l.loose, l.end, l.endAt = true, false, e.Reading, m
	l.last, l.exit, l.exitBy = e.Pos, e.Pos, e.Pattern
	if l.code = code; code >= 0 {
		l.kind, _ = decodeExit(code)
	}
}

// active returns the life that an event other than a start or an end is of.
func (b *builder) active(r *Reading, m moment) *life {
	l := b.current()
	if l == nil || l.ended && !near(l.endAt, m, l.end.Line, r.Line, afterExit) {
		l = b.begin(r, m, true)
	}
	l.implied = false
	return l
}

// The marks of a start that are no pattern's.
const (
	clockMark = "gstreamer-clock" // only the GStreamer clock shows it
	crashMark = "crash-before"
)

// gstreamer takes a reading of the GStreamer clock: v nanoseconds, segment seg.
func (b *builder) gstreamer(r *Reading, m moment, seg ref, g *elapsedSegment) {
	v := g.last
	if r.PID != b.pid {
		// Helpers such as gst-plugin-scanner live for seconds.
		if r.PID != 1 && v < minute || b.pid == 1 {
			return
		}
		b.pid = r.PID
	}
	l := b.current()
	if l == nil {
		l = b.begin(r, m, true)
		l.implied = true
	}
	switch {
	case l.segment == seg:
		return
	case l.segment != refNone && seg < l.segment:
		return // of another server whose log is mixed in
	case g.stepped && l.segment != refNone:
		return // the start is where the first segment says
	case l.segment == refNone && len(b.lives) > 1 && b.lives[len(b.lives)-2].segment == seg:
		return // a late line of the process before, or a new clock that nothing tells from the old one yet
	case l.segment == refNone && !l.ended:
		l.implied = l.implied && v < int64(YoungClock)
		if l.implied { // the log begins with this start
			l.implied, l.cut = false, false
		}
	case v < int64(YoungClock):
		l = b.begin(r, m, false)
		l.patterns = append(l.patterns, clockMark)
	default:
		l = b.begin(r, m, true)
	}
	l.segment = seg
	l.segments++
}

// element notes the number in the name of an element.
func (b *builder) element(r *Reading, m moment, kind string, n int) {
	l := b.active(r, m)
	i := slices.IndexFunc(l.elements, func(e Element) bool { return e.Type == kind })
	switch {
	case i >= 0:
		l.elements[i].Max = max(l.elements[i].Max, n)
	case len(l.elements) < maxElements:
		l.elements = append(l.elements, Element{Type: strings.Clone(kind), Max: n})
	default:
		b.dropped.Elements++
	}
	b.numberSession(r, m, l)
	if !isEncoder(kind) {
		return
	}
	for i := len(b.attempts) - 1; i >= 0 && i >= len(b.attempts)-8; i-- {
		a := &b.attempts[i]
		if a.life == l.seq && !a.stopped && a.encoder == "" && near(a.at, m, a.read.Line, r.Line, 60*second) {
			a.encoder = strings.Clone(kind)
		}
	}
}

// numberSession notes a session that only the number of a new element shows.
func (b *builder) numberSession(r *Reading, m moment, l *life) {
	n := leastSessions(l.elements)
	if n <= l.counts[byElement] {
		return
	}
	l.counts[byElement] = n
	if better := l.counts; better[byContainer]+better[byRTP]+better[byCompositor]+better[byLaunch] == 0 {
		b.attempts = append(b.roomy(), attempt{id: b.attempt, life: l.seq, method: byElement, number: int32(n), concurrent: -1, read: *r, at: m})
		b.attempt++
	}
}

func isEncoder(kind string) bool {
	return strings.HasSuffix(kind, "enc") && !strings.HasPrefix(kind, "opus")
}

// numbered splits nvh265enc10 into nvh265enc and 10.
func numbered(name string) (kind string, n int, ok bool) {
	i := len(name)
	for i > 0 && name[i-1] >= '0' && name[i-1] <= '9' {
		i--
	}
	if i == 0 || i == len(name) || len(name)-i > 7 || i > 64 || strings.ContainsAny(name[:i], "_@:") {
		return "", 0, false
	}
	n, err := strconv.Atoi(name[i:])
	return name[:i], n, err == nil
}

// isWolf reports whether a service or container is Wolf itself by its name, as
// wolf, wolf-1, helix-wolf-1 and gamesonwhales_wolf_1 are; Wolf-UI,
// WolfPulseAudio and WolfXFCE_123 are containers that Wolf starts.
func isWolf(name string) bool {
	wolf := false
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		switch w {
		case "wolf":
			wolf = true
		case "ui", "pulse", "pulseaudio", "web", "den", "moonlight":
			return false
		}
	}
	return wolf
}

// shows reports whether a line's own clock is one that Wolf's output carries.
func shows(inner logline.Stamp) bool {
	switch inner.Kind {
	case logline.ClockUTC, logline.ClockUTCTimeOfDay, logline.ClockGStreamer:
		return true
	}
	return false
}
