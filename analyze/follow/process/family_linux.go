package process

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// member is a process, and when it started, so that another one with its number
// is not taken for it.
type member struct {
	pid   int
	start string // field 22 of /proc/PID/stat
}

// kill ends the process unless its number has been given to another one.
func (m member) kill() {
	if _, start, ok := status(m.pid); ok && start == m.start {
		_ = syscall.Kill(m.pid, syscall.SIGKILL) // it may have ended
	}
}

// status reads the parent and the start of a process. In proc(5)'s stat, the
// second field is the name in brackets, which may hold anything:
//
//	4711 (a ) name) S 4242 4711 …
func status(pid int) (parent int, start string, ok bool) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, "", false
	}
	f := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(f) < 20 || f[0][0] == 'Z' {
		return 0, "", false
	}
	parent, err = strconv.Atoi(string(f[1]))
	return parent, string(f[19]), err == nil
}

// all lists the processes of the machine.
func all() []int {
	d, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1) // those that could be read
	var pids []int
	for _, n := range names {
		if pid, err := strconv.Atoi(n); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// descendants are the children of a process, theirs, and so on.
func descendants(leader int) []member {
	children := map[int][]member{}
	for _, pid := range all() {
		if parent, start, ok := status(pid); ok {
			children[parent] = append(children[parent], member{pid, start})
		}
	}
	var out []member
	for next := children[leader]; len(next) > 0; {
		m := next[0]
		next = append(next[1:], children[m.pid]...)
		delete(children, m.pid)
		out = append(out, m)
	}
	return out
}

// marked are the living processes with a variable in their environment, as far
// as it may be looked at.
func marked(variable string) []member {
	want := []byte("\x00" + variable + "\x00")
	self := os.Getpid()
	var out []member
	for _, pid := range all() {
		if pid == self {
			continue
		}
		b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
		if err != nil || !bytes.Contains(append([]byte{0}, b...), want) {
			continue
		}
		if _, start, ok := status(pid); ok {
			out = append(out, member{pid, start})
		}
	}
	return out
}
