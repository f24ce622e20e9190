// Package trace has the words that every part of reading crash dumps uses: a
// Trace and its Frames, what layout they came in, how far they can be trusted,
// and what a frame is to the crash.
package trace

import (
	"fmt"
	"time"
)

// Kind is the layout a dump was recognised to have, by its content alone.
type Kind string

// The kinds.
const (
	KindCpptrace     Kind = "cpptrace"      // count, then records of 4120 bytes
	KindCpptraceText Kind = "cpptrace-text" // the same in decimal text
	KindBoost        Kind = "boost"         // bare return addresses up to a zero
	KindPrinted      Kind = "printed"       // a trace as it stands in a log
	KindStrings      Kind = "strings"       // layout unknown; only paths and names could be had
	KindUnknown      Kind = "unknown"
)

// Status says how far a dump can be trusted.
type Status string

// The states.
const (
	StatusOK           Status = "ok"
	StatusStaleTail    Status = "stale-tail"    // frames of an older dump follow the real trace
	StatusMixedThreads Status = "mixed-threads" // frames of two traces lie in one another
	StatusTruncated    Status = "truncated"     // the file ends before the trace does
	StatusEmpty        Status = "empty"         // zero bytes
	StatusNoFrames     Status = "no-frames"     // well formed, but without a frame
	StatusCorrupt      Status = "corrupt"       // the count or a record cannot be right
	StatusNotADump     Status = "not-a-dump"
)

// Role says what a frame is to the crash.
type Role uint8

// The roles, from the top of a trace downwards.
const (
	RoleUnknown    Role = iota
	RoleHandler         // Wolf's own signal and terminate handlers
	RoleTrampoline      // where the kernel entered the handler
	RoleMachinery       // abort, terminate, unwind, panic: how the end was made known
	RoleLibc            // C, C++ and loader run-time libraries
	RoleSupport         // header-only and standard library code compiled into the program
	RoleLibrary         // any other shared object
	RoleOwn             // the program itself and its plugins
	RoleEntry           // main, thread starts: the bottom of every trace
)

var roleNames = [...]string{"unknown", "handler", "trampoline", "machinery", "libc", "support", "library", "own", "entry"}

// String returns the role's name as it stands in JSON.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return fmt.Sprintf("role(%d)", uint8(r))
}

// Inlined is a function that the compiler expanded in place inside a frame.
type Inlined struct {
	Function string
	File     string
	Line     int
	Column   int
}

// Frame is one entry of a trace. Addresses are as stored: return addresses
// already decremented by one, except in boost's layout.
type Frame struct {
	Raw    uint64 // address in the crashed process; 0 when unknown
	Object uint64 // address relative to the load base of Module
	// HasObject tells an Object of 0 apart from one that is not known (printed
	// traces and boost's layout hold only raw addresses).
	HasObject bool
	Role      Role
	Line      int32
	Column    int32
	Module    string // path as stored; "" when unknown or for a jump to nowhere
	Function  string // demangled; "" without symbols
	Bare      string // see symbol.Location; "" when it is Function
	File      string
	Inlined   []Inlined // functions expanded inside this frame, innermost first
}

// Base returns the load base of a frame's object; false when it has none.
func (f *Frame) Base() (uint64, bool) {
	if f.Module == "" || !f.HasObject {
		return 0, false
	}
	return f.Raw - f.Object, true
}

// Notes is what a text says of a crash beside its frames. Everything may be
// missing.
type Notes struct {
	Program   string     // name or path of the program that crashed
	PID       int        // of its process
	Unit      string     // systemd unit or compose service it ran in
	Service   string     // compose service that printed the trace
	Thread    string     // name or number of the thread that crashed
	Signal    string     // SIGSEGV
	Exception string     // type of the exception or error: std::out_of_range, SIGFPE's code, AddressSanitizer's kind
	Message   string     // what the panic, assertion or exception says
	BuildID   string     // of the program, in hex
	Time      *time.Time // of the crash, UTC
	Fault     *uint64    // address that could not be accessed
}

// Thread is another stack of the same text: another thread, or where memory was freed.
type Thread struct {
	Name   string
	Frames []Frame
}

// Trace is what could be read of one crash, innermost frame first.
type Trace struct {
	Kind   Kind
	Status Status
	Frames []Frame
	// Entries counts the frames as the file numbers them: a printed trace
	// numbers inlined functions like frames of their own.
	Entries  int
	Warnings []string
	// Dropped are the frames that were read but belong to another trace.
	Dropped []Frame
	// Strings holds paths and demangled names when Kind is KindStrings.
	Strings []string
	// Header is the text over a printed trace: the panic's or exception's message.
	Header string
	// Format names who printed the trace ("gdb", "coredumpctl"); "" for files.
	Format string
	Line   int // 1-based line of the text on which the first frame stands; 0 for files
	Notes  Notes
	// Threads are the other stacks of a printed trace.
	Threads []Thread
}

// Warn adds a warning to t.
func (t *Trace) Warn(format string, args ...any) {
	t.Warnings = append(t.Warnings, fmt.Sprintf(format, args...))
}

// Worse returns the state that limits trust more.
func Worse(a, b Status) Status {
	rank := func(s Status) int {
		switch s {
		case StatusOK:
			return 0
		case StatusStaleTail:
			return 1
		case StatusTruncated:
			return 2
		case StatusMixedThreads:
			return 3
		}
		return 4
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}
