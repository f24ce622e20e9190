package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

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
	sites, err := options{jobs: 2}.measure(split("sub"))
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
	elsewhere(t)
	text, err := os.ReadFile("sub/sample.go")
	if err != nil || string(text) != sample {
		t.Error("the source was changed")
	}
}

// elsewhere measures the same package by the tests of another, and a sample of it.
func elsewhere(t *testing.T) {
	t.Helper()
	const user = "package user\n\nimport (\n\t\"testing\"\n\n\t\"sample/sub\"\n)\n\nfunc TestKind(t *testing.T) {\n\tif k, _ := sample.Kind(-5, true); k != \"loud\" {\n\t\tt.Error(k)\n\t}\n}\n"
	if err := os.MkdirAll("user", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("user/user_test.go", []byte(user), 0o644); err != nil {
		t.Fatal(err)
	}
	count := func(o options) map[outcome]int {
		sites, err := o.measure(split("sub:sample.go@user"))
		if err != nil {
			t.Fatal(err)
		}
		n := map[outcome]int{}
		for _, s := range sites {
			n[s.outcome]++
		}
		return n
	}
	if n := count(options{jobs: 2}); n[noticedByTest] == 0 || n[survived] == 0 || n[""] > 0 {
		t.Errorf("by the tests of another package: %v", n)
	}
	if n := count(options{jobs: 1, most: time.Nanosecond}); n[""] == 0 {
		t.Errorf("no time, and all were tried: %v", n)
	}
}

// TestTargets: the packages and files that are measured without arguments exist.
func TestTargets(t *testing.T) {
	t.Parallel()
	for _, target := range deciding {
		x := split(target)
		for _, files := range []string{filepath.Join(x.dir, "*.go"), filepath.Join(x.tests, "*_test.go")} {
			if m, err := filepath.Glob(filepath.Join("..", "..", files)); err != nil || len(m) == 0 {
				t.Errorf("%s: no %s", target, files)
			}
		}
		for _, f := range x.files {
			if _, err := os.Stat(filepath.Join("..", "..", x.dir, f)); err != nil {
				t.Error(err)
			}
		}
	}
}
