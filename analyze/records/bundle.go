package records

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"wolfdiag/analyze/logline/jsonscan"
)

// A bundle is one object that holds many records, newest first or in groups:
//
//	{"resourceLogs":[{"resource":{"attributes":[…]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"…","body":{"stringValue":"…"}}]}]}]}   OTLP
//	{"status":"success","data":{"resultType":"streams","result":[{"stream":{"host":"a"},"values":[["1759387211752176123","…"]]}]}}      Loki, an answer
//	{"streams":[{"stream":{"host":"a"},"values":[["1759387211752176123","…"]]}]}                                                       Loki, push and tail
//	{"took":3,"hits":{"total":{"value":2},"hits":[{"_index":"wolf","_source":{"@timestamp":"…","message":"…"}}]}}                      OpenSearch, an answer
type bundle struct {
	by    string
	rec   record // the one that is read
	recs  []bundled
	hosts []string
	host  map[string]int32 // where in hosts
}

// bundled is a record of a bundle. Hundreds of thousands of them wait until all
// have been read, for the last one may be the oldest: so it is kept small, and
// its text where it stands.
type bundled struct {
	seconds     int64
	nanoseconds int32
	host        int32  // in hosts
	text        []byte // escaped, a part of the bundle
}

func (b *bundled) time() time.Time { return time.Unix(b.seconds, int64(b.nanoseconds)) }

func (u *bundle) put(at time.Time, host, text []byte) {
	i, ok := u.host[string(host)]
	if !ok {
		if u.host == nil {
			u.host = map[string]int32{}
		}
		i = int32(len(u.hosts))
		u.hosts = append(u.hosts, string(host))
		u.host[string(host)] = i
	}
	u.recs = append(u.recs, bundled{at.Unix(), int32(at.Nanosecond()), i, text})
}

// isBundle tells a bundle by its beginning.
func isBundle(b []byte) bool {
	head := b[:min(len(b), 4<<10)]
	o, ok := jsonscan.Open(bytes.TrimSpace(head))
	if !ok {
		return false
	}
	for f, ok := o.Next(); ok; f, ok = o.Next() {
		switch string(f.Key) {
		case "resourceLogs", "streams":
			return !f.Str && len(f.Value) > 0 && f.Value[0] == '['
		case "data":
			return bytes.Contains(f.Value, []byte(`"streams"`))
		case "hits":
			return bytes.Contains(f.Value, []byte(`"hits"`))
		}
	}
	return false
}

// read reads the records of a bundle and puts them into the order of their
// times; those of one time stay as they stand.
func (u *bundle) read(b []byte) {
	o, _ := jsonscan.Open(bytes.TrimSpace(b))
	for f, ok := o.Next(); ok; f, ok = o.Next() {
		switch string(f.Key) {
		case "resourceLogs":
			each(f.Value, u.resource)
		case "streams":
			each(f.Value, u.lokiStream)
		case "data":
			fields(f.Value, func(key string, value []byte) {
				if key == "result" {
					each(value, u.lokiStream)
				}
			})
		case "hits":
			fields(f.Value, func(key string, value []byte) {
				if key == "hits" {
					u.group(func() { each(value, func(hit []byte) { u.add(hit, nil, 1<<10) }) })
				}
			})
		}
	}
	slices.SortStableFunc(u.recs, older)
}

func older(a, b bundled) int {
	return cmp.Or(cmp.Compare(a.seconds, b.seconds), cmp.Compare(a.nanoseconds, b.nanoseconds))
}

// group adds records that stand together, oldest first: engines answer with the
// newest first.
func (u *bundle) group(add func()) {
	from := len(u.recs)
	add()
	if own := u.recs[from:]; len(own) > 1 && older(own[len(own)-1], own[0]) < 0 {
		slices.Reverse(own)
	}
}

// add adds a record that is an object, with the host of its group.
func (u *bundle) add(b, host []byte, rank int) {
	r := &u.rec
	if !r.read(b, u.by) {
		return
	}
	if len(r.host) == 0 || r.rank > rank {
		r.host = host
	}
	u.put(r.time, r.host, r.text)
}

// resource reads the records of one resource of OTLP.
func (u *bundle) resource(b []byte) {
	r := record{rank: 1 << 10}
	fields(b, func(key string, value []byte) {
		switch key {
		case "resource":
			fields(value, func(key string, value []byte) {
				if key == "attributes" {
					r.attributes(value, u.by)
				}
			})
		case "scopeLogs", "instrumentationLibraryLogs":
			each(value, func(scope []byte) {
				fields(scope, func(key string, value []byte) {
					if key == "logRecords" || key == "logs" {
						each(value, func(b []byte) { u.add(b, r.host, r.rank) })
					}
				})
			})
		}
	})
}

// lokiStream reads a stream of Loki and its [time, line] pairs.
func (u *bundle) lokiStream(b []byte) {
	r := record{rank: 1 << 10}
	fields(b, func(key string, value []byte) {
		switch key {
		case "stream":
			fields(value, func(key string, value []byte) { r.label(key, unquoted(value), u.by) })
		case "values":
			u.group(func() {
				each(value, func(pair []byte) {
					var at time.Time
					var text []byte
					n := 0
					each(pair, func(b []byte) {
						switch n {
						case 0:
							at = timeOf(string(unquoted(b)))
						case 1:
							text = unquoted(b)
						}
						n++
					})
					if n > 1 {
						u.put(at, r.host, text)
					}
				})
			})
		}
	})
}
