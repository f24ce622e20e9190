package transport

import "testing"

// TestNames: every transport has a name, and a set has those of its members in
// the order of the constants.
func TestNames(t *testing.T) {
	t.Parallel()
	if end != 1<<len(names) {
		t.Fatalf("%d names do not fit the constants, which end at %b", len(names), end)
	}
	var n Names
	for _, tc := range []struct {
		set  Set
		want string
	}{
		{0, ""}, {Compose, "compose"}, {CRI | Markdown, "markdown+cri"}, {Compose, "compose"}, {0, ""}, {Syslog, "syslog"},
		{DockerStream | Timestamps | Compose, "compose+timestamps+docker-stream"},
	} {
		if got := n.Of(tc.set); got != tc.want {
			t.Errorf("%b: got %q, want %q", tc.set, got, tc.want)
		}
	}
}
