package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayImport lists, for each package, which packages of the module it may use.
var mayImport = map[string][]string{
	"patterns":              {"patterns/lineformat", "patterns/scan"},
	"patterns/scan":         {},
	"patterns/redact":       {},
	"analyze/redact":        {"patterns/redact"},
	"dump/crash":            {"dump/trace", "dump/signature"},
	"dump":                  {"dump/trace", "dump/crash", "dump/printed", "dump/decode", "dump/collect", "dump/signature", "dump/cluster", "dump/symbol"},
	"dump/trace":            {},
	"dump/printed":          {"dump/trace", "dump/symbol"},
	"dump/decode":           {"dump/trace", "dump/printed", "dump/symbol"},
	"dump/collect":          {"dump/trace", "dump/decode"},
	"dump/signature":        {"dump/trace"},
	"dump/cluster":          {"dump/trace", "dump/decode", "dump/collect", "dump/signature"},
	"dump/symbol":           {},
	"analyze/report":        {},
	"analyze/compare":       {"analyze/report"},
	"analyze/picture":       {"analyze/report", "dump"},
	"analyze/source":        {"analyze/source/rotation"},
	"analyze/fleet":         {"analyze/report"},
	"analyze/engine":        {},
	"analyze/mine":          {"analyze/logline"},
	"analyze/speaker":       {"analyze/logline"},
	"analyze/reading":       {"analyze/speaker"},
	"analyze/reading/alike": {},
	"analyze/setup":         {},
	"analyze/advice":        {"analyze/setup"},
	"analyze/snapshot":      {"analyze/setup"},
	"analyze/diagnose":      {"patterns"},
	"analyze/metrics":       {"analyze/report"},
	"analyze/render":        {"analyze/compare", "analyze/fleet", "analyze/picture", "analyze/redact", "analyze/report", "dump"},

	// a line of a log
	"patterns/lineformat": {},
	"analyze/logline": {"analyze/logline/arena", "analyze/logline/clock", "analyze/logline/complaint", "analyze/logline/escape", "analyze/logline/format",
		"analyze/logline/jsonscan", "analyze/logline/lex", "analyze/logline/record", "analyze/logline/transport", "patterns/lineformat"},
	"analyze/logline/arena":     {},
	"analyze/logline/lex":       {},
	"analyze/logline/record":    {"patterns/lineformat"},
	"analyze/logline/clock":     {"analyze/logline/lex", "analyze/logline/record"},
	"analyze/logline/escape":    {"analyze/logline/arena", "analyze/logline/lex"},
	"analyze/logline/jsonscan":  {"analyze/logline/arena", "analyze/logline/lex"},
	"analyze/logline/complaint": {"analyze/logline/lex", "analyze/logline/record"},
	"analyze/logline/format": {"analyze/logline/arena", "analyze/logline/clock", "analyze/logline/escape", "analyze/logline/jsonscan", "analyze/logline/lex",
		"analyze/logline/record", "patterns/lineformat"},
	"analyze/logline/transport": {"analyze/logline/arena", "analyze/logline/clock", "analyze/logline/escape", "analyze/logline/format", "analyze/logline/jsonscan",
		"analyze/logline/lex", "analyze/logline/record"},

	// when, and what Wolf did
	"analyze/timeline":          {"analyze/timeline/clock", "analyze/timeline/groups", "analyze/timeline/leak", "analyze/timeline/lifetime"},
	"analyze/timeline/clock":    {"analyze/logline"},
	"analyze/timeline/leak":     {"analyze/report"},
	"analyze/timeline/groups":   {"analyze/report"},
	"analyze/timeline/lifetime": {"analyze/logline", "analyze/report", "analyze/timeline/clock", "analyze/timeline/groups", "analyze/timeline/leak"},

	// simulators, for tests
	"analyze/loggen": {},

	// the stages of an analysis
	"analyze/records":   {"analyze/logline/jsonscan"},
	"analyze/document":  {"analyze/logline", "analyze/snapshot"},
	"analyze/recognise": {"analyze/logline", "analyze/mine", "analyze/reading", "analyze/speaker", "patterns", "patterns/scan"},
	"analyze/outcome":   {"analyze/timeline"},
	"analyze/around":    {},
	"analyze/correlate": {"analyze/logline", "analyze/outcome", "analyze/setup", "analyze/speaker", "analyze/timeline", "patterns"},
	"analyze/account":   {"analyze/logline", "analyze/mine", "analyze/recognise", "analyze/report", "analyze/source", "analyze/timeline", "patterns"},
	"analyze/known":     {"analyze/mine", "patterns"},
	"analyze/merge":     {"analyze/account", "analyze/correlate", "analyze/known", "analyze/logline", "analyze/reading", "analyze/reading/alike", "analyze/speaker", "analyze/recognise", "analyze/timeline", "analyze/setup", "patterns"},
	"analyze/facts":     {"analyze/diagnose", "analyze/report", "analyze/snapshot", "analyze/timeline", "patterns"},
	"analyze/crashes":   {"analyze/account", "analyze/diagnose", "analyze/speaker", "analyze/report", "analyze/source", "analyze/timeline", "dump", "dump/symbol", "patterns"},
	"analyze/assemble":  {"analyze/account", "analyze/around", "analyze/advice", "analyze/crashes", "analyze/diagnose", "analyze/facts", "analyze/logline", "analyze/outcome", "analyze/report", "analyze/timeline", "analyze/setup", "patterns"},
	"analyze": {"analyze/account", "analyze/around", "analyze/assemble", "analyze/correlate", "analyze/crashes", "analyze/diagnose", "analyze/document", "analyze/facts",
		"analyze/logline", "analyze/merge", "analyze/outcome", "analyze/reading", "analyze/recognise", "analyze/records", "analyze/report", "analyze/snapshot", "analyze/speaker", "analyze/source", "analyze/timeline", "analyze/setup", "patterns"},

	// What diagnoses fleets.
	"analyze/fleet/survey": {"analyze", "analyze/engine", "analyze/fleet", "analyze/logline", "analyze/records", "analyze/report", "analyze/source", "patterns"},

	// What follows logs.
	"analyze/source/disk":     {},
	"analyze/source/rotation": {"analyze/source/disk"},
	"analyze/source/recent":   {"analyze/logline", "analyze/records", "analyze/source/disk", "analyze/source/rotation"},
	"analyze/follow/clock":    {},
	"analyze/follow/process":  {},
	"analyze/follow/account":  {},
	"analyze/follow/event":    {"analyze/follow/account", "analyze/report"},
	"analyze/follow/files":    {"analyze/follow/account", "analyze/follow/clock", "analyze/source", "analyze/source/disk", "analyze/source/rotation"},
	"analyze/follow/incident": {"analyze/follow/event", "analyze/report"},
	"analyze/follow/action":   {"analyze/follow/clock", "analyze/follow/event", "analyze/follow/incident", "analyze/follow/process", "analyze/report"},
	"analyze/follow/gpu":      {"analyze/follow/clock", "analyze/follow/event", "analyze/follow/process", "analyze/snapshot"},
	"analyze/follow": {"analyze", "analyze/report", "analyze/snapshot", "analyze/source/disk", "analyze/source/recent", "analyze/source/rotation",
		"analyze/follow/account", "analyze/follow/action", "analyze/follow/clock", "analyze/follow/event", "analyze/follow/files", "analyze/follow/gpu", "analyze/follow/incident"},
}

// tools are packages that know nothing of wolfdiag and may be imported by all,
// as the standard library may.
var tools = []string{"internal/lazyregexp", "internal/lazyset"}

// onlyIn names the folder that may import a library; where a file format has two
// uses, both.
var onlyIn = map[string]string{
	"net/http":                                   "analyze/engine analyze/engine/enginetest",
	"github.com/urfave/cli/v2":                   "cmd/wolfdiag",
	"github.com/vbauerster/mpb/v8":               "cmd/wolfdiag",
	"github.com/fatih/color":                     "analyze/render",
	"github.com/olekukonko/tablewriter/renderer": "analyze/render",
	"github.com/mattn/go-runewidth":              "analyze/render",
	"gonum.org/v1/gonum/mathext":                 "analyze/compare",
	"github.com/hpcloud/tail":                    "analyze/follow/files",
	"github.com/hpcloud/tail/watch":              "analyze/follow/files",
	"github.com/ianlancetaylor/demangle":         "dump/symbol",
	"github.com/pelletier/go-toml/v2":            "patterns analyze/snapshot",
	"go.yaml.in/yaml/v3":                         "analyze/snapshot",
	"github.com/klauspost/compress/gzip":         "analyze/source",
	"github.com/klauspost/compress/zstd":         "analyze/source",
	"github.com/ulikunitz/xz":                    "analyze/source",
}

// TestPackages: every package of the libraries has its arrows here and its row
// in ARCHITECTURE.md.
func TestPackages(t *testing.T) {
	root := filepath.Join("..", "..")
	doc, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, dir := range []string{"analyze", "dump", "patterns"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(file string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") && !strings.Contains(file, "testdata") {
				rel, err := filepath.Rel(root, filepath.Dir(file))
				if pkg := filepath.ToSlash(rel); !strings.HasSuffix(pkg, "test") { // helpers of tests import what they help with
					found[pkg] = true
				}
				return err
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for pkg := range found {
		if _, ok := mayImport[pkg]; !ok {
			t.Errorf("%s: mayImport does not say what it may import", pkg)
		}
		named := func(pkg string) bool { return bytes.Contains(doc, []byte("`"+pkg+"`")) }
		if above := path.Dir(pkg); !named(pkg) && (above == "analyze" || !named(above)) {
			t.Errorf("%s: the table of ARCHITECTURE.md names neither it nor the package it is a part of", pkg)
		}
	}
	for pkg := range mayImport {
		if !found[pkg] {
			t.Errorf("%s: there is no such package", pkg)
		}
	}
}

// TestImports keeps the arrows of ARCHITECTURE.md running one way.
func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	checked := 0
	eachFile(t, root, func(pkg, file string) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			name := strings.Trim(imp.Path.Value, `"`)
			if own, ok := strings.CutPrefix(name, "wolfdiag/"); ok {
				if allowed, known := mayImport[pkg]; known && !slices.Contains(allowed, own) && !slices.Contains(tools, own) {
					t.Errorf("%s imports %s: the arrows of ARCHITECTURE.md do not allow it", file, own)
				}
			}
			if where, ok := onlyIn[name]; ok && !slices.Contains(strings.Fields(where), pkg) {
				t.Errorf("%s imports %s: only %s may", file, name, where)
			}
		}
		if strings.HasPrefix(pkg, "analyze") || strings.HasPrefix(pkg, "patterns") || strings.HasPrefix(pkg, "dump") {
			checked++
		}
	})
	if checked < 20 {
		t.Errorf("looked at %d files of the libraries only: is the root right?", checked)
	}
}

// floor is a row of the picture in ARCHITECTURE.md: what stands on it.
type floor struct{ name, packages string }

// floors reads the picture: the rows of the first fence behind its heading. Names
// end where a remark begins, behind three blanks at least, or at the end.
func floors(t *testing.T, doc string) []floor {
	t.Helper()
	_, rest, _ := strings.Cut(doc, "## The house")
	_, rest, _ = strings.Cut(rest, "```\n")
	picture, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("ARCHITECTURE.md has no picture of the house")
	}
	var out []floor
	for line := range strings.Lines(picture) {
		name, packages, ok := strings.Cut(line, "│")
		if !ok {
			t.Fatalf("no floor: %s", line)
		}
		packages, _, _ = strings.Cut(strings.TrimSpace(packages), "   ")
		out = append(out, floor{strings.TrimSpace(name), packages})
	}
	return out
}

// TestPicture holds the picture of the house in ARCHITECTURE.md against the code:
// every package of the program is on it, and imports only from floors below.
func TestPicture(t *testing.T) {
	root := filepath.Join("..", "..")
	doc, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	level := map[string]int{} // by the full name of a house
	for i, f := range floors(t, string(doc)) {
		for name := range strings.FieldsSeq(f.packages) {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				name = "analyze/" + name
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				t.Errorf("floor %q: there is no package %s", f.name, name)
			}
			if _, twice := level[name]; twice {
				t.Errorf("%s stands on two floors", name)
			}
			level[name] = i
		}
	}
	house := func(pkg string) string { // the longest that the package is a part of; analyze itself has no rooms
		for at := pkg; at != "."; at = path.Dir(at) {
			if _, ok := level[at]; ok && (at != "analyze" || pkg == at) {
				return at
			}
		}
		return ""
	}
	seen := map[string]bool{}
	for pkg, imports := range importsOf(t, root) {
		if strings.HasSuffix(pkg, "test") || strings.HasPrefix(pkg, "scripts/") || pkg == "analyze/loggen" {
			continue // for tests and by hand
		}
		from := house(pkg)
		if seen[from] = true; from == "" {
			t.Errorf("%s is not on the picture", pkg)
			continue
		}
		for _, imp := range imports {
			if to := house(imp); to != from && level[to] <= level[from] {
				t.Errorf("%s imports %s, which does not stand below it on the picture", pkg, imp)
			}
		}
	}
	for name := range level {
		if !seen[name] {
			t.Errorf("%s is on the picture and holds no code", name)
		}
	}
	if len(seen) < 30 {
		t.Errorf("%d houses seen only: is the root right?", len(seen))
	}
}

// importsOf is what each package of the module imports of the module.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	eachFile(t, root, func(pkg, file string) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		out[pkg] = append(out[pkg], []string{}...)
		for _, imp := range f.Imports {
			if own, ok := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), "wolfdiag/"); ok {
				out[pkg] = append(out[pkg], own)
			}
		}
	})
	return out
}

// eachFile calls f for the Go files of the module, but for tests.
func eachFile(t *testing.T, root string, f func(pkg, file string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && file != root) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
			rel, err := filepath.Rel(root, filepath.Dir(file))
			if err != nil {
				return err
			}
			f(filepath.ToSlash(rel), file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNamesInArchitecture: what ARCHITECTURE.md calls a thing of a package, such
// as source.Block, is declared there.
func TestNamesInArchitecture(t *testing.T) {
	root := filepath.Join("..", "..")
	doc, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{} // as clock.Reading; packages of one name count as one
	eachFile(t, root, func(_, file string) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		declared[f.Name.Name] = true
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					declared[f.Name.Name+"."+d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						declared[f.Name.Name+"."+s.Name.Name] = true
					}
				}
			}
		}
	})
	named := 0
	for _, m := range regexp.MustCompile(`\b([a-z]+)\.([A-Z]\w*)`).FindAllStringSubmatch(string(doc), -1) {
		if !declared[m[1]] {
			continue // of another module
		}
		if named++; !declared[m[0]] {
			t.Errorf("ARCHITECTURE.md speaks of %s, which is not declared", m[0])
		}
	}
	if named < 30 {
		t.Errorf("%d names found only", named)
	}
}
