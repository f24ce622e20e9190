// Package crash says in words what a trace shows: what kind of crash it was, whose
// it is, and what to do next. It reads frames whose roles are assigned, and what
// the text around them said.
package crash

import (
	"regexp"
	"strings"
	"sync"

	"wolfdiag/dump/signature"
	"wolfdiag/dump/trace"
)

// Kind is what kind of crash it was.
type Kind string

// The kinds. "" is a crash of which nothing more is known.
const (
	Unknown       Kind = ""
	Assertion     Kind = "assertion"
	Exception     Kind = "uncaught-exception"
	Noexcept      Kind = "exception-in-noexcept"
	Terminate     Kind = "terminate"
	Heap          Kind = "heap-corruption"
	DoubleFree    Kind = "double-free"
	StackSmashed  Kind = "stack-smashing"
	Overflow      Kind = "buffer-overflow"
	StackOverflow Kind = "stack-overflow"
	NullPointer   Kind = "null-pointer"
	BadPointer    Kind = "bad-pointer"
	NullCall      Kind = "null-call"
	BadAccess     Kind = "bad-access"
	PureVirtual   Kind = "pure-virtual-call"
	RustPanic     Kind = "rust-panic"
	RustAbort     Kind = "rust-panic-across-c"
	Panic         Kind = "panic"
	Arithmetic    Kind = "division-by-zero"
	IllegalCode   Kind = "illegal-instruction"
	BusError      Kind = "bus-error"
	UseAfterFree  Kind = "use-after-free"
	DataRace      Kind = "data-race"
	Leak          Kind = "memory-leak"
	Undefined     Kind = "undefined-behaviour"
	Aborted       Kind = "abort"
	Kernel        Kind = "kernel-fault"
)

// Finding is the kind of a crash, in words.
type Finding struct {
	Kind Kind
	// Title is a clause without a full stop: "uncaught exception std::out_of_range: map::at".
	Title string
	// Victim is set when the crash only shows a damage that was done before,
	// elsewhere: the site is not the culprit.
	Victim bool
}

// nearNull is below what a pointer to nothing plus a member's offset can be.
const nearNull = 1 << 16

// Of tells the kind of a crash from the frames, whose roles signature.Of has
// assigned, from the fault down, and from what stood around them. It is safe for
// concurrent use.
func Of(frames []trace.Frame, notes *trace.Notes) Finding {
	s := newStack(frames)
	for _, r := range rules {
		if f, ok := r(s, notes); ok {
			return f
		}
	}
	return Finding{Title: "it crashed"}
}

// stack has the functions of a trace from the fault down, inlined ones too.
type stack struct {
	frames []trace.Frame
	fault  int      // index of the first frame below the handler
	names  []string // normalised, from the fault down; "" without names
	raw    []string // as they stand
	signal bool     // a signal handler was entered
}

func newStack(frames []trace.Frame) *stack {
	s := &stack{frames: frames}
	for i := range frames {
		if frames[i].Role == trace.RoleTrampoline {
			s.fault, s.signal = i+1, true
		} else if frames[i].Role == trace.RoleHandler && s.fault == i {
			s.fault = i + 1
		}
	}
	for i := s.fault; i < len(frames); i++ {
		for _, in := range frames[i].Inlined {
			s.names, s.raw = append(s.names, signature.Normalize(in.Function)), append(s.raw, in.Function)
		}
		s.names, s.raw = append(s.names, signature.Normalize(frames[i].Function)), append(s.raw, frames[i].Function)
	}
	return s
}

// has returns the first name from the fault down that is one of the given; a
// given name that ends with * is a prefix.
func (s *stack) has(want ...string) string {
	for _, n := range s.names {
		for _, w := range want {
			if p, prefix := strings.CutSuffix(w, "*"); n == w || prefix && strings.HasPrefix(n, p) || n == "__GI_"+w {
				return n
			}
		}
	}
	return ""
}

// top returns the name where the fault is; "" without names.
func (s *stack) top() string {
	if len(s.names) == 0 {
		return ""
	}
	return s.names[0]
}

type rule func(*stack, *trace.Notes) (Finding, bool)

// rules are tried in order: what a program says of itself first, then what stands
// in the stack, then the signal.
var rules = []rule{kernelFault, sanitizer, rustPanic, uncaught, assertion, heap, smashed, languagePanic, recursion, badCall, stringFunction, bySignal, aborted}

func kernelFault(s *stack, n *trace.Notes) (Finding, bool) {
	if n.Program != "kernel" {
		return Finding{}, false
	}
	return Finding{Kind: Kernel, Title: "a fault in the kernel itself: " + or(n.Exception, "oops")}, true
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// withMessage appends what a program said.
func withMessage(title, message string) string {
	if message == "" || strings.Contains(title, message) {
		return title
	}
	return title + ": " + message
}

func sanitizer(s *stack, n *trace.Notes) (Finding, bool) {
	name, what, ok := strings.Cut(n.Exception, "Sanitizer")
	if !ok {
		return Finding{}, false
	}
	what = strings.TrimPrefix(strings.TrimSpace(strings.TrimPrefix(what, ":")), "attempting ")
	f := Finding{Title: withMessage(strings.TrimSpace(what+" (found by "+name+"Sanitizer)"), n.Message)}
	switch {
	case name == "UndefinedBehavior":
		f.Kind, f.Title = Undefined, withMessage("undefined behaviour", n.Message)
	case strings.Contains(what, "use-after"):
		f.Kind = UseAfterFree
	case strings.Contains(what, "data race"):
		f.Kind = DataRace
	case strings.Contains(what, "memory leak"):
		f.Kind = Leak
	case strings.Contains(what, "double-free"):
		f.Kind = DoubleFree
	case strings.Contains(what, "stack-overflow"):
		f.Kind = StackOverflow
	case strings.Contains(what, "overflow"), strings.Contains(what, "underflow"):
		f.Kind = Overflow
	case what == "SEGV" || strings.HasPrefix(what, "SEGV"):
		g, _ := bySignal(s, n)
		return g, true
	default:
		f.Kind = BadAccess
	}
	return f, true
}

// rustReasons are the functions that raise a panic, with what each means.
var rustReasons = []struct{ name, say string }{
	{"core::panicking::panic_bounds_check", "an index was out of range"},
	{"core::option::unwrap_failed", "unwrap() of None"},
	{"core::option::expect_failed", "expect() of None"},
	{"core::result::unwrap_failed", "unwrap() or expect() of an error"},
	{"core::cell::panic_already_borrowed", "a RefCell was borrowed twice"},
	{"core::cell::panic_already_mutably_borrowed", "a RefCell was borrowed twice"},
	{"core::panicking::panic_const_div_by_zero", "division by zero"},
	{"core::panicking::panic_const_", "arithmetic overflow"},
	{"core::str::slice_error_fail", "a string was cut at an impossible place"},
	{"core::slice::index::slice_", "a slice was out of range"},
	{"core::panicking::assert_failed", "assert_eq! failed"},
	{"alloc::alloc::handle_alloc_error", "out of memory"},
	{"core::panicking::unreachable_display", "unreachable code was reached"},
}

func rustPanic(s *stack, n *trace.Notes) (Finding, bool) {
	across := s.has("core::panicking::panic_cannot_unwind", "core::panicking::panic_nounwind*", "core::panicking::panic_in_cleanup") != ""
	if s.has("core::panicking::*", "std::panicking::begin_panic*", "std::panicking::panic_with_hook", "std::panicking::rust_panic*", "rust_panic*", "rust_begin_unwind", "__rustc::rust_*", "core::result::unwrap_failed", "core::option::*_failed") == "" {
		return Finding{}, false
	}
	f := Finding{Kind: RustPanic, Title: "Rust panic"}
	if across {
		f.Kind, f.Title = RustAbort, "a Rust panic reached a C function and ended the process; the log has the panic's own message before"
		return f, true
	}
	for _, r := range rustReasons {
		if strings.HasSuffix(r.name, "_") && s.has(r.name+"*") != "" || s.has(r.name) != "" {
			f.Title += ": " + r.say
			break
		}
	}
	f.Title = withMessage(f.Title, n.Message)
	return f, true
}

// thrown finds what std::__throw_… throws.
var thrown = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^std::__throw_(\w+?)(?:_fmt)?$`) })

func uncaught(s *stack, n *trace.Notes) (Finding, bool) {
	terminate := s.has("std::terminate", "__terminate", "__cxxabiv1::__terminate", "__clang_call_terminate", "__cxa_call_terminate", "__cxxabiv1::__cxa_call_terminate") != ""
	throw := s.has("__cxa_throw", "__cxxabiv1::__cxa_throw", "__cxa_rethrow", "__cxxabiv1::__cxa_rethrow", "std::rethrow_exception", "std::__throw_*", "boost::throw_exception") != ""
	if !terminate && !throw && n.Exception == "" && calledByRuntime(s) {
		return Finding{Kind: Exception, Title: "an exception that nobody caught, or std::terminate"}, true
	}
	native := strings.HasPrefix(n.Exception, "std::") || terminate || throw
	if !native {
		return Finding{}, false
	}
	kind := n.Exception
	for _, name := range s.names {
		if m := thrown().FindStringSubmatch(name); m != nil && kind == "" {
			kind = "std::" + m[1]
		}
		if strings.HasPrefix(name, "std::filesystem::") && kind == "" && throw {
			kind = "std::filesystem::filesystem_error"
		}
	}
	switch {
	case terminate && throw && s.has("__gxx_personality_v0", "__clang_call_terminate", "__cxa_call_terminate", "__cxxabiv1::__cxa_call_terminate") != "":
		return Finding{Kind: Noexcept, Title: withMessage(strings.TrimSpace("an exception "+kind+" left a function declared noexcept"), n.Message)}, true
	case throw || n.Exception != "":
		return Finding{Kind: Exception, Title: withMessage(strings.TrimSpace("uncaught exception "+kind), n.Message)}, true
	case s.has("std::thread::~thread", "std::thread::operator=") != "":
		return Finding{Kind: Terminate, Title: "std::terminate: a std::thread was destroyed while it ran"}, true
	}
	if s.has("__cxa_pure_virtual", "__cxxabiv1::__cxa_pure_virtual") != "" {
		return Finding{Kind: PureVirtual, Title: "a pure virtual function was called: the object was under construction or already destroyed"}, true
	}
	return Finding{Kind: Terminate, Title: "std::terminate was called"}, true
}

// calledByRuntime tells an uncaught exception without names: the handler was not
// entered by a signal but called by the C++ run-time.
func calledByRuntime(s *stack) bool {
	if s.signal || s.fault == 0 || s.fault >= len(s.frames) {
		return false
	}
	module := trace.BaseName(s.frames[s.fault].Module)
	for _, p := range []string{"libstdc++.so", "libc++abi.so", "libc++.so"} {
		if strings.HasPrefix(module, p) {
			return true
		}
	}
	return false
}

func assertion(s *stack, n *trace.Notes) (Finding, bool) {
	switch {
	case s.has("__cxa_pure_virtual", "__cxxabiv1::__cxa_pure_virtual") != "":
		return Finding{Kind: PureVirtual, Title: "a pure virtual function was called: the object was under construction or already destroyed"}, true
	case s.has("__assert_fail*", "__assert_perror_fail", "std::__glibcxx_assert_fail", "std::__replacement_assert", "g_assertion_message*", "qt_assert*") != "", strings.HasPrefix(n.Message, "Assertion "), strings.HasPrefix(n.Message, "Check failed: "):
		return Finding{Kind: Assertion, Title: withMessage("an assertion failed", strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(n.Message, "Check failed: "), "Assertion "), " failed"))}, true
	}
	return Finding{}, false
}

// heapNames are the functions of malloc that find the heap damaged, or fall over it.
var heapNames = []string{"malloc_printerr", "_int_free*", "_int_malloc", "_int_realloc", "unlink_chunk*", "malloc_consolidate", "sysmalloc", "tcache_*"}

func heap(s *stack, n *trace.Notes) (Finding, bool) {
	m := n.Message
	switch {
	case strings.HasPrefix(m, "double free"), strings.HasPrefix(m, "free(): double free"):
		return Finding{Kind: DoubleFree, Title: withMessage("memory was freed twice", m), Victim: true}, true
	case s.has(heapNames...) != "", regexpHeap().MatchString(m):
		return Finding{Kind: Heap, Title: withMessage("the heap was corrupted before this: the crash site is a victim", m), Victim: true}, true
	}
	return Finding{}, false
}

var regexpHeap = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:free|malloc|realloc|munmap_chunk|malloc_consolidate)\(\): |^corrupted (?:size|double)`)
})

func smashed(s *stack, n *trace.Notes) (Finding, bool) {
	switch {
	case s.has("__stack_chk_fail*") != "", strings.HasPrefix(n.Message, "stack smashing"):
		return Finding{Kind: StackSmashed, Title: "the stack was overwritten by the function at the site", Victim: false}, true
	case s.has("__chk_fail", "__fortify_fail*") != "", strings.HasPrefix(n.Message, "buffer overflow"):
		return Finding{Kind: Overflow, Title: "a buffer was too small for what was written to it"}, true
	}
	return Finding{}, false
}

// languagePanic is for languages whose run-time says what it was.
func languagePanic(s *stack, n *trace.Notes) (Finding, bool) {
	switch {
	case n.Exception == "":
		return Finding{}, false
	case n.Exception == "panic" && strings.Contains(n.Message, "nil pointer"):
		return Finding{Kind: NullPointer, Title: withMessage("panic", n.Message)}, true
	case n.Exception == "panic" || n.Exception == "fatal error":
		return Finding{Kind: Panic, Title: withMessage(n.Exception, n.Message)}, true
	case n.Exception == "Fatal Python error" && strings.HasPrefix(n.Message, "Segmentation fault"):
		return Finding{Kind: BadAccess, Title: "a segmentation fault inside Python or one of its native modules"}, true
	case strings.HasPrefix(n.Exception, "page fault"):
		g, _ := bySignal(s, &trace.Notes{Signal: "SIGSEGV", Fault: n.Fault})
		return g, true
	}
	return Finding{Kind: Exception, Title: withMessage("uncaught exception "+n.Exception, n.Message)}, true
}

// deepEnough is how many rounds of a recursion are a stack overflow rather than a
// function that calls itself now and then.
const deepEnough = 20

// recursion finds a period of up to four frames repeated from near the fault on.
func recursion(s *stack, n *trace.Notes) (Finding, bool) {
	rest := s.frames[s.fault:]
	same := func(a, b *trace.Frame) bool {
		if a.Function != "" || b.Function != "" {
			return a.Function == b.Function && a.File == b.File
		}
		return a.HasObject && b.HasObject && a.Module == b.Module && a.Object == b.Object
	}
	for skip := range min(4, len(rest)) {
		for period := 1; period <= 4; period++ {
			rounds := 0
			for i := skip; i+period < len(rest) && same(&rest[i], &rest[i+period]); i++ {
				rounds++
			}
			if rounds/period >= deepEnough {
				return Finding{Kind: StackOverflow, Title: "the stack overflowed: a function called itself without end"}, true
			}
		}
	}
	return Finding{}, false
}

func badCall(s *stack, n *trace.Notes) (Finding, bool) {
	if s.signal && s.fault == len(s.frames) && s.fault >= 2 {
		return Finding{Kind: NullCall, Title: "a call through a bad pointer, or a stack that was destroyed: it could not be walked past the fault"}, true
	}
	if s.fault >= len(s.frames) || !s.signal && n.Signal != "SIGSEGV" {
		return Finding{}, false
	}
	f := &s.frames[s.fault]
	if f.Module != "" || f.Function != "" || f.Object != 0 || f.HasObject {
		return Finding{}, false
	}
	if f.Raw == 0 || f.Raw >= ^uint64(trace.PageMask) {
		return Finding{Kind: NullCall, Title: "a function was called through a null pointer: the frame below made the call"}, true
	}
	if f.File == "" && !trace.CodeAddress(f.Raw) {
		return Finding{Kind: BadPointer, Title: "a function was called through a pointer to nowhere: the frame below made the call", Victim: true}, true
	}
	return Finding{}, false
}

// stringFunction is a fault inside a function of the C library that trusts its arguments.
func stringFunction(s *stack, n *trace.Notes) (Finding, bool) {
	name := strings.TrimPrefix(strings.TrimPrefix(s.top(), "__GI_"), "__")
	for _, p := range []string{"strlen", "strcmp", "strncmp", "strcpy", "strncpy", "strdup", "strchr", "strstr", "memcpy", "memmove", "memset", "memcmp", "memchr", "printf", "vfprintf"} {
		if strings.HasPrefix(name, p) {
			f := Finding{Kind: BadPointer, Title: p + " was given a bad pointer"}
			if n.Fault != nil && *n.Fault < nearNull {
				f.Kind, f.Title = NullPointer, p+" was given a null pointer"
			}
			return f, true
		}
	}
	return Finding{}, false
}

func bySignal(s *stack, n *trace.Notes) (Finding, bool) {
	switch n.Signal {
	case "SIGSEGV":
		switch {
		case n.Fault != nil && *n.Fault < nearNull:
			return Finding{Kind: NullPointer, Title: "a null pointer was followed"}, true
		case n.Fault != nil:
			return Finding{Kind: BadPointer, Title: "a pointer to nowhere was followed", Victim: true}, true
		}
		return Finding{Kind: BadAccess, Title: "memory was accessed that is not there (segmentation fault)"}, true
	case "SIGFPE":
		return Finding{Kind: Arithmetic, Title: "division by zero"}, true
	case "SIGILL", "SIGTRAP":
		return Finding{Kind: IllegalCode, Title: "an instruction that ends the program: a check of the compiler's, or code for another processor"}, true
	case "SIGBUS":
		return Finding{Kind: BusError, Title: "a mapped file was cut short, or memory is damaged (bus error)"}, true
	}
	return Finding{}, false
}

func aborted(s *stack, n *trace.Notes) (Finding, bool) {
	switch {
	case s.has("abort", "__GI_abort", "raise", "gsignal", "pthread_kill") != "", n.Signal == "SIGABRT":
		return Finding{Kind: Aborted, Title: withMessage("the program ended itself (abort)", n.Message)}, true
	case s.signal && s.fault < len(s.frames) && s.frames[s.fault].Role != trace.RoleLibc:
		return Finding{Kind: BadAccess, Title: "memory was accessed that is not there (segmentation fault)"}, true
	case n.Message != "":
		return Finding{Title: n.Message}, true
	case raisedInLibc(s):
		return Finding{Kind: Aborted, Title: "the program ended itself, or the C library did (abort)"}, true
	}
	return Finding{}, false
}

// raisedInLibc tells an abort without names: a signal handler entered from two or
// more frames of the C library.
func raisedInLibc(s *stack) bool {
	n := 0
	for i := s.fault; i < len(s.frames) && s.frames[i].Role == trace.RoleLibc; i++ {
		n++
	}
	return s.signal && n >= 2
}
