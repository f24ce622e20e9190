//go:build unix

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

// Identify returns a file's identity; false where it is unknown.
func Identify(info fs.FileInfo) (ID, bool) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return ID{uint64(st.Dev), uint64(st.Ino)}, true
	}
	return ID{}, false
}

// OpenNonblock opens for reading without waiting for the writer of a pipe.
func OpenNonblock(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}
