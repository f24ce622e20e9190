// Package enginetest has small servers that answer as log engines do, for tests:
// VictoriaLogs as far as wolfdiag asks it, and Loki by its documented API.
package enginetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Record is one message of an engine.
type Record struct {
	Time   int64 // nanoseconds since the Unix epoch
	Text   string
	Labels map[string]string
}

// A Failure is what a server does in place of answering well. Zero fields do
// nothing.
type Failure struct {
	Status int // with Body
	Body   string
	Header http.Header
	// Cut ends the answer after so many records, in mid-chunk; negative: before
	// the first byte.
	Cut int
	// Whole sends Body as it stands, with status 200.
	Whole bool
	// Write writes the answer, with status 200.
	Write func(io.Writer)
	Hang  bool // until the client gives up
}

// A Server answers as an engine does.
type Server struct {
	*httptest.Server
	Records []Record
	// Fail decides what befalls the n-th query for records, from 1; nil: nothing.
	Fail func(n int, r *http.Request) *Failure
	// Check may look at each request.
	Check func(r *http.Request)
	// Scramble leaves the records of an answer in the order of Records.
	Scramble bool

	mu      sync.Mutex
	queries int
	forms   []url.Values
}

// VictoriaLogs starts a server that speaks as VictoriaLogs does.
func VictoriaLogs(t testing.TB, recs []Record) *Server {
	s := &Server{Records: recs}
	s.Server = httptest.NewServer(http.HandlerFunc(s.vlogs))
	t.Cleanup(s.Close)
	return s
}

// Loki starts a server that speaks as Loki does.
func Loki(t testing.TB, recs []Record) *Server {
	s := &Server{Records: recs}
	s.Server = httptest.NewServer(http.HandlerFunc(s.loki))
	t.Cleanup(s.Close)
	return s
}

// Addr is the server's host and port.
func (s *Server) Addr() string { return s.Listener.Addr().String() }

// Forms are the requests so far.
func (s *Server) Forms() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.forms)
}

// failed does what Fail wants, and reports whether that was all.
func (s *Server) failed(w http.ResponseWriter, r *http.Request) (cut int, done bool) {
	_ = r.ParseForm()
	s.mu.Lock()
	s.queries++
	n := s.queries
	s.forms = append(s.forms, r.Form)
	s.mu.Unlock()
	if s.Check != nil {
		s.Check(r)
	}
	if s.Fail == nil {
		return 0, false
	}
	f := s.Fail(n, r)
	switch {
	case f == nil:
		return 0, false
	case f.Hang:
		if fl, ok := w.(http.Flusher); ok {
			fl.Flush()
		}
		<-r.Context().Done()
	case f.Status != 0:
		for k, v := range f.Header {
			w.Header()[k] = v
		}
		w.WriteHeader(f.Status)
		fmt.Fprint(w, f.Body)
	case f.Write != nil:
		f.Write(w)
	case f.Whole:
		fmt.Fprint(w, f.Body)
	case f.Cut < 0:
		hangUp(w)
	default:
		return f.Cut, false
	}
	return 0, true
}

// hangUp ends the connection without an end of the answer.
func hangUp(w http.ResponseWriter) {
	if fl, ok := w.(http.Flusher); ok {
		fl.Flush()
	}
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			conn.Close()
		}
	}
}

var (
	timeFilter  = regexp.MustCompile(`_time:\[(\d+),(\d+)\)`)
	labelFilter = regexp.MustCompile(`\{?("(?:[^"\\]|\\.)*"):?=("(?:[^"\\]|\\.)*")\}?`)
	anyFilter   = regexp.MustCompile(`contains_any\((.*)\)$`)
	statsPipe   = regexp.MustCompile(`stats by \(("(?:[^"\\]|\\.)*")\)`)
	countIf     = regexp.MustCompile(`count\(\) if \(("(?:[^"\\]|\\.)*")\) as (wd_\d+)`)
	fieldsPipe  = regexp.MustCompile(`fields _time, _msg, ("(?:[^"\\]|\\.)*")`)
)

// chosen are the records of a request to VictoriaLogs, in order of time.
func (s *Server) chosen(extra string) []Record {
	var from, to int64
	if m := timeFilter.FindStringSubmatch(extra); m != nil {
		from, _ = strconv.ParseInt(m[1], 10, 64)
		to, _ = strconv.ParseInt(m[2], 10, 64)
		extra = strings.Replace(extra, m[0], "", 1)
	}
	var words []string
	if m := anyFilter.FindStringSubmatch(extra); m != nil {
		_ = json.Unmarshal([]byte("["+m[1]+"]"), &words)
		extra = strings.Replace(extra, m[0], "", 1)
	}
	label, value := "", ""
	if m := labelFilter.FindStringSubmatch(extra); m != nil {
		label, _ = strconv.Unquote(m[1])
		value, _ = strconv.Unquote(m[2])
	}
	return s.filtered(from, to, label, value, func(text string) bool {
		return len(words) == 0 || slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
	})
}

func (s *Server) filtered(from, to int64, label, value string, holds func(string) bool) []Record {
	var out []Record
	for _, r := range s.Records {
		if r.Time >= from && r.Time < to && (label == "" || r.Labels[label] == value) && holds(r.Text) {
			out = append(out, r)
		}
	}
	if !s.Scramble {
		slices.SortStableFunc(out, func(a, b Record) int { return cmp.Compare(a.Time, b.Time) })
	}
	return out
}

func (s *Server) vlogs(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	switch r.URL.Path {
	case "/select/logsql/stream_field_names":
		fmt.Fprint(w, `{"values":[{"value":"host","hits":1}]}`)
		return
	case "/select/logsql/query":
	default:
		http.Error(w, fmt.Sprintf("unsupported path requested: %q", r.URL.Path), http.StatusBadRequest)
		return
	}
	cut, done := s.failed(w, r)
	if done {
		return
	}
	recs := s.chosen(r.Form.Get("extra_filters"))
	enc := json.NewEncoder(w)
	if m := statsPipe.FindStringSubmatch(r.Form.Get("query")); m != nil {
		by, _ := strconv.Unquote(m[1])
		for _, row := range counted(recs, by) {
			out := map[string]string{by: row.value, "wd_lines": strconv.Itoa(row.n), "wd_first": stamp(row.first), "wd_last": stamp(row.last)}
			for _, each := range countIf.FindAllStringSubmatch(r.Form.Get("query"), -1) {
				word, _ := strconv.Unquote(each[1])
				n := 0
				for _, rec := range recs {
					if rec.Labels[by] == row.value && strings.Contains(rec.Text, word) {
						n++
					}
				}
				out[each[2]] = strconv.Itoa(n)
			}
			_ = enc.Encode(out)
		}
		return
	}
	keep := ""
	if m := fieldsPipe.FindStringSubmatch(r.Form.Get("query")); m != nil {
		keep, _ = strconv.Unquote(m[1])
	}
	for i, rec := range recs {
		if cut > 0 && i == cut {
			fmt.Fprint(w, `{"_time":"2025-10`)
			hangUp(w)
			return
		}
		out := map[string]string{"_time": stamp(rec.Time), "_msg": rec.Text}
		if rec.Text == "" {
			out["_msg"] = "missing _msg field; see https://docs.victoriametrics.com/victorialogs/keyconcepts/#message-field"
		}
		if keep != "" {
			out[keep] = rec.Labels[keep]
		}
		_ = enc.Encode(out)
	}
}

func stamp(t int64) string { return time.Unix(0, t).UTC().Format(time.RFC3339Nano) }

type row struct {
	value       string
	n           int
	first, last int64
}

func counted(recs []Record, by string) []row {
	var out []row
	for _, r := range recs {
		i := slices.IndexFunc(out, func(x row) bool { return x.value == r.Labels[by] })
		if i < 0 {
			i = len(out)
			out = append(out, row{value: r.Labels[by], first: r.Time, last: r.Time})
		}
		out[i].n++
		out[i].first, out[i].last = min(out[i].first, r.Time), max(out[i].last, r.Time)
	}
	return out
}

var (
	selector  = regexp.MustCompile(`([a-z_]+)="((?:[^"\\]|\\.)*)"`)
	lineMatch = regexp.MustCompile(`\|~ ("(?:[^"\\]|\\.)*")`)
	counting  = regexp.MustCompile(`^sum by \((\w+)\) \(count_over_time\((.*) \[(\d+)ms\]\)\)$`)
)

func (s *Server) loki(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/loki/api/v1/labels":
		fmt.Fprint(w, `{"status":"success","data":["host","service"]}`)
		return
	case "/loki/api/v1/query", "/loki/api/v1/query_range":
	default:
		http.NotFound(w, r)
		return
	}
	cut, done := s.failed(w, r)
	if done {
		return
	}
	query := r.Form.Get("query")
	if m := counting.FindStringSubmatch(query); m != nil {
		end, _ := strconv.ParseInt(r.Form.Get("time"), 10, 64)
		ms, _ := strconv.ParseInt(m[3], 10, 64)
		var result []any
		for _, row := range counted(s.selected(m[2], end-ms*1e6+1, end+1), m[1]) {
			result = append(result, map[string]any{"metric": map[string]string{m[1]: row.value}, "value": []any{float64(end) / 1e9, strconv.Itoa(row.n)}})
		}
		answer(w, "vector", result)
		return
	}
	from, _ := strconv.ParseInt(r.Form.Get("start"), 10, 64)
	to, _ := strconv.ParseInt(r.Form.Get("end"), 10, 64)
	limit, _ := strconv.Atoi(r.Form.Get("limit"))
	recs := s.selected(query, from, to)
	recs = recs[:min(limit, len(recs))]
	type group struct {
		Stream map[string]string `json:"stream"`
		Values [][]any           `json:"values"`
	}
	var result []*group
	for _, rec := range recs {
		i := slices.IndexFunc(result, func(g *group) bool { return g.Stream["host"] == rec.Labels["host"] })
		if i < 0 {
			i = len(result)
			result = append(result, &group{Stream: rec.Labels})
		}
		result[i].Values = append(result[i].Values, []any{strconv.FormatInt(rec.Time, 10), rec.Text})
	}
	if cut > 0 {
		b, _ := json.Marshal(result)
		fmt.Fprintf(w, `{"status":"success","data":{"resultType":"streams","result":%s`, b[:len(b)*cut/max(cut+1, len(recs))])
		hangUp(w)
		return
	}
	answer(w, "streams", result)
}

func answer(w http.ResponseWriter, kind string, result any) {
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": kind, "result": result}})
}

// selected are the records of a LogQL query.
func (s *Server) selected(query string, from, to int64) []Record {
	label, value := "", ""
	for _, m := range selector.FindAllStringSubmatch(query, -1) {
		if m[1] == "host" {
			label = m[1]
			value, _ = strconv.Unquote(`"` + m[2] + `"`)
		}
	}
	holds := func(string) bool { return true }
	if m := lineMatch.FindStringSubmatch(query); m != nil {
		text, _ := strconv.Unquote(m[1])
		holds = regexp.MustCompile(text).MatchString
	}
	return s.filtered(from, to, label, value, holds)
}
