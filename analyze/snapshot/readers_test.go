package snapshot

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestReaders reads what the tools printed (testdata; the values in it are
// invented where they could name a machine) and shows everything a file says.
func TestReaders(t *testing.T) {
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[Kind]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, ".golden") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			kind := Sniff(file, data[:min(len(data), sniffSize)])
			kinds[kind] = true
			got := show(kind, filepath.Base(file), data)
			golden := file + ".golden"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
	for _, r := range readers() {
		if !kinds[r.kind] {
			t.Errorf("no sample of kind %s in testdata", r.kind)
		}
	}
}

// TestEveryKindIsRead: a kind that is declared has a reader, and one only.
func TestEveryKindIsRead(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "snapshot.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	count := map[Kind]int{}
	for _, r := range readers() {
		count[r.kind]++
	}
	declared := 0
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			if id, ok := v.Type.(*ast.Ident); !ok || id.Name != "Kind" || v.Names[0].Name == "None" {
				continue
			}
			declared++
			kind := Kind(strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`))
			if count[kind] != 1 {
				t.Errorf("%s (%q) has %d readers in the table, want one", v.Names[0].Name, kind, count[kind])
			}
		}
	}
	if declared != len(readers()) {
		t.Errorf("%d kinds are declared, %d have readers", declared, len(readers()))
	}
}

// show prints everything that a snapshot says.
func show(kind Kind, name string, data []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "kind %s\n", kind)
	if kind == None {
		return b.Bytes()
	}
	s, err := Parse(kind, name, time.Time{}, data)
	if err != nil {
		fmt.Fprintf(&b, "error %v\n", err)
	}
	if s.Missing != "" {
		fmt.Fprintf(&b, "could not be collected because %s\n", s.Missing)
	}
	for _, f := range s.Facts {
		fmt.Fprintf(&b, "%d: %s", f.Line, f.Text)
		if f.ID != "" {
			fmt.Fprintf(&b, " [%s]", f.ID)
		}
		if f.Bears != "" {
			fmt.Fprintf(&b, "\n   → %s", f.Bears)
		}
		b.WriteByte('\n')
	}
	for _, x := range s.Setup {
		fmt.Fprintf(&b, "setup %d: %s %q = %q\n", x.Place.Line, x.About, x.Of, x.Value)
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(&b, "warning %s\n", w)
	}
	if text := Beside(kind, data); text != nil {
		fmt.Fprintf(&b, "read as a log: %s\n", bytes.Join(bytes.Fields(text), []byte(" ")))
	}
	return b.Bytes()
}
