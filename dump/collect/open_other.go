//go:build !unix

package collect

import "os"

// openFile opens a file for reading.
func openFile(j job) (*os.File, error) { return os.Open(j.path) }
