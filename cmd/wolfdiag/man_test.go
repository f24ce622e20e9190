package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// manualPage is what `wolfdiag man` prints.
func manualPage(t *testing.T, args ...string) string {
	t.Helper()
	e, out, errs := testEnv("")
	if code := run(context.Background(), append([]string{"wolfdiag", "man"}, args...), e); code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	return out.String()
}

// TestManualIsComplete: every command and every flag is in both forms of the
// manual, with the word that stands for its value.
func TestManualIsComplete(t *testing.T) {
	t.Parallel()
	page, markdown := manualPage(t), manualPage(t, "--markdown")
	e, _, _ := testEnv("")
	var walk func(above string, list []*cli.Command)
	walk = func(above string, list []*cli.Command) {
		for _, c := range list {
			name := above + " " + c.Name
			_, part, ok := strings.Cut(page, fmt.Sprintf(".SS \"%s", roffText(name)))
			if part, _, _ = strings.Cut(part, "\n.S"); !ok {
				t.Errorf("%q has no section", name)
			}
			if !strings.Contains(markdown, "### `"+name) {
				t.Errorf("%q has no section in Markdown", name)
			}
			for _, f := range c.VisibleFlags() {
				for _, n := range f.Names() {
					if want := `\fB` + roffText(dashed(n)) + `\fR`; !strings.Contains(part, want) && n != "help" && n != "h" {
						t.Errorf("the section of %q lacks %s", name, dashed(n))
					}
				}
			}
			walk(name, c.Subcommands)
		}
	}
	walk("wolfdiag", newApp(e).Commands)
	if strings.Contains(page, "`") {
		t.Error("a back quote of a usage is left in the page")
	}
}

// TestManualIsRoff: a line that starts with a dot or a quote is one of ours, and
// nothing but ASCII is left, so that the page reads well in any locale.
func TestManualIsRoff(t *testing.T) {
	t.Parallel()
	request := regexp.MustCompile(`^\.(?:TH|SH|SS|PP|TP|B|br|nf|fi)(?: |$)`)
	for i, l := range strings.Split(manualPage(t), "\n") {
		if strings.HasPrefix(l, "'") || strings.HasPrefix(l, ".") && !request.MatchString(l) {
			t.Errorf("line %d is no request: %q", i+1, l)
		}
		for _, c := range l {
			if c >= 0x80 {
				t.Errorf("line %d: %q", i+1, l)
				break
			}
		}
	}
	for _, tc := range [][2]string{
		{".hidden -x", `\&.hidden \-x`},
		{`a\b 'c' …`, `a\eb \(aqc\(aq ...`},
		{"one\n.two", "one\n\\&.two"},
	} {
		if got := roffText(tc[0]); got != tc[1] {
			t.Errorf("roffText(%q) = %q, want %q", tc[0], got, tc[1])
		}
	}
}
