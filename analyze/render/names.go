package render

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"wolfdiag/analyze/report"
	"wolfdiag/internal/lazyregexp"
)

// names shortens what a report calls its inputs: with one log the line says it
// all, with several the folder they share is left out.
type names struct {
	only  string   // the one log that was read; "" when there are several
	all   []string // names of all inputs, the longest first
	trunk string   // the folder in front of every name
}

func namesOf(r *report.Report) names {
	var n names
	logs := 0
	for _, in := range r.Inputs {
		n.all = append(n.all, in.Name)
		if in.Kind != "snapshot" {
			logs++
			n.only = in.Name
		}
	}
	if logs != 1 {
		n.only = ""
	}
	n.trunk = trunk(n.all)
	sort.SliceStable(n.all, func(i, j int) bool { return len(n.all[i]) > len(n.all[j]) })
	return n
}

// trunk is the folder all names start with, with its slash; "" for less than
// two names.
func trunk(list []string) string {
	if len(list) < 2 {
		return ""
	}
	t := list[0]
	for _, s := range list {
		for t != "" && !strings.HasPrefix(s, t) {
			t = t[:len(t)-1]
		}
	}
	return t[:strings.LastIndexByte(t, '/')+1]
}

func (n names) short(name string) string {
	if name == "-" {
		return "standard input"
	}
	return clean(strings.TrimPrefix(name, n.trunk))
}

// at says where a record stands: "line 14", or "wolf.log:14" with several logs.
// A fact of a snapshot stands in a file as a whole.
func (n names) at(w report.Where) string {
	switch {
	case w.Line == 0:
		return n.short(w.Input)
	case n.only != "" && w.Input == n.only, w.Input == "-" && len(n.all) < 2:
		return fmt.Sprintf("line %d", w.Line)
	}
	return fmt.Sprintf("%s:%d", n.short(w.Input), w.Line)
}

// subject splits a note about an input, such as "wolf.log (wolf-1): local times
// are …" or "wolf.log has …", into what it is about and what it says. ok is
// false for a note about something else.
func (n names) subject(note string) (input, service, say string, ok bool) {
	for _, name := range n.all {
		rest, found := strings.CutPrefix(note, name)
		if !found || name == "" {
			continue
		}
		if inner, after, has := strings.Cut(rest, ")"); has && strings.HasPrefix(inner, " (") {
			service, rest = inner[2:], after
		}
		switch {
		case strings.HasPrefix(rest, ": "):
			return name, service, rest[2:], true
		case strings.HasPrefix(rest, " "):
			return name, service, "the log" + rest, true
		}
	}
	return "", "", note, false
}

// folded is one note with the inputs it holds for.
type folded struct {
	say     string
	about   []string // inputs, shortened; empty when the note names none
	similar int      // notes of this kind beside the first
	differs bool     // in figures
}

// fold puts together notes that say the same of several inputs, and those that
// differ in their figures only.
func (n names) fold(notes []string) []string {
	services := map[string]bool{}
	for _, note := range notes {
		if _, service, _, ok := n.subject(note); ok {
			services[service] = true
		}
	}
	var list []*folded
	known := map[string]*folded{}
	for _, note := range notes {
		input, service, say, ok := n.subject(note)
		about := ""
		if ok && input != n.only {
			about = n.short(input)
		}
		if ok && service != "" && len(services) > 1 {
			about = strings.TrimSpace(about + " (" + service + ")")
			if input == n.only {
				about = service
			}
		}
		shape := say
		if len(notes) > 1 {
			shape = maskFigures(say)
		}
		f := known[shape]
		if f == nil {
			f = &folded{say: say}
			known[shape] = f
			list = append(list, f)
		} else {
			f.similar++
			f.differs = f.differs || f.say != say
		}
		if about != "" && !slices.Contains(f.about, about) {
			f.about = append(f.about, about)
		}
	}
	out := make([]string, 0, len(list))
	for _, f := range list {
		out = append(out, f.String())
	}
	return out
}

const maxSubjects = 4

func (f *folded) String() string {
	switch {
	case len(f.about) == 0 && !f.differs:
		return f.say
	case len(f.about) == 0:
		return fmt.Sprintf("%s (and %d more like this)", f.say, f.similar)
	}
	about := f.about
	if len(about) > maxSubjects {
		about = append(append([]string{}, about[:maxSubjects-1]...), fmt.Sprintf("%d more", len(f.about)-maxSubjects+1))
	}
	s := strings.Join(about, ", ") + ": " + f.say
	if f.differs {
		s += " (figures of the first)"
	}
	return s
}

// figures are the numbers in which notes of one kind differ: durations, lines,
// lifetimes and counts. A date or a zone is no such number.
var figures = lazyregexp.NewIf(func(s string) bool { return strings.ContainsAny(s, "0123456789") }, `\b(?:\d+(?:\.\d+)?(?:ns|µs|ms|h|m|s))+\b|\b(?:lifetime|line) \d+|\b\d+ times\b`)

func maskFigures(s string) string { return figures.ReplaceAllString(s, "#") }
