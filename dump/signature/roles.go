package signature

import (
	"strings"

	"wolfdiag/dump/trace"
)

// sourceRole says what code a source path belongs to, when the function's name
// does not: headers and crates compiled in, or the run-time itself.
func sourceRole(file string) trace.Role {
	switch {
	case file == "":
		return trace.RoleUnknown
	case strings.HasPrefix(file, "/rustc/"), strings.Contains(file, "/rustlib/src/"), strings.Contains(file, "/.cargo/registry/"),
		strings.Contains(file, "/cargo/registry/src/"), strings.HasPrefix(file, "/usr/include/"), strings.HasPrefix(file, "/usr/local/include/"),
		strings.HasPrefix(file, "/usr/lib/gcc/"), strings.Contains(file, "/_deps/"):
		return trace.RoleSupport
	case strings.Contains(file, "/sysdeps/"), strings.Contains(file, "/glibc"), strings.HasPrefix(file, "./nptl/"), strings.HasPrefix(file, "./stdlib/"),
		strings.HasPrefix(file, "./malloc/"), strings.HasPrefix(file, "./csu/"), strings.Contains(file, "/libstdc++-v3/"), strings.Contains(file, "/libgcc/"):
		return trace.RoleLibc
	}
	return trace.RoleUnknown
}

// roleOf judges one function of a frame by its name, place and object.
func roleOf(lists *skipLists, function, file, module, executable string) trace.Role {
	role := lists.functionRole(Normalize(function))
	moduleRole := lists.moduleRole(module)
	own := module != "" && module == executable
	switch role {
	case trace.RoleSupport, trace.RoleLibc:
		if moduleRole == trace.RoleLibrary && !own {
			return trace.RoleLibrary // what a library compiled in is that library's
		}
		return role
	case trace.RoleHandler:
		if own || moduleRole != trace.RoleLibrary {
			return role
		}
	case trace.RoleUnknown:
	default:
		return role
	}
	if moduleRole == trace.RoleLibc && !own {
		return trace.RoleLibc
	}
	if own || moduleRole == trace.RoleOwn || module == "" && function != "" {
		if s := sourceRole(file); s != trace.RoleUnknown {
			return s
		}
		return trace.RoleOwn
	}
	if module == "" {
		return trace.RoleUnknown
	}
	return trace.RoleLibrary
}

// executableOf returns the program's path: the object of the innermost frame,
// because that is Wolf's handler, unless it is a shared library.
func executableOf(frames []trace.Frame) string {
	lists := skips()
	for i := range frames {
		m := frames[i].Module
		if m == "" {
			continue
		}
		if r := lists.moduleRole(m); r == trace.RoleLibc || r == trace.RoleLibrary {
			return ""
		}
		return m
	}
	return ""
}

// signalObject reports whether a signal trampoline can lie in that object.
func signalObject(module string) bool {
	b := trace.BaseName(module)
	for _, p := range []string{"libc.so", "libc-", "libc.musl", "ld-musl", "linux-vdso", "libpthread", "[vdso]"} {
		if strings.HasPrefix(b, p) {
			return true
		}
	}
	return false
}

// AssignRoles sets the role of every frame and returns the index of the frame
// that faulted: the first one below everything that only reports the crash.
//
// With names the lists decide. Without, the shape does: Wolf's handler is the
// run of frames of the executable that the trace starts with; a libc frame right
// below it is the trampoline. Because the handler
// calls exit(), a static destructor can crash inside the first crash: of two
// trampolines the fault is below the lower one.
func AssignRoles(frames []trace.Frame) int {
	lists := skips()
	executable := executableOf(frames)
	for i := range frames {
		f := &frames[i]
		if f.Role == trace.RoleTrampoline && f.Function == "" && f.Module == "" {
			continue // gdb said so
		}
		f.Role = roleOf(lists, f.Function, f.File, f.Module, executable)
		for _, in := range f.Inlined {
			// A frame is what its most telling function is: own code that was
			// inlined into main or into a library template counts.
			if r := roleOf(lists, in.Function, in.File, f.Module, executable); r == trace.RoleOwn && f.Role != trace.RoleHandler {
				f.Role = trace.RoleOwn
			}
		}
	}
	if executable == "" && trace.RawOnly(frames) {
		regionRoles(frames)
	}
	first := leadingHandler(frames, executable)
	fault := first
	for i := first; i < len(frames); i++ {
		if frames[i].Role == trace.RoleTrampoline || isTrampolineAt(frames, i, first, executable) {
			frames[i].Role = trace.RoleTrampoline
			fault = i + 1
		}
	}
	for i := range min(fault, len(frames)) {
		if frames[i].Role != trace.RoleTrampoline {
			frames[i].Role = trace.RoleHandler
		}
	}
	markEntry(frames, fault, executable)
	return fault
}

// leadingHandler returns how many frames at the top are the crash handler's.
func leadingHandler(frames []trace.Frame, executable string) int {
	n, named := 0, false
	for n < len(frames) && frames[n].Role == trace.RoleHandler {
		n, named = n+1, true
	}
	if named || executable == "" && !trace.RawOnly(frames) {
		return n
	}
	for n < len(frames) && (frames[n].Module == executable && frames[n].Role == trace.RoleOwn) && frames[n].Function == "" {
		n++
	}
	if n == len(frames) && n <= 2 {
		return n // cut off above the fault: a whole trace goes on into libc
	}
	if n == len(frames) || n > 4 || frames[n].Function != "" && n == 0 {
		return 0
	}
	if executable == "" {
		return n
	}
	// A handler is followed by the trampoline or by std::terminate and the like.
	if frames[n].Role == trace.RoleLibc || frames[n].Role == trace.RoleMachinery || frames[n].Role == trace.RoleTrampoline {
		return n
	}
	return 0
}

// isTrampolineAt recognises a trampoline by its place: right below the handler,
// or at the very address of that first one, below another frame of the program.
func isTrampolineAt(frames []trace.Frame, i, first int, executable string) bool {
	f := &frames[i]
	if first == 0 || i+1 >= len(frames) && i != first || f.Function != "" && f.Role != trace.RoleLibc {
		return false
	}
	if executable == "" && trace.RawOnly(frames) {
		if f.Role != trace.RoleLibrary {
			return false
		}
		return i == first || frames[i-1].Role == trace.RoleOwn && f.Raw == frames[first].Raw
	}
	if !signalObject(f.Module) || f.Function != "" && skips().functionRole(Normalize(f.Function)) == trace.RoleLibc {
		return false
	}
	if i == first {
		return true
	}
	return frames[i-1].Module == executable && f.HasObject && f.Object == frames[first].Object && f.Module == frames[first].Module
}

// regionRoles tells the program from its libraries by where Linux maps them on
// amd64 and arm64: position-independent programs and the heap lie far below the
// area for mmap. Without randomisation a program lies below 4 GiB.
func regionRoles(frames []trace.Frame) {
	own := frames[0].Raw >> 40
	for i := range frames {
		frames[i].Role = trace.RoleLibrary
		if frames[i].Raw>>40 == own {
			frames[i].Role = trace.RoleOwn
		}
		if !trace.CodeAddress(frames[i].Raw) {
			frames[i].Role = trace.RoleUnknown
		}
	}
}

// markEntry recognises main without its name: the trace ends with _start of the
// executable below libc's frames, and main is the frame above these.
func markEntry(frames []trace.Frame, fault int, executable string) {
	n := len(frames)
	if n-fault < 3 || executable == "" || frames[n-1].Module != executable || frames[n-1].Function != "" {
		return
	}
	i := n - 2
	for i > fault && frames[i].Role == trace.RoleLibc {
		frames[i].Role = trace.RoleEntry
		i--
	}
	if i == n-2 {
		return
	}
	frames[n-1].Role = trace.RoleEntry
	if frames[i].Module == executable && frames[i].Function == "" {
		frames[i].Role = trace.RoleEntry
	}
}

// Roles judges functions of one trace by name, place and object.
type Roles struct {
	lists      *skipLists
	executable string
}

// NewRoles returns the judge for the frames of one trace.
func NewRoles(frames []trace.Frame) Roles { return Roles{skips(), executableOf(frames)} }

// Of returns what a function at a place in an object is to a crash.
func (r Roles) Of(function, file, module string) trace.Role {
	return roleOf(r.lists, function, file, module, r.executable)
}
