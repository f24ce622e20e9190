package recognise

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/analyze/loggen"
	"wolfdiag/patterns"
)

func newTestWorker(t testing.TB, o Options) *Worker {
	t.Helper()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return New(cat.Matcher(), cat.Patterns(), o).NewWorker()
}

func bulk(t testing.TB, mix loggen.Mix, size int64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := loggen.Bulk(&b, mix, size, 7); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// corpus is every log of the project's testdata, and stretches of the benchmark
// mixes.
func corpus(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "logs", "*.log"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d logs in testdata: %v", len(files), err)
	}
	out := map[string][]byte{}
	for _, f := range files {
		if out[filepath.Base(f)], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, mix := range []loggen.Mix{loggen.Benign, loggen.Storm, loggen.Unknown} {
		out[string(mix)] = bulk(t, mix, 300<<10)
	}
	return out
}

// hits renders what a worker finds, line by line.
func hits(t *testing.T, data []byte, forget bool) []string {
	w := newTestWorker(t, Options{})
	var out []string
	line := int64(1)
	for chunk := range bytes.Lines(data) { // one line at a time, so that the cache can be emptied in between
		if forget {
			w.matched = matchCache{}
		}
		var b Batch
		w.Block(chunk, nil, line, &b)
		for i := range b.Hits {
			h := &b.Hits[i]
			if h.Sample {
				continue
			}
			s := fmt.Sprintf("%d %v %s:", h.Line, h.Level(), h.Format())
			for _, p := range h.Match.Patterns {
				s += " " + p.ID
			}
			out = append(out, s)
		}
		line++
	}
	return out
}

// TestMatchCacheChangesNothing compares a worker that remembers matches with
// one that forgets each at once.
func TestMatchCacheChangesNothing(t *testing.T) {
	t.Parallel()
	for name, data := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, got := hits(t, data, false), hits(t, data, true)
			if len(want) == 0 || len(want) != len(got) {
				t.Fatalf("%d hits with a cache, %d without", len(want), len(got))
			}
			for i := range want {
				if want[i] != got[i] {
					t.Fatalf("hit %d: %s with a cache, %s without", i, want[i], got[i])
				}
			}
		})
	}
}

// TestCounted: what the line cache only counts adds up to what the slow path
// lists, for each pattern.
func TestCounted(t *testing.T) {
	t.Parallel()
	data := bulk(t, loggen.Benign, 1<<20)
	count := func(from int64) (map[string]int64, int) {
		w := newTestWorker(t, Options{CacheFrom: from})
		var b Batch
		w.Block(data, nil, 1, &b) // a line is kept when it comes again
		counts, tallies := map[string]int64{}, 0
		for i := range b.Hits {
			h := &b.Hits[i]
			if h.Sample {
				continue
			}
			for _, p := range h.Match.Patterns {
				counts[p.ID] += 1 + h.Others
			}
			if h.Others > 0 {
				tallies++
			}
		}
		return counts, tallies
	}
	slow, none := count(math.MaxInt64)
	fast, tallies := count(-1)
	if none != 0 || tallies == 0 || len(slow) == 0 {
		t.Fatalf("%d tallies on the slow path, %d from the cache, %d patterns", none, tallies, len(slow))
	}
	for id, n := range slow {
		if fast[id] != n {
			t.Errorf("%s: %d from the cache, %d on the slow path", id, fast[id], n)
		}
	}
	if len(fast) != len(slow) {
		t.Errorf("%d patterns from the cache, %d on the slow path", len(fast), len(slow))
	}
}

// TestOpen: a block says where a record begins that its last lines may not end.
func TestOpen(t *testing.T) {
	t.Parallel()
	whole := "06:40:11.750123456 INFO  | Running\n"
	panicked := "thread 'main' panicked at src/main.rs:12:5:\n"
	for _, tt := range []struct {
		name, data string
		want       int
	}{
		{"nothing open", whole, len(whole)},
		{"a panic waits for its message", whole + panicked, len(whole)},
		{"in colour", whole + "\x1b[31m" + panicked, len(whole)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b Batch
			newTestWorker(t, Options{}).Block([]byte(tt.data), nil, 1, &b)
			if b.Open != tt.want {
				t.Errorf("open at %d of %d, want %d", b.Open, len(tt.data), tt.want)
			}
		})
	}
}

// BenchmarkWorker is the parallel part alone, with and without the line cache.
func BenchmarkWorker(b *testing.B) {
	for _, mix := range []loggen.Mix{loggen.Benign, loggen.Storm, loggen.Unknown} {
		data := bulk(b, mix, 1<<20)
		data = data[:len(data)-1]
		for _, way := range []struct {
			name string
			from int64
		}{{"line cache", -1}, {"slow path", math.MaxInt64}} {
			b.Run(string(mix)+"/"+way.name, func(b *testing.B) {
				w := newTestWorker(b, Options{CacheFrom: way.from})
				var res Batch
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					w.Block(data, nil, 1, &res)
					if len(res.Hits) < 100 {
						b.Fatalf("%d hits", len(res.Hits))
					}
				}
			})
		}
	}
}

// TestTallies: of a storm's complaints most are told with another of their kind,
// and all of them add up.
func TestTallies(t *testing.T) {
	t.Parallel()
	const (
		known   = "13:43:42.%09d ERROR | [GSTREAMER] Pipeline error: Could not initialize supporting library.\n"
		unknown = "13:43:42.%09d ERROR | [GASKET] lost its place after %d turns\n"
		code    = "13:43:42.%09d ERROR | [GASKET] came to a stop, error %d\n"
		element = "0:01:42.%09d  1 0x7f0b7cbc3c65 WARN wobbler gstwobbler.c:518:gst_wobbler_chain:<wobbler%d> lost its place\n"
		encoder = "0:01:42.%09d  1 0x7f0b7cbc3c65 WARN wobbler gstwobbler.c:518:gst_wobbler_chain:<nvh265enc%d> lost its place\n"
	)
	for _, tt := range []struct {
		name, line string
		o          Options
		tallies    int
		most       int // hits
	}{
		{"a storm", known, Options{}, 2, 10},
		{"of what nobody knows", unknown, Options{}, 2, 10},
		{"of what says a code", code, Options{}, 0, 2000},
		{"of elements", element, Options{}, 2, 600 + 1400/32 + 10},
		{"of elements that show sessions", encoder, Options{Proves: func(e []byte) bool { return bytes.HasPrefix(e, []byte("nvh265enc")) }}, 0, 2000},
		{"with a window", known, Options{Windowed: true}, 0, 2000},
		{"judged one by one", known, Options{Judged: true}, 0, 2000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var data []byte
			for i := range 2000 {
				args := []any{i, 1000 + i}
				data = fmt.Appendf(data, tt.line, args[:strings.Count(tt.line, "%")]...)
				if i == 1000 { // another lifetime
					data = append(data, "13:43:42.000001001 INFO  | Gstreamer version: 1.26.2-0\n"...)
				}
			}
			tt.o.CacheFrom = -1
			w := newTestWorker(t, tt.o)
			var b Batch
			for range 6 {
				w.Block(data, nil, 1, &b)
			}
			count, hits, tallies := int64(0), 0, 0
			for i := range b.Hits {
				h := &b.Hits[i]
				if h.Sample || len(h.Match.Patterns) > 0 && h.Match.Patterns[0].Event != "" {
					continue
				}
				count += 1 + h.Others
				hits++
				if h.Others > 0 {
					tallies++
					if h.Last.Line < h.Line+h.Others {
						t.Errorf("%d others up to line %d after line %d", h.Others, h.Last.Line, h.Line)
					}
				}
			}
			if count != 2000 || tallies != tt.tallies || hits > tt.most {
				t.Errorf("%d complaints in %d hits, %d tallies; want 2000 in %d at most, and %d", count, hits, tallies, tt.most, tt.tallies)
			}
		})
	}
}
