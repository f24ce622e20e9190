package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// vlogs is VictoriaLogs' HTTP API, as of v1.52
// (https://docs.victoriametrics.com/victorialogs/querying/): records come as JSON
// objects, one a line,
//
//	{"_time":"2025-10-02T06:40:11.752176123Z","_msg":"06:40:11.750 WARN  | …"}
//
// A query of more than 16,384 bytes is refused, but not one whose filter stands
// in extra_filters; an interval of _time takes nanoseconds.
type vlogs struct {
	mu      sync.Mutex
	streams map[string]bool // fields that tell streams apart; nil: not asked yet
}

// longQuery is from where on a query's filter goes into extra_filters.
const longQuery = 12_000

// noMessage is what VictoriaLogs says in place of an empty message.
var noMessage = []byte("missing _msg field; see https://docs.victoriametrics.com/victorialogs/keyconcepts/#message-field")

var errNoTime = errors.New("a record without a time: do the pipes of the query keep _time and _msg?")

func (v *vlogs) page(ctx context.Context, c *Client, q *Query, s span, take func(*Record) error) (more bool, err error) {
	fields := "_time, _msg"
	if q.Keep != "" {
		fields += ", " + strconv.Quote(q.Keep)
	}
	form, err := v.form(ctx, c, q, s, " | fields "+fields+" | sort by (_time)", q.Words)
	if err != nil {
		return false, err
	}
	var rec Record
	var text, label, clock []byte
	return false, c.ask(ctx, "/select/logsql/query", form, func(sc *scanner) error {
		return sc.lines(func() error {
			rec, text, label, clock = Record{}, text[:0], label[:0], clock[:0]
			err := sc.object(func(key []byte) (err error) {
				switch {
				case string(key) == "_time":
					clock, _, err = sc.text(clock, 64)
				case string(key) == "_msg":
					text, rec.Cut, err = sc.text(text, c.opts.MaxText)
				case q.Keep != "" && string(key) == q.Keep:
					label, _, err = sc.text(label, maxLabel)
				default:
					err = sc.skip()
				}
				return err
			})
			if err != nil {
				return err
			}
			at, err := time.Parse(time.RFC3339Nano, string(clock))
			if err != nil {
				return errNoTime
			}
			rec.Time, rec.Label = at.UnixNano(), label
			if !bytes.Equal(text, noMessage) {
				rec.Text = text
			}
			return take(&rec)
		})
	})
}

// maxLabel is how much of a label's value is kept.
const maxLabel = 256

// lines calls each for every value of a stream of values, until its end.
func (s *scanner) lines(each func() error) error {
	for {
		c, err := s.peek()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if c == '<' {
			return errPage
		}
		if err := each(); err != nil {
			return err
		}
	}
}

func (v *vlogs) groups(ctx context.Context, c *Client, q Query, by string) ([]Group, error) {
	s := span{from: q.From.UnixNano(), to: q.To.UnixNano()}
	label := strconv.Quote(by)
	each := ""
	for i, w := range q.Each {
		each += fmt.Sprintf(", count() if (%s) as wd_%d", strconv.Quote(w), i)
	}
	form, err := v.form(ctx, c, &q, s, " | stats by ("+label+") count() as wd_lines, min(_time) as wd_first, max(_time) as wd_last"+each, nil)
	if err != nil {
		return nil, err
	}
	out, err := v.stats(ctx, c, form, by, len(q.Each))
	if err != nil || len(q.Words) == 0 {
		for i := range out {
			out[i].Matching = out[i].Lines
		}
		return out, err
	}
	if form, err = v.form(ctx, c, &q, s, " | stats by ("+label+") count() as wd_lines", q.Words); err != nil {
		return nil, err
	}
	matching, err := v.stats(ctx, c, form, by, 0)
	n := map[string]int64{}
	for _, g := range matching {
		n[g.Value] = g.Lines
	}
	for i := range out {
		out[i].Matching = n[out[i].Value]
	}
	return out, err
}

// stats reads what a stats pipe counted.
//
//	{"host":"gpu-017","wd_lines":"61234","wd_first":"2025-10-02T00:00:00.1Z","wd_last":"2025-10-02T06:40:11Z"}
func (v *vlogs) stats(ctx context.Context, c *Client, form url.Values, by string, each int) ([]Group, error) {
	var out []Group
	err := c.ask(ctx, "/select/logsql/query", form, func(sc *scanner) error {
		return sc.lines(func() error {
			g := Group{Each: make([]int64, each)}
			err := sc.object(func(key []byte) error {
				field := string(key)
				value, err := sc.scalar(nil, maxLabel)
				switch field {
				case by:
					g.Value = string(value)
				case "wd_lines":
					g.Lines, _ = strconv.ParseInt(string(value), 10, 64)
				case "wd_first":
					g.First, _ = time.Parse(time.RFC3339Nano, string(value))
				case "wd_last":
					g.Last, _ = time.Parse(time.RFC3339Nano, string(value))
				default:
					if i, e := strconv.Atoi(strings.TrimPrefix(field, "wd_")); e == nil && i >= 0 && i < each {
						g.Each[i], _ = strconv.ParseInt(string(value), 10, 64)
					}
				}
				return err
			})
			if len(out) >= maxGroups {
				return fmt.Errorf("%q has more than %d values: is it the label of a host?", by, maxGroups)
			}
			out = append(out, g)
			return err
		})
	})
	return out, err
}

// maxGroups is how many values a label may have.
const maxGroups = 100_000

// form makes the request for a query and what is done with its records.
func (v *vlogs) form(ctx context.Context, c *Client, q *Query, s span, pipe string, words []string) (url.Values, error) {
	filter, pipes := pipesOf(q.Text)
	if filter == "" {
		filter = "*"
	}
	extra := fmt.Sprintf("_time:[%d,%d)", s.from, s.to)
	if q.Label != "" {
		match, err := v.match(ctx, c, q)
		if err != nil {
			return nil, err
		}
		extra += " " + match
	}
	if len(filter) > longQuery {
		extra += " (" + filter + ")"
		filter = "*"
	}
	if len(words) > 0 {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = strconv.Quote(w)
		}
		extra += " contains_any(" + strings.Join(quoted, ",") + ")"
	}
	form := url.Values{"query": {filter + pipes + pipe}, "extra_filters": {extra}, "allow_partial_response": {"0"}}
	if c.opts.Timeout > 0 {
		form.Set("timeout", c.opts.Timeout.String())
	}
	return form, nil
}

// match selects the records whose label has the value: by stream where the
// label tells streams apart, which is much cheaper.
func (v *vlogs) match(ctx context.Context, c *Client, q *Query) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.streams == nil {
		form := url.Values{"query": {"*"}, "start": {strconv.FormatInt(q.From.UnixNano(), 10)}, "end": {strconv.FormatInt(q.To.UnixNano(), 10)}}
		streams := map[string]bool{}
		err := c.ask(ctx, "/select/logsql/stream_field_names", form, func(sc *scanner) error {
			return sc.object(func(key []byte) error {
				if string(key) != "values" {
					return sc.skip()
				}
				return sc.array(func() error {
					return sc.object(func(key []byte) error {
						if string(key) != "value" {
							return sc.skip()
						}
						name, err := sc.scalar(nil, maxLabel)
						streams[string(name)] = true
						return err
					})
				})
			})
		})
		if err != nil {
			return "", err
		}
		v.streams = streams
	}
	if v.streams[q.Label] && q.Value != "" {
		return "{" + strconv.Quote(q.Label) + "=" + strconv.Quote(q.Value) + "}", nil
	}
	return strconv.Quote(q.Label) + ":=" + strconv.Quote(q.Value), nil
}
