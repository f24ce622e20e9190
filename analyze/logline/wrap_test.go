package logline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wrapper puts a transport around a line.
type wrapper struct {
	name string
	wrap func(string) string
	// rough wrappers damage the text: they may stand outermost only.
	outermost bool
}

func jsonString(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func wrappers() []wrapper {
	const ts = "2025-10-02T06:40:11.752176123Z"
	return []wrapper{
		{"compose", func(s string) string { return "wolf-1  | " + s }, false},
		{"compose v1", func(s string) string { return "wolf_1        | " + s }, false},
		{"compose colour", func(s string) string { return "\x1b[36mgamesonwhales-wolf  | \x1b[0m" + s }, false},
		{"compose bold", func(s string) string { return "\x1b[36;1mwolf-1  | \x1b[0m" + s + "\x1b[0m" }, false},
		{"compose timestamps", func(s string) string { return "wolf-1  | " + ts + " " + s }, false},
		{"docker -t", func(s string) string { return ts + " " + s }, false},
		{"json-file", func(s string) string {
			return `{"log":` + jsonString(s+"\n") + `,"stream":"stderr","time":"` + ts + `"}`
		}, false},
		{"json-file spaced", func(s string) string {
			return `{"log": ` + jsonString(s+"\n") + `, "stream": "stdout", "time": "` + ts + `"}`
		}, false},
		{"cri", func(s string) string { return ts + " stderr F " + s }, false},
		{"cri offset", func(s string) string { return "2025-10-02T08:40:11.75217612+02:00 stdout F " + s }, false},
		{"journald", func(s string) string { return "Oct 02 06:40:11 rig wolf[1381]: " + s }, false},
		{"journald German", func(s string) string { return "Okt 02 06:40:11 rig dockerd[1381]: " + s }, false},
		{"journald precise", func(s string) string { return "Oct 02 06:40:11.752176 rig wolf[1381]: " + s }, false},
		{"journald iso", func(s string) string { return "2025-10-02T06:40:11+0200 rig wolf[1381]: " + s }, false},
		{"journald json", func(s string) string {
			return `{"__REALTIME_TIMESTAMP":"1759387211752176","CONTAINER_NAME":"wolf","PRIORITY":"6","MESSAGE":` + jsonString(s) + `}`
		}, false},
		{"journald json bytes", func(s string) string {
			return `{"MESSAGE":` + strings.ReplaceAll(fmt.Sprint([]byte(s)), " ", ",") + `,"SYSLOG_IDENTIFIER":"wolf","__REALTIME_TIMESTAMP":"1759387211752176"}`
		}, false},
		{"kubectl", func(s string) string { return "[pod/wolf-0/wolf] " + s }, false},
		{"stern", func(s string) string { return "wolf-6d4cf56db6-x7k2p wolf " + s }, false},
		{"docker stream", func(s string) string {
			n := len(s) + 1
			return string([]byte{2, 0, 0, 0, 0, 0, byte(n >> 8), byte(n)}) + s
		}, false},
		{"colour", func(s string) string { return "\x1b[33;1m" + s + "\x1b[0m" }, false},
		{"colour, escape lost", func(s string) string { return "[33;1m" + s + "[0m" }, false},
		{"caret colour", func(s string) string { return "^[[33;1m" + s + "^[[0m" }, false},
		{"window title", func(s string) string { return "\x1b]0;title\x07" + s }, false},
		{"crlf", func(s string) string { return s + "\r\n" }, true},
		{"bom", func(s string) string { return "\ufeff" + s }, false},
		{"quote", func(s string) string { return "> " + s }, true},
		{"pre", func(s string) string { return "<pre>" + s + "</pre>" }, true},
	}
}

// messages are lines whose reading must not depend on how they came.
func messages() []string {
	var out []string
	for _, tc := range formatCases() {
		switch tc.name {
		case "empty", "gow empty", // nothing to be found again
			"carriage return progress", "trailing backslash of a paste", "pipe in a shell",
			"compose exit", "compose restart", "compose state", // set Service
			"indented text", "spliced", "what", "boost frame", "rust frame", // indentation
			"dmesg -r", "sway on a terminal":
			continue
		}
		out = append(out, tc.line)
	}
	return out
}

// inner is what must survive a transport.
func inner(r *Record) view {
	v := viewOf(r)
	if r.Inner.Kind != ClockGStreamer && (r.Format != FormatGLib || len(r.Function) == 0) {
		v.PID = 0 // journald's, otherwise
	}
	return v
}

func TestWrappersKeepTheMessage(t *testing.T) {
	t.Parallel()
	p, q := NewParser(), NewParser()
	var want, got Record
	for _, msg := range messages() {
		p.Parse([]byte(msg), &want)
		for _, a := range wrappers() {
			for _, b := range append(wrappers(), wrapper{name: "nothing", wrap: func(s string) string { return s }}) {
				if a.outermost && b.name != "nothing" {
					continue // a is the inner one here
				}
				line := b.wrap(a.wrap(msg))
				if strings.HasPrefix(a.name, "json") && strings.HasPrefix(b.name, "pre") {
					continue
				}
				q.Parse([]byte(line), &got)
				if w, g := inner(&want), inner(&got); w != g {
					t.Fatalf("%s in %s:\n%q\n(-want +got):\n%s", a.name, b.name, line, cmp.Diff(w, g))
				}
				l, ok := q.QuickLevel([]byte(line))
				if l != got.Level || ok != (got.Level != LevelNone) {
					t.Fatalf("%s in %s: QuickLevel %v %v, Parse %v\n%q", a.name, b.name, l, ok, got.Level, line)
				}
			}
		}
	}
}

// A Parser that has seen everything gives the same levels as a new one.
func TestQuickLevelAgrees(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, msg := range append(messages(), "06:40:11.750123456 INFO  | a", "06:40:11.750123456 ERROR | b", "2025-08-04T03:33:04.784607Z DEBUG x::y: z") {
		for _, w := range wrappers() {
			lines = append(lines, w.wrap(msg))
		}
	}
	old := NewParser()
	for step := 1; step <= 7; step += 2 { // different orders, different shapes at hand
		for i := range lines {
			line := lines[i*step%len(lines)]
			var r Record
			NewParser().Parse([]byte(line), &r)
			l, ok := old.QuickLevel([]byte(line))
			if l != r.Level || ok != (r.Level != LevelNone) {
				t.Fatalf("QuickLevel %v %v, Parse %v: %q", l, ok, r.Level, line)
			}
		}
	}
}

func TestQuickLevelLeavesRecordsAlone(t *testing.T) {
	t.Parallel()
	p := NewParser()
	var r Record
	p.Parse([]byte(`{"log":"06:40:11.750123456 WARN  | a \"quoted\" text\n","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"}`), &r)
	for i := range 20 {
		p.QuickLevel(fmt.Appendf(nil, `{"log":"number \"%d\" of something else entirely\n","stream":"stderr"}`, i))
	}
	var second Record
	p.Parse([]byte(`{"log":"other \"words\"\n","stream":"stderr"}`), &second)
	if string(r.Text) != `a "quoted" text` || string(second.Text) != `other "words"` {
		t.Errorf("texts %q and %q", r.Text, second.Text)
	}
}

func TestNoAllocations(t *testing.T) {
	p := NewParser()
	var lines [][]byte
	for _, msg := range messages() {
		for _, w := range wrappers() {
			lines = append(lines, []byte(w.wrap(msg)))
		}
	}
	var r Record
	work := func() {
		for _, line := range lines {
			p.Parse(line, &r)
			p.QuickLevel(line)
		}
	}
	work()
	if n := testing.AllocsPerRun(3, work); n > 0 {
		t.Errorf("%v allocations for %d lines", n, len(lines))
	}
}

func TestSpliceIsParsed(t *testing.T) {
	t.Parallel()
	p := NewParser()
	var r, s Record
	p.Parse([]byte("wolf-1  | 06:40:11.750123456 INFO  | half a li2024-09-15T17:11:59.231787Z  WARN waylanddisplaycore: second"), &r)
	p.Parse(r.Splice, &s)
	if string(r.Text) != "half a li" || r.Level != LevelInfo || string(s.Text) != "second" || s.Level != LevelWarning {
		t.Errorf("first %+v, second %+v", viewOf(&r), viewOf(&s))
	}
	p.Parse([]byte(`06:40:11.750123456 INFO  | time="2024-09-15T17:11:59.231787Z ERROR x: quoted"`), &r)
	if len(r.Splice) > 0 {
		t.Errorf("spliced a quotation: %q", r.Splice)
	}
	found := false
	for _, m := range SpliceMarks() {
		found = found || bytes.Contains([]byte("x2024-09-15T17:11:59.231787Z  WARN waylanddisplaycore: second"), []byte(m))
	}
	if !found {
		t.Error("no mark for a spliced warning")
	}
}
