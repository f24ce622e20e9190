package lazyregexp

import "testing"

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
