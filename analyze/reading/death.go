package reading

import (
	"bytes"
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
	_, told, numbered := ended(text)
	return told || numbered || mayBid(text) || MayTryNext(text)
}

// ended is ReadDeath, and reports whether the text tells of an end at all. One
// that went well has no reason. numbered reports whether a number that stands in
// the text, a code or a signal, was looked at.
func ended(text []byte) (d Death, told, numbered bool) {
	if len(text) > maxRead {
		text = text[:maxRead]
	}
	if !mayTell(text) {
		return Death{}, false, false
	}
	parts := deathParts()
	for i := range deathForms {
		r := deathReader{Death: Death{Code: -1}}
		is := r.match(text, parts[i])
		numbered = numbered || r.numbered
		if is {
			told = true
			if r.settle(&deathForms[i]) {
				return r.Death, true, numbered
			}
		}
	}
	return Death{}, told, numbered
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
	for i := range rules {
		if rules[i].ID == id {
			return i
		}
	}
	return -1
}

// Causes says which causes a death speaks for, by who died; nil when nobody can
// tell. by is who says it, for a death that names nobody.
func (d *Death) Causes(by speaker.Class) []Link {
	if i := d.rule(by); i >= 0 {
		return rules[i].Causes
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

// deathForm is one way to tell of a death. In a form, %p stands for the program,
// %d for a code, %s for a signal's name, number or text, %* for anything on the
// line, %j for what a shell tells of a job; all else is as it stands in the text.
type deathForm struct {
	form   string
	core   bool // tells of a core, or of nothing but a crash
	memory bool // killed for memory
	gaveUp bool
	reaped bool // told of what was started for a moment only
}

// deathForms, the more telling ones first.
var deathForms = [...]deathForm{
	// The kernel.
	{form: "Out of memory: Killed process %*(%p)", memory: true},
	{form: "Memory cgroup out of memory: Killed process %*(%p)", memory: true},
	{form: "oom-kill:%*task=%p,", memory: true},
	{form: "traps: %p[%*] general protection", core: true},
	{form: "traps: %p[%*] trap ", core: true},
	{form: "%p[%*]: segfault at ", core: true},
	{form: "type=1701 %*comm=\"%p\" %*sig=%s "},
	{form: "potentially unexpected fatal signal %s."},
	// systemd and its helpers.
	{form: "%p: Main process exited, code=killed, status=%s/"},
	{form: "%p: Main process exited, code=dumped, status=%s/", core: true},
	{form: "%p: Main process exited, code=exited, status=%d/"},
	{form: "%p: Control process exited, code=exited, status=%d/"},
	{form: "Process %*(%p) of user %* dumped core", core: true},
	{form: "Process %*(%p) of user %* terminated abnormally with signal %s/", core: true},
	{form: "%p: Failed with result 'core-dump'", core: true},
	{form: "%p: Failed with result 'oom-kill'", memory: true},
	{form: "%p: A process of this unit has been killed by the OOM killer", memory: true},
	// supervisord.
	{form: "exited: %p (terminated by %s;"},
	{form: "exited: %p (terminated by %s (core dumped);", core: true},
	{form: "exited: %p (exit status %d; not expected)"},
	{form: "gave up: %p entered FATAL state", gaveUp: true},
	// s6, tini, dumb-init, runit.
	{form: "service %p: command crashed with signal %s"},
	{form: "service %p: command exited %d"},
	{form: "[services.d] %p exited %d"},
	{form: "%p: exited %d"},
	{form: "%p exited %d"},
	{form: "Main child exited with signal (with signal '%s')"},
	{form: "Main child exited normally (with status '%d')"},
	// Docker, compose, podman, Kubernetes.
	{form: "%p exited with code %d"},
	{form: "process '%p' exited with code %d"},
	{form: "container %p exited (%d)"},
	{form: "container die %*exitCode=%d,%*name=%p)"},
	{form: "container died %*name=%p,%*exitCode=%d"},
	{form: "Exited (%d) "},
	{form: "terminated with exit code %d"},
	{form: "erminated with status code: %d"},
	{form: "restarting failed container=%p pod", gaveUp: true},
	{form: "restarting failed container %p in pod", gaveUp: true},
	// Shells and languages.
	{form: "line %*: %j"},
	{form: "%s (core dumped) %p", core: true},
	{form: "%s (core dumped)", core: true},
	{form: "KCrash: Application Name = %p path", core: true},
	{form: "returned non-zero exit status %d"},
	{form: "died with <Signals.%s:"},
	{form: "%p exited with signal %s"},
	{form: "%p crashed with signal %s"},
	{form: "%p killed by signal %s"},
	{form: "%p terminated by signal %s"},
	{form: "terminated by signal %s"},
	{form: "killed by signal %s"},
	{form: "%p exited with status %d"},
	{form: "%p exited with exit code %d"},
	{form: "%p exited with exit status %d"},
	{form: "(signal: %s,"},
	{form: "aught signal %s"},
	{form: "aught fatal signal %s"},
	{form: "eceived signal %s"},
	{form: "eceived interrupt signal %s"},
	{form: "Signal=%s"},
	{form: "Segmentation fault", core: true},
}

// mayTell reports whether a text holds a word that every form has.
func mayTell(text []byte) bool {
	return has(text, "xited", "ignal", "core", "ault", "Killed process", "killed by", "oom-kill", "gave up", "type=1701", "traps: ", "exit status", "exit code", "KCrash", "crashed", "failed container", "container die", "erminated with")
}

// deathParts are the forms cut at their places: the text before the first, then
// for each place its kind and the text after it.
var deathParts = sync.OnceValue(func() [][]string {
	var all [][]string
	for _, f := range deathForms {
		all = append(all, strings.Split(f.form, "%"))
	}
	return all
})

// deathReader looks for one form.
type deathReader struct {
	Death
	numbered bool // a number was looked at
}

// match looks for a form in a text and takes what its places hold.
func (d *deathReader) match(text []byte, parts []string) bool {
	at := 0
	if parts[0] != "" {
		i := bytes.Index(text, []byte(parts[0]))
		if i < 0 {
			return false
		}
		at = i + len(parts[0])
	}
	for i, p := range parts[1:] {
		kind, lit := p[0], p[1:]
		var val []byte
		switch {
		case i == 0 && parts[0] == "": // a place in front
			n := bytes.Index(text, []byte(lit))
			if n <= 0 {
				return false
			}
			from := n
			for from > 0 && (kind == 's' && (letter(text[from-1]) || text[from-1] == ' ' || text[from-1] == '/') || kind == 'p' && (nameByte(text[from-1]) || text[from-1] == ':')) {
				from--
			}
			val, at = text[from:n], n+len(lit)
		case kind == 'j':
			return d.job(text[at:])
		case lit == "":
			to := at
			for to < len(text) && nameByte(text[to]) {
				to++
			}
			val, at = text[at:to], to
		default:
			n := bytes.Index(text[at:], []byte(lit))
			if n < 0 || n > 200 {
				return false
			}
			val, at = text[at:at+n], at+n+len(lit)
		}
		if !d.fill(kind, val) {
			return false
		}
	}
	return true
}

// job reads what bash tells of a job that a signal ended (jobs.c, notify_of_job_status):
//
//	245 Aborted                 (core dumped) sunshine "$HOME/sunshine.conf"
func (d *deathReader) job(b []byte) bool {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i]
	}
	b = bytes.TrimLeft(b, " ")
	n := 0
	for n < len(b) && digit(b[n]) {
		n++
	}
	b = bytes.TrimLeft(b[n:], " ")
	if n == 0 {
		return false
	}
	for _, s := range signals {
		rest, ok := bytes.CutPrefix(b, []byte(s.text))
		if !ok {
			continue
		}
		rest = bytes.TrimLeft(rest, " ")
		if r, ok := bytes.CutPrefix(rest, []byte("(core dumped)")); ok {
			d.Core, rest = true, bytes.TrimLeft(r, " ")
		}
		end := 0
		for end < len(rest) && nameByte(rest[end]) {
			end++
		}
		d.Signal = s.n
		return end == 0 || d.fill('p', rest[:end])
	}
	return false
}

func nameByte(c byte) bool {
	return letter(c) || digit(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == '@'
}

// fill takes the value of a place; false when it cannot be one.
func (d *deathReader) fill(kind byte, val []byte) bool {
	switch kind {
	case 'p':
		val = bytes.Trim(val, ` "'`)
		if i := bytes.LastIndexByte(val, '/'); i >= 0 {
			val = val[i+1:]
		}
		if i := bytes.IndexByte(val, ':'); i > 0 { // a thread: "wolf:gst"
			val = val[:i]
		}
		if len(val) == 0 || len(val) > 64 || bytes.IndexByte(val, ' ') >= 0 {
			return false
		}
		d.Program = string(val)
	case 'd':
		n, ok := d.whole(bytes.TrimRight(val, "."))
		if !ok {
			return false
		}
		d.Code = n
	case 's':
		if n, ok := d.whole(val); ok {
			d.Signal = n
			return n > 0 && n < 65
		}
		d.Signal = signalOf(val)
		return d.Signal > 0
	}
	return true
}

func (d *deathReader) whole(b []byte) (int, bool) {
	n := 0
	for i, c := range b {
		if !digit(c) {
			return 0, false
		}
		if n > 1<<20 || i == len(b)-1 {
			d.numbered = true // or would be, with other digits
		}
		if n > 1<<20 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(b) > 0
}

// signals by name and by what the C library says (signal(7), strsignal(3)).
var signals = [...]struct {
	name, text string
	n          int
}{
	{"SEGV", "Segmentation fault", 11}, {"ABRT", "Aborted", 6}, {"KILL", "Killed", 9}, {"ILL", "Illegal instruction", 4}, {"BUS", "Bus error", 7},
	{"FPE", "Floating point exception", 8}, {"TRAP", "Trace/breakpoint trap", 5}, {"SYS", "Bad system call", 31}, {"TERM", "Terminated", 15},
	{"INT", "Interrupt", 2}, {"HUP", "Hangup", 1}, {"QUIT", "Quit", 3}, {"PIPE", "Broken pipe", 13},
}

func signalOf(b []byte) int {
	b = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(b), []byte("SIG")))
	for _, s := range signals {
		if string(b) == s.name || bytes.HasSuffix(b, []byte(s.text)) {
			return s.n
		}
	}
	return 0
}
