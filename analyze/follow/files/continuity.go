package files

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"wolfdiag/analyze/source/rotation"
)

// broken says why rotated files must have been missed, judged by a listing
// alone; "" when nothing speaks for it. It is the answer where nobody has
// counted the files.
func (r *Path) broken(gens []rotation.Generation) string {
	if len(r.queue) == 0 {
		return ""
	}
	last := r.queue[len(r.queue)-1]
	for i, g := range gens {
		if same(g.Info, last.info) {
			return holes(gens[i:])
		}
	}
	if len(gens) == 0 || links(last) != 0 {
		return "" // deleted and made anew, or moved to where nobody looks
	}
	_, _ = last.look() // for its size; a file that cannot be looked at counts as it was
	for i, g := range gens {
		if g.Name.Compressed != "" && expandsTo(r, g, last.size, last.mod) {
			return holes(gens[i:])
		}
	}
	return "the file that was followed is not among the rotated ones any more"
}

// holes says which number is missing in a row of rotated files; "": none.
func holes(gens []rotation.Generation) string {
	before := -1
	for _, g := range gens {
		if g.Name.Kind != rotation.Numbered {
			continue
		}
		if before >= 0 && g.Name.Number < before-1 {
			return fmt.Sprintf("there is a .%d and no .%d", before, before-1)
		}
		before = g.Name.Number
	}
	return ""
}

// links is how many names a file has; -1 where that is unknown.
func links(n *inode) int {
	info, err := n.f.Stat()
	if err != nil {
		return -1
	}
	return linkCount(info)
}

// lineStart is where the line begins that holds the byte before end, when that
// is not a newline; otherwise end.
func lineStart(n *inode, end int64) int64 {
	at := max(0, end-blockSize)
	b, err := n.readAt(at, int(end-at))
	if err != nil {
		return end
	}
	return at + int64(bytes.LastIndexByte(b, '\n')) + 1
}

// expandsTo reports whether a compressed file may be that of one with a size and
// a time of change. gzip notes the size (RFC 1952, ISIZE: the last four bytes,
// modulo 2^32); compressors keep the time, most of them. Empty files are told
// apart by their time alone.
func expandsTo(r *Path, g rotation.Generation, size int64, mod time.Time) bool {
	if g.Name.Compressed != ".gz" || size == 0 {
		return sameTime(mod, g.Info.ModTime())
	}
	f, err := r.FS.Open(g.Path)
	if err != nil {
		return false
	}
	defer f.Close()
	var b [4]byte
	if k, _ := f.ReadAt(b[:], max(g.Info.Size()-4, 0)); k < len(b) {
		return false
	}
	return binary.LittleEndian.Uint32(b[:]) == uint32(size)
}

// packed reports whether an expanded file is what has become of one that is
// being read, or was: what is known of it is compared with its content.
func (r *Path) packed(n *inode) (bool, error) {
	for _, o := range r.queue {
		if len(o.head) < headSize {
			if _, err := o.look(); err != nil { // it may have begun only now
				return false, err
			}
		}
		if same, err := o.continues(n); err != nil || same {
			return same, err
		}
	}
	for _, o := range r.late {
		if same, err := o.continues(n); err != nil || same {
			return same, err
		}
	}
	for i := range r.past.records {
		k := &r.past.records[i]
		if n.size > 0 && k.head == nil && k.info.Size() == n.size && sameTime(k.info.ModTime(), n.mod) {
			return true, nil // it was there before
		}
	}
	return false, nil
}

// sameTime reports whether a compressor has kept a time, perhaps without what is
// below a second.
func sameTime(was, kept time.Time) bool {
	return kept.Equal(was) || kept.Nanosecond() == 0 && kept.Equal(was.Truncate(time.Second))
}
