package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
	validate "github.com/santhosh-tekuri/jsonschema/v6"

	"wolfdiag/analyze/compare"
	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/report"
	"wolfdiag/dump"
)

// published are the JSON documents that others read, with the file of docs/schema
// that describes each.
var published = []struct {
	file    string
	schema  string // what the key "schema" holds
	title   string
	of      any
	goldens []string // globs of documents that must be valid, from the project's root
	least   int      // how many documents there are at the least
}{
	{"report-v1.json", report.Schema, "what wolfdiag analyze --format json prints", report.Report{}, []string{"testdata/golden/*.json"}, 25},
	{"compare-v1.json", compare.Schema, "what wolfdiag compare --format json prints", compare.Report{}, []string{"testdata/golden/compare.json"}, 1},
	{"fleet-v1.json", fleet.Schema, "what wolfdiag fleet --format json prints", fleet.Report{}, []string{"testdata/golden/fleet.json"}, 1},
	{"dumps-v1.json", dump.Schema, "what wolfdiag dumps --format json prints", dump.Report{}, []string{"cmd/wolfdiag/testdata/dumps/json.golden"}, 1},
}

// TestGoldenSchemas makes the JSON Schemas from the Go types and compares them
// with docs/schema; -update rewrites them.
func TestGoldenSchemas(t *testing.T) {
	root := projectRoot(t)
	for _, p := range published {
		t.Run(p.file, func(t *testing.T) {
			got := schemaOf(t, root, p.of, p.schema, p.title, true)
			file := filepath.Join(root, "docs", "schema", p.file)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("docs/schema/%s (-want +got; go test ./cmd/wolfdiag -run Golden -update rewrites it):\n%s", p.file, diff)
			}
		})
	}
}

// TestGoldensFitSchemas: every golden document is valid by the schema of its
// kind, and holds no key that the schema does not name.
func TestGoldensFitSchemas(t *testing.T) {
	root := projectRoot(t)
	for _, p := range published {
		t.Run(p.file, func(t *testing.T) {
			open := compiled(t, p.file, schemaOf(t, root, p.of, p.schema, p.title, true))
			strict := compiled(t, p.file, schemaOf(t, root, p.of, p.schema, p.title, false))
			checked := 0
			for _, glob := range p.goldens {
				files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(glob)))
				if err != nil {
					t.Fatal(err)
				}
				for _, file := range files {
					text, err := os.ReadFile(file)
					if err != nil {
						t.Fatal(err)
					}
					doc := decoded(t, text)
					if o, ok := doc.(map[string]any); !ok || o["schema"] != p.schema {
						continue // a golden of another kind
					}
					checked++
					for _, s := range []*validate.Schema{open, strict} {
						if err := s.Validate(doc); err != nil {
							t.Errorf("%s: %v", filepath.Base(file), err)
						}
					}
				}
			}
			if checked < p.least {
				t.Errorf("%d documents checked, want at least %d", checked, p.least)
			}
		})
	}
}

// TestSchemasRefuse: documents that break the contract are found out, and one
// with a new key is not taken for such.
func TestSchemasRefuse(t *testing.T) {
	root := projectRoot(t)
	p := published[0]
	s := compiled(t, p.file, schemaOf(t, root, p.of, p.schema, p.title, true))
	for _, tc := range []struct {
		name   string
		change func(doc map[string]any)
		ok     bool
	}{
		{"as it is", func(map[string]any) {}, true},
		{"a new key", func(d map[string]any) { d["weather"] = "fair" }, true},
		{"a key removed", func(d map[string]any) { delete(d, "causes") }, false},
		{"null for a list", func(d map[string]any) { d["causes"] = nil }, false},
		{"null for an unknown time", func(d map[string]any) { d["period"] = map[string]any{"from": nil, "to": nil} }, true},
		{"no time", func(d map[string]any) { d["period"] = map[string]any{"from": "at noon", "to": nil} }, false},
		{"an unknown verdict", func(d map[string]any) { d["verdict"] = "fine" }, false},
		{"text for a number", func(d map[string]any) { d["coverage"].(map[string]any)["lines"] = "19" }, false},
		{"another schema", func(d map[string]any) { d["schema"] = "wolfdiag/report/v2" }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(root, "testdata", "golden", "guide.json"))
			if err != nil {
				t.Fatal(err)
			}
			doc := decoded(t, text).(map[string]any)
			tc.change(doc)
			if err := s.Validate(doc); (err == nil) != tc.ok {
				t.Errorf("valid: %v, want %v: %v", err == nil, tc.ok, err)
			}
		})
	}
}

// decoded is a document as the validator wants it.
func decoded(t *testing.T, text []byte) any {
	t.Helper()
	doc, err := validate.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// compiled checks a schema against the one of JSON Schema itself (draft 2020-12).
func compiled(t *testing.T, name string, schema []byte) *validate.Schema {
	t.Helper()
	c := validate.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, decoded(t, schema)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// schemaOf is the JSON Schema of a Go type. Keys may be added within a version,
// so that the published schema allows those it does not know; the closed one is
// for our own documents.
func schemaOf(t *testing.T, root string, of any, id, title string, open bool) []byte {
	t.Helper()
	g := &generator{t: t, root: root}
	r := &jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: open, ExpandedStruct: true, Mapper: g.mapped}
	seen := map[string]bool{}
	for _, pkg := range packagesOf(reflect.TypeOf(of), nil) {
		if dir := g.folder(pkg); !seen[dir] {
			seen[dir] = true
			if err := r.AddGoComments("wolfdiag/cmd/wolfdiag", dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := r.ReflectFromType(reflect.TypeOf(of))
	s.Title = id + ": " + title
	key, ok := s.Properties.Get("schema")
	if !ok {
		t.Fatalf("%T has no key schema", of)
	}
	key.Const = id
	for _, typ := range g.structs {
		props := s.Properties
		if typ != reflect.TypeOf(of) {
			props = s.Definitions[typ.Name()].Properties
		}
		for i := range typ.NumField() {
			name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if typ.Field(i).Type.Kind() != reflect.Pointer || strings.Contains(options, "omit") {
				continue
			}
			p, ok := props.Get(name)
			if !ok {
				t.Fatalf("%s has no key %s", typ, name)
			}
			about := p.Description
			p.Description = ""
			props.Set(name, &jsonschema.Schema{Description: about, AnyOf: []*jsonschema.Schema{p, {Type: "null"}}})
		}
	}
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// generator finds what a schema needs besides the types themselves.
type generator struct {
	t       *testing.T
	root    string
	structs []reflect.Type // of the project, each once
}

// folder is where a package of the project lies, relative to this one: the
// library reads import paths off it.
func (g *generator) folder(pkg string) string {
	return filepath.Join("..", "..", filepath.FromSlash(strings.TrimPrefix(pkg, "wolfdiag/")))
}

// mapped remembers structs, and gives a named string type the values that its
// constants have.
func (g *generator) mapped(typ reflect.Type) *jsonschema.Schema {
	if !strings.HasPrefix(typ.PkgPath(), "wolfdiag/") {
		return nil
	}
	switch typ.Kind() {
	case reflect.Struct:
		if !slices.Contains(g.structs, typ) {
			g.structs = append(g.structs, typ)
		}
	case reflect.String:
		s := &jsonschema.Schema{Type: "string"}
		for _, v := range g.values(typ) {
			s.Enum = append(s.Enum, v)
		}
		return s
	}
	return nil
}

// values are those of the typed constants, in the order of the source.
func (g *generator) values(typ reflect.Type) []string {
	g.t.Helper()
	files, err := filepath.Glob(filepath.Join(g.root, filepath.FromSlash(strings.TrimPrefix(typ.PkgPath(), "wolfdiag/")), "*.go"))
	if err != nil {
		g.t.Fatal(err)
	}
	var out []string
	for _, file := range files {
		out = append(out, constants(g.t, file, typ.Name())...)
	}
	if len(out) == 0 {
		g.t.Fatalf("%s has no constants", typ)
	}
	return out
}

// packagesOf lists the project's packages that a type is made of, each once.
func packagesOf(typ reflect.Type, seen []reflect.Type) []string {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if !strings.HasPrefix(typ.PkgPath(), "wolfdiag/") || slices.Contains(seen, typ) {
		return nil
	}
	out := []string{typ.PkgPath()}
	if typ.Kind() == reflect.Struct {
		seen = append(seen, typ)
		for i := range typ.NumField() {
			for _, pkg := range packagesOf(typ.Field(i).Type, seen) {
				if !slices.Contains(out, pkg) {
					out = append(out, pkg)
				}
			}
		}
	}
	return out
}
