package records

import (
	"bytes"
	"strings"
	"time"

	"wolfdiag/analyze/logline/jsonscan"
)

// record is what is read of one.
type record struct {
	kind kind
	text []byte // escaped, as it stands in the record
	time time.Time
	host []byte
	rank int // of the label that host is from

	has      map[string]bool
	messages map[string][]byte
}

// read reads a JSON object. It reports whether it is a record.
func (r *record) read(b []byte, by string) bool {
	*r = record{rank: 1 << 10, has: r.has, messages: r.messages}
	if r.has == nil {
		r.has, r.messages = map[string]bool{}, map[string][]byte{}
	}
	clear(r.has)
	clear(r.messages)
	messages := r.messages
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
				messages[key] = f.Value
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
				messages["body"] = f.Value
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

// attributes reads labels as OTLP writes them: [{"key":"host.name","value":{"stringValue":"a"}}].
func (r *record) attributes(b []byte, by string) {
	each(b, func(b []byte) {
		var key, value []byte
		fields(b, func(k string, v []byte) {
			switch k {
			case "key":
				key = unquoted(v)
			case "value":
				fields(v, func(k string, v []byte) {
					if k == "stringValue" {
						value = unquoted(v)
					}
				})
			}
		})
		r.label(string(key), value, by)
	})
}
