package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/engine/enginetest"
)

var (
	day  = time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)
	span = engine.Query{From: day, To: day.Add(24 * time.Hour), Label: "host", Value: "gpu-1", Text: `{service="wolf"}`}
)

// at is a moment of the day.
func at(d time.Duration) int64 { return day.Add(d).UnixNano() }

func client(t *testing.T, s *enginetest.Server, k engine.Kind, o engine.Options) *engine.Client {
	t.Helper()
	if o.Sleep == nil {
		o.Sleep = func(context.Context, time.Duration) error { return nil }
	}
	c, err := engine.NewClient(engine.Address{Kind: k, Host: s.Addr()}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// read is everything a query gives, as lines.
func read(c *engine.Client, q engine.Query) ([]string, engine.Tally, error) {
	var out []string
	tally, err := c.Read(context.Background(), q, func(r *engine.Record) error {
		out = append(out, fmt.Sprintf("%d %s", r.Time-at(0), r.Text))
		return nil
	})
	return out, tally, err
}

// numbered makes records of one host, several of which share a time.
func numbered(n, ties int) (recs []enginetest.Record, want []string) {
	for i := range n {
		d := time.Duration(i/ties) * time.Second
		text := fmt.Sprintf("line %d \"é\" \x1b[31m <html>", i)
		if i%7 == 3 {
			text = "the same"
		}
		recs = append(recs, enginetest.Record{Time: at(d), Text: text, Labels: map[string]string{"host": "gpu-1", "service": "wolf"}},
			enginetest.Record{Time: at(d), Text: "of another", Labels: map[string]string{"host": "gpu-2", "service": "wolf"}})
		want = append(want, fmt.Sprintf("%d %s", d, text))
	}
	return recs, want
}

// servers are the engines that a test runs on.
var servers = []struct {
	kind  engine.Kind
	start func(testing.TB, []enginetest.Record) *enginetest.Server
}{{engine.VictoriaLogs, enginetest.VictoriaLogs}, {engine.Loki, enginetest.Loki}}

func TestReadBothEngines(t *testing.T) {
	t.Parallel()
	for _, s := range servers {
		t.Run(string(s.kind), func(t *testing.T) {
			recs, want := numbered(500, 7)
			c := client(t, s.start(t, recs), s.kind, engine.Options{Page: 60, SliceLines: 100})
			q := span
			q.Expect = 500
			got, tally, err := read(c, q)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if tally.Records != 500 || tally.Ties == 0 || tally.Lost {
				t.Errorf("tally %+v", tally)
			}
		})
	}
}

// An answer that breaks off anywhere is taken up without loss, and no record
// comes twice, also where many share a time and a text.
func TestCutStreamIsTakenUp(t *testing.T) {
	t.Parallel()
	for _, s := range servers {
		for _, ties := range []int{1, 5, 40} {
			t.Run(fmt.Sprintf("%s, %d of one time", s.kind, ties), func(t *testing.T) {
				recs, want := numbered(200, ties)
				server := s.start(t, recs)
				server.Fail = func(n int, _ *http.Request) *enginetest.Failure {
					if n%2 == 1 && n < 40 {
						return &enginetest.Failure{Cut: 41 + 3*n}
					}
					return nil
				}
				got, tally, err := read(client(t, server, s.kind, engine.Options{}), span)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
				if tally.Broken == 0 {
					t.Error("nothing broke off")
				}
			})
		}
	}
}

// A page that one time fills is asked for larger, and what is beyond every page
// is named as lost.
func TestPageOfOneTime(t *testing.T) {
	t.Parallel()
	recs, want := numbered(136, 136)
	got, tally, err := read(client(t, enginetest.Loki(t, recs), engine.Loki, engine.Options{Page: 100}), span)
	if d := cmp.Diff(want, got); d != "" || err != nil || tally.Lost {
		t.Errorf("%v, %+v (-want +got):\n%s", err, tally, d)
	}
	got, tally, err = read(client(t, enginetest.Loki(t, recs), engine.Loki, engine.Options{Page: 3}), span)
	if err != nil || !tally.Lost || len(got) != 3<<4 {
		t.Errorf("%d records, %+v, %v: want 48 and the word that some are lost", len(got), tally, err)
	}
	if notes := strings.Join(tally.Notes(), "\n"); !strings.Contains(notes, "missing") {
		t.Errorf("notes %q", notes)
	}
}

func TestBadAnswers(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-and-more"
	status := func(code int, body string) *enginetest.Failure { return &enginetest.Failure{Status: code, Body: body} }
	for _, tc := range []struct {
		name string
		fail *enginetest.Failure
		is   error
		says string
		once bool // no second try
	}{
		{"401", status(401, "who are you, "+secret), engine.ErrUnauthorized, "HTTP 401", true},
		{"403", status(403, ""), engine.ErrUnauthorized, "VLOGS_BEARER_TOKEN", true},
		{"404", status(404, "404 page not found"), engine.ErrNotEngine, "no VictoriaLogs answers at /select/logsql/query", true},
		{"400", status(400, "cannot parse `query` arg [x]: unexpected pipe name \"bogus\"; context: [x]"), engine.ErrRefused, `unexpected pipe name "bogus"`, true},
		{"HTTPS", status(400, "Client sent an HTTP request to an HTTPS server."), engine.ErrTLS, "vlogs+https://", true},
		{"503 for good", status(503, "too many concurrent requests"), engine.ErrOverload, "too many concurrent", false},
		{"429 for good", status(429, ""), engine.ErrOverload, "HTTP 429", false},
		{"500", status(500, "disk\x1b[31m on fire "+secret), engine.ErrRefused, "on fire ***", false},
		{"web page", &enginetest.Failure{Whole: true, Body: "<!DOCTYPE html><title>Sign in</title>"}, engine.ErrNotEngine, "web page", true},
		{"no JSON", &enginetest.Failure{Whole: true, Body: `{"_time":12}`}, nil, "not JSON at byte 10", false},
		{"no time", &enginetest.Failure{Whole: true, Body: `{"_msg":"x"}`}, nil, "without a time", false},
		{"hangs up", &enginetest.Failure{Cut: -1}, engine.ErrCut, "", false},
		{"redirects", &enginetest.Failure{Status: 302, Header: http.Header{"Location": {"https://login.example/?next=" + secret}}}, engine.ErrNotEngine, "login.example", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			server := enginetest.VictoriaLogs(t, nil)
			server.Fail = func(int, *http.Request) *enginetest.Failure { asked++; return tc.fail }
			c := client(t, server, engine.VictoriaLogs, engine.Options{Retries: 2, Access: engine.Access{BearerToken: secret}})
			_, _, err := read(c, span)
			if err == nil || tc.is != nil && !errors.Is(err, tc.is) || !strings.Contains(err.Error(), tc.says) {
				t.Fatalf("error %q, want %v and %q", err, tc.is, tc.says)
			}
			if strings.Contains(err.Error(), secret) || strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("error holds what it must not: %q", err)
			}
			if !strings.Contains(err.Error(), server.Addr()) {
				t.Errorf("error does not name the engine: %q", err)
			}
			if tc.once != (asked == 1) {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

// A storm of refusals passes when it is waited out, longer each time, and as
// the engine asks.
func TestOverloadIsWaitedOut(t *testing.T) {
	t.Parallel()
	recs, want := numbered(20, 1)
	server := enginetest.VictoriaLogs(t, recs)
	server.Fail = func(n int, _ *http.Request) *enginetest.Failure {
		if n < 5 {
			return &enginetest.Failure{Status: 503, Header: http.Header{"Retry-After": {"7"}}}
		}
		return nil
	}
	var waited []time.Duration
	c := client(t, server, engine.VictoriaLogs, engine.Options{Sleep: func(_ context.Context, d time.Duration) error { waited = append(waited, d); return nil }})
	got, _, err := read(c, span)
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	for _, d := range waited {
		if len(waited) != 4 || d < 3500*time.Millisecond || d > 8*time.Second {
			t.Fatalf("waited %v", waited)
		}
	}
	if n := c.Cost(); n.Retries != 4 || n.Wire == 0 {
		t.Errorf("cost %+v", n)
	}
}

// A query that takes the engine too long is asked for shorter spans.
func TestTooMuchAtOnce(t *testing.T) {
	t.Parallel()
	recs, want := numbered(100, 1)
	server := enginetest.VictoriaLogs(t, recs)
	server.Fail = func(_ int, r *http.Request) *enginetest.Failure {
		var from, to int64
		_, _ = fmt.Sscanf(r.Form.Get("extra_filters"), "_time:[%d,%d)", &from, &to)
		if to-from > int64(time.Hour) {
			return &enginetest.Failure{Status: 503, Body: "the request couldn't be executed in 30 seconds"}
		}
		return nil
	}
	got, _, err := read(client(t, server, engine.VictoriaLogs, engine.Options{}), span)
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestSilentEngine(t *testing.T) {
	t.Parallel()
	server := enginetest.VictoriaLogs(t, nil)
	server.Fail = func(int, *http.Request) *enginetest.Failure { return &enginetest.Failure{Hang: true} }
	_, _, err := read(client(t, server, engine.VictoriaLogs, engine.Options{Idle: 20 * time.Millisecond, Retries: 1}), span)
	if !errors.Is(err, engine.ErrSilent) {
		t.Errorf("error %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c, err := engine.NewClient(engine.Address{Kind: engine.Loki, Host: l.Addr().String()}, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Groups(context.Background(), engine.Query{From: day, To: day.Add(time.Hour), Text: `{a="b"}`}, "host")
	if !errors.Is(err, engine.ErrUnreachable) || !strings.Contains(err.Error(), "loki://"+l.Addr().String()) {
		t.Errorf("error %v", err)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, `{"_time":"2025-10-02T06:40:11Z","_msg":"over TLS"}`)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	host := s.Listener.Addr().String()
	ask := func(tls bool, access engine.Access) error {
		c, err := engine.NewClient(engine.Address{Kind: engine.VictoriaLogs, TLS: tls, Host: host}, engine.Options{Access: access})
		if err != nil {
			return err
		}
		q := span
		q.Label = ""
		got, _, err := read(c, q)
		if err == nil && len(got) != 1 {
			t.Errorf("got %q", got)
		}
		return err
	}
	if err := ask(true, engine.Access{}); !errors.Is(err, engine.ErrTLS) || !strings.Contains(err.Error(), "--ca") {
		t.Errorf("an unknown authority: %v", err)
	}
	if err := ask(false, engine.Access{}); !errors.Is(err, engine.ErrTLS) || !strings.Contains(err.Error(), "vlogs+https://") {
		t.Errorf("plain HTTP to a TLS server: %v", err)
	}
	if err := ask(true, engine.Access{SkipVerify: true}); err != nil {
		t.Errorf("unverified: %v", err)
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	write(t, ca, pemOf(s.Certificate().Raw))
	if err := ask(true, engine.Access{CA: ca}); err != nil {
		t.Errorf("with its authority: %v", err)
	}
	if err := ask(true, engine.Access{CA: os.Args[0]}); err == nil || !strings.Contains(err.Error(), "PEM") {
		t.Errorf("an authority that is none: %v", err)
	}
	if err := ask(true, engine.Access{Cert: ca}); err == nil || !strings.Contains(err.Error(), "key") {
		t.Errorf("a certificate without its key: %v", err)
	}
}

// Odd records are counted and named, and the reading goes on.
func TestOddRecords(t *testing.T) {
	t.Parallel()
	const huge, piece = 64 << 20, 64 << 10
	record := func(d time.Duration, text string) string {
		return fmt.Sprintf("{\"_msg\":%q,\"_time\":%q}\n", text, day.Add(d).Format(time.RFC3339Nano))
	}
	server := enginetest.VictoriaLogs(t, nil)
	server.Fail = func(int, *http.Request) *enginetest.Failure {
		return &enginetest.Failure{Write: func(w io.Writer) {
			fmt.Fprint(w, record(2, "second"), record(1, "first, too late"), `{"_msg":"`)
			for range huge / piece {
				fmt.Fprint(w, strings.Repeat("x", piece))
			}
			fmt.Fprint(w, `","_time":"2025-10-02T00:00:00.000000003Z"}`, "\n", record(4, "missing _msg field; see https://docs.victoriametrics.com/victorialogs/keyconcepts/#message-field"),
				record(5, "twice"), record(5, "twice"))
		}}
	}
	var got []string
	tally, err := client(t, server, engine.VictoriaLogs, engine.Options{MaxText: 100}).Read(context.Background(), span, func(r *engine.Record) error {
		got = append(got, string(r.Text))
		return nil
	})
	want := []string{"second", "first, too late", strings.Repeat("x", 100), "", "twice", "twice"}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	wantTally := engine.Tally{Records: 6, Cut: 1, CutBytes: huge - 100, Ties: 1, Repeats: 1, Disorder: 1}
	if d := cmp.Diff(wantTally, tally); d != "" {
		t.Errorf("tally (-want +got):\n%s", d)
	}
	if n := len(tally.Notes()); n != 4 {
		t.Errorf("%d notes: %q", n, tally.Notes())
	}
}

func TestHostileLabels(t *testing.T) {
	t.Parallel()
	for _, s := range servers {
		for _, host := range []string{`a"b`, `back\slash`, `x"} | delete`, "line\nfeed", "ünï", "<b>", "{", "a,b=c"} {
			recs := []enginetest.Record{{Time: at(1), Text: "mine", Labels: map[string]string{"host": host}}, {Time: at(2), Text: "not", Labels: map[string]string{"host": "other"}}}
			c := client(t, s.start(t, recs), s.kind, engine.Options{})
			q := span
			q.Value = host
			got, _, err := read(c, q)
			if err != nil || len(got) != 1 {
				t.Errorf("%s, host %q: %q, %v", s.kind, host, got, err)
			}
			groups, err := c.Groups(context.Background(), engine.Query{From: day, To: day.Add(time.Hour), Text: span.Text}, "host")
			if err != nil || len(groups) != 2 || groups[0].Value != host && groups[1].Value != host {
				t.Errorf("%s, host %q: groups %+v, %v", s.kind, host, groups, err)
			}
		}
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	recs, _ := numbered(70, 1)
	for _, s := range servers {
		server := s.start(t, recs)
		q := engine.Query{From: day, To: day.Add(24 * time.Hour), Text: span.Text, Words: []string{"the same", "of (another"}, Each: []string{"the same", "of another"}}
		got, err := client(t, server, s.kind, engine.Options{}).Groups(context.Background(), q, "host")
		want := []engine.Group{{Value: "gpu-1", Lines: 70, Matching: 10, Each: []int64{10, 0}}, {Value: "gpu-2", Lines: 70, Each: []int64{0, 70}}}
		if s.kind == engine.VictoriaLogs {
			for i := range want {
				want[i].First, want[i].Last = day, day.Add(69*time.Second)
			}
		}
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", s.kind, err, d)
		}
	}
}

// A long filter goes where VictoriaLogs takes it; pipes stay in the query.
func TestLongQuery(t *testing.T) {
	t.Parallel()
	server := enginetest.VictoriaLogs(t, nil)
	long := `{service="wolf"} (` + strings.Repeat(`"some | word" or `, 1200) + `"x") | unpack_json`
	q := span
	q.Text = long
	if _, _, err := read(client(t, server, engine.VictoriaLogs, engine.Options{Timeout: time.Second}), q); err != nil {
		t.Fatal(err)
	}
	form := server.Forms()[0]
	if n := len(form.Get("query")); n > 200 || !strings.HasPrefix(form.Get("query"), "*| unpack_json | fields") {
		t.Errorf("query of %d bytes: %.100q", n, form.Get("query"))
	}
	if !strings.Contains(form.Get("extra_filters"), `"some | word"`) || form.Get("timeout") != "1s" || form.Get("allow_partial_response") != "0" {
		t.Errorf("form %.300q", form)
	}
}

// The text is what docker logs --timestamps would print; a count that is not
// reached is an error.
func TestSource(t *testing.T) {
	t.Parallel()
	label := map[string]string{"host": "gpu-1"}
	server := enginetest.VictoriaLogs(t, []enginetest.Record{
		{Time: at(time.Second), Text: "two\n  lines\n", Labels: label}, {Time: at(1500 * time.Millisecond), Text: "", Labels: label}})
	q := span
	q.Expect = 3
	s := client(t, server, engine.VictoriaLogs, engine.Options{}).Source(q)
	r, err := s.Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	want := "2025-10-02T00:00:01.000000000Z two\n2025-10-02T00:00:01.000000000Z   lines\n2025-10-02T00:00:01.500000000Z \n"
	if string(got) != want || !errors.Is(err, engine.ErrMissing) || !strings.Contains(err.Error(), "2 of 3") {
		t.Errorf("%q, %v", got, err)
	}
	if s.Tally().Records != 2 {
		t.Errorf("tally %+v", s.Tally())
	}
}

// A reader that is closed early leaves nothing running.
func TestSourceClosedEarly(t *testing.T) {
	t.Parallel()
	recs, _ := numbered(20_000, 50)
	s := client(t, enginetest.VictoriaLogs(t, recs), engine.VictoriaLogs, engine.Options{}).Source(span)
	r, err := s.Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil { // waits for the query
		t.Error(err)
	}
}

// Following loses no record that shows late, and gives none twice, whatever the
// overlap of the questions and the faults in between.
func TestFollow(t *testing.T) {
	t.Parallel()
	label := map[string]string{"host": "gpu-1"}
	rec := func(d time.Duration, text string) enginetest.Record {
		return enginetest.Record{Time: at(d), Text: text, Labels: label}
	}
	shows := [][]enginetest.Record{ // question by question
		{rec(0, "a"), rec(time.Second, "b")},
		{rec(3*time.Second, "d"), rec(3*time.Second, "d")},
		{rec(2*time.Second, "c, late"), rec(3*time.Second, "d")},
		{},
		{rec(70*time.Second, "e")},
	}

	server := enginetest.VictoriaLogs(t, nil)
	server.Fail = func(n int, _ *http.Request) *enginetest.Failure {
		if n%3 == 0 {
			return &enginetest.Failure{Cut: -1}
		}
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	asked := 0
	c := client(t, server, engine.VictoriaLogs, engine.Options{Retries: 1, Sleep: func(ctx context.Context, d time.Duration) error {
		if d != time.Second { // a retry
			return ctx.Err()
		}
		if asked++; asked < len(shows) {
			server.Records = append(server.Records, shows[asked]...)
		} else if asked > len(shows)+2 {
			cancel()
		}
		return ctx.Err()
	}})
	server.Records = shows[0]
	q := span
	q.From = day.Add(-time.Hour) // the first question reaches back further than the overlap
	server.Records = append(server.Records, rec(-30*time.Minute, "of before"))
	r := c.Follow(ctx, q, engine.FollowOptions{Every: time.Second, Now: func() time.Time { return day.Add(time.Duration(asked*14+4) * time.Second) }})
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, line := range strings.Split(strings.TrimSpace(string(got)), "\n") {
		_, text, _ := strings.Cut(line, " ")
		texts = append(texts, text)
	}
	if d := cmp.Diff([]string{"of before", "a", "b", "d", "d", "c, late", "d", "e"}, texts); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// A refusal for good ends the following with its reason.
func TestFollowRefused(t *testing.T) {
	t.Parallel()
	server := enginetest.VictoriaLogs(t, nil)
	server.Fail = func(int, *http.Request) *enginetest.Failure { return &enginetest.Failure{Status: 401} }
	r := client(t, server, engine.VictoriaLogs, engine.Options{}).Follow(context.Background(), span, engine.FollowOptions{})
	defer r.Close()
	if _, err := io.ReadAll(r); !errors.Is(err, engine.ErrUnauthorized) {
		t.Errorf("error %v", err)
	}
}
