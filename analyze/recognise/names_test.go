package recognise

import (
	"fmt"
	"strings"
	"testing"
)

// TestNames: names lose their control bytes, and what is remembered is bounded.
func TestNames(t *testing.T) {
	t.Parallel()
	var in Names
	for i := range 3 * maxNames {
		if got := in.Get([]byte(fmt.Sprintf("a\x1b%d", i))); strings.ContainsRune(got, 0x1b) || len(in.m) > maxNames+1 {
			t.Fatalf("%q, %d kept", got, len(in.m))
		}
	}
}
