package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wolfdiag/analyze/engine/enginetest"
	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/render"
)

// fleetFolder makes a folder with a log for each of some hosts, and goes there.
func fleetFolder(t *testing.T) (root string) {
	t.Helper()
	root = projectRoot(t)
	dir := t.TempDir()
	for i, name := range []string{"healthy-nvidia.compose.log", "guide-incident.compose.log", "xid-79.journald.log", "guide-incident.cri.log", "unexplained.compose.log", "healthy-amd.plain.log"} {
		copyInput(t, filepath.Join(root, "testdata", "logs", name), dir, written)
		host := filepath.Join(dir, "hosts", fmt.Sprintf("gpu-%02d", i+1))
		if err := os.MkdirAll(host, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, name), filepath.Join(host, "wolf.log")); err != nil {
			t.Fatal(err)
		}
		driver := fmt.Sprintf("driver_version\n%d.10\n", 550+20*(i%2))
		if err := os.WriteFile(filepath.Join(host, "nvidia-smi.csv"), []byte(driver), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return root
}

// TestGoldenFleet: the same fleet a day later, with a host that is gone and one
// that is healthy again.
func TestGoldenFleet(t *testing.T) {
	root := fleetFolder(t)
	if err := os.WriteFile("before.json", []byte(mustRun(t, "fleet", "hosts", "--format", "json")), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, move := range [][2]string{{"hosts/gpu-03", "gone"}, {"hosts/gpu-02/wolf.log", "x"}, {"hosts/gpu-06/wolf.log", "hosts/gpu-02/wolf.log"}, {"x", "hosts/gpu-06/wolf.log"}} {
		if err := os.Rename(move[0], move[1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range render.Formats() {
		got := mustRun(t, "fleet", "hosts", "--baseline", "before.json", "--format", string(f))
		if strings.ContainsRune(got, 0x1b) {
			t.Errorf("%s: the output has an escape byte", f)
		}
		compareGolden(t, root, "fleet."+formatGoldens[f], got)
	}
}

// TestFleetContract: the keys that others rely on.
func TestFleetContract(t *testing.T) {
	fleetFolder(t)
	var tree any
	if err := json.Unmarshal([]byte(mustRun(t, "fleet", "hosts", "--format", "json")), &tree); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"schema:s", "hosts:l", "hosts[].host:s", "hosts[].verdict:s", "hosts[].lines:n", "hosts[].complete:x", "hosts[].causes:l",
		"hosts[].causes[].id:s", "hosts[].causes[].probability:n", "causes:l", "causes[].id:s", "causes[].hosts:n", "causes[].sessions_failed:n", "causes[].new:x",
		"partial:l", "partial[].host:s", "partial[].why:s"} {
		path, kind, _ := strings.Cut(want, ":")
		checkPath(t, tree, strings.Split(strings.ReplaceAll(path, "[]", ".[]"), "."), path, kind)
	}
}

// fleetOf makes the records of a fleet: every fifth host has the guide's
// incident.
func fleetOf(t *testing.T, hosts int) []enginetest.Record {
	t.Helper()
	calm, err := os.ReadFile(filepath.Join(projectRoot(t), "testdata", "logs", "healthy-nvidia.compose.log"))
	if err != nil {
		t.Fatal(err)
	}
	var recs []enginetest.Record
	for i := range hosts {
		text := string(calm)
		if i%5 == 0 {
			text = guideLog(t)
		}
		of, _ := stored(text, fmt.Sprintf("gpu-%02d", i), incidentStart)
		recs = append(recs, of...)
	}
	return recs
}

// TestFleetMerge: shards, each with a process of its own, give the bytes of one
// run.
func TestFleetMerge(t *testing.T) {
	server := enginetest.VictoriaLogs(t, fleetOf(t, 12))
	base := []string{"fleet", "--vlogs", "http://" + server.Addr(), "--query", `{service="wolf"}`, "--format", "json"}
	code, want, errs := told(t, nil, base...)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	dir := t.TempDir()
	args := []string{"fleet", "merge", "--format", "json"}
	for k := range 3 {
		code, part, errs := told(t, nil, append(slices.Clone(base), "--shard", fmt.Sprintf("%d/3", k+1))...)
		if code != exitOK {
			t.Fatalf("part %d: exit %d: %s", k, code, errs)
		}
		name := filepath.Join(dir, fmt.Sprint(k))
		if err := os.WriteFile(name, []byte(part), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	if code, got, errs := told(t, nil, args...); code != exitOK || got != want {
		t.Errorf("exit %d %s\n%s\nwant\n%s", code, errs, got, want)
	}
	// Two hosts of the first part, cut, and something else.
	if err := os.WriteFile(args[len(args)-1], []byte(want[:len(want)/2]), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := told(t, nil, args...); code != exitPartial || !strings.Contains(errs, "not a whole report") {
		t.Errorf("a cut part: exit %d, %s", code, errs)
	}
	if code, _, errs := told(t, nil, "fleet", "merge", "engine_test.go"); code != exitNoInput || !strings.Contains(errs, "at byte") {
		t.Errorf("no report: exit %d, %s", code, errs)
	}
}

// TestFleetFaults: what cannot be read is named, in the report and by the exit
// code, and the others are diagnosed.
func TestFleetFaults(t *testing.T) {
	broken := enginetest.VictoriaLogs(t, fleetOf(t, 3))
	broken.Fail = func(_ int, r *http.Request) *enginetest.Failure {
		if strings.Contains(r.Form.Get("extra_filters"), `"gpu-01"`) {
			return &enginetest.Failure{Status: 400, Body: "cannot read the index"}
		}
		return nil
	}
	code, out, errs := told(t, nil, "fleet", "--vlogs", broken.Addr(), "--format", "json", "--stats")
	r := &fleet.Report{}
	if err := json.Unmarshal([]byte(out), r); err != nil {
		t.Fatal(err, errs)
	}
	if code != exitPartial || len(r.Partial) != 1 || r.Partial[0].Host != "gpu-01" || !strings.Contains(r.Partial[0].Why, "cannot read the index") || r.Hosts[1].Complete {
		t.Errorf("exit %d, %+v", code, r.Partial)
	}
	if len(r.Causes) != 1 || r.Causes[0].Hosts != 1 || !strings.Contains(errs, "queries") {
		t.Errorf("causes %+v, %s", r.Causes, errs)
	}
	whole := enginetest.VictoriaLogs(t, fleetOf(t, 2))
	for _, tc := range []struct {
		args string
		code int
		says string
	}{
		{"--vlogs " + whole.Addr() + " --exit-code", exitFound, ""},
		{"--vlogs " + whole.Addr() + " --since 2020-01-01 --until 2020-01-02", exitNoInput, "no host has a record"},
		{"--vlogs " + whole.Addr() + " --by rack --since 2020-01-01 --until 2020-01-02", exitNoInput, "no host"},
		{"--vlogs 127.0.0.1:1", exitNoInput, "cannot be reached"},
		{"--vlogs " + whole.Addr() + " --loki x", exitUsage, "one engine at a time"},
		{"--vlogs ftp://x", exitUsage, "not the address"},
		{"--prefilter x.log", exitUsage, "--prefilter is about a log engine"},
		{"--vlogs x --prefilter --triage", exitUsage, "choose one"},
		{"--vlogs x --shard 3/2", exitUsage, "K/N"},
		{"--vlogs x --hosts none", exitUsage, "none"},
		{"--vlogs x --baseline none", exitUsage, "--baseline"},
		{"", exitUsage, "nothing to read"},
		{"none.log", exitNoInput, "none.log"},
	} {
		code, out, errs := told(t, nil, append([]string{"fleet"}, strings.Fields(tc.args)...)...)
		if code != tc.code || !strings.Contains(errs, tc.says) {
			t.Errorf("fleet %s: exit %d: %s%s; want %d and %q", tc.args, code, out, errs, tc.code, tc.says)
		}
	}
}

// TestFleetLoki: the same over Loki's API.
func TestFleetLoki(t *testing.T) {
	recs := fleetOf(t, 6)
	var bodies []string
	for _, s := range []struct{ flag, addr string }{{"--vlogs", enginetest.VictoriaLogs(t, recs).Addr()}, {"--loki", enginetest.Loki(t, recs).Addr()}} {
		code, out, errs := told(t, nil, "fleet", s.flag, s.addr, "--query", `{service="wolf"}`, "--format", "json")
		if code != exitOK {
			t.Fatalf("%s: exit %d: %s", s.flag, code, errs)
		}
		r := &fleet.Report{}
		if err := json.Unmarshal([]byte(out), r); err != nil {
			t.Fatal(err)
		}
		for i := range r.Hosts {
			r.Hosts[i].Why = "" // Loki does not tell when a host spoke last
		}
		bodies = append(bodies, mustJSON(t, r.Hosts), mustJSON(t, r.Causes))
	}
	if bodies[0] != bodies[2] || bodies[1] != bodies[3] {
		t.Errorf("VictoriaLogs gives\n%s\nLoki\n%s", bodies[0], bodies[2])
	}
}
