package printed

import (
	"sync"

	"wolfdiag/dump/trace"
)

// form is one way in which programs print a stack, with the small parser of its lines.
type form struct {
	name string
	// open takes a line that announces a stack; nil when none does.
	open func(r *reader, line string) bool
	// frame takes a line of a stack.
	frame func(r *reader, line string) bool
	// again reads a frame's line that was joined out of two; nil when lines of this
	// form are never joined.
	again func(line string) (trace.Frame, bool)
	// blank is told of empty lines; nil when they mean nothing.
	blank func(r *reader)

	// Every line that open takes, whatever has begun, and that frame takes unless the
	// form is loose, holds one of shows, or starts or ends with one of these.
	shows, starts, ends []string

	loose          bool // frame may take a line that tells nothing
	bare           bool // frames are recognised without an opening line
	sure           bool // a single frame is no accident
	outermostFirst bool // most recent call last
	first          int  // number of the innermost frame
	atLeast        int  // frames that make a trace
}

// forms is the table, in the order of trial: the more telling shapes first.
var forms = sync.OnceValue(func() []*form {
	return []*form{
		// Wolf's own: cpptrace (src/utils/…: formatted printing) and boost::stacktrace.
		cpptraceForm(), boostForm(),
		// systemd:src/shared/elf-util.c, "#%u  0x%016lx %s (%s + 0x%lx)".
		coredumpForm(),
		// xserver:os/backtrace.c.
		xorgForm(),
		// godot:platform/linuxbsd/crash_handler_linuxbsd.cpp.
		godotForm(),
		// compiler-rt:lib/sanitizer_common/sanitizer_stacktrace_printer.cpp.
		sanitizerForm(),
		// llvm:lib/Support/Signals.cpp; chromium:base/debug/stack_trace_posix.cc.
		llvmForm(), chromiumForm(),
		// lldb: "frame #0: 0x… module`function at file:line:column".
		lldbForm(),
		// gdb and what is made with it (DrKonqi, apport); doc "Backtraces".
		gdbForm(),
		// rust:library/std/src/sys/backtrace.rs.
		rustForm(),
		// go:src/runtime/traceback.go.
		goForm(),
		// cpython:Python/traceback.c, both most recent call last and first.
		pythonForm(), faulthandlerForm(),
		// jdk:src/hotspot/share/utilities/vmError.cpp; java.lang.Throwable.
		hotspotForm(), javaForm(),
		// dotnet/runtime: System.Diagnostics.StackTrace; mono.
		dotnetForm(),
		// V8's stack trace API.
		nodeForm(),
		// wine:programs/winedbg/stack.c.
		wineForm(),
		// abseil:debugging/internal/examine_stack.cc, glog:src/signalhandler.cc.
		failureForm(),
		// valgrind:coregrind/m_debuginfo/debuginfo.c.
		valgrindForm(),
		// gjs: "== Stack trace for context 0x… =="; gjs:gjs/jsapi-util-error.cpp.
		gjsForm(), gjsErrorForm(),
		// linux:arch/x86/mm/fault.c (show_signal_msg) and arch/x86/kernel/dumpstack.c.
		kernelFaultForm(), kernelOopsForm(),
		// glibc:debug/backtracesyms.c; mono's "Native stacktrace".
		glibcForm(),
	}
})
