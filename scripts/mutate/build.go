package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// helpers is the file that is added to a package under test. Both values of a pick
// are computed: changes are made of expressions without side effects only.
const helpers = `package %s

import (
	mutateFmt "fmt"
	mutateOS "os"
	mutateConv "strconv"
	mutateSync "sync"
)

var (
	mutateActive, _ = mutateConv.Atoi(mutateOS.Getenv("MUTATE"))
	mutateReached   = mutateOS.Getenv("MUTATE_REACHED")
	mutateMutex     mutateSync.Mutex
	mutateSeen      = map[int]bool{}
)

// mutateOn reports whether the change of this number is switched on.
func mutateOn(n int) bool {
	if mutateReached != "" {
		mutateNote(n)
	}
	return mutateActive == n
}

func mutateNote(n int) {
	mutateMutex.Lock()
	defer mutateMutex.Unlock()
	if mutateSeen[n] {
		return
	}
	mutateSeen[n] = true
	f, err := mutateOS.OpenFile(mutateReached, mutateOS.O_APPEND|mutateOS.O_CREATE|mutateOS.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	mutateFmt.Fprintln(f, n)
}

func mutatePick[T any](on bool, changed, plain T) T {
	if on {
		return changed
	}
	return plain
}
`

// build compiles the tests with every change that can be made into one binary, and
// returns the changes.
func build(t target, work string) ([]*site, error) {
	dir, files := t.dir, t.files
	p, err := load(dir)
	if err != nil {
		return nil, err
	}
	overlay := map[string]string{}
	put := func(name string, text []byte) error {
		abs, err := filepath.Abs(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		overlay[abs] = filepath.Join(work, name)
		return os.WriteFile(overlay[abs], text, 0o644)
	}
	var sites []*site
	for i, f := range p.files {
		if len(files) > 0 && !slices.Contains(files, p.names[i]) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, p.names[i]))
		if err != nil {
			return nil, err
		}
		if ast.IsGenerated(f) {
			continue
		}
		m := mutator{fset: p.fset, info: p.info, text: text, sites: &sites}
		if err := put(p.names[i], m.file(f)); err != nil {
			return nil, err
		}
	}
	if len(sites) == 0 {
		return nil, errors.New("nothing to change")
	}
	if err := put("zz_mutate.go", fmt.Appendf(nil, helpers, p.name)); err != nil {
		return nil, err
	}
	j, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, err
	}
	list := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(list, j, 0o644); err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", list, "-o", filepath.Join(work, "test"), "./"+t.tests)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build with the changes: %w\n%s", err, out)
	}
	return sites, nil
}

// pkg is a package without its tests, with types.
type pkg struct {
	name  string
	fset  *token.FileSet
	names []string // of files
	files []*ast.File
	info  *types.Info
}

func load(dir string) (*pkg, error) {
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,Name,GoFiles,DepOnly", "./"+dir).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	type entry struct {
		ImportPath, Export, Name string
		GoFiles                  []string
		DepOnly                  bool
	}
	export := map[string]string{}
	var self entry
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var e entry
		if err := d.Decode(&e); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		export[e.ImportPath] = e.Export
		if !e.DepOnly {
			self = e
		}
	}
	p := &pkg{name: self.Name, fset: token.NewFileSet(), names: self.GoFiles, info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}}
	for _, name := range self.GoFiles {
		f, err := parser.ParseFile(p.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, f)
	}
	lookup := func(path string) (io.ReadCloser, error) {
		if export[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(export[path])
	}
	conf := types.Config{Importer: importer.ForCompiler(p.fset, "gc", lookup)}
	if _, err := conf.Check(self.ImportPath, p.fset, p.files, p.info); err != nil {
		return nil, err
	}
	if strings.TrimSpace(p.name) == "" {
		return nil, errors.New("no package there")
	}
	return p, nil
}
