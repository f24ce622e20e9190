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
	case strings.HasPrefix(file, "/rustc/"), strings.Contains(file, "/library/core/src/"), strings.Contains(file, "/library/std/src/"), strings.Contains(file, "/library/alloc/src/"),
		strings.HasPrefix(file, "node:"), strings.Contains(file, "/lib/python3") && !strings.Contains(file, "-packages/"), strings.HasPrefix(file, "<frozen "), strings.Contains(file, "/go/src/"), strings.Contains(file, "/rustlib/src/"), strings.Contains(file, "/.cargo/registry/"),
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

// executableOf returns the program's path. Where the process wrote the trace
// itself that is the object of the innermost frame, because that is its handler,
// unless it is a shared library; elsewhere it is the object of main, or the
// outermost that is no library. "" when there is none.
func executableOf(frames []trace.Frame, origin Origin) string {
	lists := skips()
	if origin != OriginOutside {
		for i := range frames {
			m := frames[i].Module
			if m == "" {
				continue
			}
			if r := lists.moduleRole(m); r == trace.RoleLibc || r == trace.RoleLibrary {
				break
			}
			return m
		}
		if origin == OriginUnknown {
			return ""
		}
	}
	outermost := ""
	for i := len(frames) - 1; i >= 0; i-- {
		f := &frames[i]
		if r := lists.moduleRole(f.Module); f.Module == "" || r == trace.RoleLibc || r == trace.RoleLibrary || strings.HasPrefix(f.Module, "[") {
			continue
		}
		if f.Function == "main" || f.Function == "_start" {
			return f.Module
		}
		if outermost == "" {
			outermost = f.Module
		}
	}
	return outermost
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
// that faulted: the first one below the crash handler. Machinery below it (abort,
// terminate, a panic's own functions) has that role.
//
// What is above the fault is told by structure: everything above the trampoline
// through which the kernel entered the handler, whatever its names are; and above
// the function in which the end of the process was decided (terminate, a panic,
// abort), hooks and handlers of the program among it. Because the handler calls
// exit(), a static destructor can crash inside the first crash: of two
// trampolines the fault is below the lower one.
func AssignRoles(frames []trace.Frame, origin Origin) int {
	lists := skips()
	executable := executableOf(frames, origin)
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
	fault := belowHandler(frames, origin, executable)
	for i := range min(fault, len(frames)) {
		if frames[i].Role != trace.RoleTrampoline {
			frames[i].Role = trace.RoleHandler
		}
	}
	markEnd(frames, fault)
	markEntry(frames, fault, executable)
	return fault
}

// belowHandler marks the trampolines and returns the index below the last one, or
// below the handler where the end came without a signal.
func belowHandler(frames []trace.Frame, origin Origin, executable string) int {
	fault := 0
	for i := range frames {
		if frames[i].Role == trace.RoleTrampoline {
			fault = i + 1
		}
	}
	if origin == OriginOutside {
		return fault
	}
	first := leadingHandler(frames, executable)
	entry := trampolineAt(frames, first, origin, executable)
	if entry < 0 {
		return max(fault, first, aboveTerminate(frames, origin, executable))
	}
	frames[entry].Role = trace.RoleTrampoline
	fault = max(fault, entry+1)
	for i := entry + 1; i < len(frames); i++ {
		// A second signal inside the handler enters at the very same address.
		f, above := &frames[i], &frames[i-1]
		again := f.Module == frames[entry].Module && f.Function == frames[entry].Function && (f.HasObject && f.Object == frames[entry].Object || trace.RawOnly(frames) && f.Raw == frames[entry].Raw)
		if again && (executable != "" && above.Module == executable || above.Role == trace.RoleOwn) {
			f.Role = trace.RoleTrampoline
			fault = i + 1
		}
	}
	return fault
}

// aboveTerminate returns how many frames at the top of a dump are the handler's
// where the C++ run-time called it for an exception: the program's own, whatever
// their names are, down to the first frame of that run-time.
func aboveTerminate(frames []trace.Frame, origin Origin, executable string) int {
	if origin != OriginHandler || executable == "" {
		return 0
	}
	for i := range min(len(frames), maxHandler) {
		f := &frames[i]
		switch {
		case f.Role == trace.RoleMachinery && i > 0, f.Role == trace.RoleLibc && !signalObject(f.Module) && f.Module != "" && i > 0:
			return i
		case f.Module != executable:
			return 0
		}
	}
	return 0
}

// trampolineAt finds the signal trampoline by its place: the first frame of libc,
// without a name or with one that a lookup by the nearest symbol gives it, right
// below the handler's frames at the top. first is how many of these are known to
// be the handler's; a process that wrote the trace itself may have others there.
// It returns -1 when there is none.
func trampolineAt(frames []trace.Frame, first int, origin Origin, executable string) int {
	if executable == "" && trace.RawOnly(frames) {
		if first > 0 && first < len(frames) && frames[first].Role == trace.RoleLibrary {
			return first
		}
		return -1
	}
	for i := range min(len(frames), maxHandler) {
		f := &frames[i]
		if signalObject(f.Module) && (f.Function == "" || isTrampolineName(f.Function)) {
			if i == 0 && origin != OriginHandler || i > 0 && i != first && origin != OriginHandler {
				return -1
			}
			return i
		}
		if f.Role == trace.RoleLibc || f.Role == trace.RoleMachinery || f.Role == trace.RoleEntry {
			return -1 // terminate, abort: no signal
		}
		if i >= maxUnnamed && f.Function == "" {
			return -1
		}
	}
	return -1
}

// How many frames a crash handler has: without names fewer are believed.
const (
	maxHandler = 14
	maxUnnamed = 5
)

// isTrampolineName accepts what dladdr calls the trampoline: the symbol before it.
func isTrampolineName(name string) bool {
	return skips().trampoline.has(name) || strings.HasPrefix(name, "__sigaction") || strings.HasPrefix(name, "__libc_sigaction") || strings.HasPrefix(name, "killpg") || strings.HasPrefix(name, "__libc_current_sigrtmin")
}

// markEnd makes machinery of everything above the lowest function, from the fault
// down, in which the end was decided.
func markEnd(frames []trace.Frame, fault int) {
	lists := skips()
	last := -1
	for i := fault; i < len(frames); i++ {
		f := &frames[i]
		ends := lists.ends(Normalize(f.Function))
		for _, in := range f.Inlined {
			ends = ends || f.Role != trace.RoleOwn && lists.ends(Normalize(in.Function))
		}
		if ends {
			last = i
		}
	}
	for i := fault; i < last; i++ {
		if r := frames[i].Role; r != trace.RoleTrampoline {
			frames[i].Role = trace.RoleMachinery
		}
	}
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
func NewRoles(frames []trace.Frame, origin Origin) Roles {
	return Roles{skips(), executableOf(frames, origin)}
}

// Of returns what a function at a place in an object is to a crash.
func (r Roles) Of(function, file, module string) trace.Role {
	return roleOf(r.lists, function, file, module, r.executable)
}
