//go:build unix

package symbol

import (
	"os"
	"syscall"
)

// mapFile maps a file for reading, so that only the pages looked at are read.
// The returned function unmaps it.
func mapFile(f *os.File, size int64) ([]byte, func(), error) {
	b, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_PRIVATE)
	if err != nil {
		return nil, nil, err
	}
	return b, func() { _ = syscall.Munmap(b) }, nil
}
