//go:build unix

// Package disktest is a file system in memory that fails when it is told to,
// and lets the world move between any two of its calls. It is for one goroutine.
package disktest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"syscall"
	"time"

	"wolfdiag/analyze/source/disk"
)

// Op names what a reader does.
type Op string

// The operations.
const (
	Open Op = "open"
	Read Op = "read"
	Stat Op = "stat"
	List Op = "list"
)

// FS is a file system of regular files and links. Folders exist by being named.
// Now is its clock. Call, when set, is called before each operation of a reader,
// and may change the world; its error is that of the operation.
type FS struct {
	Now  func() time.Time
	Call func(op Op, name string) error

	names   map[string]*node
	next    uint64
	free    []uint64 // inode numbers of files that are gone: given out again
	open    int
	watches []*watch
}

// node is a file, or a link.
type node struct {
	ino   uint64
	link  string
	data  []byte
	mod   time.Time
	names int
	opens int
	bore  map[string]bool // watched names it has borne
}

// New makes an empty file system.
func New(now func() time.Time) *FS { return &FS{Now: now, names: map[string]*node{}} }

// OpenFiles is how many files readers hold open.
func (f *FS) OpenFiles() int { return f.open }

// Exists reports whether something has a name.
func (f *FS) Exists(name string) bool { return f.names[name] != nil }

// Names lists all names, sorted.
func (f *FS) Names() []string {
	var out []string
	for n := range f.names {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// Handle is what a writer holds: it goes on writing to the file whatever it is called.
type Handle struct {
	fs *FS
	n  *node
}

// Create opens a file for appending, making it if it is not there.
func (f *FS) Create(name string) *Handle {
	name = f.Resolve(name)
	n := f.names[name]
	if n == nil {
		n = f.make()
		f.put(name, n)
	}
	n.opens++
	return &Handle{f, n}
}

// Write appends.
func (h *Handle) Write(b []byte) (int, error) {
	h.n.data = append(h.n.data, b...)
	h.n.mod = h.fs.Now()
	return len(b), nil
}

// Size is that of the file.
func (h *Handle) Size() int { return len(h.n.data) }

// Close ends the writing.
func (h *Handle) Close() { h.fs.release(h.n) }

func (f *FS) make() *node {
	n := &node{mod: f.Now(), bore: map[string]bool{}}
	if k := len(f.free); k > 0 {
		n.ino, f.free = f.free[k-1], f.free[:k-1]
	} else {
		f.next++
		n.ino = f.next
	}
	return n
}

// put gives a file a name, in place of what had it.
func (f *FS) put(name string, n *node) {
	f.Remove(name)
	f.names[name] = n
	n.names++
	for _, w := range f.watches {
		if w.name == name && !n.bore[name] && !w.unsure {
			w.births++
		}
	}
	n.bore[name] = true
}

func (f *FS) release(n *node) {
	n.opens--
	f.reuse(n)
}

func (f *FS) reuse(n *node) {
	if n.names == 0 && n.opens == 0 {
		f.free = append(f.free, n.ino)
	}
}

// Remove deletes a name; there may be none.
func (f *FS) Remove(name string) {
	if n := f.names[name]; n != nil {
		delete(f.names, name)
		n.names--
		f.reuse(n)
	}
}

// Rename moves a name, if there is one.
func (f *FS) Rename(from, to string) {
	n := f.names[from]
	if n == nil || from == to {
		return
	}
	delete(f.names, from)
	n.names--
	f.put(to, n)
}

// Link makes a symbolic link, in place of what has the name.
func (f *FS) Link(target, name string) {
	n := f.make()
	n.link = target
	f.put(name, n)
}

// Truncate empties a file in place.
func (f *FS) Truncate(name string) {
	if n := f.names[f.Resolve(name)]; n != nil {
		n.data, n.mod = nil, f.Now()
	}
}

// Copy copies what a file holds into a new one.
func (f *FS) Copy(from, to string) {
	if n := f.names[f.Resolve(from)]; n != nil {
		c := f.make()
		c.data = bytes.Clone(n.data)
		f.put(to, c)
	}
}

// Gzip does what the program does: NAME.gz with the time of NAME, and NAME is gone.
func (f *FS) Gzip(name string) {
	n := f.names[name]
	if n == nil {
		return
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(n.data) // into memory
	_ = z.Close()
	c := f.make()
	c.data, c.mod = b.Bytes(), n.mod
	f.put(name+".gz", c)
	f.Remove(name)
}

func (f *FS) call(op Op, name string) error {
	if f.Call == nil {
		return nil
	}
	return f.Call(op, name)
}

// Resolve follows links.
func (f *FS) Resolve(name string) string {
	for range 8 {
		n := f.names[name]
		if n == nil || n.link == "" {
			break
		}
		name = n.link
	}
	return name
}

func (f *FS) find(op Op, name string) (*node, error) {
	err := f.call(op, name)
	n := f.names[f.Resolve(name)]
	switch {
	case err != nil:
	case n == nil:
		err = syscall.ENOENT
	default:
		return n, nil
	}
	return nil, &fs.PathError{Op: string(op), Path: name, Err: err}
}

// Open opens for reading.
func (f *FS) Open(name string) (disk.File, error) {
	n, err := f.find(Open, name)
	if err != nil {
		return nil, err
	}
	n.opens++
	f.open++
	return &file{fs: f, n: n, name: name}, nil
}

// Stat describes a file.
func (f *FS) Stat(name string) (fs.FileInfo, error) {
	n, err := f.find(Stat, name)
	if err != nil {
		return nil, err
	}
	return n.info(name), nil
}

// List lists a folder. The world may move in its midst, so that what is renamed
// then is seen twice or not at all.
func (f *FS) List(dir string) ([]string, error) {
	var out []string
	dir = path.Clean(dir)
	names := f.Names()
	for i, n := range names {
		if i == len(names)/2 {
			if err := f.call(List, dir); err != nil {
				return out, &fs.PathError{Op: "readdir", Path: dir, Err: err}
			}
		}
		if path.Dir(n) == dir && f.Exists(n) {
			out = append(out, path.Base(n))
		}
	}
	return out, nil
}

// file is an open file.
type file struct {
	fs     *FS
	n      *node
	name   string
	closed bool
}

var errClosed = errors.New("file already closed")

func (o *file) ReadAt(p []byte, at int64) (int, error) {
	if o.closed {
		return 0, errClosed
	}
	if err := o.fs.call(Read, o.name); err != nil {
		return 0, &fs.PathError{Op: "read", Path: o.name, Err: err}
	}
	if at >= int64(len(o.n.data)) {
		return 0, io.EOF
	}
	k := copy(p, o.n.data[at:])
	if k < len(p) {
		return k, io.EOF
	}
	return k, nil
}

func (o *file) Stat() (fs.FileInfo, error) {
	if o.closed {
		return nil, errClosed
	}
	if err := o.fs.call(Stat, o.name); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: o.name, Err: err}
	}
	return o.n.info(o.name), nil
}

func (o *file) Close() error {
	if !o.closed {
		o.closed = true
		o.fs.open--
		o.fs.release(o.n)
	}
	return nil
}

// info is a file as it was at a moment.
type info struct {
	name string
	size int64
	mod  time.Time
	sys  syscall.Stat_t
}

func (n *node) info(name string) info {
	i := info{name: path.Base(name), size: int64(len(n.data)), mod: n.mod}
	i.sys.Dev, i.sys.Ino = 1, n.ino
	set(&i.sys.Nlink, n.names)
	return i
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o644 }
func (i info) ModTime() time.Time { return i.mod }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return &i.sys }

// Watch counts the files that come to bear a name.
func (f *FS) Watch(name string) *Watch {
	w := &watch{name: name}
	f.watches = append(f.watches, w)
	if n := f.names[name]; n != nil {
		n.bore[name] = true
	}
	return &Watch{f, w}
}

type watch struct {
	name   string
	births int
	unsure bool
}

// Watch is a watched name.
type Watch struct {
	fs *FS
	w  *watch
}

// Births is how many files have come to bear the name since it is watched; sure
// is false once events were lost.
func (w *Watch) Births() (int, bool) { return w.w.births, !w.w.unsure }

// Close ends the watch.
func (w *Watch) Close() {
	w.fs.watches = slices.DeleteFunc(w.fs.watches, func(o *watch) bool { return o == w.w })
}

// LoseEvents has all watches become unsure, as when their queue runs over: they
// count no more.
func (f *FS) LoseEvents() {
	for _, w := range f.watches {
		w.unsure = true
	}
}

// set gives a number whatever width it has on this system.
func set[T ~uint16 | ~uint32 | ~uint64](p *T, n int) { *p = T(n) }
