package patterns_test

import (
	"fmt"

	"wolfdiag/patterns"
)

// A message is matched without its time, level and component, which stand beside
// it in the Subject.
func Example() {
	cat, err := patterns.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	subject := &patterns.Subject{Format: "gstreamer", Text: []byte("CUDA call failed: CUDA_ERROR_NOT_PERMITTED, operation not permitted")}
	for _, m := range cat.Matcher().Match(nil, subject, nil) {
		fmt.Println(m.Pattern.ID, "is a", m.Pattern.Role)
		fmt.Println(cat.Decode(m.Pattern.Codes, string(m.Capture("code"))))
	}
	// Output:
	// cuda-error-not-permitted is a cause
	// 800 CUDA_ERROR_NOT_PERMITTED: opening /dev/nvidia* is refused: the container lost its right to the device
}

// A file of one's own is laid over the built-in catalogue: what is new is added,
// what is known has the named fields replaced.
func ExampleLoad() {
	mine := patterns.UserFile{Name: "mine.toml", Data: []byte(`
[[pattern]]
id = "site-fan"
title = "the GPU's fan stands still"
role = "cause"
regex = 'fan (?P<n>\d+) stalled'
severity = "error"
why = "The card throttles, then falls off the bus."
samples = ["fan 0 stalled"]
`)}
	cat, err := patterns.Load(mine)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range cat.Matcher().Match(nil, &patterns.Subject{Text: []byte("fan 3 stalled on adapter 0")}, nil) {
		fmt.Printf("%s: fan %s\n", m.Pattern.Title, m.Capture("n"))
	}
	// Output:
	// the GPU's fan stands still: fan 3
}

// Everything that is wrong with a file is told at once, with its place.
func ExampleProblems() {
	_, err := patterns.Load(patterns.UserFile{Name: "mine.toml", Data: []byte("[[pattern]]\nid = \"site-fan\"\nregex = 'fan (stalled'\ncolour = \"red\"\n")})
	for _, p := range patterns.Problems(err)[:2] {
		fmt.Printf("%s:%d: %s: %s\n", p.File, p.Line, p.ID, p.Field)
	}
	// Output:
	// mine.toml:1: site-fan: role
	// mine.toml:1: site-fan: title
}
