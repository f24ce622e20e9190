package enginetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Version is the VictoriaLogs that the tests are made for:
//
//	GOBIN=… go install github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs@v1.52.1
const Version = "v1.52.1"

// program finds VictoriaLogs: WOLFDIAG_VICTORIALOGS names it, or it lies in the
// user's cache, or on the PATH. The test is skipped where there is none.
func program(t testing.TB) string {
	t.Helper()
	if p := os.Getenv("WOLFDIAG_VICTORIALOGS"); p != "" {
		return p
	}
	name := "victoria-logs"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if cache, err := os.UserCacheDir(); err == nil {
		p := filepath.Join(cache, "wolfdiag", "victoria-logs-"+Version, name)
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	t.Skip("no VictoriaLogs here: .ci/run builds it, or WOLFDIAG_VICTORIALOGS names it")
	return ""
}

// A Real is a running VictoriaLogs with a folder of its own.
type Real struct {
	t       testing.TB
	program string
	dir     string
	addr    string
	cmd     *exec.Cmd
}

// StartReal starts VictoriaLogs on a free port of the loopback interface. It
// ends with the test; the test is skipped where there is no VictoriaLogs.
func StartReal(t testing.TB) *Real {
	t.Helper()
	r := &Real{t: t, program: program(t), dir: t.TempDir()}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = l.Addr().String()
	l.Close()
	r.Start()
	t.Cleanup(r.Kill)
	return r
}

// Addr is the server's host and port.
func (r *Real) Addr() string { return r.addr }

// Start starts the server, again with the data it had, and waits until it
// answers.
func (r *Real) Start() {
	r.cmd = exec.Command(r.program, "-storageDataPath="+r.dir, "-httpListenAddr="+r.addr, "-retentionPeriod=100y", "-loggerLevel=ERROR", "-memory.allowedBytes=512MB")
	if err := r.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.until("VictoriaLogs answers", func() bool {
		resp, err := http.Get("http://" + r.addr + "/health")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// Kill ends the server at once.
func (r *Real) Kill() { r.end(os.Kill) }

// Stop ends the server, which writes down what it has.
func (r *Real) Stop() { r.end(os.Interrupt) }

func (r *Real) end(s os.Signal) {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Signal(s)
	_ = r.cmd.Wait() // killed, or ended: both are wanted
	r.cmd = nil
}

// until waits for something that must come within half a minute.
func (r *Real) until(what string, done func() bool) {
	r.t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); {
		if time.Now().After(end) {
			r.t.Fatalf("waited in vain until %s", what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// PushLines pushes records as JSON, one a line.
func (r *Real) PushLines(recs []Record) {
	r.t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, rec := range recs {
		line := map[string]string{"_time": stamp(rec.Time), "_msg": rec.Text}
		for k, v := range rec.Labels {
			line[k] = v
		}
		if err := enc.Encode(line); err != nil {
			r.t.Fatal(err)
		}
	}
	r.push("/insert/jsonline?_stream_fields=host,service", "application/stream+json", &b)
}

// PushLoki pushes records by Loki's API, each host a stream.
func (r *Real) PushLoki(recs []Record) {
	r.t.Helper()
	type stream struct {
		Stream map[string]string `json:"stream"`
		Values [][2]string       `json:"values"`
	}
	byHost := map[string]*stream{}
	var list []*stream
	for _, rec := range recs {
		s := byHost[rec.Labels["host"]]
		if s == nil {
			s = &stream{Stream: rec.Labels}
			byHost[rec.Labels["host"]] = s
			list = append(list, s)
		}
		s.Values = append(s.Values, [2]string{strconv.FormatInt(rec.Time, 10), rec.Text})
	}
	data, err := json.Marshal(map[string]any{"streams": list})
	if err != nil {
		r.t.Fatal(err)
	}
	r.push("/insert/loki/api/v1/push?disable_message_parsing=1", "application/json", bytes.NewReader(data))
}

func (r *Real) push(path, kind string, body io.Reader) {
	r.t.Helper()
	resp, err := http.Post("http://"+r.addr+path, kind, body)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	if said, _ := io.ReadAll(resp.Body); resp.StatusCode/100 != 2 {
		r.t.Fatalf("%s: HTTP %d: %s", path, resp.StatusCode, said)
	}
}

// WaitFor waits until so many records can be found, each by its text and by the
// labels of its stream: a new stream comes into the engine's index up to a
// second after its records do.
func (r *Real) WaitFor(n int) {
	r.t.Helper()
	want := fmt.Sprintf(`"n":"%d"`, n)
	for _, query := range []string{"*", `{host!=""}`} {
		r.until(fmt.Sprintf("%d records can be found by %s", n, query), func() bool {
			return strings.Contains(r.Ask(query+" | count() n"), want)
		})
	}
}

// Ask returns the answer to a query.
func (r *Real) Ask(query string) string {
	r.t.Helper()
	resp, err := http.PostForm("http://"+r.addr+"/select/logsql/query", url.Values{"query": {query}})
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		r.t.Fatalf("HTTP %d: %s %v", resp.StatusCode, said, err)
	}
	return string(said)
}
