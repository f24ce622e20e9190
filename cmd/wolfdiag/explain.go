package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze/advice"
	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/setup"
	"wolfdiag/patterns"
)

// explainOptions are the flags of `wolfdiag explain`.
type explainOptions struct {
	output
	args       []string
	catalogues []string
}

func explainCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "print what the catalogue knows of a cause, or find causes by words",
		ArgsUsage: "CAUSE|WORDS",
		Description: "What the cause is, what speaks for and against it, what looks the same, how to prove it, what to do now and for good.\n" +
			"CAUSE is the id that a report names, such as gpu-memory-exhaustion; wolfdiag patterns list --causes lists all.\n" +
			"WORDS, such as gpu memory, or a line of a log list the causes and messages that they may be about.\n" +
			"Commands are worded for docker compose; a report words them for the deployment that its log shows.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text", Usage: "output `FORMAT`: text or json"},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "colour text: `WHEN` is auto, always or never; NO_COLOR is honoured"},
			&cli.IntFlag{Name: "width", Usage: "`COLUMNS` of text output (default: those of the terminal, else 80)"},
			&cli.BoolFlag{Name: "no-pager", Usage: "never start a pager ($PAGER, else less) for what is longer than the terminal"},
			catalogueFlag(),
		},
		Action: func(c *cli.Context) error {
			o := explainOptions{output: outputOf(c), args: c.Args().Slice(), catalogues: c.StringSlice("catalogue")}
			return o.run(e)
		},
	}
}

func (o *explainOptions) run(e *env) error {
	text := strings.TrimSpace(string(logline.CleanText(nil, []byte(strings.Join(o.args, " ")))))
	if text == "" {
		return usagef("explain wants the id of a cause, such as gpu-memory-exhaustion, or words to look for (wolfdiag patterns list --causes lists all causes)")
	}
	if o.format != "text" && o.format != "json" {
		return usagef("--format %q: want text or json", o.format)
	}
	format, ropts, err := o.options(e)
	if err != nil {
		return err
	}
	cat, err := catalogue(o.catalogues)
	if err != nil {
		return err
	}
	c := cat.Cause(text)
	if c == nil {
		return o.other(e, cat, format, ropts.Width, text)
	}
	if format == render.JSON {
		return writeIndented(e.stdout, c)
	}
	return e.printed(o.output, format, ropts, func(w io.Writer) error { return render.Explain(w, notesOf(cat, c), ropts) })
}

// other is for what is no cause's id: a misspelt one, or words to look for.
func (o *explainOptions) other(e *env, cat *patterns.Catalogue, format render.Format, width int, text string) error {
	if cat.Pattern(text) != nil {
		return usagef("%q is a pattern and no cause: wolfdiag patterns show %s", text, text)
	}
	var ids []string
	for _, c := range cat.Causes() {
		ids = append(ids, c.ID)
	}
	if near := nearest(ids, text); near != "" {
		return usagef("no cause %q in the catalogue; did you mean %s?", text, near)
	}
	list := search(cat, text)
	switch {
	case list.empty():
		return usagef("nothing in the catalogue is about %q (wolfdiag patterns list --causes lists all causes)", text)
	case format == render.JSON:
		return writeIndented(e.stdout, list)
	}
	columns := 0
	if e.stdoutTTY {
		columns = width
	}
	return list.write(e.stdout, text, columns)
}

// notesOf words what the catalogue knows of a cause.
func notesOf(cat *patterns.Catalogue, c *patterns.Cause) *render.CauseNotes {
	words := advice.New(&setup.Setup{})
	n := &render.CauseNotes{ID: c.ID, Title: c.Title, Explanation: c.Explanation, Workaround: words.Words(c.Workaround), Fixes: words.Words(c.Fixes)}
	n.Remarks = remarks(c)
	n.For, n.Against = clues(cat, c.Evidence), clues(cat, c.Against)
	for _, id := range c.Explains {
		n.Explains = append(n.Explains, titleOf(cat, id))
	}
	for _, r := range c.Rivals {
		n.Rivals = append(n.Rivals, render.RivalNotes{ID: r.Cause, Title: titleOf(cat, r.Cause), Why: r.Why, Settle: words.Word(r.Settle), Expect: words.Word(r.Expect)})
	}
	for _, k := range c.Confirm {
		if command := words.Word(k.Command); command != "" {
			n.Confirm = append(n.Confirm, report.Check{Command: command, Expect: words.Word(k.Expect)})
		}
	}
	n.Preface = words.Preface()
	return n
}

// remarks says what else is known of a cause, a sentence each.
func remarks(c *patterns.Cause) []string {
	out := []string{fmt.Sprintf("Before anything is known of a failing log, it is the cause in %s of them.", report.Percent(c.Prior))}
	if len(c.Vendors) > 0 {
		out = append(out, "Only where a GPU of "+strings.Join(c.Vendors, " or ")+" is in use.")
	}
	if c.Stops == "session" {
		out = append(out, "No new session works while it is there.")
	}
	switch c.Restart {
	case "yes":
		out = append(out, "A restart of Wolf clears it for a time.")
	case "no":
		out = append(out, "A restart of Wolf does not help.")
	case "sometimes":
		out = append(out, "A restart of Wolf helps sometimes.")
	}
	switch c.Grows {
	case "sessions":
		out = append(out, "It comes with the number of sessions since the start of Wolf.")
	case "uptime":
		out = append(out, "It comes with the time since the start of Wolf.")
	}
	return out
}

// clues are what speaks for or against a cause, the strongest first.
func clues(cat *patterns.Catalogue, links []patterns.Link) []render.Clue {
	var out []render.Clue
	for _, l := range links {
		out = append(out, render.Clue{Title: titleOf(cat, l.Pattern), Why: l.Why, Strength: l.Strength})
	}
	slices.SortStableFunc(out, func(a, b render.Clue) int { return cmp.Compare(b.Strength, a.Strength) })
	return out
}
