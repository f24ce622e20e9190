package compare

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

const (
	level    = 0.05 // of false discoveries among what is called changed
	relevant = 1.5  // the least ratio of rates that is worth a word
)

// Test compares two rates. Counts are taken as those of rare events that come
// independently (Poisson): given their sum, the share of one side is binomial,
// which gives an exact test and interval for the ratio (Przyborowski and Wilenski,
// Biometrika 31, 1940; Clopper and Pearson, Biometrika 26, 1934). Where both logs
// can be counted in several ways, by sessions and by hours, it is the way that shows the least
// difference: a busier day alone changes nothing.
type Test struct {
	Per    string   `json:"per"`     // session, hour, start, line
	GoodOf float64  `json:"good_of"` // how many of these good has
	BadOf  float64  `json:"bad_of"`
	Ratio  *float64 `json:"ratio"`   // rate of bad over rate of good; null where good has none
	Low    float64  `json:"low"`     // of the 95 % interval of the ratio
	High   *float64 `json:"high"`    // null where it is open
	PValue float64  `json:"p_value"` // of a difference so large by chance, this test alone
	QValue float64  `json:"q_value"` // the same among all tests of the report (Benjamini and Hochberg)

	least float64 // the smallest p-value that so few could give
}

// differs reports whether a difference is beyond chance and large enough to be
// told. A nil test shows nothing.
func (t *Test) differs() bool {
	if t == nil || t.QValue >= level {
		return false
	}
	return t.Ratio == nil || *t.Ratio >= relevant || *t.Ratio <= 1/relevant
}

// exposure is how much of something each side has seen.
type exposure struct {
	per       string
	good, bad float64
}

// exposed finds what both sides can be counted by.
func (c *comparison) exposed(good, bad *Side) {
	known := func(list *[]exposure, per string, g, b float64) {
		if g > 0 && b > 0 {
			*list = append(*list, exposure{per, g, b})
		}
	}
	known(&c.session, "session", float64(good.Sessions), float64(bad.Sessions))
	known(&c.start, "session", float64(good.Sessions), float64(bad.Sessions))
	known(&c.session, "hour", good.Hours, bad.Hours)
	known(&c.start, "start", float64(good.Lifetimes), float64(bad.Lifetimes))
	lines := exposure{"line", float64(good.Lines), float64(bad.Lines)}
	for _, list := range []*[]exposure{&c.session, &c.start} {
		if len(*list) == 0 {
			known(list, lines.per, lines.good, lines.bad)
		}
	}
}

// test compares two counts, nil where there is nothing to compare.
func (c *comparison) test(good, bad int64, by []exposure) *Test {
	if good+bad <= 0 || len(by) == 0 {
		return nil
	}
	var worst *Test
	for _, e := range by {
		if t := ratioTest(good, bad, e); worst == nil || t.PValue > worst.PValue {
			worst = t
		}
	}
	c.tests = append(c.tests, worst)
	return worst
}

func ratioTest(good, bad int64, e exposure) *Test {
	g, b := float64(good), float64(bad)
	share := e.bad / (e.good + e.bad) // of bad where the rates are the same
	t := &Test{Per: e.per, GoodOf: e.good, BadOf: e.bad}
	if good > 0 {
		ratio := (b / e.bad) / (g / e.good)
		t.Ratio = &ratio
	}
	upper, lower := 1.0, 1.0 // chances of so many in bad or more, and or fewer
	if bad > 0 {
		upper = mathext.RegIncBeta(b, g+1, share)
	}
	if good > 0 {
		lower = mathext.RegIncBeta(g, b+1, 1-share)
	}
	t.PValue = math.Min(1, 2*math.Min(upper, lower))
	t.QValue = t.PValue
	t.least = 2 * math.Min(math.Pow(share, b+g), math.Pow(1-share, b+g))
	odds := func(p float64) float64 { return p / (1 - p) * e.good / e.bad }
	if bad > 0 {
		t.Low = odds(mathext.InvRegIncBeta(b, g+1, (1-confidence)/2))
	}
	if good > 0 {
		high := odds(mathext.InvRegIncBeta(b+1, g, (1+confidence)/2))
		t.High = &high
	}
	return t
}

const confidence = 0.95

// adjust sets the q-values: the least share of false discoveries at which a test
// would still count (Benjamini and Hochberg, Journal of the Royal Statistical
// Society B 57, 1995). Tests of counts so small that they could show nothing take
// no part (Gilbert, Journal of the Royal Statistical Society C 54, 2005).
func adjust(tests []*Test) {
	order := slices.DeleteFunc(slices.Clone(tests), func(t *Test) bool { return t.least >= level })
	slices.SortStableFunc(order, func(a, b *Test) int {
		switch {
		case a.PValue < b.PValue:
			return -1
		case a.PValue > b.PValue:
			return 1
		}
		return 0
	})
	q := 1.0
	for i := len(order) - 1; i >= 0; i-- {
		q = math.Min(q, order[i].PValue*float64(len(order))/float64(i+1))
		order[i].QValue = q
	}
}
