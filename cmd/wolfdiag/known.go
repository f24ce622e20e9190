package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze/known"
	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
)

// knownAddOptions are the flags of `wolfdiag known add`.
type knownAddOptions struct {
	args       []string
	catalogues []string
	file       string
	why        string
	until      string
	service    string
}

func knownCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:  "known",
		Usage: "keep a list of what is harmless in this deployment, for --known",
		Subcommands: []*cli.Command{{
			Name: "add", ArgsUsage: "LINE|-", Usage: "write an entry from a log line",
			Description: "The line may be as the log has it, with compose's prefix, times and level. Its numbers do not matter.\n" +
				"An entry that a text matches by itself is written; edit the file for one by pattern or template.",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "known", Usage: "write to `FILE`, which is made when it is missing"},
				&cli.StringFlag{Name: "why", Usage: "`WHY` it is harmless here, for whoever reads the report"},
				&cli.StringFlag{Name: "until", Usage: "the last `DAY` on which that holds, such as 2027-01-31"},
				&cli.StringFlag{Name: "service", Usage: "only what the service `NAME` says"},
				catalogueFlag(),
			},
			Action: func(c *cli.Context) error {
				o := knownAddOptions{args: c.Args().Slice(), catalogues: c.StringSlice("catalogue"), file: c.String("known"),
					why: c.String("why"), until: c.String("until"), service: c.String("service")}
				return o.run(e)
			},
		}},
	}
}

func (o *knownAddOptions) validate(e *env) error {
	switch {
	case o.file == "":
		return usagef("known add: --known FILE is missing: where to write the entry")
	case strings.TrimSpace(o.why) == "":
		return usagef("known add: --why is missing: why it is harmless here")
	case len(o.args) > 1:
		return usagef("known add: want one line, in quotes, or - for standard input")
	case len(o.args) == 0 && e.stdinTTY:
		return usagef("known add: want the line, or - for standard input")
	}
	if _, err := patterns.ParseDay(o.until); o.until != "" && err != nil {
		return usagef("--until %q: want a day such as 2027-01-31", o.until)
	}
	return nil
}

// message is what the line says, without transport and header; of a record of
// several lines all of them.
func (o *knownAddOptions) message(e *env) (string, error) {
	var text []byte
	if len(o.args) == 1 && o.args[0] != "-" {
		text = []byte(o.args[0])
	} else {
		var err error
		if text, err = io.ReadAll(io.LimitReader(e.stdin, 64<<10)); err != nil {
			return "", fmt.Errorf("read the log line: %w", err)
		}
	}
	p := logline.NewParser()
	var lines []string
	for line := range bytes.Lines(bytes.TrimSpace(text)) {
		var r logline.Record
		p.Parse(bytes.TrimRight(line, "\r\n"), &r)
		lines = append(lines, string(logline.CleanText(nil, r.Text)))
	}
	message := strings.TrimSpace(strings.Join(lines, "\n"))
	if message == "" {
		return "", usagef("known add: want a log line, and got nothing")
	}
	return message, nil
}

func (o *knownAddOptions) run(e *env) error {
	if err := o.validate(e); err != nil {
		return err
	}
	cat, err := catalogue(o.catalogues)
	if err != nil {
		return err
	}
	message, err := o.message(e)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(o.file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usagef("--known: %w", err)
	}
	list, err := patterns.LoadKnown(patterns.UserFile{Name: o.file, Data: old}, cat)
	if err != nil {
		return usagef("--known: nothing was added, for the file is broken:\n%w", err)
	}
	have := known.New(list)
	have.At(e.now())
	if i := have.Message([]byte(message), o.service); i != known.None {
		_, err := fmt.Fprintf(e.stdout, "%s: known already: %s\n", list[i].Place(), list[i].Why)
		return err
	}
	data := append(bytes.Clone(old), o.entry(message, len(old) > 0)...)
	if _, err := patterns.LoadKnown(patterns.UserFile{Name: o.file, Data: data}, cat); err != nil {
		return usagef("known add: no entry can be made of this:\n%w", err)
	}
	if err := replaceFile(o.file, data); err != nil {
		return fmt.Errorf("write %s: %w", o.file, err)
	}
	_, err = fmt.Fprintf(e.stdout, "%s: added: %s\n", o.file, strings.ReplaceAll(message, "\n", " ⏎ "))
	return err
}

// entry is the text of the new entry.
func (o *knownAddOptions) entry(message string, more bool) string {
	var b strings.Builder
	if more {
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "[[known]]\ntext = %s\n", strconv.Quote(message))
	if o.service != "" {
		fmt.Fprintf(&b, "service = %s\n", strconv.Quote(o.service))
	}
	fmt.Fprintf(&b, "why = %s\n", strconv.Quote(strings.TrimSpace(o.why)))
	if o.until != "" {
		fmt.Fprintf(&b, "until = %s\n", o.until)
	}
	return b.String()
}

// replaceFile writes a file whole or not at all, by a rename: who reads it sees the
// old one or the new one.
func replaceFile(name string, data []byte) error {
	mode := fs.FileMode(0o644)
	if st, err := os.Stat(name); err == nil {
		mode = st.Mode().Perm()
	}
	t, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(t.Name())
	_, err = t.Write(data)
	if err := errors.Join(err, t.Chmod(mode), t.Sync(), t.Close()); err != nil {
		return err
	}
	return os.Rename(t.Name(), name)
}
