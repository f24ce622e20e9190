package analyze

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"wolfdiag/analyze/loggen"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/source"
)

// noControl renders a report in every format and looks for bytes that a
// terminal would act on.
func noControl(t *testing.T, r *Report) {
	t.Helper()
	for _, f := range render.Formats() {
		for _, all := range []bool{false, true} {
			var b bytes.Buffer
			if err := render.Report(&b, r, f, render.Options{All: all}); err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(b.Bytes()) {
				t.Fatalf("%s: not UTF-8", f)
			}
			for i, c := range b.String() {
				if c == 0x202e || unicode.IsControl(c) && c != '\n' && c != '\t' {
					s := b.String()
					t.Fatalf("%s: %U at byte %d: %q", f, c, i, s[max(0, i-60):min(len(s), i+20)])
				}
			}
		}
	}
}

func addsUp(t *testing.T, r *Report) {
	t.Helper()
	if c := r.Coverage; c.Explained+c.Benign+c.Unexplained != c.ErrorLines {
		t.Errorf("coverage does not add up: %+v", c)
	}
}

// TestHostileInputs feeds what no server would print.
func TestHostileInputs(t *testing.T) {
	t.Parallel()
	evil := "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b1m\x08\x7f\u202e\u2028"
	rng := rand.New(rand.NewPCG(1, 2))
	garbage := make([]byte, 200<<10)
	for i := range garbage {
		garbage[i] = byte(rng.Uint32())
	}
	rows := []struct {
		name string
		data string
	}{
		{"nothing but newlines", strings.Repeat("\n", 10_000)},
		{"carriage returns", strings.Repeat("\r\r\n\r", 5_000)},
		{"zero bytes", strings.Repeat("\x00", 100_000) + "\n"},
		{"zero bytes in a message", "06:40:11.750123456 ERROR | [GSTREAMER] Pipe\x00line error: \x00\n"},
		{"random bytes", string(garbage)},
		{"invalid utf-8", "06:40:11.750123456 ERROR | \xff\xfe\xc3\x28 [DOCKER] \xe2\x82 something\n"},
		{"escapes in a wolf line", "06:40:11.750123456 ERROR | [" + evil + "] " + evil + "\n"},
		{"escapes in a tracing line", "2025-10-02T06:40:11.752176Z ERROR " + evil + "::gles: " + evil + "\n"},
		{"escapes in a gstreamer line", "40:56:30.661481638     1 0x77fb7c0562e0 ERROR            " + evil + " gst" + evil + ".cpp:230:f" + evil + ":<" + evil + "> Failed to create CUDA context with device-id 0" + evil + "\n"},
		{"escapes in the compose prefix", evil + "wolf" + evil + "-1  | 06:40:11.750123456 ERROR | [GSTREAMER] Pipeline error: Could not initialize supporting library." + evil + "\n"},
		{"escapes in a container's name", "06:40:11.402114885 INFO  | [DOCKER] Starting container: /Wolf" + evil + "_1\n06:40:11.402114885 INFO  | Stopped container: /Wolf" + evil + "_1\n"},
		{"escapes in a json line", `{"log":"06:40:11.750123456 ERROR | [X] \u001b[2Jboo\u0007\u0000\u009b\n","stream":"std\u001berr","time":"2025-10-02T06:40:11Z"}` + "\n"},
		{"escapes in a session id", "06:40:11.750123456 WARN  | Video session 1" + evil + " timed out waiting for PING\n"},
		{"broken json", `{"log":"06:40:11.750123456 ERROR | \ud800\u12` + "\n" + `{"log":` + "\n" + `{"log":"a","stream":{},"time":[]}` + "\n"},
		{"deep json", strings.Repeat("[", 100_000) + "\n" + strings.Repeat(`{"log":`, 20_000) + "\n"},
		{"a panic without end", "thread '<unnamed>' panicked at src/lib.rs:1:1:\n" + strings.Repeat("   0: core::panicking::panic\n             at /rustc/lib.rs:1:1\n", 20_000)},
		{"a trace that restarts", strings.Repeat("Stack trace (most recent call first):\n#0 0x000055e0 in f at a.cpp:1\n", 5_000)},
		{"clocks out of range", "99:99:99.999999999 ERROR | x\n9999999999:59:59.000000000 1 0x1 ERROR a b:1:c: d\n2025-99-99T99:99:99Z ERROR a: b\n-0001-01-01T00:00:00Z ERROR a: b\n"},
		{"years apart", "0001-01-01T00:00:00Z ERROR a: b\n9999-12-31T23:59:59.999999999Z ERROR a: b\n"},
		{"starts without end", strings.Repeat("06:40:11.750123456 INFO  | Gstreamer version: 1.26.2-0\n06:40:11.760123456 INFO  | Reading config file from: /x\n", 20_000)},
		{"many services", func() string {
			var b strings.Builder
			for i := range 30_000 {
				fmt.Fprintf(&b, "svc%d-1  | 06:40:11.750123456 ERROR | [X%d] %x\n", i, i, i*7919)
			}
			return b.String()
		}()},
		{"utf-16 that is none", "\xff\xfe" + string(garbage[:4097])},
		{"gzip that is none", "\x1f\x8b\x08" + string(garbage[:4096])},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			a := newAnalyzer(t, Options{})
			err := a.Read(context.Background(), source.Input{Name: "x" + evil + ".log", Kind: source.KindStdin}, strings.NewReader(row.data))
			if err != nil && !strings.Contains(row.name, "gzip") {
				t.Fatal(err)
			}
			r := a.Report()
			addsUp(t, r)
			noControl(t, r)
			if len(r.Inputs) != 1 || err == nil && r.Inputs[0].Bytes == 0 {
				t.Errorf("inputs %+v", r.Inputs)
			}
		})
	}
}

// TestMutated damages logs at random; what is left is still read the same way
// on any cores, in any pieces, and printed cleanly.
func TestMutated(t *testing.T) {
	t.Parallel()
	logs := corpus(t)
	for seed := range uint64(shorter(60, 12)) {
		rng := rand.New(rand.NewPCG(seed, 99))
		log := logs[rng.IntN(len(logs))]
		data := mutate(rng, log.data[:min(len(log.data), 60<<10)])
		in := named{fmt.Sprintf("%s#%d", log.name, seed), data}
		want := read(t, Options{Workers: 1}, in)
		addsUp(t, want)
		noControl(t, want)
		same(t, want, read(t, Options{Workers: 3, BlockSize: 4 << 10}, in), in.name+" in small blocks")
		same(t, want, feedPieces(t, Options{}, in, rng), in.name+" in pieces")
	}
}

func mutate(rng *rand.Rand, data []byte) []byte {
	out := bytes.Clone(data)
	for range 1 + rng.IntN(40) {
		if len(out) < 2 {
			return append(out, '\n')
		}
		i := rng.IntN(len(out))
		n := min(1+rng.IntN(200), len(out)-i)
		switch rng.IntN(7) {
		case 0: // flip
			out[i] ^= byte(1 << rng.IntN(8))
		case 1: // cut out
			out = append(out[:i:i], out[i+n:]...)
		case 2: // double
			out = append(out[:i+n:i+n], out[i:]...)
		case 3: // a control byte
			out[i] = byte(rng.IntN(32))
		case 4: // break a line
			out[i] = '\n'
		case 5: // join two lines
			if j := bytes.IndexByte(out[i:], '\n'); j >= 0 {
				out[i+j] = ' '
			}
		case 6: // move a piece
			piece := bytes.Clone(out[i : i+n])
			j := rng.IntN(len(out))
			out = append(out[:j:j], append(piece, out[j:]...)...)
		}
	}
	return out
}

// repeat is a reader of n bytes made of one chunk over and over.
type repeat struct {
	chunk []byte
	n     int64
	at    int
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.n <= 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), r.n)], r.chunk[r.at:])
	r.at = (r.at + n) % len(r.chunk)
	r.n -= int64(n)
	return n, nil
}

// peakHeap reads in and returns the most heap seen in use on the way, beyond
// what was in use before.
func peakHeap(t *testing.T, name string, in io.Reader) (*Report, uint64) {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.HeapInuse
	var peak uint64
	calls := 0
	a := newAnalyzer(t, Options{Workers: 2, Progress: func(int64, int64) {
		if calls++; calls%8 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse-min(before, m.HeapInuse))
		}
	}})
	if err := a.Read(context.Background(), source.Input{Name: name, Kind: source.KindStdin}, in); err != nil {
		t.Fatal(err)
	}
	r := a.Report()
	runtime.ReadMemStats(&m)
	return r, max(peak, m.HeapInuse-min(before, m.HeapInuse))
}

// TestMemoryStaysFlat reads 40 MB of each mix, and 20 MB of inputs made to fill
// every table there is. The limit holds garbage not yet collected too.
func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("long inputs")
	}
	const size, limit = 40 << 20, 96 << 20
	counter := 0
	distinct := func(format string) io.Reader {
		pr, pw := io.Pipe()
		go func() {
			var b bytes.Buffer
			at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
			for n := 0; n < size/2; {
				b.Reset()
				for b.Len() < 256<<10 {
					counter++
					at = at.Add(47 * time.Second)
					fmt.Fprintf(&b, format+"\n", at.Format("15:04:05.000000000"), word(counter), word(counter*7), word(counter*31))
				}
				n += b.Len()
				if _, err := pw.Write(b.Bytes()); err != nil {
					return
				}
			}
			_ = pw.Close()
		}()
		return pr
	}
	stream := func(mix loggen.Mix) io.Reader {
		pr, pw := io.Pipe()
		go func() { _ = pw.CloseWithError(loggen.Bulk(pw, mix, size, 3)) }()
		return pr
	}
	for _, row := range []struct {
		name string
		in   func() io.Reader
	}{
		{"benign", func() io.Reader { return stream(loggen.Benign) }},
		{"storm", func() io.Reader { return stream(loggen.Storm) }},
		{"unknown", func() io.Reader { return stream(loggen.Unknown) }},
		{"every message its own shape", func() io.Reader { return distinct("%s ERROR | [%s] %s lost %s") }},
		{"every line its own session", func() io.Reader {
			return distinct("%[1]s INFO  | [DOCKER] Starting container: /Wolf%[2]s_%[3]s\n%[1]s ERROR | Failed to create mouse: Permission denied")
		}},
		{"every line its own start", func() io.Reader {
			return distinct("%[1]s INFO  | Gstreamer version: 1.26.2-0\n%[1]s INFO  | Reading config file from: /%[2]s\n%[1]s ERROR | [GSTREAMER] Pipeline error: %[3]s")
		}},
		{"every line its own service", func() io.Reader { return distinct("%[2]s-1  | %[1]s ERROR | [X] %[3]s") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			start := time.Now()
			r, peak := peakHeap(t, row.name, row.in())
			addsUp(t, r)
			if r.Coverage.Lines < 100_000 {
				t.Fatalf("only %d lines were read", r.Coverage.Lines)
			}
			t.Logf("%d MB, %d lines: peak heap %d MB, %v", r.Inputs[0].Bytes>>20, r.Coverage.Lines, peak>>20, time.Since(start).Round(time.Millisecond))
			if peak > limit {
				t.Errorf("peak heap %d MB, limit %d MB", peak>>20, limit>>20)
			}
		})
	}
}

// word spells a number in letters, so that no masking of digits unites two.
func word(n int) string {
	var b [12]byte
	i := len(b)
	for v := uint32(n)*2654435761 | 1<<20; v > 0; v /= 26 {
		i--
		b[i] = 'a' + byte(v%26)
	}
	return string(b[i:])
}

// TestOneEndlessLine streams 100 MiB without a newline.
func TestOneEndlessLine(t *testing.T) {
	r, peak := peakHeap(t, "endless", &repeat{chunk: []byte("ERROR CUDA_ERROR_OUT_OF_MEMORY \x1b[31m"), n: 100 << 20})
	if r.Coverage.Lines != 1 || r.Inputs[0].Bytes != 100<<20 || len(r.Inputs[0].Warnings) == 0 {
		t.Errorf("coverage %+v, input %+v", r.Coverage, r.Inputs[0])
	}
	if peak > 48<<20 {
		t.Errorf("peak heap %d MB", peak>>20)
	}
	noControl(t, r)
}
