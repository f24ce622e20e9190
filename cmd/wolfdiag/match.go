package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/source"
	"wolfdiag/patterns"
)

type subcommand func(name, args, usage string, flags []cli.Flag, run func(*cli.Context, *patterns.Catalogue) error) *cli.Command

func matchCommand(e *env, sub subcommand) *cli.Command {
	return sub("match", "FILE|-", "say line by line which patterns match and why", []cli.Flag{
		&cli.BoolFlag{Name: "near", Usage: "show also what came close and was refused, with the reason"},
		&cli.IntFlag{Name: "max", Value: 10_000, Usage: "stop after `N` lines that say something"},
	}, func(c *cli.Context, cat *patterns.Catalogue) error {
		return matchLines(c.Context, e, cat, c.Args().Slice(), c.Bool("near"), c.Int("max"))
	})
}

// messageOf is the message of the first line of text, without transport and
// header: what patterns are matched against.
func messageOf(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	var r logline.Record
	logline.NewParser().Parse(line, &r)
	return string(logline.CleanText(nil, r.Text))
}

func matchLines(ctx context.Context, e *env, cat *patterns.Catalogue, args []string, near bool, limit int) error {
	if len(args) == 0 {
		if e.stdinTTY {
			return usagef("match wants a file, or - for standard input")
		}
		args = []string{"-"}
	}
	inputs, problems := source.Expand(args, source.ExpandOptions{})
	failed := false
	for _, p := range problems {
		e.warnf("%v", p)
		failed = failed || !p.Passed
	}
	shown, opened := 0, 0
	for _, in := range inputs {
		r, err := source.Open(ctx, in, e.stdin, source.Options{})
		if err != nil {
			e.warnf("%v", err)
			failed = true
			continue
		}
		opened++
		err = matchInput(e.stdout, cat, in.Name, r, near, limit, &shown)
		_ = r.Close()
		var damage *source.DamageError
		switch {
		case errors.As(err, &damage):
			e.warnf("%v", err)
			failed = true
		case err != nil:
			return err
		}
	}
	switch {
	case opened == 0:
		return exitWith(exitNoInput)
	case failed:
		return exitWith(exitPartial)
	}
	return nil
}

func matchInput(w io.Writer, cat *patterns.Catalogue, name string, r *source.Reader, near bool, limit int, shown *int) error {
	m := cat.Matcher()
	p := logline.NewParser()
	var found []patterns.Match
	for line := 1; ; {
		b, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for text := range bytes.Lines(b.Data) {
			var rec logline.Record
			p.Parse(bytes.TrimRight(text, "\r\n"), &rec)
			s := patterns.Subject{Text: rec.Text, Format: rec.Format.String(), Component: rec.Component, Function: rec.Function, Element: rec.Element}
			if found = m.Match(found[:0], &s, nil); len(found) > 0 || near {
				if explainLine(w, cat, name, line, &rec, &s, near) {
					*shown++
				}
			}
			if line++; *shown >= limit {
				fmt.Fprintf(w, "stopped after %d lines (--max)\n", limit)
				b.Release()
				return nil
			}
		}
		b.Release()
	}
}

// explainLine prints what the catalogue makes of a line; false when nothing.
func explainLine(w io.Writer, cat *patterns.Catalogue, name string, line int, rec *logline.Record, s *patterns.Subject, near bool) bool {
	x := cat.Explain(s)
	if len(x.Matches) == 0 && len(x.NearMisses) == 0 {
		return false
	}
	clean := func(b []byte) string { return plainText(string(b)) }
	fmt.Fprintf(w, "%s:%d [%s %s] %s\n", plainText(name), line, rec.Format, rec.Level, clean(rec.Text))
	if x.English != "" {
		fmt.Fprintf(w, "  read as %s\n", clean([]byte(x.English)))
	}
	for _, m := range x.Matches {
		fmt.Fprintf(w, "  = %s (%s): %s\n", m.Pattern.ID, m.Pattern.Role, m.Pattern.Title)
		fmt.Fprintf(w, "      by %q, found by literal %s\n", clean([]byte(m.Span)), quoteAll(m.Literals))
		for _, c := range m.Captures {
			fmt.Fprintf(w, "      %s = %s\n", c.Name, clean(c.Value))
		}
		if m.Decoded != "" {
			fmt.Fprintf(w, "      decoded: %s\n", m.Decoded)
		}
	}
	if near {
		for _, n := range x.NearMisses {
			fmt.Fprintf(w, "  ~ %s: has %q, but %s\n", n.Pattern.ID, n.Literal, n.Reason)
		}
	}
	return true
}

func quoteAll(list []string) string {
	q := make([]string, len(list))
	for i, s := range list {
		q[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(q, ", ")
}
