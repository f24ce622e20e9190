package recognise

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// seen renders the records of a block, read for the third time.
func seen(t *testing.T, from int64, text string) string {
	t.Helper()
	w := newTestWorker(t, Options{CacheFrom: from})
	var b Batch
	for range 3 { // a line is kept when it comes again
		w.Block([]byte(text), []byte("06:40:12.000000000 INFO  | Running\n"), 1000, &b)
	}
	var out []string
	see := func(h *Hit) {
		s := fmt.Sprintf("%d+%d %v %q", h.Line-1000, h.Span, h.Level(), h.Text())
		for _, p := range h.Match.Patterns {
			s += " " + p.ID
		}
		out = append(out, s)
	}
	for i := range b.Hits {
		if h := &b.Hits[i]; !h.Sample {
			see(h)
			if h.Others > 0 { // here it is one
				see(h.Last)
			}
		}
	}
	return strings.Join(out, "\n")
}

// TestFastPath: lines whose record may go on, and lines that complain by a number,
// say the same from the line cache.
func TestFastPath(t *testing.T) {
	t.Parallel()
	const fails = "06:40:11.750123456 WARN  | Docker exec failed (127), /bin/bash: line 1: fake-udev: command not found\n"
	var codes strings.Builder // more than there are kinds
	for i := range 3 * 40 {
		fmt.Fprintf(&codes, "service desktop-%d: command exited %02d\n", i%7, i%40)
	}
	for name, text := range map[string]string{
		"codes":                            codes.String(),
		"an address beside a number":       strings.Repeat("wolf[9727]: segfault at 36 ip 00007f5ae90118cb error 4 in lib.so\nwolf[9728]: segfault at 37 ip 00007f5ae90118cc error 0 in lib.so\n", 3),
		"openers with headers behind them": fails + fails + fails,
		"an opener that goes on":           fails + fails + "  in a line of its own\n" + fails,
		"an opener at the end":             "06:40:11.000000000 INFO  | Running\n" + fails,
		"a number that complains":          strings.Repeat("it is done with 1 devices found\n", 3) + "it is done with 0 devices found\n",
		"a number that does not":           strings.Repeat("it is done with 0 devices found\n", 3) + "it is done with 1 devices found\n",
		"hex words before a level":         strings.Repeat("0000000a INFO lookup failed\n", 4) + "1a2b3c4d INFO lookup failed\n",
		"lines of a panic":                 strings.Repeat("thread 'main' panicked at src/main.rs:12:5:\ncalled `Option::unwrap()` on a `None` value\nnote: run with `RUST_BACKTRACE=1`\n", 3),
		"a panic in a panic":               "thread 'main' panicked at src/main.rs:12:5:\nthread 'x' panicked at src/main.rs:12:5:\nit is so\n",
	} {
		want, got := seen(t, math.MaxInt64, text), seen(t, -1, text)
		if want != got {
			t.Errorf("%s: on the slow path\n%s\nfrom the cache\n%s", name, want, got)
		}
		if want == "" {
			t.Errorf("%s: nothing is seen", name)
		}
	}
}
