package render

import (
	"fmt"
	"math"
	"strings"

	"wolfdiag/analyze/report"
)

func (g *page) cause(c *report.Cause) {
	g.sets = c.Preface
	g.blank()
	const barWidth, tail = 10, 2 + 10 + 1 + 5 // gap, bar, blank, ">99 %"
	title := fmt.Sprintf("%d. %s", c.Rank, upperFirst(g.text(c.Title)))
	lines := wrap(title, g.prose()-tail)
	for i, l := range lines {
		if i == 0 {
			g.line("%s%s%s %5s", g.p.Strong(pad(l, g.prose()-tail)), "  ", bar(c.Probability, barWidth), report.Percent(c.Probability))
			continue
		}
		g.line("   %s", g.p.Strong(l))
	}
	if c.Probability < unlikely && c.Rank > 1 && !g.o.All {
		g.causeBrief(c)
		return
	}
	g.causeMeta(c)
	if c.Probability < brief && !g.o.All {
		g.causeBrief(c)
		return
	}
	if what := c.Explanation; g.second(c) {
		g.para(3, "what", sentences(what, 2), nil)
	} else {
		g.para(3, "what", what, nil)
		g.affects(c)
	}
	g.evidence(c)
	g.explains(c)
	g.rivals(c)
	g.confirm(c)
	g.actions(c)
}

// second reports whether c is told in short because it is one trouble with the
// first cause: a rival, which rests on the same evidence.
func (g *page) second(c *report.Cause) bool {
	return !g.o.All && c.Rank > 1 && g.sameEvidence(c) == 1
}

// sentences are the first so many of a text.
func sentences(text string, most int) string {
	at := 0
	for range most {
		i := strings.Index(text[at:], ". ")
		if i < 0 {
			return text
		}
		at += i + 2
	}
	return strings.TrimSpace(text[:at])
}

func (g *page) causeMeta(c *report.Cause) {
	parts := []string{c.ID}
	if c.Occurrences > 0 {
		parts = append(parts, episodes(c.Occurrences))
	}
	if s := span(c.FirstSeen, c.LastSeen); s != "" {
		parts = append(parts, s+" UTC")
	}
	g.parts(3, 0, "", parts, g.p.Dim)
}

// causeBrief tells of a cause that is listed only because it is a rival: what
// would speak for it, and the command that would prove it.
func (g *page) causeBrief(c *report.Cause) {
	why, ok := g.shown.speaks[c.ID]
	if !ok {
		why = c.Summary
	}
	g.para(3, "why", why, nil)
	if len(c.Confirm) > 0 {
		g.check("confirm", c.Confirm[0])
	}
}

// nameOf is what a cause is called on this page.
func (g *page) nameOf(id string) string {
	if n := g.shown.ranks[id]; n > 0 {
		return fmt.Sprintf("cause %d", n)
	}
	return id
}

func (g *page) affects(c *report.Cause) {
	var parts []string
	add := func(kind string, list []string) {
		if len(list) == 0 {
			return
		}
		shown := list
		if len(shown) > 4 && !g.o.All {
			shown = append(append([]string{}, shown[:3]...), fmt.Sprintf("%d more", len(list)-3))
		}
		parts = append(parts, kind+" "+strings.Join(shown, ", "))
	}
	add("service", c.Affected.Services)
	add("session", c.Affected.Sessions)
	if g.shown.single {
		add("element", c.Affected.Elements)
	}
	g.parts(3, labelWidth, "affects", parts, func(s string) string { return s })
}

const weightWidth = 6 // "+6.0  "

// evidence lists what speaks for a cause. What stood under an earlier cause is
// named in one line; a record that two patterns matched is shown once.
func (g *page) evidence(c *report.Cause) {
	if len(c.Evidence) == 0 {
		return
	}
	g.blank()
	label, shown := "evidence", map[string]bool{}
	same := g.sameEvidence(c)
	if same > 0 {
		g.para(3, label, fmt.Sprintf("the same as under cause %d, weighed for this one:", same), nil)
		label = ""
	}
	for i, e := range c.Evidence {
		if rest := c.Evidence[i:]; i >= maxEvidence && len(rest) > 1 && !g.o.All {
			sum := 0.0
			for _, e := range rest {
				sum += e.Weight
			}
			g.labelled(3, labelWidth, "", fmt.Sprintf("%-*s", weightWidth, fmt.Sprintf("%+.1f", sum)),
				fmt.Sprintf("… %d more pieces together (--all)", len(rest)), g.p.Dim)
			break
		}
		g.piece(c, e, label, same > 0, shown)
		label = ""
	}
	if !g.shown.legend && g.shown.ranks != nil {
		g.shown.legend = true
		g.para(3, "", "(weights are log-odds: +0.7 doubles the odds of the cause, +2.3 makes them tenfold, negative ones speak against it)", g.p.Dim)
	}
	if g.shown.ranks != nil && (same == 0 || g.o.All) {
		g.para(3, "", sumWords(c), g.p.Dim)
	}
}

// sumWords shows how the probability comes about, so that a reader can check it.
func sumWords(c *report.Cause) string {
	var b strings.Builder
	fmt.Fprintf(&b, "(sum: %+.1f prior %+.1f evidence", c.Sum.Prior, c.Sum.Evidence)
	for _, part := range []struct {
		weight float64
		words  string
	}{{c.Sum.Explains, "what it explains"}, {c.Sum.Unshown, "a cause that does not show"}} {
		if math.Abs(part.weight) >= 0.05 {
			fmt.Fprintf(&b, " %+.1f %s", part.weight, part.words)
		}
	}
	for _, r := range c.Sum.Rivals {
		if math.Abs(r.Weight) >= 0.05 {
			fmt.Fprintf(&b, " %+.1f %s", r.Weight, r.ID)
		}
	}
	fmt.Fprintf(&b, " = %+.1f, that is %s)", c.Sum.Total, report.Percent(c.Probability))
	return b.String()
}

// sameEvidence is the rank of the earlier cause under which all evidence of c
// stands already; 0 if there is none.
func (g *page) sameEvidence(c *report.Cause) int {
	same := 0
	for _, e := range c.Evidence {
		rank := g.shown.evidence[e.Pattern]
		if rank == 0 || same != 0 && rank != same || g.o.All {
			return 0
		}
		same = rank
	}
	return same
}

// piece prints one piece of evidence: its weight, what it means, where it
// stands, and the first of its messages.
func (g *page) piece(c *report.Cause, e report.Evidence, label string, short bool, shown map[string]bool) {
	weight := fmt.Sprintf("%-*s", weightWidth, fmt.Sprintf("%+.1f", e.Weight))
	head := e.Title
	if e.Count > 1 {
		head += fmt.Sprintf(" ×%s", report.Count(e.Count))
	}
	head = g.text(head)
	const indent = 3 + labelWidth + weightWidth
	room := g.o.Width - indent
	lead := "   " + g.p.Dim(label) + strings.Repeat(" ", labelWidth-width(label)) + weight
	where := g.place(c, e)
	place := strings.Join(where, g.text(" · "))
	rank := g.shown.evidence[e.Pattern]
	before := rank != 0 && rank != c.Rank && !g.o.All
	if before {
		place = fmt.Sprintf("as under %d", rank)
	}
	switch {
	case short:
		g.line("%s%s", lead, g.clip(head, room))
	case place == "":
		g.labelled(3, labelWidth, label, weight, head, nil)
	case width(head)+2+width(place) <= room:
		g.line("%s%s  %s", lead, head, g.p.Dim(place))
	case before:
		g.line("%s%s  %s", lead, g.clip(head, room-2-width(place)), g.p.Dim(place))
	default:
		g.labelled(3, labelWidth, label, weight, head, nil)
		g.parts(indent, 0, "", where, g.p.Dim)
	}
	if before {
		return
	}
	remember(g.shown.evidence, e.Pattern, c.Rank)
	at := g.names.at(e.First)
	if e.First.Text == "" || e.First.Line == 0 || shown[at] {
		return
	}
	shown[at] = true
	g.line("%s%s", strings.Repeat(" ", indent), g.p.Dim("│ "+g.clip(g.text(e.First.Text), max(room-2, 20))))
}

// place says where a piece of evidence stands, when, and what its code means.
func (g *page) place(c *report.Cause, e report.Evidence) []string {
	if e.First.Line == 0 { // a fact; that it comes from the log itself needs no saying
		if e.First.Input == "" || e.First.Input == g.names.only {
			return nil
		}
		return []string{g.names.at(e.First)}
	}
	out := []string{g.names.at(e.First)}
	if t := e.First.Time; t != nil {
		at := stamp(t)
		if day := t.UTC().Format("2006-01-02 "); strings.HasPrefix(stamp(c.FirstSeen), day) {
			at = strings.TrimPrefix(at, day)
		}
		out = append(out, at)
	}
	if e.Decoded != "" && !strings.Contains(e.Title, e.Decoded) {
		out = append(out, g.text(e.Decoded))
	}
	if words := e.Contrast.Words(); words != "" {
		out = append(out, words)
	}
	return out
}

func (g *page) explains(c *report.Cause) {
	if len(c.Explains) == 0 {
		return
	}
	before := map[int]int{} // how many were told under which cause
	var fresh []report.Explained
	for _, e := range c.Explains {
		if rank := g.shown.explains[e.Pattern]; rank != 0 && rank != c.Rank && !g.o.All {
			before[rank]++
			continue
		}
		remember(g.shown.explains, e.Pattern, c.Rank)
		fresh = append(fresh, e)
	}
	g.blank()
	label := "explains"
	for i, e := range fresh {
		if rest := len(fresh) - i; i >= maxExplains && rest > 1 && !g.o.All {
			g.para(3, label, fmt.Sprintf("… and %d more kinds of message (--all)", rest), g.p.Dim)
			break
		}
		s := e.Title
		if e.Count > 1 {
			s += fmt.Sprintf(" ×%s", report.Count(e.Count))
		}
		g.para(3, label, s, nil)
		label = ""
	}
	for rank := 1; rank < c.Rank; rank++ {
		switch n := before[rank]; {
		case n == 0:
			continue
		case n == len(c.Explains):
			g.para(3, label, fmt.Sprintf("the same messages as cause %d", rank), nil)
		default:
			g.para(3, label, fmt.Sprintf("and %s that cause %d explains too", report.Plural(int64(n), "kind of message", "kinds of message"), rank), nil)
		}
		label = ""
	}
}

// rivals names what the log cannot rule out and the command that settles it.
// Improbable ones are only named.
func (g *page) rivals(c *report.Cause) {
	if len(c.Rivals) == 0 {
		return
	}
	g.blank()
	label := "rival"
	var rest []string
	for i, r := range c.Rivals {
		if r.Probability < unlikely && (i > 0 || g.shown.ranks[r.ID] > 0) && !g.o.All {
			rest = append(rest, fmt.Sprintf("%s (%s)", r.ID, report.Percent(r.Probability)))
			continue
		}
		say := fmt.Sprintf("%s (%s", r.ID, report.Percent(r.Probability))
		if n := g.shown.ranks[r.ID]; n > 0 {
			say += fmt.Sprintf(", cause %d", n)
		}
		say += ")"
		if r.Why != "" {
			say += ": " + r.Why
		}
		g.para(3, label, say, g.p.Warn)
		label = ""
		g.settle(c, &r)
	}
	if len(rest) > 0 {
		g.para(3, label, "less likely: "+strings.Join(rest, ", "), g.p.Dim)
	}
}

func (g *page) settle(c *report.Cause, r *report.Rival) {
	cmd := r.Settle
	if cmd == "" {
		return
	}
	if rank, ok := g.shown.commands[cmd]; ok && !g.o.All {
		g.para(3, "settle", "with the command "+toldAt(rank, c.Rank), g.p.Dim)
		return
	}
	remember(g.shown.commands, cmd, c.Rank)
	g.command(3, "settle", cmd)
	if r.Expect != "" {
		g.para(3, "", "→ "+expected(r), nil)
	}
}

// expected says what a settling command shows, and of which cause.
func expected(r *report.Rival) string {
	return fmt.Sprintf("%s, if it is %s", r.Expect, r.Then)
}

// toldAt says where on the page a command stands, seen from a cause.
func toldAt(rank, from int) string {
	switch rank {
	case 0:
		return "at the top"
	case from:
		return "above"
	}
	return fmt.Sprintf("under cause %d", rank)
}

// confirm prints the commands that prove a cause; one that stands at the top of
// the page is not told again.
func (g *page) confirm(c *report.Cause) {
	if len(c.Confirm) == 0 {
		return
	}
	g.blank()
	label, most := "confirm", maxConfirm
	if g.second(c) {
		most = maxRemedies
	}
	for i, k := range c.Confirm {
		if rest := len(c.Confirm) - i; i >= most && !g.o.All {
			g.para(3, label, fmt.Sprintf("… and %d more (--all)", rest), g.p.Dim)
			break
		}
		if rank, ok := g.shown.commands[k.Command]; ok && rank == 0 && c.Rank == 1 && !g.o.All {
			g.para(3, label, "with the command at the top", g.p.Dim)
		} else {
			remember(g.shown.commands, k.Command, c.Rank)
			g.check(label, k)
		}
		label = ""
	}
}

// check prints a command and what to expect of it.
func (g *page) check(label string, k report.Check) {
	g.command(3, label, k.Command)
	if k.Expect != "" {
		g.labelled(3, labelWidth, "", "→ ", k.Expect, nil)
	}
}

// actions prints what to do now and what fixes it for good. What stands under
// an earlier cause is not told again.
func (g *page) actions(c *report.Cause) {
	remark := restart(c.Restart)
	if g.second(c) {
		remark = ""
	}
	if len(c.Workaround) > 0 || remark != "" {
		label := "now"
		g.blank()
		fresh, same := g.fresh(c, c.Workaround)
		if g.steps(3, labelWidth, label, fresh, len(fresh)); len(fresh) > 0 {
			label = ""
		}
		if same > 0 {
			say := fmt.Sprintf("as under cause %d", same)
			if len(fresh) > 0 {
				say = "and " + say
			}
			g.para(3, label, say, g.p.Dim)
			label = ""
		}
		if remark != "" {
			g.para(3, label, "("+remark+")", g.p.Dim)
		}
	}
	if len(c.Fixes) > 0 {
		g.blank()
		most := len(c.Fixes)
		switch {
		case g.o.All:
		case g.second(c):
			most = maxRemedies
		case c.Rank > 1:
			most = maxFixes
		}
		g.steps(3, labelWidth, "fix", c.Fixes, most)
	}
}

// fresh are those of some actions that no earlier cause named; same is the rank
// of the cause that named another, 0 when none is left out.
func (g *page) fresh(c *report.Cause, list []string) (fresh []string, same int) {
	for _, s := range list {
		if rank, ok := g.shown.steps[s]; ok && rank != c.Rank && !g.o.All {
			same = rank
			continue
		}
		remember(g.shown.steps, s, c.Rank)
		fresh = append(fresh, s)
	}
	return fresh, same
}

// restart says whether restarting Wolf clears a cause.
func restart(word string) string {
	switch word {
	case "yes":
		return "a restart of Wolf clears it for a time"
	case "no":
		return "a restart of Wolf does not help"
	case "sometimes":
		return "a restart of Wolf helps sometimes"
	}
	return ""
}

// steps prints at most some actions beside a label; those that are commands as
// such.
func (g *page) steps(indent, column int, label string, list []string, most int) {
	for i, s := range list {
		if rest := len(list) - i; i >= most && rest > 1 {
			g.labelled(indent, column, label, "", fmt.Sprintf("… and %d more (--all)", rest), g.p.Dim)
			return
		}
		if cmd, ok := commandOf(s); ok {
			label = g.preface(indent, label, column, cmd)
			g.line("%s%s%s", strings.Repeat(" ", indent), g.p.Dim(pad(label, column)), g.p.Code("$ "+clean(cmd)))
		} else {
			g.labelled(indent, column, label, "- ", s, nil)
		}
		label = ""
	}
}

// commandOf tells a remedy that is a command and nothing else from advice:
// "docker restart WolfPulseAudio" and not "docker pull <image> by hand, then
// start the app again."
func commandOf(s string) (string, bool) {
	if cmd, ok := strings.CutPrefix(s, "$ "); ok {
		return cmd, true
	}
	if strings.HasSuffix(s, ".") || strings.Contains(s, ", ") {
		return "", false
	}
	switch first, _, _ := strings.Cut(s, " "); first {
	case "docker", "podman", "kubectl", "crictl", "lxc-attach", "sudo", "nvidia-smi", "nvidia-ctk", "systemctl", "sysctl", "modprobe", "chmod", "chown", "echo", "mount", "dmesg", "journalctl", "xhost":
		return s, true
	}
	return "", false
}

func episodes(n int64) string {
	if n == 1 {
		return "1 episode"
	}
	return report.Count(n) + " episodes"
}

// remedies prints all actions beside a label.
func (g *page) remedies(label string, list []string) { g.steps(3, labelWidth, label, list, len(list)) }
