//go:build !linux

package follow

import "os"

// tailName is the plain path where open files have no name of their own: what
// is written between the last look and a rotation is still read from the open
// file, but a path that becomes unreadable can end the process.
func tailName(f *os.File) string { return f.Name() }
