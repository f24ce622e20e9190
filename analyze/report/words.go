package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Count prints a number in groups of three: 1,234,567. Sentences and tables of
// a report have the same form.
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural prints a number with the words for one or for many.
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Percent prints a probability. A model is never certain: what would round to
// all or nothing says so.
func Percent(p float64) string {
	n := int(100*p + 0.5)
	switch {
	case n > 99:
		return ">99 %"
	case p > 0 && n < 1:
		return "<1 %"
	}
	return fmt.Sprintf("%d %%", n)
}

// Clauses joins clauses that are not empty.
func Clauses(clauses ...string) string {
	var kept []string
	for _, c := range clauses {
		if c != "" {
			kept = append(kept, c)
		}
	}
	return strings.Join(kept, "; ")
}

// RoughDuration prints a duration the way people say it.
func RoughDuration(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 72*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}

// Words says what the comparison found: "also in 9 sessions that worked"; "" for
// none.
func (c *Contrast) Words() string {
	if c == nil {
		return ""
	}
	one, many := "session", "sessions"
	if c.Lifetimes {
		one, many = "lifetime", "lifetimes"
	}
	if c.Worked < c.WorkedAll {
		return fmt.Sprintf("also in %s of %s that worked", Count(int64(c.Worked)), Plural(int64(c.WorkedAll), one, many))
	}
	return fmt.Sprintf("also in %s that worked", Plural(int64(c.Worked), one, many))
}

// KnownTime is the time as a report has it: nil when it is unknown.
func KnownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
