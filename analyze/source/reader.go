package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Block is a piece of an input that consists of whole lines.
type Block struct {
	// Offset is where Data starts in the decompressed text. A cut line makes
	// the next block's Offset larger than this one's plus len(Data).
	Offset int64
	// Data holds whole lines; only the last one of the input may lack its \n.
	Data []byte
	// Ahead shows whole lines that follow Data, for records that span a block's
	// end: as many as fit Options.Ahead. It must not be written to.
	Ahead []byte

	buf  []byte
	free *buffers
}

// Release gives the buffer back. Data and Ahead must not be used afterwards.
// Not calling it is allowed and costs an allocation for a later block.
func (b *Block) Release() {
	if b.free != nil {
		b.free.put(b.buf[:0])
	}
	*b = Block{}
}

// buffers are those that were given back. Unlike a sync.Pool it keeps them when
// garbage is collected: they are as many as blocks are in flight, and large.
type buffers struct {
	mu   sync.Mutex
	free [][]byte
}

func (l *buffers) put(b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = append(l.free, b)
}

// take returns a buffer for n bytes, nil when there is none.
func (l *buffers) take(n int) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := len(l.free) - 1
	if last < 0 {
		return nil
	}
	b := l.free[last]
	l.free[last] = nil
	l.free = l.free[:last]
	if cap(b) < n {
		return nil
	}
	return b
}

// Reader cuts one input into blocks. See Open.
type Reader struct {
	name   string
	ctx    context.Context
	o      Options
	size   int64
	file   *os.File
	closer io.Closer
	pump   *pump
	src    io.Reader
	sh     shared

	growing bool // see GrowBlocks
	free    buffers
	buf     []byte // read, and not yet delivered as Data
	read    int64  // decompressed bytes read
	eof     bool   // src has nothing more, for the reason in srcErr (nil: its end)
	srcErr  error
	once    sync.Once
	cut     atomic.Int64
	offset  atomic.Int64
	limited atomic.Bool
	nul     atomic.Bool
}

// Peek returns up to n (at most 4 KiB) of the next bytes of text without
// consuming them, fewer only when the input ends before. The view is good until
// the next call of Next. It waits for a slow pipe.
func (r *Reader) Peek(n int) []byte {
	n = min(n, 4<<10)
	r.fill(n)
	return r.buf[:min(n, len(r.buf))]
}

// LongLines has lines of up to n bytes kept whole: those that hold many records.
func (r *Reader) LongLines(n int) { r.o.MaxLine = max(r.o.MaxLine, n) }

// firstBlock is how large the first blocks are of a Reader whose blocks grow.
const firstBlock = 32 << 10

// GrowBlocks has blocks start small and grow to Options.BlockSize with what has been
// read, so that those who work on the first ones are soon done with them and have
// the others know what they learnt.
func (r *Reader) GrowBlocks() { r.growing = true }

// blockSize is the most bytes of whole lines that the block at hand holds.
func (r *Reader) blockSize() int {
	if !r.growing {
		return r.o.BlockSize
	}
	return int(min(max(firstBlock, r.offset.Load()/8), int64(r.o.BlockSize)))
}

// Next returns the next block. It ends with io.EOF; with a *DamageError after
// the last readable byte of a damaged input; with the context's error soon
// after that is cancelled, once all whole lines read so far are delivered. The
// blocks, put together, are the text, byte for byte, except for lines longer
// than Options.MaxLine.
func (r *Reader) Next() (*Block, error) {
	size := r.blockSize()
	r.fill(size + r.o.Ahead + 1) // one more tells whether the input ends there
	if len(r.buf) == 0 {
		return nil, r.end()
	}
	start := r.offset.Load()
	end, skipped := r.boundary(size)
	if end == 0 {
		return nil, r.end()
	}
	b := &Block{Offset: start, buf: r.buf, Data: r.buf[:end:end], free: &r.free}
	rest := r.buf[end:]
	b.Ahead = r.ahead(rest)
	if !r.nul.Load() && bytes.IndexByte(b.Data, 0) >= 0 {
		r.nul.Store(true)
	}
	consumed := int64(end) + skipped
	r.offset.Add(consumed)
	if len(rest) == 0 {
		r.buf = nil
	} else {
		r.buf = append(r.buffer(len(rest)), rest...)
	}
	return b, nil
}

// boundary returns the length of the block, of no more than size where a line ends
// by then, at the start of r.buf. When its only line is too long it is cut, and
// skipped is by how many bytes.
func (r *Reader) boundary(size int) (end int, skipped int64) {
	if r.eof && len(r.buf) <= size {
		return len(r.buf), 0
	}
	if nl := bytes.LastIndexByte(r.buf[:min(size, len(r.buf))], '\n'); nl >= 0 {
		return nl + 1, 0
	}
	// One line longer than a block. Find its end, growing the buffer up to
	// MaxLine.
	seen := 0
	for {
		if nl := bytes.IndexByte(r.buf[seen:min(len(r.buf), r.o.MaxLine+1)], '\n'); nl >= 0 {
			end = seen + nl + 1
			break
		}
		seen = len(r.buf)
		if seen > r.o.MaxLine {
			end, skipped = r.cutLine()
			break
		}
		if r.eof {
			return len(r.buf), 0
		}
		r.makeRoom()
		r.fill(min(2*seen, r.o.MaxLine+1))
		if len(r.buf) < seen { // stopped in the middle of the line, which is gone
			return 0, 0
		}
	}
	r.fill(end + r.o.Ahead + 1)
	return end, skipped
}

// makeRoom has a long line grow in one buffer, and not in one after the other,
// where the rest of the file is no longer than a line may be.
func (r *Reader) makeRoom() {
	left := r.size - r.read
	if r.pump != nil || left < 0 || left > int64(r.o.MaxLine) || len(r.buf) < 4*r.o.BlockSize {
		return
	}
	if room := len(r.buf) + int(left) + 1; cap(r.buf) < room {
		r.buf = append(make([]byte, 0, room), r.buf...)
	}
}

const skipChunk = 256 << 10

// cutLine shortens the line at the start of r.buf to MaxLine and skips its
// rest. The cut line always ends in a newline.
func (r *Reader) cutLine() (end int, skipped int64) {
	r.cut.Add(1)
	end = r.o.MaxLine + 1
	if room := end + skipChunk; cap(r.buf) < room { // skip in large reads
		r.buf = append(make([]byte, 0, room), r.buf...)
	}
	rest := r.buf[r.o.MaxLine:]
	for {
		if nl := bytes.IndexByte(rest, '\n'); nl >= 0 {
			skipped += int64(nl) // its newline takes the place of the line's first dropped byte
			rest = rest[nl+1:]
			break
		}
		skipped += int64(len(rest))
		rest = nil
		r.buf = r.buf[:r.o.MaxLine]
		if r.eof {
			skipped-- // the newline that is put there was not in the input
			break
		}
		r.fill(cap(r.buf))
		r.buf = r.buf[:max(len(r.buf), r.o.MaxLine)] // stop drops unfinished lines, but the head is good
		rest = r.buf[r.o.MaxLine:]
	}
	r.buf = r.buf[:end]
	r.buf[r.o.MaxLine] = '\n'
	r.buf = append(r.buf, rest...) // in place: rest lies in the same buffer, further on
	return end, skipped
}

// ahead returns the whole lines at the start of rest that fit Options.Ahead.
func (r *Reader) ahead(rest []byte) []byte {
	if r.eof && len(rest) <= r.o.Ahead {
		return rest[:len(rest):len(rest)]
	}
	n := bytes.LastIndexByte(rest[:min(len(rest), r.o.Ahead)], '\n') + 1
	return rest[:n:n]
}

// buffer returns an empty buffer for at least n bytes and a block.
func (r *Reader) buffer(n int) []byte {
	want := r.o.BlockSize + r.o.Ahead + 1
	if r.pump == nil && r.size >= 0 && r.size < int64(want) {
		want = int(r.size) + 1 // a small file; one more byte to see its end
	}
	if b := r.free.take(n); b != nil {
		return b
	}
	return make([]byte, 0, max(n, want))
}

// fill reads until r.buf holds n bytes or the source has no more.
func (r *Reader) fill(n int) {
	if r.eof || len(r.buf) >= n {
		return
	}
	if cap(r.buf) == 0 {
		r.buf = r.buffer(0)
	}
	for !r.eof && len(r.buf) < n {
		if len(r.buf) == cap(r.buf) {
			bigger := make([]byte, len(r.buf), max(n, r.o.BlockSize+r.o.Ahead+1))
			copy(bigger, r.buf)
			r.buf = bigger
		}
		if err := r.ctx.Err(); err != nil && r.pump == nil {
			r.stop(context.Cause(r.ctx))
			return
		}
		m, err := r.readLimited(r.buf[len(r.buf):min(n, cap(r.buf))])
		r.buf = r.buf[:len(r.buf)+m]
		r.read += int64(m)
		if err != nil {
			r.stop(err)
		}
	}
}

// readLimited reads from the source, no further than MaxBytes.
func (r *Reader) readLimited(p []byte) (int, error) {
	if r.o.MaxBytes <= 0 {
		return r.src.Read(p)
	}
	if left := r.o.MaxBytes - r.read; left > 0 {
		return r.src.Read(p[:min(int64(len(p)), left)])
	}
	var one [1]byte
	n, err := 0, error(nil)
	for n == 0 && err == nil {
		n, err = r.src.Read(one[:])
	}
	if n > 0 {
		r.limited.Store(true)
		err = io.EOF
	}
	return 0, err
}

// stop records why there is no more. What is left of a line is dropped when it
// was we who stopped in its middle.
func (r *Reader) stop(err error) {
	r.eof = true
	ours := r.limited.Load()
	switch {
	case err == io.EOF: // a wrapped one is damage
	case r.ctx.Err() != nil && (errors.Is(err, context.Cause(r.ctx)) || errors.Is(err, os.ErrDeadlineExceeded)):
		r.srcErr, ours = context.Cause(r.ctx), true
	default:
		r.srcErr = &DamageError{Name: r.name, Offset: r.read, Err: err}
	}
	if ours {
		r.buf = r.buf[:bytes.LastIndexByte(r.buf, '\n')+1]
	}
}

func (r *Reader) end() error {
	if r.srcErr != nil {
		return r.srcErr
	}
	return io.EOF
}

// Stats returns what is known so far. It is safe for concurrent use.
func (r *Reader) Stats() Stats {
	s := Stats{
		Bytes: r.offset.Load(), RawBytes: r.sh.raw.Load(), RawSize: r.size,
		CutLines: r.cut.Load(), Limited: r.limited.Load(), NUL: r.nul.Load(),
	}
	if c := r.sh.compression.Load(); c != nil {
		s.Compression = *c
	}
	if e := r.sh.encoding.Load(); e != nil {
		s.Encoding = *e
	}
	return s
}

// Close ends the reading and closes the file that Open opened; a second call
// does nothing. Blocks stay good. It waits for the reading goroutine, except for
// one that hangs in a read of a standard input that cannot be interrupted: that
// one ends with its read.
func (r *Reader) Close() (err error) {
	r.once.Do(func() { err = r.close() })
	return err
}

func (r *Reader) close() (err error) {
	wait := false
	if r.pump != nil {
		close(r.pump.stop)
		wait = r.closer != nil
		if r.closer == nil && r.file != nil && r.file.SetReadDeadline(time.Unix(1, 0)) == nil {
			wait = true
			defer func() { _ = r.file.SetReadDeadline(time.Time{}) }()
		}
	}
	if r.closer != nil {
		err = r.closer.Close()
	}
	if wait {
		<-r.pump.done
	}
	return err
}
