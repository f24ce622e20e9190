package dump_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

func TestParsePrinted(t *testing.T) {
	for _, tc := range []struct {
		name    string
		in      string
		want    []dump.Frame
		entries int
		status  dump.Status
	}{
		{"cpptrace 448c325, coloured", "Stack trace (most recent call first):\n" +
			"#0 \x1b[34m0x000055aa2fafc61b\x1b[0m in \x1b[33mshutdown_handler(int)\x1b[0m at \x1b[32m/wolf/src/exceptions.h\x1b[0m:\x1b[34m79\x1b[0m:\x1b[34m5\x1b[0m\n" +
			"#1          (inlined) in \x1b[33mclamp_profile\x1b[0m at \x1b[32m/wolf/src/streaming.cpp\x1b[0m:\x1b[34m24\x1b[0m:\x1b[34m16\x1b[0m\n" +
			"#2 \x1b[34m0x000055aa2fafc61c\x1b[0m in \x1b[33msetup_encoder<H264>\x1b[0m at \x1b[32m/wolf/src/streaming.cpp\x1b[0m:\x1b[34m43\x1b[0m:\x1b[34m32\x1b[0m\n" +
			"#3 \x1b[34m0x00007f21c2b1d0a1\x1b[0m at \x1b[32m/wolf/wolf\x1b[0m\n",
			[]dump.Frame{
				{Raw: 0x55aa2fafc61b, Function: "shutdown_handler(int)", File: "/wolf/src/exceptions.h", Line: 79, Column: 5},
				{Raw: 0x55aa2fafc61c, Function: "setup_encoder<H264>", File: "/wolf/src/streaming.cpp", Line: 43, Column: 32,
					Inlined: []dump.Inlined{{Function: "clamp_profile", File: "/wolf/src/streaming.cpp", Line: 24, Column: 16}}},
				{Raw: 0x7f21c2b1d0a1, Module: "/wolf/wolf"},
			}, 4, dump.StatusOK},
		{"coloured, the escape bytes lost", "wolf-1  | #0 [34m0x000055aa2fafc61b[0m in [33mshutdown_handler(int)[0m at [32m/wolf/src/exceptions.h[0m:[34m79[0m:[34m5[0m\n" +
			"wolf-1  | #1 ^[[34m0x00007f21c2b1d0a1^[[0m at ^[[32m/wolf/wolf^[[0m\n" +
			"wolf-1  | #2 \\u001b[34m0x00007f21c2b1d0a2\\u001b[0m at \\u001b[32m/wolf/wolf\\u001b[0m\n",
			[]dump.Frame{
				{Raw: 0x55aa2fafc61b, Function: "shutdown_handler(int)", File: "/wolf/src/exceptions.h", Line: 79, Column: 5},
				{Raw: 0x7f21c2b1d0a1, Module: "/wolf/wolf"},
				{Raw: 0x7f21c2b1d0a2, Module: "/wolf/wolf"},
			}, 3, dump.StatusOK},
		{"cpptrace v0.8.2, plain, behind a collector's prefix", "wolf-1  | Stack trace (most recent call first):\n" +
			"wolf-1  | #0  (inlined)          in negotiate<H264> at /wolf/src/streaming.cpp:39:102\n" +
			"wolf-1  | #1  0x00007f21c2b1d0a1 in _RNvCs1234_7mycrate3foo\n" +
			"wolf-1  | 12:00:00.1 INFO | something else\n" +
			"wolf-1  | #2  0x00007f21c2b1d0a2\n",
			[]dump.Frame{
				{Raw: 0x7f21c2b1d0a1, Function: "mycrate::foo", Inlined: []dump.Inlined{{Function: "negotiate<H264>", File: "/wolf/src/streaming.cpp", Line: 39, Column: 102}}},
				{Raw: 0x7f21c2b1d0a2},
			}, 3, dump.StatusOK},
		{"boost", "Previous run crashed:\n 0# 0x0000555BE1CD1A49\n 1# shutdown_handler(int) at /wolf/src/wolf.cpp:12\n 2# 0x00007F0C4F5DE520 in /lib/x86_64-linux-gnu/libc.so.6\n",
			[]dump.Frame{
				{Raw: 0x555be1cd1a49},
				{Function: "shutdown_handler(int)", File: "/wolf/src/wolf.cpp", Line: 12},
				{Raw: 0x7f0c4f5de520, Module: "/lib/x86_64-linux-gnu/libc.so.6"},
			}, 3, dump.StatusOK},
		{"gdb", "#0  0x00007ffff7a8b9fc in raise () from /lib/x86_64-linux-gnu/libc.so.6\n" +
			"#1  0x00007ffff7a37476 in abort () from /lib/x86_64-linux-gnu/libc.so.6\n" +
			"#2  <signal handler called>\n" +
			"#3  (anonymous namespace)::setup_encoder<int (*)(int)> (cfg=..., f=0x1 <g(int)>) at src/streaming.cpp:43\n" +
			"#4  0x0000555555555189 in ?? ()\n" +
			"#5  main (argc=1,\n    argv=0x7ffe) at main.cpp:10\n",
			[]dump.Frame{
				{Raw: 0x7ffff7a8b9fc, Function: "raise", Module: "/lib/x86_64-linux-gnu/libc.so.6"},
				{Raw: 0x7ffff7a37476, Function: "abort", Module: "/lib/x86_64-linux-gnu/libc.so.6"},
				{Role: dump.RoleTrampoline},
				{Function: "(anonymous namespace)::setup_encoder<int (*)(int)>", File: "src/streaming.cpp", Line: 43},
				{Raw: 0x555555555189},
				{Function: "main", File: "main.cpp", Line: 10},
			}, 6, dump.StatusOK},
		{"rust full", "thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:374:34:\nFailed to create GsCUDABuf\nstack backtrace:\n" +
			"   0:     0x7f64f11fd575 - <std::sys_common::backtrace::_print::DisplayBacktrace as core::fmt::Display>::fmt::hd736fd5964392270\n" +
			"                               at /rustc/90b35/library/std/src/sys_common/backtrace.rs:44:22\n" +
			"   1:     0x7f64f122ae4b - core::fmt::rt::Argument::fmt::h0b2b\n" +
			"                               at /rustc/90b35/library/core/src/fmt/rt.rs:142:9\n" +
			"                           core::fmt::write::hc7\n" +
			"                               at /rustc/90b35/library/core/src/fmt/mod.rs:1120:17\n" +
			"   2:     0x7f64f122ae4c - _ZN18waylanddisplaycore4comp4init17hb5d3b27aa9f6dcdaE2024-09-15T17:11:59.231787Z ERROR waylanddisplaycore: Compositor thread panic'ed!\n" +
			"   3:                0x0 - <unknown>\n",
			[]dump.Frame{
				{Raw: 0x7f64f11fd575, Function: "<std::sys_common::backtrace::_print::DisplayBacktrace as core::fmt::Display>::fmt::hd736fd5964392270", File: "/rustc/90b35/library/std/src/sys_common/backtrace.rs", Line: 44, Column: 22},
				{Raw: 0x7f64f122ae4b, Function: "core::fmt::write::hc7", File: "/rustc/90b35/library/core/src/fmt/mod.rs", Line: 1120, Column: 17,
					Inlined: []dump.Inlined{{Function: "core::fmt::rt::Argument::fmt::h0b2b", File: "/rustc/90b35/library/core/src/fmt/rt.rs", Line: 142, Column: 9}}},
				{Raw: 0x7f64f122ae4c, Function: "waylanddisplaycore::comp::init"},
				{},
			}, 4, dump.StatusOK},
		{"rust short", "thread 'main' panicked at src/main.rs:3:5:\nboom\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/90b35/library/std/src/panicking.rs:645:5\n   1: app::main\n             at ./src/main.rs:3:5\nnote: Some details are omitted\n",
			[]dump.Frame{
				{Function: "rust_begin_unwind", File: "/rustc/90b35/library/std/src/panicking.rs", Line: 645, Column: 5},
				{Function: "app::main", File: "./src/main.rs", Line: 3, Column: 5},
			}, 2, dump.StatusOK},
		{"cut at the start", "#3 0x00007f21c2b1d0a1 in a at /x.c:1\n#4 0x00007f21c2b1d0a2 in b at /x.c:2\n",
			[]dump.Frame{{Raw: 0x7f21c2b1d0a1, Function: "a", File: "/x.c", Line: 1}, {Raw: 0x7f21c2b1d0a2, Function: "b", File: "/x.c", Line: 2}}, 2, dump.StatusTruncated},
		{"empty trace", "Stack trace (most recent call first):\n<empty trace>\n", nil, 0, dump.StatusNoFrames},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := dump.ParsePrinted(tc.in)
			if !ok {
				t.Fatal("no trace found")
			}
			if diff := cmp.Diff(tc.want, got.Frames); diff != "" {
				t.Errorf("frames (-want +got):\n%s", diff)
			}
			if got.Entries != tc.entries || got.Status != tc.status || got.Kind != dump.KindPrinted {
				t.Errorf("got %d entries, %s, %s; want %d, %s", got.Entries, got.Status, got.Kind, tc.entries, tc.status)
			}
			fromFile := dump.Decode([]byte(tc.in), int64(len(tc.in)))
			if diff := cmp.Diff(got, fromFile); diff != "" {
				t.Errorf("as a file (-parsed +decoded):\n%s", diff)
			}
		})
	}
}

func TestParsePrintedHeader(t *testing.T) {
	got, ok := dump.ParsePrinted("thread 'main' panicked at src/main.rs:3:5:\nboom\nstack backtrace:\n   0: rust_begin_unwind\n")
	if want := "thread 'main' panicked at src/main.rs:3:5:"; !ok || got.Header != want {
		t.Errorf("header %q, want %q", got.Header, want)
	}
}

func TestParsePrintedProse(t *testing.T) {
	for _, in := range []string{"", "issue #1 is fixed (see #2)", "#1 bug (again)", "12# of March", "0: yes\n1: no", "thread 'main' panicked at src/main.rs:3:5:\nboom"} {
		if got, ok := dump.ParsePrinted(in); ok {
			t.Errorf("%q gave a trace of %d frames", in, len(got.Frames))
		}
	}
}

func TestParsePrintedGDBThreads(t *testing.T) {
	in := "Thread 2 (LWP 7):\n#0  0x00007ffff7a8b9fc in futex_wait () from /lib/libc.so.6\n#1  worker () at w.cpp:1\n\n" +
		"Thread 1 (LWP 6):\n#0  0x00007ffff7a8b9fd in pause () from /lib/libc.so.6\n#1  <signal handler called>\n#2  crash_here (p=0x0) at c.cpp:5\n"
	got, ok := dump.ParsePrinted(in)
	if !ok || len(got.Frames) != 3 || got.Frames[2].Function != "crash_here" {
		t.Errorf("got %+v, want the trace of thread 1", got.Frames)
	}
	if all := dump.ParsePrintedAll(in); len(all) != 1 || len(all[0].Threads) != 1 || all[0].Threads[0].Frames[1].Function != "worker" || all[0].Notes.Thread != "1" {
		t.Errorf("got %+v, want one crash of thread 1 with the other thread kept", all)
	}
}

func symbolised() []dump.Frame {
	p := dumptest.NewProcess(4)
	f := p.Segv(0x100, 0x200)
	for i := range f {
		f[i].Object, f[i].HasObject, f[i].Module = 0, false, ""
		f[i].Function, f[i].File, f[i].Line, f[i].Column = "ns::f"+strings.Repeat("x", i)+"(int)", "/src/a.cpp", int32(i+1), 7
	}
	f[3].Inlined = []dump.Inlined{{Function: "ns::tiny", File: "/src/b.h", Line: 3, Column: 9}}
	return f
}

func TestPrintedRoundTrip(t *testing.T) {
	want := symbolised()
	for _, v082 := range []bool{false, true} {
		got, ok := dump.ParsePrinted(dumptest.Printed(want, v082))
		if diff := cmp.Diff(want, got.Frames); diff != "" || !ok {
			t.Errorf("v082=%v (-want +got):\n%s", v082, diff)
		}
	}
}

func FuzzParsePrinted(f *testing.F) {
	f.Add(dumptest.Printed(symbolised(), true))
	f.Add(dumptest.Printed(symbolised(), false))
	f.Add("stack backtrace:\n   0:     0x7f64f11fd575 - foo\n                 at x.rs:1:2\n")
	f.Add("Previous run crashed:\n 0# 0x0000555BE1CD1A49\n")
	f.Add("#0  0x00007ffff7a8b9fc in raise () from /lib/libc.so.6\n#1  <signal handler called>\n#2  f (x=1) at a.c:3\n")
	f.Fuzz(func(t *testing.T, in string) {
		all := dump.ParsePrintedAll(in)
		lines := strings.Count(in, "\n") + 1
		frames := 0
		for _, tr := range all {
			if tr.Status != dump.StatusNoFrames && len(tr.Frames) == 0 {
				t.Fatal("a trace without frames")
			}
			for _, fr := range tr.Frames {
				frames += 1 + len(fr.Inlined)
				if strings.ContainsRune(fr.Function+fr.File+fr.Module, '\n') {
					t.Fatalf("a frame spans lines: %+v", fr)
				}
			}
		}
		if frames > lines {
			t.Fatalf("%d frames out of %d lines", frames, lines)
		}
		// What was parsed and printed again parses to the same trace.
		for _, tr := range all {
			if len(tr.Frames) > 0 && printable(tr.Frames) {
				again, ok := dump.ParsePrinted(dumptest.Printed(tr.Frames, true))
				if !ok || cmp.Diff(tr.Frames, again.Frames) != "" {
					t.Fatalf("printing and parsing changed the frames:\n%s", cmp.Diff(tr.Frames, again.Frames))
				}
			}
		}
	})
}

// printable frames are those whose parts cpptrace's form can hold unambiguously.
func printable(frames []dump.Frame) bool {
	plain := func(s string) bool {
		for i := range len(s) {
			c := s[i]
			if !(c >= 'a' && c <= 'z' || c == '_' || c == '.' || c == '/') {
				return false
			}
		}
		return true
	}
	for _, f := range frames {
		if f.Raw == 0 || !plain(f.Function) || !plain(f.File) || f.Module != "" || f.Function == "" || f.Line == 0 || f.File == "" || f.Role != dump.RoleUnknown {
			return false
		}
		for _, in := range f.Inlined {
			if !plain(in.Function) || !plain(in.File) || in.Function == "" || in.File == "" || in.Line == 0 {
				return false
			}
		}
	}
	return len(frames) < 100
}

// TestStreams: what several programs print in turn is read apart, and whose crash a
// trace is, its own lines say, not those around it.
func TestStreams(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		want     []string // program, unit, message: frames
	}{
		{"two services in turn",
			"wolf-1   | terminate called after throwing an instance of 'std::out_of_range'\n" +
				"hoard-1  | #0  0x000055d0c3aa1b2c in hoard::tick (n=2) at hoard.cpp:23\n" +
				"wolf-1   |   what():  map::at\n" +
				"hoard-1  | #1  0x000055d0c3aa1c2c in main (argc=2) at hoard.cpp:35\n" +
				"wolf-1   | #0  0x000055aa2fafc61b in streaming::start (n=2) at /wolf/src/streaming.cpp:24\n" +
				"wolf-1   | #1  0x000055aa2fafd000 in main () at /wolf/src/wolf.cpp:10\n",
			[]string{"- hoard-1 -: hoard::tick main", "- wolf-1 map::at: streaming::start main"}},
		{"a paste between the lines of a service",
			"wolf-1  | 12:00:00.000000000 INFO  | Wolf started\n" +
				"#0  0x000055d0c3aa1b2c in hoard::tick (n=2) at hoard.cpp:23\n" +
				"#1  0x000055d0c3aa1c2c in main (argc=2) at hoard.cpp:35\n" +
				"wolf-1  | 12:00:01.000000000 INFO  | goes on\n",
			[]string{"- - -: hoard::tick main"}},
		{"a journal of several programs, with a trace in one entry",
			"Sep 30 12:40:30 box sshd[812]: Accepted publickey for games\n" +
				"Sep 30 12:40:36 box systemd-coredump[4711]: Process 4700 (sway) of user 1000 dumped core.\n" +
				"                                            \n" +
				"                                            Stack trace of thread 4700:\n" +
				"                                            #0  0x000055d0c3aa1b2c wlr_output_destroy (sway + 0x11b2c)\n" +
				"                                            #1  0x000055d0c3aa1c2c main (sway + 0x11c2c)\n" +
				"Sep 30 12:40:37 box sshd[812]: Connection closed\n",
			[]string{"sway - -: wlr_output_destroy main"}},
		{"a program of a journal, after others",
			"Sep 30 12:40:30 box sshd[812]: Accepted publickey for games\n" +
				"Sep 30 12:40:36 box hoard[99]: #0  0x000055d0c3aa1b2c in hoard::tick (n=2) at hoard.cpp:23\n" +
				"Sep 30 12:40:36 box sshd[812]: Connection closed\n" +
				"Sep 30 12:40:36 box hoard[99]: #1  0x000055d0c3aa1c2c in main (argc=2) at hoard.cpp:35\n",
			[]string{"hoard - -: hoard::tick main"}},
		{"an entry of a journal with lines as they are",
			"Sep 30 12:40:30 box sshd[812]: Accepted publickey for games\n" +
				"Sep 30 12:40:36 box hoard[99]: it crashed:\n" +
				"#0  0x000055d0c3aa1b2c in hoard::tick (n=2) at hoard.cpp:23\n" +
				"#1  0x000055d0c3aa1c2c in main (argc=2) at hoard.cpp:35\n",
			[]string{"hoard - -: hoard::tick main"}},
		{"a paste below a journal",
			"Sep 30 12:40:30 box sshd[812]: Accepted publickey for games\n\n" +
				"#0  0x000055d0c3aa1b2c in hoard::tick (n=2) at hoard.cpp:23\n" +
				"#1  0x000055d0c3aa1c2c in main (argc=2) at hoard.cpp:35\n",
			[]string{"- - -: hoard::tick main"}},
		{"a frame that was wrapped, the rest without a prefix",
			"hoard-1  | #0  0x000055d0c3aa1b2c in hoard::tick (n=2,\n    m=3) at hoard.cpp:23\n" +
				"hoard-1  | #1  0x000055d0c3aa1c2c in main (argc=2) at hoard.cpp:35\n",
			[]string{"- hoard-1 -: hoard::tick main"}},
		{"gdb names the program", "Reading symbols from ./hoard...\n(gdb) run segv\nStarting program: /opt/hoard/bin/hoard segv\n" +
			"Program received signal SIGSEGV, Segmentation fault.\n#0  0x000055d0c3aa1b2c in hoard::tick (n=2) at hoard.cpp:23\n#1  0x000055d0c3aa1c2c in main (argc=2) at hoard.cpp:35\n",
			[]string{"/opt/hoard/bin/hoard - -: hoard::tick main"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dash := func(s string) string {
				if s == "" {
					return "-"
				}
				return s
			}
			var got []string
			for _, tr := range dump.ParsePrintedAll(tc.in) {
				s := dash(tr.Notes.Program) + " " + dash(tr.Notes.Unit) + " " + dash(tr.Notes.Message) + ":"
				for _, f := range tr.Frames {
					s += " " + dump.NormalizeFunction(f.Function)
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
