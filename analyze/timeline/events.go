package timeline

import (
	"slices"
	"strings"
)

// ShowsWork reports whether events of a kind are of Wolf at work: a start that
// got somewhere, a client, a session. Ends of Wolf and what its containers say
// are none.
func ShowsWork(kind string) bool {
	switch kind {
	case "", "setup", "app-container-init", "nested-start", "wolf-exit", "wolf-crash-before":
		return false
	}
	return true
}

// event takes one event of this service.
func (b *builder) event(e *Event, m moment) {
	b.left(e)
	switch e.Kind {
	case "wolf-start":
		l := b.mark(e.Pattern, &e.Reading, m)
		if e.Extra != "" {
			l.version = e.Extra
		}
		b.seen(&e.Reading, m)
		return
	case "wolf-crash-before":
		b.crashedBefore(&e.Reading, m)
		b.seen(&e.Reading, m)
		return
	case "wolf-exit":
		b.exit(e, m)
		return
	case "wolf-milestone":
		step := e.Extra
		if step == "" {
			step = e.Pattern
		}
		if milestoneOf(step+" "+e.Pattern) == milestoneConfig {
			b.milestone(b.markConfig(e, m), step, e.Pattern)
		} else {
			b.milestone(b.active(&e.Reading, m), step, e.Pattern)
		}
	case "encoder-found":
		l := b.active(&e.Reading, m)
		b.milestone(l, "encoder", e.Pattern)
		name := strings.TrimSpace(e.Extra + " " + e.Container)
		if name != "" && len(l.encoders) < maxSteps && !slices.Contains(l.encoders, name) {
			l.encoders = append(l.encoders, name)
		}
	case "display-ready":
		l := b.active(&e.Reading, m)
		b.milestone(l, "display-ready", e.Pattern)
		b.displayReady(l, e)
	case "client-connect":
		b.connected(e, m)
	case "client-disconnect":
		b.disconnected(e, m)
	case "container-start":
		b.startSession(byContainer, e, m)
	case "container-stop":
		b.stopSession(e, m)
	case "rtp-up":
		b.startSession(byRTP, e, m)
	case "session-compositor":
		b.startSession(byCompositor, e, m)
	case "session-launch":
		b.startSession(byLaunch, e, m)
	case "session-pause":
		l := b.active(&e.Reading, m)
		if e.Session != "" && len(l.paused) < maxLive {
			if l.paused == nil {
				l.paused = make(map[string]bool)
			}
			l.paused[e.Session] = true
		}
	case "session-resume":
		delete(b.active(&e.Reading, m).paused, e.Session)
	case "video-mode":
		b.videoMode(e, m)
	default:
		b.active(&e.Reading, m)
	}
	b.seen(&e.Reading, m)
}

// markConfig takes the reading of the configuration, which is a start when the
// banner before it was cut off or is not logged.
func (b *builder) markConfig(e *Event, m moment) *life {
	l := b.current()
	if l != nil && !l.ended && !l.cut && near(l.markAt, m, l.markLine, e.Line, 60*second) &&
		!slices.Contains(l.patterns, e.Pattern) && !slices.Contains(l.steps, e.Pattern) {
		return l
	}
	return b.mark(e.Pattern, &e.Reading, m)
}

func (b *builder) milestone(l *life, step, pattern string) {
	for _, s := range [...]string{step, pattern} {
		l.reach(s)
		if s != "" && len(l.steps) < maxSteps && !slices.Contains(l.steps, s) {
			l.steps = append(l.steps, s)
		}
	}
}

// key names a session by its container, else by its id.
func key(e *Event) string {
	if e.Container != "" {
		return strings.TrimPrefix(e.Container, "/")
	}
	return e.Session
}

func (b *builder) startSession(by method, e *Event, m moment) {
	l := b.active(&e.Reading, m)
	l.counts[by]++
	n := l.counts[by]
	if by == byRTP {
		if n%2 == 0 { // the second server of the same session
			return
		}
		n = n/2 + 1
	}
	a := attempt{id: b.attempt, life: l.seq, method: by, number: int32(n), concurrent: -1, read: e.Reading, at: m,
		session: e.Session, container: strings.TrimPrefix(e.Container, "/"), app: appKind(e.Container)}
	b.attempt++
	if b.mode != "" && near(b.modeAt, m, b.modeLine, e.Line, 30*second) {
		a.resolution = b.mode
	}
	if by == byContainer {
		if k := key(e); k != "" && len(l.live) < maxLive {
			if l.live == nil {
				l.live = make(map[string]int64)
			}
			delete(l.paused, e.Session)
			l.live[k] = a.id
		}
		a.concurrent = int32(len(l.live))
		l.peak = max(l.peak, len(l.live))
	}
	b.attempts = append(b.roomy(), a)
}

// roomy returns the attempts, with room for one more.
func (b *builder) roomy() []attempt {
	if len(b.attempts) >= maxAttempts {
		b.thin()
	}
	return b.attempts
}

// thin drops the details of every other session of a method, oldest included;
// numbers stay.
func (b *builder) thin() {
	kept := make([]attempt, 0, maxAttempts)
	parity := [methods]int{}
	for i, a := range b.attempts {
		parity[a.method]++
		if parity[a.method]%2 == 1 || i >= len(b.attempts)-256 {
			kept = append(kept, a)
		}
	}
	b.dropped.Sessions += int64(len(b.attempts) - len(kept))
	b.attempts = kept
}

func (b *builder) attemptByID(id int64) *attempt {
	i, ok := slices.BinarySearchFunc(b.attempts, id, func(a attempt, id int64) int {
		switch {
		case a.id < id:
			return -1
		case a.id > id:
			return 1
		}
		return 0
	})
	if !ok {
		return nil
	}
	return &b.attempts[i]
}

func (b *builder) stopSession(e *Event, m moment) {
	l := b.active(&e.Reading, m)
	l.stops++
	k := key(e)
	id, ok := l.live[k]
	if !ok {
		return
	}
	delete(l.live, k)
	a := b.attemptByID(id)
	if a == nil {
		return
	}
	a.stop, a.stopped = e.Reading, true
	if d, ok := m.sub(a.at); ok && d >= 0 && d <= immediateStop && b.leftFrom <= a.id {
		l.immediate++
	}
}

// videoMode notes the resolution of a client for the session it belongs to:
// the one it names, else one that started just before, else the next.
func (b *builder) videoMode(e *Event, m moment) {
	l := b.active(&e.Reading, m)
	size, _, _ := strings.Cut(e.Extra, "@")
	parts := strings.SplitN(size, "x", 3)
	if len(parts) < 2 {
		return
	}
	size = parts[0] + "x" + parts[1]
	b.mode, b.modeAt, b.modeLine = size, m, e.Line
	for i := len(b.attempts) - 1; i >= 0 && i >= len(b.attempts)-16; i-- {
		a := &b.attempts[i]
		if a.life != l.seq || a.stopped {
			continue
		}
		same := e.Session != "" && (a.session == e.Session || strings.HasSuffix(a.container, "_"+e.Session))
		if same || e.Session == "" && a.resolution == "" && near(a.at, m, a.read.Line, e.Line, 5*second) {
			a.resolution = size
		}
	}
}

// The milestones of a start, in their order.
type milestoneKind uint8

const (
	milestoneNone milestoneKind = iota
	milestoneConfig
	milestoneEncoder
	milestoneHTTP
	milestoneRTSP
	milestoneControl
	milestoneDisplay
	milestoneKinds
)

var milestoneNames = [milestoneKinds]string{
	milestoneConfig:  "configuration read",
	milestoneEncoder: "encoder chosen",
	milestoneHTTP:    "HTTP and HTTPS servers up",
	milestoneRTSP:    "RTSP server up",
	milestoneControl: "control server up",
	milestoneDisplay: "Wayland display ready",
}

// A milestoneSet is a set of milestoneKinds.
type milestoneSet uint16

func (s milestoneSet) has(m milestoneKind) bool { return s&(1<<m) != 0 }

// reach notes the milestone that a step or pattern names, if any.
func (l *life) reach(s string) {
	if m := milestoneOf(s); m != milestoneNone {
		l.reached |= 1 << m
	}
}

// milestoneOf tells a milestone by its step or pattern id.
func milestoneOf(s string) milestoneKind {
	s = strings.ToLower(s)
	switch {
	case strings.Contains(s, "config"):
		return milestoneConfig
	case strings.Contains(s, "encoder"):
		return milestoneEncoder
	case strings.Contains(s, "rtsp"):
		return milestoneRTSP
	case strings.Contains(s, "http"):
		return milestoneHTTP
	case strings.Contains(s, "control"):
		return milestoneControl
	case strings.Contains(s, "display"):
		return milestoneDisplay
	}
	return milestoneNone
}
