package dump_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
)

// TestNamesEqualLLVM compares the names of own frames with llvm-symbolizer's, at the
// addresses that the program asks for: one further where a signal interrupted.
func TestNamesEqualLLVM(t *testing.T) {
	t.Parallel()
	needTools(t, "llvm-symbolizer", "g++")
	c := comparison{why: make(map[string]int)}
	for n := range suites {
		s := &suites[n]
		for i, p := range programs(t, s.few) {
			c.build(t, s, p, rustBuilds[i%len(rustBuilds)])
		}
	}
	t.Logf("%d of %d own frames equal llvm-symbolizer's (%.1f %%); the others: %v", c.equal, c.total, 100*float64(c.equal)/float64(c.total), c.why)
	if c.total < 50 || float64(c.equal) < 0.98*float64(c.total) {
		t.Errorf("%d of %d own frames are equal; want 98 %% of 50 and more", c.equal, c.total)
	}
}

// comparison counts frames, and in which way those differ that do.
type comparison struct {
	equal, total int
	why          map[string]int
}

// build makes a dump at each site of one build and compares its own frames.
func (c *comparison) build(t *testing.T, s *suite, p program, rust []string) {
	dir := t.TempDir()
	binary, plugin := p.compile(t, s.source, dir), compilePlugin(t, s.plugin, dir, rust...)
	asked := make(map[string][]symbol.Address)
	ask := func(site, name string) {
		out := filepath.Join(dir, name+".dump")
		die(t, binary, site, out)
		for object, list := range addressesOf(t, out) {
			if object == binary || object == plugin && plugin != "" {
				asked[object] = append(asked[object], list...)
			}
		}
	}
	for _, x := range s.sites {
		ask(x.site, x.site)
	}
	for _, x := range s.plugged {
		if plugin != "" {
			ask("plugin:"+plugin+":"+x.site, "plugin-"+x.site)
		}
	}
	store := open(t, dir)
	for object, list := range asked {
		for i := range list {
			if !list[i].Return {
				list[i].Offset++
			}
		}
		slices.SortFunc(list, func(a, b symbol.Address) int { return int(int64(a.Offset - b.Offset)) })
		list = slices.CompactFunc(list, func(a, b symbol.Address) bool { return a.Offset == b.Offset })
		got := resolve(store, object, list)
		for k, want := range llvm(t, object, list) {
			c.total++
			diff := differ(got.Locations[k], want)
			if diff == "" {
				c.equal++
				continue
			}
			c.why[diff]++
			if c.why[diff] <= 10 {
				t.Logf("%s %s %#x: %s: got %+v, llvm-symbolizer %q", p.name, filepath.Base(object), list[k].Offset, diff, got.Locations[k], want)
			}
		}
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
