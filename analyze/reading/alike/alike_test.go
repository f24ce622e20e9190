package alike

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

var known = []Text{
	{"Failed to create CUDA context with device-id 0", []string{"cuda-context-failure"}},
	{"Could not bind the CUDA context: CUDA_ERROR_UNKNOWN", []string{"cuda-context-failure"}},
	{"Failed to bind address 0.0.0.0:47989: Address already in use", []string{"port-in-use"}},
	{"listen tcp 0.0.0.0:48010: bind: address already in use", []string{"port-in-use"}},
	{"Unable to find docker mount for path: /tmp/sockets", []string{"wayland-socket-mount"}},
	{"userdel: cannot remove entry 'retro' from /etc/passwd", []string{"container-init-failure"}},
	{"mutter-x11-frames terminated: could not open the display", []string{"app-compositor-crash", "wayland-display-lost"}},
}

func TestCause(t *testing.T) {
	t.Parallel()
	x := New(known)
	for _, tc := range []struct {
		name, text, skip, want string
	}{
		{"the same words", "Unable to find docker mount for path: /run/wolf", "", "wayland-socket-mount"},
		{"other numbers", "listen tcp 10.0.0.1:9: bind: address already in use", "", "port-in-use"},
		{"other endings", "creating a CUDA context fails", "", "cuda-context-failure"},
		{"humps and joints", "could not remove passwd entry: userdel_failed", "", "container-init-failure"},
		{"its reading knows the cause", "listen tcp 10.0.0.1:9: bind: address already in use", "port-in-use", ""},
		{"of two causes the first by name", "mutter-x11-frames could not open the display", "", "app-compositor-crash"},
		{"of two causes the other", "mutter-x11-frames could not open the display", "app-compositor-crash", "wayland-display-lost"},
		{"common words alone", "Failed to open the archive of saved games: wrong magic", "", ""},
		{"no known word", "quux frobnicated", "", ""},
		{"numbers alone", "0x1f 12 -5", "", ""},
		{"empty", "", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := x.Cause([]byte(tc.text), func(cause string) bool { return cause == tc.skip })
			if ok != (tc.want != "") || ok && got != tc.want {
				t.Errorf("%q is like %q, %v; want %q", tc.text, got, ok, tc.want)
			}
		})
	}
}

// TestNothingKnown: an index of no texts finds nothing.
func TestNothingKnown(t *testing.T) {
	t.Parallel()
	if got, ok := New(nil).Cause([]byte("address already in use"), func(string) bool { return false }); ok {
		t.Errorf("like %q", got)
	}
}

// TestOrder: in which order texts come, and whether one comes twice, makes no
// difference to what any text is like.
func TestOrder(t *testing.T) {
	t.Parallel()
	words := []string{"cuda", "context", "bind", "address", "mount", "path", "display", "failed", "device", "socket", "zebra"}
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 11))
		sentence := func() string {
			s := ""
			for range 2 + rng.IntN(6) {
				s += words[rng.IntN(len(words))] + " "
			}
			return s
		}
		var texts []Text
		for i := range 40 {
			texts = append(texts, Text{sentence(), []string{fmt.Sprintf("cause-%d", i%7)}})
		}
		mixed := append(slices.Clone(texts), texts[:5]...)
		rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		one, other := New(texts), New(mixed)
		for range 40 {
			text, none := []byte(sentence()), func(string) bool { return false }
			a, okA := one.Cause(text, none)
			b, okB := other.Cause(text, none)
			if a != b || okA != okB {
				t.Fatalf("seed %d: %q is like %q, %v, and in another order %q, %v", seed, text, a, okA, b, okB)
			}
		}
	}
}

// FuzzCause: no text is too odd to be compared, and what it is like is one of
// the causes.
func FuzzCause(f *testing.F) {
	x := New(known)
	for _, k := range known {
		f.Add([]byte(k.Text))
	}
	f.Add([]byte("\xff\xfeAbCdEÄé\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, ok := x.Cause(text, func(cause string) bool { return cause == "port-in-use" })
		if ok && (got == "port-in-use" || !slices.ContainsFunc(known, func(k Text) bool { return slices.Contains(k.Causes, got) })) {
			t.Fatalf("%q is like %q", text, got)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	var texts []Text
	for i := range 400 {
		for _, k := range known {
			texts = append(texts, Text{fmt.Sprintf("%s w%c%c%c", k.Text, 'a'+i%26, 'a'+i/26, 'a'+i%7), k.Causes})
		}
	}
	for b.Loop() {
		New(texts)
	}
}
