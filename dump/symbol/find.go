package symbol

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"
)

// Bounds on looking through folders.
const (
	maxIndexed = 300000 // files of one folder given with --symbols
	maxLinks   = 40     // symbolic links on one path
)

// root is one --symbols path.
type root struct {
	path string
	dir  bool
	// index lists the files below a folder by their last part; made on first use.
	index func() (map[string][]string, bool)
}

func newRoot(p string) (*root, error) {
	info, err := os.Stat(p)
	if err != nil {
		return nil, err
	}
	r := &root{path: filepath.Clean(p), dir: info.IsDir()}
	r.index = sync.OnceValues(r.walk)
	return r, nil
}

// walk lists files; symbolic links to folders are not followed, so a cycle of
// them ends nothing. It returns false when there were too many files.
func (r *root) walk() (map[string][]string, bool) {
	out := make(map[string][]string)
	n := 0
	whole := true
	_ = filepath.WalkDir(r.path, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // an unreadable folder hides only itself
		}
		if d.IsDir() {
			if virtual(p) {
				return filepath.SkipDir
			}
			return nil
		}
		if n++; n > maxIndexed {
			whole = false
			return filepath.SkipAll
		}
		if d.Type().IsRegular() || d.Type()&fs.ModeSymlink != 0 {
			out[d.Name()] = append(out[d.Name()], p)
		}
		return nil
	})
	return out, whole
}

// virtual are the folders of a running system that hold no files: reading them
// can wait for ever, and /proc leads into every process's own root.
func virtual(p string) bool {
	switch p {
	case "/proc", "/sys", "/dev", "/run":
		return true
	}
	return false
}

// inside resolves a path as if the root were /, so that absolute links of a
// copied container lead into the copy. It returns "" when there is no such file.
func (r *root) inside(p string) string {
	rest := strings.Split(path.Clean("/" + p)[1:], "/")
	var done []string
	links := 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			if len(done) > 0 {
				done = done[:len(done)-1]
			}
			continue
		}
		full := filepath.Join(r.path, filepath.Join(done...), part)
		info, err := os.Lstat(full)
		if err != nil {
			return ""
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done = append(done, part)
			continue
		}
		if links++; links > maxLinks {
			return "" // a cycle
		}
		target, err := os.Readlink(full)
		if err != nil {
			return ""
		}
		if path.IsAbs(target) {
			done = nil
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	full := filepath.Join(r.path, filepath.Join(done...))
	if info, err := os.Stat(full); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return full
}

// candidate is a file that may be the object wanted.
type candidate struct {
	path  string
	named bool // its name is the object's; otherwise it was merely given
}

// candidates lists files that may be an object, best first: the longest common
// end of the paths first. Objects have the path they were loaded by in the
// container, relative or absolute.
func candidates(roots []*root, module string) []candidate {
	module = path.Clean(strings.TrimSuffix(module, " (deleted)"))
	base := path.Base(module)
	var out []candidate
	seen := make(map[string]bool)
	add := func(p string, named bool) {
		if p != "" && !seen[p] {
			seen[p] = true
			out = append(out, candidate{p, named})
		}
	}
	parts := strings.Split(strings.TrimPrefix(module, "/"), "/")
	for len(parts) > 1 && (parts[0] == ".." || parts[0] == ".") {
		parts = parts[1:]
	}
	for i := range parts {
		for _, r := range roots {
			if r.dir {
				add(r.inside(strings.Join(parts[i:], "/")), true)
			}
		}
	}
	for _, r := range roots {
		b := filepath.Base(r.path)
		if !r.dir && (b == base || strings.TrimSuffix(b, ".debug") == base) {
			add(r.path, true)
		}
	}
	for _, r := range roots {
		if !r.dir {
			continue
		}
		index, _ := r.index()
		for _, name := range []string{base, base + ".debug"} {
			found := append([]string(nil), index[name]...)
			sort.Slice(found, func(i, j int) bool {
				a, b := commonEnd(found[i], module), commonEnd(found[j], module)
				if a != b {
					return a > b
				}
				return found[i] < found[j]
			})
			for _, p := range found {
				rel, err := filepath.Rel(r.path, p)
				if err == nil {
					add(r.inside(filepath.ToSlash(rel)), true)
				}
			}
		}
	}
	for _, r := range roots {
		if !r.dir {
			add(r.path, false)
		}
	}
	return out
}

// commonEnd counts the parts that two paths have in common at their ends.
func commonEnd(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(x) && n < len(y) && x[len(x)-1-n] == y[len(y)-1-n] {
		n++
	}
	return n
}

// debugCandidates lists files that may hold the debug information of an image
// (gdb manual, "Debugging Information in Separate Files").
func debugCandidates(roots []*root, im *image, module string) []string {
	var out []string
	seen := map[string]bool{im.path: true}
	add := func(p string) {
		if p == "" || seen[p] {
			return
		}
		seen[p] = true
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			out = append(out, p)
		}
	}
	beside := filepath.Dir(im.path)
	for _, p := range byBuildID(roots, beside, im.buildID()) {
		add(p)
	}
	name, _, ok := im.debugLink()
	if !ok {
		name = filepath.Base(im.path) + ".debug"
	}
	add(filepath.Join(beside, name))
	add(filepath.Join(beside, ".debug", name))
	for _, r := range roots {
		if !r.dir {
			if filepath.Base(r.path) == name {
				add(r.path)
			}
			continue
		}
		add(r.inside("usr/lib/debug/" + path.Dir(module) + "/" + name))
		add(r.inside(path.Dir(module) + "/.debug/" + name))
		add(r.inside(name))
		index, _ := r.index()
		for _, p := range index[name] {
			add(p)
		}
	}
	return out
}

// byBuildID lists where a debug file of that build-id lies: in the folders of
// debug packages, below beside or a root, and in the cache of debuginfod
// (elfutils:debuginfod/debuginfod-client.c). Paths may be "" or not exist.
func byBuildID(roots []*root, beside, id string) (out []string) {
	if len(id) <= 2 {
		return nil
	}
	name := ".build-id/" + id[:2] + "/" + id[2:] + ".debug"
	out = append(out, filepath.Join(beside, name))
	for _, r := range roots {
		if !r.dir {
			continue
		}
		for _, folder := range []string{"", "usr/lib/debug/", "debug/"} {
			out = append(out, r.inside(folder+name))
		}
		for _, folder := range []string{"", "debuginfod_client/", ".cache/debuginfod_client/"} {
			out = append(out, r.inside(folder+id+"/debuginfo"))
		}
	}
	return out
}
