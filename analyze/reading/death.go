package reading

import (
	"strings"
	"sync"

	"wolfdiag/analyze/speaker"
)

// Death is the end of a process, in whatever words a supervisor tells of it.
type Death struct {
	Program string // who, as the text names it; empty when it names nobody
	Signal  int    // the signal that ended it, also when told as code 128 + n; 0 for none
	Code    int    // the exit code; −1 when none is told
	Core    bool   // a core was dumped
	GaveUp  bool   // the supervisor will not start it again
	Reason  Reason // Crashed, Exhausted (killed for memory), Missing and Refused (126 and 127), Failed (another code), Lost (asked or killed to end)
}

// ReadDeath reports what a text says of the end of a process; false when it tells of
// none, or of one that ended well. Compose, docker, systemd, coredump, s6,
// supervisord, tini, shells, kubelet, the kernel and language runtimes are
// understood. It costs a search for a few words in texts that tell of nothing.
func ReadDeath(text []byte) (Death, bool) {
	d, _, _ := ended(text)
	return d, d.Reason != NoReason
}

// End is how a program ended that did not die.
type End uint8

// The ends.
const (
	NoEnd   End = iota
	Ended       // by itself, with code 0
	Stopped     // it was asked to: it had gone on until then, working or waiting
)

// EndedWell reports whether a text tells that a program ended as it should, and which
// where it names one.
func EndedWell(text []byte) (program string, how End) {
	if len(text) > maxRead {
		text = text[:maxRead]
	}
	if mayTell(text) {
		parts := deathParts()
		for i := range deathForms {
			r := deathReader{Death: Death{Code: -1}}
			if r.match(text, parts[i]) && r.well() != NoEnd {
				return r.Program, r.well()
			}
		}
	}
	if mayBid(text) {
		for _, parts := range farewells() {
			r := deathReader{Death: Death{Code: -1}}
			if r.match(text, parts) && r.well() != NoEnd {
				return "", r.well()
			}
		}
	}
	return "", NoEnd
}

// well tells how it ended, NoEnd where something went wrong.
func (d *Death) well() End {
	signal := d.Signal
	if signal == 0 && d.Code > 128 {
		signal = d.Code - 128
	}
	switch signal {
	case 0:
		if d.Code == 0 {
			return Ended
		}
	case 1, 2, 15: // SIGHUP, SIGINT, SIGTERM
		if !d.Core {
			return Stopped
		}
	}
	return NoEnd
}

// farewells are what a program or its launcher says of an end that need not be a
// death, cut like deathParts.
var farewells = sync.OnceValue(func() [][]string {
	var all [][]string
	for _, f := range [...]string{"ended with %d", "aught signal %s", "eceived signal %s", "ot signal %s", "eceived SIG%s", "aught SIG%s", "exiting on signal %s"} {
		all = append(all, strings.Split(f, "%"))
	}
	return all
})

// mayBid reports whether a text holds a word of a farewell.
func mayBid(text []byte) bool { return has(text, "nded with ", "signal ", "eceived SIG", "aught SIG") }

// Tells reports whether a text tells of an end or of a next try, or may with other
// numbers in it.
func Tells(text []byte) bool {
	_, told, numbers := ended(text)
	return told || numbers.to > 0 || mayBid(text) || MayTryNext(text)
}

// ended is ReadDeath, and reports whether the text tells of an end at all. One
// that went well has no reason. numbers is the part of the text in which the numbers
// stand, codes and signals, that were looked at.
func ended(text []byte) (d Death, told bool, numbers part) {
	if len(text) > maxRead {
		text = text[:maxRead]
	}
	if !mayTell(text) {
		return Death{}, false, part{}
	}
	parts := deathParts()
	for i := range deathForms {
		r := deathReader{Death: Death{Code: -1}}
		is := r.match(text, parts[i])
		numbers.add(r.numbers)
		if is {
			told = true
			if r.settle(&deathForms[i]) {
				return r.Death, true, numbers
			}
		}
	}
	return Death{}, told, numbers
}

// deathRules name the rules that deaths are read by, by what died.
var deathRules = map[speaker.Class]string{
	speaker.Wolf: "read-wolf-crash", speaker.Compositor: "read-wolf-crash", speaker.AppCompositor: "read-desktop-crash", speaker.App: "read-app-crash",
	speaker.Unknown: "read-app-crash", speaker.Init: "read-init-death", speaker.Pulse: "read-pulse-death",
}

// rule returns the position of the rule for a death, −1 when it speaks for nothing.
func (d *Death) rule(by speaker.Class) int {
	class := by
	if d.Program != "" {
		class = classOf(d.Program, by)
	}
	id := ""
	switch d.Reason {
	case Exhausted:
		id = "read-killed-for-memory"
	case Missing, Refused:
		id = "read-not-run"
	case Crashed:
		id = deathRules[class]
	case Lost: // killed; of Wolf and of an app a stop tells so too
		if class == speaker.AppCompositor || class == speaker.Pulse {
			id = deathRules[class]
		}
	case Failed:
		if d.Program == "" && by == speaker.Runtime { // of what it started
			class = speaker.App
		}
		switch class {
		case speaker.App, speaker.Init, speaker.AppCompositor, speaker.Pulse:
			id = "read-ended"
		case speaker.Wolf:
			id = "read-wolf-ended"
		}
	}
	return ruleNamed(id)
}

// ruleNamed returns the position of a rule, −1 when there is none.
func ruleNamed(id string) int {
	for i, list := 0, rules(); i < len(list); i++ {
		if list[i].ID == id {
			return i
		}
	}
	return -1
}

// Causes says which causes a death speaks for, by who died; nil when nobody can
// tell. by is who says it, for a death that names nobody.
func (d *Death) Causes(by speaker.Class) []Link {
	if i := d.rule(by); i >= 0 {
		return rules()[i].Causes
	}
	return nil
}

// classOf is the class of a program by its name; "wolf-1" is compose's name of a
// container, "WolfSteam_123" Wolf's of an app.
func classOf(program string, by speaker.Class) speaker.Class {
	name := strings.TrimSuffix(program, ".service")
	if i := strings.LastIndexByte(name, '-'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
		name = name[:i]
	}
	if desktopName(name) {
		return speaker.AppCompositor
	}
	if c, ok := speaker.OfProgram([]byte(name)); ok {
		return c
	}
	if strings.HasPrefix(name, "Wolf") && len(name) > 4 {
		return speaker.App
	}
	if i := strings.LastIndexAny(name, "-_"); i > 0 {
		if c, ok := speaker.OfProgram([]byte(name[i+1:])); ok {
			return c
		}
	}
	if by == speaker.App || by == speaker.AppCompositor || by == speaker.Init {
		return speaker.App
	}
	return speaker.Foreign
}

// desktopName reports whether a program is a desktop or a part of one that has no
// other name than the desktop's: cosmic-comp, plasmashell.
func desktopName(name string) bool {
	s := scanner{text: []byte(name), x: vocabulary()}
	s.words(0, len(name))
	if s.n == 0 || s.tokens[0].word == 0 {
		return false
	}
	node, _ := s.x.longest(&s, 0)
	return node > 0 && s.x.means[node].object == Desktop
}

// settle says what a death means, and false for one that is none.
func (d *Death) settle(f *deathForm) bool {
	d.Core = d.Core || f.core
	d.GaveUp = f.gaveUp
	if d.Signal == 0 && d.Code > 128 && d.Code < 128+65 {
		d.Signal = d.Code - 128
	}
	wolf := strings.HasPrefix(d.Program, "wolf") // which ends with the number of the signal it got
	switch {
	case f.memory:
		d.Reason = Exhausted
	case d.GaveUp:
		d.Reason = Crashed
	case crashSignal(d.Signal), f.core && d.Signal != 0, wolf && d.Signal == 0 && crashSignal(d.Code):
		d.Reason = Crashed
	case d.Signal == 9:
		d.Reason = Lost
	case d.Signal != 0:
		return false // asked to end
	case d.Code == 126:
		d.Reason = Refused
	case d.Code == 127:
		d.Reason = Missing
	case d.Code == 101: // Rust: a panic
		d.Reason = Crashed
	case d.Code == 0, wolf && (d.Code == 15 || d.Code == 2 || d.Code == 3), d.Code == 255 && f.reaped:
		return false
	case d.Code > 0:
		d.Reason = Failed
	case f.core:
		d.Reason = Crashed
	default:
		return false
	}
	return true
}

func crashSignal(n int) bool {
	switch n {
	case 4, 5, 6, 7, 8, 11, 31:
		return true
	}
	return false
}
