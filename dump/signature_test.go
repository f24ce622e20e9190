package dump_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

func named(functions ...string) []dump.Frame {
	out := make([]dump.Frame, len(functions))
	for i, f := range functions {
		out[i] = dump.Frame{Raw: 0x7f0000001000 + uint64(i), Function: f}
	}
	return out
}

func roles(frames []dump.Frame) string {
	var out []string
	for _, f := range frames {
		out = append(out, f.Role.String())
	}
	return strings.Join(out, " ")
}

// TestSkipLists has a name of a real trace for each kind of list entry.
func TestSkipLists(t *testing.T) {
	for _, tc := range []struct {
		function string
		role     string
	}{
		{"shutdown_handler(int)", "handler"},
		{"safe_dump_stacktrace_to(std::__cxx11::basic_string<char> const&)", "handler"},
		{"on_terminate()", "handler"},
		{"__pthread_kill_implementation", "machinery"},
		{"abort", "machinery"},
		{"__GI_raise", "machinery"},
		{"malloc_printerr", "machinery"},
		{"__cxxabiv1::__terminate(void (*)())", "machinery"},
		{"std::terminate()", "machinery"},
		{"__gxx_personality_v0", "machinery"},
		{"_Unwind_RaiseException", "machinery"},
		{"std::__throw_out_of_range_fmt(char const*, ...)", "machinery"},
		{"std::panicking::begin_panic_handler::{{closure}}", "machinery"},
		{"core::panicking::panic_fmt", "machinery"},
		{"core::result::Result<T,E>::unwrap::h0123456789abcdef", "machinery"},
		{"<core::result::Result<u8, E>>::unwrap", "machinery"},
		{"core::result::unwrap_failed", "machinery"},
		{"rust_panic", "machinery"},
		{"g_logv", "machinery"},
		{"free", "libc"},
		{"std::vector<int, std::allocator<int> >::at(unsigned long)", "support"},
		{"<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop", "support"},
		{"boost::asio::detail::scheduler::run(boost::system::error_code&)", "support"},
		{"main", "entry"},
		{"__libc_start_call_main", "entry"},
		{"std::thread::_State_impl<std::thread::_Invoker<std::tuple<void (*)()> > >::_M_run()", "entry"},
		{"clone3", "entry"},
		{"streaming::start_video(int)", "own"},
		{"abort_session(int)", "own"},
		{"mainloop()", "own"},
	} {
		frames := named("streaming::x", tc.function, "y")
		dump.SignatureOf(frames)
		if tc.role == "handler" {
			frames = named(tc.function, "y")
			dump.SignatureOf(frames)
			if got := frames[0].Role.String(); got != tc.role {
				t.Errorf("%s is %s, want %s", tc.function, got, tc.role)
			}
			continue
		}
		if got := frames[1].Role.String(); got != tc.role {
			t.Errorf("%s is %s, want %s", tc.function, got, tc.role)
		}
	}
}

func TestSignature(t *testing.T) {
	p := dumptest.NewProcess(7)
	w, l, x, g := dumptest.Wolf, dumptest.Libc, dumptest.Libcxx, dumptest.Gst
	at := func(pairs ...any) []dump.Frame {
		var out []dump.Frame
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, p.At(pairs[i].(string), uint64(pairs[i+1].(int))))
		}
		return out
	}
	for _, tc := range []struct {
		name   string
		frames []dump.Frame
		top    string
		roles  string
	}{
		{"fault in own code, 448c325, no symbols", at(w, 0x10, l, 0x42, w, 0x100, w, 0x200, w, 0x300, w, 0x400, l, 0x99, l, 0x9a),
			"wolf+0x100 | wolf+0x200 | wolf+0x300", "handler trampoline own own own own libc libc"},
		{"fault in own code, v0.8.2, no symbols", at(w, 0x11, w, 0x10, l, 0x42, w, 0x100, l, 0x99),
			"wolf+0x100", "handler handler trampoline own libc"},
		{"abort, no symbols", at(w, 0x10, l, 0x42, l, 0x80, l, 0x81, l, 0x82, w, 0x100, l, 0x99),
			"wolf+0x100", "handler trampoline libc libc libc own libc"},
		{"uncaught exception, no symbols", at(w, 0x10, w, 0x12, x, 0x1, x, 0x2, x, 0x3, w, 0x100, l, 0x99),
			"wolf+0x100", "handler handler libc libc libc own libc"},
		{"fault in a library near own code", at(w, 0x10, l, 0x42, g, 0x1, g, 0x2, w, 0x100, l, 0x99),
			"wolf+0x100", "handler trampoline library library own libc"},
		{"fault in a library far from own code", at(w, 0x10, l, 0x42, g, 0x1, g, 0x2, g, 0x3, g, 0x4, g, 0x5, w, 0x100, l, 0x99),
			"libgstreamer-1.0.so.0+0x1 | libgstreamer-1.0.so.0+0x2 | libgstreamer-1.0.so.0+0x3", "handler trampoline library library library library library own libc"},
		{"no own frame", at(w, 0x10, l, 0x42, l, 0x7, g, 0x2, g, 0x3, l, 0x99),
			"libgstreamer-1.0.so.0+0x2 | libgstreamer-1.0.so.0+0x3", "handler trampoline libc library library libc"},
		{"destructor crashes over the first crash", at(w, 0x10, l, 0x42, w, 0x900, l, 0x50, l, 0x51, w, 0x14, l, 0x42, w, 0x100, w, 0x200, l, 0x99),
			"wolf+0x100 | wolf+0x200", "handler trampoline handler handler handler handler trampoline own own libc"},
		{"main without names", at(w, 0x10, l, 0x42, w, 0x100, w, 0x700, l, 0x29, l, 0x2a, w, 0x5),
			"wolf+0x100", "handler trampoline own entry entry entry entry"},
		{"crash in main itself", at(w, 0x10, l, 0x42, w, 0x700, l, 0x29, l, 0x2a, w, 0x5),
			"wolf+0x700 | libc.so.6+0x29 | libc.so.6+0x2a", "handler trampoline entry entry entry entry"},
		{"jump to nowhere", append(at(w, 0x10, l, 0x42), append([]dump.Frame{{}}, at(w, 0x100, l, 0x99)...)...),
			"wolf+0x100", "handler trampoline unknown own libc"},
		{"only handler and trampoline are left", at(w, 0x11, w, 0x10, l, 0x42), "(the trace ends above the fault)", "handler handler trampoline"},
		{"only the handler is left", at(w, 0x10, l, 0x42)[:1], "(the trace ends above the fault)", "handler"},
		{"names", named("shutdown_handler(int)", "__restore_rt", "std::vector<int>::at(unsigned long)", "streaming::a(int)", "streaming::b<int>(char)", "main", "__libc_start_main"),
			"streaming::a | streaming::b", "handler trampoline support own own entry entry"},
		{"Rust panic", named("shutdown_handler", "__restore_rt", "__pthread_kill_implementation", "abort", "std::sys::pal::unix::abort_internal", "rust_panic", "std::panicking::rust_panic_with_hook", "core::panicking::panic_fmt", "core::result::unwrap_failed", "waylanddisplaycore::comp::init::h0123456789abcdef", "waylanddisplaycore::run"),
			"waylanddisplaycore::comp::init | waylanddisplaycore::run", "handler trampoline machinery machinery machinery machinery machinery machinery machinery own own"},
		{"recursion", named("on_terminate()", "std::terminate()", "a", "b", "a", "b", "a", "b", "c"), "a | b | c", "handler machinery own own own own own own own"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := dump.SignatureOf(tc.frames)
			if s.Top != tc.top {
				t.Errorf("signature %q, want %q", s.Top, tc.top)
			}
			if got := roles(tc.frames); tc.roles != "" && got != tc.roles && tc.name != "only the handler is left" {
				t.Errorf("roles\n got %s\nwant %s", got, tc.roles)
			}
			if len(s.Offsets) != len(tc.frames) {
				t.Errorf("%d offsets for %d frames", len(s.Offsets), len(tc.frames))
			}
		})
	}
}

func TestSignatureBoostSurvivesRandomisation(t *testing.T) {
	trace := func(seed uint64, own ...uint64) dump.Signature {
		frames := dumptest.NewProcess(seed).Segv(own...)
		return dump.SignatureOf(decode(dumptest.Boost(frames)).Frames)
	}
	a, b, other := trace(1, 0x100000, 0x200000), trace(2, 0x100000, 0x200000), trace(3, 0x100010, 0x200000)
	if diff := cmp.Diff(a.Functions, b.Functions); diff != "" || a.Top != b.Top {
		t.Errorf("the same crash in two processes (-one +two):\n%s", diff)
	}
	if a.Top == other.Top {
		t.Errorf("two crash sites share the signature %q", a.Top)
	}
}

func TestSignatureSameFromPrintAndSymbols(t *testing.T) {
	print, _ := dump.ParsePrinted("#0 0x000055aa2fafc61b in shutdown_handler(int) at /w/e.h:7:1\n#1 0x000055aa2fafc61b\n#2 (inlined)          in clamp(int) at /w/s.cpp:24:16\n#3 0x000055aa2fafc61b in void setup<H264>(int) at /w/s.cpp:43:32\n#4 0x000055aa2fafc61b in main at /w/m.cpp:3:1\n")
	resolved := []dump.Frame{
		{Function: "shutdown_handler(int)"}, {Module: dumptest.Libc, HasObject: true, Object: 0x42},
		{Function: "void setup<H264>(int)", File: "/build/s.cpp", Line: 43, Inlined: []dump.Inlined{{Function: "clamp(int)", File: "/build/s.cpp", Line: 24}}}, {Function: "main"},
	}
	a, b := dump.SignatureOf(print.Frames), dump.SignatureOf(resolved)
	if a.Top != "clamp | setup" || a.Top != b.Top {
		t.Errorf("printed %q, resolved %q, want both clamp | setup", a.Top, b.Top)
	}
}

// TestOverflowThroughTwo: where in a recursion through two functions the stack
// ended is chance, and does not change the signature.
func TestOverflowThroughTwo(t *testing.T) {
	const w = "/wolf/wolf"
	overflow := func(fault uint64, first, second uint64) []dump.Frame {
		frames := []dump.Frame{{Module: w, HasObject: true, Object: 0x10}, {Module: dumptest.Libc, HasObject: true, Object: 0x42}, {Module: w, HasObject: true, Object: fault}}
		for range 45 {
			frames = append(frames, dump.Frame{Module: w, HasObject: true, Object: first}, dump.Frame{Module: w, HasObject: true, Object: second})
		}
		return frames
	}
	const enter, leave = 0x6907, 0x6936
	for _, tc := range []struct {
		name   string
		frames []dump.Frame
	}{
		{"ended in the first", overflow(0x68db, leave, enter)},
		{"ended in the second", overflow(0x692d, enter, leave)},
		{"one frame more", overflow(0x692d, enter, leave)[:90]},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := dump.SignatureOfTrace(&dump.Trace{Kind: dump.KindCpptrace, Frames: tc.frames})
			if !strings.HasPrefix(s.Top, "wolf+0x6907 | wolf+0x6936") || s.Site[0].Name != "wolf+0x6907@wolf+0x10" {
				t.Errorf("signature %q, site %v, want both to begin with enter", s.Top, s.Site)
			}
		})
	}
}
