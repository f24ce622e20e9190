package logline

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const splitTime = "2025-10-02T06:40:11.752176123Z"

func jsonPart(log, stream, at string) string {
	return `{"log":` + jsonString(log) + `,"stream":"` + stream + `","time":"` + at + `"}`
}

func TestSplit(t *testing.T) {
	t.Parallel()
	const warn = "06:40:11.750123456 WARN  | "
	long := strings.Repeat("0123456789", 1000)
	later := "2025-10-02T06:45:00.000000000Z"
	for _, tc := range []struct {
		name  string
		lines []string
		want  string // the line put together; "" when the first is no part
		n     int    // of how many
	}{
		{"json-file", []string{jsonPart(warn+"one ", "stderr", splitTime), jsonPart("two\n", "stderr", splitTime)}, jsonPart(warn+"one two\n", "stderr", splitTime), 2},
		{"json-file, four", []string{jsonPart("06", "stderr", splitTime), jsonPart(":40:11.7501", "stderr", splitTime), jsonPart("23456 WARN", "stderr", splitTime), jsonPart("  | x\n", "stderr", splitTime), jsonPart("y\n", "stderr", splitTime)},
			jsonPart("06:40:11.750123456 WARN  | x\n", "stderr", splitTime), 4},
		{"json-file, cut in front of the level", []string{jsonPart("06:40:11.750123456 ", "stderr", splitTime), jsonPart("WARN  | x\n", "stderr", splitTime)}, jsonPart("06:40:11.750123456 WARN  | x\n", "stderr", splitTime), 2},
		{"json-file, cut in a clock that stays one", []string{jsonPart("4", "stderr", splitTime), jsonPart("0:56:30.661481638     1 0x77fb7c0562e0 WARN cudacontext a.cpp:1:f: x\n", "stderr", splitTime)},
			jsonPart("40:56:30.661481638     1 0x77fb7c0562e0 WARN cudacontext a.cpp:1:f: x\n", "stderr", splitTime), 2},
		{"json-file, with attributes", []string{`{"log":"one ","stream":"stdout","attrs":{"tag":"wolf"},"time":"` + splitTime + `"}`, `{"log":"two\n","stream":"stdout","attrs":{"tag":"wolf"},"time":"` + splitTime + `"}`},
			`{"log":"one two\n","stream":"stdout","attrs":{"tag":"wolf"},"time":"` + splitTime + `"}`, 2},
		{"json-file, a surrogate pair cut", []string{`{"log":"x \ud83d","stream":"stdout","time":"` + splitTime + `"}`, `{"log":"\udc3a y\n","stream":"stdout","time":"` + splitTime + `"}`}, `{"log":"x \ud83d\udc3a y\n","stream":"stdout","time":"` + splitTime + `"}`, 2},
		{"json-file, a message in JSON", []string{jsonPart(warn+"[DOCKER] answer ", "stderr", splitTime), jsonPart(`{"level":"error","time":"`+splitTime+`","msg":"x"}`+"\n", "stderr", splitTime)}, jsonPart(warn+`[DOCKER] answer {"level":"error","time":"`+splitTime+`","msg":"x"}`+"\n", "stderr", splitTime), 2},
		{"json-file, a full part", []string{jsonPart(long, "stderr", splitTime), jsonPart(warn+"\n", "stderr", later)}, jsonPart(long+warn+"\n", "stderr", splitTime), 2},
		{"json-file, a message that ends in a backslash and n", []string{jsonPart(`one\n`, "stderr", splitTime), jsonPart("two\n", "stderr", splitTime)}, jsonPart(`one\ntwo`+"\n", "stderr", splitTime), 2},
		{"json-file, whole", []string{jsonPart("one\n", "stderr", splitTime), jsonPart("two\n", "stderr", splitTime)}, "", 0},
		{"json-file, other stream", []string{jsonPart("one ", "stderr", splitTime), jsonPart("two\n", "stdout", splitTime)}, jsonPart("one ", "stderr", splitTime), 1},
		{"json-file, last words", []string{jsonPart("Killed by", "stderr", splitTime), jsonPart("INFO  | start\n", "stderr", splitTime)}, jsonPart("Killed by", "stderr", splitTime), 1},
		{"json-file, last digits", []string{jsonPart("12", "stderr", splitTime), jsonPart(warn+"start\n", "stderr", splitTime)}, jsonPart("12", "stderr", splitTime), 1},
		{"json-file, last words before a pause", []string{jsonPart("Killed by", "stderr", splitTime), jsonPart("some init script\n", "stderr", later)}, jsonPart("Killed by", "stderr", splitTime), 1},
		{"cri", []string{splitTime + " stderr P " + warn + "one ", splitTime + " stderr P two ", splitTime + " stderr F three", splitTime + " stderr F four"}, splitTime + " stderr F " + warn + "one two three", 3},
		{"cri, tagged", []string{splitTime + " stderr P:a:b one ", splitTime + " stderr F two"}, splitTime + " stderr F:a:b one two", 2},
		{"cri, an empty last part", []string{splitTime + " stderr P one", splitTime + " stderr F "}, splitTime + " stderr F one", 2},
		{"cri in kubectl", []string{"[pod/wolf-0/wolf] " + splitTime + " stderr P one ", "[pod/wolf-0/wolf] " + splitTime + " stderr F two"}, "[pod/wolf-0/wolf] " + splitTime + " stderr F one two", 2},
		{"cri, other pod", []string{"[pod/wolf-0/wolf] " + splitTime + " stderr P one ", "[pod/x-0/x] " + splitTime + " stderr F two"}, "[pod/wolf-0/wolf] " + splitTime + " stderr F one ", 1},
		{"cri, whole", []string{splitTime + " stderr F one P two", splitTime + " stderr F two"}, "", 0},
		{"no transport that cuts", []string{"wolf-1  | " + warn + "one", "wolf-1  | two"}, "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := NewParser()
			var s Split
			n := 0
			if p.Begin(&s, []byte(tc.lines[0]+"\n")) {
				if !MayBePart([]byte(tc.lines[0])) && !strings.HasPrefix(tc.lines[0], "[") {
					t.Error("MayBePart rules it out")
				}
				for n = 1; n < len(tc.lines) && p.More(&s, []byte(tc.lines[n]+"\n")); n++ {
				}
			}
			got := ""
			if n > 0 {
				got = string(s.Line())
			}
			if d := cmp.Diff(tc.want, got); d != "" || n != tc.n {
				t.Errorf("%d lines, want %d (-want +got):\n%s", n, tc.n, d)
			}
			if s.Done() && p.More(&s, []byte(tc.lines[len(tc.lines)-1])) {
				t.Error("took a part after the last")
			}
		})
	}
}

// FuzzSplit: a message cut anywhere, in either transport, comes together as the
// line that was not cut, and reads like it; whatever follows, no panic.
func FuzzSplit(f *testing.F) {
	for _, m := range messages() {
		f.Add([]byte(m), uint16(7))
	}
	f.Add([]byte("\x1b]0;a\x07ERROR | \u00e9"), uint16(3))
	f.Fuzz(func(t *testing.T, msg []byte, at uint16) {
		p := NewParser()
		var s Split
		if p.Begin(&s, msg) {
			p.More(&s, msg)
			_ = s.Line()
		}
		msg = bytes.ReplaceAll(bytes.ReplaceAll(msg, []byte("\n"), nil), []byte("\r"), nil) // ends of lines
		msg = bytes.ToValidUTF8(msg, nil)
		if len(msg) < 2 {
			return
		}
		cut := 1 + int(at)%(len(msg)-1)
		head := splitTime + " stdout "
		if !p.Begin(&s, []byte(head+"P "+string(msg[:cut]))) || !p.More(&s, []byte(head+"F "+string(msg[cut:]))) {
			t.Fatalf("cri: not put together: %q", msg)
		}
		if got := string(s.Line()); got != head+"F "+string(msg) {
			t.Fatalf("cri: %q of %q", got, msg)
		}
		whole, err := json.Marshal(string(msg) + "\n")
		if err != nil {
			t.Fatal(err)
		}
		first, rest := strings.ToValidUTF8(string(msg[:cut]), "?"), strings.ToValidUTF8(string(msg[cut:]), "?")
		if first+rest != string(msg) || !p.Begin(&s, []byte(jsonPart(first, "stdout", splitTime))) || !p.More(&s, []byte(jsonPart(rest+"\n", "stdout", splitTime))) {
			return // cut in a character, or it might be another record
		}
		want := `{"log":` + string(whole) + `,"stream":"stdout","time":"` + splitTime + `"}`
		if got := string(s.Line()); got != want {
			t.Fatalf("json-file: %q, want %q", got, want)
		}
	})
}
