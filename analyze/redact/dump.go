package redact

import (
	"bytes"
	"encoding/binary"
)

// The layout cpptrace's crash handler of Wolf writes: a count, then records of
// two addresses and the path of an object, zero-terminated, with padding.
const (
	dumpHead   = 8
	dumpRecord = 4120
	dumpPath   = 16
	maxFrames  = 100_000
)

// Dump masks the paths in a crash dump of cpptrace's binary layout, and wipes
// what stands behind them, which is whatever memory held before. The size and the
// addresses stay. A dump of bare addresses, as boost writes it, is returned as it
// is. ok is false for other content, of which nothing can be said.
func (r *Redactor) Dump(data []byte) (out []byte, ok bool) {
	if len(data) >= dumpHead && (len(data)-dumpHead)%dumpRecord == 0 {
		if n := binary.LittleEndian.Uint64(data); n <= maxFrames && n == uint64(len(data)-dumpHead)/dumpRecord {
			out = bytes.Clone(data)
			for at := dumpHead; at < len(out); at += dumpRecord {
				r.dumpPath(out[at+dumpPath : at+dumpRecord])
			}
			return out, true
		}
	}
	// boost: up to 128 return addresses and a zero word.
	if n := len(data); n >= 8 && n%8 == 0 && n <= 129*8 && binary.LittleEndian.Uint64(data[n-8:]) == 0 {
		for at := 0; at < n-8; at += 8 {
			if w := binary.LittleEndian.Uint64(data[at:]); w == 0 || w>>48 != 0 {
				return nil, false
			}
		}
		return data, true
	}
	return nil, false
}

func (r *Redactor) dumpPath(field []byte) {
	end := bytes.IndexByte(field, 0)
	if end < 0 {
		end = len(field)
	}
	path := r.Text(string(field[:end]))
	clear(field)
	copy(field[:len(field)-1], path)
}
