package reading

import "testing"

// TestNextTry: what tells of another way, and what only sounds like it.
func TestNextTry(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Trying next method...":                                  true,
		"[vo/gpu] Falling back to the X11 backend":               true,
		"retrying with a smaller buffer":                         true,
		"libinput unavailable, using evdev instead":              true,
		"Continuing without real-time scheduling":                true,
		"falling back to software rendering":                     false,
		"glx: failed to create dri3 screen, fall back to swrast": false,
		"Using llvmpipe instead":                                 false,
		"cannot fall back to another renderer":                   false,
		"Listening on port 47989":                                false,
		"retrying in 5 seconds":                                  false,
		"instead of it":                                          false,
	} {
		if got := NextTry([]byte(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
