package analyze

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/loggen"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
)

var update = flag.Bool("update", false, "rewrite generated parts of the documents")

// named is a log with a name.
type named struct {
	name string
	data []byte
}

// read analyses inputs one after another as standard input.
func read(t testing.TB, o Options, inputs ...named) *Report {
	t.Helper()
	readers := make([]io.Reader, len(inputs))
	for i := range inputs {
		readers[i] = bytes.NewReader(inputs[i].data)
	}
	a := newAnalyzer(t, o)
	for i, in := range inputs {
		if err := a.Read(context.Background(), source.Input{Name: in.name, Kind: source.KindStdin, Size: -1}, readers[i]); err != nil {
			t.Fatalf("read %s: %v", in.name, err)
		}
	}
	return a.Report()
}

func newAnalyzer(t testing.TB, o Options) *Analyzer {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC) }
	}
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// asJSON is the report as JSON, the form in which reports are compared.
func asJSON(t testing.TB, r *Report) string {
	t.Helper()
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// same fails with a diff when two reports differ in one byte.
func same(t *testing.T, want, got *Report, what string) {
	t.Helper()
	if a, b := asJSON(t, want), asJSON(t, got); a != b {
		t.Errorf("%s:\n%s", what, cmp.Diff(strings.Split(a, "\n"), strings.Split(b, "\n")))
	}
}

// corpus is every log of the project's testdata and simulated ones: incidents
// in several transports, and stretches of the benchmark mixes. The logs are made
// once and must not be changed.
func corpus(t testing.TB) []named {
	t.Helper()
	corpusOnce.Do(func() { corpusLogs = makeCorpus(t) })
	if len(corpusLogs) == 0 {
		t.Fatal("no logs: see the first test that asked for them")
	}
	return slices.Clone(corpusLogs)
}

var (
	corpusOnce sync.Once
	corpusLogs []named
)

func makeCorpus(t testing.TB) []named {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "logs", "*.log"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d logs in testdata: %v", len(files), err)
	}
	sort.Strings(files)
	var out []named
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, named{filepath.Base(f), data})
	}
	for i, tr := range loggen.Transports() {
		causes := loggen.Causes()
		out = append(out, named{string(tr) + ".sim", simulate(t, loggen.Scenario{Seed: uint64(i), Cause: causes[i%len(causes)], Lifetimes: 3, ExitCode: 0}, tr)})
	}
	for _, mix := range []loggen.Mix{loggen.Benign, loggen.Storm, loggen.Unknown} {
		out = append(out, named{string(mix) + ".mix", bulk(t, mix, 300<<10)})
	}
	return out
}

func bulk(t testing.TB, mix loggen.Mix, size int64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := loggen.Bulk(&b, mix, size, 7); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func simulate(t testing.TB, s loggen.Scenario, tr loggen.Transport) []byte {
	t.Helper()
	lines, _, err := loggen.Play(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(loggen.Wrap(tr, lines))
}

// ids lists the causes of a report, best first.
func ids(r *report.Report) []string {
	out := []string{}
	for _, c := range r.Causes {
		out = append(out, c.ID)
	}
	return out
}

// shorter is n, or with -short less.
func shorter(n, less int) int {
	if testing.Short() {
		return less
	}
	return n
}
