package records_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/records"
)

const (
	at    = "2025-10-02T06:40:11.752176000Z "
	warn  = "06:40:11.750123456 WARN  | a \"q\" \x1b[31mé\x1b[0m"
	nanos = "1759387211752176000"
)

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// decoded is what a text gives: host, a tab, the line.
func decoded(text, by string) (out []string) {
	d := records.Decoder{By: by, Take: func(host, lines []byte) {
		for line := range strings.Lines(string(lines)) {
			out = append(out, string(host)+"\t"+strings.TrimSuffix(line, "\n"))
		}
	}}
	for line := range strings.Lines(text) {
		d.Line([]byte(line))
	}
	d.Close()
	return out
}

func TestRecords(t *testing.T) {
	t.Parallel()
	msg := quoted(warn)
	for _, tc := range []struct{ name, text, want string }{
		{"VictoriaLogs", `{"_time":"2025-10-02T06:40:11.752176Z","_msg":` + msg + `}`, "\t" + at + warn},
		{"VictoriaLogs, all fields", `{"_msg":` + msg + `,"_stream":"{host=\"gpu-1\",service=\"wolf\"}","_stream_id":"00a6","_time":"2025-10-02T06:40:11.752176Z","host":"gpu-1","service":"wolf"}`, "gpu-1\t" + at + warn},
		{"VictoriaLogs, stream only", `{"_msg":` + msg + `,"_stream":"{service=\"wolf\",instance=\"a\\\"b\"}","_time":"2025-10-02T06:40:11.752176Z"}`, "a\"b\t" + at + warn},
		{"VictoriaLogs, no message", `{"_msg":"missing _msg field; see https://docs.victoriametrics.com/victorialogs/keyconcepts/#message-field","_time":"2025-10-02T06:40:11.752176Z"}`, "\t" + at},
		{"vlogscli", "sending queries to -datasource.url=http://127.0.0.1:9428/select/logsql/query\ntype ? and press enter to see available commands\n" +
			"executing [{service=\"wolf\"} | limit 3]...; duration: server 0.072s\n{\n  \"_msg\": " + msg + ",\n  \"_stream\": \"{host=\\\"gpu-1\\\"}\",\n  \"_time\": \"2025-10-02T06:40:11.752176Z\"\n}\nmultiline json output mode\n",
			"gpu-1\t" + at + warn},
		{"logcli jsonl", `{"labels":{"host":"gpu-1","service_name":"wolf"},"line":` + msg + `,"timestamp":"2025-10-02T08:40:11.752176+02:00"}`, "gpu-1\t" + at + warn},
		{"stern -o json", `{"message":` + msg + `,"nodeName":"gpu-1","namespace":"games","podName":"wolf-0","containerName":"wolf","labels":{"app":"wolf"}}`, "wolf-0\t" + warn},
		{"Fluent Bit", `{"date":1759387211.752176,"log":` + quoted(warn+"\n") + `,"hostname":"gpu-1"}`, "gpu-1\t" + at + warn},
		{"Fluent Bit in Kubernetes", `{"@timestamp":"2025-10-02T06:40:11.752176Z","log":` + msg + `,"stream":"stderr","kubernetes":{"pod_name":"wolf-0","host":"gpu-1"}}`, "gpu-1\t" + at + warn},
		{"fluentd", `{"container_id":"9b2f","container_name":"/wolf","source":"stderr","log":` + msg + `,"@timestamp":"2025-10-02T06:40:11.752176Z"}`, "\t" + at + warn},
		{"OpenSearch", `{"_index":"wolf-2025.10.02","_id":"x","_score":1.0,"_source":{"@timestamp":"2025-10-02T06:40:11.752176Z","message":` + msg + `,"host":{"name":"gpu-1"}}}`, "gpu-1\t" + at + warn},
		{"OpenSearch of Fluent Bit", `{"_index":"wolf","_source":{"@timestamp":"2025-10-02T06:40:11.752176Z","log":` + msg + `,"host":"gpu-1"}}`, "gpu-1\t" + at + warn},
		{"ClickHouse", `{"Timestamp":"2025-10-02 06:40:11.752176000","SeverityText":"","ServiceName":"wolf","Body":` + msg + `,"ResourceAttributes":{"host.name":"gpu-1"}}`, "gpu-1\t" + at + warn},
		{"OpenTelemetry", `{"timeUnixNano":"` + nanos + `","observedTimeUnixNano":"1759387299000000000","body":{"stringValue":` + msg + `}}`, "\t" + at + warn},
		{"OTLP, many records in one object", `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"wolf"}},{"key":"host.name","value":{"stringValue":"gpu-1"}}]},"scopeLogs":[{"scope":{},"logRecords":[` +
			`{"timeUnixNano":"` + nanos + `","severityText":"WARN","body":{"stringValue":` + msg + `},"attributes":[]},{"timeUnixNano":"` + nanos + `","body":{"stringValue":"two"}}]}]},` +
			`{"resource":{},"scopeLogs":[{"logRecords":[{"timeUnixNano":"` + nanos + `","body":{"stringValue":"three"},"attributes":[{"key":"host.name","value":{"stringValue":"gpu-2"}}]}]}]}]}`,
			"gpu-1\t" + at + warn + "\ngpu-1\t" + at + "two\ngpu-2\t" + at + "three"},
		{"Loki, an answer, newest first", `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"host":"gpu-1","level":"warn"},"values":[["1759387211752176002","three"],["1759387211752176000",` + msg + `]]},` +
			`{"stream":{"host":"gpu-1"},"values":[["1759387211752176001","two"]]}],"stats":{}}}`,
			"gpu-1\t" + at + warn + "\ngpu-1\t2025-10-02T06:40:11.752176001Z two\ngpu-1\t2025-10-02T06:40:11.752176002Z three"},
		{"Loki, push", `{"streams":[{"stream":{"instance":"gpu-1"},"values":[["` + nanos + `",` + msg + `,{"trace":"x"}]]}]}`, "gpu-1\t" + at + warn},
		{"OpenSearch, an answer over several lines", "{\n  \"took\": 3,\n  \"hits\": {\n    \"total\": {\"value\": 1},\n    \"hits\": [\n      {\"_index\": \"wolf\", \"_source\": {\"@timestamp\": \"2025-10-02T06:40:11.752176Z\", \"message\": " + msg + ", \"host\": {\"name\": \"gpu-1\"}}}\n    ]\n  }\n}",
			"gpu-1\t" + at + warn},
		{"two lines in one message", `{"_time":"2025-10-02T06:40:11.752176Z","_msg":"one\ntwo"}`, "\t" + at + "one\n\t" + at + "two"},
		{"journalctl -o json", `{"__REALTIME_TIMESTAMP":"1759387211752176","_HOSTNAME":"gpu-1","MESSAGE":` + msg + `}`,
			"gpu-1\t" + `{"__REALTIME_TIMESTAMP":"1759387211752176","_HOSTNAME":"gpu-1","MESSAGE":` + msg + `}`},
		{"journalctl -o export", "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1759387211752176\n_HOSTNAME=gpu-1\nPRIORITY=4\nMESSAGE=plain = text\n\n__CURSOR=s=2\n__REALTIME_TIMESTAMP=1759387211752177\n_HOSTNAME=gpu-2\nMESSAGE\n" +
			binaryValue("two\nlines") + "_PID=7\n\n",
			"gpu-1\t" + `{"__REALTIME_TIMESTAMP":"1759387211752176","MESSAGE":"plain = text","PRIORITY":"4","_HOSTNAME":"gpu-1"}` +
				"\ngpu-2\t" + `{"__REALTIME_TIMESTAMP":"1759387211752177","MESSAGE":"two\nlines","_PID":"7","_HOSTNAME":"gpu-2"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if is, sure := records.Sniff([]byte(tc.text)); !is || !sure {
				t.Error("not sniffed")
			}
			if d := cmp.Diff(strings.Split(tc.want, "\n"), decoded(tc.text, "")); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// binaryValue is a value of the export format that is not one line of text.
func binaryValue(s string) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(len(s)))) + s + "\n"
}

// What others are for stays as it is.
func TestNoRecords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n", "06:40:11.750123456 WARN  | {\"_msg\":\"x\",\"_time\":\"y\"}\n",
		`{"log":"x\n","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"}`, // docker's json-file
		`{"level":"info","time":"2025-10-02T06:40:11Z","message":"x"}`,            // zerolog
		`{"level":"info","ts":1759387211.75,"msg":"x"}`,                           // zap
		`{"__REALTIME_TIMESTAMP":"1759387211752176","MESSAGE":"x"}`,               // journald, no host
		`{"_source":1`, `{"line":"x"}`, `{"streams":3}`, `{"data":{"x":1},"msg":"y"}`, `{"hits":7,"msg":"cache"}`, `{`, "{\n", "{\"message\":\n",
	} {
		if is, _ := records.Sniff([]byte(text)); is {
			t.Errorf("%q: taken for records", text)
		}
	}
	mixed := `{"_time":"2025-10-02T06:40:11.752176Z","_msg":"a","host":"x"}` + "\nplain text\n" + `{"level":"info","message":"b"}` + "\n"
	want := []string{"x\t" + at + "a", "x\tplain text", "x\t" + `{"level":"info","message":"b"}`}
	if d := cmp.Diff(want, decoded(mixed, "")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestBy(t *testing.T) {
	t.Parallel()
	line := `{"_time":"2025-10-02T06:40:11.752176Z","_msg":"a","host":"x","rack":"r1","_stream":"{zone=\"z\"}"}`
	for by, want := range map[string]string{"": "x", "rack": "r1", "zone": "z", "none": ""} {
		if got := decoded(line, by); len(got) != 1 || !strings.HasPrefix(got[0], want+"\t") {
			t.Errorf("by %q: %q, want host %q", by, got, want)
		}
	}
}

// FuzzDecoder: whatever comes, nothing panics, every line handed on is whole, and
// text that is no record comes through byte for byte.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte(`{"_msg":"a","_time":"2025-10-02T06:40:11Z"}` + "\nplain\n{\n \"_msg\": \"x\"\n}\n"))
	f.Add([]byte("__CURSOR=x\nMESSAGE\n\x03\x00\x00\x00\x00\x00\x00\x00a\nb\n\n"))
	f.Add([]byte(`{"resourceLogs":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"a"}}]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"x"}}]}]}]}`))
	f.Add([]byte(`{"streams":[{"stream":{"host":"a"},"values":[["1759387211752176123","x"],["1"]]}]}`))
	f.Add([]byte(`{"_source":{"log":"x","host":{"name":"\u00e9"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var out bytes.Buffer
		d := records.Decoder{Take: func(_, lines []byte) {
			if len(lines) == 0 || lines[len(lines)-1] != '\n' {
				t.Fatalf("handed on %q", lines)
			}
			out.Write(lines)
		}}
		records.Sniff(data)
		for line := range bytes.Lines(data) {
			d.Line(line)
		}
		d.Close()
		if !bytes.ContainsAny(data, "{_=") && !bytes.Contains(data, []byte("mode")) && !bytes.Contains(data, []byte("executing")) && !bytes.Contains(data, []byte("query")) &&
			!bytes.Contains(data, []byte("press")) && strings.TrimSuffix(out.String(), "\n") != strings.TrimSuffix(string(data), "\n") {
			t.Fatalf("%q became %q", data, out.String())
		}
	})
}

func BenchmarkDecoder(b *testing.B) {
	var data []byte
	for i := range 1000 {
		data = fmt.Appendf(data, `{"_msg":"06:40:11.%09d WARN  | [GStreamer] something took longer than it should","_stream":"{host=\"gpu-1\",service=\"wolf\"}","_time":"2025-10-02T06:40:11.%09dZ","host":"gpu-1"}`+"\n", i, i)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		d := records.Decoder{Take: func(_, _ []byte) { n++ }}
		for line := range bytes.Lines(data) {
			d.Line(line)
		}
		if n != 1000 {
			b.Fatal(n)
		}
	}
}

// TestBundleMemory decodes an object of many records on one line: what waits to
// be put into order is an index, and the texts stay where they stand.
func TestBundleMemory(t *testing.T) {
	const n = 50_000
	var b bytes.Buffer
	b.WriteString(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{"host":"gpu-1"},"values":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `["%d","06:40:11 ERROR | nvenc \"could not\" open device, which is told in a line as long as those of a log are %d\n"]`, 1759387211000000000+int64(n-i)*1000, i)
	}
	b.WriteString("]}]}}\n")
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, waiting := live(), uint64(0)
	lines, last := 0, ""
	d := records.Decoder{Take: func(host, text []byte) {
		if lines++; lines == 1 {
			waiting = live()
		}
		if string(host) != "gpu-1" || string(text) < last || !bytes.Contains(text, []byte(`"could not"`)) {
			t.Fatalf("line %d: %s %q after %q", lines, host, text, last)
		}
		last = string(text[:len("2025-10-02T06:40:11.000000000Z")])
	}}
	d.Line(b.Bytes())
	if lines != n {
		t.Errorf("%d lines, want %d", lines, n)
	}
	if most := before + uint64(b.Len())/2; waiting > most {
		t.Errorf("%d bytes are held beside the %d of the object, want at most half of it", waiting-before, b.Len())
	}
}
