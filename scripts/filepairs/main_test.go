package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestMeasure: a call and a method back are a pair; a type and its methods are not.
func TestMeasure(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":     "module sample\n\ngo 1.26\n",
		"both/a.go":  "package both\n\ntype T struct{}\n\nfunc A() { T{}.B() }\n",
		"both/b.go":  "package both\n\nfunc (T) B() { A() }\n",
		"both/c.go":  "package both\n\nfunc C() { A() }\n",
		"types/a.go": "package types\n\ntype T struct{ u U }\n\nfunc (t T) A() { t.u.B() }\n",
		"types/b.go": "package types\n\ntype U struct{ t *T }\n\nfunc (u U) B() {}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	list, err := measure(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range list {
		got = append(got, fmt.Sprint(p.path, p.pairs))
		for _, x := range p.pairs {
			got = append(got, fmt.Sprint(p.calls[x], p.calls[pair{x[1], x[0]}]))
		}
	}
	if want := "[sample/both[[a.go b.go]] [B] [A] sample/types[]]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
