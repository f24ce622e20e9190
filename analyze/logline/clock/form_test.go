package clock

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"wolfdiag/analyze/logline/lex"
)

// redigit puts other digits where digits stand, now and then the same everywhere.
func redigit(rng *rand.Rand, b []byte) []byte {
	out := bytes.Clone(b)
	same, d := rng.IntN(4) == 0, byte('0'+rng.IntN(10))
	for i, c := range out {
		if !lex.IsDigit(c) {
			continue
		}
		if !same {
			d = byte('0' + rng.IntN(10))
		}
		out[i] = d
	}
	return out
}

// sameForm checks that the form of a clock reads others as At and DatedAt do. It
// returns how many it read.
func sameForm(t *testing.T, rng *rand.Rand, b []byte, tries int) (read int) {
	t.Helper()
	for range tries {
		other := redigit(rng, b)
		if c, ok := At(b); ok {
			if f := c.Form(); f.Known() {
				want, _ := At(other)
				if nanos, ok := f.Read(other); !ok || nanos != want.Nanos {
					t.Fatalf("the form of %q reads %q as %d, %v; At says %d", b, other, nanos, ok, want.Nanos)
				}
				read++
			}
		}
		if d, ok := DatedAt(b); ok {
			if f := d.Form(); f.Known() {
				want, _ := DatedAt(other)
				nanos, ok := f.Read(other)
				if possible := want.Stamp.Resolution > 0; ok != possible || ok && nanos != want.Stamp.Nanos {
					t.Fatalf("the form of %q reads %q as %d, %v; DatedAt says %d, %v", b, other, nanos, ok, want.Stamp.Nanos, possible)
				}
				read++
			}
		}
	}
	return read
}

func TestFormAgrees(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	for _, tc := range []struct {
		in   string
		form bool
	}{
		{"06:40:11", true},
		{"06:40:11.7", true},
		{"06:40:11.75 x", true},
		{"06:40:11.752 x", true},
		{"06:40:11,75217612", true},
		{"06:40:11.752176123 WARN", true},
		{"06:40:11.752176123456 WARN", true}, // digits beyond nanoseconds are read and forgotten
		{"0:00:00", false},
		{"0:00:00.1", true},
		{"0:00:00.214744451     1", true},
		{"340:56:30.661481638", true},
		{"123456:00:00", true},
		{"2025-10-02T06:40:11Z", true},
		{"2025-10-02T06:40:11.752176Z  INFO", true},
		{"2025-10-02T06:40:11.752176123Z", true},
		{"2025-10-02 06:40:11,752 x", true},
		{"2025/10/02 06:40:11", true},
		{"2025:10:02:06:40:11", true},
		{"2025-10-02T06:40:11.752+02:00", false}, // another zone is no other time
		{"2025-10-02 06:40:11.752 +0200", false},
	} {
		if read := sameForm(t, rng, []byte(tc.in), 1000); (read > 0) != tc.form {
			t.Errorf("%q: a form has read %d times, want one: %v", tc.in, read, tc.form)
		}
	}
	var none Form
	if _, ok := none.Read([]byte("06:40:11.752176123")); ok {
		t.Error("no form reads a clock")
	}
	full := Reading{HourWidth: 2, Fraction: 9}.Form()
	if _, ok := full.Read([]byte("06:40:11.7521761")); ok {
		t.Error("a form reads a clock that is cut off")
	}
}

// A form never reads a clock in another way than At and DatedAt.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"06:40:11.752", "0:00:00.214744451 x", "2025-10-02T06:40:11.752176Z", "2025-10-02 06:40:11"} {
		f.Add([]byte(s), uint64(1))
	}
	f.Fuzz(func(t *testing.T, b []byte, seed uint64) {
		sameForm(t, rand.New(rand.NewPCG(seed, 1)), b, 8)
	})
}

func BenchmarkForm(b *testing.B) {
	for _, in := range []string{"06:40:11.752176123 WARN", "2025-10-02T06:40:11.752176Z  INFO"} {
		line := []byte(in)
		d, dated := DatedAt(line)
		c, _ := At(line)
		f := c.Form()
		if dated {
			f = d.Form()
		}
		b.Run("form "+in, func(b *testing.B) {
			for b.Loop() {
				if _, ok := f.Read(line); !ok {
					b.Fatal("not read")
				}
			}
		})
		b.Run("plain "+in, func(b *testing.B) {
			for b.Loop() {
				ok := false
				if dated {
					_, ok = DatedAt(line)
				} else {
					_, ok = At(line)
				}
				if !ok {
					b.Fatal("not read")
				}
			}
		})
	}
}
