package engine

import (
	"bufio"
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"time"
)

// FollowOptions say how records are followed.
type FollowOptions struct {
	Every time.Duration // between two questions; 0: 2 s
	// Overlap is how late a record may be: each question goes back so far, and
	// what has come before is left out. 0: one minute. A record that shows later
	// is lost.
	Overlap time.Duration
	Now     func() time.Time // nil: time.Now
	// Tell hears of an engine that does not answer, and that it does again; nil:
	// nobody.
	Tell func(string)
}

// mostFollowed is how many records of the overlap are remembered.
const mostFollowed = 1 << 20

// Follow gives the records of a query as text from q.From on, as they come and
// until the context ends or the engine refuses for good. An engine shows a
// record some time after it took it, so the questions overlap. Closing the
// reader ends the following.
func (c *Client) Follow(ctx context.Context, q Query, o FollowOptions) io.ReadCloser {
	if o.Every <= 0 {
		o.Every = 2 * time.Second
	}
	if o.Overlap <= 0 {
		o.Overlap = time.Minute
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	ctx, cancel := context.WithCancel(ctx)
	pr, pw := io.Pipe()
	p := &opened{PipeReader: pr, cancel: cancel, done: make(chan struct{})}
	f := &following{client: c, q: q, o: o, w: bufio.NewWriter(pw), seed: maphash.MakeSeed(), seen: map[sight]int32{}}
	go func() {
		defer close(p.done)
		err := f.run(ctx)
		if ctx.Err() != nil {
			err = nil
		}
		pw.CloseWithError(err)
	}()
	return p
}

// sight tells a record from others.
type sight struct {
	time int64
	hash uint64
}

// following is a Follow under way.
type following struct {
	client *Client
	q      Query // its From is where the next question begins
	o      FollowOptions
	w      *bufio.Writer
	seed   maphash.Seed
	seen   map[sight]int32 // of the overlap
	line   []byte
	silent bool
}

func (f *following) run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := f.ask(ctx)
		switch again, _ := mayHelp(err); {
		case err == nil && f.silent:
			f.silent = false
			f.o.Tell(f.client.Name() + " answers again")
		case err == nil:
		case !again:
			return err
		case !f.silent:
			f.silent = true
			f.o.Tell(fmt.Sprintf("%v; it is asked again until it answers", err))
		}
		if err := f.client.opts.Sleep(ctx, f.o.Every); err != nil {
			return err
		}
	}
	return nil
}

// ask asks once and writes what is new.
func (f *following) ask(ctx context.Context) error {
	q := f.q
	q.To = f.o.Now().Add(time.Second) // a shipper's clock may be ahead
	came := map[sight]int32{}
	_, err := f.client.Read(ctx, q, func(r *Record) error {
		k := sight{r.Time, maphash.Bytes(f.seed, r.Text)}
		came[k]++
		if came[k] <= f.seen[k] {
			return nil
		}
		if len(f.seen) < mostFollowed {
			f.seen[k] = came[k]
		}
		f.line = AppendText(f.line[:0], r)
		_, err := f.w.Write(f.line)
		return err
	})
	if e := f.w.Flush(); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	if back := q.To.Add(-f.o.Overlap); back.After(f.q.From) {
		f.q.From = back
	}
	for k := range f.seen {
		if k.time < f.q.From.UnixNano() {
			delete(f.seen, k)
		}
	}
	return nil
}
