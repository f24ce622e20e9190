package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"time"
)

// Read hands the records of a query to take, in order of time, each once. take
// is called from one goroutine; its error ends the reading and is returned as
// it is. Memory is bounded by the longest message and by the number of records
// that share one time.
//
// An answer that breaks off is taken up again at the last time that came:
// records of that time that were taken are told by their text and left out. The
// Tally says what was read and how, also beside an error.
func (c *Client) Read(ctx context.Context, q Query, take func(*Record) error) (Tally, error) {
	r := reading{client: c, q: &q, take: take, from: q.From.UnixNano(), limit: c.opts.Page, seed: maphash.MakeSeed(), seen: map[uint64]int32{}}
	to := q.To.UnixNano()
	slices := max(1, (q.Expect+c.opts.SliceLines-1)/c.opts.SliceLines)
	whole := (to-r.from)/slices + 1
	span, try := whole, 0
	for r.from < to {
		end := r.from + min(span, to-r.from)
		before := r.tally.Records
		more, err := r.page(ctx, end)
		switch again, less := mayHelp(err); {
		case err == nil && more:
			err = r.turn(before)
			try = 0
		case err == nil:
			r.from, r.skip = end, nil
			span, try = min(2*span, whole), 0
		case !again || r.unsafe:
			return r.tally, err
		default:
			r.tally.Broken++
			if try++; r.tally.Records > before {
				try = 1
			} else if less {
				span = max(span/8, int64(shortest))
			}
			if try > c.opts.Retries {
				return r.tally, err
			}
			r.resume()
			err = c.pause(ctx, try, err)
		}
		if err != nil {
			return r.tally, err
		}
	}
	return r.tally, nil
}

const (
	firstPage = 5000                  // Loki's max_entries_limit_per_query, unless set otherwise
	morePages = 4                     // times that a page is doubled when one time fills it
	shortest  = 10 * time.Millisecond // span of a query
	mostTies  = 1 << 20               // records of one time that are told apart
)

// reading is where a Read stands.
type reading struct {
	client *Client
	q      *Query
	take   func(*Record) error
	tally  Tally

	from  int64            // what is asked for next
	limit int              // records of a page
	at    int64            // the latest time taken
	seed  maphash.Seed     //
	seen  map[uint64]int32 // texts taken of the time at
	skip  map[uint64]int32 // of them, what is to come once more
	// unsafe: the records do not come in order, or too many share one time, so
	// that nobody can say where to go on.
	unsafe bool
}

// page asks for [from, end) and takes what comes.
func (r *reading) page(ctx context.Context, end int64) (more bool, err error) {
	return r.client.dialect.page(ctx, r.client, r.q, span{from: r.from, to: end, limit: r.limit}, r.record)
}

// span is what one request is for: nanoseconds since the epoch, the end not
// included, and how many records at most.
type span struct {
	from, to int64
	limit    int
}

func (r *reading) record(rec *Record) error {
	h := r.hash(rec)
	if rec.Time == r.at && r.skip[h] > 0 {
		r.skip[h]--
		return nil
	}
	t := &r.tally
	switch {
	case t.Records > 0 && rec.Time < r.at:
		t.Disorder++
		r.unsafe = true
	case t.Records > 0 && rec.Time == r.at:
		t.Ties++
		if r.seen[h] > 0 {
			t.Repeats++
		}
	default:
		r.at, r.skip = rec.Time, nil
		clear(r.seen)
	}
	if len(r.seen) < mostTies {
		r.seen[h]++
	} else {
		r.unsafe = true
	}
	t.Records++
	if rec.Cut > 0 {
		t.Cut++
		t.CutBytes += rec.Cut
	}
	if err := r.take(rec); err != nil {
		return &takeError{err}
	}
	return nil
}

// hash tells records of one time apart.
func (r *reading) hash(rec *Record) uint64 {
	return maphash.Bytes(r.seed, rec.Text) ^ 3*maphash.Bytes(r.seed, rec.Label) ^ uint64(rec.Cut)<<1
}

// resume goes back to the last time that came.
func (r *reading) resume() {
	if r.tally.Records > 0 && r.at >= r.from {
		r.from = r.at
		r.skip = maps.Clone(r.seen)
	}
}

// turn goes to the next page, which begins at the last time of this one. When a
// page brought nothing new, more records share one time than it can hold.
func (r *reading) turn(before int64) error {
	if r.unsafe {
		return r.client.broken("records came out of order over several pages")
	}
	if r.tally.Records > before {
		r.resume()
		return nil
	}
	if r.limit < r.client.opts.Page<<morePages {
		r.limit *= 2
		r.skip = maps.Clone(r.seen)
		return nil
	}
	r.tally.Lost = true
	r.from, r.skip = r.at+1, nil
	return nil
}

func (c *Client) broken(why string) error {
	return &Fault{Engine: c.Name(), Err: fmt.Errorf("%w: %s", errOrder, why)}
}

var errOrder = errors.New("the records have no order to go by")
