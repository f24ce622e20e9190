package engine_test

import (
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/engine"
)

func write(t *testing.T, name, data string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func pemOf(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestParseAddress(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		arg  string
		want engine.Address
		err  string
	}{
		{arg: "vlogs://host:9428/", want: engine.Address{Kind: engine.VictoriaLogs, Host: "host:9428"}},
		{arg: `vlogs://host:9428/?query={service="wolf",host="gpu-017"}`, want: engine.Address{Kind: engine.VictoriaLogs, Host: "host:9428", Query: `{service="wolf",host="gpu-017"}`}},
		{arg: `vlogs://host?query=%7Bhost%3D%22a%22%7D+x`, want: engine.Address{Kind: engine.VictoriaLogs, Host: "host", Query: `{host="a"} x`}},
		{arg: `loki+https://[::1]:3100/logs/?query={a="b"} |= "x&y=z#1%20?"`, want: engine.Address{Kind: engine.Loki, TLS: true, Host: "[::1]:3100", Path: "/logs", Query: `{a="b"} |= "x&y=z#1%20?"`}},
		{arg: "loki:///?query={a=\"b\"}", want: engine.Address{Kind: engine.Loki, Query: `{a="b"}`}},
		{arg: "vlogs://me:hunter2@host:9428/", err: "VLOGS_USERNAME and VLOGS_PASSWORD"},
		{arg: "loki://host/?token=hunter2", err: `unknown parameter "token"`},
		{arg: "loki://ho st/", err: "not a host"},
		{arg: "loki://host:port/", err: "not a host"},
		{arg: "https://host/", err: "not the address of an engine"},
		{arg: "vlogs://host/?query=%zz", err: "invalid URL escape"},
	} {
		got, err := engine.ParseAddress(tc.arg, "")
		if tc.err != "" {
			if err == nil || !strings.Contains(err.Error(), tc.err) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: error %v, want %q", tc.arg, err, tc.err)
			}
			continue
		}
		if d := cmp.Diff(tc.want, got); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tc.arg, err, d)
		}
	}
	for _, plain := range []string{"https://logs.example:9428/x", "vlogs+https://logs.example:9428/x"} {
		got, err := engine.ParseAddress(plain, engine.VictoriaLogs)
		if want := (engine.Address{Kind: engine.VictoriaLogs, TLS: true, Host: "logs.example:9428", Path: "/x"}); got != want || err != nil {
			t.Errorf("%s: %+v, %v", plain, got, err)
		}
	}
	if !engine.IsAddress("vlogs://x") || engine.IsAddress("wolf.log") || engine.IsAddress("https://x") {
		t.Error("IsAddress")
	}
}

func TestAccessOf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	write(t, token, "from a file\n")
	env := map[string]string{"LOKI_ADDR": "https://loki.example", "LOKI_USERNAME": "u", "LOKI_PASSWORD": "p", "LOKI_ORG_ID": "tenant",
		"VLOGS_BEARER_TOKEN_FILE": token, "VLOGS_ORG_ID": "12:34", "VLOGS_TLS_SKIP_VERIFY": "true"}
	get := func(name string) string { return env[name] }
	a, addr, err := engine.AccessOf(engine.Loki, get)
	if want := (engine.Access{Username: "u", Password: "p", OrgID: "tenant"}); !cmp.Equal(a, want) || addr != "https://loki.example" || err != nil {
		t.Errorf("loki: %+v %q %v", a, addr, err)
	}
	a, _, err = engine.AccessOf(engine.VictoriaLogs, get)
	if want := (engine.Access{BearerToken: "from a file", OrgID: "12:34", SkipVerify: true}); !cmp.Equal(a, want) || err != nil {
		t.Errorf("vlogs: %+v %v", a, err)
	}
	addressed, err := engine.WithEnvironment(engine.Address{Kind: engine.Loki, Query: "q"}, addr)
	if want := (engine.Address{Kind: engine.Loki, TLS: true, Host: "loki.example", Query: "q"}); addressed != want || err != nil {
		t.Errorf("from the environment: %+v %v", addressed, err)
	}
	if _, err := engine.NewClient(engine.Address{Kind: engine.Loki}, engine.Options{}); err == nil || !strings.Contains(err.Error(), "LOKI_ADDR") {
		t.Errorf("no address: %v", err)
	}
}

func TestAddHeaders(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "headers")
	write(t, file, "# of the gateway\nx-api-key:  abc: def \n\nX-Other: 1\nX-Other: 2\n")
	var a engine.Access
	if err := a.AddHeaders("@" + file); err != nil {
		t.Fatal(err)
	}
	if want := (http.Header{"X-Api-Key": {"abc: def"}, "X-Other": {"1", "2"}}); !cmp.Equal(a.Header, want) {
		t.Errorf("headers %v", a.Header)
	}
	write(t, file, "no colon\n")
	if err := a.AddHeaders("@" + file); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a bad line: %v", err)
	}
	if err := a.AddHeaders("Authorization: hunter2"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("on the command line: %v", err)
	}
}
