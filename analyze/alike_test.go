package analyze

import (
	"slices"
	"testing"
)

// TestLike: a complaint that is read names the cause of the known texts that it is
// like as one more meaning, below what the reading says; one that is not read is
// like nothing.
func TestLike(t *testing.T) {
	t.Parallel()
	const start = "wolf-1  | 18:59:08.119977387 INFO  | HTTP server listening on port: 47989\n"
	for _, row := range []struct {
		name, log string
		want      []string
	}{
		{"a panic over EGL", "wolf-1  | 19:05:31.001098738 ERROR | compositor panicked while it enumerates EGLDevices: DisplayQueryExtensions\n",
			[]string{"compositor-panic", "egl-init-failure"}},
		{"an app's own words", "steam-1 | Fatal: cannot start Steam, wrong GTK namespace\n",
			[]string{"container-privileges", "app-crash", "app-missing-library"}},
		{"a driver that allocates", "kernel: amdgpu: Failed to allocate that buffer: size 8388608 bytes\n",
			[]string{"gpu-hang-reset", "gpu-missing", "gpu-memory-exhaustion"}},
		{"the reading knows the cause", "wolf-1  | 19:05:31.001098738 ERROR | Could not obtain GL functions of EGL\n",
			[]string{"egl-init-failure", "gpu-missing", "gpu-hang-reset"}},
		{"no reading", "wolf-1  | 19:05:31.001098738 ERROR | Cleaned up those stale wayland sockets: cleaned=31\n", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			r := read(t, Options{}, named{"wolf.log", []byte(start + row.log)})
			for i, c := range r.Causes {
				got = append(got, c.ID)
				if i > 0 && c.Probability > r.Causes[i-1].Probability {
					t.Errorf("%s stands below a less likely cause", c.ID)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("causes %v, want %v", got, row.want)
			}
		})
	}
}
