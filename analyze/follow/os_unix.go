//go:build unix

package follow

import (
	"os"
	"syscall"
)

// fileID tells a file from all others of the machine.
func fileID(info os.FileInfo) (device, inode uint64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Dev), uint64(st.Ino)
	}
	return 0, 0
}

// openNonblock opens for reading without waiting for the writer of a pipe.
func openNonblock(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}
