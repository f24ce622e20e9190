package dump_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

func writeDump(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// analyzeAll writes each trace to a file and returns the report.
func analyzeAll(t testing.TB, traces map[string][]byte, opts dump.AnalyzeOptions) *dump.Report {
	t.Helper()
	dir := t.TempDir()
	for name, b := range traces {
		writeDump(t, filepath.Join(dir, name), b)
	}
	return dump.Analyze(context.Background(), dump.Collect(context.Background(), []string{dir}, dump.Options{}), opts)
}

// grouping returns the clusters as sorted lists of file names.
func grouping(r *dump.Report) map[string]string {
	out := make(map[string]string)
	for _, c := range r.Clusters {
		for _, f := range c.Files {
			out[filepath.Base(f)] = c.ID
		}
	}
	return out
}

func TestClusters(t *testing.T) {
	t.Parallel()
	seg := func(seed uint64, own ...uint64) []byte {
		return dumptest.Cpptrace(dumptest.NewProcess(seed).Segv(own...))
	}
	otherBuild := func(seed uint64, own ...uint64) []byte {
		f := dumptest.NewProcess(seed).Segv(own...)
		f[0] = dumptest.NewProcess(seed).At(dumptest.Wolf, 0x5555)
		return dumptest.Cpptrace(f)
	}
	r := analyzeAll(t, map[string][]byte{
		"a1.dump":      seg(1, 0x100, 0x200, 0x300),
		"a2.dump":      seg(2, 0x100, 0x200, 0x300),
		"a3.dump":      seg(3, 0x100, 0x900, 0xa00), // same site, other callers
		"a4.dump":      seg(4, 0x100, 0x200, 0x200, 0x200, 0x300),
		"b1.dump":      seg(5, 0x110, 0x200, 0x300), // other site, same callers
		"c1.dump":      otherBuild(6, 0x100, 0x200, 0x300),
		"boost1.dump":  dumptest.Boost(dumptest.NewProcess(8).Segv(0x10000, 0x20000)),
		"boost2.dump":  dumptest.Boost(dumptest.NewProcess(9).Segv(0x10000, 0x20000)),
		"print.dump":   []byte(dumptest.Printed(named("shutdown_handler", "a::b", "a::c"), true)),
		"nothing.dump": []byte("no trace"),
	}, dump.AnalyzeOptions{})
	got := grouping(r)
	for _, tc := range []struct {
		a, b string
		same bool
	}{
		{"a1.dump", "a2.dump", true}, {"a1.dump", "a3.dump", true}, {"a1.dump", "a4.dump", true},
		{"a1.dump", "b1.dump", false}, {"a1.dump", "c1.dump", false}, {"boost1.dump", "boost2.dump", true},
		{"a1.dump", "boost1.dump", false}, {"a1.dump", "print.dump", false},
	} {
		if got[tc.a] == "" || (got[tc.a] == got[tc.b]) != tc.same {
			t.Errorf("%s in %q, %s in %q; want same cluster: %v", tc.a, got[tc.a], tc.b, got[tc.b], tc.same)
		}
	}
	if got["nothing.dump"] != "" {
		t.Error("a file without a trace is in a cluster")
	}
	first := r.Clusters[0]
	if first.Count != 4 || first.Traces != 3 || first.Build != "wolf+0x4e1a" || first.Signature != "wolf+0x100 | wolf+0x200 | wolf+0x300" {
		t.Errorf("first cluster: count %d, traces %d, build %q, signature %q", first.Count, first.Traces, first.Build, first.Signature)
	}
}

// TestClustersSeeBugsThroughNames: with names the same bug of two builds is one
// cluster, although every offset differs.
func TestClustersSeeBugsThroughNames(t *testing.T) {
	r := analyzeAll(t, map[string][]byte{
		"a.dump": []byte(dumptest.Printed(named("shutdown_handler", "a::b(int)", "a::c"), true)),
		"b.dump": []byte(dumptest.Printed(named("shutdown_handler(int)", "a::b(int)", "a::d", "a::e"), false)),
		"c.dump": []byte(dumptest.Printed(named("shutdown_handler", "a::x", "a::c"), true)),
	}, dump.AnalyzeOptions{})
	got := grouping(r)
	if got["a.dump"] != got["b.dump"] || got["a.dump"] == got["c.dump"] {
		t.Errorf("clusters %v, want a and b together, c apart", got)
	}
}

func TestClustersCauseHook(t *testing.T) {
	r := analyzeAll(t, map[string][]byte{"a.dump": dumptest.Cpptrace(dumptest.NewProcess(1).Segv(0x100))}, dump.AnalyzeOptions{
		Cause: func(frames []dump.Frame, _ string) string { return fmt.Sprintf("%s-%d", frames[2].Role, len(frames)) },
	})
	if len(r.Clusters) != 1 || r.Clusters[0].Cause != "own-5" {
		t.Errorf("clusters %+v, want one with cause own-5", r.Clusters)
	}
}

// TestClustersOrder: the clusters do not depend on the order or names of files.
func TestClustersOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var contents [][]byte
	for i := range 120 {
		own := []uint64{0x100 + uint64(rng.IntN(6))*16}
		for range 1 + rng.IntN(4) {
			own = append(own, 0x1000+uint64(rng.IntN(5))*16)
		}
		contents = append(contents, dumptest.Cpptrace(dumptest.NewProcess(uint64(i)).Segv(own...)))
	}
	partition := func(perm []int) map[int]string {
		files := make(map[string][]byte)
		for pos, i := range perm {
			files[fmt.Sprintf("backtrace.%03d.dump", pos)] = contents[i]
		}
		by := grouping(analyzeAll(t, files, dump.AnalyzeOptions{}))
		out := make(map[int]string)
		for pos, i := range perm {
			out[i] = by[fmt.Sprintf("backtrace.%03d.dump", pos)]
		}
		return out
	}
	want := partition(rng.Perm(len(contents)))
	for range 3 {
		if diff := cmp.Diff(want, partition(rng.Perm(len(contents)))); diff != "" {
			t.Fatalf("another order gives other clusters:\n%s", diff)
		}
	}
}

func TestClustersTwoThreadsOfOneProcess(t *testing.T) {
	long := dumptest.NewProcess(5).Segv(0x500, 0x600, 0x700, 0x800)
	short := dumptest.NewProcess(5).Segv(0x100)
	overlaid := append(append([]dump.Frame{}, short...), long[len(short):]...)
	r := analyzeAll(t, map[string][]byte{
		"1.dump": dumptest.Cpptrace(dumptest.NewProcess(1).Segv(0x100)),
		"2.dump": dumptest.Cpptrace(dumptest.NewProcess(2).Segv(0x200)),
		"3.dump": dumptest.Cpptrace(dumptest.NewProcess(3).Segv(0x300)),
		"4.dump": dumptest.Cpptrace(overlaid),
	}, dump.AnalyzeOptions{})
	var status string
	for _, f := range r.Files {
		status += string(f.Status) + " "
	}
	if want := "ok ok ok mixed-threads "; status != want {
		t.Errorf("status %q, want %q", status, want)
	}
	if g := grouping(r); g["4.dump"] != g["1.dump"] {
		t.Errorf("the overlaid trace is not in the cluster of its first thread: %v", g)
	}
}

func TestReportIsClean(t *testing.T) {
	p := dumptest.NewProcess(1)
	frames := p.Segv(0x100)
	for i := range frames {
		if frames[i].Module == dumptest.Wolf {
			frames[i].Module = "/wolf/\x1b[31mred\x1b[0m\xff\u202e"
		}
	}
	r := analyzeAll(t, map[string][]byte{"a\x1b[2J.dump": dumptest.Cpptrace(frames)}, dump.AnalyzeOptions{})
	text := fmt.Sprintf("%+v", *r)
	for _, bad := range []string{"\x1b", "\xff", "\u202e"} {
		if strings.Contains(text, bad) {
			t.Errorf("the report contains %q", bad)
		}
	}
	if !strings.Contains(text, `\x1b[31mred`) {
		t.Error("the escape sequence is not shown in writing")
	}
}
