package lifetime

import (
	"strings"
	"time"
)

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
func (l *draft) reach(s string) {
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

// milestones lists, for every lifetime, the milestones that did not come. A
// milestone is expected when another lifetime of the same server shows that
// this log prints it, or when the process died at its start; a display only
// when there was a session.
func (t *History) milestones() {
	shown := make(map[int]milestoneSet)
	for i := range t.Lifetimes {
		shown[t.Lifetimes[i].Server] |= t.Lifetimes[i].reached
	}
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		if l.CutStart {
			continue
		}
		up, known := l.End.Sub(l.Start)
		if l.EndKind == EndRunning && known && up < 10*time.Second {
			continue // still starting
		}
		early := l.EndKind != EndRunning && l.EndKind != EndClean && l.Sessions <= 0 && known && up < time.Minute
		for m := milestoneConfig; m < milestoneKinds; m++ {
			want := shown[l.Server].has(m) || early
			if m == milestoneDisplay {
				want = shown[l.Server].has(m) && l.Sessions > 0
			}
			if want && !l.reached.has(m) {
				l.Missing = append(l.Missing, milestoneNames[m])
			}
		}
	}
}
