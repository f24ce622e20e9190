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
	text   []byte // of a record, its meaning
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
			r := &u.recs[i]
			d.emit(r.time(), u.hosts[r.host], r.text)
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
	d.emit(r.time, string(r.host), r.text)
}

// emit passes on the lines of a record, each with the record's time; text is
// escaped.
func (d *Decoder) emit(at time.Time, host string, text []byte) {
	d.host = append(d.host[:0], host...)
	d.out = d.out[:0]
	if bytes.IndexByte(text, '\\') >= 0 {
		d.text = jsonscan.Unescape(d.text[:0], text)
		text = d.text
	}
	text = bytes.TrimSuffix(text, []byte("\n"))
	for more := true; more; {
		var line []byte
		line, text, more = bytes.Cut(text, []byte("\n"))
		if !at.IsZero() {
			d.out = append(at.UTC().AppendFormat(d.out, "2006-01-02T15:04:05.000000000Z"), ' ')
		}
		d.out = append(append(d.out, line...), '\n')
	}
	d.Take(d.host, d.out)
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
			return u.recs[len(u.recs)-1].time()
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

// noMessage is what VictoriaLogs says in place of an empty message.
const noMessage = "missing _msg field; see https://docs.victoriametrics.com/victorialogs/keyconcepts/#message-field"

var labels = Labels()
