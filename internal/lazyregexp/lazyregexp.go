// Package lazyregexp has regular expressions that compile when they are first
// used, so that a start pays for none that it does not need. It follows
// internal/lazyregexp of the Go library.
package lazyregexp

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
)

// Regexp is a regular expression of the source code. It is safe for concurrent
// use; its methods are those of *regexp.Regexp.
type Regexp struct {
	expr string
	may  func(string) bool // nil: any text may match
	once sync.Once
	re   *regexp.Regexp
}

// inTest: a wrong expression fails the tests of its package, used or not.
var inTest = len(os.Args) > 0 && strings.HasSuffix(strings.TrimSuffix(os.Args[0], ".exe"), ".test")

// New makes a Regexp of an expression. Its first use panics when the expression
// is wrong; in a test binary New itself does.
func New(expr string) *Regexp {
	r := &Regexp{expr: expr}
	if inTest {
		r.compiled()
	}
	return r
}

// NewIf is New with a cheap condition that holds for every text that the
// expression matches: others are not given to it, and many a run never compiles
// it. In a test binary they are, and a match panics.
func NewIf(may func(text string) bool, expr string) *Regexp {
	r := New(expr)
	r.may = may
	return r
}

// cannot reports whether the condition rules a match out.
func (r *Regexp) cannot(s string) bool {
	if r.may == nil || r.may(s) {
		return false
	}
	if inTest && r.compiled().MatchString(s) {
		panic(fmt.Sprintf("lazyregexp: %s matches %q in spite of its condition", r.expr, s))
	}
	return true
}

func (r *Regexp) cannotBytes(b []byte) bool { return r.may != nil && r.cannot(string(b)) }

func (r *Regexp) compile() { r.re = regexp.MustCompile(r.expr) }

func (r *Regexp) compiled() *regexp.Regexp {
	r.once.Do(r.compile)
	return r.re
}

// MatchString is that of *regexp.Regexp.
func (r *Regexp) MatchString(s string) bool { return !r.cannot(s) && r.compiled().MatchString(s) }

// Match is that of *regexp.Regexp.
func (r *Regexp) Match(b []byte) bool { return !r.cannotBytes(b) && r.compiled().Match(b) }

// FindString is that of *regexp.Regexp.
func (r *Regexp) FindString(s string) string {
	if r.cannot(s) {
		return ""
	}
	return r.compiled().FindString(s)
}

// FindStringSubmatch is that of *regexp.Regexp.
func (r *Regexp) FindStringSubmatch(s string) []string {
	if r.cannot(s) {
		return nil
	}
	return r.compiled().FindStringSubmatch(s)
}

// FindSubmatchIndex is that of *regexp.Regexp.
func (r *Regexp) FindSubmatchIndex(b []byte) []int {
	if r.cannotBytes(b) {
		return nil
	}
	return r.compiled().FindSubmatchIndex(b)
}

// ReplaceAllString is that of *regexp.Regexp.
func (r *Regexp) ReplaceAllString(src, repl string) string {
	if r.cannot(src) {
		return src
	}
	return r.compiled().ReplaceAllString(src, repl)
}

// ReplaceAllStringFunc is that of *regexp.Regexp.
func (r *Regexp) ReplaceAllStringFunc(src string, repl func(string) string) string {
	if r.cannot(src) {
		return src
	}
	return r.compiled().ReplaceAllStringFunc(src, repl)
}
