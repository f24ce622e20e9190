package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"wolfdiag/analyze/source"
	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/rotation"
)

// openAny opens a generation, through its compression.
func (r *Path) openAny(g rotation.Generation) (*inode, error) {
	if g.Name.Compressed == "" {
		return openInode(r.FS, g.Path, &r.block)
	}
	f, err := expand(r.FS, g.Path)
	if err != nil {
		return nil, err
	}
	n := &inode{f: f, path: g.Path, info: f.info, size: f.size, mod: f.info.ModTime(), isCopy: true, untailable: true, buf: &r.block}
	if err := n.readHead(); err != nil {
		f.Close()
		return nil, fmt.Errorf("read the beginning of %s: %w", g.Path, err)
	}
	return n, nil
}

// expandBack is how far back an expanded file can be read without beginning
// anew: a line, and the block that it was looked for in.
const expandBack = MaxLine + 2*blockSize

// expanded is a compressed file that is read as if it were not. Places are those
// of the expanded bytes. Reading on is cheap; going back further than expandBack
// expands from the beginning.
type expanded struct {
	raw   disk.File
	info  fs.FileInfo // of the compressed file
	size  int64       // of what it expands to
	plain io.ReadCloser
	pos   int64 // where plain stands
	back  []byte
}

var errNotCompressed = errors.New("is not compressed in a way that is known, though its name says so")

// expand opens a compressed file and finds out what size it expands to, which
// takes a pass over it.
func expand(fsys disk.FS, name string) (*expanded, error) {
	raw, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	e := &expanded{raw: raw}
	if e.info, err = raw.Stat(); err == nil {
		if err = e.rewind(); err == nil {
			e.size, err = io.Copy(io.Discard, e.plain)
		}
		if err == nil {
			err = e.rewind()
		}
	}
	if err != nil {
		e.Close()
		return nil, fmt.Errorf("expand %s: %w", name, err)
	}
	return e, nil
}

func (e *expanded) rewind() error {
	if e.plain != nil {
		e.plain.Close()
	}
	var kind string
	var err error
	e.plain, kind, err = source.Decompress(io.NewSectionReader(e.raw, 0, 1<<62))
	if err == nil && kind == "" {
		err = errNotCompressed
	}
	e.pos, e.back = 0, nil
	return err
}

// ReadAt reads expanded bytes.
func (e *expanded) ReadAt(p []byte, at int64) (int, error) {
	if at < e.pos-int64(len(e.back)) {
		if err := e.rewind(); err != nil {
			return 0, err
		}
	}
	buf := make([]byte, 64<<10)
	for e.pos < at+int64(len(p)) {
		k, err := e.plain.Read(buf)
		e.pos += int64(k)
		e.back = append(e.back, buf[:k]...)
		if over := len(e.back) - expandBack - len(p); over > 0 {
			e.back = append(e.back[:0:0], e.back[over:]...)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	from := at - (e.pos - int64(len(e.back)))
	if from >= int64(len(e.back)) {
		return 0, io.EOF
	}
	n := copy(p, e.back[from:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Stat describes the compressed file as it is now, with the size that it expands to.
func (e *expanded) Stat() (fs.FileInfo, error) {
	info, err := e.raw.Stat()
	if err != nil {
		return nil, err
	}
	return expandedInfo{info, e.size}, nil
}

// Close closes both.
func (e *expanded) Close() error {
	if e.plain != nil {
		e.plain.Close()
	}
	return e.raw.Close()
}

type expandedInfo struct {
	fs.FileInfo
	size int64
}

func (i expandedInfo) Size() int64 { return i.size }
