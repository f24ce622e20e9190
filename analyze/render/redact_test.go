package render

import (
	"bytes"
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/redact"
	"wolfdiag/analyze/redact/redacttest"
	"wolfdiag/analyze/report"
	"wolfdiag/patterns"
)

// TestRedactReport checks that a value has one stand-in wherever it occurs, and
// that the original is left alone.
func TestRedactReport(t *testing.T) {
	t.Parallel()
	const client, session = "139.28.87.179", "16509540347718230936"
	rep := &report.Report{
		Summary: "client " + client,
		Inputs:  []report.Input{{Name: "/home/robin/wolf.log"}},
		Causes: []report.Cause{{
			Affected: report.Affected{Sessions: []string{session}},
			Evidence: []report.Evidence{{First: report.Where{Input: "/home/robin/wolf.log", Line: 7, Text: "session " + session + " of " + client}}},
		}},
	}
	got := redacted(redact.New(), rep)
	if rep.Summary != "client "+client {
		t.Errorf("the original was changed: %q", rep.Summary)
	}
	if got.Summary != "client ip-1" && got.Summary != "client ip-2" {
		t.Errorf("summary = %q", got.Summary)
	}
	alias := strings.TrimPrefix(got.Summary, "client ")
	want := []string{"/home/user-1/wolf.log", "/home/user-1/wolf.log", "session-1", "session session-1 of " + alias}
	e := got.Causes[0].Evidence[0].First
	if d := cmp.Diff(want, []string{got.Inputs[0].Name, e.Input, got.Causes[0].Affected.Sessions[0], e.Text}); d != "" {
		t.Errorf("masked report (-want +got):\n%s", d)
	}
}

// TestRedactAllFormats plants 500 secrets in 60 lines each and prints them as
// evidence in every format: none is left in any.
func TestRedactAllFormats(t *testing.T) {
	t.Parallel()
	contexts := redacttest.Contexts()
	if testing.Short() {
		contexts = contexts[26:32]
	}
	secrets := redacttest.Secrets(2)
	for _, c := range contexts {
		rep := &report.Report{Verdict: report.CauseFound}
		var lines, written []string
		var planted []redacttest.Secret
		for _, s := range secrets {
			if !c.Fits(s) {
				continue
			}
			line, w := c.Plant(s.Value)
			rep.Unexplained = append(rep.Unexplained, report.Template{Template: line, Level: "error", Count: 1, First: report.Where{Input: "wolf.log", Line: int64(len(lines) + 1), Text: line}})
			lines, written, planted = append(lines, line), append(written, w), append(planted, s)
		}
		for _, f := range Formats() {
			var b bytes.Buffer
			if err := Report(&b, rep, f, Options{Width: 1000, All: true, Redact: true}); err != nil {
				t.Fatal(err)
			}
			out := b.String()
			if f == HTML {
				out = html.UnescapeString(out)
			}
			for i, s := range planted {
				if strings.Contains(out, written[i]) || strings.Contains(out, s.Value) {
					t.Errorf("%s: %s is left: %q of %q", f, s.Family, s.Value, lines[i])
				}
			}
			if f != JSON && len(out) < len(lines) {
				t.Errorf("%s: only %d bytes for %d lines", f, len(out), len(lines))
			}
		}
	}
}

// TestRedactLeavesTheCatalogue: commands and advice are the same in a shared
// report; no rule takes a piece of them for somebody's name or secret.
func TestRedactLeavesTheCatalogue(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	r := redact.New()
	keep := func(where string, texts ...string) {
		for _, s := range texts {
			if got := r.Text(s); got != s {
				t.Errorf("%s: masked without need (-want +got):\n%s", where, cmp.Diff(s, got))
			}
		}
	}
	for _, p := range cat.Patterns() {
		keep(p.ID, p.ID, p.Title, p.Why, p.Unless)
	}
	for _, c := range cat.Causes() {
		keep(c.ID, c.ID, c.Title, c.Explanation)
		keep(c.ID, c.Workaround...)
		keep(c.ID, c.Fixes...)
		for _, k := range c.Confirm {
			keep(c.ID, k.Command, k.Expect)
		}
		for _, v := range c.Rivals {
			keep(c.ID, v.Why, v.Settle)
		}
	}
}
