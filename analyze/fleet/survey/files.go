package survey

import (
	"os"
	"path/filepath"
	"strings"

	"wolfdiag/analyze/source"
)

// FromFiles makes hosts of files and folders: a file is a host, named after it
// (gpu-017.log is gpu-017); of a folder each entry is one, a file or a folder
// with all that is in it. Problems name what will not be read.
func FromFiles(args []string) (hosts []Host, problems []source.Problem) {
	f := &files{byName: map[string]int{}}
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
	h := Host{Name: hostName(path), Inputs: inputs}
	for _, p := range problems {
		if !p.Passed {
			h.Problems = append(h.Problems, p)
		}
	}
	if i, twice := f.byName[h.Name]; twice { // parts of a rotated set, or two folders with the same names
		f.hosts[i].Inputs = append(f.hosts[i].Inputs, h.Inputs...)
		f.hosts[i].Problems = append(f.hosts[i].Problems, h.Problems...)
		return
	}
	f.byName[h.Name] = len(f.hosts)
	f.hosts = append(f.hosts, h)
}

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
