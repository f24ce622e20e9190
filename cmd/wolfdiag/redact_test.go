package main

import (
	"archive/zip"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRedactArchive masks an archive as the folder that it holds.
func TestRedactArchive(t *testing.T) {
	dir := t.TempDir()
	texts := map[string]string{
		"wolf.log":       "06:40:11.752 INFO | [ENET] connected client: 139.28.87.179:36016\n",
		"sub/wolf.log.1": "again 139.28.87.179\n", "sub/other.log": "DB_PASSWORD=horse-battery\n",
	}
	written := time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC)
	f, err := os.Create(filepath.Join(dir, "b.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, text := range texts {
		path := filepath.Join(dir, "b", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: written})
		if err == nil {
			_, err = m.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]string{}
	for _, in := range []string{"b", "b.zip"} {
		out := filepath.Join(dir, "out-"+in)
		e, _, errs := testEnv("")
		if code := run(context.Background(), []string{"wolfdiag", "redact", filepath.Join(dir, in), "-o", out}, e); code != exitOK {
			t.Fatalf("%s: exit %d, %s", in, code, errs)
		}
		got[in] = filesOf(t, out)
	}
	if diff := cmp.Diff(got["b"], got["b.zip"]); diff != "" || len(got["b"]) != len(texts) {
		t.Errorf("%d files; -folder +archive:\n%s", len(got["b"]), diff)
	}
	if info, err := os.Stat(filepath.Join(dir, "out-b.zip", "sub", "other.log")); err != nil || !info.ModTime().Equal(written) {
		t.Errorf("written at %v, %v", info, err)
	}
	e, _, _ := testEnv("")
	if code := run(context.Background(), []string{"wolfdiag", "redact", filepath.Join(dir, "b.zip")}, e); code != exitUsage {
		t.Errorf("several files to one output: exit %d", code)
	}
}

// filesOf reads what is in a folder, by name.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path) // it lies within
		out[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
