package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"wolfdiag/analyze/report"
)

// contract lists the keys that the JSON form must have, by path; [] steps into
// the elements of a list. What stands behind a colon is the wanted type:
// s(tring), n(umber), l(ist), o(bject), t(ime or null), x (anything).
var contract = []string{
	"schema:s", "tool:o", "tool.name:s", "tool.version:s", "tool.catalogue:s", "verdict:s",
	"inputs:l", "inputs[].name:s", "inputs[].kind:s", "inputs[].format:s", "inputs[].lines:n", "inputs[].bytes:n", "inputs[].warnings:l",
	"period:o", "period.from:t", "period.to:t",
	"coverage:o", "coverage.lines:n", "coverage.error_lines:n", "coverage.explained:n", "coverage.benign:n", "coverage.unexplained:n",
	"causes:l", "causes[].rank:n", "causes[].id:s", "causes[].title:s", "causes[].probability:n", "causes[].summary:s",
	"causes[].first_seen:t", "causes[].last_seen:t", "causes[].occurrences:n",
	"causes[].evidence:l", "causes[].evidence[].pattern:s", "causes[].evidence[].count:n", "causes[].evidence[].weight:n",
	"causes[].evidence[].first:o", "causes[].evidence[].first.input:s", "causes[].evidence[].first.line:n", "causes[].evidence[].first.time:t",
	"causes[].evidence[].first.text:s", "causes[].evidence[].last:o",
	"causes[].explains:l", "causes[].explains[].pattern:s", "causes[].explains[].count:n",
	"causes[].rivals:l", "causes[].rivals[].id:s", "causes[].rivals[].probability:n", "causes[].rivals[].settle:s",
	"causes[].affected:o", "causes[].affected.services:l", "causes[].affected.sessions:l", "causes[].affected.elements:l",
	"causes[].confirm:l", "causes[].confirm[].command:s", "causes[].confirm[].expect:s", "causes[].workaround:l", "causes[].fixes:l",
	"lifetimes:l", "lifetimes[].start:t", "lifetimes[].end:t", "lifetimes[].end_kind:s", "lifetimes[].exit_code:x", "lifetimes[].sessions:x",
	"lifetimes[].counted_by:s", "lifetimes[].failures:n", "lifetimes[].first_failure_session:x",
	"leak:o", "leak.verdict:s", "leak.p_value:x", "leak.why:s",
	"crashes:l", "crashes[].cluster:s", "crashes[].signature:s", "crashes[].count:n", "crashes[].first:t", "crashes[].last:t", "crashes[].files:l",
	"unexplained:l", "unexplained[].template:s", "unexplained[].level:s", "unexplained[].component:s", "unexplained[].count:n", "unexplained[].first:o",
	"unexplained[].first.line:n", "unexplained[].first.text:s",
	"patterns:l", "patterns[].id:s", "patterns[].role:s", "patterns[].count:n", "patterns[].first:o", "patterns[].last:o",
}

// checkContract holds the JSON form against the contract and returns it
// decoded.
func checkContract(t *testing.T, raw string) *report.Report {
	t.Helper()
	var tree any
	if err := json.Unmarshal([]byte(raw), &tree); err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	for _, want := range contract {
		path, kind, _ := strings.Cut(want, ":")
		checkPath(t, tree, strings.Split(strings.ReplaceAll(path, "[]", ".[]"), "."), path, kind)
	}
	checkClean(t, tree)
	r := &report.Report{}
	if err := json.Unmarshal([]byte(raw), r); err != nil {
		t.Fatalf("does not fit report.Report: %v", err)
	}
	if r.Schema != "wolfdiag/report/v1" {
		t.Errorf("schema %q", r.Schema)
	}
	if c := r.Coverage; c.Explained+c.Benign+c.Unexplained != c.ErrorLines || c.ErrorLines > c.Lines && len(r.Inputs) > 0 && c.Lines > 0 {
		t.Errorf("coverage does not add up: %+v", c)
	}
	checkVerdict(t, r)
	return r
}

func checkVerdict(t *testing.T, r *report.Report) {
	t.Helper()
	loud := slices.ContainsFunc(r.Unexplained, func(u report.Template) bool {
		return slices.Contains([]string{"error", "critical", "fatal", "panic"}, u.Level)
	})
	var want []report.Verdict
	switch {
	case len(r.Causes) > 0 && r.Causes[0].Probability >= 0.5:
		want = []report.Verdict{report.CauseFound}
	case len(r.Causes) > 0:
		want = []report.Verdict{report.PossibleCause}
	case loud:
		want = []report.Verdict{report.UnexplainedErrors}
	case len(r.Unexplained) > 0:
		want = []report.Verdict{report.UnexplainedErrors, report.NothingKnown}
	default:
		want = []report.Verdict{report.UnexplainedErrors, report.NothingKnown, report.NoData, report.Healthy}
	}
	if !slices.Contains(want, r.Verdict) {
		t.Errorf("verdict %q, want one of %q for %d causes and unexplained %v", r.Verdict, want, len(r.Causes), r.Unexplained)
	}
	if !slices.Contains([]string{"likely", "unlikely", "insufficient-data"}, r.Leak.Verdict) {
		t.Errorf("leak verdict %q", r.Leak.Verdict)
	}
	for i, c := range r.Causes {
		if c.Rank != i+1 {
			t.Errorf("cause %d has rank %d", i+1, c.Rank)
		}
		if c.Probability <= 0 || c.Probability > 1 {
			t.Errorf("cause %s has probability %v", c.ID, c.Probability)
		}
		settled := len(c.Confirm) > 0 || c.Probability < 0.25 && r.Setup.Vendor != "" // a rival on hardware that is not there has no command
		if len(c.Evidence) == 0 || len(c.Fixes) == 0 || !settled || c.Occurrences == 0 {
			t.Errorf("cause %s lacks evidence, confirmation, fixes or occurrences: %+v", c.ID, c)
		}
	}
	if len(r.Causes) > 0 && r.Causes[0].Probability < 0.25 {
		t.Errorf("the first cause has probability %v: nothing to act on", r.Causes[0].Probability)
	}
}

// checkPath follows one path of the contract through a decoded document.
func checkPath(t *testing.T, v any, path []string, full, kind string) {
	t.Helper()
	if len(path) == 0 {
		checkType(t, v, full, kind)
		return
	}
	if path[0] == "[]" {
		list, ok := v.([]any)
		if !ok {
			t.Errorf("%s: %T where a list is wanted", full, v)
			return
		}
		for _, x := range list {
			checkPath(t, x, path[1:], full, kind)
		}
		return
	}
	m, ok := v.(map[string]any)
	if !ok {
		t.Errorf("%s: %T where an object is wanted", full, v)
		return
	}
	x, ok := m[path[0]]
	if !ok {
		t.Errorf("%s: key %q is missing", full, path[0])
		return
	}
	checkPath(t, x, path[1:], full, kind)
}

func checkType(t *testing.T, v any, full, kind string) {
	t.Helper()
	ok := true
	switch kind {
	case "s":
		_, ok = v.(string)
	case "n":
		_, ok = v.(float64)
	case "l":
		_, ok = v.([]any)
	case "o":
		_, ok = v.(map[string]any)
	case "t":
		if v == nil {
			return
		}
		var s string
		if s, ok = v.(string); ok {
			at, err := time.Parse(time.RFC3339Nano, s)
			ok = err == nil && strings.HasSuffix(s, "Z") && at.Year() > 1990
		}
	}
	if !ok {
		t.Errorf("%s: %#v is not of kind %q", full, v, kind)
	}
}

// checkClean finds control bytes and escapes in every string.
func checkClean(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case string:
		for _, r := range v {
			if unicode.IsControl(r) && r != '\n' {
				t.Errorf("control character %U in %q", r, v)
				return
			}
		}
	case []any:
		for _, x := range v {
			checkClean(t, x)
		}
	case map[string]any:
		for _, x := range v {
			checkClean(t, x)
		}
	}
}

// checkPlaces follows every reference to a line into the input file and looks
// for the quoted text there.
func checkPlaces(t *testing.T, dir string, r *report.Report) {
	t.Helper()
	files := map[string][]string{}
	for _, in := range r.Inputs {
		data, err := os.ReadFile(filepath.Join(dir, in.Name))
		if err != nil {
			t.Fatal(err)
		}
		files[in.Name] = strings.Split(string(data), "\n")
	}
	checked := 0
	look := func(what string, w report.Where) {
		if w.Line == 0 { // a fact of the timeline stands nowhere
			return
		}
		lines := files[w.Input]
		if int(w.Line) > len(lines) {
			t.Errorf("%s: %s has no line %d", what, w.Input, w.Line)
			return
		}
		for _, in := range r.Inputs {
			if in.Name == w.Input && in.Kind == "snapshot" {
				return // facts are worded, not quoted
			}
		}
		want := letters(w.Text)
		if want = want[:min(len(want), 40)]; !strings.Contains(letters(unwrap(lines[w.Line-1])+unwrap(strings.Join(lines[w.Line:min(int(w.Line)+2, len(lines))], ""))), want) {
			t.Errorf("%s: line %d of %s is %q, not %q", what, w.Line, w.Input, lines[w.Line-1], w.Text)
		}
		checked++
	}
	for _, c := range r.Causes {
		for _, e := range c.Evidence {
			look(c.ID+"/"+e.Pattern+" first", e.First)
			look(c.ID+"/"+e.Pattern+" last", e.Last)
		}
	}
	for _, p := range r.Patterns {
		look(p.ID+" first", p.First)
		look(p.ID+" last", p.Last)
	}
	for _, u := range r.Unexplained {
		look(u.Template, u.First)
	}
	if checked == 0 {
		t.Error("no reference to a line was checked")
	}
}

// unwrap takes a JSON line of Docker or journald apart.
func unwrap(line string) string {
	var m map[string]any
	if json.Unmarshal([]byte(line), &m) != nil {
		return line
	}
	for _, k := range []string{"log", "MESSAGE"} {
		if s, ok := m[k].(string); ok {
			return s
		}
	}
	return line
}

// letters drops everything but letters and digits: colours, prefixes and joined
// lines then no longer matter.
func letters(s string) string {
	return string(bytes.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, []byte(stripColour(s))))
}

func stripColour(s string) string {
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return s
		}
		j := strings.IndexFunc(s[i+2:], func(r rune) bool { return r >= 0x40 })
		if j < 0 {
			return s[:i]
		}
		s = s[:i] + s[i+2+j+1:]
	}
}
