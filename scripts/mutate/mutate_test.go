package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `package sample

type number int

const twice = 1 + 1

// Kind is tested, but for its limit and for what it adds.
func Kind(n number, loud bool) (kind string, size int) {
	total := 0
	for i := range 3 {
		if i == 2 {
			continue
		}
		total += i * twice
	}
	switch {
	case n < 0 && loud:
		return "loud", total
	case n < 0:
		return "negative", total
	}
	if !loud {
		total++
	}
	return "positive", total
}

func unused() int { x := 1; x = -x; return x - 1 }
`

const sampleTest = `package sample

import "testing"

func TestKind(t *testing.T) {
	if k, _ := Kind(-5, true); k != "loud" {
		t.Error(k)
	}
	if k, _ := Kind(-5, false); k != "negative" {
		t.Error(k)
	}
	if k, n := Kind(5, false); k != "positive" || n == 0 {
		t.Error(k, n)
	}
}
`

// TestMutate measures a package whose tests have known holes.
func TestMutate(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module sample\n\ngo 1.26\n", "sub/sample.go": sample, "sub/sample_test.go": sampleTest} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	sites, err := options{jobs: 2}.measure("sub", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sites {
		got = append(got, string(s.outcome)+": "+s.what)
	}
	slices.Sort(got)
	want := []string{
		"not reached: -x  →  x",
		"not reached: x - 1  →  x + 1",
		"not reached: x = -x  →  (left out)",
		"noticed: n < 0  →  n >= 0",
		"noticed: n < 0  →  n >= 0",
		"noticed: n < 0 && loud  →  n < 0 || loud",
		"survived: !loud  →  loud",
		"survived: continue  →  (left out)",
		"survived: i * twice  →  i + twice",
		"survived: i == 2  →  i != 2",
		"survived: n < 0  →  n <= 0",
		"survived: n < 0  →  n <= 0",
		"survived: total += i * twice  →  total -= i * twice",
		"survived: total++  →  total--",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	text, err := os.ReadFile("sub/sample.go")
	if err != nil || string(text) != sample {
		t.Error("the source was changed")
	}
}

// TestTargets: the packages and files that are measured without arguments exist.
func TestTargets(t *testing.T) {
	t.Parallel()
	for _, target := range deciding {
		dir, files := split(target)
		if m, err := filepath.Glob(filepath.Join("..", "..", dir, "*.go")); err != nil || len(m) == 0 {
			t.Errorf("%s: no Go files", dir)
		}
		for _, f := range files {
			if _, err := os.Stat(filepath.Join("..", "..", dir, f)); err != nil {
				t.Error(err)
			}
		}
	}
}
