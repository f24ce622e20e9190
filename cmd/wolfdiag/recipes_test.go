package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/render"
	"wolfdiag/patterns"
)

var (
	quoted   = regexp.MustCompile("`([^`\n]+)`")
	testName = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark)[A-Z]\w*$`)
	pathName = regexp.MustCompile(`^\.?\w[\w.-]*/[\w./-]*$`)
)

// TestContributing: the files and tests that the recipes of CONTRIBUTING.md name
// exist.
func TestContributing(t *testing.T) {
	t.Parallel()
	root := projectRoot(t)
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests := declaredTests(t, root)
	files, guards := 0, 0
	for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
		switch name := m[1]; {
		case testName.MatchString(name):
			guards++
			if !tests[name] {
				t.Errorf("CONTRIBUTING.md names %s, which is no test", name)
			}
		case pathName.MatchString(name):
			files++
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				t.Errorf("CONTRIBUTING.md: %v", err)
			}
		}
	}
	if files < 10 || guards < 10 {
		t.Errorf("CONTRIBUTING.md names %d files and %d tests, want at least ten of each", files, guards)
	}
}

// declaredTests are the names of all test functions of the project.
func declaredTests(t *testing.T, root string) map[string]bool {
	t.Helper()
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	out := map[string]bool{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && file != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(file)
		for _, m := range declaration.FindAllSubmatch(text, -1) {
			out[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLineFormats: patterns may ask for every line format and for no other, and
// docs/catalogue.md lists them.
func TestLineFormats(t *testing.T) {
	t.Parallel()
	var names []string
	for f := logline.Format(0); f.String() != "unknown"; f++ {
		names = append(names, f.String())
	}
	_, err := patterns.Parse(patterns.UserFile{Name: "x.toml", Data: []byte("[[pattern]]\nid = \"x\"\ntitle = \"x\"\nrole = \"cause\"\nregex = 'xxxx'\nwhy = \"x\"\nsamples = [\"xxxx\"]\nformats = [\"nonsense\"]\n")})
	if err == nil {
		t.Fatal("a format of any name is accepted")
	}
	_, list, _ := strings.Cut(err.Error(), "want one of ")
	accepted := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	slices.Sort(names)
	slices.Sort(accepted)
	if diff := cmp.Diff(names, accepted); diff != "" {
		t.Errorf("formats of lines and of patterns (-analyze/logline +patterns):\n%s", diff)
	}
	doc, err := os.ReadFile(filepath.Join(projectRoot(t), "docs", "catalogue.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, row, _ := strings.Cut(string(doc), "| `formats` | ")
	row, _, _ = strings.Cut(row, "\n")
	for _, name := range names {
		if !slices.Contains(strings.FieldsFunc(row, func(r rune) bool { return r == ' ' || r == '`' }), name) {
			t.Errorf("docs/catalogue.md does not list the format %s", name)
		}
	}
}

// formatGoldens are the extensions of the golden files, by format.
var formatGoldens = map[render.Format]string{render.Text: "txt", render.JSON: "json", render.Markdown: "md", render.HTML: "html"}

// TestOutputFormats: a format that is declared is listed, printed, documented and
// has a golden file.
func TestOutputFormats(t *testing.T) {
	root := projectRoot(t)
	declared := constants(t, filepath.Join(root, "analyze", "render", "render.go"), "Format")
	var listed []string
	for _, f := range render.Formats() {
		listed = append(listed, string(f))
	}
	if diff := cmp.Diff(declared, listed); diff != "" {
		t.Errorf("formats (-declared +listed by Formats):\n%s", diff)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, printed, _ := strings.Cut(string(readme), "## What it prints")
	printed, _, _ = strings.Cut(printed, "\n## ")
	help := mustRun(t, "analyze", "--help")
	const log = "guide-incident.compose"
	dir := t.TempDir()
	copyInput(t, filepath.Join(root, "testdata", "logs", log+".log"), dir, written)
	t.Chdir(dir)
	const address = "203.0.113.7"
	if err := os.WriteFile("secret.log", []byte("06:40:12.895 ERROR | [RELAY] refused to carry "+address+" any further\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range declared {
		tells := strings.Contains(mustRun(t, "analyze", "--format", name, "secret.log"), address)
		if want := name == string(render.JSON); tells != want && name != string(render.Text) { // these two stay with the operator, or get --redact
			t.Errorf("format %s shows an address: %v, want %v", name, tells, want)
		}
		extension := formatGoldens[render.Format(name)]
		if extension == "" {
			t.Errorf("format %s has no extension in formatGoldens", name)
			continue
		}
		out := mustRun(t, "analyze", "--format", name, log+".log")
		compareGolden(t, root, log+"."+extension, out)
		if strings.Contains(out, "\x1b") {
			t.Errorf("format %s contains an escape byte where nothing is a terminal", name)
		}
		if !regexp.MustCompile(`--format FORMAT.*\b` + name + `\b`).MatchString(help) {
			t.Errorf("the help of --format does not name %s", name)
		}
		if !strings.Contains(printed, "`"+name+"`") && !strings.Contains(printed, "`--format "+name+"`") {
			t.Errorf("README.md does not name the format %s under What it prints", name)
		}
	}
}

// constants lists the values of the string constants of a type, in order.
func constants(t *testing.T, file, typeName string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			id, typed := v.Type.(*ast.Ident)
			lit, literal := v.Values[0].(*ast.BasicLit)
			if typed && literal && id.Name == typeName {
				out = append(out, strings.Trim(lit.Value, `"`))
			}
		}
		return true
	})
	return out
}
