package lazyregexp

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestRegexp(t *testing.T) {
	r := New(`(\d+)([a-z])`)
	if !r.MatchString("12a") || r.MatchString("a12") || !r.Match([]byte("7z")) {
		t.Error("it does not match as the expression does")
	}
	if m := r.FindStringSubmatch("x 12a"); len(m) != 3 || m[1] != "12" || m[2] != "a" {
		t.Errorf("groups %q", m)
	}
	if s := r.ReplaceAllString("12a 3b", "$2$1"); s != "a12 b3" {
		t.Errorf("replaced: %q", s)
	}
}

// TestNewPanics: in a test binary a wrong expression fails before it is used.
func TestNewPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a wrong expression was taken")
		}
	}()
	New(`(`)
}

// TestNewIsLazy: outside of tests nothing is compiled before the first use.
func TestNewIsLazy(t *testing.T) {
	defer func(was bool) { inTest = was }(inTest)
	inTest = false
	r := New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("the first use of a wrong expression went well")
		}
	}()
	r.MatchString("")
}

// TestNewIf: what the condition rules out is found by no method, and compiles
// nothing; a condition that is wrong is found out in tests.
func TestNewIf(t *testing.T) {
	may := func(s string) bool { return strings.HasPrefix(s, "x") }
	r := NewIf(may, `x(\d)`)
	for _, text := range []string{"", "a", "x1"} {
		want := regexp.MustCompile(`x(\d)`)
		if r.MatchString(text) != want.MatchString(text) || r.Match([]byte(text)) != want.MatchString(text) || r.FindString(text) != want.FindString(text) ||
			!slices.Equal(r.FindStringSubmatch(text), want.FindStringSubmatch(text)) || !slices.Equal(r.FindSubmatchIndex([]byte(text)), want.FindSubmatchIndex([]byte(text))) ||
			r.ReplaceAllString(text, "y$1") != want.ReplaceAllString(text, "y$1") || r.ReplaceAllStringFunc(text, strings.ToUpper) != want.ReplaceAllStringFunc(text, strings.ToUpper) {
			t.Errorf("%q: not as the expression", text)
		}
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a condition that rules a match out was not found out")
			}
		}()
		r.MatchString("ax1")
	}()
	defer func(was bool) { inTest = was }(inTest)
	inTest = false
	lazy := NewIf(may, `(`)
	if lazy.MatchString("a") || lazy.Match([]byte("a")) || lazy.FindString("a") != "" || lazy.FindStringSubmatch("a") != nil || lazy.FindSubmatchIndex([]byte("a")) != nil ||
		lazy.ReplaceAllString("a", "") != "a" || lazy.ReplaceAllStringFunc("a", strings.ToUpper) != "a" {
		t.Error("a text was given to the expression in spite of the condition")
	}
}
