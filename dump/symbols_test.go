package dump_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
)

func open(t testing.TB, paths ...string) *symbol.Store {
	t.Helper()
	s, err := symbol.Open(paths)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// resolve looks up the addresses of a single trace.
func resolve(s *symbol.Store, module string, addresses []symbol.Address) symbol.Result {
	return s.Resolve(context.Background(), module, [][]symbol.Address{addresses})[0]
}

func copyTo(t testing.TB, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o755); err != nil {
		t.Fatal(err)
	}
}

// TestSeparateDebugFiles finds the debug information of a stripped binary in
// every place it may lie.
func TestSeparateDebugFiles(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "objcopy", "strip", "readelf")
	dir := t.TempDir()
	binary := build(t, dir, "-O2", "-g")
	addresses := addressesOf(t, crash(t, binary, "segv", dir))[binary]
	const module = "/wolf/bin/crash"
	whole := resolve(open(t, binary), module, addresses)
	if whole.Problem != "" || len(whole.BuildID) != 40 {
		t.Fatalf("problem %q, build-id %q", whole.Problem, whole.BuildID)
	}
	debugFile := filepath.Join(dir, "crash.debug")
	run(t, "objcopy", "--only-keep-debug", binary, debugFile)
	stripped := filepath.Join(dir, "stripped")
	run(t, "objcopy", "--strip-all", "--add-gnu-debuglink="+debugFile, binary, stripped)
	noLink := filepath.Join(dir, "nolink")
	run(t, "objcopy", "--strip-all", binary, noLink)
	noID := filepath.Join(dir, "noid")
	run(t, "objcopy", "--strip-all", "--remove-section=.note.gnu.build-id", "--add-gnu-debuglink="+debugFile, binary, noID)
	id := whole.BuildID
	for _, tc := range []struct {
		name, binary string
		at           string // of the debug file, below the root
		roots        []string
		want         string // "all", or the problem
	}{
		{"beside", stripped, "wolf/bin/crash.debug", nil, "all"},
		{"below .debug", stripped, "wolf/bin/.debug/crash.debug", nil, "all"},
		{"global folder", stripped, "usr/lib/debug/wolf/bin/crash.debug", nil, "all"},
		{"build-id", noLink, ".build-id/" + id[:2] + "/" + id[2:] + ".debug", nil, "all"},
		{"build-id, global folder", noLink, "usr/lib/debug/.build-id/" + id[:2] + "/" + id[2:] + ".debug", nil, "all"},
		{"somewhere else", stripped, "deep/down/crash.debug", nil, "all"},
		{"by checksum", noID, "wolf/bin/crash.debug", nil, "all"},
		{"nowhere", stripped, "", nil, "no debug information"},
		{"as a file of its own", stripped, "x/crash.debug", []string{"wolf/bin/crash", "x/crash.debug"}, "all"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := t.TempDir()
			copyTo(t, tc.binary, filepath.Join(root, "wolf/bin/crash"))
			if tc.at != "" {
				copyTo(t, debugFile, filepath.Join(root, tc.at))
			}
			roots := []string{root}
			if tc.roots != nil {
				roots = nil
				for _, r := range tc.roots {
					roots = append(roots, filepath.Join(root, r))
				}
			}
			got := resolve(open(t, roots...), module, addresses)
			if tc.want != "all" {
				if !strings.Contains(got.Problem, tc.want) {
					t.Errorf("problem %q, want %q", got.Problem, tc.want)
				}
				return
			}
			if diff := cmp.Diff(whole.Locations, got.Locations); diff != "" || got.Problem != "" {
				t.Errorf("problem %q, locations (-whole +separate):\n%s", got.Problem, diff)
			}
		})
	}
}

// TestLittleDebugInformation: what can be had is, and the reader is told what is not.
func TestLittleDebugInformation(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "addr2line")
	for _, tc := range []struct {
		flags, problem string
		lines          bool
	}{
		{"-O2", "no debug information", false},
		{"-O2 -g -gsplit-dwarf", "split DWARF", true},
		{"-O2 -g -gsplit-dwarf -gdwarf-4", "split DWARF", true},
		{"-O2 -g1", "", true},
	} {
		t.Run(tc.flags, func(t *testing.T) {
			dir := t.TempDir()
			binary := build(t, dir, strings.Fields(tc.flags)...)
			for _, dwo := range dwoFiles(t, dir) {
				if err := os.Remove(dwo); err != nil {
					t.Fatal(err)
				}
			}
			addresses := addressesOf(t, crash(t, binary, "recursion", dir))[binary]
			got := resolve(open(t, binary), binary, addresses)
			if tc.problem == "" && got.Problem != "" || !strings.Contains(got.Problem, tc.problem) {
				t.Errorf("problem %q, want %q", got.Problem, tc.problem)
			}
			want := addr2line(t, binary, addresses)
			for i, l := range got.Locations {
				if len(l) == 0 {
					t.Fatalf("%#x: nothing is known", addresses[i].Offset)
				}
				outer := l[len(l)-1]
				if tc.lines && outer.Line == 0 && !strings.HasPrefix(outer.Function, "_") {
					t.Errorf("%#x: no line for %s", addresses[i].Offset, outer.Function)
				}
				if !tc.lines && (outer.Function != want[i][0].Function || outer.File != want[i][0].File) {
					t.Errorf("%#x: got %+v, addr2line %+v", addresses[i].Offset, outer, want[i][0])
				}
			}
		})
	}
}

func TestWrongSymbolsAreRefused(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "objcopy")
	dir := t.TempDir()
	right := build(t, dir, "-O2", "-g")
	kept := filepath.Join(dir, "right")
	copyTo(t, right, kept)
	addresses := addressesOf(t, crash(t, right, "throw", dir))[right]
	wrong := build(t, t.TempDir(), "-O2", "-g", "-DVARIANT=37")
	foreign := filepath.Join(dir, "foreign")
	b, err := os.ReadFile(right)
	if err != nil {
		t.Fatal(err)
	}
	b[18] = 0xb7 // e_machine: AArch64 instead of x86-64
	writeDump(t, foreign, b)
	b[18] = 0xf3 // RISC-V
	riscv := filepath.Join(dir, "riscv")
	writeDump(t, riscv, b)
	const module = "/wolf/crash"
	for _, tc := range []struct{ name, file, want string }{
		{"other build", wrong, "another build"},
		{"other architecture", foreign, "aarch64"},
		{"architecture no Wolf runs on", riscv, "riscv"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := t.TempDir()
			copyTo(t, tc.file, filepath.Join(root, "crash"))
			got := resolve(open(t, root), module, addresses)
			if got.Binary != "" || !strings.Contains(got.Problem, "refused") || !strings.Contains(got.Problem, tc.want) {
				t.Errorf("binary %q, problem %q, want a refusal that says %q", got.Binary, got.Problem, tc.want)
			}
			for i, l := range got.Locations {
				if l != nil {
					t.Errorf("address %#x got the name %v from a wrong file", addresses[i].Offset, l)
				}
			}
		})
	}
	t.Run("the right one of two is taken", func(t *testing.T) {
		root := t.TempDir()
		copyTo(t, wrong, filepath.Join(root, "a/crash"))
		copyTo(t, kept, filepath.Join(root, "b/crash"))
		got := resolve(open(t, root), module, addresses)
		if got.Binary != filepath.Join(root, "b/crash") || got.Problem != "" {
			t.Errorf("binary %q, problem %q", got.Binary, got.Problem)
		}
	})
	t.Run("a file of another name is taken when it fits", func(t *testing.T) {
		got := resolve(open(t, wrong, kept), "/wolf/wolf", addresses)
		if got.Binary != kept || got.Problem != "" {
			t.Errorf("binary %q, problem %q", got.Binary, got.Problem)
		}
	})
}

func TestPathsInCopiedContainers(t *testing.T) {
	t.Parallel()
	needTools(t, "g++")
	dir := t.TempDir()
	binary := build(t, dir, "-O1", "-g")
	addresses := addressesOf(t, crash(t, binary, "segv", dir))[binary]
	root := t.TempDir()
	copyTo(t, binary, filepath.Join(root, "usr/lib/app/crash-1.2"))
	for _, l := range [][2]string{
		{"usr/lib/app/crash-1.2", "abs"}, {"/usr/lib/app/crash-1.2", "wolf/crash"}, {"../lib/app", "usr/bin"}, {"loop", "loop"}, {"b/c", "a"}, {"/a", "b"},
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, l[1])), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(l[0], filepath.Join(root, l[1])); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		module string
		found  bool
	}{
		{"/wolf/crash", true},        // an absolute link that leads into the copy
		{"/usr/bin/crash-1.2", true}, // a folder that is a link
		{"./app/crash-1.2", true},    // loaded by a relative path
		{"../../x/usr/lib/app/crash-1.2", true},
		{"/elsewhere/crash-1.2", true},  // by its name alone
		{"/wolf/crash (deleted)", true}, // replaced while the process ran
		{"/loop", false}, {"/a/x", false}, {"/nothing", false},
	} {
		got := resolve(open(t, root), tc.module, addresses)
		if (got.Binary != "") != tc.found || tc.found && got.Problem != "" {
			t.Errorf("%s: binary %q, problem %q, want found: %v", tc.module, got.Binary, got.Problem, tc.found)
		}
	}
}

// TestCrashesEndToEnd: real crashes of two builds, with and without symbols.
func TestCrashesEndToEnd(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "objcopy")
	base := t.TempDir()
	var symbols []string
	dumps := filepath.Join(base, "dumps")
	if err := os.MkdirAll(dumps, 0o755); err != nil {
		t.Fatal(err)
	}
	// Both builds run at the same path, one after the other, as in a container.
	where := filepath.Join(base, "wolf")
	for i, flags := range [][]string{{"-O2", "-g"}, {"-O2", "-g", "-DVARIANT=83"}} {
		if err := os.MkdirAll(where, 0o755); err != nil {
			t.Fatal(err)
		}
		binary := build(t, where, flags...)
		kept := filepath.Join(base, fmt.Sprintf("symbols%d", i), "crash")
		copyTo(t, binary, kept)
		symbols = append(symbols, filepath.Dir(kept))
		run(t, "objcopy", "--strip-all", binary)
		for _, k := range crashKinds {
			from := crash(t, binary, k.kind, base)
			copyTo(t, from, filepath.Join(dumps, fmt.Sprintf("%s-%d.dump", k.kind, i)))
			copyTo(t, from, filepath.Join(dumps, fmt.Sprintf("%s-%d-again.dump", k.kind, i)))
			if err := os.Remove(from); err != nil {
				t.Fatal(err)
			}
		}
	}
	analyze := func(opts dump.AnalyzeOptions) (*dump.Report, map[string]string) {
		r := dump.Analyze(context.Background(), dump.Collect(context.Background(), []string{dumps}, dump.Options{}), opts)
		for _, f := range r.Files {
			if f.Status != dump.StatusOK || f.Cluster == "" {
				t.Errorf("%s: status %s, cluster %q, %v", f.Path, f.Status, f.Cluster, f.Warnings)
			}
		}
		return r, grouping(r)
	}
	_, bare := analyze(dump.AnalyzeOptions{})
	r, named := analyze(dump.AnalyzeOptions{Symbols: open(t, symbols...)})
	for _, k := range crashKinds {
		if a, b := bare[k.kind+"-0.dump"], bare[k.kind+"-1.dump"]; a == b {
			t.Errorf("%s: without symbols the two builds are one cluster", k.kind)
		}
		if a, b := bare[k.kind+"-0.dump"], bare[k.kind+"-0-again.dump"]; a != b {
			t.Errorf("%s: the same crash twice is two clusters", k.kind)
		}
		if a, b := named[k.kind+"-0.dump"], named[k.kind+"-1.dump"]; a != b {
			t.Errorf("%s: with symbols the two builds are two clusters", k.kind)
		}
	}
	sites := make(map[string]string)
	for _, c := range r.Clusters {
		for _, f := range c.Files {
			sites[strings.TrimSuffix(filepath.Base(f), "-0.dump")] = c.Signature
		}
	}
	for _, k := range crashKinds {
		if first, _, _ := strings.Cut(sites[k.kind], " | "); first != k.site {
			t.Errorf("%s: signature %q, want it to start with %q", k.kind, sites[k.kind], k.site)
		}
	}
	full := ""
	for _, c := range r.Clusters {
		for _, f := range c.Frames {
			if strings.Contains(f.Function, "check_list") {
				full = f.FullName() // the bare name of a static function is not lost
			}
		}
	}
	if !strings.HasPrefix(full, "streaming::(anonymous namespace)::check_list(") {
		t.Errorf("the function that throws is called %q in full", full)
	}
	for _, s := range r.Symbols {
		if strings.HasSuffix(s.Module, "/crash") && (s.Problem != "" || s.Fit != s.Checked || s.Checked == 0 || s.Named != s.Addresses) {
			t.Errorf("%s of build %s: %+v", s.Module, s.Build, s)
		}
	}
}
