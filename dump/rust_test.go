package dump_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"wolfdiag/dump"
	"wolfdiag/dump/symbol"
)

func buildRust(t *testing.T, flags ...string) string {
	t.Helper()
	needTools(t, "rustc")
	out := filepath.Join(t.TempDir(), "panic")
	run(t, "rustc", append(append([]string{"-g", "-o", out}, flags...), "testdata/crash/panic.rs")...)
	return out
}

// TestRustEqualsAddr2line compares names and lines all over the program's own
// functions, in both manglings.
func TestRustEqualsAddr2line(t *testing.T) {
	t.Parallel()
	needTools(t, "rustc", "nm", "addr2line")
	for _, flags := range [][]string{{"-O"}, {"-O", "-Csymbol-mangling-version=v0"}, {}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			binary := buildRust(t, flags...)
			var addresses []symbol.Address
			for line := range strings.Lines(run(t, "nm", "-S", "--defined-only", binary)) {
				f := strings.Fields(line)
				if len(f) != 4 || !strings.Contains(f[3], "panic") || !strings.Contains(f[3], "comp") && !strings.Contains(f[3], "main") || strings.ToLower(f[2]) != "t" {
					continue
				}
				at, _ := strconv.ParseUint(f[0], 16, 64)
				size, _ := strconv.ParseUint(f[1], 16, 64)
				for o := uint64(0); o < size && o < 1500; o += 11 {
					addresses = append(addresses, symbol.Address{Offset: at + o})
				}
			}
			sort.Slice(addresses, func(i, j int) bool { return addresses[i].Offset < addresses[j].Offset })
			got := resolve(open(t, binary), binary, addresses)
			want := addr2line(t, binary, addresses)
			total, equal := 0, 0
			for i := range want {
				for k := range max(len(want[i]), len(got.Locations[i])) {
					total++
					if k >= len(want[i]) || k >= len(got.Locations[i]) {
						continue
					}
					w, g := want[i][k], got.Locations[i][k]
					name := dump.NormalizeFunction(g.Function)
					same := name == dump.NormalizeFunction(symbol.Demangle(w.Function)) || strings.HasSuffix(name, "::"+dump.NormalizeFunction(w.Function))
					if same && w.Line == g.Line {
						equal++
						continue
					}
					t.Logf("%#x level %d: got %+v, addr2line %+v", addresses[i].Offset, k, g, w)
				}
			}
			t.Logf("%d of %d locations equal", equal, total)
			if total < 60 || float64(equal) < 0.98*float64(total) {
				t.Errorf("%d of %d locations equal addr2line's", equal, total)
			}
		})
	}
}

// TestRustBacktrace reads what Rust's own runtime prints.
func TestRustBacktrace(t *testing.T) {
	t.Parallel()
	binary := buildRust(t, "-O")
	for _, mode := range []string{"1", "full"} {
		cmd := exec.Command(binary, "not-there")
		cmd.Env = []string{"RUST_BACKTRACE=" + mode}
		var text strings.Builder
		cmd.Stderr = &text
		if err := cmd.Run(); err == nil {
			t.Fatal("the program did not panic")
		}
		tr, ok := dump.ParsePrinted(text.String())
		if !ok || tr.Status != dump.StatusOK {
			t.Fatalf("mode %s: %v, status %s, %v in\n%s", mode, ok, tr.Status, tr.Warnings, text.String())
		}
		s := dump.SignatureOf(tr.Frames)
		if first, _, _ := strings.Cut(s.Top, " | "); first != "panic::comp::State::render" && first != "panic::comp::helper" {
			t.Errorf("mode %s: signature %q", mode, s.Top)
		}
		if !strings.Contains(tr.Header, "panicked at") {
			t.Errorf("mode %s: header %q", mode, tr.Header)
		}
		path := filepath.Join(t.TempDir(), "saved.log")
		writeDump(t, path, []byte(text.String()))
		r := dump.Analyze(context.Background(), dump.Collect(context.Background(), []string{path}, dump.Options{}), dump.AnalyzeOptions{})
		if len(r.Files) != 1 || r.Files[0].Status != dump.StatusOK {
			t.Errorf("mode %s: files %+v", mode, r.Files)
		}
	}
}
