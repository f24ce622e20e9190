//go:build linux

package files

import (
	"context"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/follow/filestest"
	"wolfdiag/analyze/source/disk"
)

// faultyOS is the machine's file system, of which calls fail now and then.
type faultyOS struct {
	disk.OS
	failing *atomic.Int64 // errno of the moment; 0: all is well
}

func (f faultyOS) err(op, name string) error {
	if n := f.failing.Load(); n != 0 {
		return &os.PathError{Op: op, Path: name, Err: syscall.Errno(n)}
	}
	return nil
}

func (f faultyOS) Open(name string) (disk.File, error) {
	if err := f.err("open", name); err != nil {
		return nil, err
	}
	return f.OS.Open(name)
}

func (f faultyOS) List(dir string) ([]string, error) {
	if err := f.err("readdir", dir); err != nil {
		return nil, err
	}
	return f.OS.List(dir)
}

// TestSoak runs for as long as WOLFDIAG_FILES_SOAK says: a rotation each second
// by every kind of rotator, errors, and readers that are killed and resumed.
// Lines are counted from outside.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("WOLFDIAG_FILES_SOAK"))
	if err != nil {
		t.Skip("WOLFDIAG_FILES_SOAK is not set")
	}
	name := filestest.LogName(t)
	rng := rand.New(rand.NewPCG(1, 2))
	var failing atomic.Int64
	w := filestest.OpenWriter(t, name)
	w.Lines(1)
	g := newGather(t)
	var place atomic.Pointer[Position]
	watch, unwatch := NewWatcher()
	defer unwatch()
	start := func() (end func(orderly bool) account.File) {
		out := make(chan Piece)
		r := &Path{Shared: Shared{FS: faultyOS{failing: &failing}, Clock: clock.System{}, Out: out, Watch: watch}, Name: name, Kick: make(chan struct{}, 1), Initial: true, Resume: place.Load()}
		ctx, cancel := context.WithCancel(context.Background())
		hard, kill := context.WithCancel(context.Background())
		stats := make(chan account.File, 1)
		done := make(chan struct{})
		var dead atomic.Bool
		go func() { stats <- r.Run(ctx, hard); close(out) }()
		go func() {
			defer close(done)
			for p := range out {
				if dead.Load() {
					continue // what a killed process would not have seen
				}
				g.take(p)
				if p.At != nil && !p.Torn {
					place.Store(p.At)
				}
			}
		}()
		return func(orderly bool) account.File {
			if !orderly {
				dead.Store(true)
				kill()
			}
			cancel()
			st := <-stats
			kill()
			<-done
			return st
		}
	}
	end := start()
	var rotations, faults, kills, restarts, gaps int
	var stats []account.File
	began := time.Now()
	rotate, fault, kill := time.NewTicker(time.Second), time.NewTicker(7*time.Second), time.NewTicker(31*time.Second)
	write := time.NewTicker(5 * time.Millisecond)
	for time.Since(began) < length {
		select {
		case <-write.C:
			w.Lines(5)
		case <-rotate.C:
			rotations++
			filestest.Rotate(t, name, 9)
			if rng.IntN(2) == 0 {
				w.Lines(3) // late
			}
			w.Open(name)
		case <-fault.C:
			faults++
			failing.Store([]int64{int64(syscall.EIO), int64(syscall.EMFILE), int64(syscall.EACCES)}[rng.IntN(3)])
			time.AfterFunc(time.Duration(1+rng.IntN(3000))*time.Millisecond, func() { failing.Store(0) })
		case <-kill.C:
			orderly := rng.IntN(2) == 0
			if orderly {
				restarts++
			} else {
				kills++
			}
			stats = append(stats, end(orderly))
			w.Lines(50) // while nobody reads
			end = start()
		}
	}
	failing.Store(0)
	<-time.After(3 * time.Second)
	stats = append(stats, end(true))
	lost, twice := 0, 0
	for i := range w.Next {
		switch c := g.seen[i]; {
		case c == 0:
			lost++
		case c > 1:
			twice++
		}
	}
	for i := range stats {
		gaps += stats[i].Gaps
		if b := stats[i].Balance(); b != 0 && stats[i].Unread == 0 {
			t.Errorf("the account lacks %d bytes: %+v", b, stats[i])
		}
	}
	t.Logf("%s: %d lines, %d rotations, %d faults, %d kills, %d restarts: %d lost, %d twice, %d gaps %v, %d torn", time.Since(began).Round(time.Second),
		w.Next, rotations, faults, kills, restarts, lost, twice, gaps, g.gaps, len(g.torn))
	if lost > 0 && len(g.gaps) == 0 {
		t.Errorf("%d lines lost without a word", lost)
	}
	if twice > 0 && kills == 0 {
		t.Errorf("%d lines twice", twice)
	}
}
