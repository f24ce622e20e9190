package source

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree makes files below a new folder; a name that ends in / is a folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func names(dir string, in []Input) []string {
	out := []string{}
	for _, i := range in {
		name := i.Name
		if rel, err := filepath.Rel(dir, name); err == nil {
			name = rel
		}
		if i.Kind != KindFile {
			name += " (" + string(i.Kind) + ")"
		}
		out = append(out, name)
	}
	return out
}

func TestExpandFolder(t *testing.T) {
	t.Parallel()
	gz := string(compressed(t, "gzip", []byte("text\n")))
	dir := tree(t, map[string]string{
		"wolf.log": "x\n", "wolf.log.1": "x\n", "wolf.log.2": "x\n", "wolf.log.3.gz": gz, "wolf.log.10.gz": gz,
		"syslog": "x\n", "syslog-20250930.gz": gz, "syslog-20250801.gz": gz,
		"a10.txt": "x\n", "a9.txt": "x\n", "part.2": "x\n", "part.1": "x\n",
		"gow.log": "x\n", "gow.1.log": "x\n", "gow.2.log": "x\n", "run.1.log": "x\n", "run.2.log": "x\n", // of the first, there is a current one
		"h.log": "x\n", "h.log-20251002-1759387211": "x\n", "h.log-2025-10-01": "x\n", "h.log.1": "x\n",
		".hidden.log": "x\n", ".git/config": "x\n",
		"core":      "\x7fELF\x02\x01\x01\x00\x00\x00",
		"blob":      strings.Repeat("\x00\x01\x02\xfe", 100),
		"blob.gz":   string(compressed(t, "gzip", []byte(strings.Repeat("\x00\x01\x02\xfe", 100)))),
		"bag.7z":    "7z\xbc\xaf\x27\x1caa",
		"key.pem":   "-----BEGIN PRIVATE KEY-----\n",
		"raw":       strings.Repeat("\x02\x00\x00\x00\x00\x00\x00\x52[2025-10-02 06:40:11] Configure default user, a line as long as they are\n", 9),
		"sub/z.log": "x\n", "sub/empty/": "",
		"dumps/backtrace.2025-09-30-11-40-36.326784363.dump": "\x05\x00\x00\x00\x00\x00\x00\x00",
	})
	if err := os.Symlink("..", filepath.Join(dir, "sub", "loop")); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("wolf.log", filepath.Join(dir, "wolf.log.link")); err != nil {
		t.Fatal(err)
	}
	in, problems := Expand([]string{dir}, ExpandOptions{})
	want := []string{
		"a9.txt", "a10.txt", "dumps/backtrace.2025-09-30-11-40-36.326784363.dump (dump)", "gow.2.log", "gow.1.log", "gow.log",
		"h.log-2025-10-01", "h.log-20251002-1759387211", "h.log.1", "h.log", "part.1", "part.2", "raw", "run.1.log", "run.2.log", "sub/z.log",
		"syslog-20250801.gz", "syslog-20250930.gz", "syslog",
		"wolf.log.10.gz", "wolf.log.3.gz", "wolf.log.2", "wolf.log.1", "wolf.log",
	}
	if d := cmp.Diff(want, names(dir, in)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(problems) != 1 || !problems[0].Passed { // bag.7z
		t.Errorf("problems %v", problems)
	}
	in2, _ := Expand([]string{dir}, ExpandOptions{})
	if d := cmp.Diff(in, in2); d != "" {
		t.Errorf("not the same twice:\n%s", d)
	}
	in, problems = Expand([]string{dir}, ExpandOptions{MaxFiles: 3})
	if len(in) != 3 || len(problems) != 2 || !errors.Is(problems[1], ErrTooMany) {
		t.Errorf("with MaxFiles 3: %v %v", names(dir, in), problems)
	}
	in, _ = Expand([]string{dir}, ExpandOptions{Hidden: true})
	if got := names(dir, in); got[0] != ".git/config" || got[1] != ".hidden.log" {
		t.Errorf("with Hidden: %v", got)
	}
}

// TestExpandNamesArchives: archives in a folder are named once, and all else is
// read.
func TestExpandNamesArchives(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{
		"a.log": "x\n", "1.7z": "7z\xbc\xaf\x27\x1caa", "2.7z": "7z\xbc\xaf\x27\x1caa", "in/3.7z": "7z\xbc\xaf\x27\x1caa", "in/4.7z": "7z\xbc\xaf\x27\x1caa",
		"only/5.7z": "7z\xbc\xaf\x27\x1caa",
	})
	in, problems := Expand([]string{dir, filepath.Join(dir, "only")}, ExpandOptions{})
	if d := cmp.Diff([]string{"a.log"}, names(dir, in)); d != "" {
		t.Errorf("inputs (-want +got):\n%s", d)
	}
	want := []string{
		dir + ": archives are not looked into: 1.7z, 2.7z, 3.7z and 2 more; unpack what holds logs",
		filepath.Join(dir, "only") + ": archives are not looked into: 5.7z; unpack what holds logs",
	}
	var got []string
	for _, p := range problems {
		if !p.Passed || !errors.Is(p, ErrArchives) {
			t.Errorf("%v is not marked as passed by", p)
		}
		got = append(got, p.Error())
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("problems (-want +got):\n%s", d)
	}
}

func TestExpandArguments(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{
		"b.log": "x\n", "a.log": "x\n", "w.log": "x\n", "w.log.1": "x\n", "w.log.2.gz": string(compressed(t, "gzip", []byte("x\n"))),
		"bag.7z": "7z\xbc\xaf\x27\x1caa", "blob": "\x00\x01\x02", "nothing/": "", "x.dump": "", "broken.gz": "\x1f\x8b\x08",
	})
	path := func(n string) string { return filepath.Join(dir, n) }
	for _, tc := range []struct {
		name     string
		args     []string
		want     []string
		problems []error
	}{
		{"order as given", []string{path("b.log"), "-", path("a.log")}, []string{"b.log", "- (stdin)", "a.log"}, nil},
		{"a shell's wolf.log*", []string{path("b.log"), path("w.log"), path("w.log.1"), path("w.log.2.gz")},
			[]string{"b.log", "w.log.2.gz", "w.log.1", "w.log"}, nil},
		{"twice", []string{path("b.log"), path("nothing/../b.log"), "-", "-"}, []string{"b.log", "- (stdin)"}, nil},
		{"missing", []string{path("none.log"), path("b.log")}, []string{"b.log"}, []error{fs.ErrNotExist}},
		{"archive", []string{path("bag.7z")}, []string{}, []error{ErrArchive}},
		{"named binary is read", []string{path("blob")}, []string{"blob"}, nil},
		{"empty folder", []string{path("nothing")}, []string{}, []error{ErrNoLogs}},
		{"dump", []string{path("x.dump")}, []string{"x.dump (dump)"}, nil},
		{"device", []string{"/dev/null"}, []string{}, []error{ErrNotALog}},
		{"empty name", []string{""}, []string{}, []error{ErrEmptyName}},
		{"broken compression is the reader's business", []string{path("broken.gz")}, []string{"broken.gz"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in, problems := Expand(tc.args, ExpandOptions{})
			got := names(dir, in)
			for i := range got {
				got[i] = strings.Replace(got[i], "../", "", 1)
				if in[i].Kind == KindStdin {
					got[i] = "- (stdin)"
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if len(problems) != len(tc.problems) {
				t.Fatalf("problems %v, want %v", problems, tc.problems)
			}
			for i, p := range problems {
				if !errors.Is(p, tc.problems[i]) {
					t.Errorf("problem %v, want %v", p, tc.problems[i])
				}
			}
			if tc.name == "twice" && (len(in[0].Notes) != 1 || len(in[1].Notes) != 1) {
				t.Errorf("notes %q %q, want one each", in[0].Notes, in[1].Notes)
			}
		})
	}
}

func TestExpandSpecialFiles(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{"ok.log": "x\n", "closed/secret.log": "x\n"})
	sock := filepath.Join(dir, "s.sock")
	l, err := net.Listen("unix", sock)
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	in, problems := Expand([]string{sock}, ExpandOptions{})
	if len(in) != 0 || len(problems) != 1 || !strings.Contains(problems[0].Error(), "socket") {
		t.Errorf("socket: %v %v", in, problems)
	}
	in, problems = Expand([]string{dir}, ExpandOptions{})
	if d := cmp.Diff([]string{"closed/secret.log", "ok.log"}, names(dir, in)); d != "" || len(problems) != 0 {
		t.Errorf("folder with a socket: %s %v", d, problems)
	}
	if os.Getuid() == 0 {
		return // root reads everything
	}
	if err := os.Chmod(filepath.Join(dir, "closed"), 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(dir, "closed"), 0o700)
	in, problems = Expand([]string{dir}, ExpandOptions{})
	if len(in) != 1 || len(problems) != 1 || !errors.Is(problems[0], fs.ErrPermission) {
		t.Errorf("closed folder: %v %v", in, problems)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]Input{
		"missing":   {Name: "x", Path: filepath.Join(t.TempDir(), "x"), Kind: KindFile},
		"directory": {Name: "d", Path: t.TempDir(), Kind: KindFile},
		"no stdin":  {Name: "-", Kind: KindStdin},
	} {
		if r, err := Open(t.Context(), in, nil, Options{}); err == nil {
			r.Close()
			t.Errorf("%s: no error", name)
		}
	}
}

func TestCompareNatural(t *testing.T) {
	t.Parallel()
	order := []string{"", "a", "a1", "a01", "a2", "a10", "a10b", "b", "wolf-1", "wolf-2", "wolf-10"}
	for i, a := range order {
		for j, b := range order {
			got := compareNatural(a, b)
			if a == "a1" && b == "a01" || a == "a01" && b == "a1" {
				if got == 0 {
					t.Errorf("%q and %q compare equal", a, b)
				}
				continue
			}
			if (got < 0) != (i < j) && !strings.Contains(a+b, "01") {
				t.Errorf("compare(%q, %q) = %d", a, b, got)
			}
		}
	}
}
