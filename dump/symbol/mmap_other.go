//go:build !unix

package symbol

import (
	"io"
	"os"
)

// mapFile reads the file whole where it cannot be mapped.
func mapFile(f *os.File, size int64) ([]byte, func(), error) {
	b := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, size), b); err != nil {
		return nil, nil, err
	}
	return b, func() {}, nil
}
