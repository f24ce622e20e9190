package dump_test

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
)

// TestSharedDebugFile: names that dwz moved into a file that two debug files share
// are read from there, in both forms that dwz writes. What is found equals what was
// found before dwz, which addr2line agrees with as far as it reads the form.
func TestSharedDebugFile(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "objcopy", "dwz", "addr2line")
	for _, form := range []struct{ name, flag, link string }{
		{"GNU", "", "../../.dwz/wolf.debug"},
		{"DWARF 5", "--dwarf-5", "/usr/lib/debug/.dwz/wolf.debug"},
	} {
		t.Run(form.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			binary := build(t, dir, "-O2", "-g")
			var addresses []symbol.Address
			for _, kind := range []string{"segv", "throw", "map"} {
				addresses = append(addresses, addressesOf(t, crash(t, binary, kind, dir))[binary]...)
			}
			slices.SortFunc(addresses, func(a, b symbol.Address) int { return cmp.Compare(a.Offset, b.Offset) })
			addresses = slices.Compact(addresses)
			const module = "/wolf/bin/crash"
			whole := resolve(open(t, binary), module, addresses)
			if whole.Problem != "" {
				t.Fatalf("before dwz: %s", whole.Problem)
			}
			root := filepath.Join(dir, "root")
			stripped := filepath.Join(root, module)
			copyTo(t, binary, stripped)
			run(t, "objcopy", "--strip-all", stripped)
			debug := filepath.Join(root, "usr/lib/debug", module+".debug")
			copyTo(t, binary, debug)
			run(t, "objcopy", "--only-keep-debug", debug)
			other := filepath.Join(dir, "other.debug")
			run(t, "objcopy", "--only-keep-debug", build(t, t.TempDir(), "-O1", "-g"), other)
			shared := filepath.Join(dir, "shared.debug")
			args := []string{"-m", shared, "-M", form.link, debug, other}
			if form.flag != "" {
				args = append([]string{form.flag}, args...)
			}
			if b, err := exec.Command("dwz", args...).CombinedOutput(); err != nil {
				t.Skipf("dwz %v: %v\n%s", args, err, b)
			}
			without := resolve(open(t, root), module, addresses)
			if !strings.Contains(without.Problem, ".dwz/wolf.debug") || gocmp.Equal(whole.Locations, without.Locations) {
				t.Errorf("without the shared file: problem %q, and nothing missing", without.Problem)
			}
			places := []string{"usr/lib/debug/.dwz/wolf.debug", "elsewhere/wolf.debug"}
			if id := buildID(t, shared); id != "" {
				places = append(places, "usr/lib/debug/.build-id/"+id[:2]+"/"+id[2:]+".debug", ".build-id/"+id[:2]+"/"+id[2:]+".debug", ".cache/debuginfod_client/"+id+"/debuginfo")
			}
			for _, place := range places {
				at := filepath.Join(root, place)
				copyTo(t, shared, at)
				got := resolve(open(t, root), module, addresses)
				if diff := gocmp.Diff(whole.Locations, got.Locations); diff != "" || got.Problem != "" {
					t.Errorf("%s: problem %q, locations (-before dwz +after):\n%s", place, got.Problem, diff)
				}
				if form.flag == "" && place == places[0] {
					for i, want := range addr2line(t, debug, addresses) {
						g, w := nameOf(got.Locations[i]), nameOf(want)
						if g != w && !strings.HasSuffix(g, "::"+w) {
							t.Errorf("%#x: %q, addr2line has %q", addresses[i].Offset, g, w)
						}
					}
				}
				if err := os.Remove(at); err != nil {
					t.Fatal(err)
				}
			}
			// The file of another build has other names at the same offsets.
			copyTo(t, other, filepath.Join(root, "elsewhere/wolf.debug"))
			if got := resolve(open(t, root), module, addresses); !strings.Contains(got.Problem, "wolf.debug has build-id") || !gocmp.Equal(without.Locations, got.Locations) {
				t.Errorf("with the file of another build: problem %q, and names from it", got.Problem)
			}
		})
	}
}

// nameOf returns the normalised name of the function at an address.
func nameOf(l []symbol.Location) string {
	if len(l) == 0 {
		return ""
	}
	return dump.NormalizeFunction(l[len(l)-1].Function)
}

// buildID returns a file's build-id as readelf prints it, "" when it has none.
func buildID(t *testing.T, path string) string {
	t.Helper()
	b, err := exec.Command("readelf", "-n", path).Output()
	if err != nil {
		t.Skipf("readelf: %v", err)
	}
	_, rest, _ := strings.Cut(string(b), "Build ID: ")
	id, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(id)
}

// TestMiniDebugInfo: the table of functions that distributions leave in stripped
// binaries (.gnu_debugdata) gives the names that the whole table has.
func TestMiniDebugInfo(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "objcopy", "nm", "xz", "llvm-symbolizer")
	dir := t.TempDir()
	binary := build(t, dir, "-O2", "-g")
	addresses := addressesOf(t, crash(t, binary, "segv", dir))[binary]
	// As gdb's manual makes it, "Debugging information in a special section".
	mini, stripped := filepath.Join(dir, "mini"), filepath.Join(dir, "stripped")
	run(t, "objcopy", "-S", "--remove-section=.gdb_index", "--remove-section=.comment", "--keep-symbols="+functionList(t, binary, dir), binary, mini)
	run(t, "xz", "-k", mini)
	run(t, "objcopy", "--strip-all", "--add-section", ".gnu_debugdata="+mini+".xz", binary, stripped)
	plain := filepath.Join(dir, "plain")
	run(t, "objcopy", "--strip-debug", binary, plain)
	want := resolve(open(t, plain), binary, addresses)
	store := open(t, stripped)
	store.Expand = unxz
	got := resolve(store, "/wolf/bin/stripped", addresses)
	named := 0
	for i, table := range llvm(t, plain, addresses) {
		name := nameOf(got.Locations[i])
		if w := nameOf(want.Locations[i]); name != w {
			t.Errorf("%#x: %q, the whole table has %q", addresses[i].Offset, name, w)
		}
		if table[0] == "??" {
			continue
		}
		named++
		if w := dump.NormalizeFunction(symbol.Demangle(table[0])); name != w {
			t.Errorf("%#x: %q, llvm-symbolizer has %q", addresses[i].Offset, name, w)
		}
	}
	if named < 5 {
		t.Errorf("llvm-symbolizer has names for %d addresses: too few to compare", named)
	}
	store = open(t, stripped)
	if got := resolve(store, "/wolf/bin/stripped", addresses); !strings.Contains(got.Problem, ".gnu_debugdata") {
		t.Errorf("with nothing to expand xz: problem %q", got.Problem)
	}
}

// functionList writes the names of a binary's functions that .dynsym does not have.
func functionList(t *testing.T, binary, dir string) string {
	t.Helper()
	dynamic := make(map[string]bool)
	for _, line := range strings.Split(run(t, "nm", "-D", "--format=posix", "--defined-only", binary), "\n") {
		name, _, _ := strings.Cut(line, " ")
		dynamic[name] = true
	}
	var list strings.Builder
	for _, line := range strings.Split(run(t, "nm", "--format=posix", "--defined-only", binary), "\n") {
		f := strings.Fields(line)
		if len(f) > 1 && strings.Contains("tTwWD", f[1]) && !dynamic[f[0]] {
			list.WriteString(f[0] + "\n")
		}
	}
	path := filepath.Join(dir, "functions")
	if err := os.WriteFile(path, []byte(list.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func unxz(r io.Reader) (io.ReadCloser, string, error) {
	cmd := exec.Command("xz", "-dc")
	cmd.Stdin = r
	b, err := cmd.Output()
	return io.NopCloser(bytes.NewReader(b)), "xz", err
}

// TestDebuginfodCache: the folder that debuginfod's client keeps, given as it is,
// or a home folder or cache that holds it, has the debug files by build-id.
func TestDebuginfodCache(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "objcopy", "readelf", "llvm-symbolizer")
	dir := t.TempDir()
	binary := build(t, dir, "-O2", "-g")
	addresses := addressesOf(t, crash(t, binary, "segv", dir))[binary]
	id := buildID(t, binary)
	bin, cache := filepath.Join(dir, "bin"), filepath.Join(dir, "home/.cache/debuginfod_client")
	copyTo(t, binary, filepath.Join(bin, "crash"))
	run(t, "objcopy", "--strip-all", filepath.Join(bin, "crash"))
	copyTo(t, binary, filepath.Join(cache, id, "debuginfo"))
	run(t, "objcopy", "--only-keep-debug", filepath.Join(cache, id, "debuginfo"))
	want := llvm(t, binary, addresses)
	for _, root := range []string{cache, filepath.Dir(cache), filepath.Join(dir, "home")} {
		got := resolve(open(t, bin, root), "/wolf/bin/crash", addresses)
		if got.Problem != "" || got.Debug != filepath.Join(cache, id, "debuginfo") {
			t.Errorf("%s: problem %q, debug file %q", root, got.Problem, got.Debug)
		}
		for i, l := range got.Locations {
			if diff := differ(l, want[i]); diff != "" {
				t.Errorf("%s: %#x: %s: %+v, llvm-symbolizer has %q", root, addresses[i].Offset, diff, l, want[i])
			}
		}
	}
}

func dwoFiles(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*.dwo"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestSplitDWARF: what -gsplit-dwarf leaves in .dwo files is read from there, and
// equals what llvm-symbolizer finds; the file of another build is not taken.
func TestSplitDWARF(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "llvm-symbolizer")
	for _, compiler := range []string{"g++", "clang++"} {
		t.Run(compiler, func(t *testing.T) {
			t.Parallel()
			needTools(t, compiler)
			if testing.Short() && compiler != "g++" {
				t.Skip("one compiler is enough for a short run")
			}
			dir := t.TempDir()
			p := program{compiler, []string{compiler, "-O2", "-gsplit-dwarf", "-gdwarf-5"}}
			binary := p.compile(t, "sites.cpp", dir)
			dwo := dwoFiles(t, dir)
			if len(dwo) != 1 {
				t.Fatalf("%d .dwo files, want one", len(dwo))
			}
			var addresses []symbol.Address
			for _, site := range []string{"null-read", "map-at", "lambda-a"} {
				out := filepath.Join(dir, site+".dump")
				die(t, binary, site, out)
				addresses = append(addresses, addressesOf(t, out)[binary]...)
			}
			slices.SortFunc(addresses, func(a, b symbol.Address) int { return cmp.Compare(a.Offset, b.Offset) })
			addresses = slices.CompactFunc(addresses, func(a, b symbol.Address) bool { return a.Offset == b.Offset })
			want := llvm(t, binary, addresses)
			inlined := 0
			check := func(what string, got symbol.Result) {
				t.Helper()
				for i, l := range got.Locations {
					inlined += max(0, len(l)-1)
					if diff := differ(l, want[i]); diff != "" {
						t.Errorf("%s: %#x: %s: %+v, llvm-symbolizer has %q", what, addresses[i].Offset, diff, l, want[i])
					}
				}
				if got.Problem != "" {
					t.Errorf("%s: problem %q", what, got.Problem)
				}
			}
			check("where it was written", resolve(open(t, dir), binary, addresses))
			root := t.TempDir()
			copyTo(t, binary, filepath.Join(root, "wolf/bin/sites"))
			copyTo(t, dwo[0], filepath.Join(root, "debug", filepath.Base(dwo[0])))
			if err := os.Remove(dwo[0]); err != nil {
				t.Fatal(err)
			}
			check("elsewhere below a root", resolve(open(t, root), "/wolf/bin/sites", addresses))
			if inlined == 0 {
				t.Error("no function is expanded inline: nothing was compared that only the .dwo file has")
			}
			other := t.TempDir()
			p.command[1] = "-O1"
			p.compile(t, "sites.cpp", other)
			copyTo(t, dwoFiles(t, other)[0], filepath.Join(root, "debug", filepath.Base(dwo[0])))
			if got := resolve(open(t, root), "/wolf/bin/sites", addresses); !strings.Contains(got.Problem, "split DWARF") {
				t.Errorf("with the file of another build: problem %q", got.Problem)
			}
		})
	}
}
