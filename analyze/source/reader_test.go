package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

// plainBlocks is the specification of Next: lines cut to maxLine, and how many.
func plainLines(text []byte, maxLine int) (out []byte, cut int64) {
	for _, line := range bytes.SplitAfter(text, []byte("\n")) {
		body := bytes.TrimSuffix(line, []byte("\n"))
		if len(body) <= maxLine {
			out = append(out, line...)
			continue
		}
		cut++
		out = append(append(out, body[:maxLine]...), '\n')
	}
	return out, cut
}

// plainAhead is the specification of Block.Ahead.
func plainAhead(rest []byte, ahead int) []byte {
	if len(rest) <= ahead {
		return rest
	}
	return rest[:bytes.LastIndexByte(rest[:ahead], '\n')+1]
}

func randomText(r *rand.Rand, n int) []byte {
	var b []byte
	for len(b) < n {
		length := r.IntN(30)
		switch r.IntN(12) {
		case 0:
			length = 0
		case 1:
			length = r.IntN(300)
		}
		for range length {
			b = append(b, byte('a'+r.IntN(26)))
		}
		b = append(b, '\n')
	}
	return b[:n] // may end within a line
}

type gotAll struct {
	text   []byte
	blocks []Block
	err    error
}

func readAll(t *testing.T, r *Reader) gotAll {
	t.Helper()
	var g gotAll
	for {
		b, err := r.Next()
		if err != nil {
			g.err = err
			return g
		}
		if len(b.Data) == 0 {
			t.Fatal("empty block")
		}
		g.text = append(g.text, b.Data...)
		g.blocks = append(g.blocks, Block{Offset: b.Offset, Data: bytes.Clone(b.Data), Ahead: bytes.Clone(b.Ahead)})
		b.Release()
	}
}

func openBytes(t *testing.T, data []byte, o Options) *Reader {
	t.Helper()
	r, err := Open(t.Context(), Input{Name: "-", Kind: KindStdin}, bytes.NewReader(data), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func openFile(t *testing.T, data []byte, o Options) *Reader {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Open(t.Context(), Input{Name: path, Path: path, Kind: KindFile, Size: int64(len(data))}, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// checkBlocks compares blocks with the specification.
func checkBlocks(t *testing.T, g gotAll, text []byte, o Options) {
	t.Helper()
	o = o.withDefaults()
	want, _ := plainLines(text, o.MaxLine)
	if !bytes.Equal(g.text, want) {
		t.Fatalf("text differs: got %d bytes, want %d", len(g.text), len(want))
	}
	done := 0
	for i, b := range g.blocks {
		done += len(b.Data)
		if i+1 < len(g.blocks) && b.Data[len(b.Data)-1] != '\n' {
			t.Fatalf("block %d does not end a line", i)
		}
		if len(b.Data) > o.BlockSize && bytes.IndexByte(b.Data, '\n') != len(b.Data)-1 && i+1 < len(g.blocks) {
			t.Fatalf("block %d is larger than a block and not one line", i)
		}
		if d := cmp.Diff(string(plainAhead(want[done:], o.Ahead)), string(b.Ahead)); d != "" {
			t.Fatalf("ahead of block %d (-want +got):\n%s", i, d)
		}
	}
}

func TestNextPartitionsTheText(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 150 {
		text := randomText(rng, rng.IntN(4000))
		o := Options{BlockSize: 1 + rng.IntN(400), MaxLine: 1 + rng.IntN(500), Ahead: rng.IntN(300) - 20}
		for name, open := range map[string]func(*testing.T, []byte, Options) *Reader{"file": openFile, "stream": openBytes} {
			r := open(t, text, o)
			g := readAll(t, r)
			if g.err != io.EOF {
				t.Fatalf("round %d %s: %v", round, name, g.err)
			}
			checkBlocks(t, g, text, o)
			_, cut := plainLines(text, o.withDefaults().MaxLine)
			st := r.Stats()
			if st.CutLines != cut || st.Bytes != int64(len(text)) {
				t.Fatalf("round %d %s: stats %+v, want %d cut lines and %d bytes", round, name, st, cut, len(text))
			}
		}
	}
}

func TestNextEveryBlockSize(t *testing.T) {
	t.Parallel()
	text := []byte("one\ntwo two\n\n\nthree three three\nlast without end")
	for size := 1; size <= len(text)+2; size++ {
		for ahead := -1; ahead < 20; ahead += 5 {
			o := Options{BlockSize: size, Ahead: ahead}
			checkBlocks(t, readAll(t, openFile(t, text, o)), text, o)
		}
	}
}

// TestGrowBlocks: blocks that grow are the text as well, the first ones small.
func TestGrowBlocks(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("a line of a log, as long as many are\n"), 40_000)
	for name, open := range map[string]func(*testing.T, []byte, Options) *Reader{"file": openFile, "stream": openBytes} {
		o := Options{BlockSize: 128 << 10}
		r := open(t, text, o)
		r.GrowBlocks()
		g := readAll(t, r)
		checkBlocks(t, g, text, o)
		if first, last := len(g.blocks[0].Data), len(g.blocks[len(g.blocks)-2].Data); first > firstBlock || last < 127<<10 {
			t.Errorf("%s: blocks from %d to %d bytes, want from %d to %d", name, first, last, firstBlock, o.BlockSize)
		}
	}
}

func TestOffsets(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	text := "short\n" + long + "\nafter\n" + long
	g := readAll(t, openBytes(t, []byte(text), Options{BlockSize: 64, MaxLine: 100}))
	for _, b := range g.blocks {
		if want := text[b.Offset : int(b.Offset)+min(len(b.Data), 5)]; !strings.HasPrefix(string(b.Data), want[:4]) {
			t.Errorf("block at %d starts with %.10q, the text there with %.10q", b.Offset, b.Data, want)
		}
	}
}

func TestMaxBytes(t *testing.T) {
	t.Parallel()
	text := []byte("aaaa\nbbbb\ncccc\ndddd")
	for limit, want := range map[int64]string{
		1: "", 4: "", 5: "aaaa\n", 9: "aaaa\n", 10: "aaaa\nbbbb\n", 18: "aaaa\nbbbb\ncccc\n",
		19: string(text), 20: string(text), 0: string(text),
	} {
		for name, open := range map[string]func(*testing.T, []byte, Options) *Reader{"file": openFile, "stream": openBytes} {
			for _, block := range []int{2, 7, 100} {
				r := open(t, text, Options{MaxBytes: limit, BlockSize: block})
				g := readAll(t, r)
				if g.err != io.EOF || string(g.text) != want {
					t.Errorf("%s limit %d block %d: got %q and %v, want %q and io.EOF", name, limit, block, g.text, g.err, want)
				}
				if got := r.Stats().Limited; got != (limit > 0 && limit < int64(len(text))) {
					t.Errorf("%s limit %d: limited %v", name, limit, got)
				}
			}
		}
	}
	// The limit falls into the part of a line that is skipped anyway.
	r := openBytes(t, []byte(strings.Repeat("x", 1000)), Options{MaxBytes: 500, MaxLine: 10})
	if g := readAll(t, r); g.err != io.EOF || string(g.text) != "xxxxxxxxxx\n" {
		t.Errorf("got %q and %v", g.text, g.err)
	}
}

// endless yields a line without end, then blocks nobody.
type endless struct{ left int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= n
	return int(n), nil
}

func TestMemoryStaysFlat(t *testing.T) {
	for _, tc := range []struct {
		name string
		in   func() io.Reader
		cut  int64
	}{
		{"a line of 64 MiB", func() io.Reader { return &endless{64 << 20} }, 1},
		{"a gzip bomb of 64 MiB", func() io.Reader {
			var buf bytes.Buffer
			w, _ := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
			if _, err := io.Copy(w, io.LimitReader(zeroLines{}, 64<<20)); err != nil {
				t.Fatal(err)
			}
			w.Close()
			return &buf
		}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := tc.in()
			r, err := Open(t.Context(), Input{Name: "-", Kind: KindStdin}, in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			n := 0
			for {
				b, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				n += len(b.Data)
				b.Release()
			}
			runtime.ReadMemStats(&after)
			if n == 0 || r.Stats().Bytes != 64<<20 || r.Stats().CutLines != tc.cut {
				t.Errorf("delivered %d bytes, stats %+v", n, r.Stats())
			}
			if grew := int64(after.HeapSys) - int64(before.HeapSys); grew > 24<<20 {
				t.Errorf("heap grew by %d MiB", grew>>20)
			}
		})
	}
}

type zeroLines struct{}

func (zeroLines) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '\n'
	}
	return len(p), nil
}

// hanging gives its text and hangs in the next read, which it announces.
type hanging struct {
	text  string
	hangs func()
	until chan struct{}
}

func (h *hanging) Read(p []byte) (int, error) {
	if h.text == "" {
		h.hangs()
		<-h.until
		return 0, io.EOF
	}
	n := copy(p, h.text)
	h.text = h.text[n:]
	return n, nil
}

func TestCancelDeliversWhatWasRead(t *testing.T) {
	t.Parallel()
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancelCause(t.Context())
	in := &hanging{text: "a first line of the log\nsecond\nhalf", hangs: func() { cancel(errors.New("enough")) }, until: make(chan struct{})}
	r, err := Open(ctx, Input{Name: "-", Kind: KindStdin}, in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := readAll(t, r)
	if string(g.text) != "a first line of the log\nsecond\n" || g.err == nil || g.err.Error() != "enough" {
		t.Errorf("got %q and %v", g.text, g.err)
	}
	r.Close()
	close(in.until)
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestCancelStopsABomb(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := Open(ctx, Input{Name: "-", Kind: KindStdin}, zeroLines{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for i := range 1000 {
		if i == 3 {
			cancel()
		}
		if _, err := r.Next(); err != nil {
			if i < 3 || !errors.Is(err, context.Canceled) {
				t.Fatalf("block %d: %v", i, err)
			}
			return
		}
	}
	t.Fatal("1000 blocks after the cancel")
}

type failing struct{ n int }

func (f *failing) Read(p []byte) (int, error) {
	if f.n++; f.n > 1 {
		return 0, errors.New("input/output error")
	}
	return copy(p, "good line of text\nhalf"), nil
}

func TestReadError(t *testing.T) {
	t.Parallel()
	r, err := Open(t.Context(), Input{Name: "disk.log", Kind: KindStdin}, &failing{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	g := readAll(t, r)
	want := "disk.log: damaged after 22 bytes of text: input/output error"
	if string(g.text) != "good line of text\nhalf" || g.err.Error() != want {
		t.Errorf("got %q and %v, want %s", g.text, g.err, want)
	}
}

func TestStatsNUL(t *testing.T) {
	t.Parallel()
	r := openBytes(t, []byte("\x02\x00\x00\x00\x00\x00\x00\x06hello\n"), Options{})
	if g := readAll(t, r); g.err != io.EOF || !r.Stats().NUL {
		t.Errorf("err %v, stats %+v, want NUL", g.err, r.Stats())
	}
}

func FuzzOpen(f *testing.F) {
	text := sample(f)
	for _, kind := range []string{"", "gzip", "zstd", "xz", "bzip2"} {
		f.Add(compressed(f, kind, text[:2000]), 100, 300)
	}
	f.Add([]byte("\xff\xfea\x00\n\x00"), 1, 1)
	f.Fuzz(func(t *testing.T, data []byte, block, maxLine int) {
		o := Options{BlockSize: block % 5000, MaxLine: maxLine % 5000, MaxBytes: 1 << 20}
		r, err := Open(t.Context(), Input{Name: "-", Kind: KindStdin}, bytes.NewReader(data), o)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		g := readAll(t, r)
		var damage *DamageError
		if g.err != io.EOF && !errors.As(g.err, &damage) {
			t.Fatalf("error %v", g.err)
		}
		if st := r.Stats(); st.Compression == "" && st.Encoding == "" && !st.Limited {
			checkBlocks(t, g, bytes.TrimPrefix(data, []byte(utf8BOM)), o)
		}
	})
}
