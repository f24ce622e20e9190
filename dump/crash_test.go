package dump_test

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
)

// crashKinds are the ways in which testdata/crash dies, with the function that is
// to blame; "" where the stack cannot be walked past the fault.
var crashKinds = []struct{ kind, site string }{
	{"segv", "streaming::clamp_profile"},
	{"abort", "streaming::refuse"},
	{"throw", "streaming::{anonymous}::check_list"},
	{"recursion", "streaming::clamp_profile"},
	{"lambda", "streaming::clamp_profile"},
	{"strlen", "streaming::Session::start"},
	{"free", "streaming::Session::start"},
	{"map", "streaming::Session::start"},
	{"thread-segv", "streaming::clamp_profile"},
}

func needTools(t testing.TB, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
}

// build compiles the crashing program.
func build(t testing.TB, dir string, flags ...string) string {
	t.Helper()
	out := filepath.Join(dir, "crash")
	source, err := filepath.Abs("testdata/crash/crash.cpp")
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-std=c++17", "-pthread", "-rdynamic", "-w", "-Wl,--build-id", "-o", out}, flags...)
	cmd := exec.Command("g++", append(args, source)...)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("g++ %v: %v\n%s", args, err, b)
	}
	return out
}

// crash runs the program until it dies and returns the dump's path.
func crash(t testing.TB, binary, kind, dir string) string {
	t.Helper()
	out := filepath.Join(dir, kind+".dump")
	err := exec.Command(binary, kind, out).Run()
	if err == nil {
		t.Fatalf("%s %s did not crash", binary, kind)
	}
	if _, err := os.Stat(out); err != nil {
		t.Fatalf("%s %s left no dump: %v", binary, kind, err)
	}
	return out
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	b, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, b)
	}
	return string(b)
}

var discriminator = regexp.MustCompile(` \(discriminator \d+\)`)

// addr2line returns, for each address, the functions and places innermost first.
func addr2line(t testing.TB, binary string, addresses []symbol.Address) [][]symbol.Location {
	t.Helper()
	args := []string{"-a", "-f", "-C", "-i", "-e", binary}
	for _, a := range addresses {
		args = append(args, fmt.Sprintf("0x%x", a.Offset))
	}
	lines := strings.Split(strings.TrimRight(run(t, "addr2line", args...), "\n"), "\n")
	var out [][]symbol.Location
	for i := 0; i < len(lines); {
		if strings.HasPrefix(lines[i], "0x") {
			out = append(out, nil)
			i++
			continue
		}
		if i+1 >= len(lines) {
			t.Fatalf("addr2line: odd output %q", lines)
		}
		var l symbol.Location
		if lines[i] != "??" {
			l.Function = lines[i]
		}
		place := discriminator.ReplaceAllString(lines[i+1], "")
		if k := strings.LastIndexByte(place, ':'); k > 0 && place[:k] != "??" {
			l.File = path.Clean(place[:k])
			l.Line, _ = strconv.Atoi(place[k+1:])
		}
		out[len(out)-1] = append(out[len(out)-1], l)
		i += 2
	}
	return out
}

// addressesOf lists what a dump asks of each object, sorted.
func addressesOf(t testing.TB, dumpPath string) map[string][]symbol.Address {
	t.Helper()
	b, err := os.ReadFile(dumpPath)
	if err != nil {
		t.Fatal(err)
	}
	tr := decode(b)
	if tr.Kind != dump.KindCpptrace || tr.Status != dump.StatusOK {
		t.Fatalf("%s: %s %s %v", dumpPath, tr.Kind, tr.Status, tr.Warnings)
	}
	dump.SignatureOf(tr.Frames)
	out := make(map[string][]symbol.Address)
	for i, f := range tr.Frames {
		if f.Module == "" || f.Role == dump.RoleTrampoline {
			continue
		}
		a := symbol.Address{Offset: f.Object, Return: i == 0 || tr.Frames[i-1].Role != dump.RoleTrampoline}
		list := out[f.Module]
		at := 0
		for at < len(list) && list[at].Offset < a.Offset {
			at++
		}
		if at < len(list) && list[at] == a {
			continue
		}
		out[f.Module] = append(list[:at:at], append([]symbol.Address{a}, list[at:]...)...)
	}
	return out
}

// TestSymbolsEqualAddr2line compares names, files and lines with addr2line, frame
// by frame and inlined functions included, over builds with other compilers'
// settings. Every difference is printed.
func TestSymbolsEqualAddr2line(t *testing.T) {
	needTools(t, "g++", "addr2line")
	var tally counts
	var mu sync.Mutex
	t.Run("builds", func(t *testing.T) {
		for _, flags := range [][]string{
			{"-O2", "-g"},
			{"-O0", "-g"},
			{"-O3", "-g3", "-DVARIANT=37"},
			{"-O2", "-g", "-gdwarf-4"},
			{"-O2", "-g", "-gz=zlib"},
			{"-O2", "-g", "-gdwarf-4", "-gz=zlib-gnu"},
			{"-Os", "-g", "-no-pie"},
			{"-O2", "-g", "-flto"},
			{"-O2", "-g", "-gno-as-loc-support", "-ffunction-sections", "-Wl,--gc-sections"},
			{"-O2", "-g", "-gdwarf-5", "-gno-column-info", "-gno-variable-location-views"},
		} {
			t.Run(strings.Join(flags, " "), func(t *testing.T) {
				dir := t.TempDir()
				binary := build(t, dir, flags...)
				store := open(t, dir)
				for _, k := range crashKinds {
					addresses := addressesOf(t, crash(t, binary, k.kind, dir))[binary]
					got := resolve(store, binary, addresses)
					if got.Problem != "" || got.Fit != got.Checked || got.Checked == 0 {
						t.Errorf("%s: problem %q, fit %d of %d", k.kind, got.Problem, got.Fit, got.Checked)
					}
					c := compare(t, k.kind, addresses, got.Locations, addr2line(t, binary, addresses))
					mu.Lock()
					tally = counts{tally.total + c.total, tally.equal + c.equal, tally.explained + c.explained}
					mu.Unlock()
				}
			})
		}
	})
	if tally.total < 500 || tally.explained*20 > tally.total || float64(tally.equal) < 0.995*float64(tally.total-tally.explained) {
		t.Errorf("of %d locations %d equal addr2line's and %d differ for known reasons; want at least 500, 99.5 %% of the rest equal, at most 5 %% with reasons", tally.total, tally.equal, tally.explained)
	}
	t.Logf("of %d locations %d equal addr2line's, %d differ for known reasons", tally.total, tally.equal, tally.explained)
}

// counts tells how locations compare with addr2line's.
type counts struct{ total, equal, explained int }

// explain says why addr2line has another name for the location k of l; "" when it
// should not. For functions without a linkage name (static ones, lambdas) libbfd
// takes the symbol table's name, but puts it on the innermost function, whatever
// was inlined there (binutils:bfd/dwarf2.c, _bfd_dwarf2_find_nearest_line_with_alt).
func explain(l []symbol.Location, k int, want symbol.Location) string {
	last := len(l) - 1
	if last == 0 || k > last || l[k].Line != want.Line || path.Clean(l[k].File) != want.File {
		return ""
	}
	if k == 0 && !strings.Contains(l[0].Function, "::") {
		return "the table's name on an inlined function"
	}
	bare := dump.NormalizeFunction(l[last].Function)
	if k == last && strings.HasSuffix(bare, "::"+want.Function) {
		return "the bare name of the outer function"
	}
	return ""
}

func compare(t *testing.T, kind string, addresses []symbol.Address, got, want [][]symbol.Location) (c counts) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d addresses resolved, addr2line has %d", len(got), len(want))
	}
	for i := range want {
		for k := range max(len(want[i]), len(got[i])) {
			var g, w symbol.Location
			if k < len(got[i]) {
				g = got[i][k]
				g.Column = 0
				g.File = path.Clean(g.File)
			}
			if k < len(want[i]) {
				w = want[i][k]
			}
			if w.File == "" {
				w.File = "."
			}
			if g.File == "" {
				g.File = "."
			}
			c.total++
			if g == w {
				c.equal++
				continue
			}
			if explain(got[i], k, w) != "" {
				c.explained++
				continue
			}
			t.Logf("%s %#x level %d: got %+v, addr2line %+v", kind, addresses[i].Offset, k, g, w)
		}
	}
	return c
}
