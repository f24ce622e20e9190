package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// manCommand prints the manual, made from the commands themselves.
func manCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: "print the manual page (wolfdiag man | man -l -)",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "markdown", Usage: "print it as Markdown"}},
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return usagef("man takes no arguments, got %q; it prints the whole manual, and --help of a command what is said of that one", name)
			}
			var page manual = &roff{}
			if c.Bool("markdown") {
				page = &markdownManual{}
			}
			writeManual(page, c.App)
			_, err := fmt.Fprint(e.stdout, page)
			return err
		},
	}
}

// manual is a page in some markup. Its methods take plain text.
type manual interface {
	title(name, usage string)
	head(s string)
	sub(s string)
	command(words, arguments string)
	para(s string)
	flag(names []string, value, usage string)
	item(term, s string)
	code(s, about string)
	String() string
}

var manExamples = [][2]string{
	{"docker compose logs wolf | wolfdiag analyze", "why sessions fail"},
	{"wolfdiag analyze incident/ --dumps /etc/wolf", "the same from everything there is: logs, nvidia-smi, docker stats, dumps"},
	{"docker compose logs -f wolf | wolfdiag follow --snapshot /var/log/wolf-incidents", "say so the moment it happens, and keep the evidence"},
	{"wolfdiag dumps /etc/wolf --symbols /usr/lib/debug", "what crashes, how often, and where in the code"},
	{"wolfdiag analyze wolf.log --format markdown > report.md", "a report to share, without addresses, ids, keys and names in it"},
}

var manEnvironment = [][2]string{
	{"NO_COLOR", "when set, no colour is used unless --color always asks for it"},
	{"TERM", "no colour on a terminal called dumb"},
	{"LC_ALL, LC_CTYPE, LANG", "text is drawn with ASCII alone when the locale is not of UTF-8"},
}

func writeManual(m manual, app *cli.App) {
	m.title(app.Name, app.Usage)
	m.head("Synopsis")
	for _, c := range app.Commands {
		m.command(app.Name+" "+c.Name, argumentsLine(c))
	}
	m.head("Description")
	m.para(app.Description)
	m.para("Flags may stand before or after the arguments. Every command has --help.")
	m.head("Commands")
	for _, c := range app.Commands {
		manualOf(m, app.Name, c)
	}
	m.head("Examples")
	for _, x := range manExamples {
		m.code(x[0], x[1])
	}
	m.head("Exit status")
	for _, x := range exitMeanings {
		m.item(fmt.Sprint(x.code), x.text)
	}
	m.head("Environment")
	for _, x := range manEnvironment {
		m.item(x[0], x[1])
	}
}

// argumentsLine is what stands behind a command's name.
func argumentsLine(c *cli.Command) string {
	s := c.ArgsUsage
	if s == "" {
		s = strings.Join(namesOf(c.Subcommands), "|")
	}
	if len(c.VisibleFlags()) > 1 { // more than --help
		s = strings.TrimSpace("[FLAG]... " + s)
	}
	return s
}

func manualOf(m manual, above string, c *cli.Command) {
	name := above + " " + c.Name
	arguments := c.ArgsUsage
	if len(c.Subcommands) > 0 && arguments == "" {
		arguments = "COMMAND"
	}
	m.sub(strings.TrimSpace(name + " " + arguments))
	about := upper(c.Usage) + "."
	if c.Description != "" {
		about += " " + c.Description
	}
	m.para(about)
	for _, f := range c.VisibleFlags() {
		d, ok := f.(cli.DocGenerationFlag)
		if !ok || f.Names()[0] == "help" {
			continue
		}
		value, usage := unquoted(d.GetUsage())
		if !d.TakesValue() {
			value = ""
		}
		if t := d.GetDefaultText(); t != "" && d.TakesValue() {
			usage += " (default: " + t + ")"
		}
		var names []string
		for _, n := range f.Names() {
			names = append(names, dashed(n))
		}
		m.flag(names, value, usage)
	}
	for _, s := range c.Subcommands {
		manualOf(m, name, s)
	}
}

// dashed is a flag's name as it is typed.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// unquoted takes the name of a flag's value, which stands in back quotes, out of
// its usage.
func unquoted(usage string) (value, plain string) {
	before, rest, ok := strings.Cut(usage, "`")
	if !ok {
		return "VALUE", usage
	}
	value, after, _ := strings.Cut(rest, "`")
	return value, before + value + after
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// roff writes for man(1).
type roff struct{ strings.Builder }

// roffText escapes what roff would read as its own.
func roffText(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "…", "...").Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}

func (r *roff) title(name, usage string) {
	fmt.Fprintf(r, ".TH %s 1 \"\" %s \"User Commands\"\n.SH NAME\n%s \\- %s\n", strings.ToUpper(name), name, roffText(name), roffText(usage))
}

func (r *roff) head(s string) { fmt.Fprintf(r, ".SH %s\n", roffText(strings.ToUpper(s))) }

func (r *roff) sub(s string) { fmt.Fprintf(r, ".SS \"%s\"\n", roffText(s)) }

func (r *roff) command(words, arguments string) {
	if arguments != "" {
		words += "\n" + arguments
	}
	fmt.Fprintf(r, ".B %s\n.br\n", roffText(words))
}

func (r *roff) para(s string) { fmt.Fprintf(r, ".PP\n%s\n", roffText(s)) }

func (r *roff) flag(names []string, value, usage string) {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = `\fB` + roffText(n) + `\fR`
	}
	term := strings.Join(list, ", ")
	if value != "" {
		term += ` \fI` + roffText(value) + `\fR`
	}
	fmt.Fprintf(r, ".TP\n%s\n%s\n", term, roffText(usage))
}

func (r *roff) item(term, s string) {
	fmt.Fprintf(r, ".TP\n\\fB%s\\fR\n%s\n", roffText(term), roffText(s))
}

func (r *roff) code(s, about string) {
	fmt.Fprintf(r, ".TP\n%s\n.nf\n%s\n.fi\n", roffText(upper(about)+":"), roffText(s))
}

// markdownManual writes Markdown.
type markdownManual struct{ strings.Builder }

func (m *markdownManual) title(name, usage string) { fmt.Fprintf(m, "# %s(1): %s\n", name, usage) }

func (m *markdownManual) head(s string) { fmt.Fprintf(m, "\n## %s\n\n", s) }

func (m *markdownManual) sub(s string) { fmt.Fprintf(m, "\n### `%s`\n\n", s) }

func (m *markdownManual) command(words, arguments string) {
	fmt.Fprintf(m, "- `%s`\n", strings.TrimSpace(words+" "+arguments))
}

func (m *markdownManual) para(s string) { fmt.Fprintf(m, "%s\n\n", markdownText(s)) }

// markdownText keeps placeholders and stars from being taken for markup.
func markdownText(s string) string {
	return strings.NewReplacer("<", "&lt;", "*", `\*`, "_", `\_`).Replace(s)
}

func (m *markdownManual) flag(names []string, value, usage string) {
	m.item(strings.TrimSpace(strings.Join(names, ", ")+" "+value), usage)
}

func (m *markdownManual) item(term, s string) { fmt.Fprintf(m, "- `%s`: %s\n", term, markdownText(s)) }

func (m *markdownManual) code(s, about string) {
	fmt.Fprintf(m, "%s:\n\n```sh\n%s\n```\n\n", upper(about), s)
}
