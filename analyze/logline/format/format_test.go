package format

import (
	"fmt"
	"strings"
	"testing"

	"wolfdiag/analyze/logline/arena"
	"wolfdiag/analyze/logline/record"
)

// TestRead: one line of each family as Read takes it apart. The many lines of real
// programs stand in the tests of package logline.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"06:40:11.750123456 WARN  | [DOCKER] error 500", "wolf warning [DOCKER] error 500"},
		{"INFO  | Starting", "wolf info Starting"},
		{"0:00:01.000000000     1 0x7f00 WARN cudacontext f.cpp:402:fn:<enc0> failed", "gstreamer warning cudacontext fn enc0 failed"},
		{"2025-10-02T06:40:11.752176Z ERROR smithay::backend: lost", "tracing error smithay::backend lost"},
		{"00:00:00.200 [ERROR] [wlr] [backend/backend.c:60] Failed", "sway error wlr backend/backend.c Failed"},
		{"(EE) no screens found", "plain error (EE) no screens found"},
		{"thread 'main' panicked at src/lib.rs:9:5:", "panic fatal src/lib.rs thread 'main' panicked at src/lib.rs:9:5:"},
		{" #3 0x0000000000417abc in f at x.cpp:1", "trace none #3 0x0000000000417abc in f at x.cpp:1"},
		{`{"level":"error","msg":"x"}`, "json error x"},
		{`time="2025-10-02T06:40:11Z" level=warning msg="x y"`, "logfmt warning x y"},
		{"nobody's words", "plain none nobody's words"},
		{"", "plain none"},
	} {
		r := record.Record{}
		Read(&Context{Arena: new(arena.Arena)}, []byte(tc.in), &r)
		if got := told(&r); got != tc.want {
			t.Errorf("%q\n got %s\nwant %s", tc.in, got, tc.want)
		}
	}
}

// told is what a record says, its empty parts left out.
func told(r *record.Record) string {
	parts := []string{r.Format.String(), r.Level.String()}
	for _, p := range [][]byte{r.Component, r.Function, r.Element, r.Text} {
		if len(p) > 0 {
			parts = append(parts, string(p))
		}
	}
	return strings.Join(parts, " ")
}

// TestReadOfTheKernel: a transport that says so decides, whatever the words.
func TestReadOfTheKernel(t *testing.T) {
	t.Parallel()
	const line = "NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus."
	r := record.Record{}
	Read(&Context{Arena: new(arena.Arena), Kernel: true}, []byte(line), &r)
	if got := r.Format.String(); got != "kernel" || string(r.Text) != line {
		t.Errorf("got %s, %q", got, r.Text)
	}
}

// TestLevels: the spellings of levels, number for number and word for word.
func TestLevels(t *testing.T) {
	t.Parallel()
	var syslog, numeric []string
	for p := -1; p <= 8; p++ {
		syslog = append(syslog, SyslogLevel(p).String())
	}
	for n := int64(0); n <= 110; n += 10 {
		numeric = append(numeric, numericLevel(n).String())
	}
	for _, tc := range []struct{ what, got, want string }{
		{"syslog -1 to 8", fmt.Sprint(syslog), "[none fatal fatal fatal error warning info info debug none]"},
		{"pino 0 to 110", fmt.Sprint(numeric), "[none trace debug info warning error fatal fatal fatal fatal fatal none]"},
		{"colour of an error", SwayColour([]byte("\x1b[1;31mx")).String(), "error"},
		{"colour of news", SwayColour([]byte("12:00 \x1b[0m\x1b[1;34mx")).String(), "info"},
		{"another colour", SwayColour([]byte("\x1b[1;32mx")).String(), "none"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %s, want %s", tc.what, tc.got, tc.want)
		}
	}
}

// TestBeginnings: what a line is taken for by its beginning alone.
func TestBeginnings(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in                      string
		starts, strongly, frame bool
	}{
		{"06:40:11.750123456 WARN  | x", true, true, false},
		{"06:40:11", false, false, false},
		{"2025-10-02 06:40:11 x", true, true, false},
		{"ERROR | failed", true, true, false},
		{"ERROR: failed", false, false, false},
		{"thread 'main' panicked", true, true, false},
		{"[2025-10-02 06:40:11] x", false, true, false},
		{"[    9.424670] usb", false, true, false},
		{"[wlr] something", false, false, false},
		{"#4 0x000055aa2fafc61b in f at a.cpp:1", false, false, true},
		{"#1234 x", false, false, false},
		{"0# 0x0000555BE1CD1A49", false, false, true},
		{"0:     0x7f64f11fd575 - f", false, false, true},
		{"4: core::option::unwrap_failed", false, false, true},
		{"4: two words", false, false, false},
		{"at /rustc/lib.rs:97:9", false, false, true},
		{"at once: now", false, false, false},
	} {
		b := []byte(tc.in)
		if s, g, f := Starts(b), StartsStrongly(b), IsFrame(b); s != tc.starts || g != tc.strongly || f != tc.frame {
			t.Errorf("%q: starts %v, strongly %v, frame %v, want %v, %v, %v", tc.in, s, g, f, tc.starts, tc.strongly, tc.frame)
		}
	}
}
