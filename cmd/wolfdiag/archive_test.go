package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A folder and the same folder in a .tar.gz give the same diagnosis: causes,
// evidence with its lines, facts of state files.
func TestArchiveIsAFolder(t *testing.T) {
	folder := filepath.Join("..", "..", "testdata", "guide")
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: d.Name(), Size: int64(len(data)), Mode: 0o644, ModTime: info.ModTime(), Typeflag: tar.TypeReg}); err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(t.TempDir(), "guide.tar.gz")
	if err := os.WriteFile(packed, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	want, got := analyzed(t, folder), analyzed(t, packed)
	if len(want.Causes) == 0 || len(want.Facts) == 0 {
		t.Fatalf("the folder itself gives %d causes and %d facts", len(want.Causes), len(want.Facts))
	}
	brief := func(list []string, name string) []string {
		for i := range list {
			list[i] = strings.ReplaceAll(list[i], name, "guide")
		}
		return list
	}
	var a, c []string
	for _, x := range want.Causes {
		a = append(a, x.ID, x.Summary, x.Evidence[0].First.Input, x.Evidence[0].First.Text)
	}
	for _, x := range got.Causes {
		c = append(c, x.ID, x.Summary, x.Evidence[0].First.Input, x.Evidence[0].First.Text)
	}
	for _, x := range want.Facts {
		a = append(a, x.Source, x.Text)
	}
	for _, x := range got.Facts {
		c = append(c, x.Source, x.Text)
	}
	if d := cmp.Diff(brief(a, folder), brief(c, packed)); d != "" {
		t.Errorf("folder and archive (-folder +archive):\n%s", d)
	}
}
