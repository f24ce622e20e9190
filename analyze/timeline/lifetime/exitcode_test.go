package lifetime

import (
	"testing"
)

// TestSignalsOfASupervisor reads the signal that ended the process.
func TestSignalsOfASupervisor(t *testing.T) {
	for _, tc := range []struct {
		status, signal string
		want           int
		kind           EndKind
	}{
		{"", "SIGKILL", 137, EndKilled},
		{"", "SIGSEGV", 139, EndCrash},
		{"9", "KILL", 137, EndKilled},
		{"15", "TERM", 143, EndClean},
		{"0", "SUCCESS", 0, EndClean},
		{"11", "", 11, EndCrash},
		{"", "SIGRTMIN", -1, EndUnknown},
	} {
		got := exitCode(tc.status, tc.signal)
		kind, _ := decodeExit(got)
		if got != tc.want || kind != tc.kind {
			t.Errorf("status %q, signal %q: %d %s, want %d %s", tc.status, tc.signal, got, kind, tc.want, tc.kind)
		}
	}
}
