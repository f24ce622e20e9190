package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze"
	"wolfdiag/analyze/advice"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/setup"
	"wolfdiag/patterns"
)

func patternsCommand(e *env) *cli.Command {
	sub := func(name, args, usage string, flags []cli.Flag, run func(*cli.Context, *patterns.Catalogue) error) *cli.Command {
		return &cli.Command{
			Name: name, ArgsUsage: args, Usage: usage, Flags: append(flags, catalogueFlag()),
			Action: func(c *cli.Context) error {
				cat, err := catalogue(c.StringSlice("catalogue"))
				if err != nil {
					return err
				}
				return run(c, cat)
			},
		}
	}
	format := &cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text", Usage: "output `FORMAT`: text or json"}
	return &cli.Command{
		Name:  "patterns",
		Usage: "read, test and extend the catalogue",
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return noCommand("wolfdiag patterns", c.Command.Subcommands, name)
			}
			_ = cli.ShowSubcommandHelp(c)
			return exitWith(exitUsage)
		},
		Subcommands: []*cli.Command{
			sub("list", "", "list the patterns", []cli.Flag{format,
				&cli.StringFlag{Name: "component", Usage: "only those of `NAME`: cuda, nvenc, smithay, docker, …"},
				&cli.StringFlag{Name: "role", Usage: "only those of `ROLE`: cause, symptom, benign or lifecycle"},
				&cli.BoolFlag{Name: "causes", Usage: "list the root causes instead"},
			}, func(c *cli.Context, cat *patterns.Catalogue) error {
				if c.Bool("causes") {
					return listCauses(e.stdout, cat, c.String("format"))
				}
				return listPatterns(e.stdout, cat, c.String("component"), c.String("role"), c.String("format"))
			}),
			sub("show", "ID", "show everything about a pattern or a cause", []cli.Flag{format}, func(c *cli.Context, cat *patterns.Catalogue) error {
				return showPattern(e, cat, c.Args().Slice(), c.String("format"))
			}),
			sub("test", "", "run all samples and near misses against all patterns", []cli.Flag{format}, func(c *cli.Context, cat *patterns.Catalogue) error {
				return testPatterns(e, cat, c.String("format"))
			}),
			sub("lint", "", "point at patterns that are slow, too broad or of no use", []cli.Flag{
				&cli.BoolFlag{Name: "all", Aliases: []string{"a"}, Usage: "remarks worth a look too, not only errors and warnings"},
			}, func(c *cli.Context, cat *patterns.Catalogue) error {
				return lintPatterns(e.stdout, cat, c.StringSlice("catalogue"), c.Bool("all"))
			}),
			matchCommand(e, sub),
			{
				Name: "new", ArgsUsage: "[FILE|-]", Usage: "draft a pattern from a log line on standard input",
				Action: func(c *cli.Context) error { return draftPattern(e, c.Args().Slice()) },
			},
			sub("literals", "", "print what the scanner looks for, one a line", nil, func(c *cli.Context, cat *patterns.Catalogue) error {
				b := bufio.NewWriter(e.stdout)
				for _, l := range slices.SortedFunc(slices.Values(cat.Matcher().Literals()), bytes.Compare) {
					fmt.Fprintf(b, "%s\n", l)
				}
				return b.Flush()
			}),
		},
	}
}

func listPatterns(w io.Writer, cat *patterns.Catalogue, component, role, format string) error {
	var list []*patterns.Pattern
	components := map[string]bool{}
	for _, p := range cat.Patterns() {
		components[p.Component] = true
		if (component == "" || p.Component == component) && (role == "" || string(p.Role) == role) {
			list = append(list, p)
		}
	}
	if component != "" && !components[component] {
		return usagef("--component %q: no such component in the catalogue", component)
	}
	switch role {
	case "", "cause", "symptom", "benign", "lifecycle":
	default:
		return usagef("--role %q: want cause, symptom, benign or lifecycle", role)
	}
	switch format {
	case "json":
		out := []patternJSON{}
		for _, p := range list {
			out = append(out, jsonOf(p))
		}
		return writeIndented(w, out)
	case "text":
	default:
		return usagef("--format %q: want text or json", format)
	}
	t := render.Table{Header: []string{"id", "role", "component", "title"}}
	for _, p := range list {
		t.Rows = append(t.Rows, []string{p.ID, string(p.Role), p.Component, p.Title})
	}
	if err := t.Write(w, render.PlainPalette()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d patterns\n", len(list))
	return err
}

func listCauses(w io.Writer, cat *patterns.Catalogue, format string) error {
	switch format {
	case "json":
		return writeIndented(w, cat.Causes())
	case "text":
	default:
		return usagef("--format %q: want text or json", format)
	}
	t := render.Table{Header: []string{"id", "evidence", "restart clears it", "title"}, Right: []int{1}}
	for _, c := range cat.Causes() {
		t.Rows = append(t.Rows, []string{c.ID, fmt.Sprint(len(c.Evidence)), c.Restart, c.Title})
	}
	if err := t.Write(w, render.PlainPalette()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d causes\n", len(cat.Causes()))
	return err
}

// patternJSON is a pattern in machine form.
type patternJSON struct {
	ID         string   `json:"id"`
	Component  string   `json:"component"`
	Role       string   `json:"role"`
	Title      string   `json:"title"`
	Regex      string   `json:"regex"`
	Formats    []string `json:"formats"`
	Where      string   `json:"where"`
	Element    string   `json:"element"`
	Level      string   `json:"level"`
	Severity   string   `json:"severity"`
	Why        string   `json:"why"`
	Unless     string   `json:"unless"`
	Source     string   `json:"source"`
	Event      string   `json:"event"`
	Also       []string `json:"also"`
	Resolves   []string `json:"resolves"`
	Excuses    []string `json:"excuses"`
	Samples    []string `json:"samples"`
	NearMisses []string `json:"near_misses"`
	Literals   []string `json:"literals"`
}

func jsonOf(p *patterns.Pattern) patternJSON {
	some := func(s []string) []string { return append([]string{}, s...) }
	return patternJSON{p.ID, p.Component, string(p.Role), p.Title, p.Regex, some(p.Formats), p.Where, p.Element, p.Level, p.Severity,
		p.Why, p.Unless, p.Source, p.Event, some(p.Also), some(p.Resolves), some(p.Excuses), some(p.Samples), some(p.NearMisses), some(p.Literals())}
}

func writeIndented(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func showPattern(e *env, cat *patterns.Catalogue, args []string, format string) error {
	if len(args) != 1 {
		return usagef("show wants one id of a pattern, cause or wording")
	}
	id := args[0]
	if format != "text" && format != "json" {
		return usagef("--format %q: want text or json", format)
	}
	if p := cat.Pattern(id); p != nil {
		if format == "json" {
			return writeIndented(e.stdout, jsonOf(p))
		}
		return showText(e.stdout, cat, p)
	}
	if c := cat.Cause(id); c != nil {
		if format == "json" {
			return writeIndented(e.stdout, c)
		}
		return showCause(e.stdout, c)
	}
	for _, wording := range cat.Wordings() {
		if wording.ID == id {
			return showWording(e, wording, format)
		}
	}
	msg := fmt.Sprintf("no pattern, cause or wording %q in the catalogue", id)
	if near := nearestID(cat, id); near != "" {
		msg += "; did you mean " + near + "?"
	}
	return usagef("%s", msg)
}

func nearestID(cat *patterns.Catalogue, id string) string {
	best, dist := "", len(id)/3+2
	try := func(s string) {
		if d := editDistance(s, id); d < dist {
			best, dist = s, d
		}
	}
	for _, p := range cat.Patterns() {
		try(p.ID)
	}
	for _, c := range cat.Causes() {
		try(c.ID)
	}
	return best
}

// fields prints labelled lines, leaving out what is empty.
func fields(w io.Writer, rows ...[2]string) {
	for _, r := range rows {
		if r[1] != "" {
			fmt.Fprintf(w, "%-12s %s\n", r[0], r[1])
		}
	}
}

func list(w io.Writer, label string, items []string) {
	for i, s := range items {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(w, "%-12s %s\n", label, strings.ReplaceAll(s, "\n", "\n             "))
	}
}

func showText(w io.Writer, cat *patterns.Catalogue, p *patterns.Pattern) error {
	b := bufio.NewWriter(w)
	fields(b, [2]string{"id", p.ID}, [2]string{"title", p.Title}, [2]string{"role", string(p.Role)}, [2]string{"component", p.Component},
		[2]string{"level", p.Level}, [2]string{"severity", p.Severity}, [2]string{"regex", p.Regex}, [2]string{"formats", strings.Join(p.Formats, ", ")},
		[2]string{"where", p.Where}, [2]string{"element", p.Element}, [2]string{"codes", p.Codes}, [2]string{"event", p.Event},
		[2]string{"why", p.Why}, [2]string{"unless", p.Unless}, [2]string{"source", p.Source}, [2]string{"also", strings.Join(p.Also, ", ")},
		[2]string{"resolves", strings.Join(p.Resolves, ", ")}, [2]string{"excuses", strings.Join(p.Excuses, ", ")})
	list(b, "literals", p.Literals())
	list(b, "samples", p.Samples)
	list(b, "near misses", p.NearMisses)
	for _, c := range cat.Causes() {
		for _, l := range c.Evidence {
			if l.Pattern == p.ID {
				fmt.Fprintf(b, "%-12s %s (strength %.2f) %s\n", "speaks for", c.ID, l.Strength, l.Why)
			}
		}
		for _, l := range c.Against {
			if l.Pattern == p.ID {
				fmt.Fprintf(b, "%-12s %s (strength %.2f) %s\n", "against", c.ID, l.Strength, l.Why)
			}
		}
		for _, id := range c.Explains {
			if id == p.ID {
				fmt.Fprintf(b, "%-12s %s\n", "follows from", c.ID)
			}
		}
	}
	return b.Flush()
}

func showWording(e *env, w *patterns.Wording, format string) error {
	if format == "json" {
		return writeIndented(e.stdout, w)
	}
	b := bufio.NewWriter(e.stdout)
	fields(b, [2]string{"id", w.ID}, [2]string{"text", w.Text}, [2]string{"source", w.Source})
	list(b, "in", w.In)
	return b.Flush()
}

func showCause(w io.Writer, c *patterns.Cause) error {
	b := bufio.NewWriter(w)
	fields(b, [2]string{"id", c.ID}, [2]string{"title", c.Title}, [2]string{"prior", fmt.Sprint(c.Prior)}, [2]string{"restart", c.Restart},
		[2]string{"grows", c.Grows}, [2]string{"what", c.Explanation})
	for _, l := range c.Evidence {
		fmt.Fprintf(b, "%-12s %.2f %s: %s\n", "evidence", l.Strength, l.Pattern, l.Why)
	}
	for _, l := range c.Against {
		fmt.Fprintf(b, "%-12s %.2f %s: %s\n", "against", l.Strength, l.Pattern, l.Why)
	}
	list(b, "explains", c.Explains)
	words := advice.New(&setup.Setup{}) // of a deployment of which nothing is known
	for _, r := range c.Rivals {
		fmt.Fprintf(b, "%-12s %s: %s\n%-12s $ %s\n", "rival", r.Cause, r.Why, "", words.Word(r.Settle))
		if r.Expect != "" {
			fmt.Fprintf(b, "%-12s → %s\n", "", words.Word(r.Expect))
		}
	}
	for _, k := range c.Confirm {
		fmt.Fprintf(b, "%-12s $ %s\n%-12s %s\n", "confirm", words.Word(k.Command), "", words.Word(k.Expect))
	}
	list(b, "now", words.Words(c.Workaround))
	list(b, "fix", words.Words(c.Fixes))
	list(b, "before", words.Preface())
	return b.Flush()
}

// testPatterns runs the samples. Its last line has the counts.
func testPatterns(e *env, cat *patterns.Catalogue, format string) error {
	w, start := e.stdout, e.now()
	r := cat.Check()
	took := e.now().Sub(start)
	switch format {
	case "json":
		problems := []string{}
		for _, p := range r.Problems {
			problems = append(problems, p.Error())
		}
		if err := writeIndented(w, map[string]any{"patterns": len(r.Patterns), "causes": len(cat.Causes()), "crashes": r.Crashes,
			"samples": r.Samples, "near_misses": r.NearMisses, "problems": problems}); err != nil {
			return err
		}
	case "text":
		for _, p := range r.Problems {
			fmt.Fprintln(w, p)
		}
		fmt.Fprintf(w, "%d patterns, %d causes, %d crash rules: %d samples and %d near misses, %s (%d ms)\n",
			len(r.Patterns), len(cat.Causes()), r.Crashes, r.Samples, r.NearMisses, number(len(r.Problems), "problem"), took.Milliseconds())
	default:
		return usagef("--format %q: want text or json", format)
	}
	if !r.OK() {
		return exitWith(exitUsage)
	}
	return nil
}

// lintPatterns prints what is allowed and not good. With user files it looks at
// those, unless all is asked for.
func lintPatterns(w io.Writer, cat *patterns.Catalogue, user []string, all bool) error {
	var errors, warnings, infos int
	for _, f := range append(cat.Lint(), analyze.Superfluous(cat)...) {
		if len(user) > 0 && !all && !slices.Contains(user, f.File) {
			continue
		}
		switch f.Grade {
		case patterns.LintError:
			errors++
		case patterns.LintWarning:
			warnings++
		default:
			if infos++; !all {
				continue
			}
		}
		fmt.Fprintf(w, "%s:%d: %s: %s: %s: %s\n", f.File, f.Line, f.Grade, f.ID, f.Rule, f.Msg)
	}
	fmt.Fprintf(w, "%s, %s, %s\n", number(errors, "error"), number(warnings, "warning"), number(infos, "remark"))
	if errors > 0 {
		return exitWith(exitUsage)
	}
	return nil
}

// number says how many there are of something.
func number(n int, one string) string { return report.Plural(int64(n), one, one+"s") }

func draftPattern(e *env, args []string) error {
	in := e.stdin
	if len(args) > 0 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return usagef("%w", err)
		}
		defer f.Close()
		in = f
	} else if e.stdinTTY {
		return usagef("new reads a log line from standard input: echo '…' | wolfdiag patterns new")
	}
	text, err := io.ReadAll(io.LimitReader(in, 64<<10))
	if err != nil {
		return fmt.Errorf("read the log line: %w", err)
	}
	cat, err := builtin()
	if err != nil {
		return err
	}
	message := messageOf(text)
	var also []string
	for _, m := range cat.Explain(&patterns.Subject{Text: []byte(message)}).Matches {
		also = append(also, m.Pattern.ID)
		e.warnf("the catalogue knows this line: %s (%s)", m.Pattern.ID, m.Pattern.Title)
	}
	draft := patterns.Draft(message, also...)
	if draft == "" {
		return usagef("new wants a log line, and got nothing")
	}
	if own, err := patterns.Parse(patterns.UserFile{Name: "draft", Data: []byte(draft)}); err == nil {
		for _, f := range own.Lint() {
			if f.Grade == patterns.LintError {
				e.warnf("the draft needs work: %s", f.Msg)
			}
		}
	}
	_, err = fmt.Fprint(e.stdout, draft)
	return err
}
