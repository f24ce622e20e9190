package dump_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
)

// sites are the ways in which dumptest/crashes/sites.cpp dies: what to ask for,
// the function that is to blame, and what kind of crash it is when names are known.
var sites = []struct{ site, blame, kind string }{
	{"null-read", "media::clamp_profile", "bad-access"},
	{"null-read-int", "media::clamp_profile", "bad-access"},
	{"null-write", "media::write_level", "bad-access"},
	{"divide", "media::average", "bad-access"}, // a dump does not have the signal
	{"two-callers-a", "media::read_state", "bad-access"},
	{"two-callers-b", "media::read_state", "bad-access"},
	{"strlen", "media::measure_name", ""},
	{"memcpy", "media::copy_frame", ""},
	{"null-call", "ends above the fault", "null-call"}, // no unwinder passes address 0,
	{"null-virtual", "media::call_codec", "bad-access"},
	{"abort", "media::refuse_port", ""},
	{"assert", "media::check_size", ""},
	{"double-free", "media::close_twice", ""},
	{"map-at", "media::find_mode", "uncaught-exception"},
	{"vector-at", "media::pick_level", "uncaught-exception"},
	{"filesystem", "media::load_state", ""},
	{"throw", "media::reject", "uncaught-exception"},
	{"noexcept", "media::close_session", ""},
	{"recursion", "media::descend", "stack-overflow"},
	{"lambda-a", "lambda a", "bad-access"},
	{"lambda-b", "lambda b", "bad-access"},
	{"thread", "media::write_level", "bad-access"},
}

// plugged are those of plugin.rs.
var plugged = []struct{ site, blame string }{
	{"1", "find_output"}, {"2", "pick_mode"}, {"3", "parse_node"}, {"4", "lock_state"}, {"5", "unknown_format"}, {"6", "cut_title"}, {"7", "ratio"}, {"8", "read_buffer"}, {"9", "focus"},
}

// program is one build of the crash program.
type program struct {
	name    string
	command []string // compiler and flags
}

// programs are compiled where their compiler is installed.
func programs(t *testing.T) (out []program) {
	all := []string{"g++ -O0", "g++ -O2", "clang++ -O2", "g++ -O3 -flto", "g++ -O1", "g++ -O3", "g++ -Os", "clang++ -O0", "clang++ -O3", `g++ -O2 -DSHIFT="93" -DEXACT_PC`, "g++ -O2 -D_GLIBCXX_ASSERTIONS -fno-omit-frame-pointer"}
	if testing.Short() {
		all = all[:3]
	}
	for _, a := range all {
		f := strings.Fields(a)
		if _, err := exec.LookPath(f[0]); err != nil {
			t.Logf("%s is not installed: its builds are left out", f[0])
			continue
		}
		out = append(out, program{a, f})
	}
	return out
}

const crashesFolder = "dumptest/crashes"

// compile builds the program at where/sites.
func (p program) compile(t *testing.T, where string) string {
	t.Helper()
	source, err := filepath.Abs(filepath.Join(crashesFolder, "sites.cpp"))
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(where, "sites")
	args := append(slices.Clone(p.command[1:]), "-g", "-std=c++17", "-pthread", "-w", "-Wl,--build-id", "-o", binary, source, "-ldl")
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], `-DSHIFT="`, `-DSHIFT="`)
	}
	if b, err := exec.Command(p.command[0], args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", p.command[0], args, err, b)
	}
	return binary
}

// compilePlugin builds the Rust plugin; "" when that cannot be done here.
func compilePlugin(t *testing.T, where string, flags ...string) string {
	t.Helper()
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Log("rustc is not installed: the plugin is left out")
		return ""
	}
	plugin := filepath.Join(where, "libgstwaylanddisplaysrc.so")
	args := append(flags, "-g", "--crate-type", "cdylib", "--crate-name", "waylanddisplaycore", "-Cpanic=abort", "-o", plugin, filepath.Join(crashesFolder, "plugin.rs"))
	if b, err := exec.Command("rustc", args...).CombinedOutput(); err != nil {
		t.Fatalf("rustc %v: %v\n%s", args, err, b)
	}
	return plugin
}

// die runs the program once and keeps its dump.
func die(t *testing.T, binary, site, out string) {
	t.Helper()
	cmd := exec.Command(binary, site, out)
	cmd.Env = append(os.Environ(), "RUST_BACKTRACE=0")
	_ = cmd.Run()
	if info, err := os.Stat(out); err != nil || info.Size() == 0 {
		t.Fatalf("%s %s left no dump", binary, site)
	}
}

// partition counts clusters with dumps of several sites, and sites in several
// clusters, among the dumps whose label is not "".
func partition(r *dump.Report, label func(path string) string) (clusters, sites int, mixed, split []string) {
	in := make(map[string][]string) // label → clusters
	for _, c := range r.Clusters {
		labels := make(map[string]bool)
		for _, f := range c.Files {
			if l := label(f); l != "" {
				labels[l] = true
			}
		}
		if len(labels) == 0 {
			continue
		}
		clusters++
		if len(labels) > 1 {
			mixed = append(mixed, fmt.Sprintf("%s: %v", c.Signature, keys(labels)))
		}
		for l := range labels {
			in[l] = append(in[l], c.Signature)
		}
	}
	for _, l := range keys(in) {
		if len(in[l]) > 1 {
			split = append(split, fmt.Sprintf("%s: %q", l, in[l]))
		}
	}
	return clusters, len(in), mixed, split
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// TestSites: different crashes are apart and one crash is together, without
// symbols in each build, with symbols over all builds; in one build symbols only
// refine. Two dumps are made at each site.
func TestSites(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "objcopy")
	base := t.TempDir()
	dumps := filepath.Join(base, "dumps")
	where := filepath.Join(base, "wolf") // all builds run at the same path, one after the other
	blame := make(map[string]string)     // site → label
	for _, s := range sites {
		blame[s.site] = s.blame
	}
	for _, s := range plugged {
		blame["plugin-"+s.site] = s.blame
	}
	rust := [][]string{{"-Copt-level=2"}, {"-Copt-level=0"}, {"-Copt-level=3", "-Clto=fat", "-Ccodegen-units=1"}, {"-Copt-level=3"}, {"-Copt-level=1", "-Csymbol-mangling-version=v0"}}
	var symbols []string
	list := programs(t)
	if err := os.MkdirAll(dumps, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, p := range list {
		if err := os.RemoveAll(where); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(where, 0o755); err != nil {
			t.Fatal(err)
		}
		binary := p.compile(t, where)
		plugin := compilePlugin(t, where, rust[i%len(rust)]...)
		kept := filepath.Join(base, fmt.Sprintf("symbols%d", i))
		copyTo(t, binary, filepath.Join(kept, filepath.Base(binary)))
		run(t, "objcopy", "--strip-all", binary)
		if plugin != "" {
			copyTo(t, plugin, filepath.Join(kept, filepath.Base(plugin)))
			run(t, "objcopy", "--strip-all", plugin)
		}
		symbols = append(symbols, kept)
		for again := range 2 {
			for _, s := range sites {
				die(t, binary, s.site, filepath.Join(dumps, fmt.Sprintf("%d_%s_%d.dump", i, s.site, again)))
			}
			for _, s := range plugged {
				if plugin != "" {
					die(t, binary, "plugin:"+plugin+":"+s.site, filepath.Join(dumps, fmt.Sprintf("%d_plugin-%s_%d.dump", i, s.site, again)))
				}
			}
		}
	}
	part := func(path string) (build int, site string) {
		f := strings.Split(strings.TrimSuffix(filepath.Base(path), ".dump"), "_")
		build, _ = strconv.Atoi(f[0])
		return build, f[1]
	}
	analyze := func(opts dump.AnalyzeOptions) *dump.Report {
		return dump.Analyze(context.Background(), dump.Collect(context.Background(), []string{dumps}, dump.Options{}), opts)
	}
	plain, named := analyze(dump.AnalyzeOptions{}), analyze(dump.AnalyzeOptions{Symbols: open(t, symbols...)})
	for i, p := range list {
		of := func(path string) string {
			build, site := part(path)
			if build != i {
				return ""
			}
			return blame[site]
		}
		clusters, n, mixed, split := partition(plain, of)
		t.Logf("%s, without symbols: %d clusters of %d crashes, %d mixed, %d split", p.name, clusters, n, len(mixed), len(split))
		if len(mixed)+len(split) > 0 || n < 15 {
			t.Errorf("%s, without symbols: mixed %q, split %q", p.name, mixed, split)
		}
		clusters, n, mixed, split = partition(named, of)
		if len(mixed)+len(split) > 0 {
			t.Errorf("%s, with symbols: %d clusters of %d crashes, mixed %q, split %q", p.name, clusters, n, mixed, split)
		}
	}
	clusters, n, mixed, split := partition(named, func(path string) string {
		build, site := part(path)
		if site == "null-call" {
			return fmt.Sprint(blame[site], build) // nothing is left by which builds could be joined
		}
		return blame[site]
	})
	t.Logf("%d builds with symbols: %d clusters of %d crashes in %d dumps, %d mixed, %d split", len(list), clusters, n, len(named.Files), len(mixed), len(split))
	if len(mixed)+len(split) > 0 {
		t.Errorf("with symbols over all builds: mixed %q, split %q", mixed, split)
	}
	for _, f := range named.Files {
		if f.Cluster == "" {
			t.Errorf("%s is in no cluster: %v", f.Path, f.Warnings)
		}
	}
	refines(t, plain, named, part)
	checkKinds(t, named, part)
}

// refines: dumps of one build that are apart without symbols stay so with them.
func refines(t *testing.T, plain, named *dump.Report, part func(string) (int, string)) {
	t.Helper()
	a, b := make(map[string]string), make(map[string]string)
	for _, f := range plain.Files {
		a[f.Path] = f.Cluster
	}
	for _, f := range named.Files {
		b[f.Path] = f.Cluster
	}
	paths := keys(a)
	for i, p := range paths {
		for _, q := range paths[:i] {
			x, _ := part(p)
			y, _ := part(q)
			if x == y && a[p] != a[q] && b[p] == b[q] {
				t.Errorf("%s and %s are apart without symbols and together with them", filepath.Base(p), filepath.Base(q))
			}
		}
	}
}

// checkKinds compares the site and the kind that are found with the true ones.
func checkKinds(t *testing.T, r *dump.Report, part func(string) (int, string)) {
	t.Helper()
	want := make(map[string][2]string)
	for _, s := range sites {
		want[s.site] = [2]string{s.blame, s.kind}
	}
	for _, s := range plugged {
		want["plugin-"+s.site] = [2]string{s.blame, "rust-panic"}
	}
	want["plugin-8"] = [2]string{"read_buffer", "bad-access"}
	for _, c := range r.Clusters {
		_, site := part(c.Files[0])
		first, _, _ := strings.Cut(c.Signature, " | ")
		w := want[site]
		if !strings.Contains(first, strings.TrimSuffix(strings.TrimSuffix(w[0], " a"), " b")) && !(w[0] == "focus" && strings.Contains(first, "lambda")) {
			t.Errorf("%s: signature %q, want it to start with %s", site, c.Signature, w[0])
		}
		if w[1] != "" && c.Kind != w[1] {
			t.Errorf("%s: kind %q, want %q (%s)", site, c.Kind, w[1], c.What)
		}
	}
}

// TestNamesEqualLLVM compares the names of own frames with llvm-symbolizer's.
func TestNamesEqualLLVM(t *testing.T) {
	t.Parallel()
	needTools(t, "llvm-symbolizer", "g++")
	equal, total := 0, 0
	why := make(map[string]int)
	for i, p := range programs(t) {
		dir := t.TempDir()
		binary := p.compile(t, dir)
		plugin := compilePlugin(t, dir, []string{"-Copt-level=2", "-Copt-level=0", "-Copt-level=3"}[i%3])
		asked := make(map[string]map[symbol.Address]bool)
		ask := func(path string) {
			for object, list := range addressesOf(t, path) {
				if object != binary && object != plugin || object == "" {
					continue
				}
				if asked[object] == nil {
					asked[object] = make(map[symbol.Address]bool)
				}
				for _, a := range list {
					asked[object][a] = true
				}
			}
		}
		for _, s := range sites {
			out := filepath.Join(dir, s.site+".dump")
			die(t, binary, s.site, out)
			ask(out)
		}
		for _, s := range plugged {
			if plugin != "" {
				out := filepath.Join(dir, "plugin-"+s.site+".dump")
				die(t, binary, "plugin:"+plugin+":"+s.site, out)
				ask(out)
			}
		}
		store := open(t, dir)
		for object, set := range asked {
			list := make([]symbol.Address, 0, len(set))
			for a := range set {
				list = append(list, a)
			}
			slices.SortFunc(list, func(a, b symbol.Address) int { return int(int64(a.Offset - b.Offset)) })
			list = slices.CompactFunc(list, func(a, b symbol.Address) bool { return a.Offset == b.Offset })
			got := resolve(store, object, list)
			for k, want := range llvm(t, object, list) {
				total++
				diff := differ(got.Locations[k], want)
				if diff == "" {
					equal++
					continue
				}
				why[diff]++
				if diff == "another function" {
					t.Logf("%s %s %#x: got %+v, llvm-symbolizer %q", p.name, filepath.Base(object), list[k].Offset, got.Locations[k], want)
				}
			}
		}
	}
	t.Logf("%d of %d own frames equal llvm-symbolizer's (%.1f %%); the others: %v", equal, total, 100*float64(equal)/float64(total), why)
	if total < 100 || float64(equal) < 0.98*float64(total) {
		t.Errorf("%d of %d own frames are equal; want 98 %%", equal, total)
	}
}

// llvm returns the names at each address, innermost first.
func llvm(t *testing.T, object string, list []symbol.Address) [][]string {
	t.Helper()
	var in strings.Builder
	for _, a := range list {
		fmt.Fprintf(&in, "0x%x\n", a.Offset)
	}
	cmd := exec.Command("llvm-symbolizer", "--obj="+object, "--output-style=LLVM", "--inlining=true")
	cmd.Stdin = strings.NewReader(in.String())
	b, err := cmd.Output()
	if err != nil {
		t.Fatalf("llvm-symbolizer %s: %v", object, err)
	}
	var out [][]string
	for _, block := range strings.Split(strings.TrimSpace(string(b)), "\n\n") {
		lines := strings.Split(block, "\n")
		var names []string
		for i := 0; i < len(lines); i += 2 {
			names = append(names, lines[i])
		}
		out = append(out, names)
	}
	if len(out) != len(list) {
		t.Fatalf("llvm-symbolizer %s: %d answers for %d addresses", object, len(out), len(list))
	}
	return out
}

// differ says in which way two stacks of names at one address differ; "" for equal.
func differ(got []symbol.Location, want []string) string {
	if len(got) == 0 {
		if want[0] == "??" {
			return ""
		}
		return "no name"
	}
	if len(got) != len(want) {
		return "another number of inlined functions"
	}
	for i := range want {
		g, w := dump.NormalizeFunction(got[i].Function), dump.NormalizeFunction(symbol.Demangle(want[i]))
		if g != w && !strings.HasSuffix(g, "::"+w) && !strings.HasSuffix(w, "::"+g) {
			return "another function"
		}
	}
	return ""
}
