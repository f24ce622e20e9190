package analyze

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/loggen"
	"wolfdiag/analyze/report"
)

// container is a container log to be written as a runtime writes it.
type container struct {
	text string
	time string
}

// asParts writes every line in n parts, cut at random places.
func asParts(tr loggen.Transport, lines []container, n int, rng *rand.Rand) []byte {
	var b bytes.Buffer
	for _, l := range lines {
		var parts []string
		rest := l.text
		for range n - 1 {
			if len(rest) < 2 {
				break
			}
			at := 1 + rng.IntN(len(rest)-1)
			for at < len(rest) && !utf8.RuneStart(rest[at]) {
				at++
			}
			parts, rest = append(parts, rest[:at]), rest[at:]
		}
		parts = append(parts, rest)
		for i, p := range parts {
			last := i == len(parts)-1
			if tr == loggen.CRI {
				tag := "P"
				if last {
					tag = "F"
				}
				fmt.Fprintf(&b, "%s stderr %s %s\n", l.time, tag, p)
				continue
			}
			if last {
				p += "\n"
			}
			var s bytes.Buffer
			e := json.NewEncoder(&s)
			e.SetEscapeHTML(rng.IntN(2) == 0)
			_ = e.Encode(p) // strings always encode
			fmt.Fprintf(&b, `{"log":%s,"stream":"stderr","time":"%s"}`+"\n", bytes.TrimSpace(s.Bytes()), l.time)
		}
	}
	return b.Bytes()
}

// ofContainer undoes json-file, CRI and compose, and dates what has no date.
func ofContainer(t *testing.T, name string, data []byte) []container {
	t.Helper()
	var out []container
	at := time.Date(2025, 10, 2, 6, 30, 0, 0, time.UTC)
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\r\n")
		at = at.Add(50 * time.Millisecond)
		c := container{line, at.Format(time.RFC3339Nano)}
		switch {
		case strings.Contains(name, ".json-file."):
			var o struct{ Log, Time string }
			if err := json.Unmarshal([]byte(line), &o); err != nil {
				t.Fatal(err)
			}
			c = container{strings.TrimSuffix(o.Log, "\n"), o.Time}
		case strings.Contains(name, ".cri."):
			f := strings.SplitN(line, " ", 4)
			c = container{f[3], f[0]}
		case strings.Contains(name, ".compose."):
			if _, text, ok := strings.Cut(line, " | "); ok {
				c.text = text
			}
		}
		out = append(out, c)
	}
	return out
}

// told is what a report says of what happened, without where it stood.
type told struct {
	Causes     []string
	Lifetimes  []report.Lifetime
	Coverage   report.Coverage
	Patterns   []string
	Templates  []string
	Verdict    report.Verdict
	Breakdowns []report.Breakdown
}

func toldBy(r *Report) told {
	out := told{Coverage: r.Coverage, Patterns: patternIDs(r), Verdict: r.Verdict, Breakdowns: r.Breakdowns}
	out.Coverage.Lines = 0
	for _, c := range r.Causes {
		out.Causes = append(out.Causes, fmt.Sprintf("%s %.3f", c.ID, c.Probability))
	}
	for _, l := range r.Lifetimes {
		l.FirstLine.Line = 0
		if w := l.FirstLine.Time; w != nil { // which lines have their clock read goes by their number
			second := w.Truncate(time.Second)
			l.FirstLine.Time = &second
		}
		out.Lifetimes = append(out.Lifetimes, l)
	}
	for _, u := range r.Unexplained {
		out.Templates = append(out.Templates, fmt.Sprintf("%d %s", u.Count, u.Template))
	}
	return out
}

// TestSplitLines cuts every line of a log in parts, as json-file and CRI do
// with long ones: the report tells the same story.
func TestSplitLines(t *testing.T) {
	t.Parallel()
	var logs []named
	for _, pattern := range []string{"*.json-file.log", "*.cri.log", "*.compose.log", "*.plain.log"} {
		files, err := filepath.Glob(filepath.Join("..", "testdata", "logs", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d logs: %v", pattern, len(files), err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			logs = append(logs, named{filepath.Base(f), data})
		}
	}
	for _, s := range stories() {
		logs = append(logs, named{s.Cause + ".json-file.sim", []byte(loggen.Wrap(loggen.JSONFile, s.lines(t)))})
	}
	for i, log := range logs {
		t.Run(log.name, func(t *testing.T) {
			lines := ofContainer(t, log.name, log.data)
			for _, tr := range []loggen.Transport{loggen.JSONFile, loggen.CRI} {
				rng := rand.New(rand.NewPCG(uint64(i), 3))
				want := read(t, Options{}, named{"x.log", asParts(tr, lines, 1, rng)})
				for n := 2; n <= 4; n++ {
					in := named{"x.log", asParts(tr, lines, n, rng)}
					got := read(t, Options{Workers: 1}, in)
					if d := cmp.Diff(toldBy(want), toldBy(got)); d != "" {
						t.Fatalf("%s in %d parts (-unsplit +split):\n%s", tr, n, d)
					}
					same(t, got, read(t, Options{Workers: 3, BlockSize: 4 << 10}, in), "in small blocks")
					same(t, got, feedPieces(t, Options{}, in, rng), "in pieces")
				}
			}
		})
	}
}
