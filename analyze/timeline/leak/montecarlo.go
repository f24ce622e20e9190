package leak

// Bounds of the tests.
const (
	draws       = 4999 // Monte-Carlo draws of one test, at most
	enough      = 200  // extreme draws after which it stops
	maxFailures = 512  // gaps used by a test
)

// simulated returns the p-value of a Monte-Carlo test whose draws report
// whether they are as extreme as what was seen. It stops early when enough of
// them are, which leaves the test exact (Besag and Clifford, "Sequential Monte
// Carlo p-values", Biometrika 78, 1991).
func simulated(extreme func() bool) float64 {
	hits := 0
	for i := 1; i <= draws; i++ {
		if extreme() {
			if hits++; hits == enough {
				return float64(hits) / float64(i)
			}
		}
	}
	return float64(hits+1) / (draws + 1)
}
