package engine

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzScanner: what the scanner reads of an object of strings is what
// encoding/json reads of it, in pieces of any size; other bytes never panic and
// end with an error where json has one.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		`{"_time":"2025-10-02T06:40:11.752176123Z","_msg":"06:40:11 WARN | a \"q\" \u001b[31mred"}`,
		`{"a":"\ud83d\udc3a \ud83d x \udc3a\u00e9\/\b\f"}`, ` { "a" : "" , "b":"c" } `, `{"a":"x`, `{"a":1}`, `{}`, `{"a":"b",}`, `{"a":"\x"}`, "{\"a\":\"é\\",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var want map[string]string
		wantErr := json.Unmarshal(data, &want)
		got := map[string]string{}
		s := newScanner(iotest.OneByteReader(bytes.NewReader(data)))
		err := s.object(func(key []byte) error {
			name := string(key)
			v, _, err := s.text(nil, 1<<20)
			got[name] = string(v)
			return err
		})
		if _, e := s.peek(); err == nil && e != io.EOF {
			return // more follows, which is another value's matter
		}
		if wantErr != nil {
			return // lenient, within bounds
		}
		for k, v := range want {
			if len(k) > 256 || strings.Contains(string(data), "null") {
				return
			}
			if g := strings.ToValidUTF8(got[k], "\ufffd"); err != nil || g != strings.ToValidUTF8(v, "\ufffd") && !strings.ContainsRune(v, '\ufffd') {
				t.Fatalf("%q: %q, json reads %q (%v)", data, g, v, err)
			}
		}
	})
}

func TestScannerSkipsAnything(t *testing.T) {
	t.Parallel()
	s := newScanner(strings.NewReader(`{"a":[1,{"b":[true,null,"x\"]"]},-2.5e7],"c":{},"d":"` + strings.Repeat("x", 1<<20) + `"} 7`))
	if err := s.skip(); err != nil {
		t.Fatal(err)
	}
	if c, err := s.peek(); c != '7' || err != nil {
		t.Errorf("stands at %q, %v", c, err)
	}
	deep := newScanner(strings.NewReader(strings.Repeat("[", 1<<20)))
	if err := deep.skip(); err == nil || !strings.Contains(err.Error(), "deep") {
		t.Errorf("a million brackets: %v", err)
	}
	cut := newScanner(strings.NewReader(`{"a":"b`))
	if err := cut.skip(); err != io.ErrUnexpectedEOF {
		t.Errorf("cut: %v", err)
	}
}

func BenchmarkScanner(b *testing.B) {
	line := `{"_time":"2025-10-02T06:40:11.752176123Z","_msg":"06:40:11.750123456 WARN  | [GStreamer] a \"warning\" from nvh264enc0: something took longer than it should"}` + "\n"
	data := []byte(strings.Repeat(line, 1000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		s, n := newScanner(bytes.NewReader(data)), 0
		var text []byte
		if err := s.lines(func() error {
			n++
			return s.object(func([]byte) (err error) { text, _, err = s.text(text[:0], 1<<20); return err })
		}); err != nil || n != 1000 {
			b.Fatal(n, err)
		}
	}
}
