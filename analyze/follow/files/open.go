package files

import (
	"io/fs"
	"sync"

	"wolfdiag/analyze/source/disk"
)

// OpenSet knows the files that are open, whatever they are called now. The zero
// value is ready; it is safe for concurrent use, and nil is a set of nothing.
type OpenSet struct {
	mu   sync.Mutex
	open map[disk.ID]bool
}

func (s *OpenSet) set(info fs.FileInfo, open bool) {
	id, ok := disk.Identify(info)
	if s == nil || !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[disk.ID]bool{}
	}
	if open {
		s.open[id] = true
	} else {
		delete(s.open, id)
	}
}

// Has reports whether a name is that of an open file.
func (s *OpenSet) Has(info fs.FileInfo) bool {
	id, ok := disk.Identify(info)
	if !ok {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[id]
}
