package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// file is a member of an archive made by a test.
type file struct{ name, text string }

var written = time.Date(2026, 10, 2, 6, 40, 0, 0, time.UTC)

func tarred(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Size: int64(len(f.text)), Mode: 0o644, ModTime: written, Typeflag: tar.TypeReg}
		if strings.HasSuffix(f.name, "/") {
			h.Typeflag, h.Size = tar.TypeDir, 0
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f.text[:h.Size]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		m, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: written})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(m, f.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read opens every input and returns "name: text", with problems as "! …".
func read(t *testing.T, args ...string) []string {
	t.Helper()
	in, problems := Expand(args, ExpandOptions{})
	var out []string
	for _, i := range in {
		r, err := Open(context.Background(), i, nil, Options{})
		if err != nil {
			t.Fatalf("%s: %v", i.Name, err)
		}
		var text []byte
		for {
			b, err := r.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					text = append(text, " ! "+err.Error()...)
				}
				break
			}
			text = append(text, b.Data...)
			b.Release()
		}
		if err := r.Close(); err != nil {
			t.Errorf("%s: %v", i.Name, err)
		}
		name := strings.TrimPrefix(i.Name, filepath.Dir(args[0])+"/")
		if len(text) > 60 {
			text = fmt.Appendf(text[:20], "… %d bytes", len(text))
		}
		out = append(out, name+": "+strings.TrimSpace(string(text)))
	}
	for _, p := range problems {
		out = append(out, strings.TrimPrefix("! "+p.Error(), filepath.Dir(args[0])))
	}
	return out
}

func TestBundles(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("06:40:10.000000001 INFO  | a line\n", 60_000) // longer than what is kept of a tar
	files := []file{
		{"incident/", ""}, {"incident/wolf.log", "new\n"}, {"incident/wolf.log.1", "old\n"}, {"incident/long.log", long}, {"incident/.hidden.log", "x\n"},
		{"incident/key.pem", "secret"}, {"../../etc/passwd.log", "root\n"}, {"incident/packed.log.gz", string(gzipped(t, []byte("packed\n")))}, {"incident/x.png", "\x89PNG"},
	}
	want := func(name string) []string {
		return []string{
			name + "/etc/passwd.log: root", name + fmt.Sprintf("/incident/long.log: 06:40:10.000000001 I… %d bytes", len(long)), name + "/incident/packed.log.gz: packed",
			name + "/incident/wolf.log.1: old", name + "/incident/wolf.log: new",
		}
	}
	for name, data := range map[string][]byte{"a.tar": tarred(t, files...), "a.tar.gz": gzipped(t, tarred(t, files...)), "a.zip": zipped(t, files[1:]...)} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want(name), read(t, path)); d != "" {
				t.Errorf("read (-want +got):\n%s", d)
			}
			in, _ := Expand([]string{path}, ExpandOptions{})
			if len(in) == 0 || !in[0].ModTime.Equal(written) || in[0].Kind != KindMember {
				t.Errorf("first input %+v", in)
			}
			if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
				t.Errorf("something was written beside the archive: %v", left)
			}
		})
	}
}

// TestBundleWithDumps: crash dumps in an archive are named, and the logs read.
func TestBundleWithDumps(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "b.tar")
	if err := os.WriteFile(name, tarred(t, file{"wolf.log", "x\n"}, file{"d/2.dump", "\x05"}, file{"d/1.dump.gz", "\x1f\x8b"}), 0o600); err != nil {
		t.Fatal(err)
	}
	in, problems := Expand([]string{name}, ExpandOptions{})
	if len(in) != 1 || len(problems) != 1 || !problems[0].Passed || !errors.Is(problems[0], ErrDumps) {
		t.Fatalf("inputs %v, problems %v", in, problems)
	}
	if want := name + ": crash dumps are in it: d/1.dump.gz, d/2.dump; read them with --dumps, or with wolfdiag dumps"; problems[0].Error() != want {
		t.Errorf("%q, want %q", problems[0].Error(), want)
	}
}

func TestBundlesInBundlesAndFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inner := gzipped(t, tarred(t, file{"deep.log", "deep\n"}))
	middle := zipped(t, file{"inner.tar.gz", string(inner)}, file{"middle.log", "middle\n"})
	outer := zipped(t, file{"middle.zip", string(middle)}, file{"one.tgz", string(inner)})
	for name, data := range map[string][]byte{"outer.zip": outer, "cut.tar": tarred(t, file{"cut.log", strings.Repeat("x", 2000)})[:1000], "nothing.zip": zipped(t, file{"x.png", "\x89PNG"}), "wolf.log": []byte("log\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	base := filepath.Base(dir)
	want := []string{
		base + "/outer.zip/middle.zip/middle.log: middle", base + "/outer.zip/one.tgz/deep.log: deep", base + "/wolf.log: log",
		"! " + dir + "/cut.tar: is damaged in cut.log: unexpected EOF", "! " + dir + "/outer.zip/middle.zip/inner.tar.gz: " + ErrNested.Error(),
	}
	if d := cmp.Diff(want, read(t, dir)); d != "" {
		t.Errorf("read (-want +got):\n%s", d)
	}
	if _, problems := Expand([]string{dir}, ExpandOptions{}); len(problems) != 2 || !problems[0].Passed {
		t.Errorf("an archive in a folder that cannot be read is asked for by nobody: %+v", problems)
	}
	if _, problems := Expand([]string{filepath.Join(dir, "nothing.zip")}, ExpandOptions{}); len(problems) != 1 || !errors.Is(problems[0], ErrNoLogs) || problems[0].Passed {
		t.Errorf("an archive without logs that was named: %+v", problems)
	}
}

// An archive that expands without end is stopped by what it claims to hold.
func TestBundleBomb(t *testing.T) {
	t.Parallel()
	files := []file{{"a.log", "x\n"}, {"zeros.log", strings.Repeat("\x00", 128<<20)}}
	for name, data := range map[string][]byte{"a.zip": zipped(t, files...), "a.tar.gz": gzipped(t, tarred(t, files...))} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, problems := Expand([]string{path}, ExpandOptions{})
		if len(problems) != 1 || !errors.Is(problems[0], ErrBomb) {
			t.Errorf("%s (%d bytes): %v", name, len(data), problems)
		}
	}
}

// Unpack visits what is in an archive, and in one inside of it, as it comes, and
// says what it left out.
func TestUnpack(t *testing.T) {
	t.Parallel()
	inner := gzipped(t, tarred(t, file{"deep.dump", "deep"}))
	nested := zipped(t, file{"inner.tar.gz", string(inner)}, file{"middle.dump", "middle"})
	all := tarred(t, file{"d/", ""}, file{"d/one.dump", "one"}, file{"../../up.dump", "up"}, file{"in.tgz", string(inner)}, file{"nested.zip", string(nested)})
	for _, tt := range []struct {
		name string
		data []byte
		is   bool
		want []string
	}{
		{"a.tar", all, true, []string{"d/one.dump: one", "up.dump: up", "in.tgz/deep.dump: deep", "nested.zip/middle.dump: middle", "! nested.zip/inner.tar.gz: " + ErrNested.Error()}},
		{"a.tar.gz", gzipped(t, all), true, []string{"d/one.dump: one", "up.dump: up", "in.tgz/deep.dump: deep", "nested.zip/middle.dump: middle", "! nested.zip/inner.tar.gz: " + ErrNested.Error()}},
		{"a.zip", zipped(t, file{"one.dump", "one"}, file{"two.dump", "two"}), true, []string{"one.dump: one", "two.dump: two"}},
		{"cut.tar", all[:1700], true, []string{"d/one.dump: one", "! : is damaged after 2 members: unexpected EOF"}},
		{"bomb.tgz", gzipped(t, tarred(t, file{"one.dump", "one"}, file{"zeros.dump", strings.Repeat("\x00", 128<<20)})), true, []string{"one.dump: one", "! : " + ErrBomb.Error()}},
		{"text", []byte("no archive"), false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), tt.name)
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
			var got []string
			is, err := Unpack(path, func(name string, size int64, modified time.Time, r io.Reader) error {
				b, err := io.ReadAll(r)
				if err != nil || size != int64(len(b)) || !modified.Equal(written) {
					t.Errorf("%s: %d of %d bytes, %v, %v", name, len(b), size, modified, err)
				}
				got = append(got, strings.TrimPrefix(name, path+"/")+": "+string(b))
				return nil
			})
			if err != nil {
				for line := range strings.SplitSeq(err.Error(), "\n") {
					got = append(got, "! "+strings.TrimPrefix(strings.TrimPrefix(line, path), "/"))
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" || is != tt.is {
				t.Errorf("archive %v (-want +got):\n%s", is, d)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "a.tar")
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	seen := 0
	if _, err := Unpack(path, func(string, int64, time.Time, io.Reader) error { seen++; return context.Canceled }); seen != 1 || err != nil {
		t.Errorf("a visitor that wants no more saw %d files, error %v", seen, err)
	}
}

const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// Docker's folder of a container: its log has the container's name, and what
// else stands there is no log; in a folder, as a file, and in an archive.
func TestDockerFolder(t *testing.T) {
	t.Parallel()
	files := []file{
		{id + "/" + id + "-json.log", `{"log":"x\n","stream":"stdout","time":"2026-10-02T06:40:10Z"}` + "\n"},
		{id + "/config.v2.json", `{"ID":"` + id + `","Name":"/gaming-wolf-1","Config":{"Image":"ghcr.io/games-on-whales/wolf:stable","Labels":{"com.docker.compose.project":"gaming","com.docker.compose.service":"wolf"}}}`},
		{id + "/hostconfig.json", `{"Binds":[]}`}, {id + "/hostname", "0123456789ab\n"}, {id + "/hosts", "127.0.0.1 localhost\n"}, {id + "/resolv.conf", "nameserver 127.0.0.1\n"},
	}
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, "containers", f.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bag := filepath.Join(dir, "bag.tgz")
	if err := os.WriteFile(bag, gzipped(t, tarred(t, files...)), 0o600); err != nil {
		t.Fatal(err)
	}
	want := &Container{Name: "gaming-wolf-1", Image: "ghcr.io/games-on-whales/wolf:stable", Project: "gaming", Service: "wolf"}
	for _, arg := range []string{filepath.Join(dir, "containers"), filepath.Join(dir, "containers", files[0].name), bag} {
		in, problems := Expand([]string{arg}, ExpandOptions{})
		if len(in) != 1 || len(problems) > 0 {
			t.Fatalf("%s: %+v, %v; want the log alone", arg, in, problems)
		}
		if d := cmp.Diff(want, in[0].Container); d != "" {
			t.Errorf("%s (-want +got):\n%s", arg, d)
		}
	}
}

// Whatever an archive is, listing it neither panics nor hangs, and every member
// that is listed can be asked for.
func FuzzArchive(f *testing.F) {
	f.Add(tarred(f, file{"a.log", "x\n"}))
	f.Add(gzipped(f, tarred(f, file{"a.log", "x\n"})))
	f.Add(zipped(f, file{"a.log", "x\n"}, file{"../b", "y"}))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a := &archive{data: data}
		entries, _ := a.list()
		for _, e := range entries[:min(len(entries), 20)] {
			if rc, err := e.member.open(); err == nil {
				_, _ = io.Copy(io.Discard, io.LimitReader(safeReader{rc}, 1<<20))
				rc.Close()
			}
		}
	})
}
