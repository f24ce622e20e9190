package engine

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// ErrMissing says that fewer records came than the engine had counted.
var ErrMissing = errors.New("not all records came")

// A Source is the records of a query as text: each line of a message with the
// record's time before it, as docker logs --timestamps prints it. It may be
// opened several times; each asks anew.
type Source struct {
	client *Client
	query  Query

	mu    sync.Mutex
	tally Tally
}

// Source makes a Source of a query. It opens no connection.
func (c *Client) Source(q Query) *Source { return &Source{client: c, query: q} }

// Name is the engine's name, with the host's behind it where the query is for
// one: vlogs://logs:9428/gpu-017.
func (s *Source) Name() string {
	name := s.client.Name()
	if s.query.Label != "" {
		name += "/" + strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r == '/' {
				return '_'
			}
			return r
		}, s.query.Value)
	}
	return name
}

// Open starts to read. The reader ends with an error when the records could not
// all be had; what came before it is good. Closing it ends the query.
func (s *Source) Open(ctx context.Context) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	pr, pw := io.Pipe()
	o := &opened{PipeReader: pr, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(o.done)
		w := bufio.NewWriterSize(pw, 128<<10)
		var line []byte
		tally, err := s.client.Read(ctx, s.query, func(r *Record) error {
			line = AppendText(line[:0], r)
			_, err := w.Write(line)
			return err
		})
		if err == nil && tally.Records < s.query.Expect {
			err = fmt.Errorf("%s: %w: %d of %d that it had counted", s.client.Name(), ErrMissing, tally.Records, s.query.Expect)
		}
		s.mu.Lock()
		s.tally = tally
		s.mu.Unlock()
		if e := w.Flush(); err == nil {
			err = e
		}
		pw.CloseWithError(err) // nil is the end
	}()
	return o, nil
}

// opened is a reading under way.
type opened struct {
	*io.PipeReader
	cancel context.CancelFunc
	done   chan struct{}
}

// Close ends the query and waits for it.
func (o *opened) Close() error {
	o.cancel()
	err := o.PipeReader.Close()
	<-o.done
	return err
}

// Tally is what became of the latest reading, once that has ended.
func (s *Source) Tally() Tally {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tally
}

// Notes says what is worth knowing of the latest reading, in sentences; none
// where all went well.
func (s *Source) Notes() []string { return s.Tally().Notes() }

// Notes says what is worth knowing of a reading, in sentences; none where all
// went well.
func (t Tally) Notes() []string {
	var out []string
	add := func(n int64, format string, args ...any) {
		if n > 0 {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(t.Cut, "%d messages were too long and were cut, by %d bytes in all", t.Cut, t.CutBytes)
	add(t.Disorder, "%d records came out of order", t.Disorder)
	if t.Ties > 0 && t.Ties*manyTies >= t.Records {
		out = append(out, fmt.Sprintf("%d of %d records share their time with another, and the engine does not keep the order of such", t.Ties, t.Records))
	}
	add(t.Repeats, "%d records came with the time and text of another: sent twice, perhaps", t.Repeats)
	if t.Lost {
		out = append(out, "more records share one time than the engine gives in one answer: some of them are missing")
	}
	return out
}

// manyTies: ties are worth a word from one in so many records on.
const manyTies = 20

// clockLayout is docker's: RFC 3339 with all nine digits.
const clockLayout = "2006-01-02T15:04:05.000000000Z"

// AppendText appends a record as lines of text, each with the record's time.
func AppendText(dst []byte, r *Record) []byte {
	text := bytes.TrimSuffix(r.Text, []byte("\n"))
	for more := true; more; {
		var line []byte
		line, text, more = bytes.Cut(text, []byte("\n"))
		dst = time.Unix(0, r.Time).UTC().AppendFormat(dst, clockLayout)
		dst = append(dst, ' ')
		dst = append(append(dst, line...), '\n')
	}
	return dst
}
