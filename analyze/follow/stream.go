package follow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// streamReader follows what can be read only once: standard input, a named
// pipe, the output of a command. It hands over whole lines, and a piece of a
// line when the writer falls silent in its midst.
type streamReader struct {
	name  string
	src   int
	clock Clock
	out   chan<- piece
	r     io.Reader
	// again is asked after the end of the stream: wait, then true to read on (a
	// named pipe gets another writer), false when it has ended. nil: it has ended.
	again func(ctx context.Context) bool

	box      outbox
	stats    FileStats
	part     []byte // a line whose newline has not come
	skipping bool
}

// run reads until the stream or the context ends.
func (s *streamReader) run(ctx, hard context.Context) FileStats {
	raw := make(chan []byte)
	failed := make(chan error, 1)
	go s.pump(ctx, raw, failed)
	var torn <-chan time.Time
	for {
		var out chan<- piece
		var first piece
		if len(s.box.pieces) > 0 {
			out, first = s.out, s.box.pieces[0]
		}
		in := raw
		if s.box.full() {
			in = nil
		}
		select {
		case b, ok := <-in:
			if !ok {
				s.end(failed)
				s.flush(hard)
				return s.stats
			}
			s.take(b)
			torn = nil
			if len(s.part) > 0 {
				torn = s.clock.After(tornAfter)
			}
		case out <- first:
			s.box.pop()
		case <-torn:
			torn = nil
			s.stats.Torn++
			s.lines(append(s.part, '\n'), false)
			s.part = nil
		case <-ctx.Done():
			s.unblock()
			s.end(nil)
			s.flush(hard)
			return s.stats
		}
	}
}

// unblock lets a pending read return where the system allows it. A read of a
// terminal or of an inherited pipe ends with the process.
func (s *streamReader) unblock() {
	if f, ok := s.r.(interface{ SetReadDeadline(time.Time) error }); ok {
		_ = f.SetReadDeadline(time.Unix(1, 0)) // not all files can
	}
}

// pump reads. It ends when the stream does, or at the first bytes after the
// context's end.
func (s *streamReader) pump(ctx context.Context, raw chan<- []byte, failed chan<- error) {
	defer close(raw)
	if c, ok := s.r.(io.Closer); ok && s.again != nil {
		defer c.Close()
	}
	buf := make([]byte, 64<<10)
	for {
		n, err := s.r.Read(buf)
		if n > 0 {
			select {
			case raw <- bytes.Clone(buf[:n]):
			case <-ctx.Done():
				return
			}
		}
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return
		case errors.Is(err, io.EOF):
			if s.again == nil || !s.again(ctx) {
				return
			}
		default:
			failed <- err
			return
		}
	}
}

// take cuts what came into lines.
func (s *streamReader) take(b []byte) {
	if s.skipping {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			s.skip(len(b))
			return
		}
		s.skip(i)
		s.skipping, b = false, b[i+1:]
	}
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		s.lines(append(s.part, b[:i+1]...), false)
		s.part, b = nil, b[i+1:]
	}
	s.part = append(s.part, b...)
	if n := len(s.part) - maxLine; n > 0 {
		s.lines(append(s.part[:maxLine:maxLine], '\n'), false)
		s.part, s.skipping = nil, true
		s.stats.Cut++
		s.box.pieces[len(s.box.pieces)-1].cut = 1
		s.skip(n)
	}
}

// skip counts the rest of an overlong line.
func (s *streamReader) skip(n int) {
	s.stats.Skipped += int64(n)
	s.stats.Bytes += int64(n)
	if k := len(s.box.pieces); k > 0 && s.box.pieces[k-1].skipped > 0 {
		s.box.pieces[k-1].skipped += int64(n)
		return
	}
	s.box.pieces = append(s.box.pieces, piece{src: s.src, skipped: int64(n)})
}

func (s *streamReader) lines(data []byte, torn bool) {
	s.stats.Bytes += int64(len(data))
	s.box.lines(piece{src: s.src, data: data, torn: torn})
}

func (s *streamReader) end(failed <-chan error) {
	if len(s.part) > 0 {
		s.lines(s.part, true)
		s.part = nil
	}
	p := piece{src: s.src, ended: true}
	select {
	case err := <-failed:
		s.stats.Problems++
		p.notice = fmt.Sprintf("%s: read: %v", s.name, err)
	default:
	}
	s.box.pieces = append(s.box.pieces, p)
}

func (s *streamReader) flush(hard context.Context) {
	for len(s.box.pieces) > 0 {
		select {
		case s.out <- s.box.pieces[0]:
			s.box.pop()
		case <-hard.Done():
			for _, p := range s.box.pieces {
				s.stats.Unread += int64(len(p.data))
			}
			return
		}
	}
}

// openFifo opens a pipe by its name. A named pipe outlives its writers; what a
// shell's <(…) makes ends with its command.
func openFifo(name string, clock Clock) (io.Reader, func(context.Context) bool, error) {
	f, err := openNonblock(name)
	if err != nil {
		return nil, nil, err
	}
	link, err := os.Lstat(name)
	lasting := err == nil && link.Mode()&os.ModeNamedPipe != 0
	return f, func(ctx context.Context) bool {
		if !lasting {
			return false
		}
		select {
		case <-clock.After(50 * time.Millisecond):
			return true
		case <-ctx.Done():
			return false
		}
	}, nil
}
