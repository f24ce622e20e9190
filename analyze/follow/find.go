package follow

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"
)

// find begins to follow what is named and not followed yet: at the start, and
// again whenever a glob may have got new members.
func (f *Follower) find() {
	first := !f.found
	f.found = true
	for _, arg := range f.o.Paths {
		if first && strings.ContainsAny(arg, "*?[") {
			f.globs = true
			f.live++ // files may come as long as we watch
		}
		for _, name := range f.expand(arg) {
			f.follow(name, first)
		}
	}
}

// expand lists the files of an argument. A name without wildcards, or a file
// whose name has some, stands for itself, whether it exists or not. Of a glob,
// rotated and compressed files of a name that is followed are left out.
func (f *Follower) expand(arg string) []string {
	if arg == "-" || !strings.ContainsAny(arg, "*?[") {
		return []string{arg}
	}
	if _, err := os.Lstat(arg); err == nil {
		return []string{arg}
	}
	names, err := filepath.Glob(arg)
	if err != nil {
		return []string{arg} // no pattern: it is told that there is no such file
	}
	all := map[string]bool{}
	for _, n := range names {
		all[n] = true
	}
	kept := names[:0]
	sort.Strings(names)
	for _, n := range names {
		if from := rotatedFrom(n); from != "" && (all[from] || f.byName[from]) {
			continue
		}
		if f.o.Checkpoint != "" && canonical(n) == f.o.Checkpoint {
			continue // our own
		}
		kept = append(kept, n)
	}
	return kept
}

// follow starts a reader for a name, once.
func (f *Follower) follow(name string, first bool) {
	key := name
	if name != "-" {
		if abs, err := filepath.Abs(name); err == nil {
			key = abs
		}
		if f.byName[key] {
			return
		}
		if real, err := filepath.EvalSymlinks(key); err == nil && f.byName[real] || !first && f.ids.has(key) {
			f.byName[key] = true // two names of one file are read once, and a file that was renamed
			return
		}
	}
	if f.byName[key] {
		return
	}
	f.byName[key], f.byName[name] = true, true
	s := &origin{name: name, kind: "file", stats: &FileStats{}}
	if name == "-" {
		s.kind = "stdin"
		f.noPlace(name)
		f.startStream(s, &streamReader{name: "standard input", r: f.o.Stdin})
		return
	}
	if info, err := os.Stat(name); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
		r, again, err := openFifo(name, f.clock)
		if err == nil {
			s.kind = "pipe"
			f.noPlace(name)
			f.startStream(s, &streamReader{name: name, r: r, again: again})
			return
		}
		// Otherwise the path reader tells what is wrong with it.
	}
	r := &pathReader{name: name, kick: make(chan struct{}, 1), initial: first, ids: &f.ids}
	if first {
		r.turn, r.passed = f.turn, make(chan struct{})
		f.turn = r.passed
	}
	if f.o.From == FromEnd && first {
		r.from = -1
	}
	if f.resumes() {
		r.resume = f.saved.Files[name]
	}
	if r.resume != nil && first {
		f.recall(name, r.resume)
	}
	f.startPath(s, r)
}

// register gives a source its number.
func (f *Follower) register(s *origin) int {
	f.sources = append(f.sources, s)
	if !s.gpu {
		f.live++
		f.o.Analyzer.Feed(s.name, s.kind, time.Time{}, nil, false)
	}
	return len(f.sources) - 1
}

func (f *Follower) startStream(s *origin, r *streamReader) {
	r.src, r.clock, r.out = f.register(s), f.clock, f.pieces
	f.readers.Add(1)
	go func() {
		defer f.readers.Done()
		*s.stats = r.run(f.ctx, f.hard)
	}()
}

func (f *Follower) startPath(s *origin, r *pathReader) {
	r.src, r.clock, r.out, r.bell = f.register(s), f.clock, f.pieces, f.bell
	s.kick = r.kick
	f.readers.Add(1)
	go func() {
		defer f.readers.Done()
		*s.stats = r.run(f.ctx, f.hard)
	}()
}

// idSet knows the files that are open, whatever they are called now.
type idSet struct {
	mu   sync.Mutex
	open map[[2]uint64]bool
}

func (s *idSet) set(info os.FileInfo, open bool) {
	d, i := fileID(info)
	if s == nil || d == 0 && i == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[[2]uint64]bool{}
	}
	if open {
		s.open[[2]uint64{d, i}] = true
	} else {
		delete(s.open, [2]uint64{d, i})
	}
}

func (s *idSet) has(name string) bool {
	info, err := os.Stat(name)
	if err != nil {
		return false
	}
	d, i := fileID(info)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[[2]uint64{d, i}]
}
