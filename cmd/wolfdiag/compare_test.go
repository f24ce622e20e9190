package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/analyze/compare"
	"wolfdiag/analyze/render"
)

// twoLogs makes a folder with a good log and a bad one, with the good one's
// report, and goes there.
func twoLogs(t *testing.T) (root string) {
	t.Helper()
	root = projectRoot(t)
	dir := t.TempDir()
	for _, log := range []string{"healthy-nvidia.compose.log", "gpu-memory-three-lifetimes.compose-timestamps.log"} {
		copyInput(t, filepath.Join(root, "testdata", "logs", log), dir, written)
	}
	t.Chdir(dir)
	for _, name := range [][2]string{{"healthy-nvidia.compose.log", "good.log"}, {"gpu-memory-three-lifetimes.compose-timestamps.log", "bad.log"}} {
		if err := os.Rename(name[0], name[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("good.json", []byte(mustRun(t, "analyze", "good.log", "--format", "json")), 0o644); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestGoldenCompare(t *testing.T) {
	root := twoLogs(t)
	for _, f := range render.Formats() {
		got := mustRun(t, "compare", "good.log", "bad.log", "--format", string(f))
		if strings.ContainsRune(got, 0x1b) {
			t.Errorf("%s: the output has an escape byte", f)
		}
		compareGolden(t, root, "compare."+formatGoldens[f], got)
	}
}

// TestCompareReports: a report that was kept compares as its log does.
func TestCompareReports(t *testing.T) {
	twoLogs(t)
	var fromLog, fromReport compare.Report
	for args, r := range map[string]*compare.Report{"good.log": &fromLog, "good.json": &fromReport} {
		if err := json.Unmarshal([]byte(mustRun(t, "compare", args, "bad.log", "--format", "json")), r); err != nil {
			t.Fatal(err)
		}
	}
	fromReport.Good.Name = fromLog.Good.Name
	a, b := mustJSON(t, fromLog), mustJSON(t, fromReport)
	if a != b || len(fromLog.Causes.New) == 0 {
		t.Errorf("the log gives\n%s\nits report\n%s", a, b)
	}
	e, out, errs := testEnv(mustRun(t, "analyze", "good.log", "--format", "json"))
	if code := run(t.Context(), []string{"wolfdiag", "compare", "-", "bad.log"}, e); code != exitOK || !strings.Contains(out.String(), "standard input") {
		t.Errorf("from standard input: exit %d, %s %s", code, out, errs)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCompareExits(t *testing.T) {
	twoLogs(t)
	for name, text := range map[string]string{"empty.log": "", "dumps.json": `{"schema": "wolfdiag/dumps/v1"}`, "torn.json": `{"schema": "wolfdiag/report/v1", "causes": [{"id": "x`} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a difference", []string{"good.log", "bad.log"}, exitOK, "DIFFERS"},
		{"a difference, asked for", []string{"good.log", "bad.log", "--exit-code"}, exitFound, "DIFFERS"},
		{"none", []string{"good.log", "good.json", "--exit-code"}, exitOK, "NO DIFFERENCE"},
		{"the same cause in both", []string{"bad.log", "bad.log", "--exit-code"}, exitOK, "NO DIFFERENCE"},
		{"one argument", []string{"good.log"}, exitUsage, "want two arguments"},
		{"standard input twice", []string{"-", "-"}, exitUsage, "one of the two only"},
		{"no such file", []string{"good.log", "gone.log"}, exitNoInput, "gone.log"},
		{"an empty file", []string{"good.log", "empty.log"}, exitNoInput, "the input is empty"},
		{"another document", []string{"good.log", "dumps.json"}, exitUsage, "wolfdiag/dumps/v1"},
		{"a torn report", []string{"torn.json", "bad.log"}, exitNoInput, "torn.json: not a whole report"},
		{"a bad zone", []string{"good.log", "bad.log", "--tz", "Nowhere"}, exitUsage, "--tz"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, errs := wolfdiag("", append([]string{"compare"}, tc.args...)...)
			if code != tc.code || !strings.Contains(out+errs, tc.says) {
				t.Errorf("exit %d, want %d, with %q in:\n%s%s", code, tc.code, tc.says, out, errs)
			}
		})
	}
}
