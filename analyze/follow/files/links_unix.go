//go:build unix

package files

import (
	"io/fs"
	"syscall"
)

// linkCount is how many names a file has; -1 where that is unknown.
func linkCount(info fs.FileInfo) int {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(st.Nlink)
	}
	return -1
}
