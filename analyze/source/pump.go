package source

import (
	"cmp"
	"context"
	"io"
)

const (
	pumpChunk = 256 << 10
	pumpAhead = 4 // chunks in flight: when the consumer is slow the reader waits
)

type chunk struct {
	data []byte
	err  error
}

// pump reads in a goroutine of its own, beside its consumer, and is the
// io.Reader through which the consumer gets the bytes. Read gives up as soon as
// its context does, even when the goroutine hangs in a read.
type pump struct {
	ctx    context.Context
	full   chan chunk
	free   chan []byte
	stop   chan struct{}
	done   chan struct{}
	cur    []byte // unread part of the chunk at hand
	buf    []byte // its buffer
	curErr error
}

// startPump starts the goroutine. open is called in it, because already looking
// at the first bytes of a pipe may block; whole asks for full chunks, which is
// wrong for a live pipe and right for a decompressor.
func startPump(ctx context.Context, open func() (r io.ReadCloser, whole bool, err error)) *pump {
	p := &pump{
		ctx: ctx, full: make(chan chunk, pumpAhead), free: make(chan []byte, pumpAhead),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	for range pumpAhead {
		p.free <- nil // allocated when first used: a small file needs one
	}
	go p.run(open)
	return p
}

func (p *pump) run(open func() (io.ReadCloser, bool, error)) {
	defer close(p.done)
	defer close(p.full)
	r, whole, err := open()
	if err != nil {
		p.send(chunk{err: err})
		return
	}
	defer r.Close()
	for err == nil && p.ctx.Err() == nil {
		var buf []byte
		select {
		case buf = <-p.free:
		case <-p.stop:
			return
		}
		if buf == nil {
			buf = make([]byte, pumpChunk)
		}
		want := buf[:pumpChunk]
		n := 0
		if whole {
			n, err = readFullSafe(r, want)
		} else {
			n, err = r.Read(want)
		}
		if !p.send(chunk{data: want[:n], err: err}) {
			return
		}
	}
}

func (p *pump) send(c chunk) bool {
	select {
	case p.full <- c:
		return true
	case <-p.stop:
		return false
	}
}

// Read copies what has been read. What is already there is given out even when
// the context is over.
func (p *pump) Read(b []byte) (int, error) {
	for len(p.cur) == 0 {
		if p.curErr != nil {
			return 0, p.curErr
		}
		if p.buf != nil {
			p.free <- p.buf // never blocks: as many slots as buffers
			p.buf = nil
		}
		c, err := p.next()
		if err != nil {
			return 0, err
		}
		p.cur, p.buf, p.curErr = c.data, c.data[:cap(c.data)], c.err
		if cap(c.data) == 0 {
			p.buf = nil
		}
	}
	n := copy(b, p.cur)
	p.cur = p.cur[n:]
	return n, nil
}

func (p *pump) next() (chunk, error) {
	select {
	case c, ok := <-p.full:
		return p.received(c, ok)
	default:
	}
	select {
	case c, ok := <-p.full:
		return p.received(c, ok)
	case <-p.ctx.Done():
		return chunk{}, context.Cause(p.ctx)
	}
}

func (p *pump) received(c chunk, ok bool) (chunk, error) {
	if !ok {
		// The goroutine ends without a word only when its context did.
		return chunk{}, cmp.Or(context.Cause(p.ctx), io.EOF)
	}
	return c, nil
}
