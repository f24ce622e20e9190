package render

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"strings"
	"time"

	"wolfdiag/analyze/report"
)

// PageMark stands in the first 200 bytes of every page.
const PageMark = `<meta name="generator" content="wolfdiag">`

// What all pages share: the head, the looks and the policy.
var (
	//go:embed page.html.tmpl
	pageShared string
	//go:embed picture.html.tmpl
	pagePicture string
	//go:embed page.css
	pageStyle string
)

// pagePolicy lets a page show itself and nothing else: no script, no request, no
// style but its own (Content Security Policy Level 3).
func pagePolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", base64.StdEncoding.EncodeToString(sum[:]))
}

// pageTemplate parses a page together with what all pages share. html/template
// escapes every value for its place, so that log text cannot become markup, style
// or script.
func pageTemplate(name, text string, funcs template.FuncMap) (*template.Template, error) {
	all := template.FuncMap{
		"policy": pagePolicy, "style": func() template.CSS { return template.CSS(pageStyle) },
		"clean": clean, "span": span, "upper": upperFirst, "count": report.Count, "unbroken": unbroken,
		"stamp":  func(t *time.Time) string { return stamp(t) },
		"width":  func(p float64) int { return int(100*p + 0.5) },
		"masked": func() string { return maskedRemark },
	}
	maps.Copy(all, funcs)
	t, err := template.New(name).Funcs(all).Parse(pageShared + pagePicture)
	if err != nil {
		return nil, err
	}
	return t.Parse(text)
}

// unbroken keeps a percent sign on the line of its number.
func unbroken(s string) string { return strings.ReplaceAll(s, " %", "\u00a0%") }
