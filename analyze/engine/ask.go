package engine

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ask sends one query and hands its answer to read. At most Options.Queries are
// on their way at once.
func (c *Client) ask(ctx context.Context, path string, form url.Values, read func(*scanner) error) error {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.addr.base()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return c.fault(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "wolfdiag")
	c.opts.Access.apply(c.addr.Kind, req)
	c.cost.queries.Add(1)
	idle := &idleReader{after: c.opts.Idle, cancel: cancel}
	stop := idle.watch() // an engine may think for a while before it answers
	r, err := c.http.Do(req)
	stop()
	if err != nil {
		return c.fault(cmp.Or(silent(ctx), err))
	}
	defer r.Body.Close()
	c.answered.Store(true)
	if r.StatusCode != http.StatusOK {
		return c.refusal(r, path)
	}
	idle.r = r.Body
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return c.fault(errPage)
	}
	if err := read(newScanner(idle)); err != nil {
		var own *takeError
		if errors.As(err, &own) {
			return own.err
		}
		if err := context.Cause(ctx); err != nil && !errors.Is(err, ErrSilent) {
			return err
		}
		return c.fault(cmp.Or(silent(ctx), err))
	}
	return nil
}

// silent is ErrSilent where that ended the query.
func silent(ctx context.Context) error {
	if err := context.Cause(ctx); errors.Is(err, ErrSilent) {
		return err
	}
	return nil
}

// takeError is an error of whoever takes the records, not of the engine.
type takeError struct{ err error }

func (t *takeError) Error() string { return t.err.Error() }

// idleReader ends the query when nothing comes for a time. A slow taker does
// not count: only waiting in Read does.
type idleReader struct {
	r      io.Reader
	after  time.Duration
	cancel context.CancelCauseFunc
}

func (i *idleReader) watch() (stop func()) {
	t := time.AfterFunc(i.after, func() { i.cancel(ErrSilent) })
	return func() { t.Stop() }
}

func (i *idleReader) Read(p []byte) (int, error) {
	defer i.watch()()
	return i.r.Read(p)
}

// Between two tries lies twice the time as before, and a random part of it: so
// that a thousand clients do not come back at the same moment.
const (
	firstPause = 500 * time.Millisecond
	mostPause  = 30 * time.Second
)

// pause waits before a try, the first of which is 1.
func (c *Client) pause(ctx context.Context, try int, err error) error {
	c.cost.retries.Add(1)
	d := min(firstPause<<min(try-1, 10), mostPause)
	var f *Fault
	if errors.As(err, &f) {
		d = max(d, f.after)
	}
	return c.opts.Sleep(ctx, d/2+rand.N(d/2+1))
}

// retried does what may be repeated as a whole.
func (c *Client) retried(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if again, _ := mayHelp(err); err == nil || !again || try > c.opts.Retries {
			return err
		}
		if err := c.pause(ctx, try, err); err != nil {
			return err
		}
	}
}
