package logline

import (
	"bytes"
	"testing"

	"wolfdiag/analyze/logline/escape"
)

func seed(f *testing.F) {
	for _, tc := range formatCases() {
		f.Add([]byte(tc.line))
	}
	for _, w := range wrappers() {
		f.Add([]byte(w.wrap("06:40:11.750123456 WARN  | Received MOUSE")))
		f.Add([]byte(w.wrap("2025-08-04T03:33:04.784607Z ERROR waylanddisplaycore::comp: Rendering failed. err=MappingError")))
	}
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte(`{"log":"\u00`))
	f.Add([]byte("wolf-1  | 40:56:30.661481638     1 0x7 WARN x y:1:z:<"))
}

// FuzzParse: no panic; what Parse says does not depend on what the Parser saw
// before; QuickLevel says the same level; the text holds no escape; the line is
// not written to; Splice can be parsed again.
func FuzzParse(f *testing.F) {
	seed(f)
	used := NewParser()
	f.Fuzz(func(t *testing.T, line []byte) {
		before := bytes.Clone(line)
		var r, again, rest Record
		NewParser().Parse(line, &r)
		used.Parse(line, &again)
		if viewOf(&r) != viewOf(&again) || r.Transport != again.Transport || !bytes.Equal(r.Service, again.Service) || r.Outer != again.Outer {
			t.Fatalf("a used parser reads otherwise:\n%+v\n%+v", viewOf(&r), viewOf(&again))
		}
		if l, ok := used.QuickLevel(line); l != r.Level || ok != (l != LevelNone) {
			t.Fatalf("QuickLevel %v %v, Parse %v", l, ok, r.Level)
		}
		if !bytes.Equal(before, line) {
			t.Fatal("the line was changed")
		}
		if bytes.IndexByte(r.Text, escape.ESC) >= 0 || bytes.IndexByte(r.Splice, escape.ESC) >= 0 {
			t.Fatalf("escape in %q", r.Text)
		}
		if n := len(r.Text) + len(r.Splice); n > 2*len(line)+64 {
			t.Fatalf("%d bytes of text from %d", n, len(line))
		}
		if len(r.Splice) > 0 {
			used.Parse(r.Splice, &rest)
			if rest.Format != FormatTracing || rest.Inner.Kind != ClockUTC && rest.Inner.Kind != ClockNone {
				t.Fatalf("splice %q reads as %+v", r.Splice, viewOf(&rest))
			}
		}
		used.Parse(line, &again)
		text := bytes.Clone(again.Text)
		joined, ok := used.Join(append([]byte(nil), text...), &again, line)
		if !ok && !bytes.Equal(joined, text) || ok && len(joined) < len(text) {
			t.Fatalf("Join %v made %q of %q", ok, joined, text)
		}
	})
}

// FuzzQuickLevel: a shape learned from one line must not misread another that
// starts the same way.
func FuzzQuickLevel(f *testing.F) {
	lines := []string{"06:40:11.750123456 INFO  | a", "2025-08-04T03:33:04.784607Z DEBUG x::y: z", "0:00:00.215914489     1 0x39bad2a20cda WARN      X g.c:5:f: plugin", "INFO  | a b c"}
	for _, w := range wrappers() {
		for _, l := range lines {
			f.Add([]byte(w.wrap(l)), []byte(w.wrap("06:40:11.750123456 ERROR | b")))
		}
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		p := NewParser()
		for _, line := range [][]byte{first, second, append(bytes.Clone(first[:len(first)/2]), second...), first} {
			var r Record
			NewParser().Parse(line, &r)
			if l, ok := p.QuickLevel(line); l != r.Level || ok != (l != LevelNone) {
				t.Fatalf("after %q: QuickLevel %v %v, Parse %v: %q", first, l, ok, r.Level, line)
			}
		}
	})
}
