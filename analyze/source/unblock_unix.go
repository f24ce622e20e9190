//go:build unix

package source

import (
	"os"
	"syscall"
)

// unblockPipe is a writer for a moment, so that an open for reading returns.
func unblockPipe(path string) {
	if f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
		f.Close()
	}
}
