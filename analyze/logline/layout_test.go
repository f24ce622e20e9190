package logline

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wolfdiag/analyze/logline/lex"
)

// redigit puts other digits where digits stand. Now and then it repeats one
// digit, so that impossible times and zeros occur as well.
func redigit(rng *rand.Rand, line []byte) []byte {
	out := bytes.Clone(line)
	same := rng.IntN(4) == 0
	few := rng.IntN(3) > 0
	d := byte('0' + rng.IntN(10))
	if from, to := ThreadAt(out, 0); to > 0 && rng.IntN(2) == 0 {
		for i := range out[from:to] {
			out[from+i] = "0123456789abcdef"[rng.IntN(16)]
		}
	}
	for i, c := range out {
		if !lex.IsDigit(c) || few && rng.IntN(16) > 0 {
			continue
		}
		if !same {
			d = byte('0' + rng.IntN(10))
		}
		out[i] = d
	}
	return out
}

// sameButDigits checks that the layout of a line reads others as Parse does. It
// returns how many it read and how many it gave back.
func sameButDigits(t *testing.T, rng *rand.Rand, line []byte, tries int) (read, refused int) {
	t.Helper()
	p := NewParser()
	var r, want, got Record
	p.Parse(line, &r)
	l, ok := p.Learn(line, &r)
	if !ok {
		return 0, tries
	}
	if from, to := ThreadAt(line, 0); to > 0 {
		if a, b := l.Thread(); from < a || to > b {
			return 0, tries
		}
	}
	for n := range tries {
		other := line
		if n > 0 {
			other = redigit(rng, line)
			if from, to := l.Telling(); l.Tells() { // lines of another level have a layout of their own
				copy(other[from:to], line[from:to])
			}
		}
		NewParser().Parse(other, &want)
		if !l.Read(lex.TrimEnd(other), &got) {
			if n == 0 {
				t.Fatalf("does not read the line it was made of: %q", line)
			}
			refused++
			continue
		}
		want.Joined = JoinState{}
		if reflect.DeepEqual(want, got) {
			read++
			continue
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" { // nil and empty are the same
			t.Fatalf("layout of %q\nread in %q\n(-Parse +Layout):\n%s", line, other, d)
		}
		read++
	}
	return read, refused
}

func TestLayoutAgrees(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	read, refused := 0, 0
	learned := map[string]int{}
	for _, msg := range messages() {
		for _, w := range append(wrappers(), wrapper{wrap: func(s string) string { return s }}) {
			a, b := sameButDigits(t, rng, []byte(w.wrap(msg)), 24)
			read, refused = read+a, refused+b
			if a > 0 {
				learned[w.name]++
			}
		}
	}
	if read < 5000 {
		t.Errorf("layouts read %d lines and refused %d: too few to prove anything", read, refused)
	}
	// Transports that it must know: the slow path takes several times as long.
	for _, name := range []string{"", "compose", "compose timestamps", "docker -t", "json-file", "cri", "journald iso", "kubectl", "stern"} {
		if learned[name] < 20 {
			t.Errorf("%q: only %d of %d messages have a layout", name, learned[name], len(messages()))
		}
	}
}

// A Layout never reads a line in another way than Parse.
func FuzzLayout(f *testing.F) {
	for _, msg := range messages() {
		f.Add([]byte(msg), uint64(1))
	}
	for _, w := range wrappers() {
		f.Add([]byte(w.wrap("06:40:11.750123456 WARN  | [DOCKER] error 500 - no")), uint64(2))
	}
	f.Fuzz(func(t *testing.T, line []byte, seed uint64) {
		if bytes.IndexByte(line, '\n') >= 0 {
			return
		}
		sameButDigits(t, rand.New(rand.NewPCG(seed, 1)), line, 8)
	})
}
