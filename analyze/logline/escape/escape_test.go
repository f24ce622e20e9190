package escape

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// TestLen: whatever follows, a sequence is at least its ESC and never
// reaches into the next line.
func TestLen(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   string
		want int
	}{
		{"\x1b", 1}, {"\x1b\n", 1}, {"\x1b[31mx", 5}, {"\x1b[31", 4}, {"\x1b[3\nm", 3}, {"\x1b(Bx", 3}, {"\x1b(\nx", 2}, {"\x1bcx", 2},
		{"\x1b]0;t\x07x", 6}, {"\x1b]0;t\x1b\\x", 7}, {"\x1b]0;t\x1b[0m", 5}, {"\x1b]0;t\nx\x07", 2}, {"\x1b]0;t", 2}, {"\x1bPq\x1b\\", 5}, {"\x1b_a\x1b\\", 5}, {"\x1b^a\x07", 4},
	} {
		if got := Len([]byte(tc.in)); got != tc.want {
			t.Errorf("Len(%q) = %d, want %d", tc.in, got, tc.want)
		}
	}
}

// cleanCases are texts, and what people are shown of them.
var cleanCases = []struct{ in, want string }{
	{"plain", "plain"},
	{"\x1b[31mred\x1b[0m and [33;1mlost[0m", "red and lost"},
	{"\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link"},
	{"two\nlines\tand\r\nmore\rhere", "two lines and more here"},
	{"bad \xff\xfe bytes", "bad \ufffd\ufffd bytes"},
	{"nul\x00 bell\x07 del\x7f", "nul bell del"},
	{"c1 \u009b31m csi", "c1 31m csi"},
	{"bidi \u202eevil\u202c \u2066x\u2069", "bidi evil x"},
	{"bom \ufeffhere, Größe 🐺", "bom here, Größe 🐺"},
	{"rate[5m] [0]", "rate[5m] [0]"},
	{"cut \x1b[31", "cut "},
	{"\ufffd[33;1mx", "x"},
	{`^[[0mx\u001b[31my`, "xy"},
}

func TestCleanText(t *testing.T) {
	t.Parallel()
	for _, tc := range cleanCases {
		if got := string(CleanText([]byte(">"), []byte(tc.in))); got != ">"+tc.want {
			t.Errorf("CleanText(%q) = %q, want %q", tc.in, got[1:], tc.want)
		}
	}
}

func FuzzCleanText(f *testing.F) {
	for _, tc := range cleanCases {
		f.Add([]byte(tc.in))
	}
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("wolf-1  | 06:40:11.750123456 WARN  | Received MOUSE"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got := CleanText(nil, b)
		if !utf8.Valid(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		for _, r := range string(got) {
			if r < ' ' || r >= 0x7f && r < 0xa0 {
				t.Fatalf("control %U in %q", r, got)
			}
		}
		if plain := []byte("x"); len(b) > 0 && firstControl(b) < 0 && firstLost(b, 0) < 0 && isASCII(b) && bytes.IndexByte(b, '\t') < 0 {
			if want := append(plain, b...); !bytes.Equal(CleanText(plain[:1:1], b), want) {
				t.Fatalf("clean text changed: %q", b)
			}
		}
	})
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// FuzzControl compares the search eight bytes at a time with the plain one.
func FuzzControl(f *testing.F) {
	f.Add([]byte("\tabc\x80\xffdefgh\x1b"))
	f.Add([]byte("abcdefgh\x7f\x20\x1f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		want := -1
		for i, c := range b {
			if isControl(c) {
				want = i
				break
			}
		}
		if got := firstControl(b); got != want {
			t.Fatalf("firstControl(%q) = %d, want %d", b, got, want)
		}
	})
}
