package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"wolfdiag/analyze/redact"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/source/rotation"
)

// redactOptions are the flags of `wolfdiag redact`.
type redactOptions struct {
	args   []string
	out    string
	force  bool
	report bool
	rules  bool
}

func redactCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:      "redact",
		Usage:     "mask a log or a folder of logs for sharing",
		ArgsUsage: "[LOG|DIR|-]...",
		Description: "Masks addresses, ids, keys, passwords, tokens, names of users and machines, line by line. The same value has\n" +
			"the same stand-in in all files of a run, and what failed can still be told from the masked log.\n" +
			"Typical use: docker compose logs wolf | wolfdiag redact > wolf.masked.log, wolfdiag redact incident/ -o share/",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "write to `OUT`: a file, or a folder when there is more than one file (default: standard output)"},
			&cli.BoolFlag{Name: "force", Usage: "replace files that are there"},
			&cli.BoolFlag{Name: "redact-report", Usage: "list on stderr what was masked, by kind and count, without values"},
			&cli.BoolFlag{Name: "rules", Usage: "list what is masked, as JSON, and read nothing"},
		},
		Action: func(c *cli.Context) error {
			o := redactOptions{args: c.Args().Slice(), out: c.String("out"), force: c.Bool("force"), report: c.Bool("redact-report"), rules: c.Bool("rules")}
			return o.run(c.Context, e)
		},
	}
}

// redactRun is one run of the command.
type redactRun struct {
	o      *redactOptions
	e      *env
	r      *redact.Redactor
	folder bool   // out is one
	root   string // what is taken off the names of files below out
	taken  map[string]bool
	read   int  // files
	failed bool // something was not read or not written whole
}

func (o *redactOptions) run(ctx context.Context, e *env) error {
	if o.rules {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(redact.Rules())
	}
	if len(o.args) == 0 {
		if e.stdinTTY {
			return usagef("nothing to mask: name a log or a folder, or pipe a log in: docker compose logs wolf | wolfdiag redact")
		}
		o.args = []string{"-"}
	}
	x := &redactRun{o: o, e: e, r: redact.ForLogs(), taken: map[string]bool{}}
	inputs, problems := source.Expand(o.args, source.ExpandOptions{})
	if err := x.validate(inputs); err != nil {
		return err
	}
	for _, p := range problems {
		e.warnf("%v", p)
		x.failed = x.failed || !p.Passed
	}
	for _, in := range inputs {
		if err := x.file(ctx, in); err != nil {
			if ctx.Err() != nil {
				e.warnf("interrupted: what was masked so far is whole lines")
				return exitWith(exitPartial)
			}
			if w := new(writeError); errors.As(err, &w) {
				return err
			}
			x.failed = true
			e.warnf("%v", err)
			continue
		}
		x.read++
	}
	if o.report {
		if err := x.writeReport(); err != nil {
			return err
		}
	}
	switch {
	case x.read == 0:
		return exitWith(exitNoInput)
	case x.failed:
		return exitWith(exitPartial)
	}
	return nil
}

// validate decides where the output goes, before anything is read or written.
func (x *redactRun) validate(inputs []source.Input) error {
	o := x.o
	dirs := 0
	for _, arg := range o.args {
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			dirs++
			x.root = arg
		}
	}
	if len(o.args) == 1 && len(inputs) > 0 && inputs[0].Kind == source.KindMember {
		x.root = o.args[0] // an archive is masked as the folder that it holds
	}
	if x.folder = dirs > 0 || len(o.args) > 1 || len(inputs) > 1; !x.folder {
		return x.validateFile(inputs)
	}
	if o.out == "" {
		return usagef("more than one file to mask: name a folder for them with -o")
	}
	if len(o.args) > 1 {
		x.root = ""
	}
	info, err := os.Stat(o.out)
	switch {
	case err == nil && !info.IsDir():
		return usagef("-o %s: is a file, want a folder", o.out)
	case err == nil && !o.force:
		if list, err := os.ReadDir(o.out); err != nil || len(list) > 0 {
			return usagef("-o %s: holds files already; name another folder, or say --force", o.out)
		}
	}
	for _, arg := range o.args { // else a second run would mask the first one's output
		if inside(arg, o.out) {
			return usagef("-o %s: lies within %s, which is being masked", o.out, arg)
		}
	}
	return nil
}

func (x *redactRun) validateFile(inputs []source.Input) error {
	o := x.o
	if o.out == "" || o.out == "-" {
		o.out = ""
		return nil
	}
	info, err := os.Stat(o.out)
	if err != nil {
		return nil
	}
	for _, in := range inputs {
		if own, err := os.Stat(in.Path); err == nil && os.SameFile(own, info) {
			return usagef("-o %s: is the log itself", o.out)
		}
	}
	switch {
	case info.IsDir():
		x.folder = true
		if len(inputs) == 1 && inputs[0].Path != "" {
			x.root = filepath.Dir(inputs[0].Path)
		}
	case info.Mode().IsRegular() && !o.force:
		return usagef("-o %s: is there already; name another file, or say --force", o.out)
	}
	return nil
}

// inside reports whether path lies within dir.
func inside(dir, path string) bool {
	d, err1 := filepath.Abs(dir)
	p, err2 := filepath.Abs(path)
	if err1 != nil || err2 != nil {
		return false
	}
	rel, err := filepath.Rel(d, p)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// writeError is one of the output: nothing more can be written.
type writeError struct{ err error }

func (w *writeError) Error() string { return "write the masked log: " + w.err.Error() }
func (w *writeError) Unwrap() error { return w.err }

// target is where the masked copy of an input goes; its name is masked too, and
// says no more that it is compressed.
func (x *redactRun) target(in source.Input) string {
	name := in.Path
	switch in.Kind {
	case source.KindStdin:
		name = "stdin.log"
	case source.KindMember:
		name = in.Name
	}
	if rel, err := filepath.Rel(x.root, name); err == nil && x.root != "" {
		name = rel
	} else if len(x.o.args) > 1 || filepath.IsAbs(name) {
		name = strings.TrimPrefix(filepath.Clean("/"+name), "/") // no .. leads out of the folder
	}
	name, _ = rotation.StripCompression(name)
	parts := strings.Split(filepath.ToSlash(name), "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(x.r.Text(p), "/", "_")
	}
	name = filepath.Join(parts...)
	unique := name
	for n := 2; x.taken[unique]; n++ {
		unique = fmt.Sprintf("%s.%d", name, n)
	}
	x.taken[unique] = true
	return filepath.Join(x.o.out, unique)
}

// file masks one input. Its copy appears under its name when it is whole.
func (x *redactRun) file(ctx context.Context, in source.Input) error {
	if x.o.out == "" {
		return x.copyTo(ctx, x.e.stdout, in)
	}
	path := x.o.out
	if x.folder {
		path = x.target(in)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &writeError{err}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".wolfdiag-*")
	if err != nil {
		return &writeError{err}
	}
	defer os.Remove(f.Name()) // fails when it has its name
	damage := x.copyTo(ctx, f, in)
	if err := f.Close(); err != nil {
		return &writeError{err}
	}
	var d *source.DamageError
	if damage != nil && !errors.As(damage, &d) && ctx.Err() == nil {
		return damage
	}
	if at := writtenAt(in); !at.IsZero() { // the time of a crash dump is that of the crash
		_ = os.Chtimes(f.Name(), time.Time{}, at)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return &writeError{err}
	}
	return damage
}

// writtenAt is when an input was last written; zero where that is not known.
func writtenAt(in source.Input) time.Time {
	if in.Kind == source.KindMember || in.Path == "" {
		return in.ModTime
	}
	if info, err := os.Stat(in.Path); err == nil && info.Mode().IsRegular() {
		return info.ModTime()
	}
	return time.Time{}
}

const (
	maxRedactLine = 16 << 20 // a longer line is cut, and said to be
	maxDump       = 8 << 20
)

// copyTo writes the masked text of an input.
func (x *redactRun) copyTo(ctx context.Context, w io.Writer, in source.Input) error {
	if in.Kind == source.KindDump {
		if done, err := x.dump(w, in); done {
			return err
		}
	}
	ctx, stop := context.WithCancel(ctx) // ends a read when nothing can be written any more
	defer stop()
	r, err := source.Open(ctx, in, x.e.stdin, source.Options{MaxLine: maxRedactLine, Ahead: -1})
	if err != nil {
		return err
	}
	defer r.Close()
	out := bufio.NewWriterSize(w, 64<<10)
	failed := false
	write := func(masked []byte) error {
		_, err := out.Write(masked)
		if err == nil && (in.Kind == source.KindStdin || in.Kind == source.KindPipe) { // somebody may be watching
			err = out.Flush()
		}
		if err != nil {
			failed = true
			stop()
		}
		return err
	}
	next := func() (redact.Block, error) {
		b, err := r.Next()
		if err != nil {
			return redact.Block{}, err
		}
		return redact.Block{Text: b.Data, Release: b.Release}, nil
	}
	err = x.r.Stream(runtime.GOMAXPROCS(0), next, write)
	if failed {
		return &writeError{err}
	}
	if flush := out.Flush(); flush != nil {
		return &writeError{flush}
	}
	if n := r.Stats().CutLines; n > 0 {
		x.failed = true
		x.e.warnf("%s: %s longer than %d MiB cut", in.Name, counted(n, "line", "lines"), maxRedactLine>>20)
	}
	if err == io.EOF {
		return nil
	}
	return err
}

var errUnknownDump = errors.New("left out: a crash dump of no known layout may hold anything")

// dump masks a crash dump in binary form. done is false for one that is text.
func (x *redactRun) dump(w io.Writer, in source.Input) (done bool, err error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return true, err
	}
	defer f.Close()
	head := io.LimitReader(f, maxDump+1)
	data, err := io.ReadAll(head)
	if err != nil {
		return true, err
	}
	if plain, name, err := source.Decompress(strings.NewReader(string(data))); name != "" && err == nil {
		defer plain.Close()
		if data, err = io.ReadAll(io.LimitReader(plain, maxDump+1)); err != nil {
			return true, fmt.Errorf("%s: %w", in.Name, err)
		}
	}
	if out, ok := x.r.Dump(data); ok && len(data) <= maxDump {
		if _, err := w.Write(out); err != nil {
			return true, &writeError{err}
		}
		return true, nil
	}
	if strings.IndexByte(string(data), 0) < 0 && len(data) <= maxDump {
		return false, nil
	}
	return true, fmt.Errorf("%s: %w", in.Name, errUnknownDump)
}

// writeReport lists on stderr what was masked.
func (x *redactRun) writeReport() error {
	counts := x.r.Counts()
	var total int64
	for _, c := range counts {
		total += c.Count
	}
	w := bufio.NewWriter(x.e.stderr)
	fmt.Fprintf(w, "masked %s in %s\n", counted(total, "value", "values"), counted(int64(x.read), "file", "files"))
	for _, c := range counts {
		different := ""
		if c.Values > 0 {
			different = fmt.Sprintf(" (%d different of kind %s)", c.Values, c.Kind)
		}
		fmt.Fprintf(w, "%8d  %-18s %s%s\n", c.Count, c.Rule, c.Masks, different)
	}
	return w.Flush()
}
