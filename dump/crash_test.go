package dump_test

import (
	"os"
	"os/exec"
	"path/filepath"
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
