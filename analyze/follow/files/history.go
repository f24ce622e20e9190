package files

import (
	"io/fs"
	"slices"

	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/rotation"
)

// record is what is known of a file that need not be read, or not again.
type record struct {
	info fs.FileInfo // as last seen
	// Of one that was read: what its copies are known by.
	head, tail []byte
	offset     int64
}

// history holds the rotated files of a name that have been read, or were there
// when following began. Its size is that of the last listing, and at most
// maxRecords where none succeeds.
type history struct{ records []record }

// maxRecords is more than a listing can hold.
const maxRecords = 2 * rotation.MaxGenerations

// add notes a file that needs no more reading.
func (h *history) add(r record) {
	if len(h.records) >= maxRecords+maxRecords/4 {
		h.records = slices.Delete(h.records, 0, len(h.records)-maxRecords)
	}
	h.records = append(h.records, r)
}

// read notes a file whose reading has ended.
func (h *history) read(n *inode) {
	info := n.info // of a compressed file: not what it expands to
	if _, ok := n.f.(*expanded); !ok {
		if now, err := n.f.Stat(); err == nil {
			info = now
		}
	}
	h.add(record{info: info, head: n.head, tail: n.tail, offset: n.offset})
}

// of returns what is known of a file that is as it was when it was noted; nil
// when it is a new one. A number that the system has given to another file is
// told by size and time.
func (h *history) of(info fs.FileInfo) *record {
	for i := len(h.records) - 1; i >= 0; i-- {
		r := &h.records[i]
		if disk.Same(r.info, info) && r.info.Size() == info.Size() && r.info.ModTime().Equal(info.ModTime()) {
			return r
		}
	}
	return nil
}

// prune forgets what is not there any more, but for the newest one.
func (h *history) prune(gens []rotation.Generation) {
	if len(h.records) <= 2*len(gens)+16 {
		return
	}
	kept := h.records[:0]
	for i, r := range h.records {
		there := i == len(h.records)-1
		for j := 0; j < len(gens) && !there; j++ {
			there = disk.Same(gens[j].Info, r.info)
		}
		if there {
			kept = append(kept, r)
		}
	}
	clear(h.records[len(kept):])
	h.records = kept
}
