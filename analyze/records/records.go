// Package records turns what log engines, shippers and viewers print into lines
// of text with their outer clock, host by host: VictoriaLogs and vlogscli,
// logcli, stern -o json, Fluent Bit, fluentd, OpenSearch, ClickHouse,
// OpenTelemetry, journalctl -o export; also many records in one object, as
// engines answer. Records of journalctl -o json stay as they
// are, and are told apart by host.
//
// A Decoder is fed lines, in order, and is for one goroutine. Anything that is no
// record is passed on as it stands.
package records

import (
	"bytes"
	"strings"
	"time"

	"wolfdiag/analyze/logline/jsonscan"
)

// Take takes lines of text of one host, each with its newline; host is "" where
// the record names none. Both are good until Take returns.
type Take func(host, lines []byte)

// Decoder turns records into lines.
type Decoder struct {
	// By is the label that tells hosts apart; "": the first of Labels there is.
	By   string
	Take Take

	rec    record
	host   []byte // of the record before: for text between records
	object []byte // a record printed over several lines, so far
	export export
	out    []byte
}

// Labels are the labels that name hosts, in the order in which they are looked
// for.
func Labels() []string {
	return []string{"host", "hostname", "instance", "pod", "node", "_HOSTNAME", "host.name", "podName", "pod_name", "nodeName"}
}

// MaxLine is the longest line worth keeping whole: one may hold many records.
const MaxLine = 64 << 20

// maxObject bounds a record that is printed over several lines.
const maxObject = 16 << 20

// Sniff reports whether a text begins as records do that a Decoder is for. It is
// not sure where the text is too short to tell.
func Sniff(head []byte) (is, sure bool) {
	if isExport(bytes.TrimLeft(head, "\r\n")) {
		return true, true
	}
	for rest := head; len(rest) > 0; {
		start := rest
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if banner(line) || len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if line[0] != '{' {
			return false, true
		}
		many := len(bytes.TrimSpace(line)) == 1
		if many { // printed over several lines
			line = start
		}
		var r record
		is := isBundle(line) || r.read(line, "") && (r.kind != journal || len(r.host) > 0)
		return is, is || !many || bytes.Contains(line, []byte("\n}"))
	}
	return false, false
}

// banner reports whether a line is what vlogscli says of itself.
func banner(line []byte) bool {
	line = bytes.TrimRight(line, "\r\n")
	for _, s := range []string{"sending queries to -datasource.url=", "type ? and press enter", "executing [", "error when reading query response: "} {
		if bytes.HasPrefix(line, []byte(s)) {
			return true
		}
	}
	return bytes.HasSuffix(line, []byte(" output mode")) && bytes.Count(line, []byte(" ")) <= 4
}

// Line takes the next line, with its newline if it has one.
func (d *Decoder) Line(line []byte) {
	switch {
	case d.export.open || len(d.object) == 0 && isExport(line):
		if d.export.line(line) {
			d.emitJournal()
		}
		return
	case len(d.object) > 0:
		d.object = append(d.object, line...)
		if string(bytes.TrimRight(line, "\r\n")) == "}" || len(d.object) > maxObject {
			d.whole(d.object)
			d.object = d.object[:0]
		}
		return
	case string(bytes.TrimRight(line, "\r\n")) == "{":
		d.object = append(d.object, line...)
		return
	case banner(line):
		return
	}
	d.whole(line)
}

// Open reports whether a record has begun that is not complete.
func (d *Decoder) Open() bool { return d.export.open || len(d.object) > 0 }

// Close passes on what is left.
func (d *Decoder) Close() {
	if d.export.end() {
		d.emitJournal()
	}
	if len(d.object) > 0 {
		d.whole(d.object)
		d.object = nil
	}
}

// whole passes on one record or a bundle of them, or text that is none.
func (d *Decoder) whole(b []byte) {
	if len(b) < 2 || b[0] != '{' {
		d.pass(d.host, b)
		return
	}
	if isBundle(b) {
		u := bundle{by: d.By}
		u.read(b)
		for i := range u.recs {
			d.emit(&u.recs[i])
		}
		return
	}
	if !d.rec.read(b, d.By) {
		d.pass(d.host, b)
		return
	}
	r := &d.rec
	if r.kind == journal {
		d.host = append(d.host[:0], r.host...)
		d.pass(r.host, b)
		return
	}
	d.emit(&bundled{r.time, r.host, r.text})
}

// emit passes on the lines of a record, each with the record's time.
func (d *Decoder) emit(r *bundled) {
	d.host = append(d.host[:0], r.host...)
	d.out = d.out[:0]
	text := bytes.TrimSuffix(r.text, []byte("\n"))
	for more := true; more; {
		var line []byte
		line, text, more = bytes.Cut(text, []byte("\n"))
		if !r.time.IsZero() {
			d.out = append(r.time.UTC().AppendFormat(d.out, "2006-01-02T15:04:05.000000000Z"), ' ')
		}
		d.out = append(append(d.out, line...), '\n')
	}
	d.Take(r.host, d.out)
}

func (d *Decoder) pass(host, b []byte) {
	if b[len(b)-1] != '\n' {
		b = append(b[:len(b):len(b)], '\n')
	}
	d.Take(host, b)
}

func (d *Decoder) emitJournal() {
	line := d.export.json()
	if d.rec.read(line, d.By) {
		d.host = append(d.host[:0], d.rec.host...)
	}
	d.pass(d.host, line)
}

// Time is when a record was written that stands on a line, or on this line of a
// record; the zero time where the line is no record or names no time.
func Time(line []byte) time.Time {
	if micros, ok := bytes.CutPrefix(line, []byte("__REALTIME_TIMESTAMP=")); ok {
		return timeOf(string(bytes.TrimSpace(micros)))
	}
	if len(line) == 0 || line[0] != '{' {
		return time.Time{}
	}
	if isBundle(line) {
		var u bundle
		if u.read(line); len(u.recs) > 0 {
			return u.recs[len(u.recs)-1].time
		}
		return time.Time{}
	}
	var r record
	if !r.read(line, "") || r.kind == journal {
		return time.Time{} // a line of journalctl -o json is read as such
	}
	return r.time
}

// kind is who printed a record.
type kind uint8

const (
	none kind = iota
	engine
	journal // journalctl -o json: its own fields matter
)

// record is what is read of one.
type record struct {
	kind kind
	text []byte
	time time.Time
	host []byte
	rank int // of the label that host is from

	buf []byte
	has map[string]bool
}

// shapes are the records that are known: where the message stands, and fields of
// which at least so many are there too. One line of each:
//
//	{"_msg":"…","_stream":"{host=\"a\"}","_time":"2025-10-02T06:40:11.7Z"}                    VictoriaLogs, vlogscli
//	{"labels":{"host":"a"},"line":"…","timestamp":"2025-10-02T06:40:11.7Z"}                  logcli --output jsonl
//	{"message":"…","nodeName":"a","namespace":"x","podName":"wolf-0","containerName":"wolf"}  stern -o json
//	{"date":1759387211.75,"log":"…","hostname":"a"}                                          Fluent Bit, stdout with json_lines
//	{"container_id":"9b2f","container_name":"/wolf","source":"stderr","log":"…"}             fluentd
//	{"_index":"wolf","_source":{"@timestamp":"…","message":"…","host":{"name":"a"}}}         OpenSearch
//	{"Timestamp":"2025-10-02 06:40:11.752176123","ServiceName":"wolf","Body":"…"}            ClickHouse, otel_logs
//	{"timeUnixNano":"1759387211752176123","body":{"stringValue":"…"}}                        OpenTelemetry, one logRecord
//	{"__REALTIME_TIMESTAMP":"…","_HOSTNAME":"a","MESSAGE":"…"}                               journalctl -o json
var shapes = [...]struct {
	message string
	beside  []string
	least   int
	kind    kind
}{
	{"_msg", []string{"_time", "_stream"}, 1, engine},
	{"line", []string{"labels", "timestamp"}, 2, engine},
	{"message", []string{"podName", "containerName"}, 2, engine},
	{"log", []string{"date", "@timestamp", "container_name", "container_id", "kubernetes", "source", "hostname", "host"}, 1, engine},
	{"Body", []string{"Timestamp", "ServiceName", "ResourceAttributes"}, 1, engine},
	{"body", []string{"timeUnixNano", "observedTimeUnixNano"}, 1, engine},
	{"MESSAGE", []string{"__REALTIME_TIMESTAMP", "_HOSTNAME"}, 1, journal},
}

// read reads a JSON object. It reports whether it is a record.
func (r *record) read(b []byte, by string) bool {
	*r = record{rank: 1 << 10, buf: r.buf[:0], has: r.has}
	if r.has == nil {
		r.has = map[string]bool{}
	}
	clear(r.has)
	messages := map[string][]byte{}
	r.fields(b, by, messages, 0)
	for _, s := range shapes {
		text, ok := messages[s.message]
		if !ok {
			continue
		}
		n := 0
		for _, key := range s.beside {
			if r.has[key] {
				n++
			}
		}
		if n >= s.least {
			r.kind, r.text = s.kind, text
			if string(text) == noMessage {
				r.text = nil
			}
			return true
		}
	}
	if text, ok := messages["message"]; ok && r.has["_source"] {
		r.kind, r.text = engine, text
		return true
	}
	return false
}

// noMessage is what VictoriaLogs says in place of an empty message.
const noMessage = "missing _msg field; see https://docs.victoriametrics.com/victorialogs/keyconcepts/#message-field"

// fields reads the fields of an object and of those inside of it that hold
// labels.
func (r *record) fields(b []byte, by string, messages map[string][]byte, depth int) {
	o, ok := jsonscan.Open(bytes.TrimSpace(b))
	if !ok {
		return
	}
	for f, ok := o.Next(); ok; f, ok = o.Next() {
		key := string(f.Key)
		r.has[key] = true
		if !f.Str && len(f.Value) > 0 && f.Value[0] == '{' {
			r.nested(key, f.Value, by, messages, depth)
			continue
		}
		if key == "attributes" {
			r.attributes(f.Value, by)
			continue
		}
		switch key {
		case "_msg", "line", "message", "log", "Body", "body", "MESSAGE":
			if f.Str && (depth == 0 || r.has["_source"]) && messages[key] == nil {
				messages[key] = r.string(f.Value)
			} else if key == "MESSAGE" { // bytes
				messages[key] = f.Value
			}
		case "_time", "timestamp", "date", "@timestamp", "Timestamp", "timeUnixNano", "observedTimeUnixNano", "time":
			if r.time.IsZero() || key == "timeUnixNano" {
				r.time = timeOf(string(f.Value))
			}
		case "_stream":
			r.stream(string(r.string(f.Value)), by)
		}
		if f.Str {
			r.label(key, f.Value, by)
		}
	}
}

// nested reads an object inside of a record.
func (r *record) nested(key string, b []byte, by string, messages map[string][]byte, depth int) {
	switch key {
	case "body": // an OpenTelemetry value
		o, _ := jsonscan.Open(b)
		for f, ok := o.Next(); ok; f, ok = o.Next() {
			if string(f.Key) == "stringValue" {
				messages["body"] = r.string(f.Value)
			}
		}
	case "host": // {"name":"a"}
		o, _ := jsonscan.Open(b)
		for f, ok := o.Next(); ok; f, ok = o.Next() {
			if string(f.Key) == "name" {
				r.label("host", f.Value, by)
			}
		}
	case "_source", "labels", "kubernetes", "ResourceAttributes", "LogAttributes", "resource", "stream":
		if depth < 2 {
			r.fields(b, by, messages, depth+1)
		}
	}
}

// string is the meaning of a JSON string.
func (r *record) string(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 {
		return s
	}
	return jsonscan.Unescape(nil, s)
}

// label takes a label that names the host, the better one of two.
func (r *record) label(key string, value []byte, by string) {
	rank := 0
	if by != "" {
		if key != by {
			return
		}
	} else {
		rank = -1
		for i, l := range labels {
			if l == key {
				rank = i
			}
		}
		if rank < 0 {
			return
		}
	}
	if rank < r.rank && len(value) > 0 {
		r.rank, r.host = rank, r.string(value)
	}
}

var labels = Labels()

// stream takes the labels of a stream: {host="a",service="wolf"}.
func (r *record) stream(s, by string) {
	s = strings.Trim(s, "{}")
	for s != "" {
		key, rest, ok := strings.Cut(s, `="`)
		end, closed := jsonscan.StringEnd([]byte(rest), 0)
		if !ok || !closed {
			return
		}
		r.label(strings.TrimLeft(key, ", "), []byte(rest[:end]), by)
		s = rest[end+1:]
	}
}
