// Command filepairs lists files of a package that call each other in both
// directions: whoever reads one has to know the other, and neither comes first. It
// fails when a package has more such pairs than are allowed.
//
//	go run ./scripts/filepairs [-most N] [-v]
//
// What counts is a function or method that is declared in one file and used in the
// other. Types, constants and variables do not: a type has its methods where they
// are about.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	most := flag.Int("most", -1, "fail when a package has more pairs; below 0: never")
	verbose := flag.Bool("v", false, "say what they call")
	flag.Parse()
	list, err := measure(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "filepairs:", err)
		os.Exit(1)
	}
	failed := false
	for _, p := range list {
		if len(p.pairs) == 0 {
			continue
		}
		fmt.Printf("%s: %d\n", p.path, len(p.pairs))
		for _, x := range p.pairs {
			fmt.Printf("  %s ↔ %s\n", x[0], x[1])
			if *verbose {
				fmt.Printf("    →  %s\n    ←  %s\n", strings.Join(p.calls[x], " "), strings.Join(p.calls[pair{x[1], x[0]}], " "))
			}
		}
		failed = failed || *most >= 0 && len(p.pairs) > *most
	}
	if failed {
		fmt.Fprintf(os.Stderr, "filepairs: a package has more than %d pairs of files that call each other both ways: move declarations to where they belong\n", *most)
		os.Exit(1)
	}
}

// pair is two files: the one that calls, and the one that is called.
type pair [2]string

// pkg is a package and the calls between its files.
type pkg struct {
	path  string
	calls map[pair][]string // names, sorted
	pairs []pair            // both ways, each once
}

// entry is what go list says of a package.
type entry struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	Module                  *struct{ Main bool }
}

// measure looks at all packages of the module in a folder.
func measure(dir string) ([]pkg, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Module", "./...")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	export := map[string]string{}
	var own []entry
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var e entry
		if err := d.Decode(&e); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		export[e.ImportPath] = e.Export
		if e.Module != nil && e.Module.Main {
			own = append(own, e)
		}
	}
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	var list []pkg
	for _, e := range own {
		p, err := callsIn(fset, imp, e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.ImportPath, err)
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b pkg) int {
		return cmp.Or(cmp.Compare(len(b.pairs), len(a.pairs)), strings.Compare(a.path, b.path))
	})
	return list, nil
}

// callsIn finds the calls between the files of a package.
func callsIn(fset *token.FileSet, imp types.Importer, e entry) (pkg, error) {
	var files []*ast.File
	for _, name := range e.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(e.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return pkg{}, err
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: imp}
	self, err := conf.Check(e.ImportPath, fset, files, info)
	if err != nil {
		return pkg{}, err
	}
	used := map[pair]map[string]bool{}
	fileOf := func(p token.Pos) string { return filepath.Base(fset.Position(p).Filename) }
	for id, o := range info.Uses {
		f, ok := o.(*types.Func)
		if !ok || f.Pkg() != self {
			continue
		}
		if x := (pair{fileOf(id.Pos()), fileOf(f.Pos())}); x[0] != x[1] {
			if used[x] == nil {
				used[x] = map[string]bool{}
			}
			used[x][f.Name()] = true
		}
	}
	p := pkg{path: e.ImportPath, calls: map[pair][]string{}}
	for x, names := range used {
		p.calls[x] = slices.Sorted(maps.Keys(names))
		if x[0] < x[1] && used[pair{x[1], x[0]}] != nil {
			p.pairs = append(p.pairs, x)
		}
	}
	slices.SortFunc(p.pairs, func(a, b pair) int { return slices.Compare(a[:], b[:]) })
	return p, nil
}
