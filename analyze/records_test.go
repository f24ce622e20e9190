package analyze

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
)

// asRecords wraps the lines of a log as an engine prints them, a millisecond
// apart.
func asRecords(text, host, form string) string {
	var b strings.Builder
	start := time.Date(2025, 10, 2, 6, 40, 11, 0, time.UTC)
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		msg, err := json.Marshal(line)
		if err != nil {
			panic(err)
		}
		at := start.Add(time.Duration(i) * time.Millisecond)
		b.WriteString(strings.NewReplacer("MSG", string(msg), "HOST", host, "TIME", at.Format(time.RFC3339Nano),
			"EPOCH", fmt.Sprintf("%d.%06d", at.Unix(), at.Nanosecond()/1000)).Replace(form) + "\n")
	}
	return b.String()
}

func readText(t *testing.T, text string) *report.Report {
	t.Helper()
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Read(context.Background(), source.Input{Name: "-", Kind: source.KindStdin, Size: -1}, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return a.Report()
}

// TestRecordsKeepTheirClock: what engines and shippers print gives the diagnosis
// of the log itself, and the times of its records.
func TestRecordsKeepTheirClock(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "logs", "guide-incident.compose.log"))
	if err != nil {
		t.Fatal(err)
	}
	want := readText(t, string(data))
	for name, form := range map[string]string{
		"VictoriaLogs": `{"_msg":MSG,"_stream":"{host=\"HOST\"}","_time":"TIME","host":"HOST"}`,
		"logcli":       `{"labels":{"host":"HOST"},"line":MSG,"timestamp":"TIME"}`,
		"Fluent Bit":   `{"date":EPOCH,"log":MSG,"hostname":"HOST"}`,
		"fluentd":      `{"container_name":"/wolf","source":"stderr","log":MSG,"@timestamp":"TIME","host":"HOST"}`,
		"OpenSearch":   `{"_index":"wolf","_source":{"@timestamp":"TIME","log":MSG,"host":"HOST"}}`,
		"ClickHouse":   `{"Timestamp":"TIME","Body":MSG,"ResourceAttributes":{"host.name":"HOST"}}`,
	} {
		got := readText(t, asRecords(string(data), "gpu-1", form))
		if len(got.Causes) == 0 || got.Causes[0].ID != want.Causes[0].ID || got.Coverage.Lines != want.Coverage.Lines {
			t.Errorf("%s: %s of %d lines: %s", name, got.Verdict, got.Coverage.Lines, got.Summary)
			continue
		}
		if got.Period.From == nil || got.Causes[0].FirstSeen == nil || got.Causes[0].FirstSeen.Format(time.DateTime) != "2025-10-02 06:40:11" {
			t.Errorf("%s: from %v, onset %v", name, got.Period.From, got.Causes[0].FirstSeen)
		}
		if len(got.Inputs) != 1 || got.Inputs[0].Name != "-/gpu-1" {
			t.Errorf("%s: inputs %+v", name, got.Inputs)
		}
	}
}

// TestRecordsOfSeveralHosts: interleaved lines of several hosts are several
// servers, each as if it had come alone.
func TestRecordsOfSeveralHosts(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "logs", "gpu-memory-three-lifetimes.compose-timestamps.log"))
	if err != nil {
		t.Fatal(err)
	}
	const form = `{"labels":{"host":"HOST"},"line":MSG,"timestamp":"TIME"}`
	one := readText(t, asRecords(string(data), "gpu-1", form))
	a, b := strings.SplitAfter(asRecords(string(data), "gpu-1", form), "\n"), strings.SplitAfter(asRecords(string(data), "gpu-2", form), "\n")
	var mixed strings.Builder
	for i := range a {
		mixed.WriteString(a[i] + b[i])
	}
	two := readText(t, mixed.String())
	if len(two.Inputs) != 2 || two.Inputs[1].Name != "-/gpu-2" || two.Coverage.Lines != 2*one.Coverage.Lines || two.Coverage.ErrorLines != 2*one.Coverage.ErrorLines {
		t.Errorf("inputs %+v, coverage %+v; of one host %+v", two.Inputs, two.Coverage, one.Coverage)
	}
	if len(two.Causes) == 0 || two.Causes[0].ID != one.Causes[0].ID {
		t.Errorf("causes %v, of one host %v", two.Summary, one.Summary)
	}
	if notes := strings.Join(two.Notes, "\n"); !strings.Contains(notes, "as many servers") {
		t.Errorf("notes %q", notes)
	}
}

// TestFeedRecords: records of several hosts that come in pieces, cut anywhere,
// give the report of the whole.
func TestFeedRecords(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "logs", "guide-incident.compose.log"))
	if err != nil {
		t.Fatal(err)
	}
	a, b := strings.SplitAfter(asRecords(string(data), "gpu-1", `{"labels":{"host":"HOST"},"line":MSG,"timestamp":"TIME"}`), "\n"), strings.SplitAfter(asRecords(string(data), "gpu-2", `{"labels":{"host":"HOST"},"line":MSG,"timestamp":"TIME"}`), "\n")
	var mixed strings.Builder
	for i := range a {
		mixed.WriteString(a[i] + b[i])
	}
	for name, text := range map[string]string{
		"one a line, two hosts": mixed.String(),
		"over several lines":    strings.NewReplacer("{\"labels\"", "{\n\"labels\"", "Z\"}\n", "Z\"\n}\n").Replace(mixed.String()),
		"journalctl -o export":  asExport(string(data)),
	} {
		want := readText(t, text)
		if len(want.Causes) == 0 {
			t.Fatalf("%s: no cause", name)
		}
		for _, size := range []int{1, 7, 300, 4096, len(text)} {
			if testing.Short() && size == 1 {
				continue
			}
			got := feedText(t, text, size)
			if d := cmp.Diff(namesOf(want), namesOf(got)); d != "" {
				t.Errorf("%s, pieces of %d: inputs (-whole +pieces):\n%s", name, size, d)
			}
			if got.Summary != want.Summary || got.Coverage != want.Coverage || got.Period.From == nil || !got.Period.From.Equal(*want.Period.From) {
				t.Errorf("%s, pieces of %d: %q, %+v\nwhole: %q, %+v", name, size, got.Summary, got.Coverage, want.Summary, want.Coverage)
			}
		}
	}
}

// namesOf are the inputs of a report.
func namesOf(r *report.Report) (names []string) {
	for _, in := range r.Inputs {
		names = append(names, fmt.Sprint(in.Name, " ", in.Lines))
	}
	return names
}

// feedText feeds a text in pieces as one that follows it does: what was not taken
// is handed in again with what comes next.
func feedText(t *testing.T, text string, size int) *report.Report {
	t.Helper()
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	a.Feed("-", "stdin", time.Time{}, nil, false)
	var rest []byte
	for len(text) > 0 {
		n := min(size, len(text))
		rest = append(rest, text[:n]...)
		text = text[n:]
		rest = rest[a.Feed("-", "stdin", time.Time{}, rest, false):]
	}
	if took := a.Feed("-", "stdin", time.Time{}, rest, true); took != len(rest) {
		t.Errorf("%d of the last %d bytes were taken", took, len(rest))
	}
	return a.Report()
}

// asExport is a log as journalctl -o export prints it.
func asExport(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		fmt.Fprintf(&b, "__CURSOR=s=%d\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=gpu-%d\nPRIORITY=6\nCONTAINER_NAME=wolf\nMESSAGE=%s\n\n", i, 1759387211000000+1000*i, 1+i%2, line)
	}
	return b.String()
}

// TestBundleInPieces reads an object of many records on one line: it is analysed
// in pieces, of every host some, and gives the report of as many lines.
func TestBundleInPieces(t *testing.T) {
	t.Parallel()
	const n = 12_000
	streams, lines := map[string][]string{}, strings.Builder{}
	for i := range n {
		host := []string{"gpu-1", "gpu-2"}[i%2]
		at := time.Date(2025, 10, 2, 6, 40, 11, 0, time.UTC).Add(time.Duration(i) * time.Millisecond)
		msg := `"06:40:11.752 INFO  | [GSTREAMER] a message of some length that is like the others"`
		if i%1000 == 7 {
			msg = `"06:40:11.752 ERROR | [GSTREAMER] Pipeline error: Could not open \"nvenc\" session"`
		}
		streams[host] = append(streams[host], fmt.Sprintf(`["%d",%s]`, at.UnixNano(), msg))
		fmt.Fprintf(&lines, `{"labels":{"host":%q},"line":%s,"timestamp":%q}`+"\n", host, msg, at.Format(time.RFC3339Nano))
	}
	bundle := fmt.Sprintf(`{"streams":[{"stream":{"host":"gpu-2"},"values":[%s]},{"stream":{"host":"gpu-1"},"values":[%s]}]}`+"\n",
		strings.Join(streams["gpu-2"], ","), strings.Join(streams["gpu-1"], ","))
	if d := cmp.Diff(readText(t, lines.String()), readText(t, bundle)); d != "" {
		t.Errorf("as lines, and as one object (-want +got):\n%s", d)
	}
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := newRecordHosts(a, source.Input{Name: "x", Kind: source.KindFile}, time.Time{})
	h.whole = true
	most := 0
	h.decoder.Take = func(host, lines []byte) {
		h.take(host, lines)
		for _, x := range h.order {
			most = max(most, len(x.text))
		}
	}
	h.lines([]byte(bundle))
	if most > 2*maxDecoded {
		t.Errorf("%d bytes of a host wait, of an object of %d", most, len(bundle))
	}
}
