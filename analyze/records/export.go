package records

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"strings"
)

// export reads journalctl -o export (systemd's JOURNAL_EXPORT_FORMATS): fields
// of KEY=value, one a line, and a blank line after each entry. A value with
// bytes that are no text stands behind its key's line, as its length in 64 bits,
// least significant byte first, the bytes and a newline.
type export struct {
	open   bool
	values map[string]string
	key    string // whose bytes are under way
	bytes  []byte
}

func isExport(head []byte) bool {
	return bytes.HasPrefix(head, []byte("__CURSOR=")) || bytes.HasPrefix(head, []byte("__REALTIME_TIMESTAMP="))
}

// kept are the fields of an entry that say something here.
var kept = []string{"__REALTIME_TIMESTAMP", "MESSAGE", "PRIORITY", "CONTAINER_NAME", "SYSLOG_IDENTIFIER", "_PID", "_HOSTNAME"}

// maxBinary bounds a value of bytes: journald's own limit is 768 MiB, a message
// of a container is 48 KiB at the most.
const maxBinary = 1 << 20

// line takes a line, and reports whether an entry is complete.
func (e *export) line(line []byte) bool {
	if !e.open {
		e.open, e.values = true, map[string]string{}
	}
	if e.key != "" {
		if len(e.bytes) <= maxBinary+9 {
			e.bytes = append(e.bytes, line...)
		}
		if len(e.bytes) >= 8 {
			n := binary.LittleEndian.Uint64(e.bytes)
			if n > maxBinary || uint64(len(e.bytes)) > 8+n {
				e.values[e.key] = string(e.bytes[8:min(8+n, uint64(len(e.bytes)))])
				e.key, e.bytes = "", e.bytes[:0]
			}
		}
		return false
	}
	line = bytes.TrimRight(line, "\r\n")
	if len(line) == 0 {
		return e.end()
	}
	key, value, ok := strings.Cut(string(line), "=")
	if !ok {
		e.key = key
		return false
	}
	if len(e.values) < 256 {
		e.values[key] = value
	}
	return false
}

// end ends an entry, and reports whether there was one.
func (e *export) end() bool {
	was := e.open && len(e.values) > 0
	e.open, e.key, e.bytes = false, "", e.bytes[:0]
	return was
}

// json is the entry as journalctl -o json prints it.
func (e *export) json() []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, key := range kept {
		value, ok := e.values[key]
		if !ok {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		text, err := json.Marshal(value)
		if err != nil { // strings can always be written
			continue
		}
		b.WriteString(`"` + key + `":`)
		b.Write(text)
	}
	b.WriteString("}\n")
	return b.Bytes()
}
