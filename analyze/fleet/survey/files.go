package survey

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wolfdiag/analyze/records"
	"wolfdiag/analyze/source"
)

// FromFiles makes hosts of files and folders: a file is a host, named after it
// (gpu-017.log is gpu-017); of a folder each entry is one, a file or a folder
// with all that is in it. A file of records of several hosts, as engines and
// shippers print them, is those hosts, told apart by the label by; it is read once
// for each of them. Problems name what will not be read.
func FromFiles(ctx context.Context, args []string, by string) (hosts []Host, problems []source.Problem) {
	f := &files{ctx: ctx, by: by, byName: map[string]int{}}
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil || !info.IsDir() {
			f.add(arg)
			continue
		}
		entries, err := os.ReadDir(arg)
		if err != nil {
			f.problems = append(f.problems, source.Problem{Name: arg, Err: err})
			continue
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), ".") {
				f.add(filepath.Join(arg, e.Name()))
			}
		}
	}
	return f.hosts, f.problems
}

type files struct {
	ctx      context.Context
	by       string // label that tells hosts apart; "": the first known one
	hosts    []Host
	problems []source.Problem
	byName   map[string]int
}

// add adds what one path holds.
func (f *files) add(path string) {
	inputs, problems := source.Expand([]string{path}, source.ExpandOptions{})
	if len(inputs) == 0 {
		f.problems = append(f.problems, problems...)
		return
	}
	var own []source.Input
	for _, in := range inputs {
		names, err := f.recorded(in)
		switch {
		case err != nil:
			f.problems = append(f.problems, source.Problem{Name: in.Name, Err: err})
		case len(names) == 0:
			own = append(own, in)
		}
		for _, name := range names {
			in.Host = &name
			f.host(cmp.Or(name, hostName(path)), in)
		}
	}
	var bad []error
	for _, p := range problems {
		if !p.Passed {
			bad = append(bad, p)
		}
	}
	if len(own)+len(bad) > 0 {
		h := f.host(hostName(path), own...)
		h.Problems = append(h.Problems, bad...)
	}
}

// host adds inputs to a host: parts of a rotated set, or two folders with the
// same names, are one.
func (f *files) host(name string, inputs ...source.Input) *Host {
	i, known := f.byName[name]
	if !known {
		i = len(f.hosts)
		f.byName[name] = i
		f.hosts = append(f.hosts, Host{Name: name})
	}
	f.hosts[i].Inputs = append(f.hosts[i].Inputs, inputs...)
	return &f.hosts[i]
}

// recorded lists the hosts whose records an input holds; none where it holds
// none, or those of one host.
func (f *files) recorded(in source.Input) ([]string, error) {
	if in.Kind != source.KindFile && in.Kind != source.KindMember {
		return nil, nil
	}
	r, err := source.Open(f.ctx, in, nil, source.Options{Ahead: -1})
	if err != nil {
		return nil, nil // whoever reads it says so
	}
	defer r.Close()
	if is, _ := records.Sniff(r.Peek(4 << 10)); !is {
		return nil, nil
	}
	r.LongLines(records.MaxLine)
	known := map[string]bool{}
	d := records.Decoder{By: f.by, Take: func(host, _ []byte) {
		if len(known) <= maxFileHosts && !known[string(host)] {
			known[string(host)] = true
		}
	}}
	for {
		b, err := r.Next()
		if err != nil {
			break // as above
		}
		for line := range bytes.Lines(b.Data) {
			d.Line(line)
		}
		b.Release()
	}
	d.Close()
	switch {
	case len(known) > maxFileHosts:
		return nil, fmt.Errorf("has records of more than %d hosts: is the label right?", maxFileHosts)
	case len(known) == 1 && known[""]:
		return nil, nil
	}
	return slices.Sorted(maps.Keys(known)), nil
}

// maxFileHosts is how many hosts one file may hold.
const maxFileHosts = 10_000

// hostName is the name of a file without what says that it is a log:
// gpu-017.log, gpu-017.log.1.gz.
func hostName(path string) string {
	name := filepath.Base(filepath.Clean(path))
	for {
		ext := strings.ToLower(filepath.Ext(name))
		switch {
		case ext == name || ext == "":
			return name
		case ext == ".log", ext == ".txt", ext == ".json", ext == ".jsonl", ext == ".ndjson",
			ext == ".gz", ext == ".zst", ext == ".xz", ext == ".bz2", ext == ".tar", ext == ".tgz", ext == ".zip", len(ext) == 2 && ext[1] >= '0' && ext[1] <= '9':
			name = name[:len(name)-len(ext)]
		default:
			return name
		}
	}
}
