// Package disk is what following logs needs of a file system: open, stat, list,
// and whether two files are one. It is small enough to be replaced by one that
// fails.
package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// FS is a file system. Its methods are safe for concurrent use; names are as
// for package os, and errors are its errors.
type FS interface {
	// Open opens for reading and does not wait for the writer of a pipe.
	Open(name string) (File, error)
	// Stat follows links.
	Stat(name string) (fs.FileInfo, error)
	// List returns the names in a folder, in any order. With an error, the names
	// are those that could be read.
	List(dir string) ([]string, error)
	// Resolve returns the absolute name with its links resolved, and the name as
	// it is where that does not work.
	Resolve(name string) string
}

// File is an open file: it can be read whatever becomes of its name.
type File interface {
	io.ReaderAt
	Stat() (fs.FileInfo, error)
	Close() error
}

// ErrNotRegular is a folder, a pipe or a device where a file is wanted.
var ErrNotRegular = errors.New("not a regular file")

// OS is the machine's file system.
type OS struct{}

// Open is os.Open, without waiting for the writer of a pipe.
func (OS) Open(name string) (File, error) {
	f, err := OpenNonblock(name)
	if err != nil {
		return nil, err // a nil *os.File would be a File that is not nil
	}
	return f, nil
}

// Stat is os.Stat.
func (OS) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// List reads the names of a folder, unsorted and without looking at the files.
func (OS) List(dir string) ([]string, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}

// Resolve is filepath.EvalSymlinks of the absolute name. Of a file that does
// not exist, the folder is resolved.
func (OS) Resolve(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// Reason is what an error says without the name of the file, which whoever
// tells it has named already, or which is another one each time.
func Reason(err error) string {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		return pe.Op + ": " + pe.Err.Error()
	case errors.As(err, &le):
		return le.Op + ": " + le.Err.Error()
	}
	return err.Error()
}

// Same reports whether two descriptions are of one file.
func Same(a, b fs.FileInfo) bool {
	if os.SameFile(a, b) {
		return true
	}
	x, ok := Identify(a)
	y, _ := Identify(b)
	return ok && x == y
}

// ID tells a file from all others that exist on the machine at the same time.
type ID struct{ Device, Inode uint64 }
