package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/source/disk"
)

// Stream follows what can be read only once: standard input, a named pipe, the
// output of a command. It hands over whole lines, and a Piece of a
// line when the writer falls silent in its midst.
type Stream struct {
	Name   string
	Source int
	Clock  clock.Clock
	Out    chan<- Piece
	R      io.Reader
	// Again is asked after the end of the stream: wait, then true to read on (a
	// named pipe gets another writer), false when it has ended. nil: it has ended.
	Again func(ctx context.Context) bool

	box      outbox
	stats    account.File
	part     []byte // a line whose newline has not come
	skipping bool
}

// Run reads until the stream or the context ends; what is there is handed over
// until hard ends. It returns what became of the stream.
func (s *Stream) Run(ctx, hard context.Context) account.File {
	raw := make(chan []byte)
	failed := make(chan error, 1)
	go s.pump(ctx, raw, failed)
	var torn <-chan time.Time
	for {
		var out chan<- Piece
		var first Piece
		if len(s.box.pieces) > 0 {
			out, first = s.Out, s.box.pieces[0]
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
				torn = s.Clock.After(tornAfter)
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
func (s *Stream) unblock() {
	if f, ok := s.R.(interface{ SetReadDeadline(time.Time) error }); ok {
		_ = f.SetReadDeadline(time.Unix(1, 0)) // not all files can
	}
}

// pump reads. It ends when the stream does, or at the first bytes after the
// context's end.
func (s *Stream) pump(ctx context.Context, raw chan<- []byte, failed chan<- error) {
	defer close(raw)
	if c, ok := s.R.(io.Closer); ok && s.Again != nil {
		defer c.Close()
	}
	buf := make([]byte, 64<<10)
	for {
		n, err := s.R.Read(buf)
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
			if s.Again == nil || !s.Again(ctx) {
				return
			}
		default:
			failed <- err
			return
		}
	}
}

// take cuts what came into lines.
func (s *Stream) take(b []byte) {
	s.stats.Seen += int64(len(b))
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
	if n := len(s.part) - MaxLine; n > 0 {
		s.lines(append(s.part[:MaxLine:MaxLine], '\n'), false)
		s.part, s.skipping = nil, true
		s.stats.Cut++
		s.box.pieces[len(s.box.pieces)-1].Cut = 1
		s.skip(n)
	}
}

// skip counts the rest of an overlong line.
func (s *Stream) skip(n int) {
	s.stats.Skipped += int64(n)
	s.stats.Bytes += int64(n)
	if k := len(s.box.pieces); k > 0 && s.box.pieces[k-1].Skipped > 0 {
		s.box.pieces[k-1].Skipped += int64(n)
		return
	}
	s.box.pieces = append(s.box.pieces, Piece{Source: s.Source, Skipped: int64(n)})
}

func (s *Stream) lines(data []byte, torn bool) {
	s.stats.Bytes += int64(len(data))
	s.box.lines(Piece{Source: s.Source, Data: data, Torn: torn})
}

func (s *Stream) end(failed <-chan error) {
	if len(s.part) > 0 {
		s.lines(s.part, true)
		s.part = nil
	}
	p := Piece{Source: s.Source, Ended: true}
	select {
	case err := <-failed:
		s.stats.Problems++
		p.Gap = &account.Gap{File: s.Name, From: s.stats.Seen, Bytes: account.Unknown, Reason: account.Failed, Detail: reason(err)}
		s.stats.Add(*p.Gap)
	default:
	}
	s.box.pieces = append(s.box.pieces, p)
}

func (s *Stream) flush(hard context.Context) {
	defer func() { s.stats.Read = s.stats.Seen - s.stats.Skipped - s.stats.Unread }()
	for len(s.box.pieces) > 0 {
		select {
		case s.Out <- s.box.pieces[0]:
			s.box.pop()
		case <-hard.Done():
			for _, p := range s.box.pieces {
				s.stats.Unread += int64(len(p.Data))
			}
			return
		}
	}
}

// OpenFifo opens a pipe by its name. A named pipe outlives its writers; what a
// shell's <(…) makes ends with its command.
func OpenFifo(name string, clock clock.Clock) (io.Reader, func(context.Context) bool, error) {
	f, err := disk.OpenNonblock(name)
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
