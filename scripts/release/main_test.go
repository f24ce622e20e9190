package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"testing"
	"time"
)

// TestArchives: what goes in comes out, under one folder, and the same files give
// the same bytes.
func TestArchives(t *testing.T) {
	t.Parallel()
	when := time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC)
	list := []file{{"wolfdiag", 0o755, []byte("program")}, {"man/wolfdiag.1", 0o644, []byte("manual")}}
	want := []string{"w-1/wolfdiag 755 program", "w-1/man/wolfdiag.1 644 manual"}
	for _, tc := range []struct {
		name   string
		pack   func(string, []file, time.Time) ([]byte, error)
		unpack func(t *testing.T, b []byte) []string
	}{{"tar.gz", tarball, untar}, {"zip", zipped, unzip}} {
		one, err := tc.pack("w-1", list, when)
		if err != nil {
			t.Fatal(err)
		}
		two, err := tc.pack("w-1", list, when)
		if err != nil || !bytes.Equal(one, two) {
			t.Errorf("%s: not the same twice: %v", tc.name, err)
		}
		if got := tc.unpack(t, one); !slices.Equal(got, want) {
			t.Errorf("%s holds %q, want %q", tc.name, got, want)
		}
	}
}

func untar(t *testing.T, b []byte) (out []string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(z)
	for {
		h, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, entry(t, h.Name, h.Mode, r))
	}
}

func unzip(t *testing.T, b []byte) (out []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, entry(t, f.Name, int64(f.Mode().Perm()), r))
		r.Close()
	}
	return out
}

func entry(t *testing.T, name string, mode int64, r io.Reader) string {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return name + " " + map[int64]string{0o755: "755", 0o644: "644"}[mode] + " " + string(data)
}
