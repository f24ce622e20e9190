package source

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func benchmarkText(tb testing.TB) []byte {
	return bytes.Repeat(sample(tb), (32<<20)/len(sample(tb)))
}

func benchmarkOpen(b *testing.B, in Input, stdin func() io.Reader, size int) {
	b.Helper()
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		var src io.Reader
		if stdin != nil {
			src = stdin()
		}
		r, err := Open(b.Context(), in, src, Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for {
			blk, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			n += len(blk.Data)
			blk.Release()
		}
		r.Close()
		if n != size {
			b.Fatalf("read %d bytes, want %d", n, size)
		}
	}
}

// BenchmarkRead is the floor: the file in the page cache, read and copied once.
func BenchmarkRead(b *testing.B) {
	text := benchmarkText(b)
	path := filepath.Join(b.TempDir(), "in.log")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	buf := make([]byte, 512<<10)
	for b.Loop() {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{f}, buf)
		if err != nil || n != int64(len(text)) {
			b.Fatal(n, err)
		}
		f.Close()
	}
}

func BenchmarkNext(b *testing.B) {
	text := benchmarkText(b)
	for _, kind := range []string{"plain", "gzip", "zstd"} {
		b.Run(kind, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "in.log")
			if err := os.WriteFile(path, compressed(b, kind, text), 0o600); err != nil {
				b.Fatal(err)
			}
			benchmarkOpen(b, Input{Name: path, Path: path, Kind: KindFile, Size: -1}, nil, len(text))
		})
	}
	b.Run("stream", func(b *testing.B) {
		benchmarkOpen(b, Input{Name: "-", Kind: KindStdin}, func() io.Reader { return bytes.NewReader(text) }, len(text))
	})
}

// BenchmarkLongLine skips the rest of a line without end.
func BenchmarkLongLine(b *testing.B) {
	text := bytes.Repeat([]byte("x"), 32<<20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r, err := Open(b.Context(), Input{Name: "-", Kind: KindStdin}, bytes.NewReader(text), Options{})
		if err != nil {
			b.Fatal(err)
		}
		blk, err := r.Next()
		if err != nil || len(blk.Data) != 1<<20+1 {
			b.Fatal(err)
		}
		if _, err := r.Next(); err != io.EOF {
			b.Fatal(err)
		}
		r.Close()
	}
}
