package transport

import (
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/jsonscan"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// journaldKey: the fields of the journal are in capitals, its own begin with __.
func journaldKey(key []byte) bool {
	return len(key) > 2 && (key[0] == '_' || key[0] >= 'A' && key[0] <= 'Z')
}

// journaldJSON reads a line of journalctl -o json:
//
//	{"__REALTIME_TIMESTAMP":"1759387211752176","MESSAGE":[27,91,51],"PRIORITY":"3","CONTAINER_NAME":"wolf"}
func journaldJSON(st *State, b []byte, o jsonscan.Object, f jsonscan.Field, r *record.Record) ([]byte, bool) {
	var msg, container, ident []byte
	var stamp record.Stamp
	var pid int64
	claim, found, mine := record.LevelNone, false, false
	for ok := true; ok; f, ok = o.Next() {
		switch string(f.Key) {
		case "MESSAGE":
			if found {
				continue
			}
			if f.Str {
				msg, found = jsonscan.Text(st.Arena, f.Value), true
			} else if f.Value[0] == '[' {
				dst, from := st.Arena.Open()
				if dst, found = jsonscan.Bytes(dst, f.Value); found {
					msg = st.Arena.Keep(dst, from)
				}
			}
		case "__REALTIME_TIMESTAMP":
			if lex.DigitRun(f.Value) == len(f.Value) && len(f.Value) < 18 {
				stamp = record.Stamp{Kind: record.ClockUTC, Nanos: lex.Number(f.Value) * 1000, Resolution: 1000}
			}
			mine = true
		case "CONTAINER_NAME":
			container = f.Value
		case "SYSLOG_IDENTIFIER":
			ident = f.Value
		case "_PID", "SYSLOG_PID":
			if lex.DigitRun(f.Value) == len(f.Value) {
				pid = lex.Number(f.Value)
			}
		case "PRIORITY":
			if len(f.Value) == 1 && lex.IsDigit(f.Value[0]) {
				claim = format.SyslogLevel(int(f.Value[0] - '0'))
			}
		}
	}
	if !found || !mine && container == nil && ident == nil {
		return b, false
	}
	st.Wraps |= JournaldJSON
	setOuter(r, stamp)
	r.PID = int(min(pid, 1<<31-1))
	if container != nil {
		r.Service = container
		// dockerd's journald driver files all of stderr under priority 3, all of
		// stdout under 6: that is the stream, not a severity.
		switch claim {
		case record.LevelError:
			r.Stream = 2
		case record.LevelInfo:
			r.Stream = 1
		}
		claim = record.LevelNone
	} else if ident != nil {
		r.Service = ident
		st.Kernel = string(ident) == "kernel"
	}
	st.Claim = claim
	return msg, true
}
