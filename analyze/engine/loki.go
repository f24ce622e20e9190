package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// loki is Grafana Loki's HTTP API, by its documentation
// (https://grafana.com/docs/loki/latest/reference/loki-http-api/, of v3): pages of
// records, grouped by stream.
//
//	{"status":"success","data":{"resultType":"streams","result":[
//	  {"stream":{"host":"gpu-017"},"values":[["1759387211752176123","06:40:11.750 WARN  | …"]]}]}}
//
// It was tried against a server of the tests' own, not against Loki.
type loki struct {
	mu     sync.Mutex
	labels map[string]bool // of streams; nil: not asked yet
}

var (
	errSelector = errors.New(`a LogQL query begins with a stream selector, such as {service="wolf"}`)
	errAnswer   = errors.New("not an answer of Loki's")
)

// maxPage is how many bytes of messages a page may have. A page is held whole,
// as its records are not in order.
const maxPage = 64 << 20

var errPageSize = errors.New("a page is too large")

func (l *loki) page(ctx context.Context, c *Client, q *Query, s span, take func(*Record) error) (more bool, err error) {
	text, err := l.selected(ctx, c, q, q.Words)
	if err != nil {
		return false, err
	}
	form := url.Values{"query": {text}, "start": {strconv.FormatInt(s.from, 10)}, "end": {strconv.FormatInt(s.to, 10)},
		"limit": {strconv.Itoa(s.limit)}, "direction": {"forward"}}
	limit := s.limit
	for ; ; limit /= 4 { // where messages are huge, fewer of them
		form.Set("limit", strconv.Itoa(limit))
		var recs []Record
		if recs, err = l.records(ctx, c, form, q.Keep); errors.Is(err, errPageSize) && limit > 4 {
			continue
		} else if err != nil {
			return false, err
		}
		slices.SortStableFunc(recs, func(a, b Record) int { return cmp.Compare(a.Time, b.Time) })
		for i := range recs {
			if err := take(&recs[i]); err != nil {
				var own *takeError
				if errors.As(err, &own) {
					err = own.err
				}
				return false, err
			}
		}
		return len(recs) >= limit, nil
	}
}

// records reads a page.
func (l *loki) records(ctx context.Context, c *Client, form url.Values, keep string) (out []Record, err error) {
	size := 0
	err = c.ask(ctx, "/loki/api/v1/query_range", form, func(sc *scanner) error {
		return l.result(sc, func(field string, labels map[string]string) error {
			if field != "values" {
				return sc.skip()
			}
			return sc.array(func() error {
				var rec Record
				var n int
				err := sc.array(func() (err error) {
					switch n++; n {
					case 1:
						var at []byte
						if at, err = sc.scalar(nil, 32); err == nil {
							rec.Time, err = strconv.ParseInt(string(at), 10, 64)
						}
					case 2:
						rec.Text, rec.Cut, err = sc.text(nil, c.opts.MaxText)
					default: // structured metadata
						err = sc.skip()
					}
					return err
				})
				if size += len(rec.Text); size > maxPage {
					return &takeError{errPageSize}
				}
				if keep != "" {
					rec.Label = []byte(labels[keep])
				}
				out = append(out, rec)
				return err
			})
		})
	})
	return out, err
}

// result calls each for the fields of every stream or sample of an answer, once
// its labels are known: Loki writes them first.
func (l *loki) result(sc *scanner, each func(field string, labels map[string]string) error) error {
	if c, err := sc.peek(); err == nil && c == '<' {
		return errPage
	}
	found := false
	err := sc.object(func(key []byte) error {
		if string(key) != "data" {
			return sc.skip()
		}
		return sc.object(func(key []byte) error {
			if string(key) != "result" {
				return sc.skip()
			}
			found = true
			return sc.array(func() error {
				labels := map[string]string{}
				return sc.object(func(key []byte) error {
					field := string(key)
					if field != "stream" && field != "metric" {
						return each(field, labels)
					}
					return sc.object(func(key []byte) error {
						name := string(key)
						value, _, err := sc.text(nil, maxLabel)
						labels[name] = string(value)
						return err
					})
				})
			})
		})
	})
	if err == nil && !found {
		return errAnswer
	}
	return err
}

func (l *loki) groups(ctx context.Context, c *Client, q Query, by string) ([]Group, error) {
	out, err := l.count(ctx, c, q, by, nil)
	if err != nil {
		return out, err
	}
	for i := range out {
		out[i].Matching, out[i].Each = out[i].Lines, make([]int64, len(q.Each))
	}
	with := func(words []string, into func(g *Group, n int64)) error {
		counts, err := l.count(ctx, c, q, by, words)
		n := map[string]int64{}
		for _, g := range counts {
			n[g.Value] = g.Lines
		}
		for i := range out {
			into(&out[i], n[out[i].Value])
		}
		return err
	}
	if len(q.Words) > 0 {
		err = with(q.Words, func(g *Group, n int64) { g.Matching = n })
	}
	for i, w := range q.Each { // a query each: LogQL counts one thing at a time
		if err == nil {
			err = with([]string{w}, func(g *Group, n int64) { g.Each[i] = n })
		}
	}
	return out, err
}

// labelName is what LogQL takes for a label in "sum by".
var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// count counts records by label. The range of a metric query lacks its start
// and holds its end, so both lie a nanosecond earlier.
func (l *loki) count(ctx context.Context, c *Client, q Query, by string, words []string) ([]Group, error) {
	if !labelName.MatchString(by) {
		return nil, &Fault{Engine: c.Name(), Err: fmt.Errorf("%q cannot be a label of Loki's", by)}
	}
	text, err := l.selected(ctx, c, &q, words)
	if err != nil {
		return nil, err
	}
	length := q.To.Sub(q.From).Round(time.Millisecond)
	form := url.Values{"query": {fmt.Sprintf("sum by (%s) (count_over_time(%s [%dms]))", by, text, length.Milliseconds())},
		"time": {strconv.FormatInt(q.To.UnixNano()-1, 10)}}
	var out []Group
	err = c.ask(ctx, "/loki/api/v1/query", form, func(sc *scanner) error {
		return l.result(sc, func(field string, labels map[string]string) error {
			if field != "value" {
				return sc.skip()
			}
			g := Group{Value: labels[by]}
			n := 0
			err := sc.array(func() error {
				value, err := sc.scalar(nil, 64)
				if n++; n == 2 && err == nil {
					var f float64
					f, err = strconv.ParseFloat(string(value), 64)
					g.Lines = int64(f)
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

// selected is the query with its label and words.
func (l *loki) selected(ctx context.Context, c *Client, q *Query, words []string) (string, error) {
	text := q.Text
	if q.Label != "" {
		stream, err := l.ofStream(ctx, c, q)
		if err != nil {
			return "", err
		}
		matcher := q.Label + "=" + strconv.Quote(q.Value)
		if stream {
			if text, stream = withLabel(text, matcher); !stream {
				return "", &Fault{Engine: c.Name(), Err: errSelector}
			}
		} else {
			text += " | " + matcher
		}
	}
	if _, ok := withLabel(text, ""); !ok {
		return "", &Fault{Engine: c.Name(), Err: errSelector}
	}
	if len(words) > 0 {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = regexp.QuoteMeta(w)
		}
		text += " |~ " + strconv.Quote(strings.Join(quoted, "|"))
	}
	return text, nil
}

// ofStream reports whether the query's label tells streams apart.
func (l *loki) ofStream(ctx context.Context, c *Client, q *Query) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.labels == nil {
		form := url.Values{"start": {strconv.FormatInt(q.From.UnixNano(), 10)}, "end": {strconv.FormatInt(q.To.UnixNano(), 10)}}
		labels := map[string]bool{}
		err := c.ask(ctx, "/loki/api/v1/labels", form, func(sc *scanner) error {
			return sc.object(func(key []byte) error {
				if string(key) != "data" {
					return sc.skip()
				}
				return sc.array(func() error {
					name, err := sc.scalar(nil, maxLabel)
					labels[string(name)] = true
					return err
				})
			})
		})
		if err != nil {
			return false, err
		}
		l.labels = labels
	}
	return l.labels[q.Label], nil
}
