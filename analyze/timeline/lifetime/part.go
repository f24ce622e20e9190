package lifetime

import (
	"cmp"
	"slices"

	"wolfdiag/analyze/timeline/clock"
)

// A part is what one builder contributes.
type part struct {
	builder    *builder
	drafts     []*draft
	lifetimes  []Lifetime
	sessions   []Session // Lifetime: index into lifetimes
	spans      []lineSpan
	disordered bool
	rebuilt    bool
	from, to   clock.Instant
	twinOf     *part
}

// newPart turns a builder's drafts into lifetimes.
func newPart(v *clock.View, b *builder) *part {
	p := &part{builder: b, drafts: b.drafts}
	attempts := b.attempts
	if v.Order(b.streamID).Disordered {
		p.disordered = true
		if r := rebuild(v, b); r != nil {
			p.rebuilt = true
			p.drafts, attempts = r.drafts, r.attempts
		}
	}
	first := int32(0)
	if len(p.drafts) > 0 {
		first = p.drafts[0].seq
	}
	counted := false // this log shows container starts at all
	for _, l := range p.drafts {
		counted = counted || l.counts[byContainer] > 0
	}
	by := make([]method, len(p.drafts))
	p.lifetimes = make([]Lifetime, 0, len(p.drafts))
	p.spans = make([]lineSpan, 0, len(p.drafts))
	p.sessions = make([]Session, 0, len(attempts))
	for i, l := range p.drafts {
		lt, m := resolve(v, b, l, counted)
		lt.forward()
		by[i] = m
		p.lifetimes = append(p.lifetimes, lt)
		p.spans = append(p.spans, lineSpan{service: b.service, first: l.first.Line, last: l.last.Line, index: i, byTime: p.disordered})
	}
	if n := len(p.lifetimes); n > 0 {
		p.from, p.to = p.lifetimes[0].Start, p.lifetimes[n-1].End
		if p.lifetimes[0].CutStart {
			p.from = p.lifetimes[0].firstAt // the process is older than this log
		}
	}
	for i := range attempts {
		a := &attempts[i]
		k := int(a.lifetime - first)
		if k < 0 || k >= len(by) || by[k] != a.method {
			continue
		}
		p.sessions = append(p.sessions, newSession(v, a, k))
	}
	byNumber := func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.Lifetime, b.Lifetime), cmp.Compare(a.Number, b.Number))
	}
	if !slices.IsSortedFunc(p.sessions, byNumber) {
		slices.SortStableFunc(p.sessions, byNumber)
	}
	return p
}

// resolve makes a Lifetime of a draft and says how its sessions were counted.
func resolve(v *clock.View, b *builder, l *draft, containersShown bool) (Lifetime, method) {
	out := Lifetime{
		First: l.first, Last: l.last, Service: b.service, Version: l.version, CutStart: l.cut,
		Ending:      Ending{EndKind: l.kind, ExitCode: l.code},
		Counted:     Counted{Sessions: -1, Peak: -1, Immediate: l.immediate},
		ClientSigns: ClientSigns{Reconnects: l.reconnects, ReconnectPos: l.reconnectPos, Piled: l.piled, PilePos: l.pilePos},
		Elements:    slices.Clone(l.elements), Encoders: slices.Clone(l.encoders),
		Failing: Failing{FirstFailureSession: -1, FirstFailure: clock.Instant{How: clock.Unknown}, Concurrent: -1},
		traces:  traces{crashTrace: l.crashTrace, exit: l.exit, reached: l.reached},
	}
	slices.SortFunc(out.Elements, func(a, b Element) int { return cmp.Compare(a.Type, b.Type) })
	if l.code >= 0 {
		_, out.ExitMeaning = decodeExit(l.code)
	}
	out.Start = clock.Instant{How: clock.Unknown}
	if l.cut {
		out.firstAt = v.At(&l.start)
	}
	if l.cut || len(l.patterns) > 0 && l.patterns[0] == clockMark {
		out.Start = v.Start(b.streamID, l.process)
	}
	if !l.cut && out.Start.Axis == 0 {
		out.Start = v.At(&l.start)
	}
	if end := l.end; l.ended || end.Line != 0 {
		out.End = v.At(&end)
	} else {
		out.End = v.At(&l.lastRead)
		if out.EndKind == "" {
			out.EndKind = EndRunning
		}
	}
	if out.EndKind == "" {
		out.EndKind = EndUnknown
	}
	m := count(&out, l, containersShown)
	return out, m
}

// count chooses the best method that counted the sessions of a lifetime.
func count(out *Lifetime, l *draft, containersShown bool) method {
	best := methods
	for m := byContainer; m < byElement; m++ {
		n := l.counts[m]
		if m == byRTP && n < 2 {
			continue // newer Wolf starts one such server a lifetime, for all sessions
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

func newSession(v *clock.View, a *attempt, lifetime int) Session {
	out := Session{ID: a.session, Container: a.container, App: a.app, Client: a.client, Encoder: a.encoder,
		Resolution: a.resolution, Lifetime: lifetime, Number: int(a.number), Concurrent: int(a.concurrent),
		Pos: a.read.Pos, Start: v.At(&a.read), Stopped: a.stopped, numbered: a.method == byElement}
	if a.stopped {
		out.Stop, out.StopPos = v.At(&a.stop), a.stop.Pos
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
