package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"wolfdiag/analyze/render"
	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

const printedTrace = `12:00:00.000000000 INFO  | Reading config file from: /etc/wolf/cfg/config.toml
Stack trace (most recent call first):
#0  0x000055aa2fafc61b in shutdown_handler(int) at /wolf/src/exceptions.h:79:5
#1  0x00007f21c2b1d04f at /lib/x86_64-linux-gnu/libc.so.6
#2  (inlined)          in streaming::clamp_profile(int) at /wolf/src/streaming.cpp:24:16
#3  (inlined)          in int streaming::negotiate<H264>(H264 const&) at /wolf/src/streaming.cpp:39:102
#4  0x000055aa2fafc700 in void streaming::setup_encoder<H264>(H264 const&) at /wolf/src/streaming.cpp:43:32
#5  0x000055aa2fafd000 in main at /wolf/src/wolf.cpp:10:3
#6  0x00007f21c2a45249 at /lib/x86_64-linux-gnu/libc.so.6
`

// dumpFolder fills the current folder, a fresh one, with dumps of all kinds.
func dumpFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.Mkdir("cfg", 0o755); err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	segv := func(seed uint64, own ...uint64) []byte {
		return dumptest.Cpptrace(dumptest.NewProcess(seed).Segv(own...))
	}
	stale := append(segv(4, 0x31a20), dumptest.Records(dumptest.NewProcess(5).Segv(0x10, 0x20)[4:])...)
	for _, f := range []struct {
		name, mtime string
		content     []byte
	}{
		{"backtrace.2025-09-30-11-40-36.326784363.dump", "2025-09-30T11:40:12Z", segv(1, 0x31a20, 0x4b7f0, 0x52000)},
		{"backtrace.2025-09-30-11-57-25.727348359.dump", "2025-09-30T11:57:20Z", segv(2, 0x31a20, 0x4b7f0, 0x52000)},
		{"backtrace.2025-10-01-12-11-38.857465743.dump", "2025-10-01T12:11:30Z", segv(3, 0x31a20, 0x60000)},
		{"backtrace.2025-10-01-13-12-49.922676237.dump", "2025-10-01T13:12:40Z", stale},
		{"backtrace.2025-10-01-13-34-38.569728250.dump", "2025-10-01T13:34:30Z", segv(6, 0x77770, 0x4b7f0, 0x52000)[:8+2*4120]},
		{"backtrace.2025-10-01-13-43-42.817138220.dump", "2025-10-01T13:43:40Z", nil},
		{"backtrace.dump", "2025-10-02T06:40:00Z", segv(7, 0x77770, 0x4b7f0, 0x52000)},
		{"wolf.log", "2025-10-02T07:00:00Z", []byte(printedTrace)},
		{"config.toml", "2025-10-02T07:00:00Z", []byte("hostname = \"wolf\"\n")},
	} {
		p := filepath.Join("cfg", f.name)
		if err := os.WriteFile(p, f.content, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(p, at(f.mtime), at(f.mtime)); err != nil {
			t.Fatal(err)
		}
	}
}

// wolfdiag runs a command line and returns its exit code and output.
func wolfdiag(stdin string, args ...string) (code int, out, errs string) {
	e, o, x := testEnv(stdin)
	code = run(context.Background(), append([]string{"wolfdiag"}, args...), e)
	return code, o.String(), x.String()
}

func golden(t *testing.T, root, name, got string) {
	t.Helper()
	path := filepath.Join(root, "testdata", "dumps", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestDumpsGolden(t *testing.T) {
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dumpFolder(t)
	for _, tc := range []struct {
		file string
		args []string
	}{
		{"text.golden", []string{"dumps", "cfg"}},
		{"text-all.golden", []string{"dumps", "cfg", "--all", "--all-frames", "--width", "120"}},
		{"json.golden", []string{"dumps", "--format", "json", "cfg"}},
		{"markdown.golden", []string{"dumps", "cfg", "-f", "markdown"}},
		{"html.golden", []string{"dumps", "cfg", "-f", "html"}},
		{"show.golden", []string{"dumps", "show", "cfg/wolf.log"}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			code, out, errs := wolfdiag("", tc.args...)
			if code != exitOK || errs != "" {
				t.Errorf("exit %d, stderr %q", code, errs)
			}
			if strings.ContainsRune(out, 0x1b) {
				t.Error("the output has an escape byte")
			}
			golden(t, root, tc.file, out)
		})
	}
	t.Run("letters", func(t *testing.T) {
		r := dump.Analyze(t.Context(), dump.Collect(t.Context(), []string{"cfg"}, dump.Options{}), dump.AnalyzeOptions{})
		var out bytes.Buffer
		if err := render.Dumps(&out, r, render.Text, render.DumpsOptions{Options: render.Options{Palette: render.LetterPalette()}}); err != nil {
			t.Fatal(err)
		}
		golden(t, root, "letters.golden", out.String())
	})
}

// TestDumpsJSON holds the output to its contract: the keys that others rely on.
func TestDumpsJSON(t *testing.T) {
	dumpFolder(t)
	_, out, _ := wolfdiag("", "dumps", "cfg", "--format", "json")
	var r struct {
		Schema string
		Files  []map[string]any
	}
	var tree map[string]any
	for _, v := range []any{&r, &tree} {
		if err := json.Unmarshal([]byte(out), v); err != nil {
			t.Fatal(err)
		}
	}
	if r.Schema != "wolfdiag/dumps/v1" || len(r.Files) != 8 {
		t.Fatalf("schema %q, %d files", r.Schema, len(r.Files))
	}
	has := func(m any, keys ...string) map[string]any {
		obj, ok := m.(map[string]any)
		if !ok {
			t.Fatalf("%v is no object", m)
		}
		for _, k := range keys {
			if _, ok := obj[k]; !ok {
				t.Errorf("no key %q in %v", k, obj)
			}
		}
		return obj
	}
	first := func(v any) any {
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			t.Fatalf("%v is no list with something in it", v)
		}
		return list[0]
	}
	has(r.Files[0], "path", "kind", "status", "frames", "crash_time", "restart_time", "cluster", "warnings")
	c := has(first(tree["clusters"]), "id", "signature", "count", "first", "last", "build", "files", "cause", "frames")
	has(first(c["frames"]), "module", "address", "function", "file", "line", "inlined", "role")
	if status := has(r.Files[3])["status"]; status != "stale-tail" {
		t.Errorf("status of %v is %v", r.Files[3]["path"], status)
	}
	if _, again, _ := wolfdiag("", "dumps", "cfg", "--format", "json", "--jobs", "1"); again != out {
		t.Error("one worker gives another output")
	}
}

func TestDumpsExits(t *testing.T) {
	dumpFolder(t)
	const row = "-rw-r--r__ 1 root root  98888 Sep 30 14:43 backtrace.2025-09-30-13-43-42.817138220.dump\n"
	for _, tc := range []struct {
		name  string
		stdin string
		args  []string
		code  int
		out   string // in the output
		errs  string // in stderr
	}{
		{"listing on standard input", row, []string{"dumps", "-"}, exitOK, "24 frames (by size", ""},
		{"a crash, with --exit-code", "", []string{"dumps", "cfg", "--exit-code"}, exitFound, "clamp_profile", ""},
		{"no crash, with --exit-code", "", []string{"dumps", "cfg/config.toml", "--exit-code"}, exitOK, "not-a-dump", ""},
		{"missing", "", []string{"dumps", "nowhere"}, exitNoInput, "", "nowhere"},
		{"one missing", "", []string{"dumps", "nowhere", "cfg"}, exitPartial, "clamp_profile", "nowhere"},
		{"symbols that do not exist", "", []string{"dumps", "cfg", "--symbols", "nothing"}, exitUsage, "", "--symbols"},
		{"bad format", "", []string{"dumps", "cfg", "--format", "xml"}, exitUsage, "", "xml"},
		{"bad zone", "", []string{"dumps", "cfg", "--tz", "Moon"}, exitUsage, "", "--tz"},
		{"show without a file", "", []string{"dumps", "show"}, exitUsage, "", "want one file"},
		{"show a folder", "", []string{"dumps", "show", "cfg"}, exitUsage, "", "holds 8 dumps"},
		{"show nothing", "", []string{"dumps", "show", "cfg/config.toml"}, exitNoInput, "", "no frames"},
		{"show a truncated one", "", []string{"dumps", "show", "cfg/backtrace.2025-10-01-13-34-38.569728250.dump"}, exitOK, "#1 0x", "2 frames recovered"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, errs := wolfdiag(tc.stdin, tc.args...)
			if code != tc.code || !strings.Contains(out, tc.out) || !strings.Contains(errs, tc.errs) {
				t.Errorf("exit %d, want %d\noutput %q\nstderr %q", code, tc.code, out, errs)
			}
		})
	}
}

// TestDumpsCompressed reads dumps as logrotate and people pack them.
func TestDumpsCompressed(t *testing.T) {
	t.Chdir(t.TempDir())
	plain := dumptest.Cpptrace(dumptest.NewProcess(1).Segv(0x31a20, 0x4b7f0))
	var z, x bytes.Buffer
	zw, err := zstd.NewWriter(&z)
	if err != nil {
		t.Fatal(err)
	}
	xw, err := xz.NewWriter(&x)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []io.WriteCloser{zw, xw} {
		if _, err := w.Write(plain); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range map[string][]byte{
		"backtrace.2025-09-30-11-40-36.326784363.dump.zst": z.Bytes(),
		"kept-by-hand": x.Bytes(),
		"cut.dump.zst": z.Bytes()[:z.Len()-1],
		"bad.dump.xz":  append([]byte("\xfd7zXZ\x00"), "nonsense that is no xz stream"...),
	} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := wolfdiag("", "dumps", "--format", "json", ".")
	var r dump.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitOK {
		t.Fatalf("exit %d, %v: %s", code, err, errs)
	}
	got := make(map[string]string)
	for _, f := range r.Files {
		got[f.Path] = fmt.Sprintf("%s %s %d", f.Kind, f.Status, f.Frames)
	}
	want := map[string]string{
		"backtrace.2025-09-30-11-40-36.326784363.dump.zst": "cpptrace ok 6",
		"kept-by-hand": "cpptrace ok 6",
		"cut.dump.zst": "unknown truncated 0",
		"bad.dump.xz":  "unknown corrupt 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if r.Files[0].RestartTime == nil {
		t.Error("the time in the name is not read when .zst follows")
	}
}

// Dumps in an archive are those of the folder that was packed, with the time at
// which each was written; in an archive inside of another, and in one that lies in
// a folder, too.
func TestDumpsInArchives(t *testing.T) {
	dumpFolder(t)
	_, folder, _ := wolfdiag("", "dumps", "--format", "json", "cfg")
	var tarred, zipped, nested bytes.Buffer
	tw, zw := tar.NewWriter(&tarred), zip.NewWriter(&zipped)
	entries, err := os.ReadDir("cfg")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join("cfg", e.Name()))
		info, err2 := e.Info()
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		w, err := zw.CreateHeader(&zip.FileHeader{Name: e.Name(), Method: zip.Deflate, Modified: info.ModTime().UTC()})
		if err != nil {
			t.Fatal(err)
		}
		if err := tw.WriteHeader(&tar.Header{Name: e.Name(), Size: int64(len(b)), Mode: 0o644, ModTime: info.ModTime()}); err != nil {
			t.Fatal(err)
		}
		for _, w := range []io.Writer{w, tw} {
			if _, err := w.Write(b); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(tw.Close(), zw.Close()); err != nil {
		t.Fatal(err)
	}
	nw := zip.NewWriter(&nested)
	w, err := nw.Create("inner.tar")
	if err == nil {
		_, err = w.Write(tarred.Bytes())
	}
	if err := errors.Join(err, nw.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("packed", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ path, prefix, arg string }{
		{"a.tar.gz", "a.tar.gz/", "a.tar.gz"},
		{"a.zip", "a.zip/", "a.zip"},
		{"b.zip", "b.zip/inner.tar/", "b.zip"},
		{"packed/a.tar", "packed/a.tar/", "packed"},
	} {
		data := tarred.Bytes()
		switch tt.path {
		case "a.tar.gz":
			var b bytes.Buffer
			g := gzip.NewWriter(&b)
			_, err := g.Write(data)
			if err := errors.Join(err, g.Close()); err != nil {
				t.Fatal(err)
			}
			data = b.Bytes()
		case "a.zip":
			data = zipped.Bytes()
		case "b.zip":
			data = nested.Bytes()
		}
		if err := os.WriteFile(tt.path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		code, out, errs := wolfdiag("", "dumps", "--format", "json", tt.arg)
		if diff := cmp.Diff(folder, strings.ReplaceAll(out, tt.prefix, "cfg/")); diff != "" || code != exitOK || errs != "" {
			t.Errorf("%s: exit %d, stderr %q, report (-folder +archive):\n%s", tt.path, code, errs, diff)
		}
	}
	if err := os.WriteFile("cut.tar", tarred.Bytes()[:2000], 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := wolfdiag("", "dumps", "cut.tar"); code != exitPartial || !strings.Contains(errs, "cut.tar: is damaged") {
		t.Errorf("a damaged archive: exit %d, stderr %q; want %d and what is wrong", code, errs, exitPartial)
	}
}
