package files

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"time"

	"wolfdiag/analyze/source/disk"
)

// headSize is how many bytes at the beginning of a file, and before a place in
// it, tell it from what replaced it.
const headSize = 64

const (
	blockSize = 256 << 10 // bytes of whole lines taken at once by our own reader
	badBlock  = 4 << 10   // bytes that are given up when they cannot be read
)

// MaxLine is how many bytes of a line are kept; the rest is skipped and counted.
const MaxLine = 1 << 20

// errReplaced tells that a file does not hold any more what was read of it.
var errReplaced = errors.New("truncated, or written anew in its place")

// inode is one open file: whatever becomes of its name, it can be read to its
// end. It is for one goroutine.
type inode struct {
	f       disk.File
	path    string      // it had when it was opened
	info    fs.FileInfo // as opened; for disk.Same
	size    int64       // as last seen
	mod     time.Time
	buf     *[]byte // read into; the files of one reader share it
	initial int64   // what it held when following began
	isCopy  bool    // made by a truncating rotator, or expanded: nobody writes to it
	// untailable: our own reader alone may follow it, not the library.
	untailable bool
	reached
	fingerprint
	leftOut
}

// reached is how far a file has been read.
type reached struct {
	begin   int64 // where reading began
	offset  int64 // everything before it has been taken
	scanned int64 // no newline between offset and here
}

// fingerprint is what tells a file from one that has taken its place.
type fingerprint struct {
	head []byte
	sum  string // hash of head
	tail []byte // the last bytes before offset; empty when they are not known
	// Where there is no head, as of a file that was empty and cannot be read now,
	// its size alone tells: what it grew to, and whether it became shorter then.
	grownTo int64
	shrunk  bool
}

// leftOut is what of a file was not taken.
type leftOut struct {
	// In the midst of a line beyond MaxLine, or behind a part that cannot be read.
	skipping, lossy bool
	// skipped and cut are to be handed over, untold is to be told; left and lost
	// are all that was left out of lines, and all that was given up.
	skipped, cut, untold int64
	left, lost           int64
}

// openInode opens a regular file, to be read into a buffer that grows as needed.
func openInode(fsys disk.FS, name string, buf *[]byte) (*inode, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: disk.ErrNotRegular}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	n := &inode{f: f, path: name, info: info, size: info.Size(), mod: info.ModTime(), buf: buf}
	file, ok := f.(*os.File)
	n.untailable = !ok || !canTail(file)
	if err := n.readHead(); err != nil {
		f.Close()
		return nil, fmt.Errorf("read the beginning of %s: %w", name, err)
	}
	return n, nil
}

func (n *inode) close() { n.f.Close() }

func (n *inode) id() (device, inode uint64) {
	id, _ := disk.Identify(n.info)
	return id.Device, id.Inode
}

// readHead keeps the first bytes of the file.
func (n *inode) readHead() error {
	head := make([]byte, headSize)
	k, err := n.f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	n.head = head[:k]
	n.sum = hash(n.head)
	return nil
}

// before reads the bytes before a place. errMoved: the file does not reach there
// any more, it has been truncated since its size was looked at.
func (n *inode) before(at int64) ([]byte, error) {
	b := make([]byte, min(at, headSize))
	k, err := n.f.ReadAt(b, at-int64(len(b)))
	if err = noEnd(err); err == nil && k < len(b) {
		err = errMoved
	}
	return b, err
}

// seek begins to read at a place.
func (n *inode) seek(at int64) error {
	tail, err := n.before(at)
	if err != nil {
		return err
	}
	n.begin, n.offset, n.scanned, n.tail = at, at, at, tail
	return nil
}

// look notes size and time of change. It reports whether the file holds
// something else than what was read so far: it became shorter, or its first
// bytes, or the last ones that were taken, are not what they were.
func (n *inode) look() (replaced bool, err error) {
	info, err := n.f.Stat()
	if err != nil {
		return false, err
	}
	if info.Size() == n.size && info.ModTime().Equal(n.mod) {
		return n.shrunk || n.size < n.offset, nil
	}
	// The old size stays when the file has become shorter: it tells how much is lost.
	if info.Size() < n.offset {
		return true, nil
	}
	if len(n.head) == 0 && info.Size() < n.grownTo {
		n.size, n.shrunk = n.grownTo, true
	}
	if n.shrunk {
		return true, nil
	}
	n.grownTo = info.Size()
	old, sum := n.head, n.sum
	err = n.readHead()
	if err != nil || !bytes.HasPrefix(n.head, old) {
		n.head, n.sum = old, sum
		return err == nil, err
	}
	if ok, err := n.intact(); !ok || err != nil {
		n.head, n.sum = old, sum
		return err == nil, err
	}
	n.size, n.mod = info.Size(), info.ModTime()
	return false, nil
}

// intact reports whether the bytes before the offset are those that were taken.
func (n *inode) intact() (bool, error) {
	if len(n.tail) == 0 {
		return true, nil
	}
	b := make([]byte, len(n.tail))
	k, err := n.f.ReadAt(b, n.offset-int64(len(b)))
	return bytes.Equal(b[:k], n.tail), noEnd(err)
}

// content is what a file holds at a moment, as far as it is known by that.
type content struct {
	head []byte
	size int64
	mod  time.Time
}

// content looks at what the file holds now.
func (n *inode) content() (content, error) {
	head := make([]byte, headSize)
	k, err := n.f.ReadAt(head, 0)
	if err = noEnd(err); err != nil {
		return content{}, err
	}
	info, err := n.f.Stat()
	if err != nil {
		return content{}, err
	}
	return content{head[:k], info.Size(), info.ModTime()}, nil
}

// contentOf is the content as far as it can be read; none is as good as any.
func contentOf(n *inode) content {
	c, _ := n.content()
	return c
}

// rewind starts over with another content, and an account of its own.
func (n *inode) rewind(c content) {
	n.begin, n.offset, n.scanned, n.initial = 0, 0, 0, 0
	n.skipping, n.lossy, n.tail = false, false, nil
	n.left, n.lost = 0, 0
	n.head, n.sum, n.size, n.mod = c.head, hash(c.head), c.size, c.mod
	n.grownTo, n.shrunk = c.size, false
}

// continues reports whether c holds what n held before its offset, and is at
// least as long: c is a copy of it.
func (n *inode) continues(c *inode) (bool, error) {
	if c.size < n.offset || len(c.head) < len(n.head) || !bytes.Equal(c.head[:len(n.head)], n.head) {
		return false, nil
	}
	if n.offset == 0 {
		return len(n.head) > 0 && c.size >= n.size, nil
	}
	if len(n.tail) == 0 {
		return false, nil
	}
	before := make([]byte, len(n.tail))
	k, err := c.f.ReadAt(before, n.offset-int64(len(before)))
	return bytes.Equal(before[:k], n.tail), noEnd(err)
}

// advance moves the offset behind data.
func (n *inode) advance(data []byte) {
	if at := int(min(n.offset, headSize)); len(n.head) < headSize && at <= len(n.head) && at+len(data) > len(n.head) {
		n.head = append(n.head[:at:at], data[:min(len(data), headSize-at)]...)
		n.sum = hash(n.head)
	}
	n.offset += int64(len(data))
	n.keepTail(data)
}

// keepTail remembers the end of what was taken.
func (n *inode) keepTail(data []byte) {
	if len(data) >= headSize {
		n.tail = append(n.tail[:0:0], data[len(data)-headSize:]...)
		return
	}
	all := append(append(make([]byte, 0, 2*headSize), n.tail...), data...)
	n.tail = all[max(0, len(all)-headSize):]
}

// next takes up to blockSize bytes of whole lines; nil when there is no whole
// line. The slice is the caller's. A line beyond MaxLine is cut there, and its
// rest skipped. errReplaced: nothing was taken, the file is another one.
func (n *inode) next() ([]byte, error) {
	if n.shrunk {
		return nil, errReplaced
	}
	for {
		if n.skipping {
			if done, err := n.skip(); !done {
				return nil, err
			}
		}
		if n.scanned <= n.offset {
			n.scanned = n.offset
			b, err := n.fromOffset(blockSize)
			if len(b) == 0 {
				return nil, err
			}
			if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
				out := bytes.Clone(b[:i+1])
				n.advance(out)
				return out, nil
			}
			n.scanned += int64(len(b))
			continue
		}
		b, err := n.readAt(n.scanned, blockSize)
		if len(b) == 0 {
			return nil, err
		}
		if i := bytes.IndexByte(b, '\n'); i >= 0 && n.scanned+int64(i)-n.offset <= MaxLine {
			return n.line(n.scanned + int64(i) + 1)
		}
		n.scanned += int64(len(b))
		if n.scanned-n.offset > MaxLine {
			return n.cutLine()
		}
	}
}

// line takes the bytes up to end, a single line.
func (n *inode) line(end int64) ([]byte, error) {
	b, err := n.fromOffset(int(end - n.offset))
	if err == nil && (int64(len(b)) < end-n.offset || b[len(b)-1] != '\n') {
		n.scanned = n.offset // it shrank meanwhile
		return nil, errReplaced
	}
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(b)
	n.advance(out)
	return out, nil
}

// cutLine takes the first MaxLine bytes of a line that is longer.
func (n *inode) cutLine() ([]byte, error) {
	b, err := n.fromOffset(MaxLine)
	if err != nil {
		return nil, err
	}
	if len(b) < MaxLine {
		n.scanned = n.offset
		return nil, errReplaced
	}
	out := append(make([]byte, 0, MaxLine+1), b...)
	n.advance(out)
	n.skipping = true
	n.cut++
	return append(out, '\n'), nil
}

// skip goes on to the end of an overlong line, or to the next line behind a
// part that could not be read. It reports whether it got there.
func (n *inode) skip() (bool, error) {
	for {
		b, err := n.fromOffset(blockSize)
		if len(b) == 0 {
			return false, err
		}
		i := bytes.IndexByte(b, '\n')
		over, length := len(b), len(b)
		if i >= 0 {
			over, length = i, i+1
		}
		if n.lossy {
			n.lost += int64(length)
			n.untold += int64(length)
		} else {
			n.skipped += int64(over)
			n.left += int64(over)
		}
		n.advance(b[:length])
		if i >= 0 {
			n.skipping, n.lossy = false, false
			return true, nil
		}
	}
}

// giveUp leaves out what cannot be read where the reader stands, up to the next
// block of the disk and the line that begins behind it. It returns how many
// bytes are certainly lost by that.
func (n *inode) giveUp() int64 {
	to := min((max(n.scanned, n.offset)/badBlock+1)*badBlock, max(n.size, n.offset))
	bytes := to - n.offset
	n.offset, n.scanned, n.tail = to, to, nil
	n.lost += bytes
	n.skipping, n.lossy = true, true
	return bytes
}

// errMore tells that whole lines have come meanwhile.
var errMore = errors.New("more lines have come")

// rest takes what is left behind the last newline, at most MaxLine bytes. The
// offset moves behind it. errMore: nothing was taken, there are lines again.
func (n *inode) rest() ([]byte, error) {
	if n.skipping {
		return nil, nil
	}
	b, err := n.fromOffset(MaxLine)
	if bytes.IndexByte(b, '\n') >= 0 {
		n.scanned = n.offset
		return nil, errMore
	}
	out := bytes.Clone(b)
	n.advance(out)
	return out, err
}

// fromOffset reads into the buffer, and with the same read what
// stands before the offset: so what it returns is of the file that was read so
// far, or nothing. The end of the file is no error.
func (n *inode) fromOffset(size int) ([]byte, error) {
	k := len(n.tail)
	b, err := n.readAt(n.offset-int64(k), k+size)
	if err == nil && (len(b) < k || !bytes.Equal(b[:k], n.tail)) {
		return nil, errReplaced
	}
	if len(b) < k {
		return nil, err
	}
	if h := n.head; err == nil && n.offset == 0 && (len(b) < len(h) && len(b) < size || !bytes.HasPrefix(b, h[:min(len(h), len(b))])) {
		return nil, errReplaced
	}
	return b[k:], err
}

// readAt reads into the buffer; the end of the file is no error.
func (n *inode) readAt(at int64, size int) ([]byte, error) {
	if len(*n.buf) < size {
		*n.buf = make([]byte, size)
	}
	k, err := n.f.ReadAt((*n.buf)[:size], at)
	if err = noEnd(err); err != nil {
		k = 0 // what came before the error is read again
	}
	return (*n.buf)[:k], err
}

func noEnd(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// hash is the FNV-1a hash, 64 bits in hexadecimal.
func hash(b []byte) string {
	h := fnv.New64a()
	h.Write(b)
	return fmt.Sprintf("%016x", h.Sum64())
}
