package timeline

import (
	"cmp"
	"slices"
	"time"

	"wolfdiag/analyze/logline"
)

// maxSessionsOut bounds Timeline.Sessions.
const maxSessionsOut = 16384

// Resolve returns the Timeline of what was read so far. Its cost depends on
// what is kept, which is bounded, not on the length of the log.
func (c *Collector) Resolve() *Timeline {
	v := newView(c)
	t := &Timeline{view: v, Dropped: c.dropped}
	for _, s := range c.order {
		t.Dropped.Knots += s.thinned
		t.Dropped.Clocks += s.dropped
	}
	var parts []*part
	for _, b := range c.builders {
		p := v.part(b)
		t.Dropped.Lifetimes += b.dropped.Lifetimes
		t.Dropped.Sessions += b.dropped.Sessions
		t.Dropped.Elements += b.dropped.Elements
		if p.rebuilt {
			if t.rebuilt == nil {
				t.rebuilt = make(map[*builder]bool)
			}
			t.rebuilt[b] = true
		}
		if len(p.lives) > 0 {
			parts = append(parts, p)
		}
	}
	servers := v.servers(parts, t)
	for n, parts := range servers {
		t.add(n, parts)
	}
	for i := range t.Lifetimes {
		if l := &t.Lifetimes[i]; !l.forward() {
			t.mixed = true
			t.note("lifetime %d would end before it starts: its times are left unknown, the clocks or the order of its lines cannot be right", i+1)
		}
	}
	t.endings(c.crashes)
	t.milestones()
	t.Loops = loops(t.Lifetimes)
	if n := len(t.Sessions); n > maxSessionsOut {
		t.Dropped.Sessions += int64(n - maxSessionsOut)
		t.Sessions = t.Sessions[n-maxSessionsOut:]
	}
	t.assume(c)
	t.rebuilt = nil
	return t
}

// Times returns a Timeline without lifetimes and sessions, for At alone. It
// costs less than Resolve.
func (c *Collector) Times() *Timeline { return &Timeline{view: newView(c)} }

// A part is what one builder contributes.
type part struct {
	builder    *builder
	stream     *streamView
	lives      []*life
	lifetimes  []Lifetime
	sessions   []Session // Lifetime: index into lifetimes
	spans      []lifeSpan
	disordered bool
	rebuilt    bool
	from, to   Instant
	twinOf     *part
}

// A lifeSpan maps lines of a builder's stream to a lifetime.
type lifeSpan struct {
	service     string
	first, last int64
	index       int
	byTime      bool // lines are in no order: only the time decides
}

// part turns a builder's lives into lifetimes.
func (v *view) part(b *builder) *part {
	p := &part{builder: b, stream: v.byID[b.streamID], lives: b.lives}
	attempts := b.attempts
	if p.stream.disordered() {
		p.disordered = true
		if r := v.rebuild(b); r != nil {
			p.rebuilt = true
			p.lives, attempts = r.lives, r.attempts
		}
	}
	first := int32(0)
	if len(p.lives) > 0 {
		first = p.lives[0].seq
	}
	counted := false // this log shows container starts at all
	for _, l := range p.lives {
		counted = counted || l.counts[byContainer] > 0
	}
	by := make([]method, len(p.lives))
	p.lifetimes = make([]Lifetime, 0, len(p.lives))
	p.spans = make([]lifeSpan, 0, len(p.lives))
	p.sessions = make([]Session, 0, len(attempts))
	for i, l := range p.lives {
		lt, m := v.lifetime(p, l, counted)
		lt.forward()
		by[i] = m
		p.lifetimes = append(p.lifetimes, lt)
		p.spans = append(p.spans, lifeSpan{service: b.service, first: l.first.Line, last: l.last.Line, index: i, byTime: p.disordered})
	}
	if n := len(p.lifetimes); n > 0 {
		p.from, p.to = p.lifetimes[0].Start, p.lifetimes[n-1].End
		if p.lifetimes[0].CutStart {
			p.from = p.lifetimes[0].firstAt // the process is older than this log
		}
	}
	for i := range attempts {
		a := &attempts[i]
		k := int(a.life - first)
		if k < 0 || k >= len(by) || by[k] != a.method {
			continue
		}
		p.sessions = append(p.sessions, v.session(a, k))
	}
	byNumber := func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.Lifetime, b.Lifetime), cmp.Compare(a.Number, b.Number))
	}
	if !slices.IsSortedFunc(p.sessions, byNumber) {
		slices.SortStableFunc(p.sessions, byNumber)
	}
	return p
}

// rebuild cuts the events of a log that is out of order into lifetimes again,
// in the order of their times, or from the last line to the first when the log
// runs backwards; nil when there are too many or no times.
func (v *view) rebuild(b *builder) *builder {
	if b.tooMany || len(b.raw) == 0 {
		return nil
	}
	type timed struct {
		e *Event
		m moment
	}
	s := v.byID[b.streamID]
	backwards := s.reversed()
	axis := v.at(&b.raw[0].Reading).Axis
	if backwards {
		axis = s.axisID(refWall)
	}
	events := make([]timed, len(b.raw))
	for i := range b.raw {
		e, at := &b.raw[i], v.at(&b.raw[i].Reading)
		var m moment
		if at.Axis == axis && axis != 0 {
			m = moment{stream: b.streamID, ref: refWall, rel: int64(at.Rel), exact: true}
		} else if !backwards {
			return nil
		}
		events[i] = timed{e, m}
	}
	if backwards {
		slices.Reverse(events)
		for i := range events[1:] { // a line without a clock belongs to what came before it
			if r := &events[i+1].e.Reading; r.Outer.Kind == logline.ClockNone && r.Inner.Kind == logline.ClockNone {
				events[i+1].m = events[i].m
			}
		}
	} else {
		slices.SortStableFunc(events, func(a, b timed) int { return cmp.Compare(a.m.rel, b.m.rel) })
	}
	r := &builder{input: b.input, service: b.service, streamID: b.streamID, tooMany: true}
	for _, e := range events {
		r.event(e.e, e.m)
	}
	return r
}

// lifetime resolves one life and says how its sessions were counted.
func (v *view) lifetime(p *part, l *life, containersShown bool) (Lifetime, method) {
	out := Lifetime{
		First: l.first, Last: l.last, told: l.told, exit: l.exit, Service: p.builder.service, CutStart: l.cut,
		EndKind: l.kind, ExitCode: l.code, Version: l.version, Sessions: -1, Peak: -1, Concurrent: -1,
		Immediate: l.immediate, Reconnects: l.reconnects, ReconnectPos: l.reconnectPos, Piled: l.piled, PilePos: l.pilePos, Elements: slices.Clone(l.elements), Encoders: slices.Clone(l.encoders),
		FirstFailureSession: -1, FirstFailure: Instant{How: Unknown},
	}
	slices.SortFunc(out.Elements, func(a, b Element) int { return cmp.Compare(a.Type, b.Type) })
	if l.code >= 0 {
		_, out.ExitMeaning = decodeExit(l.code)
	}
	out.Start = Instant{How: Unknown}
	if l.cut {
		out.firstAt = v.at(&l.start)
	}
	if l.cut || len(l.patterns) > 0 && l.patterns[0] == clockMark {
		out.Start = v.zeroInstant(p.stream, l.segment)
	}
	if !l.cut && out.Start.Axis == 0 {
		out.Start = v.at(&l.start)
	}
	if end := l.end; l.ended || end.Line != 0 {
		out.End = v.at(&end)
	} else {
		out.End = v.at(&l.lastRead)
		if out.EndKind == "" {
			out.EndKind = EndRunning
		}
	}
	if out.EndKind == "" {
		out.EndKind = EndUnknown
	}
	m := v.count(&out, l, containersShown)
	out.reached = l.reached
	return out, m
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
		unknown := Instant{How: Unknown}
		l.Start, l.End, l.firstAt = unknown, unknown, unknown
	}
	return !l.untimed
}

// zeroInstant returns the zero of a GStreamer clock: the start of a life whose
// start the log does not show.
func (v *view) zeroInstant(s *streamView, seg ref) Instant {
	z, ok := s.zeroOf(seg)
	if seg < refElapsed || !ok {
		return Instant{How: Unknown}
	}
	out := Instant{How: Unknown, Axis: s.axisID(seg), Uncertainty: time.Duration(z.fuzz)}
	if !z.known {
		return out
	}
	g := &s.segments[int(seg-refElapsed)-int(s.evicted)]
	utc, ok := s.zeroUTC(z, g.firstLine, v.zone, 0)
	if z.axis == refWall {
		out.Axis, out.Rel = s.axisID(refWall), time.Duration(z.at)
	} else if ok && s.hasWall && s.wallKnown {
		out.Axis, out.Rel = s.axisID(refWall), time.Duration(utc-s.wallBase)
	}
	if ok {
		out.Time, out.How = time.Unix(0, utc).UTC(), Anchored
	}
	return out
}

// count chooses the best method that counted the sessions of a life.
func (v *view) count(out *Lifetime, l *life, containersShown bool) method {
	best := methods
	for m := byContainer; m < byElement; m++ {
		n := l.counts[m]
		if m == byRTP && n < 2 {
			continue // newer Wolf starts one such server a life, for all sessions
		}
		if n > 0 {
			best = m
			if m == byRTP {
				n = (n + 1) / 2
			}
			out.Sessions, out.CountedBy = n, methodNames[m]
			break
		}
	}
	if best == methods && containersShown && !l.cut {
		out.Sessions, out.CountedBy = 0, methodNames[byContainer]
	}
	if best == byContainer && (l.stops > 0 || l.peak > 1) {
		out.Peak = l.peak
	} else if best == byContainer && l.counts[byContainer] == 1 {
		out.Peak = 1
	}
	if n := l.counts[byElement]; n > max(out.Sessions, 0) && (best == methods || l.cut) {
		out.Sessions, out.CountedBy, out.LowerBound = n, methodNames[byElement], true
		if best == methods {
			best = byElement
		}
	}
	if out.EndKind != EndRunning {
		for k := range l.live {
			if a := l.live[k]; a >= 0 && !l.pausedSession(k) {
				out.Interrupted++
			}
		}
	}
	return best
}

func (l *life) pausedSession(container string) bool {
	if l.paused[container] {
		return true
	}
	for i := len(container) - 1; i >= 0; i-- {
		if container[i] == '_' {
			return l.paused[container[i+1:]]
		}
	}
	return false
}

// leastSessions returns how many sessions the numbers in element names prove:
// each stream makes one encoder and one audio source; one encoder of each type
// goes to the probe at start.
func leastSessions(es []Element) int {
	encoders, audio := 0, 0
	for _, e := range es {
		switch {
		case isEncoder(e.Type):
			encoders += e.Max
		case e.Type == "pulsesrc":
			audio = e.Max + 1
		}
	}
	return max(encoders, audio)
}

func (v *view) session(a *attempt, lifetime int) Session {
	out := Session{ID: a.session, Container: a.container, App: a.app, Encoder: a.encoder,
		Resolution: a.resolution, Lifetime: lifetime, Number: int(a.number), Concurrent: int(a.concurrent),
		Pos: a.read.Pos, Start: v.at(&a.read), Stopped: a.stopped, numbered: a.method == byElement}
	if a.stopped {
		out.Stop = v.at(&a.stop)
	}
	if out.ID == "" {
		for i := len(a.container) - 1; i >= 0; i-- {
			if a.container[i] == '_' {
				out.ID = a.container[i+1:]
				break
			}
		}
	}
	return out
}

// Lifetime returns the index of the lifetime that a line belongs to, -1 when
// there is none. Lines of Wolf itself are placed by their line, others (app
// containers, the kernel) by their time, or by their line when that is unknown.
// The trace that a start prints belongs to the lifetime that crashed.
func (t *Timeline) Lifetime(r Reading) int {
	if t == nil || t.view == nil {
		return -1
	}
	n := t.written(r)
	if n >= 0 && t.Lifetimes[n].told == r.Pos {
		return t.before(n)
	}
	return n
}

// before returns the lifetime that came before lifetime n on the same server,
// -1 when the log does not show it.
func (t *Timeline) before(n int) int {
	if n > 0 && t.Lifetimes[n-1].Server == t.Lifetimes[n].Server {
		return n - 1
	}
	return -1
}

// written returns the lifetime that a line was written in.
func (t *Timeline) written(r Reading) int {
	v := t.view
	spans := v.spans[r.Input]
	for _, s := range spans {
		if s.service == r.Service && !s.byTime {
			return spanAt(spans, r.Service, r.Line)
		}
	}
	at := v.at(&r)
	best, inside := -1, false
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		if !l.covers(at) {
			continue
		}
		// What happened before the end of one life is not of the next, although
		// that one began within the slack.
		if in := l.holds(at); in || !inside {
			best, inside = i, in
		}
	}
	if best >= 0 || at.Known() && len(spans) == 0 {
		return best
	}
	if len(spans) > 0 && !spans[0].byTime && r.Outer.Kind != logline.ClockUTC {
		return spanAt(spans, spans[0].service, r.Line)
	}
	return -1
}

// covers reports whether an instant lies in a lifetime, with the slack that
// late writers need.
func (l *Lifetime) covers(at Instant) bool {
	const early, late = 2 * time.Second, 30 * time.Second
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
func (l *Lifetime) holds(at Instant) bool {
	after, ok := at.Sub(l.Start)
	if !ok || after < 0 {
		return false
	}
	past, ok := at.Sub(l.End)
	return !ok || past <= 0
}

func spanAt(spans []lifeSpan, service string, line int64) int {
	best := -1
	for _, s := range spans {
		if s.service != service {
			continue
		}
		if s.first > line {
			break
		}
		best = s.index
	}
	return best
}
