package source

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// sniffSize holds every magic number and the first header of an xz block.
const sniffSize = 512

// shared holds what the reading goroutine tells and Stats reports.
type shared struct {
	raw         atomic.Int64
	compression atomic.Pointer[string]
	encoding    atomic.Pointer[string]
}

// counted counts the bytes read from the file itself.
type counted struct {
	r   io.Reader
	raw *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.raw.Add(int64(n))
	return n, err
}

// Open starts reading an input. Its compression and encoding are found out by
// the first bytes, never by the name. stdin is used for an Input of KindStdin
// only, and is not closed. Next, Peek and Close are for one goroutine; Stats
// may be called from any. The caller calls Close.
//
// Errors are those of the operating system, with the name; damage shows later,
// in Next.
func Open(ctx context.Context, in Input, stdin io.Reader, o Options) (*Reader, error) {
	r := &Reader{name: in.Name, ctx: ctx, o: o.withDefaults(), size: in.Size}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch in.Kind {
	case KindStdin:
		if stdin == nil {
			return nil, fmt.Errorf("%s: %w", in.Name, errNoStdin)
		}
		r.size = -1
		if f, ok := stdin.(*os.File); ok {
			return r.openFile(f, false)
		}
		r.stream(stdin, nil)
		return r, nil
	case KindMember:
		return r.openMember(in.Member)
	case KindEngine:
		rc, err := in.Stream.Open(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.Name, err)
		}
		r.size, r.closer = -1, rc
		r.stream(rc, nil)
		return r, nil
	case KindPipe:
		f, err := openPipe(ctx, in.Path)
		if err != nil {
			return nil, err
		}
		return r.openFile(f, true)
	}
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, err
	}
	return r.openFile(f, true)
}

// openMember reads a file inside an archive, in a goroutine that closes it.
func (r *Reader) openMember(m *Member) (*Reader, error) {
	rc, err := m.open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	sh := &r.sh
	r.closer = io.NopCloser(nil) // Close waits for the goroutine
	r.pump = startPump(r.ctx, func() (io.ReadCloser, bool, error) {
		head := make([]byte, sniffSize)
		in := counted{safeReader{rc}, &sh.raw}
		n, err := readFullSafe(in, head)
		h := &headReader{head: head[:n], r: in}
		if err != nil && err != io.EOF {
			h.r = errReader{err}
		}
		d, _, err := decoded(h, sh)
		if err != nil {
			rc.Close()
			return nil, false, err
		}
		return withCloser{d, closers{d, rc}}, true, nil
	})
	r.src = r.pump
	return r, nil
}

// openFile reads a regular file directly and everything else through a pump.
func (r *Reader) openFile(f *os.File, own bool) (*Reader, error) {
	r.file = f
	if own {
		r.closer = f
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s: is a directory: %w", r.name, errNotOpenAsF)
	}
	if err != nil {
		if own {
			f.Close()
		}
		return nil, err
	}
	if !info.Mode().IsRegular() {
		growPipe(f)
		r.stream(f, nil)
		return r, nil
	}
	r.size = info.Size()
	head := make([]byte, sniffSize)
	n, err := readFullSafe(counted{f, &r.sh.raw}, head)
	head = head[:n]
	switch {
	case err != nil && err != io.EOF:
		r.src, r.srcErr = &headReader{head: head, r: errReader{err}}, nil
	case compressionOf(head) != "" || isUTF16(head):
		r.stream(f, head)
	default:
		if len(head) >= 3 && string(head[:3]) == utf8BOM {
			head = head[3:]
		}
		r.src = &headReader{head: head, r: counted{f, &r.sh.raw}}
	}
	return r, nil
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

// stream reads raw, whose first bytes may already be in head, in a goroutine.
func (r *Reader) stream(raw io.Reader, head []byte) {
	sh := &r.sh
	r.pump = startPump(r.ctx, func() (io.ReadCloser, bool, error) {
		in := io.Reader(counted{raw, &sh.raw})
		if head == nil {
			buf := make([]byte, sniffSize)
			n, err := readHead(in, buf)
			if err != nil && err != io.EOF {
				in = errReader{err}
			}
			head = buf[:n]
		}
		return decoded(&headReader{head: head, r: in}, sh)
	})
	r.src = r.pump
}

// readHead reads until the bytes at hand decide what the stream is: a live pipe
// may not have more than one short line to offer for a long time.
func readHead(in io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = in.Read(buf[n:])
		n += m
		// Only a compressed stream needs its header whole.
		if n >= 10 && compressionOf(buf[:n]) == "" {
			break
		}
	}
	return n, err
}

// decoded puts decompression and decoding on top of h. whole reports that full
// chunks may be waited for.
func decoded(h *headReader, sh *shared) (rc io.ReadCloser, whole bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("decompressor failed: %v", v)
		}
	}()
	rc = io.NopCloser(h)
	if c := compressionOf(h.head); c != "" {
		sh.compression.Store(&c)
		if rc, err = decompressor(c, h); err != nil {
			return nil, false, fmt.Errorf("%s header: %w", c, noEOF(err))
		}
		head := make([]byte, bareUTF16)
		n, err := readFullSafe(rc, head)
		in := io.Reader(rc)
		if err != nil {
			in = errReader{err}
		}
		h, whole = &headReader{head: head[:n], r: in}, true
	}
	closer := rc
	if order, mark := utf16Order(h.head); order != nil {
		enc := "utf-16le"
		if order == binary.BigEndian {
			enc = "utf-16be"
		}
		sh.encoding.Store(&enc)
		h.head = h.head[mark:]
		return withCloser{&utf16Reader{r: h, order: order}, closer}, whole, nil
	}
	if len(h.head) >= 3 && string(h.head[:3]) == utf8BOM {
		h.head = h.head[3:]
	}
	return withCloser{h, closer}, whole, nil
}

// openPipe opens a named pipe, which blocks until someone writes to it, or
// until the context ends.
func openPipe(ctx context.Context, path string) (*os.File, error) {
	type result struct {
		f   *os.File
		err error
	}
	opened := make(chan result, 1)
	go func() {
		f, err := os.Open(path)
		opened <- result{f, err}
	}()
	select {
	case res := <-opened:
		return res.f, res.err
	case <-ctx.Done():
	}
	err := fmt.Errorf("%s: nobody writes to this pipe: %w", path, context.Cause(ctx))
	// Let the goroutine's open return. It may not have come to it yet, so once
	// is not enough; where pipes cannot be unblocked it is left behind.
	for range 200 {
		unblockPipe(path)
		select {
		case res := <-opened:
			if res.err == nil {
				res.f.Close()
			}
			return nil, err
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil, err
}
