package reading

import (
	"bytes"
	"strings"
	"sync"
)

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
	numbers part // where the numbers stand that were looked at
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
		begin := at
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
			val, at, begin = text[from:n], n+len(lit), from
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
		if !d.fill(kind, val, begin) {
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
		return end == 0 || d.fill('p', rest[:end], 0)
	}
	return false
}

func nameByte(c byte) bool {
	return letter(c) || digit(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == '@'
}

// fill takes the value of a place, which stands at a byte of the text; false when it
// cannot be one.
func (d *deathReader) fill(kind byte, val []byte, at int) bool {
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
		n, ok := d.whole(bytes.TrimRight(val, "."), at)
		if !ok {
			return false
		}
		d.Code = n
	case 's':
		if n, ok := d.whole(val, at); ok {
			d.Signal = n
			return n > 0 && n < 65
		}
		d.Signal = signalOf(val)
		return d.Signal > 0
	}
	return true
}

func (d *deathReader) whole(b []byte, at int) (int, bool) {
	n := 0
	for i, c := range b {
		if !digit(c) {
			return 0, false
		}
		if n > 1<<20 || i == len(b)-1 {
			d.numbers.add(part{at, at + len(b)}) // or would be, with other digits
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
