package dump_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
)

var discriminator = regexp.MustCompile(` \(discriminator \d+\)`)

// addr2line returns, for each address, the functions and places innermost first.
// Those of first are asked for before, and their answers dropped.
func addr2line(t testing.TB, binary string, addresses []symbol.Address, first ...uint64) [][]symbol.Location {
	t.Helper()
	var in strings.Builder
	for _, a := range first {
		fmt.Fprintf(&in, "0x%x\n", a)
	}
	for _, a := range addresses {
		fmt.Fprintf(&in, "0x%x\n", a.Offset)
	}
	cmd := exec.Command("addr2line", "-a", "-f", "-C", "-i", "-e", binary)
	cmd.Stdin = strings.NewReader(in.String())
	b, err := cmd.Output()
	if err != nil {
		t.Fatalf("addr2line -e %s: %v", binary, err)
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
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
			l.File = place[:k]
			l.Line, _ = strconv.Atoi(place[k+1:])
		}
		out[len(out)-1] = append(out[len(out)-1], l)
		i += 2
	}
	return out[len(first):]
}

// warmUp is what to ask addr2line first, so that its answers do not depend on what
// it was asked before. For a function without a linkage name in DWARF (static ones,
// lambdas) libbfd takes the symbol table's name the first time, and gives it to the
// innermost function whatever was inlined there; an outer one has its bare name
// until an address of its own was looked up (binutils 2.40:bfd/dwarf2.c,
// _bfd_dwarf2_find_nearest_line_with_alt). So: all of the functions concerned, then
// the wanted addresses, whose second answer counts.
func warmUp(t testing.TB, binary string, addresses []symbol.Address) (first []uint64) {
	t.Helper()
	for _, f := range functions(t, binary) {
		if slices.ContainsFunc(addresses, func(a symbol.Address) bool { return f.from <= a.Offset && a.Offset < f.to }) {
			for a := f.from; a < f.to; a += 3 {
				first = append(first, a)
			}
		}
	}
	for _, a := range addresses {
		first = append(first, a.Offset)
	}
	return first
}

type function struct {
	name     string
	from, to uint64
}

// functions lists the symbol table.
func functions(t testing.TB, binary string) (out []function) {
	t.Helper()
	for line := range strings.Lines(run(t, "nm", "-S", "--defined-only", binary)) {
		f := strings.Fields(line)
		if len(f) != 4 || !strings.ContainsAny(f[2], "tTwW") {
			continue
		}
		from, _ := strconv.ParseUint(f[0], 16, 64)
		size, _ := strconv.ParseUint(f[1], 16, 64)
		out = append(out, function{f[3], from, from + size})
	}
	return out
}

// everywhere are addresses all over the functions that have debug information.
func everywhere(t testing.TB, binary string, step uint64) (out []symbol.Address) {
	t.Helper()
	for _, f := range functions(t, binary) {
		for a := f.from; a < f.to && strings.HasPrefix(f.name, "_Z"); a += step {
			out = append(out, symbol.Address{Offset: a})
		}
	}
	slices.SortFunc(out, func(a, b symbol.Address) int { return int(int64(a.Offset - b.Offset)) })
	return slices.Compact(out)
}

// tally counts how locations compare with addr2line's.
type tally struct {
	builds            int
	total, cold, warm int // equal to the first answer; to that or to the settled one
	why               map[string]int
	spelling          map[string]string // libiberty's form of a name, to ours
}

func newTally() *tally {
	return &tally{why: make(map[string]int), spelling: make(map[string]string)}
}

// spellings notes the names of a binary that libiberty writes otherwise than the
// demangler used here.
func (c *tally) spellings(t *testing.T, binary string) {
	t.Helper()
	var names []string
	for _, f := range functions(t, binary) {
		names = append(names, f.name)
	}
	cmd := exec.Command("c++filt")
	cmd.Stdin = strings.NewReader(strings.Join(names, "\n") + "\n")
	b, err := cmd.Output()
	if err != nil {
		t.Fatalf("c++filt: %v", err)
	}
	for i, theirs := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		if ours := symbol.Demangle(names[i]); ours != theirs {
			c.spelling[theirs] = ours
		}
	}
}

var (
	cloneSuffix = regexp.MustCompile(` \[clone [^]]*\]`)
	parameters  = regexp.MustCompile(`[^:(]*(\([^()]*\))?$`)
)

// Differences that remain, none of which a reader would want.
const (
	oddSpelling    = "libiberty's demangler: inherited constructors, parameters of lambdas, empty packs"
	oddFirstFile   = "libbfd takes file 1 of a DWARF 5 line table for file 0 before the first DW_LNS_set_file"
	oddColdPart    = "libbfd leaves [clone .cold] out"
	oddLTO         = "libbfd has no name for a function of another LTO unit"
	oddInnermost   = "libbfd gives the function's name to what is inlined at its first address"
	oddOutermost   = "libbfd has the bare name of a function that it did not look up by itself"
	enoughEqual    = 0.995
	enoughAtOnce   = 0.95
	enoughCompared = 50 // of each build
)

// oddity names the known reason for the difference at one level of got; "" when
// there is none.
func (c *tally) oddity(got []symbol.Location, k int, want symbol.Location) string {
	if k >= len(got) {
		return ""
	}
	g, last := got[k], len(got)-1
	g.Column, g.Bare = 0, ""
	plain := func(name string) string { return cloneSuffix.ReplaceAllString(name, "") }
	if g.File != want.File && (strings.HasSuffix(want.File, ".cpp") || strings.HasSuffix(want.File, "/<artificial>")) {
		want.File = g.File // LLVM's addr2line agrees with us
		if g == want || c.oddity(got, k, want) != "" {
			return oddFirstFile
		}
	}
	switch {
	case g.Line != want.Line || g.File != want.File:
		return ""
	case plain(g.Function) == plain(want.Function):
		return oddColdPart
	case want.Function == "":
		return oddLTO
	case k == 0 && last > 0 && plain(want.Function) == plain(got[last].Function):
		return oddInnermost
	case k == last && last > 0 && strings.HasSuffix(dump.NormalizeFunction(g.Function), "::"+dump.NormalizeFunction(want.Function)):
		return oddOutermost
	case c.spelling[want.Function] == g.Function, parameters.ReplaceAllString(g.Function, "") == parameters.ReplaceAllString(want.Function, ""):
		return oddSpelling
	}
	return ""
}

// compare counts, and prints every difference that no oddity explains.
func (c *tally) compare(t *testing.T, addresses []symbol.Address, got, cold, warm [][]symbol.Location) {
	t.Helper()
	c.builds++
	at := func(l []symbol.Location, k int) symbol.Location {
		if k >= len(l) {
			return symbol.Location{}
		}
		l[k].Column = 0
		return l[k]
	}
	for i := range addresses {
		for k := range max(len(warm[i]), len(got[i])) {
			g, w := at(got[i], k), at(warm[i], k)
			bare := g
			if g.Bare != "" {
				bare.Function = g.Bare
			}
			g.Bare, bare.Bare = "", ""
			c.total++
			if bare == at(cold[i], k) {
				c.cold++
			}
			if bare == at(cold[i], k) || g == w || bare == w {
				c.warm++
				continue
			}
			why := c.oddity(got[i], k, w)
			c.why[why]++
			if why == "" {
				t.Logf("%#x level %d: got %+v, addr2line %+v", addresses[i].Offset, k, g, w)
			}
		}
	}
}

func (c *tally) check(t *testing.T) {
	t.Helper()
	t.Logf("of %d locations %d equal addr2line's first answer (%.2f %%), %d that or its answer when asked again (%.2f %%); the others: %v",
		c.total, c.cold, 100*float64(c.cold)/float64(c.total), c.warm, 100*float64(c.warm)/float64(c.total), c.why)
	equal := c.warm + c.why[oddSpelling]
	if c.total < enoughCompared*c.builds || float64(equal) < enoughEqual*float64(c.total) || float64(c.cold) < enoughAtOnce*float64(c.total) {
		t.Errorf("%d of %d are equal but for the spelling, %d at once; want at least %d locations, %v and %v of them", equal, c.total, c.cold, enoughCompared*c.builds, enoughEqual, enoughAtOnce)
	}
	if n := c.why[""]; n > 0 {
		t.Errorf("%d differ for no known reason", n)
	}
}

// settings are the compiler's; with -short only the first two.
func settings(flags ...string) []string {
	if testing.Short() {
		return flags[:2]
	}
	return flags
}

// TestSymbolsEqualAddr2line compares names, files and lines of crashes with
// addr2line, frame by frame and inlined functions included, over builds with other
// settings of the compiler.
func TestSymbolsEqualAddr2line(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "addr2line", "nm", "c++filt")
	c := newTally()
	for _, flags := range settings(
		"-O2 -g",
		"-O0 -g",
		"-O3 -g3 -DVARIANT=37",
		"-O2 -g -gdwarf-4",
		"-O2 -g -gz=zlib",
		"-O2 -g -gdwarf-4 -gz=zlib-gnu",
		"-Os -g -no-pie",
		"-O2 -g -flto",
		"-O2 -g -gno-as-loc-support -ffunction-sections -Wl,--gc-sections",
		"-O2 -g -gdwarf-5 -gno-column-info -gno-variable-location-views",
	) {
		t.Run(flags, func(t *testing.T) {
			dir := t.TempDir()
			binary := build(t, dir, strings.Fields(flags)...)
			c.spellings(t, binary)
			store := open(t, dir)
			var addresses []symbol.Address
			var got, cold [][]symbol.Location
			for _, k := range crashKinds {
				list := addressesOf(t, crash(t, binary, k.kind, dir))[binary]
				res := resolve(store, binary, list)
				if res.Problem != "" || res.Fit != res.Checked || res.Checked == 0 {
					t.Errorf("%s: problem %q, fit %d of %d", k.kind, res.Problem, res.Fit, res.Checked)
				}
				addresses = append(addresses, list...)
				got = append(got, res.Locations...)
				cold = append(cold, addr2line(t, binary, list)...)
			}
			c.compare(t, addresses, got, cold, addr2line(t, binary, addresses, warmUp(t, binary, addresses)...))
		})
	}
	c.check(t)
}

// TestShapesEqualAddr2line does so all over a program with functions of every
// shape, compiled by a relative path.
func TestShapesEqualAddr2line(t *testing.T) {
	t.Parallel()
	needTools(t, "g++", "addr2line", "nm", "c++filt")
	source := t.TempDir()
	for _, name := range []string{"shapes.cpp", "shapes.h"} {
		copyTo(t, filepath.Join("testdata/crash", name), filepath.Join(source, "src", name))
	}
	run(t, "mkdir", filepath.Join(source, "build"))
	c := newTally()
	for _, flags := range settings("-O0 -g", "-O2 -g", "-O2 -g -gdwarf-4", "-O2 -g -flto", "-O1 -g -ffile-prefix-map="+source+"=.") {
		t.Run(flags, func(t *testing.T) {
			binary := filepath.Join(t.TempDir(), "shapes")
			cmd := exec.Command("g++", append(strings.Fields(flags), "-std=c++17", "-w", "-o", binary, "../src/shapes.cpp")...)
			cmd.Dir = filepath.Join(source, "build")
			if b, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %v\n%s", cmd.Args, err, b)
			}
			c.spellings(t, binary)
			addresses := everywhere(t, binary, 13)
			got := resolve(open(t, binary), binary, addresses).Locations
			c.compare(t, addresses, got, addr2line(t, binary, addresses), addr2line(t, binary, addresses, warmUp(t, binary, addresses)...))
		})
	}
	c.check(t)
}
