package timeline

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// note adds a sentence to the assumptions once.
func (t *Timeline) note(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	if len(t.Assumptions) < 64 && !slices.Contains(t.Assumptions, s) {
		t.Assumptions = append(t.Assumptions, s)
	}
}

// milestones lists, for every lifetime, the milestones that did not come. A
// milestone is expected when another lifetime of the same server shows that
// this log prints it, or when the process died at its start; a display only
// when there was a session.
func (t *Timeline) milestones() {
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

// endings decides how lifetimes without an exit line ended: a crash dump is
// named after the start that follows the crash.
func (t *Timeline) endings(crashes []int64) {
	for i := range t.Lifetimes {
		l := &t.Lifetimes[i]
		last := i+1 == len(t.Lifetimes) || t.Lifetimes[i+1].Server != l.Server
		if !last && l.EndKind == EndRunning {
			l.EndKind = EndUnknown
		}
		if i == 0 || t.Lifetimes[i-1].Server != l.Server || !l.Start.Known() {
			continue
		}
		prev := &t.Lifetimes[i-1]
		if prev.EndKind != EndUnknown {
			continue
		}
		at := l.Start.Time.UnixNano()
		j, _ := slices.BinarySearch(crashes, at-contradiction)
		if j < len(crashes) && crashes[j] <= at+2*second {
			prev.EndKind = EndCrash
		}
	}
}

// quickDeath is how long a start may live and still be part of a restart loop.
const quickDeath = time.Minute

// loops finds runs of three or more lifetimes of one server that each died
// soon after their start.
func loops(ls []Lifetime) []Loop {
	var out []Loop
	for i := 0; i < len(ls); {
		j := i
		for j < len(ls) && ls[j].Server == ls[i].Server && diedEarly(&ls[j]) {
			j++
		}
		if j-i >= 3 {
			l := Loop{FirstLifetime: i, LastLifetime: j - 1, Same: true}
			for k := i; k < j; k++ {
				if d, ok := ls[k].End.Sub(ls[k].Start); ok && d >= 0 && len(l.TimesToDeath) < 256 {
					l.TimesToDeath = append(l.TimesToDeath, d)
				}
				if ls[k].EndKind != ls[i].EndKind || ls[k].ExitCode != ls[i].ExitCode || !slices.Equal(ls[k].Missing, ls[i].Missing) {
					l.Same = false
				}
			}
			out = append(out, l)
		}
		i = max(j, i+1)
	}
	return out
}

func diedEarly(l *Lifetime) bool {
	if l.CutStart || l.EndKind == EndRunning || l.EndKind == EndClean || l.Sessions > 0 {
		return false
	}
	d, ok := l.End.Sub(l.Start)
	return ok && d < quickDeath
}

// apps are the kinds of app containers, told by a part of their names.
var apps = [...]string{"xfce", "sway", "gnome", "kde", "plasma", "hyprland", "gamescope", "steam", "firefox", "retroarch",
	"emulationstation", "es-de", "lutris", "heroic", "prismlauncher", "kodi", "pegasus", "zed", "ubuntu", "wolf-ui", "test"}

// appKind names the kind of app by its container: WolfXFCE_123 → xfce. A
// container of no known kind is named by what stands before its number.
func appKind(container string) string {
	name := strings.ToLower(strings.TrimPrefix(container, "/"))
	for _, a := range apps {
		if strings.Contains(name, a) {
			return a
		}
	}
	if i := strings.LastIndexByte(name, '_'); i > 0 {
		name = name[:i]
	}
	return strings.TrimRight(name, "-_0123456789")
}
