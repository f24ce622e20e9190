package lex

import (
	"encoding/binary"
	"testing"
)

// TestRuns: how much of a text each run takes, from its first byte on.
func TestRuns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in                           string
		digits, letters, name, space int
	}{
		{in: ""},
		{in: "42", digits: 2, name: 2},
		{in: "42 s", digits: 2, name: 2},
		{in: "wolf-1  | x", letters: 4, name: 6},
		{in: "WolfSteam_6058: x", letters: 9, name: 14},
		{in: "app.service/a@b", letters: 3, name: 15},
		{in: "-x"}, // a name begins with a letter, a digit or _
		{in: "_x", name: 2},
		{in: "@x"}, {in: "[x"}, {in: "`x"}, {in: "{x"}, // beside the letters in ASCII
		{in: "9:", digits: 1, name: 1},
		{in: "/"}, {in: ":"}, // beside the digits in ASCII
		{in: "  \tx", space: 2},
		{in: "é"},
	} {
		b := []byte(tc.in)
		if d, l, n, s := DigitRun(b), WordRun(b), NameRun(b), SpaceRun(b); d != tc.digits || l != tc.letters || n != tc.name || s != tc.space {
			t.Errorf("%q: digits %d, letters %d, name %d, spaces %d, want %d, %d, %d, %d", tc.in, d, l, n, s, tc.digits, tc.letters, tc.name, tc.space)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in   string
		want int64
	}{
		{"", 0}, {"0", 0}, {"007", 7}, {"123456789012345678", 123456789012345678},
		{"1234567890123456789", 1e18}, {"99999999999999999999999999", 1e18},
	} {
		if got := Number([]byte(tc.in)); got != tc.want {
			t.Errorf("Number(%q) = %d, want %d", tc.in, got, tc.want)
		}
	}
	if got := Two([]byte("59x")); got != 59 {
		t.Errorf("Two = %d", got)
	}
}

// TestEightDigits puts every byte at every place of eight digits.
func TestEightDigits(t *testing.T) {
	t.Parallel()
	b := []byte("00000000")
	if binary.LittleEndian.Uint64(b) != Zeros {
		t.Error("Zeros is something else than eight zeros")
	}
	for i := range b {
		for c := range 256 {
			b[i] = byte(c)
			if got, want := EightDigits(binary.LittleEndian.Uint64(b)), c >= '0' && c <= '9'; got != want {
				t.Fatalf("EightDigits(%q) = %v", b, got)
			}
		}
		b[i] = '9'
	}
}

func TestCapitals(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{"": false, "WARN": true, "A": true, "AZ": true, "Warn": false, "WARN ": false, "W4": false, "@A": false, "A[": false} {
		if got := Capitals([]byte(in)); got != want {
			t.Errorf("Capitals(%q) = %v", in, got)
		}
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, end, space string }{
		{"", "", ""},
		{"x\r\n", "x", "x\r\n"},
		{"x\n\n\r", "x", "x\n\n\r"},
		{" \t x ", " \t x ", "x "},
		{"\n", "", "\n"},
		{"\t", "\t", ""},
	} {
		if end, space := string(TrimEnd([]byte(tc.in))), string(TrimSpace([]byte(tc.in))); end != tc.end || space != tc.space {
			t.Errorf("%q: without end %q, without indentation %q, want %q, %q", tc.in, end, space, tc.end, tc.space)
		}
	}
}

func TestBracket(t *testing.T) {
	t.Parallel()
	long := string(make([]byte, 300))
	for _, tc := range []struct{ in, tag, rest string }{
		{"[wlr] [libinput] x", "wlr", "[libinput] x"},
		{"[wlr]x", "wlr", "x"},
		{"[a]", "a", ""},
		{"[] x", "", "[] x"},
		{"[open", "", "[open"},
		{"x [a]", "", "x [a]"},
		{"[]", "", "[]"},
		{"[" + long + "] x", "", "[" + long + "] x"},
	} {
		if tag, rest := Bracket([]byte(tc.in)); string(tag) != tc.tag || string(rest) != tc.rest {
			t.Errorf("Bracket(%.20q) = %q, %.20q, want %q, %.20q", tc.in, tag, rest, tc.tag, tc.rest)
		}
	}
}

// TestClassOf: each byte has one class, and each class some byte.
func TestClassOf(t *testing.T) {
	t.Parallel()
	seen := map[Class]bool{}
	for c := range 256 {
		seen[ClassOf(byte(c))] = true
	}
	if len(seen) != int(Classes) {
		t.Errorf("%d of %d classes have bytes", len(seen), Classes)
	}
	for in, want := range map[byte]Class{
		'0': Digit, '9': Digit, 'A': Capital, 'Z': Capital, 'a': Small, 'z': Small, '_': Small, 0x80: Beyond, 0xff: Beyond,
		'[': Square, '{': Brace, '(': Paren, '<': Angle, '*': Star, '#': Mark, '=': Mark, '/': Mark, ' ': Other, '@': Other, 0: Other,
	} {
		if got := ClassOf(in); got != want {
			t.Errorf("ClassOf(%q) = %d, want %d", in, got, want)
		}
	}
}
