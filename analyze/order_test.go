package analyze

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/loggen"
	"wolfdiag/patterns"
)

// succession is a log in which a second cause shows some minutes after the
// first, and could account for some of what the first did.
type succession struct {
	data          []byte
	first, second string
}

// successions are all pairs of causes the simulator plays of which the second
// explains a message of the first one's cascade that came before it.
func successions(t testing.TB) []succession {
	t.Helper()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	explains := explained(cat.Causes())
	var out []succession
	for i, a := range loggen.Causes() {
		if ends(a) {
			continue
		}
		r := read(t, Options{Workers: 1}, named{"a", simulate(t, loggen.Scenario{Seed: uint64(i), Cause: a, ExitCode: -1}, loggen.ComposeTimes)})
		for j, b := range loggen.Causes() {
			if a == b || slices.Contains(explains[a], b) { // there the second is a consequence
				continue
			}
			shared := false
			for _, p := range r.Patterns {
				shared = shared || p.Role == string(patterns.RoleSymptom) && slices.Contains(explains[b], p.ID)
			}
			if shared {
				s := loggen.Scenario{Seed: uint64(i*100 + j), Cause: a, Then: b, FailAt: []int{3}, ExitCode: -1}
				out = append(out, succession{simulate(t, s, loggen.ComposeTimes), a, b})
			}
		}
	}
	return out
}

// explained lists what each cause explains, directly or through others: causes
// and patterns.
func explained(causes []*patterns.Cause) map[string][]string {
	direct := map[string][]string{}
	for _, c := range causes {
		direct[c.ID] = c.Explains
	}
	out := map[string][]string{}
	for _, c := range causes {
		list := slices.Clone(c.Explains)
		for k := 0; k < len(list); k++ {
			for _, id := range direct[list[k]] {
				if !slices.Contains(list, id) {
					list = append(list, id)
				}
			}
		}
		out[c.ID] = list
	}
	return out
}

// ends reports whether a failure is the end of Wolf, after which nothing comes.
func ends(cause string) bool {
	lines, _, err := loggen.Play(loggen.Scenario{Cause: cause, Lifetimes: 1, ExitCode: -1, Then: "docker-name-conflict"})
	return err != nil || !strings.Contains(fmt.Sprint(lines), "is already in use")
}

// began counts the successions in which both causes are told, and those in
// which the one that began comes before the other.
func began(t *testing.T, list []succession, ab diagnose.Ablation) (both, before int) {
	t.Helper()
	for _, s := range list {
		got := ids(read(t, Options{Workers: 1, Ablation: ab}, named{"wolf.log", s.data}))
		a, b := slices.Index(got, s.first), slices.Index(got, s.second)
		if a >= 0 && b >= 0 {
			both++
		}
		if a >= 0 && (b < 0 || a < b) {
			before++
		}
		if (a < 0 || b < 0) && ab == (diagnose.Ablation{}) {
			t.Logf("%s, then %s: %v", s.first, s.second, got)
		}
	}
	return both, before
}

// TestTwoFailures: of two failures in one log both are told, also when the
// second could have brought about what the first did, had it come before.
func TestTwoFailures(t *testing.T) {
	t.Parallel()
	list := every(successions(t), 2)
	both, before := began(t, list, diagnose.Ablation{})
	t.Logf("of %d, both are told in %d, the one that began comes first in %d", len(list), both, before)
	if both < len(list)*90/100 { // in the others the second may well be a consequence
		t.Errorf("both causes are told in %d of %d only", both, len(list))
	}
	if before < len(list)*85/100 {
		t.Errorf("the cause that began comes first in %d of %d only", before, len(list))
	}
}

// every returns one element in n.
func every[T any](list []T, n int) (out []T) {
	for i := 0; i < len(list); i += n {
		out = append(out, list[i])
	}
	return out
}
