package render

import (
	"fmt"
	"io"
	"strings"

	"wolfdiag/analyze/report"
)

// CauseNotes is what the catalogue knows of a cause, for people.
type CauseNotes struct {
	ID, Title, Explanation string
	Remarks                []string // how often it is, whose GPUs, what it stops, does a restart help
	For, Against           []Clue
	Explains               []string // titles
	Rivals                 []RivalNotes
	Preface                []string // lines that set the variables of the commands
	Confirm                []report.Check
	Workaround, Fixes      []string
}

// Clue is something that speaks for or against a cause.
type Clue struct {
	Strength float64 // 0 to 1: how often the cause shows it
	Title    string
	Why      string
}

// RivalNotes is a cause that looks the same.
type RivalNotes struct{ ID, Title, Why, Settle, Expect string }

// Explain prints what is known of a cause as text.
func Explain(w io.Writer, c *CauseNotes, o Options) error {
	o.fill()
	g := &page{w: w, p: o.Palette, o: o, sets: c.Preface}
	g.labelled(0, 0, "", "", upperFirst(c.Title), g.p.Strong)
	g.line("%s", g.p.Dim(g.text(c.ID)))
	g.blank()
	g.labelled(0, 0, "", "", c.Explanation, nil)
	for _, s := range c.Remarks {
		g.labelled(0, 0, "", "- ", s, nil)
	}
	g.clues("What speaks for it", c.For)
	g.clues("What speaks against it", c.Against)
	if len(c.Explains) > 0 {
		g.head("What it brings about")
		g.labelled(2, 0, "", "", strings.Join(c.Explains, "; "), nil)
	}
	if len(c.Rivals) > 0 {
		g.head("What looks the same")
		for _, r := range c.Rivals {
			g.labelled(2, 0, "", "", fmt.Sprintf("%s (%s): %s", r.Title, r.ID, r.Why), nil)
			if r.Settle != "" {
				g.shell(r.Settle)
				if r.Expect != "" {
					g.labelled(4, 0, "", "→ ", r.Expect+", if it is the rival", nil)
				}
			}
		}
	}
	if len(c.Confirm) > 0 {
		g.head("How to prove it")
		for _, k := range c.Confirm {
			g.shell(k.Command)
			if k.Expect != "" {
				g.labelled(4, 0, "", "→ ", k.Expect, nil)
			}
		}
	}
	g.advice("What to do now", c.Workaround)
	g.advice("What fixes it for good", c.Fixes)
	return g.err
}

// clues lists what speaks for or against a cause, with how often the cause
// shows it.
func (g *page) clues(head string, list []Clue) {
	if len(list) == 0 {
		return
	}
	g.head(head)
	for _, c := range list {
		s := c.Title
		if c.Why != "" {
			s += ": " + c.Why
		}
		g.labelled(2, 0, "", fmt.Sprintf("%5s  ", report.Percent(c.Strength)), s, nil)
	}
}

// shell prints a command, below the lines that set its variables.
func (g *page) shell(command string) {
	g.preface(4, "", 0, command)
	g.line("    %s", g.p.Code("$ "+clean(command)))
}

func (g *page) advice(head string, list []string) {
	if len(list) == 0 {
		return
	}
	g.head(head)
	for _, s := range list {
		if cmd, ok := commandOf(s); ok {
			g.shell(cmd)
			continue
		}
		g.labelled(2, 0, "", "- ", s, nil)
	}
}
