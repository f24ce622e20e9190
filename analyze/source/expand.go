package source

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ExpandOptions tell Expand how far to go.
type ExpandOptions struct {
	// Hidden also reads files and folders whose name starts with a dot. A
	// hidden one that is named itself is always read.
	Hidden bool
	// MaxFiles bounds how many inputs one folder may bring; 0 means 20000.
	MaxFiles int
}

const maxDepth = 64

// Expand returns what is to be read for args, in reading order, and what
// cannot be. "-" is standard input; a folder brings every file in it, and in
// the folders below, that is text or compressed text, with the sets that a
// rotator made in the order they were written; a file named twice is read once
// and says so in its Notes. Neighbouring arguments that belong to one rotated
// set (what a shell makes of wolf.log*) are put into that order too, all others
// stay as given. Nothing but the first 4 KiB of files in folders is read.
func Expand(args []string, o ExpandOptions) (inputs []Input, problems []Problem) {
	if o.MaxFiles <= 0 {
		o.MaxFiles = 20000
	}
	e := &expander{o: o, seen: map[string]int{}}
	for _, arg := range orderArgs(args) {
		e.argument(arg)
	}
	return e.inputs, e.problems
}

// orderArgs sorts every run of neighbouring arguments of one rotated set.
func orderArgs(args []string) []string {
	out := slices.Clone(args)
	ord := newOrderer(out)
	for i := 0; i < len(out); {
		j := i + 1
		for j < len(out) && ord.base(out[j]) == ord.base(out[i]) {
			j++
		}
		slices.SortStableFunc(out[i:j], ord.compare)
		i = j
	}
	return out
}

// argument adds one thing the operator named.
func (e *expander) argument(arg string) {
	switch arg {
	case "":
		e.fail(`""`, ErrEmptyName)
		return
	case "-":
		e.add("-", Input{Name: "-", Kind: KindStdin, Size: -1})
		return
	}
	info, err := os.Stat(arg)
	if err != nil {
		e.fail(arg, err)
		return
	}
	switch mode := info.Mode(); {
	case mode.IsDir():
		e.folder(arg)
	case mode.IsRegular():
		e.named(arg, info)
	case mode&fs.ModeNamedPipe != 0:
		e.add(canonical(arg), Input{Name: arg, Path: arg, Kind: KindPipe, Size: -1})
	default:
		e.fail(arg, fmt.Errorf("%s: %w", modeName(mode), ErrNotALog))
	}
}

// named adds a regular file that the operator named: whatever is in it, or what
// is in the archive it is.
func (e *expander) named(arg string, info fs.FileInfo) {
	in := Input{Name: arg, Path: arg, Kind: KindFile, Size: info.Size()}
	if dumpName(arg) {
		in.Kind = KindDump
	} else if v, err := probeFile(arg); err != nil {
		e.fail(arg, err)
		return
	} else if v == probeArchive {
		e.fail(arg, ErrArchive)
		return
	} else if v == probeBundle {
		e.archived(arg, &archive{path: arg}, 0, false)
		return
	}
	in.Container = containerBeside(arg)
	e.add(canonical(arg), in)
}

// folder adds what is in a folder that the operator named.
func (e *expander) folder(dir string) {
	w := walker{e: e, dirs: map[string]bool{canonical(dir): true}}
	before := len(e.problems)
	w.walk(dir, 0)
	if len(w.archives) > 0 {
		e.problems = append(e.problems, Problem{Name: dir, Passed: true,
			Err: fmt.Errorf("archives are not looked into: %s; %w", few(w.archives, 3), ErrArchives)})
	}
	switch {
	case w.full:
		e.fail(dir, ErrTooMany)
	case w.found == 0 && len(e.problems) == before:
		e.fail(dir, ErrNoLogs)
	}
}

type walker struct {
	e        *expander
	dirs     map[string]bool // canonical folders on and off the path: a cycle ends at a known one
	archives []string        // base names
	found    int
	full     bool
}

func (w *walker) walk(dir string, depth int) {
	if depth > maxDepth {
		w.e.fail(dir, ErrTooDeep)
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		w.e.fail(dir, err)
	}
	names := make([]string, 0, len(entries))
	for _, d := range entries {
		if w.e.o.Hidden || !strings.HasPrefix(d.Name(), ".") {
			names = append(names, d.Name())
		}
	}
	slices.SortFunc(names, newOrderer(names).compare)
	for _, name := range names {
		if w.full {
			return
		}
		w.entry(filepath.Join(dir, name), depth)
	}
}

func (w *walker) entry(path string, depth int) {
	info, err := os.Stat(path)
	if err != nil {
		w.e.fail(path, err)
		return
	}
	if info.IsDir() {
		if key := canonical(path); !w.dirs[key] {
			w.dirs[key] = true
			w.walk(path, depth+1)
		}
		return
	}
	if dockerFiles[filepath.Base(path)] && fileExists(filepath.Join(filepath.Dir(path), dockerConfig)) {
		return // told with the log of the container
	}
	if !info.Mode().IsRegular() || secretName(path) {
		return // sockets and devices are at home in a run-time folder
	}
	in := Input{Name: path, Path: path, Kind: KindFile, Size: info.Size()}
	if dumpName(path) {
		in.Kind = KindDump
	} else if v, err := probeFile(path); err != nil {
		w.e.fail(path, err)
		return
	} else if v != probeText {
		if v == probeBundle {
			if w.found++; w.found <= w.e.o.MaxFiles {
				w.e.archived(path, &archive{path: path}, 0, true)
				return
			}
			w.full = true
		}
		if v == probeArchive {
			w.archives = append(w.archives, filepath.Base(path))
		}
		return
	}
	if w.found++; w.found > w.e.o.MaxFiles {
		w.full = true
		return
	}
	in.Container = containerBeside(path)
	w.e.add(canonical(path), in)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// canonical returns one name for all the ways to say a path.
func canonical(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return path
}

func modeName(m fs.FileMode) string {
	switch {
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "a special file"
}
