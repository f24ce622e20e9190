package survey_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze"
	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/engine/enginetest"
	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/fleet/survey"
	"wolfdiag/analyze/report"
	"wolfdiag/patterns"
)

var (
	start = time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)
	query = engine.Query{Text: `{service="wolf"}`, From: start, To: start.Add(24 * time.Hour)}
	logs  = filepath.Join("..", "..", "..", "testdata", "logs")
)

// records are the lines of a log as those of a host, a millisecond apart.
func records(host, text string, from time.Time) (out []enginetest.Record) {
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		out = append(out, enginetest.Record{Time: from.Add(time.Duration(i) * time.Millisecond).UnixNano(), Text: line, Labels: map[string]string{"host": host}})
	}
	return out
}

// read is a log of testdata.
func read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(logs, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func client(t testing.TB, s *enginetest.Server, kind engine.Kind) *engine.Client {
	t.Helper()
	c, err := engine.NewClient(engine.Address{Kind: kind, Host: s.Addr()}, engine.Options{Retries: 1, Sleep: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// diagnosed asks for hosts and diagnoses them.
func diagnosed(t *testing.T, c *engine.Client, o survey.EngineOptions) []fleet.Host {
	t.Helper()
	hosts, notes, err := survey.FromEngine(context.Background(), c, o)
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	window := report.Period{From: &o.Query.From, To: &o.Query.To}
	out, err := survey.Diagnose(context.Background(), hosts, survey.Options{Jobs: 4, Window: window})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEngineIsFiles: the hosts of an engine are diagnosed as their logs in files
// are, with the engine's times before the lines.
func TestEngineIsFiles(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join(logs, "*.log"))
	if err != nil || len(names) < 20 {
		t.Fatal(names, err)
	}
	var recs []enginetest.Record
	var want []fleet.Host
	dir := t.TempDir()
	for _, n := range names {
		host := strings.TrimSuffix(filepath.Base(n), ".log")
		of := records(host, read(t, filepath.Base(n)), start.Add(5*time.Hour))
		recs = append(recs, of...)
		var text []byte
		for _, r := range of {
			text = engine.AppendText(text, &engine.Record{Time: r.Time, Text: []byte(r.Text)})
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(n)), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hosts, problems := survey.FromFiles(context.Background(), []string{dir}, "")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if want, err = survey.Diagnose(context.Background(), hosts, survey.Options{}); err != nil {
		t.Fatal(err)
	}
	for i := range want {
		want[i].FellSilent(report.Period{From: &query.From, To: &query.To}, start.Add(5*time.Hour))
	}
	slices.SortFunc(want, func(a, b fleet.Host) int { return strings.Compare(a.Host, b.Host) })
	got := diagnosed(t, client(t, enginetest.VictoriaLogs(t, recs), engine.VictoriaLogs), survey.EngineOptions{Query: query, By: "host"})
	for i := range got { // the last record is a little later than the first
		if want[i].Why != "" && got[i].Why != "" {
			got[i].Why = want[i].Why
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-files +engine):\n%s", d)
	}
}

// TestSilentHosts: hosts without a record are named, whoever knows of them.
func TestSilentHosts(t *testing.T) {
	t.Parallel()
	healthy := read(t, "healthy-amd.plain.log")
	recs := slices.Concat(records("now", healthy, start.Add(20*time.Hour)), records("yesterday", healthy, start.Add(-5*time.Hour)), records("long ago", healthy, start.Add(-50*time.Hour)))
	for _, kind := range []engine.Kind{engine.VictoriaLogs, engine.Loki} {
		server := enginetest.VictoriaLogs(t, recs)
		if kind == engine.Loki {
			server = enginetest.Loki(t, recs)
		}
		r := fleet.Assemble(fleet.About{}, diagnosed(t, client(t, server, kind), survey.EngineOptions{Query: query, By: "host", Expected: []string{"now", "never"}}), nil)
		var partial []string
		for _, p := range r.Partial {
			partial = append(partial, p.Host+": "+strings.SplitAfter(p.Why, "window")[0])
		}
		if d := cmp.Diff([]string{"never: expected, and no record in the window", "yesterday: no record in the window"}, partial); d != "" {
			t.Errorf("%s (-want +got):\n%s", kind, d)
		}
		for _, h := range r.Hosts {
			if (h.Host == "now") != (h.Verdict != report.NoData) || r.Failed() {
				t.Errorf("%s: %s is %s", kind, h.Host, h.Verdict)
			}
		}
	}
}

// TestShards: the parts are all hosts, each once.
func TestShards(t *testing.T) {
	t.Parallel()
	var recs []enginetest.Record
	for i := range 50 {
		recs = append(recs, records(fmt.Sprintf("gpu-%d", i), "06:40:11.750123456 INFO  | x", start.Add(time.Duration(i%2*48-24)*time.Hour+time.Hour))...)
	}
	c := client(t, enginetest.VictoriaLogs(t, recs), engine.VictoriaLogs)
	seen := map[string]int{}
	for k := 1; k <= 3; k++ {
		hosts, _, err := survey.FromEngine(context.Background(), c, survey.EngineOptions{Query: query, By: "host", Shard: k, Shards: 3})
		if err != nil || len(hosts) == 0 || len(hosts) > 40 {
			t.Fatalf("part %d: %d hosts, %v", k, len(hosts), err)
		}
		for _, h := range hosts {
			seen[h.Name]++
		}
	}
	for i := range 50 {
		if name := fmt.Sprintf("gpu-%d", i); seen[name] != 1 && i%2 == 0 {
			t.Errorf("%s: in %d parts", name, seen[name])
		}
	}
}

// faulty makes a fleet of healthy hosts, of which every thirteenth shows a fault.
func faulty(t testing.TB, hosts int) []enginetest.Record {
	var recs []enginetest.Record
	healthy, broken := read(t, "healthy-nvidia.compose.log"), read(t, "guide-incident.compose.log")
	for i := range hosts {
		text := healthy
		if i%13 == 5 {
			text += broken
		}
		recs = append(recs, records(fmt.Sprintf("gpu-%02d", i), text, start.Add(20*time.Hour))...)
	}
	return recs
}

// TestTriage reads the hosts that stand out, and names all others as not read.
func TestTriage(t *testing.T) {
	t.Parallel()
	got := diagnosed(t, client(t, enginetest.VictoriaLogs(t, faulty(t, 40)), engine.VictoriaLogs),
		survey.EngineOptions{Query: query, By: "host", Mode: fleet.Triage, Complaints: survey.TriageWords()})
	r := fleet.Assemble(fleet.About{Mode: fleet.Triage}, got, nil)
	if len(r.Causes) == 0 || !slices.Equal(r.Causes[0].HostNames, []string{"gpu-05", "gpu-18", "gpu-31"}) || r.Causes[0].ID != "gpu-device-access-lost" {
		t.Errorf("causes %+v", r.Causes)
	}
	if len(r.Partial) != 37 || r.Failed() || !strings.Contains(r.Partial[0].Why, "no more than other hosts") {
		t.Errorf("%d hosts not read: %+v", len(r.Partial), r.Partial[:1])
	}
}

func builtin(t testing.TB) *patterns.Catalogue {
	t.Helper()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// TestPrefilter: the first cause is that of the whole log, the lines are those
// that there are, and fewer were read.
func TestPrefilter(t *testing.T) {
	t.Parallel()
	cat := builtin(t)
	got := diagnosed(t, client(t, enginetest.VictoriaLogs(t, faulty(t, 7)), engine.VictoriaLogs),
		survey.EngineOptions{Query: query, By: "host", Mode: fleet.Prefilter, Words: survey.PrefilterWords(cat)})
	found := 0
	for _, h := range got {
		if h.Read >= h.Lines || h.Read == 0 || !h.Complete {
			t.Errorf("%s: %d of %d lines, complete %v", h.Host, h.Read, h.Lines, h.Complete)
		}
		if len(h.Causes) > 0 && h.Causes[0].ID == "gpu-device-access-lost" {
			found++
		}
	}
	if found != 1 {
		t.Errorf("found on %d hosts", found)
	}
}

// TestOneHostFails: the others are diagnosed, and it is named.
func TestOneHostFails(t *testing.T) {
	t.Parallel()
	healthy := read(t, "healthy-amd.plain.log")
	server := enginetest.VictoriaLogs(t, slices.Concat(records("good", healthy, start.Add(20*time.Hour)), records("bad", healthy, start.Add(20*time.Hour))))
	asked := 0
	server.Fail = func(_ int, r *http.Request) *enginetest.Failure {
		if !strings.Contains(r.Form.Get("extra_filters"), `"bad"`) {
			return nil
		}
		if asked++; asked > 1 {
			return &enginetest.Failure{Cut: -1}
		}
		return &enginetest.Failure{Cut: 3}
	}
	got := diagnosed(t, client(t, server, engine.VictoriaLogs), survey.EngineOptions{Query: query, By: "host"})
	bad, good := got[0], got[1]
	if bad.Complete || !bad.Failed || !strings.Contains(bad.Why, "broke off") || bad.Read == 0 || !good.Complete || good.Why != "" {
		t.Errorf("bad %+v\ngood %+v", bad, good)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	hosts, _ := survey.FromFiles(context.Background(), []string{logs}, "")
	got, err := survey.Diagnose(ctx, hosts, survey.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range got {
		if h.Complete || !strings.Contains(h.Why, "interrupted") {
			t.Errorf("%+v", h)
		}
	}
	if _, _, err := survey.FromEngine(ctx, client(t, enginetest.VictoriaLogs(t, nil), engine.VictoriaLogs), survey.EngineOptions{Query: query, By: "host"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestFromFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"gpu-1.log", "gpu-1.log.1", "gpu-2.example.org.txt", "gpu-3/wolf.log", "gpu-3/nvidia-smi.txt", ".hidden/x.log", "engine.jsonl"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		text := "06:40:11.750123456 INFO  | x\n"
		if name == "engine.jsonl" {
			text = `{"_msg":"a","_time":"2025-10-02T06:40:11Z","host":"gpu-7"}` + "\n" + `{"_msg":"b","_time":"2025-10-02T06:40:11Z","host":"gpu-1"}` + "\n" + `{"_msg":"c","_time":"2025-10-02T06:40:11Z"}` + "\n"
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hosts, problems := survey.FromFiles(context.Background(), []string{dir, filepath.Join(dir, "none.log")}, "")
	got := map[string]int{}
	for _, h := range hosts {
		got[h.Name] = len(h.Inputs)
	}
	done, err := survey.Diagnose(context.Background(), hosts, survey.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range done {
		if want := map[string]int64{"engine": 1, "gpu-7": 1, "gpu-1": 3}[h.Host]; want > 0 && h.Read != want {
			t.Errorf("%s: %d lines, want %d", h.Host, h.Read, want)
		}
	}
	if d := cmp.Diff(map[string]int{"engine": 1, "gpu-7": 1, "gpu-1": 3, "gpu-2.example.org": 1, "gpu-3": 2}, got); d != "" || len(problems) != 1 {
		t.Errorf("%v (-want +got):\n%s", problems, d)
	}
}

// BenchmarkDiagnose shows what a host costs beside its lines.
func BenchmarkDiagnose(b *testing.B) {
	hosts, _ := survey.FromFiles(context.Background(), []string{logs}, "")
	b.ReportAllocs()
	for b.Loop() {
		out, err := survey.Diagnose(context.Background(), hosts, survey.Options{Jobs: 1, Analyze: analyze.Options{Workers: 1}})
		if err != nil || len(out) != len(hosts) || out[0].Read == 0 {
			b.Fatal(err, len(out))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(hosts)), "ms/host")
}
