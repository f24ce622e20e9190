package patterns

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Summary counts what a catalogue holds.
type Summary struct {
	Components []ComponentCount // by name
	Causes     []CauseCount     // by id
	Total      ComponentCount   // of all components
	Crashes    int              // crash rules
	Texts      int              // English ones
	Wordings   int              // texts in other languages that are read as English ones
	Literals   int              // strings the scanner looks for
}

// ComponentCount is the number of patterns of one file by role.
type ComponentCount struct {
	Name                              string
	Cause, Symptom, Benign, Lifecycle int
	Total                             int
}

// CauseCount is what stands behind one cause.
type CauseCount struct {
	ID, Title string
	Evidence  int    // patterns and facts that speak for it
	Best      string // the strongest of them
	Strength  float64
	Explains  int // symptoms and causes it accounts for
	Confirm   int // commands that settle it
}

// Summary counts the enabled entries of the catalogue.
func (c *Catalogue) Summary() Summary {
	s := Summary{Crashes: len(c.crashes), Literals: len(c.Matcher().Literals()), Total: ComponentCount{Name: "total"}}
	for _, w := range c.wordings {
		s.Wordings += len(w.In)
		s.Texts++
	}
	byName := map[string]*ComponentCount{}
	for _, p := range c.patterns {
		cc := byName[p.Component]
		if cc == nil {
			cc = &ComponentCount{Name: p.Component}
			byName[p.Component] = cc
		}
		cc.count(p.Role)
		s.Total.count(p.Role)
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		s.Components = append(s.Components, *byName[name])
	}
	for _, c := range c.causes {
		cc := CauseCount{ID: c.ID, Title: c.Title, Evidence: len(c.Evidence), Explains: len(c.Explains), Confirm: len(c.Confirm)}
		for _, e := range c.Evidence {
			if e.Strength > cc.Strength {
				cc.Best, cc.Strength = e.Pattern, e.Strength
			}
		}
		s.Causes = append(s.Causes, cc)
	}
	return s
}

func (c *ComponentCount) count(r Role) {
	c.Total++
	switch r {
	case RoleCause:
		c.Cause++
	case RoleSymptom:
		c.Symptom++
	case RoleBenign:
		c.Benign++
	case RoleLifecycle:
		c.Lifecycle++
	}
}

// Markdown writes the summary as two tables.
func (s Summary) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d patterns, %d causes, %d crash rules; the scanner looks for %d literals. %d texts in other languages are read as %d in English.\n\n",
		s.Total.Total, len(s.Causes), s.Crashes, s.Literals, s.Wordings, s.Texts)
	b.WriteString("| component | cause | symptom | benign | lifecycle | all |\n|---|---:|---:|---:|---:|---:|\n")
	for _, c := range append(slices.Clone(s.Components), s.Total) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", c.Name, c.Cause, c.Symptom, c.Benign, c.Lifecycle, c.Total)
	}
	b.WriteString("\n| cause | meaning | evidence | strongest | explains |\n|---|---|---:|---|---:|\n")
	for _, c := range s.Causes {
		best := ""
		if c.Best != "" {
			best = fmt.Sprintf("`%s` %.2f", c.Best, c.Strength)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %d | %s | %d |\n", c.ID, strings.ReplaceAll(c.Title, "|", `\|`), c.Evidence, best, c.Explains)
	}
	return b.String()
}
