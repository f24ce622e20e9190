package analyze

import (
	"slices"
	"testing"

	"wolfdiag/patterns"
)

// TestSuperfluous: a pattern whose words are read to the same cause about as
// strongly is named; one that says more, that something rests on, or that the
// words alone would not show, is not.
func TestSuperfluous(t *testing.T) {
	t.Parallel()
	const catalogue = `
[[pattern]]
id = "t-weak"
title = "a library is missing"
role = "cause"
regex = 'missing library libzorble\.so\.\d+'
speakers = ["app"]
severity = "error"
why = "It is not installed."
samples = ["zorble: missing library libzorble.so.1", "it goes on without its missing library libzorble.so.2"]

[[pattern]]
id = "t-strong"
title = "a library is missing"
role = "cause"
regex = 'missing library libwumpus\.so\.\d+'
speakers = ["app"]
severity = "error"
why = "It is not installed."
samples = ["wumpus: missing library libwumpus.so.1", "wumpus: missing library libwumpus.so.2"]

[[pattern]]
id = "t-rests"
title = "a library is missing"
role = "cause"
regex = 'missing library libgrue\.so\.\d+'
speakers = ["app"]
severity = "error"
why = "It is not installed."
samples = ["grue: missing library libgrue.so.1", "grue: missing library libgrue.so.2"]

[[pattern]]
id = "t-found"
title = "found after all"
role = "lifecycle"
regex = 'grue found after all'
why = "Somewhere else."
resolves = ["t-rests"]
samples = ["grue found after all"]

[[pattern]]
id = "t-quiet"
title = "nobody would take it for a complaint"
role = "cause"
regex = 'zorble takes the scenic route'
severity = "error"
why = "It is lost."
samples = ["zorble takes the scenic route"]

[[cause]]
id = "app-missing-library"
evidence = [
  { pattern = "t-weak", strength = 0.1, why = "says so" }, { pattern = "t-rests", strength = 0.1, why = "says so" },
  { pattern = "t-strong", strength = 0.95, why = "says so" }, { pattern = "t-quiet", strength = 0.1, why = "says so" },
]
`
	cat, err := patterns.Load(patterns.UserFile{Name: "t.toml", Data: []byte(catalogue)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range Superfluous(cat) {
		if f.File == "t.toml" {
			got = append(got, f.ID)
		}
	}
	if !slices.Equal(got, []string{"t-weak"}) {
		t.Errorf("superfluous %v, want t-weak", got)
	}
}
