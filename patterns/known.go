package patterns

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Known is an entry of an operator's own list of what is harmless in one
// deployment: what, why, and until when. Exactly one of Pattern, Template and
// Text is set.
type Known struct {
	Pattern  string    // id of a cause or symptom pattern
	Template string    // as a report lists it: <n>, <path> and <*> stand for what varies
	Text     string    // a message; its numbers do not matter
	Service  string    // whose; "" for anybody's
	Why      string    // never empty
	Until    time.Time // the first moment at which it no longer applies; zero: for good
	File     string
	Line     int // of its [[known]]
}

// What is the pattern, template or text, whichever is set.
func (k *Known) What() string { return k.Pattern + k.Template + k.Text }

// By says which of the three is set: pattern, template or text.
func (k *Known) By() string {
	switch {
	case k.Pattern != "":
		return "pattern"
	case k.Template != "":
		return "template"
	}
	return "text"
}

// Expired reports whether the entry no longer applies at a time.
func (k *Known) Expired(now time.Time) bool { return !k.Until.IsZero() && !now.Before(k.Until) }

// Place is where the entry stands, "known.toml:7".
func (k *Known) Place() string { return fmt.Sprintf("%s:%d", k.File, k.Line) }

// maxKnown bounds the entries of one list: a list longer than this hides a
// deployment rather than describing it.
const maxKnown = 1000

// LoadKnown reads [[known]] tables:
//
//	[[known]]
//	text = "Sensor bus 3 refused"   # or pattern = "id", or template = "Sensor bus <n> refused"
//	service = "app-1"               # optional
//	why = "the fan has no sensor on this board"
//	until = 2027-01-31              # optional: the last day on which it holds, in UTC
//
// All that is wrong is reported at once, as Problems with file and line; then
// there are no entries. Entries are in the order of the file.
func LoadKnown(f UserFile, cat *Catalogue) ([]Known, error) {
	root, problems := readTOML(f.Name, f.Data)
	r := knownReader{file: f.Name, cat: cat, problems: problems, seen: map[Known]int{}}
	for _, top := range root.fields {
		if top.key != "known" || top.val.kind != kindArray {
			r.problem(top.line, top.key, "want [[known]] tables and nothing else")
			continue
		}
		for _, n := range top.val.items {
			r.entry(n)
		}
	}
	if len(r.list) > maxKnown {
		r.problem(r.list[maxKnown].Line, "", fmt.Sprintf("more than %d entries", maxKnown))
	}
	if len(r.problems) > 0 {
		return nil, errors.Join(r.problems...)
	}
	return r.list, nil
}

// knownReader turns tables into entries and collects what is wrong.
type knownReader struct {
	file     string
	cat      *Catalogue
	list     []Known
	seen     map[Known]int // entries but for their reason and end → line
	problems []error
}

func (r *knownReader) problem(line int, field, msg string) {
	r.problems = append(r.problems, &Problem{File: r.file, Line: line, ID: "known", Field: field, Msg: msg})
}

func (r *knownReader) entry(n *node) {
	if n.kind != kindTable {
		r.problem(n.line, "", "is "+n.kind.String()+", want a [[known]] table")
		return
	}
	before := len(r.problems)
	k := Known{File: r.file, Line: n.line}
	for _, f := range n.fields {
		switch f.key {
		case "pattern":
			k.Pattern = r.text(f)
		case "template":
			k.Template = r.text(f)
		case "text":
			k.Text = r.text(f)
		case "service":
			k.Service = r.text(f)
		case "why":
			k.Why = r.text(f)
		case "until":
			k.Until = r.until(f)
		default:
			r.problem(f.line, f.key, "unknown key: want pattern, template or text, and why, service, until")
		}
	}
	if len(r.problems) > before {
		return
	}
	r.validate(&k)
	same := Known{Pattern: k.Pattern, Template: k.Template, Text: k.Text, Service: k.Service}
	if line, ok := r.seen[same]; ok {
		r.problem(n.line, "", fmt.Sprintf("the same as the entry on line %d", line))
	}
	r.seen[same] = n.line
	r.list = append(r.list, k)
}

func (r *knownReader) validate(k *Known) {
	set := 0
	for _, s := range []string{k.Pattern, k.Template, k.Text} {
		if s != "" {
			set++
		}
	}
	switch {
	case set != 1:
		r.problem(k.Line, "", "want one of pattern, template and text")
	case k.Why == "":
		r.problem(k.Line, "why", "is missing: say why it is harmless here, for whoever reads the report")
	case k.Template != "" && !strings.ContainsFunc(stripped(k.Template), wordLetter):
		r.problem(k.Line, "template", "stands for every message: want words in it")
	case k.Text != "" && !strings.ContainsFunc(k.Text, wordLetter):
		r.problem(k.Line, "text", "has no words: want a message as it is logged")
	case k.Pattern != "":
		if p := r.cat.Pattern(k.Pattern); p == nil {
			r.problem(k.Line, "pattern", fmt.Sprintf("%q is no pattern (wolfdiag patterns list shows them)", k.Pattern))
		} else if p.Role != RoleCause && p.Role != RoleSymptom {
			r.problem(k.Line, "pattern", fmt.Sprintf("%q is %s: it is no complaint as it is", k.Pattern, p.Role))
		}
	}
}

// stripped is a template without its stand-ins.
func stripped(template string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "<")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, after, closed := strings.Cut(rest, ">")
		if !closed {
			return b.String() + rest
		}
		template = after
	}
}

func wordLetter(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= 0x80 }

func (r *knownReader) text(f field) string {
	switch {
	case f.val.kind != kindString:
		r.problem(f.line, f.key, "is "+f.val.kind.String()+", want a string")
	case strings.TrimSpace(f.val.text) == "":
		r.problem(f.line, f.key, "is empty")
	}
	return strings.TrimSpace(f.val.text)
}

// until reads the last day on which an entry holds.
func (r *knownReader) until(f field) time.Time {
	day, err := ParseDay(f.val.text)
	if err != nil || f.val.kind != kindString && f.val.kind != kindOther {
		r.problem(f.line, f.key, "want a day such as 2027-01-31")
		return time.Time{}
	}
	return day.AddDate(0, 0, 1)
}

// ParseDay reads a day such as 2027-01-31; the result is its beginning in UTC.
func ParseDay(s string) (time.Time, error) { return time.Parse(time.DateOnly, s) }
