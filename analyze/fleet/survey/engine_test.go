package survey_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/engine/enginetest"
	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/fleet/survey"
	"wolfdiag/analyze/loggen"
)

// fortyLogs are logs of forty hosts: those of testdata, and simulated ones.
func fortyLogs(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(logs, "*.log"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, n := range names {
		out[strings.TrimSuffix(filepath.Base(n), ".log")] = read(t, filepath.Base(n))
	}
	causes := loggen.Causes()
	for i := len(out); i < 40; i++ {
		lines, _, err := loggen.Play(loggen.Scenario{Seed: uint64(i), Cause: causes[i%len(causes)], Lifetimes: 1, ExitCode: -1})
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprintf("simulated-%d", i)] = loggen.Wrap("plain", lines)
	}
	return out
}

// oddHosts are logs that engines and shippers are known to trip over.
func oddHosts() []enginetest.Record {
	blank := records("blank lines", "06:40:11.750123456 WARN  | a\n\n\n06:40:11.760123456 WARN  | b\n   \n06:40:11.770123456 WARN  | c", start.Add(5*time.Hour))
	equal := records("equal times", strings.Repeat("06:40:11.750123456 WARN  | the same\n", 50), start.Add(5*time.Hour))
	for i := range equal {
		equal[i].Time = equal[0].Time
		equal[i].Text += fmt.Sprint(" ", i/2)
	}
	hostile := records(`"} | delete \ <b>`, "06:40:11.750123456 ERROR | {\"a\": \"\\u001b[31m\"}", start.Add(5*time.Hour))
	return slices.Concat(blank, equal, hostile)
}

// big is a host of 16 MiB that no compression makes small.
func big() (out []enginetest.Record) {
	for i := range 20_000 {
		sum := sha256.Sum256(fmt.Append(nil, i))
		text := fmt.Sprintf("06:40:11.750123456 TRACE | %d", i)
		for range 12 {
			text += fmt.Sprintf(" %x", sum)
			sum = sha256.Sum256(sum[:])
		}
		out = append(out, enginetest.Record{Time: start.Add(6*time.Hour + time.Duration(i/3)*time.Millisecond).UnixNano(), Text: text})
	}
	for i := range out {
		out[i].Labels = map[string]string{"host": "big"}
	}
	return out
}

// TestEngine holds what a real VictoriaLogs gives against the same logs in
// files, and takes it through what engines do on bad days.
func TestEngine(t *testing.T) {
	server := enginetest.StartReal(t)
	forty := fortyLogs(t)
	dir := t.TempDir()
	var all []enginetest.Record
	for i, host := range slices.Sorted(maps.Keys(forty)) {
		of := records(host, forty[host], start.Add(5*time.Hour+time.Duration(i)*time.Minute))
		for k := range of {
			of[k].Labels["service"] = "wolf"
		}
		if i%2 == 0 {
			server.PushLines(of)
		} else {
			server.PushLoki(of)
		}
		all = append(all, of...)
		var text []byte
		for _, r := range of {
			text = engine.AppendText(text, &engine.Record{Time: r.Time, Text: []byte(r.Text)})
		}
		if err := os.WriteFile(filepath.Join(dir, host+".log"), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	odd, large := oddHosts(), big()
	server.PushLines(odd)
	server.PushLines(large)
	server.WaitFor(len(all) + len(odd) + len(large))

	dial := func(t *testing.T, o engine.Options) *engine.Client {
		c, err := engine.NewClient(engine.Address{Kind: engine.VictoriaLogs, Host: server.Addr()}, o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	ofHost := func(host string) engine.Query {
		return engine.Query{From: query.From, To: query.To, Label: "host", Value: host}
	}

	t.Run("forty hosts", func(t *testing.T) {
		hosts, problems := survey.FromFiles(context.Background(), []string{dir}, "")
		if len(problems) > 0 || len(hosts) != 40 {
			t.Fatal(len(hosts), problems)
		}
		want, err := survey.Diagnose(context.Background(), hosts, survey.Options{})
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(want, func(a, b fleet.Host) int { return strings.Compare(a.Host, b.Host) })
		for _, o := range []engine.Options{{}, {Timeout: time.Second, SliceLines: 40}} {
			hosts, _, err := survey.FromEngine(context.Background(), dial(t, o), survey.EngineOptions{Query: query, By: "host"})
			if err != nil {
				t.Fatal(err)
			}
			got, err := survey.Diagnose(context.Background(), hosts, survey.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				if !got[i].Complete {
					t.Errorf("%s: %s", got[i].Host, got[i].Why)
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%+v (-files +engine):\n%s", o, d)
			}
		}
	})

	t.Run("odd hosts", func(t *testing.T) {
		c := dial(t, engine.Options{})
		for host, of := range byHost(odd) {
			got, tally := readAll(t, c, ofHost(host))
			want := texts(of)
			if host == "equal times" { // their order is the engine's
				slices.Sort(got)
				slices.Sort(want)
				if tally.Ties != 49 || tally.Repeats != 25 || len(tally.Notes()) != 2 {
					t.Errorf("tally %+v", tally)
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%q (-want +got):\n%s", host, d)
			}
		}
	})

	t.Run("a query of 20 KB", func(t *testing.T) {
		q := ofHost("blank lines")
		q.Text = `host:* (` + strings.Repeat(`"no such words" or `, 1100) + `WARN)`
		if got, _ := readAll(t, dial(t, engine.Options{}), q); len(got) != 3 || len(q.Text) < 20_000 {
			t.Errorf("%d bytes give %q", len(q.Text), got)
		}
		q.Text = "WARN | bogus"
		_, err := dial(t, engine.Options{}).Read(context.Background(), q, func(*engine.Record) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "bogus") {
			t.Errorf("error %v", err)
		}
	})

	t.Run("16 in parallel", func(t *testing.T) {
		c := dial(t, engine.Options{Queries: 16})
		q := ofHost("big")
		q.To = time.Unix(0, large[3000].Time)
		var wg sync.WaitGroup
		for range 16 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				n := 0
				if _, err := c.Read(context.Background(), q, func(*engine.Record) error { n++; return nil }); err != nil || n != 3000 {
					t.Errorf("%d records, %v", n, err)
				}
			}()
		}
		wg.Wait()
	})

	t.Run("no time at all", func(t *testing.T) {
		c := dial(t, engine.Options{Timeout: time.Nanosecond, Retries: 2, Sleep: func(context.Context, time.Duration) error { return nil }})
		_, err := c.Read(context.Background(), ofHost("big"), func(*engine.Record) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "couldn't be executed") {
			t.Errorf("error %v", err)
		}
	})

	t.Run("prefilter and triage", func(t *testing.T) {
		c := dial(t, engine.Options{})
		r := fleet.Assemble(fleet.About{}, diagnosed(t, c, survey.EngineOptions{Query: query, By: "host", Mode: fleet.Prefilter, Words: survey.PrefilterWords(builtin(t))}), nil)
		agree := 0
		for _, h := range r.Hosts {
			if forty[h.Host] != "" && len(h.Causes) > 0 {
				agree++
			}
			if h.Host == "big" && h.Read > h.Lines/100 {
				t.Errorf("%d of %d lines came", h.Read, h.Lines)
			}
		}
		if agree < 30 {
			t.Errorf("causes on %d hosts only", agree)
		}
		hosts, _, err := survey.FromEngine(context.Background(), c, survey.EngineOptions{Query: query, By: "host", Mode: fleet.Triage, Complaints: survey.TriageWords()})
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		for _, h := range hosts {
			if h.LeftOut != "" {
				left++
			}
			if h.Name == "big" && h.LeftOut == "" {
				t.Error("a host without complaints stands out")
			}
		}
		if left == 0 || left == len(hosts) {
			t.Errorf("%d of %d hosts left out", left, len(hosts))
		}
	})

	t.Run("the rule of the documentation", func(t *testing.T) {
		doc, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "fleet.md"))
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`(?m)^ +expr: '(.*)'$`).FindSubmatch(doc)
		if m == nil {
			t.Fatal("no rule in docs/fleet.md")
		}
		said := server.Ask(string(m[1]))
		if !strings.Contains(said, `"host":"guide-incident.cri"`) || strings.Contains(said, `"host":"big"`) {
			t.Errorf("%s", said)
		}
	})

	// The last: it takes the server down.
	t.Run("killed in mid-query", func(t *testing.T) {
		server.Stop() // and writes down what it has
		server.Start()
		c := dial(t, engine.Options{Retries: 200, Sleep: func(ctx context.Context, _ time.Duration) error {
			time.Sleep(50 * time.Millisecond)
			return ctx.Err()
		}})
		var got []string
		var back sync.WaitGroup
		tally, err := c.Read(context.Background(), ofHost("big"), func(r *engine.Record) error {
			if got = append(got, string(r.Text)); len(got) == 1000 {
				server.Kill()
				back.Add(1)
				go func() { defer back.Done(); server.Start() }()
			}
			return nil
		})
		back.Wait()
		if err != nil || tally.Broken == 0 {
			t.Fatalf("%v, %+v", err, tally)
		}
		want := texts(large)
		slices.Sort(got) // three records share each time
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%d records, want %d, each once", len(got), len(want))
		}
	})
}

func byHost(recs []enginetest.Record) map[string][]enginetest.Record {
	out := map[string][]enginetest.Record{}
	for _, r := range recs {
		out[r.Labels["host"]] = append(out[r.Labels["host"]], r)
	}
	return out
}

func texts(recs []enginetest.Record) (out []string) {
	for _, r := range recs {
		out = append(out, r.Text)
	}
	return out
}

func readAll(t *testing.T, c *engine.Client, q engine.Query) (out []string, tally engine.Tally) {
	t.Helper()
	tally, err := c.Read(context.Background(), q, func(r *engine.Record) error {
		out = append(out, string(r.Text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, tally
}
