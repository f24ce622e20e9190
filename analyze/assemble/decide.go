package assemble

import (
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

// openAt is how probable a rival is that the log does not rule out: one in five is
// worth the command that settles it.
const openAt = 0.2

// decide chooses the command to run first. Where the log leaves the first cause
// and a rival open, that is the one that settles between them; else the one that
// proves the first. The result is nil without one.
func decide(causes []report.Cause) *report.Decision {
	if len(causes) == 0 {
		return nil
	}
	a := &causes[0]
	for i := range causes[1:] {
		b := &causes[1+i]
		if b.Probability < openAt {
			break
		}
		if d := between(a, b); d != nil {
			return d
		}
	}
	if len(a.Confirm) == 0 {
		return nil
	}
	k := &a.Confirm[0]
	return &report.Decision{Preface: setting(k.Command, a.Preface), Command: k.Command, Says: k.Expect, Then: a.ID}
}

// between is what settles between two causes; nil when the catalogue names no
// command for it. What to look for is what either cause expects of that command,
// else what the catalogue says that it shows.
func between(a, b *report.Cause) *report.Decision {
	this, other, r := a, b, rivalOf(a, b.ID)
	if r == nil || r.Settle == "" {
		this, other, r = b, a, rivalOf(b, a.ID)
	}
	if r == nil || r.Settle == "" {
		return nil
	}
	d := &report.Decision{Preface: setting(r.Settle, this.Preface), Command: r.Settle, Says: r.Why, Then: other.ID, Else: this.ID}
	if r.Expect != "" {
		d.Says = r.Expect
		if r.Then == this.ID {
			d.Then, d.Else = this.ID, other.ID
		}
	}
	for _, c := range []*report.Cause{a, b} {
		for _, k := range c.Confirm {
			if k.Expect != "" && holds(r.Settle, k.Command) {
				d.Says, d.Then, d.Else = k.Expect, c.ID, a.ID
				if c == a {
					d.Else = b.ID
				}
				return d
			}
		}
	}
	return d
}

// holds reports whether a command line begins with another, as a whole command.
func holds(line, command string) bool {
	rest, ok := strings.CutPrefix(line, command)
	return ok && (rest == "" || strings.HasPrefix(rest, ";"))
}

// setting are those of some lines that set variables of a command.
func setting(command string, preface []string) []string {
	out := slices.DeleteFunc(slices.Clone(preface), func(line string) bool {
		name, _, _ := strings.Cut(line, "=")
		return !strings.Contains(command, "$"+name)
	})
	return append([]string{}, out...)
}
