package lifetime

import (
	"slices"
	"strings"

	"wolfdiag/analyze/timeline/clock"
)

// event takes one event of this service.
func (b *builder) event(e *Event, m clock.Moment) {
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
		b.asks(e, m)
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
func (b *builder) markConfig(e *Event, m clock.Moment) *draft {
	l := b.current()
	if l != nil && !l.ended && !l.cut && near(l.markAt, m, l.markLine, e.Line, 60*clock.Second) &&
		!slices.Contains(l.patterns, e.Pattern) && !slices.Contains(l.steps, e.Pattern) {
		return l
	}
	return b.mark(e.Pattern, &e.Reading, m)
}

func (b *builder) milestone(l *draft, step, pattern string) {
	for _, s := range [...]string{step, pattern} {
		l.reach(s)
		if s != "" && len(l.steps) < maxSteps && !slices.Contains(l.steps, s) {
			l.steps = append(l.steps, s)
		}
	}
}
