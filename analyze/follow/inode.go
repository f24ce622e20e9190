package follow

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"time"
)

const (
	headSize  = 64        // bytes at the beginning that tell a file from what replaced it in place
	blockSize = 256 << 10 // bytes of whole lines taken at once by our own reader
	maxLine   = 1 << 20   // bytes of a line that are kept; the rest is skipped and counted
)

// position is a place in a file that survives a restart of the program.
type position struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
	Head   string `json:"head"`     // FNV-1a of the first HeadLen bytes
	Len    int    `json:"head_len"` // up to headSize
	Offset int64  `json:"offset"`
}

// inode is one open file: whatever becomes of its name, it can be read to its
// end. It is for one goroutine.
type inode struct {
	f       *os.File
	info    os.FileInfo // as opened; for os.SameFile
	offset  int64       // everything before it has been taken
	scanned int64       // no newline between offset and here
	head    []byte
	sum     string // hash of head
	tail    []byte // the last bytes before offset
	size    int64  // as last seen
	mod     time.Time
	buf     []byte
	born    int64 // what it held when following began
	isCopy  bool  // made by a truncating rotator: nobody writes to it
	// untailable: our own reader alone may follow it, not the library.
	untailable bool
	// In the midst of a line beyond maxLine; what is skipped has been counted.
	skipping bool
	skipped  int64
	cut      int64
}

// openInode opens a regular file.
func openInode(name string) (*inode, error) {
	f, err := openNonblock(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	n := &inode{f: f, info: info, size: info.Size(), mod: info.ModTime(), untailable: !canTail(f)}
	if err := n.readHead(); err != nil {
		f.Close()
		return nil, fmt.Errorf("read the beginning of %s: %w", name, err)
	}
	return n, nil
}

var errNotRegular = errors.New("not a regular file")

func (n *inode) close() { n.f.Close() }

// readHead keeps the first bytes of the file.
func (n *inode) readHead() error {
	head := make([]byte, headSize)
	k, err := n.f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	n.head = head[:k]
	n.sum = headHash(n.head)
	return nil
}

// look notes size and time of change. It reports whether the file holds
// something else than what was read so far: it became shorter, or its first
// bytes are not what they were.
func (n *inode) look() (replaced bool, err error) {
	info, err := n.f.Stat()
	if err != nil {
		return false, err
	}
	if info.Size() == n.size && info.ModTime().Equal(n.mod) {
		return n.size < n.offset, nil
	}
	n.size, n.mod = info.Size(), info.ModTime()
	if n.size < n.offset {
		return true, nil
	}
	old, sum := n.head, n.sum
	err = n.readHead()
	if err == nil && bytes.HasPrefix(n.head, old) {
		return false, nil
	}
	n.head, n.sum = old, sum
	return err == nil, err
}

// rewind starts over after a truncation.
func (n *inode) rewind() {
	n.offset, n.scanned, n.skipping, n.head, n.tail = 0, 0, false, nil, nil
	_ = n.readHead() // an empty head fits everything
}

// position says where the reader stands, less what the analyzer has not taken.
func (n *inode) position(offset int64) *position {
	p := &position{Head: n.sum, Len: len(n.head), Offset: offset}
	p.Device, p.Inode = fileID(n.info)
	return p
}

// fits reports whether a stored position was one in this file.
func (n *inode) fits(p *position) bool {
	if d, i := fileID(n.info); d != p.Device || i != p.Inode {
		return false
	}
	return n.size >= p.Offset && len(n.head) >= p.Len && headHash(n.head[:p.Len]) == p.Head
}

// continues reports whether c holds what n held before its offset, and more:
// c is the copy that a truncating rotator made of it.
func (n *inode) continues(c *inode) bool {
	if n.offset == 0 || c.size <= n.offset || len(n.tail) == 0 || string(c.head[:min(len(c.head), len(n.head))]) != string(n.head) {
		return false
	}
	before := make([]byte, len(n.tail))
	_, err := c.f.ReadAt(before, n.offset-int64(len(before)))
	return err == nil && bytes.Equal(before, n.tail)
}

// keepTail remembers the end of what was taken.
func (n *inode) keepTail(data []byte) {
	n.tail = append(n.tail[:0], data[max(0, len(data)-headSize):]...)
}

func headHash(b []byte) string {
	h := fnv.New64a()
	h.Write(b)
	return fmt.Sprintf("%016x", h.Sum64())
}

// next takes up to blockSize bytes of whole lines; nil when there is no whole
// line. The slice is the caller's. A line beyond maxLine is cut there, and its
// rest skipped.
func (n *inode) next() ([]byte, error) {
	for {
		if n.skipping {
			if done, err := n.skip(); !done {
				return nil, err
			}
		}
		n.scanned = max(n.scanned, n.offset)
		b, err := n.readAt(n.scanned, blockSize)
		if len(b) == 0 {
			return nil, err
		}
		if n.scanned == n.offset {
			if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
				n.offset += int64(i) + 1
				return bytes.Clone(b[:i+1]), nil
			}
		} else if i := bytes.IndexByte(b, '\n'); i >= 0 && n.scanned+int64(i)-n.offset <= maxLine {
			return n.line(n.scanned + int64(i) + 1)
		}
		n.scanned += int64(len(b))
		if n.scanned-n.offset > maxLine {
			out := make([]byte, maxLine, maxLine+1)
			if _, err := n.f.ReadAt(out, n.offset); err != nil {
				return nil, noEnd(err)
			}
			n.offset += maxLine
			n.skipping = true
			n.cut++
			return append(out, '\n'), nil
		}
	}
}

// line takes the bytes up to end, a single line.
func (n *inode) line(end int64) ([]byte, error) {
	out := make([]byte, end-n.offset)
	if _, err := n.f.ReadAt(out, n.offset); err != nil {
		return nil, noEnd(err) // it shrank meanwhile: look will tell
	}
	n.offset = end
	return out, nil
}

// skip goes on to the end of an overlong line. It reports whether it got there.
func (n *inode) skip() (bool, error) {
	for {
		b, err := n.readAt(n.offset, blockSize)
		if len(b) == 0 {
			return false, err
		}
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			n.offset += int64(len(b))
			n.skipped += int64(len(b))
			continue
		}
		n.offset += int64(i) + 1
		n.skipped += int64(i)
		n.skipping = false
		return true, nil
	}
}

// rest takes what is left behind the last newline, at most maxLine bytes. The
// offset moves behind it.
func (n *inode) rest() []byte {
	if n.skipping {
		return nil
	}
	b, _ := n.readAt(n.offset, maxLine) // what cannot be read now is no worse than what never came
	n.offset += int64(len(b))
	return bytes.Clone(b)
}

// readAt reads into the inode's own buffer; the end of the file is no error.
func (n *inode) readAt(at int64, size int) ([]byte, error) {
	if len(n.buf) < size {
		n.buf = make([]byte, size)
	}
	k, err := n.f.ReadAt(n.buf[:size], at)
	return n.buf[:k], noEnd(err)
}

func noEnd(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
