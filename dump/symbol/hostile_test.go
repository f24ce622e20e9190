package symbol

import (
	"bytes"
	"context"
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func tiny(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tinyAddresses are a return address and one inside of an inlined function.
var tinyAddresses = []Address{{Offset: 0x1027}, {Offset: 0x103b, Return: true}}

// lookAll does with a file's bytes what Resolve does.
func lookAll(ctx context.Context, data []byte, addresses []Address) (out [][]Location, problem string) {
	out = make([][]Location, len(addresses))
	im, err := newImage("x", data)
	if err != nil {
		return out, err.Error()
	}
	if _, err := safeFit(im, addresses); err != nil {
		problem = err.Error()
	}
	var plain map[int]bool
	if im.hasDWARF() {
		var p string
		plain, p = lookUp(ctx, im, nil, nil, addresses, out)
		problem = join(problem, p)
	}
	fromTables(im, im, nil, addresses, plain, out)
	_ = guarded(func() error { im.buildID(); im.debugLink(); return nil })
	return out, problem
}

func TestTiny(t *testing.T) {
	want := [][]Location{
		{{Function: "twice", File: "/src/tiny.c", Line: 6, Column: 8}, {Function: "tiny_callee", File: "/src/tiny.c", Line: 10, Column: 59}},
		{{Function: "tiny_caller", File: "/src/tiny.c", Line: 12, Column: 33}},
	}
	for _, name := range []string{"tiny5.so", "tiny4z.so"} {
		got, problem := lookAll(context.Background(), tiny(t, name), tinyAddresses)
		for i := range got {
			for k := range got[i] {
				got[i][k].Column = want[i][k].Column // compilers differ in columns
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || problem != "" {
			t.Errorf("%s: problem %q (-want +got):\n%s", name, problem, diff)
		}
	}
	im, err := newImage("tiny", tiny(t, "tiny5.so"))
	if err != nil {
		t.Fatal(err)
	}
	if f, err := im.fit([]Address{{Offset: 0x103b, Return: true}, {Offset: 0x103a, Return: true}, {Offset: 0x1027}}); f.fits != 1 || f.checked != 2 || len(f.misfits) != 1 || err != nil {
		t.Errorf("fit %+v, %v; want 1 of 2", f, err)
	}
}

// TestScannerEqualsPlain compares the entries with those of debug/dwarf.
func TestScannerEqualsPlain(t *testing.T) {
	files := []string{"testdata/tiny5.so", "testdata/tiny4z.so"}
	if _, err := exec.LookPath("g++"); err == nil {
		for _, version := range []string{"-gdwarf-4", "-gdwarf-5"} {
			out := filepath.Join(t.TempDir(), "crash")
			if b, err := exec.Command("g++", "-std=c++17", "-O2", "-g", version, "-w", "-pthread", "-o", out, "../testdata/crash/crash.cpp").CombinedOutput(); err != nil {
				t.Fatalf("g++: %v\n%s", err, b)
			}
			files = append(files, out)
		}
	}
	for _, f := range files {
		im, err := openImage(f)
		if err != nil {
			t.Fatal(err)
		}
		if !im.hasDWARF() {
			continue // tests may be linked without
		}
		dd, err := newDWARF(context.Background(), im, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := dd.d.Reader()
		n := 0
		for _, u := range dd.units {
			s, err := newScanner(dd.info, dd.abbrev, u)
			if err != nil {
				t.Fatal(err)
			}
			r.Seek(dwarf.Offset(u.first))
			var d die
			for {
				ok, err := s.next(&d)
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				e, err := r.Next()
				if err != nil {
					t.Fatal(err)
				}
				if e.Tag == 0 && d.tag == 0 {
					continue // the end of a list of children
				}
				low, located := e.Val(dwarf.AttrLowpc).(uint64)
				if e.Offset != dwarf.Offset(d.offset) || e.Tag != d.tag || e.Children != d.children || located != d.located && !d.complex || located && d.located && low != d.low {
					t.Fatalf("%s: entry %+v, debug/dwarf has %+v", f, d, e)
				}
				if sibling, ok := e.Val(dwarf.AttrSibling).(dwarf.Offset); ok && uint64(sibling) != d.sibling {
					t.Fatalf("%s: entry %+v, debug/dwarf has sibling %#x", f, d, sibling)
				}
				n++
			}
		}
		if n < 10 {
			t.Errorf("%s: only %d entries", f, n)
		}
		im.close()
	}
}

// mutate changes the content of a section in place.
func mutate(t *testing.T, name, section string, change func([]byte)) []byte {
	t.Helper()
	b := bytes.Clone(tiny(t, name))
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	s := f.Section(section)
	if s == nil {
		t.Fatalf("no section %s", section)
	}
	change(b[s.Offset : s.Offset+s.FileSize])
	return b
}

func TestHostile(t *testing.T) {
	huge := func(b []byte) { binary.LittleEndian.PutUint32(b, 0xfffffff0) }
	for _, tc := range []struct {
		name string
		data []byte
		want string // in the problem
	}{
		{"empty", nil, "no ELF file"},
		{"text", bytes.Repeat([]byte("hello "), 99), "no ELF file"},
		{"32-bit", func() []byte { b := bytes.Clone(tiny(t, "tiny5.so")); b[4] = 1; return b }(), "64-bit"},
		{"big-endian", func() []byte { b := bytes.Clone(tiny(t, "tiny5.so")); b[5] = 2; return b }(), "little-endian"},
		{"cut off", tiny(t, "tiny5.so")[:5000], ""},
		{"65535 sections", func() []byte {
			b := bytes.Clone(tiny(t, "tiny5.so"))
			binary.LittleEndian.PutUint16(b[60:], 0xffff)
			return b
		}(), "sections"},
		{"unit longer than the section", mutate(t, "tiny5.so", ".debug_info", huge), "has length"},
		{"line table with 2^56 files", mutate(t, "tiny5.so", ".debug_line", func(b []byte) {
			// header 12+6, 12 opcode lengths, then the folders: format count 1, two
			// numbers of format, and the number of folders
			i := bytes.Index(b, []byte{0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1}) + 12
			copy(b[i+3:], []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
		}), "files in"},
		{"abbreviations without end", mutate(t, "tiny5.so", ".debug_abbrev", func(b []byte) {
			for i := range b {
				b[i] = 1
			}
		}), ""},
		{"compressed section that claims a terabyte", mutate(t, "tiny4z.so", ".debug_info", func(b []byte) {
			binary.LittleEndian.PutUint64(b[8:], 1<<40) // ch_size of Elf64_Chdr
		}), "claims"},
		{"broken compression", mutate(t, "tiny4z.so", ".debug_info", func(b []byte) { b[30] ^= 0xff }), "section .debug_info"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			_, problem := lookAll(ctx, tc.data, tinyAddresses)
			if !strings.Contains(problem, tc.want) {
				t.Errorf("problem %q, want %q", problem, tc.want)
			}
			if ctx.Err() != nil {
				t.Error("took longer than 5 s")
			}
		})
	}
}

// TestOverlappingAbbreviations: many units, each with an abbreviation table that
// starts a byte later in one long table, would take quadratic time.
func TestOverlappingAbbreviations(t *testing.T) {
	const n = 20000
	var info []byte
	for i := range n {
		u := binary.LittleEndian.AppendUint32(nil, 8)
		u = binary.LittleEndian.AppendUint16(u, 4)
		u = binary.LittleEndian.AppendUint32(u, uint32(i))
		info = append(info, append(u, 8, 0)...)
	}
	units, err := unitHeaders(info)
	if err != nil || len(units) != n {
		t.Fatalf("%d units, %v", len(units), err)
	}
	if err := checkAbbrevs(bytes.Repeat([]byte{1, 1, 0, 0, 0}, n), units); err == nil || !strings.Contains(err.Error(), "overlap") {
		t.Errorf("error %v, want one about overlapping tables", err)
	}
}

// TestRandomDamage flips bytes: no panic, no hang, no heap out of proportion.
func TestRandomDamage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	named := 0
	for _, name := range []string{"tiny5.so", "tiny4z.so"} {
		good := tiny(t, name)
		for range 1500 {
			b := bytes.Clone(good)
			for range 1 + rng.IntN(20) {
				b[rng.IntN(len(b))] = byte(rng.IntN(256))
			}
			if rng.IntN(8) == 0 {
				b = b[:rng.IntN(len(b))]
			}
			out, _ := lookAll(ctx, b, tinyAddresses)
			for _, l := range out {
				named += len(l)
			}
		}
	}
	if ctx.Err() != nil {
		t.Fatal("took longer than a minute")
	}
	if named == 0 {
		t.Error("damage of a few bytes never left a name")
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.Sys > 2<<30 {
		t.Errorf("%d MiB of memory", m.Sys>>20)
	}
}

func TestCallChecks(t *testing.T) {
	for _, tc := range []struct {
		code  string
		amd64 bool
	}{
		{"e812340000", true}, {"ffd0", true}, {"41ffd4", true}, {"ff5018", true}, {"41ff542418", true}, {"ff159a2e0000", true}, {"ff142512345678", true}, {"ff9080000000", true},
		{"e912340000", false}, {"ffe0", false}, {"c3", false}, {"ff2590909090", false}, {"0f1f4000", false}, {"ff50", false},
	} {
		var code []byte
		if _, err := fmt.Sscanf(tc.code, "%x", &code); err != nil {
			t.Fatal(err)
		}
		padded := append(bytes.Repeat([]byte{0x90}, 8), code...)
		if got := callAMD64(padded[len(padded)-8:], 0); got != tc.amd64 {
			t.Errorf("amd64 %s: %v, want %v", tc.code, got, tc.amd64)
		}
	}
	for _, tc := range []struct {
		insn uint32
		end  uint64
		want bool
	}{{0x94000123, 4, true}, {0xd63f0100, 8, true}, {0xd73f0911, 8, true}, {0x14000123, 8, false}, {0xd65f03c0, 8, false}, {0x94000123, 6, false}} {
		if got := callARM64(binary.LittleEndian.AppendUint32(nil, tc.insn), tc.end); got != tc.want {
			t.Errorf("arm64 %#x at %d: %v, want %v", tc.insn, tc.end, got, tc.want)
		}
	}
}

// TestLineHeaderNames: entries that all point at one long name make no gigabytes.
func TestLineHeaderNames(t *testing.T) {
	header := func(files int) []byte {
		b := []byte{0xff, 0xff, 0xff, 0x0f, 5, 0, 8, 0, 0xff, 0xff, 0xff, 0x0f, 1, 1, 1, 0xfb, 14, 1}
		b = append(b, 1, 1, 0x1f, 1, 0, 0, 0, 0) // one folder: line_strp 0
		b = append(b, 2, 1, 0x1f, 2, 0x0b)       // a file is a line_strp and a data1
		b = binary.AppendUvarint(b, uint64(files))
		return append(b, bytes.Repeat([]byte{0, 0, 0, 0, 0}, files)...)
	}
	for _, tc := range []struct {
		name  string
		long  int // of the name
		files int
		whole bool
	}{
		{"a few", 20, 3, true},
		{"many long ones", 8000, 200000, false},
		{"one that never ends", 1 << 20, 1, false},
	} {
		dd := &dwarfData{line: header(tc.files), lineStr: append(bytes.Repeat([]byte("x"), tc.long), 0)}
		names, err := dd.fileNames(0, "/build")
		if tc.whole != (err == nil) {
			t.Errorf("%s: error %v", tc.name, err)
		}
		if tc.whole && (len(names) != tc.files || names[0] != "/build/"+strings.Repeat("x", tc.long)+"/"+strings.Repeat("x", tc.long)) {
			t.Errorf("%s: names %q", tc.name, names)
		}
	}
}

func FuzzImage(f *testing.F) {
	for _, name := range []string{"tiny5.so", "tiny4z.so"} {
		f.Add(tiny(f, name), uint64(0x1027))
	}
	f.Fuzz(func(t *testing.T, data []byte, at uint64) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		addresses := []Address{{Offset: at, Return: true}, {Offset: at + 1}}
		if at+1 < at {
			return
		}
		out, _ := lookAll(ctx, data, addresses)
		if ctx.Err() != nil {
			t.Fatal("took longer than 10 s")
		}
		if len(out) != len(addresses) {
			t.Fatalf("%d results for %d addresses", len(out), len(addresses))
		}
		again, _ := lookAll(ctx, data, addresses)
		if diff := cmp.Diff(out, again); diff != "" {
			t.Fatalf("looking twice gives different names:\n%s", diff)
		}
		// Names come out of the file and are never made up. Mangled ones read
		// otherwise, and compressed ones cannot be seen here.
		if bytes.Contains(data, []byte("_Z")) || bytes.Contains(data, []byte("_R")) || compressed(data) {
			return
		}
		for _, l := range out {
			for _, x := range l {
				if !bytes.Contains(data, []byte(x.Function)) {
					t.Fatalf("function %q is not in the file", x.Function)
				}
			}
		}
	})
}

// compressed files have their names where bytes.Contains does not see them.
func compressed(data []byte) bool {
	im, err := newImage("x", data)
	if err != nil {
		return false
	}
	for _, s := range im.elf.Sections {
		if s.Flags&elf.SHF_COMPRESSED != 0 || strings.HasPrefix(s.Name, ".z") {
			return true
		}
	}
	return false
}
