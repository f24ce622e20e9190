package files

import (
	"fmt"
	"io"
	"io/fs"
	"time"

	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/rotation"
)

// Segment is a part of an open file that is read once, from its beginning to
// its end. It is for one goroutine; the caller closes it.
type Segment struct {
	n   *inode
	end int64
}

// OpenSegment opens a file to read what lies between two offsets. to below 0: up
// to its end, as it is now.
func OpenSegment(fsys disk.FS, path string, from, to int64) (*Segment, error) {
	n, err := openInode(fsys, path, new([]byte))
	if err != nil {
		return nil, err
	}
	if to < 0 {
		to = n.size
	}
	n.begin, n.offset = from, from
	return &Segment{n: n, end: to}, nil
}

// Info describes the file as it was opened.
func (s *Segment) Info() fs.FileInfo { return s.n.info }

// Mod is when the file was last written.
func (s *Segment) Mod() time.Time { return s.n.mod }

// Path is the name by which the file was opened.
func (s *Segment) Path() string { return s.n.path }

// From and To are the offsets that are left to be read.
func (s *Segment) From() int64 { return s.n.offset }

// To is where the segment ends.
func (s *Segment) To() int64 { return s.end }

// Close closes the file.
func (s *Segment) Close() { s.n.close() }

// Next returns whole lines, at most 256 KiB of them or one longer line; the last
// may lack its newline. The error is io.EOF at the end, also when the file has
// become shorter, or that of the read, with the place.
func (s *Segment) Next() (Piece, error) {
	n := s.n
	if n.offset >= s.end {
		return Piece{}, io.EOF
	}
	data, err := n.next()
	if err == nil && len(data) == 0 {
		if data, err = n.rest(); err == errMore {
			data, err = n.next()
		}
	}
	if err != nil {
		return Piece{}, fmt.Errorf("read at byte %d: %w", n.offset, err)
	}
	if len(data) == 0 {
		return Piece{}, io.EOF
	}
	if over := n.offset - s.end; over > 0 {
		data = data[:max(int64(len(data))-over, 0)]
	}
	p := Piece{Data: data, Mod: n.mod, Skipped: n.skipped, Cut: n.cut}
	n.skipped, n.cut = 0, 0
	return p, nil
}

// Before opens the files that hold the bytes before a place of a log, oldest
// first and each at the line to begin with, at most so many bytes; the last one
// ends at the place. None when the file of the place is not there any more.
// whole: nothing was left out.
func Before(fsys disk.FS, name string, at *Position, limit int64) (segments []*Segment, whole bool) {
	gens, err := rotation.List(fsys, name)
	whole = err == nil
	var paths []string
	for _, g := range gens {
		if g.Name.Compressed == "" {
			paths = append(paths, g.Path)
		}
	}
	paths = append(paths, name)
	left := limit
	for i := len(paths) - 1; i >= 0; i-- {
		n, err := openInode(fsys, paths[i], new([]byte))
		if err != nil {
			continue // a rotator may be at work; what is missing is missing
		}
		end := n.size
		if len(segments) == 0 {
			is := n.fits // the file of the place, or a copy of it
			if at.Tail != "" {
				is = n.holds
			}
			if ok, err := is(at); err != nil || !ok {
				n.close()
				continue
			}
			end = at.Offset
		}
		segments = append([]*Segment{{n: n, end: end}}, segments...)
		if left -= end; left < 0 {
			n.offset = nextLine(n, -left)
			n.begin = n.offset
		}
		if left <= 0 {
			return segments, whole && left == 0 && i == 0
		}
	}
	return segments, whole
}

// nextLine is where the first line begins at or behind at.
func nextLine(n *inode, at int64) int64 {
	n.offset = at - 1
	n.skipping = true
	_, err := n.skip()
	from := n.offset
	n.skipping, n.skipped, n.left, n.tail = false, 0, 0, nil
	if err != nil {
		return at
	}
	return from
}
