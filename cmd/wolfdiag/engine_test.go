package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/compare"
	"wolfdiag/analyze/engine/enginetest"
	"wolfdiag/analyze/report"
)

// stored makes records of a log, a millisecond apart, and the text that docker
// logs --timestamps would print of them.
func stored(text, host string, start time.Time) (recs []enginetest.Record, stamped string) {
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		at := start.Add(time.Duration(i) * time.Millisecond)
		recs = append(recs, enginetest.Record{Time: at.UnixNano(), Text: line, Labels: map[string]string{"host": host, "service": "wolf"}})
		stamped += at.Format("2006-01-02T15:04:05.000000000Z") + " " + line + "\n"
	}
	return recs, stamped
}

var incidentStart = time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC)

// told runs a command line at the time of the incident.
func told(t *testing.T, env map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	e, o, x := testEnv("")
	e.now = func() time.Time { return incidentStart.Add(2 * time.Minute) }
	e.getenv = func(name string) string { return env[name] }
	code = run(context.Background(), append([]string{"wolfdiag"}, args...), e)
	return code, o.String(), x.String()
}

// TestAnalyzeEngine: the diagnosis of an engine's records is that of the same
// log in a file.
func TestAnalyzeEngine(t *testing.T) {
	recs, stamped := stored(guideLog(t), "gpu-017", incidentStart)
	file := filepath.Join(t.TempDir(), "wolf.log")
	if err := os.WriteFile(file, []byte(stamped), 0o644); err != nil {
		t.Fatal(err)
	}
	_, want, _ := told(t, nil, "analyze", "--format", "json", file)
	for _, s := range []struct {
		scheme string
		server *enginetest.Server
	}{{"vlogs", enginetest.VictoriaLogs(t, recs)}, {"loki", enginetest.Loki(t, recs)}} {
		s.server.Check = func(r *http.Request) {
			if user, pass, _ := r.BasicAuth(); user != "me" || pass != "hunter2" {
				t.Errorf("%s: logged in as %q", s.scheme, user)
			}
		}
		name := strings.ToUpper(s.scheme)
		env := map[string]string{name + "_USERNAME": "me", name + "_PASSWORD": "hunter2"}
		code, got, errs := told(t, env, "analyze", "--format", "json", s.scheme+"://"+s.server.Addr()+`/?query={service="wolf"}`)
		if code != exitOK || errs != "" {
			t.Fatalf("%s: exit %d: %s", s.scheme, code, errs)
		}
		if d := cmp.Diff(diagnosis(t, want), diagnosis(t, got)); d != "" {
			t.Errorf("%s (-file +engine):\n%s", s.scheme, d)
		}
		if !strings.Contains(got, "gpu-017") || strings.Contains(got, "hunter2") {
			t.Errorf("%s: the host is not named, or the password is", s.scheme)
		}
		code, line, errs := told(t, env, "check", s.scheme+"://"+s.server.Addr()+`/?query={service="wolf"}`)
		if code != exitFound || !strings.HasPrefix(line, "unhealthy: the container may no longer open") {
			t.Errorf("%s: check: exit %d, %q %s", s.scheme, code, line, errs)
		}
	}
}

// diagnosis is what must not depend on where a log came from: all but the names
// of inputs and the notes.
func diagnosis(t *testing.T, raw string) *report.Report {
	t.Helper()
	r := &report.Report{}
	if err := json.Unmarshal([]byte(raw), r); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range r.Inputs {
		data = bytes.ReplaceAll(data, []byte(in.Name), []byte("INPUT"))
	}
	r = &report.Report{}
	if err := json.Unmarshal(data, r); err != nil {
		t.Fatal(err)
	}
	for i := range r.Inputs {
		r.Inputs[i].Kind = ""
	}
	r.Notes = nil
	return r
}

// TestEngineHosts: records of several hosts are several servers.
func TestEngineHosts(t *testing.T) {
	bad, _ := stored(guideLog(t), "gpu-1", incidentStart)
	calm, _ := stored("06:41:00.000000000 INFO  | all is well\n", "gpu-2", incidentStart)
	server := enginetest.VictoriaLogs(t, append(bad, calm...))
	code, out, errs := told(t, nil, "analyze", "--format", "json", "vlogs://"+server.Addr())
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	r := diagnosis(t, out)
	if len(r.Inputs) != 2 || r.Inputs[0].Lines != int64(len(bad)) || r.Inputs[1].Lines != 1 {
		t.Errorf("inputs %+v", r.Inputs)
	}
}

func TestEngineFaults(t *testing.T) {
	recs, _ := stored(guideLog(t), "gpu-1", incidentStart)
	whole := enginetest.VictoriaLogs(t, recs)
	refuses := enginetest.VictoriaLogs(t, recs)
	refuses.Fail = func(n int, _ *http.Request) *enginetest.Failure {
		if n > 1 { // the count is given, the records are not
			return &enginetest.Failure{Status: 403}
		}
		return nil
	}
	short := enginetest.VictoriaLogs(t, recs)
	short.Fail = func(n int, _ *http.Request) *enginetest.Failure {
		if n == 2 {
			return &enginetest.Failure{Whole: true, Body: `{"_time":"2025-10-02T06:40:11Z","_msg":"06:40:11.000000000 ERROR | one of many"}` + "\n"}
		}
		return nil
	}
	for _, tc := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no record", []string{"vlogs://" + whole.Addr() + "/?query=x", "--since", "2020-01-01", "--until", "2020-01-02"}, exitNoInput, "no record between 2020-01-01T00:00:00Z"},
		{"no such label", []string{"vlogs://" + whole.Addr(), "--by", "rack"}, exitNoInput, `no record has the label "rack"`},
		{"refused", []string{"vlogs://" + refuses.Addr()}, exitNoInput, "HTTP 403"},
		{"not all came", []string{"vlogs://" + short.Addr()}, exitPartial, "not all records came: 1 of"},
		{"a password", []string{"vlogs://me:hunter2@" + whole.Addr()}, exitUsage, "VLOGS_PASSWORD"},
		{"a header in the open", []string{"vlogs://" + whole.Addr(), "--header", "X-Key: hunter2"}, exitUsage, "@FILE"},
		{"a flag without an engine", []string{"wolf.log", "--ca", "ca.pem"}, exitUsage, "--ca is about a log engine"},
		{"no authority", []string{"vlogs://" + whole.Addr(), "--ca", "none.pem"}, exitUsage, "none.pem"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, errs := told(t, nil, append([]string{"analyze"}, tc.args...)...)
			if code != tc.code || !strings.Contains(errs, tc.says) || strings.Contains(out+errs, "hunter2") {
				t.Errorf("exit %d: %s%s; want %d and %q", code, out, errs, tc.code, tc.says)
			}
		})
	}
}

// TestFollowEngine: what an engine gets is told as it comes.
func TestFollowEngine(t *testing.T) {
	recs, _ := stored(guideLog(t), "gpu-1", incidentStart)
	server := enginetest.VictoriaLogs(t, recs)
	asked := 0
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	server.Check = func(r *http.Request) { // the follower asks one question at a time
		if strings.Contains(r.Form.Get("query"), "sort by") {
			if asked++; asked == 2 { // all of the first answer was read
				cancel()
			}
		}
	}
	e, out, errs := testEnv("")
	e.now = func() time.Time { return incidentStart.Add(2 * time.Minute) }
	code := run(ctx, []string{"wolfdiag", "follow", "--from", "start", "vlogs://" + server.Addr()}, e)
	if code != exitOK || !strings.Contains(out.String(), "gpu-device-access-lost") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

// TestCompareEngine: the same host at two times.
func TestCompareEngine(t *testing.T) {
	bad, _ := stored(guideLog(t), "gpu-1", incidentStart)
	calm, err := os.ReadFile(filepath.Join(projectRoot(t), "testdata", "logs", "healthy-nvidia.compose.log"))
	if err != nil {
		t.Fatal(err)
	}
	good, _ := stored(string(calm), "gpu-1", incidentStart.Add(-48*time.Hour))
	server := enginetest.VictoriaLogs(t, append(good, bad...))
	address := "vlogs://" + server.Addr()
	code, out, errs := told(t, nil, "compare", address, address, "--good-since", "3d", "--good-until", "1d", "--format", "json")
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	r := &compare.Report{}
	if err := json.Unmarshal([]byte(out), r); err != nil {
		t.Fatal(err)
	}
	if r.Good.Lines != int64(len(good)) || r.Bad.Lines != int64(len(bad)) || len(r.Causes.New) == 0 || r.Causes.New[0].ID != "gpu-device-access-lost" {
		t.Errorf("good %d lines, bad %d: %+v", r.Good.Lines, r.Bad.Lines, r.Causes)
	}
	if code, _, errs := told(t, nil, "compare", "a.log", "b.log", "--since", "1d"); code != exitUsage || !strings.Contains(errs, "about a log engine") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
