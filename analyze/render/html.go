package render

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"time"

	"wolfdiag/analyze/report"
)

//go:embed report.html.tmpl
var reportHTML string

// htmlTemplate is parsed on first use. html/template escapes every value for
// its place, so log text cannot become markup or script.
var htmlTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("report").Funcs(template.FuncMap{
		"count": count, "clean": clean, "place": func(w report.Where) string { return names{}.at(w) }, "span": span, "episodes": episodes, "number": number, "leak": leakWord,
		"percent":   percent,
		"weight":    func(w float64) string { return fmt.Sprintf("%+.1f", w) },
		"stamp":     func(t *time.Time) string { return orUnknown(stamp(t)) },
		"width":     func(p float64) int { return int(100*p + 0.5) },
		"command":   func(s string) string { c, _ := strings.CutPrefix(s, "$ "); return clean(c) },
		"isCommand": func(s string) bool { return strings.HasPrefix(s, "$ ") },
	}).Parse(reportHTML)
})

// writeHTML writes one self-contained page: no script, nothing loaded from
// anywhere. The report has been redacted by Report.
func writeHTML(w io.Writer, r *report.Report, o Options) error {
	t, err := htmlTemplate()
	if err != nil {
		return fmt.Errorf("parse the built-in page: %w", err)
	}
	if err := t.Execute(w, r); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}
