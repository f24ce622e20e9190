package patterns

import (
	"cmp"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
)

// Grades of a Finding.
const (
	LintError   = "error"   // the pattern is slow or wrong: to be repaired
	LintWarning = "warning" // it can do harm
	LintInfo    = "info"    // worth a look
)

// Finding is one remark of Lint.
type Finding struct {
	Grade string // LintError, LintWarning, LintInfo
	Rule  string // short name of what was looked for: no-literal, too-broad, …
	ID    string // pattern or cause
	File  string
	Line  int
	Msg   string
}

type linter struct {
	c        *Catalogue
	findings []Finding
	evidence map[string]bool // patterns that are evidence of some cause
	folded   map[string]bool // patterns that some cause explains
}

// Lint looks for what is allowed and not good. The findings are ordered by
// grade, file and line. It compiles every regex.
func (c *Catalogue) Lint() []Finding {
	l := &linter{c: c, evidence: map[string]bool{}, folded: map[string]bool{}}
	for _, cause := range c.causes {
		for _, e := range cause.Evidence {
			l.evidence[e.Pattern] = true
		}
		for _, id := range cause.Explains {
			l.folded[id] = true
		}
	}
	m := c.Matcher()
	byRegex := map[string]*Pattern{}
	for _, p := range c.patterns {
		l.literals(p)
		l.size(p)
		l.texts(p)
		l.uses(p)
		l.breadth(m, p)
		key := strings.Join([]string{p.Regex, p.Where, p.Element, strings.Join(p.Formats, ",")}, "\x00")
		if first := byRegex[key]; first != nil {
			l.pattern(LintError, "duplicate-regex", p, "same regex and same place as %s", first.ID)
		} else {
			byRegex[key] = p
		}
	}
	for _, cause := range c.causes {
		l.cause(cause)
	}
	l.staleAlso(m)
	rank := []string{LintError, LintWarning, LintInfo}
	slices.SortStableFunc(l.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(rank, a.Grade), slices.Index(rank, b.Grade)),
			strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return l.findings
}

func (l *linter) pattern(grade, rule string, p *Pattern, format string, args ...any) {
	l.findings = append(l.findings, Finding{grade, rule, p.ID, p.File, p.Line, fmt.Sprintf(format, args...)})
}

// literals looks at what the scanner has to find for the pattern.
func (l *linter) literals(p *Pattern) {
	if len(p.literals) == 0 {
		l.pattern(LintError, "no-literal", p, "no literal of the regex is required, so every line has to be tried; every alternative needs one")
		return
	}
	for _, lit := range p.literals {
		switch {
		case len(lit) < shortLiteral:
			l.pattern(LintError, "short-literal", p, "%q has to be scanned for: %d bytes, want %d or better %d", lit, len(lit), shortLiteral, goodLiteral)
		case strings.Contains(healthyText(), lit):
			grade := LintWarning
			if p.Role == RoleBenign || p.Role == RoleLifecycle {
				grade = LintInfo // such patterns are about healthy lines
			}
			l.pattern(grade, "common-literal", p, "%q has to be scanned for and stands in ordinary healthy lines", lit)
		}
	}
}

// maxProgram is the number of instructions from which a regex costs more than
// some 100 µs to compile, as much as all else that a short log costs.
const maxProgram = 1500

// size looks at what the regex costs to compile.
func (l *linter) size(p *Pattern) {
	tree, err := syntax.Parse("(?m)"+p.Regex, syntax.Perl)
	if err != nil {
		return
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err == nil && len(prog.Inst) > maxProgram {
		l.pattern(LintWarning, "large-regex", p, "compiles to %d instructions, want at most %d: a bounded repeat such as {0,200} counts as often as it may repeat, where * counts once", len(prog.Inst), maxProgram)
	}
}

// texts looks for what a reader of the report and the next author need.
func (l *linter) texts(p *Pattern) {
	for _, f := range []struct{ name, text string }{{"why", p.Why}, {"source", p.Source}, {"title", p.Title}} {
		if f.text == "" {
			l.pattern(LintWarning, "missing-text", p, "no %s", f.name)
		}
	}
	if p.Severity == "" && (p.Role == RoleCause || p.Role == RoleSymptom) {
		l.pattern(LintWarning, "missing-severity", p, "no severity")
	}
	want := 1
	if !constant(p.Regex) {
		want = 2
	}
	if len(p.Samples) < want {
		l.pattern(LintWarning, "few-samples", p, "too few samples: %d of %d", len(p.Samples), want)
	}
	if len(p.NearMisses) == 0 {
		l.pattern(LintWarning, "no-near-miss", p, "no near miss")
	}
	if p.Role == RoleLifecycle && p.Event == "" {
		l.pattern(LintInfo, "no-event", p, "a lifecycle pattern without an event tells the timeline nothing")
	}
}

// constant reports whether a regex matches a few fixed texts only: no wildcard,
// no large class, no alternatives. An optional full stop is no variable part.
func constant(expr string) bool {
	tree, err := syntax.Parse("(?m)"+expr, syntax.Perl)
	return err == nil && constantTree(tree)
}

func constantTree(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpStar, syntax.OpPlus, syntax.OpRepeat, syntax.OpAlternate:
		return false
	case syntax.OpCharClass:
		return classStrings(re.Rune) != nil
	}
	return !slices.ContainsFunc(re.Sub, func(s *syntax.Regexp) bool { return !constantTree(s) })
}

// uses looks for patterns that no cause knows of.
func (l *linter) uses(p *Pattern) {
	switch {
	case p.Role == RoleCause && !l.evidence[p.ID]:
		l.pattern(LintWarning, "cause-without-use", p, "role cause, and no cause has it as evidence")
	case p.Role == RoleSymptom && !l.evidence[p.ID] && !l.folded[p.ID]:
		l.pattern(LintInfo, "symptom-without-use", p, "no cause explains it")
	case p.Role == RoleBenign && l.evidence[p.ID]:
		l.pattern(LintWarning, "benign-as-evidence", p, "benign patterns never raise a cause, and one has it as evidence")
	}
}

// breadth tries the pattern on healthy lines; only complaints must not match.
func (l *linter) breadth(m *Matcher, p *Pattern) {
	re := m.state(p.Index).re
	if re == nil || p.Role == RoleBenign || p.Role == RoleLifecycle {
		return
	}
	for _, line := range HealthyLines() {
		if re.MatchString(line) {
			l.pattern(LintError, "too-broad", p, "matches an ordinary healthy line: %q", line)
			return
		}
	}
}

func (l *linter) cause(c *Cause) {
	if len(c.Evidence) == 0 && c.ID != "unknown" && c.ID != "none" {
		l.findings = append(l.findings, Finding{LintError, "cause-no-evidence", c.ID, c.File, c.Line, "no pattern is evidence of it: it can never be found"})
	}
}

// staleAlso looks for declared overlaps that no sample shows.
func (l *linter) staleAlso(m *Matcher) {
	seen := map[[2]string]bool{}
	for _, p := range l.c.patterns {
		for _, s := range p.Samples {
			_, others := matchSample(m, p, s)
			for _, o := range others {
				seen[[2]string{p.ID, o.ID}] = true
				seen[[2]string{o.ID, p.ID}] = true
			}
		}
	}
	for _, p := range l.c.patterns {
		for _, id := range p.Also {
			if !seen[[2]string{p.ID, id}] {
				l.pattern(LintInfo, "stale-also", p, "names %s in also, and no sample of either is matched by both", id)
			}
		}
	}
}
