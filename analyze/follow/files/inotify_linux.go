package files

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"wolfdiag/analyze/source/disk"
)

// Inotify is a Watcher. It is safe for concurrent use.
type Inotify struct {
	f      *os.File
	fd     int
	ended  chan struct{}
	mu     sync.Mutex // also held from the read of an event until it has been counted
	closed bool
	buf    [16 << 10]byte
	rings  map[int32]chan<- struct{} // of files, by watch
	dirs   map[int32]*dirWatch
}

// dirWatch is a folder in which names are watched.
type dirWatch struct {
	names map[string][]*inotifyName
	// was holds, by its present name, the files that have borne a watched name: one
	// that is moved back is not a new one.
	was    map[string]bool
	moving map[uint32]bool // by cookie: between the two events of a move
}

// maxMoved bounds how many renamed files of a folder are remembered.
const maxMoved = 4096

type inotifyName struct {
	w      *Inotify
	dir    int32
	base   string
	births int
	unsure bool
	ring   chan<- struct{}
}

// NewWatcher returns nil where there is none to be had. The second value ends it.
func NewWatcher() (Watcher, func()) {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		return nil, func() {}
	}
	w := &Inotify{f: os.NewFile(uintptr(fd), "inotify"), fd: fd, ended: make(chan struct{}),
		rings: map[int32]chan<- struct{}{}, dirs: map[int32]*dirWatch{}}
	go w.listen()
	return w, w.close
}

// Arm watches an open file for its next change.
func (w *Inotify) Arm(f disk.File, ring chan<- struct{}) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	const what = syscall.IN_MODIFY | syscall.IN_ATTRIB | syscall.IN_MOVE_SELF | syscall.IN_DELETE_SELF | syscall.IN_ONESHOT
	w.mu.Lock() // before the watch is there, so that its event finds the ring
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	watch, err := syscall.InotifyAddWatch(w.fd, fmt.Sprintf("/proc/self/fd/%d", file.Fd()), what)
	if err != nil {
		return false
	}
	w.rings[int32(watch)] = ring
	return true
}

// Name watches a name in its folder.
func (w *Inotify) Name(path string, ring chan<- struct{}) NameWatch {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	const what = syscall.IN_CREATE | syscall.IN_MOVED_TO | syscall.IN_MOVED_FROM | syscall.IN_DELETE |
		syscall.IN_DELETE_SELF | syscall.IN_MOVE_SELF | syscall.IN_ONLYDIR
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.drain()
	watch, err := syscall.InotifyAddWatch(w.fd, dir, what)
	if err != nil {
		return nil
	}
	d := w.dirs[int32(watch)]
	if d == nil {
		d = &dirWatch{names: map[string][]*inotifyName{}, was: map[string]bool{}, moving: map[uint32]bool{}}
		w.dirs[int32(watch)] = d
	}
	n := &inotifyName{w: w, dir: int32(watch), base: base, ring: ring}
	d.names[base] = append(d.names[base], n)
	d.was[base] = true
	return n
}

func (n *inotifyName) Births() (int, bool) {
	n.w.mu.Lock()
	defer n.w.mu.Unlock()
	n.w.drain()
	return n.births, !n.unsure && !n.w.closed
}

func (n *inotifyName) Close() {
	n.w.mu.Lock()
	defer n.w.mu.Unlock()
	d := n.w.dirs[n.dir]
	if d == nil {
		return
	}
	kept := d.names[n.base][:0]
	for _, other := range d.names[n.base] {
		if other != n {
			kept = append(kept, other)
		}
	}
	if d.names[n.base] = kept; len(kept) == 0 {
		delete(d.names, n.base)
	}
	if len(d.names) == 0 && !n.w.closed {
		_, _ = syscall.InotifyRmWatch(n.w.fd, uint32(n.dir)) // the folder may be gone
		delete(n.w.dirs, n.dir)
	}
}

// listen waits for events and rings.
func (w *Inotify) listen() {
	defer close(w.ended)
	c, err := w.f.SyscallConn()
	if err != nil {
		return
	}
	_ = c.Read(func(uintptr) bool { // ends with the file
		w.mu.Lock()
		defer w.mu.Unlock()
		w.drain()
		return w.closed
	})
}

// drain takes all events that there are.
func (w *Inotify) drain() {
	for !w.closed {
		n, err := syscall.Read(w.fd, w.buf[:])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return // EAGAIN: no more
		}
		for e := w.buf[:n]; len(e) >= syscall.SizeofInotifyEvent; {
			size := syscall.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(e[12:]))
			size = min(size, len(e))
			name, _, _ := bytes.Cut(e[syscall.SizeofInotifyEvent:size], []byte{0})
			w.event(int32(binary.NativeEndian.Uint32(e)), binary.NativeEndian.Uint32(e[4:]), binary.NativeEndian.Uint32(e[8:]), string(name))
			e = e[size:]
		}
	}
}

func (w *Inotify) event(watch int32, mask, cookie uint32, name string) {
	if mask&syscall.IN_Q_OVERFLOW != 0 {
		for _, d := range w.dirs {
			d.unsure()
		}
		return
	}
	if ring, ok := w.rings[watch]; ok { // the first event has ended the watch
		wake(ring)
		delete(w.rings, watch)
		return
	}
	d := w.dirs[watch]
	if d == nil {
		return
	}
	if mask&(syscall.IN_IGNORED|syscall.IN_DELETE_SELF|syscall.IN_MOVE_SELF|syscall.IN_UNMOUNT) != 0 {
		d.unsure() // the names are in another folder now
		if mask&syscall.IN_IGNORED != 0 {
			delete(w.dirs, watch)
		}
		return
	}
	d.event(mask, cookie, name)
}

// unsure has every name looked at anew.
func (d *dirWatch) unsure() {
	for _, names := range d.names {
		for _, n := range names {
			n.unsure = true
			wake(n.ring)
		}
	}
}

func (d *dirWatch) event(mask, cookie uint32, name string) {
	if len(d.was) > maxMoved || len(d.moving) > maxMoved {
		clear(d.was)
		clear(d.moving)
	}
	switch {
	case mask&syscall.IN_MOVED_FROM != 0:
		d.moving[cookie] = d.was[name]
		delete(d.was, name)
		return
	case mask&syscall.IN_DELETE != 0:
		delete(d.was, name)
		return
	}
	known := mask&syscall.IN_MOVED_TO != 0 && d.moving[cookie]
	delete(d.moving, cookie)
	delete(d.was, name)
	names := d.names[name]
	if known || len(names) > 0 {
		d.was[name] = true
	}
	for _, n := range names {
		if !known {
			n.births++
		}
		wake(n.ring)
	}
}

// wake sends without waiting: who has been woken already is awake.
func wake(ring chan<- struct{}) {
	select {
	case ring <- struct{}{}:
	default:
	}
}

func (w *Inotify) close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.f.Close()
	<-w.ended
}
