package analyze

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"wolfdiag/analyze/loggen"
	"wolfdiag/analyze/source"
)

// readCached analyses a log with the line cache used from the first line on, or
// never.
func readCached(t *testing.T, log named, cached bool, block int) *Report {
	t.Helper()
	o := Options{Workers: 2, BlockSize: block, cacheFrom: -1}
	if !cached {
		o.cacheFrom = math.MaxInt64
	}
	a := newAnalyzer(t, o)
	if err := a.Read(context.Background(), source.Input{Name: log.name, Kind: source.KindStdin, Size: -1}, bytes.NewReader(log.data)); err != nil {
		t.Fatal(err)
	}
	return a.Report()
}

// wrappings are transports as most logs come in.
var wrappings = []struct {
	name string
	wrap func(n int, line string) string
}{
	{"plain", func(_ int, l string) string { return l }},
	{"compose", func(_ int, l string) string { return "wolf-1  | " + l }},
	{"colour", func(_ int, l string) string { return "\x1b[36mwolf-1  | \x1b[0m" + l }},
	{"docker -t", func(n int, l string) string { return stampOf(n) + " " + l }},
	{"json-file", func(n int, l string) string {
		return fmt.Sprintf(`{"log":%q,"stream":"stderr","time":%q}`, l+"\n", stampOf(n))
	}},
	{"cri", func(n int, l string) string { return stampOf(n) + " stderr F " + l }},
	{"journald", func(n int, l string) string {
		return fmt.Sprintf("Oct 02 06:%02d:%02d rig wolf[1381]: %s", n/60%60, n%60, l)
	}},
	{"kernel", func(n int, l string) string {
		return fmt.Sprintf("Oct 02 06:%02d:%02d rig kernel: [%5d.%06d] %s", n/60%60, n%60, n, n, l)
	}},
	{"container", func(n int, l string) string {
		return fmt.Sprintf("Oct 02 06:%02d:%02d rig %06xc1b8d3[1381]: %s", n/60%60, n%60, n/500*4711+0xa0000b, l)
	}},
}

func stampOf(n int) string {
	return fmt.Sprintf("2025-10-02T%02d:%02d:%02d.%09dZ", n/3600%24, n/60%60, n%60, n%1000*1000_003)
}

// TestLineCacheChangesNothing compares reports made with the line cache with reports
// for which every line took the slow path.
func TestLineCacheChangesNothing(t *testing.T) {
	t.Parallel()
	var mixed []string
	parts := [][]string{}
	for _, m := range []loggen.Mix{loggen.Benign, loggen.Storm, loggen.Unknown} {
		parts = append(parts, strings.Split(strings.TrimSuffix(string(bulk(t, m, int64(shorter(150, 50))<<10)), "\n"), "\n"))
	}
	rng := rand.New(rand.NewPCG(1, 9))
	for len(parts[0]) > 0 {
		for i := range parts {
			n := min(rng.IntN(30), len(parts[i]))
			mixed, parts[i] = append(mixed, parts[i][:n]...), parts[i][n:]
		}
	}
	logs := corpus(t)
	for _, w := range wrappings {
		var b strings.Builder
		for i, l := range mixed {
			b.WriteString(w.wrap(i, l) + "\n")
		}
		logs = append(logs, named{"mixed " + w.name, []byte(b.String())})
	}
	var counts strings.Builder // the first of each kind decides nothing about the others
	for i := range 60 {
		fmt.Fprintf(&counts, "wolf-1  | Found %d devices\nwolf-1  | outputs available: %d\nwolf-1  | 06:00:%02d.131 WARN  | Found %d GPUs\n", (i+2)%7, i%5, i, (i+1)%4)
	}
	logs = append(logs, named{"counts", []byte(counts.String())})
	var panics strings.Builder // told with others of their kind
	for i := range 400 {
		fmt.Fprintf(&panics, "thread 'main' panicked at src/comp/mod.rs:%d:5:\ncalled `Option::unwrap()` on a `None` value\n", 100+i%7)
		panics.WriteString([]string{
			fmt.Sprintf("06:%02d:%02d.752176123 WARN  | [PULSE] Unable to connect, Connection refused\n", i/60, i%60),
			"note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n", "inotify_init1() failed: Too many open files\n",
			fmt.Sprintf("terminate called after throwing an instance of 'x'\n  what():  bind: Address already in use [system:%d]\n", 90+i%9),
		}[i%13%4])
	}
	logs = append(logs, named{"panics", []byte(panics.String())})
	for _, log := range logs {
		t.Run(log.name, func(t *testing.T) {
			t.Parallel()
			want := readCached(t, log, false, 0)
			for _, block := range []int{0, 48 << 10} {
				same(t, want, readCached(t, log, true, block), fmt.Sprintf("from the cache, blocks of %d", block))
			}
		})
	}
}
