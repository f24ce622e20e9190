package patterns

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
)

// Explanation says what the catalogue makes of one message, for people who
// write patterns.
type Explanation struct {
	Matches    []ExplainedMatch // by id
	NearMisses []NearMiss       // by id: announced by a literal, and refused
	Literals   []string         // all literals the message contains, sorted
	English    string           // the message as patterns see it, when it is in another language; else ""
}

// ExplainedMatch is a pattern that matches, and by what.
type ExplainedMatch struct {
	Pattern  *Pattern
	Literals []string // of the pattern, found in the message
	Span     string   // the part of the message the regex covers
	Captures []Capture
	Decoded  string // what the capture "code" means; "" when nothing is known
}

// NearMiss is a pattern one of whose literals stands in the message, and that
// refuses it all the same.
type NearMiss struct {
	Pattern *Pattern
	Literal string
	Reason  string
}

// Explain tells which patterns match a message and why others that come close
// do not. It compiles the regexes involved anew.
func (c *Catalogue) Explain(s *Subject) Explanation {
	var e Explanation
	m := c.Matcher()
	if text := m.English(s.Text); !sameText(text, s.Text) {
		in := *s
		in.Text = text
		s, e.English = &in, string(text)
	}
	hits := m.scanner().Find(nil, s.Text)
	for _, h := range hits {
		e.Literals = append(e.Literals, string(m.table.literals[h]))
	}
	slices.Sort(e.Literals)
	var sc scratch
	for _, i := range m.Candidates(nil, hits) {
		p := m.patterns[i]
		var lits []string
		for _, l := range p.literals {
			if strings.Contains(string(s.Text), l) {
				lits = append(lits, l)
			}
		}
		if got := m.try(nil, int(i), s, &sc, true); len(got) > 0 {
			em := ExplainedMatch{Pattern: p, Literals: lits, Captures: got[0].Captures}
			if loc := m.state(int(i)).re.FindIndex(s.Text); loc != nil {
				em.Span = string(s.Text[loc[0]:loc[1]])
			}
			if p.Codes != "" {
				em.Decoded = c.Decode(p.Codes, string(got[0].Capture("code")))
			}
			e.Matches = append(e.Matches, em)
			continue
		}
		if len(lits) > 0 {
			e.NearMisses = append(e.NearMisses, NearMiss{p, lits[0], m.refusal(int(i), s, &sc)})
		}
	}
	return e
}

// refusal says why pattern i does not take a message.
func (m *Matcher) refusal(i int, s *Subject, sc *scratch) string {
	p, st := m.patterns[i], m.state(i)
	if st.re == nil {
		return "its regex does not compile"
	}
	if !st.re.Match(s.Text) {
		return regexRefusal(p.Regex, s.Text)
	}
	if st.formats != 0 && st.formats&formatBit(s.Format) == 0 {
		return fmt.Sprintf("format is %q, want %s", s.Format, strings.Join(p.Formats, " or "))
	}
	if st.element != nil && !st.element.Match(s.Element) {
		return fmt.Sprintf("element %q does not match element = '%s'", s.Element, p.Element)
	}
	if !st.placed(s, sc) {
		return fmt.Sprintf("neither component %q nor function %q nor both match where = '%s'", s.Component, s.Function, p.Where)
	}
	return "the regex does not match"
}

// regexRefusal finds how far into a regex the text goes along.
func regexRefusal(expr string, text []byte) string {
	tree, err := syntax.Parse("(?m)"+expr, syntax.Perl)
	if err != nil || tree.Op != syntax.OpConcat {
		return "the regex does not match"
	}
	for n := len(tree.Sub) - 1; n > 0; n-- {
		head := &syntax.Regexp{Op: syntax.OpConcat, Sub: tree.Sub[:n], Flags: tree.Flags}
		re, err := compile(head.String())
		if err != nil {
			continue
		}
		if loc := re.FindIndex(text); loc != nil && loc[1] > loc[0] {
			return fmt.Sprintf("the regex goes along with %q and then wants %s", text[loc[0]:loc[1]], tree.Sub[n])
		}
	}
	return fmt.Sprintf("the regex wants %s first", tree.Sub[0])
}
