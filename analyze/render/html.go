package render

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"wolfdiag/analyze/picture"
	"wolfdiag/analyze/report"
)

//go:embed report.html.tmpl
var reportHTML string

// htmlTemplate is parsed on first use. html/template escapes every value for
// its place, so log text cannot become markup or script.
var htmlTemplate = sync.OnceValues(func() (*template.Template, error) {
	return pageTemplate("report", reportHTML, template.FuncMap{
		"episodes": episodes, "leak": leakSentence, "times": times, "accounts": accounts, "verdict": report.Verdict.Words, "restart": restart, "life": lifeRow,
		"percent": func(p float64) string { return unbroken(report.Percent(p)) },
		"weight":  func(w float64) string { return fmt.Sprintf("%+.1f", w) },
		"command": func(s string) string {
			cmd, _ := commandOf(s)
			return clean(cmd)
		},
		"words":  func(s string) string { return strings.ReplaceAll(clean(s), "-", " ") },
		"join":   func(list []string) string { return clean(strings.Join(list, "; ")) },
		"newest": newest, "until": untilWords,
	})
})

// htmlPage is what the template sees.
type htmlPage struct {
	*report.Report
	names   names
	opening opening
	Shared  []string // said of every snapshot
	Folded  []string // notes
	Reload  int      // seconds after which the page asks for itself again; 0: never
	Written string   // when, "" when it is not to be said
	Picture *drawing // nil when nothing has a time
	All     bool
}

// At says where a record stands.
func (p *htmlPage) At(w report.Where) string {
	if w.Line == 0 && w.Input == p.names.only {
		return ""
	}
	return p.names.at(w)
}

// Short is the name of an input.
func (p *htmlPage) Short(name string) string { return p.names.short(name) }

// Seen are the entries of the operator's own list that occur.
func (p *htmlPage) Seen() []report.KnownHere { return seen(p.Report) }

// Reasons are what speaks most for the first cause.
func (p *htmlPage) Reasons() []string { return p.opening.because() }

// First is the command to run first, nil without one.
func (p *htmlPage) First() *report.Decision { return p.opening.run }

// Means is what the output of that command means, a clause each.
func (p *htmlPage) Means() []string { return p.opening.means }

// Decides reports whether a command is the one to run first.
func (p *htmlPage) Decides(command string) bool {
	return command != "" && p.Decide != nil && p.Decide.Command == command
}

// sessionTable is the table of sessions.
type sessionTable struct {
	Words  string // how many of which outcome
	Header []string
	Rows   [][]string
	Left   int // not shown
}

// Players are the sessions, nil without one.
func (p *htmlPage) Players() *sessionTable {
	if len(p.Sessions) == 0 {
		return nil
	}
	shown, left := shownSessions(p.Sessions, p.All)
	rows := make([][]string, len(shown))
	for i := range shown {
		rows[i] = sessionRow(&shown[i])
	}
	t := &sessionTable{Words: sessionWords(p.Sessions), Left: left}
	t.Header, t.Rows = withoutEmpty(sessionHeader, rows)
	return t
}

// Look are the lines around the complaint to look at first where no cause was
// found.
func (p *htmlPage) Look() []string { return p.opening.lines() }

// Bears is what a fact bears on, without what is said of all of them.
func (p *htmlPage) Bears(f report.Fact) string { return clean(without(f.Bears, p.Shared)) }

// writeHTML writes one self-contained page: no script, nothing loaded from
// anywhere. The report has been redacted by Report.
func writeHTML(w io.Writer, r *report.Report, o Options) error {
	t, err := htmlTemplate()
	if err != nil {
		return fmt.Errorf("parse the built-in page: %w", err)
	}
	n := namesOf(r)
	page := &htmlPage{Report: r, names: n, opening: openingOf(r, n), Shared: sharedClauses(r.Facts), Folded: append(n.fold(r.Notes), n.fold(r.Clocks)...), All: o.All, Picture: drawn(picture.Of(r))}
	page.Reload = int(o.Reload.Seconds())
	if !o.Written.IsZero() {
		page.Written = second(o.Written)
	}
	if err := t.Execute(w, page); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}
