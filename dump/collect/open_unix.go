//go:build unix

package collect

import (
	"io/fs"
	"os"
	"syscall"
)

// openFile opens a file for reading. os.Open would ask the kernel to poll each of
// a folder's files, which no regular file can: five system calls that cost more
// than reading a dump.
func openFile(j job) (*os.File, error) {
	if j.named {
		return os.Open(j.path) // may be a pipe
	}
	for {
		fd, err := syscall.Open(j.path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NOCTTY, 0)
		switch err {
		case nil:
			return os.NewFile(uintptr(fd), j.path), nil
		case syscall.EINTR:
		default:
			return nil, &fs.PathError{Op: "open", Path: j.path, Err: err}
		}
	}
}
