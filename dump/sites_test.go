package dump_test

import (
	"cmp"
	"context"
	"flag"
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
)

// sites are the ways in which dumptest/crashes/sites.cpp dies: what to ask for,
// the function that is to blame, and what kind of crash it is when names are known.
var sites = []site{
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
var plugged = []site{
	{"1", "find_output", "rust-panic"}, {"2", "pick_mode", "rust-panic"}, {"3", "parse_node", "rust-panic"}, {"4", "lock_state", "rust-panic"}, {"5", "unknown_format", "rust-panic"},
	{"6", "cut_title", "rust-panic"}, {"7", "ratio", "rust-panic"}, {"8", "read_buffer", "bad-access"}, {"9", "focus", "rust-panic"},
}

// program is one build of the crash program.
type program struct {
	name    string
	command []string // compiler and flags
}

var everyBuild = flag.Bool("builds", false, "compile the crash programs in every build, not in three of them: some minutes")

// programs are compiled where their compiler is installed; few leaves out most.
func programs(t *testing.T, few int) (out []program) {
	all := []string{"g++ -O2", "clang++ -O2", "g++ -O3 -flto", "g++ -O0", "clang++ -O3 -flto -fuse-ld=lld", "g++ -O1", "g++ -O3", "g++ -Os", "clang++ -O0", "clang++ -O1", "clang++ -O3", "clang++ -Os",
		`g++ -O2 -DSHIFT="93" -DEXACT_PC`, "g++ -O2 -D_GLIBCXX_ASSERTIONS -fno-omit-frame-pointer"}
	switch {
	case testing.Short():
		all = all[:few]
	case !*everyBuild:
		all = all[:3]
	}
	for _, a := range all {
		f := strings.Fields(a)
		if _, err := exec.LookPath(f[0]); err != nil {
			t.Logf("%s is not installed: its builds are left out", f[0])
			continue
		}
		if _, err := exec.LookPath("ld.lld"); err != nil && slices.Contains(f, "-fuse-ld=lld") {
			t.Log("lld is not installed: its build is left out")
			continue
		}
		out = append(out, program{a, f})
	}
	return out
}

// site is a way in which a program dies: what to ask for, the function that is to
// blame, and what kind of crash it is when names are known ("" for several).
type site struct{ site, blame, kind string }

// suite is a crash program with its plugin. See dumptest/crashes/README.md.
type suite struct {
	name, source, plugin string
	sites, plugged       []site
	few                  int // builds in a short run; 0: left out of it
	// apart are sites that lie elsewhere in the builds whose names begin so, or of
	// which they tell nothing by which they could be joined with others.
	apart map[string]string
}

var suites = []suite{
	{"sites", "sites.cpp", "plugin.rs", sites, plugged, 2, map[string]string{
		"null-call":     "",                  // the stack cannot be walked past address 0
		"two-callers-a": "clang++ -O3 -flto", // the load is moved into the callers
		"two-callers-b": "clang++ -O3 -flto",
	}},
	{"others", "others.cpp", "other.rs", others, othersPlugged, 0, map[string]string{
		"for-each": "clang++ -O3", // the load is ascribed to std::for_each
	}},
}

const crashesFolder = "dumptest/crashes"

// compile builds a program at where/sites.
func (p program) compile(t *testing.T, file, where string) string {
	t.Helper()
	source, err := filepath.Abs(filepath.Join(crashesFolder, file))
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(where, "sites")
	args := append(slices.Clone(p.command[1:]), "-g", "-std=c++17", "-pthread", "-w", "-Wl,--build-id", "-o", binary, source, "-ldl")
	cmd := exec.Command(p.command[0], args...)
	cmd.Dir = where // where clang leaves .dwo files
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", p.command[0], args, err, b)
	}
	return binary
}

// compilePlugin builds the Rust plugin; "" when that cannot be done here.
func compilePlugin(t *testing.T, file, where string, flags ...string) string {
	t.Helper()
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Log("rustc is not installed: the plugin is left out")
		return ""
	}
	plugin := filepath.Join(where, "libgstwaylanddisplaysrc.so")
	args := append(flags, "-g", "--crate-type", "cdylib", "--crate-name", "waylanddisplaycore", "-Cpanic=abort", "-o", plugin, filepath.Join(crashesFolder, file))
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

// rustBuilds are the flags of the plugins, one beside each program in turn.
var rustBuilds = [][]string{{"-Copt-level=2"}, {"-Copt-level=0"}, {"-Copt-level=3", "-Clto=fat", "-Ccodegen-units=1"}, {"-Copt-level=3"}, {"-Copt-level=1", "-Csymbol-mangling-version=v0"}}

// TestSites: different crashes are apart and one crash is together, without
// symbols in each build, with symbols over all builds; in one build symbols only
// refine. Two dumps are made at each site.
func TestSites(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "objcopy")
	for _, s := range suites {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && s.few == 0 {
				t.Skip("takes too long for a short run")
			}
			s.run(t)
		})
	}
}

// blames says for each site's name on a dump which function is to blame.
func (s *suite) blames() map[string]string {
	out := make(map[string]string)
	for _, x := range s.sites {
		out[x.site] = x.blame
	}
	for _, x := range s.plugged {
		out["plugin-"+x.site] = x.blame
	}
	return out
}

// make fills a folder with two dumps of each site and build, and returns where the
// symbols of each build are.
func (s *suite) make(t *testing.T, list []program, dumps string) (symbols []string) {
	base := filepath.Dir(dumps)
	where := filepath.Join(base, "wolf") // all builds run at the same path, one after the other
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
		binary := p.compile(t, s.source, where)
		plugin := compilePlugin(t, s.plugin, where, rustBuilds[i%len(rustBuilds)]...)
		kept := filepath.Join(base, fmt.Sprintf("symbols%d", i))
		copyTo(t, binary, filepath.Join(kept, filepath.Base(binary)))
		run(t, "objcopy", "--strip-all", binary)
		if plugin != "" {
			copyTo(t, plugin, filepath.Join(kept, filepath.Base(plugin)))
			run(t, "objcopy", "--strip-all", plugin)
		}
		symbols = append(symbols, kept)
		for again := range 2 {
			for _, x := range s.sites {
				die(t, binary, x.site, filepath.Join(dumps, fmt.Sprintf("%d_%s_%d.dump", i, x.site, again)))
			}
			for _, x := range s.plugged {
				if plugin != "" {
					die(t, binary, "plugin:"+plugin+":"+x.site, filepath.Join(dumps, fmt.Sprintf("%d_plugin-%s_%d.dump", i, x.site, again)))
				}
			}
		}
	}
	return symbols
}

// part tells build and site from the name of a dump.
func part(path string) (build int, site string) {
	f := strings.Split(strings.TrimSuffix(filepath.Base(path), ".dump"), "_")
	build, _ = strconv.Atoi(f[0])
	return build, f[1]
}

func (s *suite) run(t *testing.T) {
	dumps := filepath.Join(t.TempDir(), "dumps")
	list := programs(t, s.few)
	symbols := s.make(t, list, dumps)
	blame := s.blames()
	label := func(build int, site string) string {
		if in, ok := s.apart[site]; ok && strings.HasPrefix(list[build].name, in) {
			return site + " of " + cmp.Or(in, list[build].name)
		}
		return blame[site]
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
			return label(build, site)
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
	clusters, n, mixed, split := partition(named, func(path string) string { return label(part(path)) })
	t.Logf("%d builds with symbols: %d clusters of %d crashes in %d dumps, %d mixed, %d split", len(list), clusters, n, len(named.Files), len(mixed), len(split))
	if len(mixed)+len(split) > 0 {
		t.Errorf("with symbols over all builds: mixed %q, split %q", mixed, split)
	}
	for _, f := range named.Files {
		if f.Cluster == "" {
			t.Errorf("%s is in no cluster: %v", f.Path, f.Warnings)
		}
	}
	refines(t, plain, named)
	s.checkKinds(t, named)
}

// refines: dumps of one build that are apart without symbols stay so with them.
func refines(t *testing.T, plain, named *dump.Report) {
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

// closures are functions whose fault is in a closure of theirs, which some builds
// name by its file alone.
var closures = map[string]bool{"focus": true, "sum_levels": true, "plugin_run": true}

// checkKinds compares the site and the kind that are found with the true ones.
func (s *suite) checkKinds(t *testing.T, r *dump.Report) {
	t.Helper()
	want := make(map[string][2]string)
	for _, x := range s.sites {
		want[x.site] = [2]string{x.blame, x.kind}
	}
	for _, x := range s.plugged {
		want["plugin-"+x.site] = [2]string{x.blame, x.kind}
	}
	for _, c := range r.Clusters {
		_, site := part(c.Files[0])
		first, _, _ := strings.Cut(c.Signature, " | ")
		w := want[site]
		if !strings.Contains(first, strings.TrimSuffix(strings.TrimSuffix(w[0], " a"), " b")) && !(closures[w[0]] && strings.Contains(first, "lambda")) && s.apart[site] == "" {
			t.Errorf("%s: signature %q, want it to start with %s", site, c.Signature, w[0])
		}
		if w[1] != "" && c.Kind != w[1] {
			t.Errorf("%s: kind %q, want %q (%s)", site, c.Kind, w[1], c.What)
		}
	}
}
