package source

import (
	"os"

	"golang.org/x/sys/unix"
)

// growPipe asks for a larger pipe buffer, so that the writer seldom waits.
// What is not a pipe, or may not grow, stays as it is.
func growPipe(f *os.File) {
	c, err := f.SyscallConn()
	if err != nil {
		return
	}
	_ = c.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, 1<<20) })
}
