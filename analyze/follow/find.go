package follow

import (
	"context"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/follow/gpu"
)

// find begins to follow what is named and not followed yet: at the start, and
// again whenever a glob may have got new members.
func (f *Follower) find() {
	first := !f.found
	f.found = true
	for _, arg := range f.o.Paths {
		if first && strings.ContainsAny(arg, "*?[") && f.o.Streams[arg] == nil {
			f.globs = true
			f.live++ // files may come as long as we watch
		}
		names := f.expand(arg)
		if first && len(names) == 0 {
			f.emit(event.Event{Kind: event.KindNotice, Time: f.clock.Now(), Text: arg + ": no file matches yet, waiting for one"})
		}
		for _, name := range names {
			f.follow(name, first)
		}
	}
}

// expand lists the files of an argument. A name without wildcards, or a file
// whose name has some, stands for itself, whether it exists or not. Of a glob,
// rotated and compressed files of a name that is followed are left out.
func (f *Follower) expand(arg string) []string {
	if arg == "-" || !strings.ContainsAny(arg, "*?[") || f.o.Streams[arg] != nil {
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
	if r := f.o.Streams[name]; r != nil {
		if !f.byName[name] {
			f.byName[name] = true
			f.noPlace(name)
			f.startStream(&origin{name: name, kind: "engine", stats: &account.File{}}, &files.Stream{Name: name, R: r})
		}
		return
	}
	if name != "-" {
		if abs, err := filepath.Abs(name); err == nil {
			key = abs
		}
		if f.byName[key] {
			return
		}
		if real, err := filepath.EvalSymlinks(key); err == nil && f.byName[real] || !first && f.isOpen(key) {
			f.byName[key] = true // two names of one file are read once, and a file that was renamed
			return
		}
	}
	if f.byName[key] {
		return
	}
	f.byName[key], f.byName[name] = true, true
	s := &origin{name: name, kind: "file", stats: &account.File{}}
	if name == "-" {
		s.kind = "stdin"
		f.noPlace(name)
		f.startStream(s, &files.Stream{Name: "standard input", R: f.o.Stdin})
		return
	}
	if info, err := os.Stat(name); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
		r, again, err := files.OpenFifo(name, f.clock)
		if err == nil {
			s.kind = "pipe"
			f.noPlace(name)
			f.startStream(s, &files.Stream{Name: name, R: r, Again: again})
			return
		}
		// Otherwise the path reader tells what is wrong with it.
	}
	r := &files.Path{Name: name, Kick: make(chan struct{}, 1), Initial: first}
	if first {
		r.Turn, r.Passed = f.turn, make(chan struct{})
		f.turn = r.Passed
	}
	if f.o.From == FromEnd && first {
		r.From = files.AtEnd
	}
	if f.resumes() {
		r.Resume = f.saved.Files[name]
	}
	if r.Resume != nil && first {
		f.replay(name, r.Resume)
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

func (f *Follower) startStream(s *origin, r *files.Stream) {
	r.Source, r.Clock, r.Out = f.register(s), f.clock, f.pieces
	f.readers.Add(1)
	go func() {
		defer f.readers.Done()
		*s.stats = r.Run(f.ctx, f.hard)
	}()
}

func (f *Follower) startPath(s *origin, r *files.Path) {
	s.live = &account.Live{}
	r.Source, r.Live = f.register(s), s.live
	r.Shared = files.Shared{Clock: f.clock, Out: f.pieces, Watch: f.watch, Open: &f.open}
	s.kick = r.Kick
	f.readers.Add(1)
	go func() {
		defer f.readers.Done()
		*s.stats = r.Run(f.ctx, f.hard)
	}()
}

// isOpen reports whether a file is followed already, whatever it was called.
func (f *Follower) isOpen(name string) bool {
	info, err := os.Stat(name)
	return err == nil && f.open.Has(info)
}

// startGPU begins to follow the monitor.
func (f *Follower) startGPU() {
	g := f.gpu
	if g == nil {
		return
	}
	g.Start(f.clock.Now())
	s := &origin{name: g.Source(), kind: "gpu", gpu: true, stats: &account.File{}}
	if argv := g.Argv(); argv != nil {
		f.startStream(s, &files.Stream{Name: argv[0], R: gpu.NewCommand(f.ctx, f.clock, argv), Again: func(context.Context) bool { return true }})
		return
	}
	if info, err := os.Stat(g.Source()); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
		if r, again, err := files.OpenFifo(g.Source(), f.clock); err == nil {
			f.startStream(s, &files.Stream{Name: g.Source(), R: r, Again: again})
			return
		}
	}
	r := &files.Path{Name: g.Source(), Kick: make(chan struct{}, 1), From: files.AtLastLine, Initial: true, Passed: make(chan struct{})}
	f.behind = append(f.behind, r.Passed)
	f.startPath(s, r)
}
