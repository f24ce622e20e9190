package decode

import (
	"encoding/binary"

	"wolfdiag/dump/trace"
)

// MaxBoost is the number of addresses boost::stacktrace::safe_dump_to writes at
// most, and the zero word that ends them.
const MaxBoost = 128

// decodeBoost reads boost's raw layout (boost:stacktrace/safe_dump_to.hpp): u64
// return addresses, not decremented, up to a zero word; no header, no paths.
//
//	0000: 49 1a cd e1 5b 55 00 00  6f 94 c2 e1 5b 55 00 00
//	0010: 00 00 00 00 00 00 00 00
func decodeBoost(b []byte, size int64) (trace.Trace, bool) {
	if len(b) < 8 || size > 8*(2*MaxBoost+2) {
		return trace.Trace{}, false
	}
	t := trace.Trace{Kind: trace.KindBoost, Status: trace.StatusOK}
	ended := false
	rest := b
	for len(rest) >= 8 && len(t.Frames) < MaxBoost+1 {
		a := binary.LittleEndian.Uint64(rest)
		rest = rest[8:]
		if a == 0 {
			ended = true
			break
		}
		if !trace.CodeAddress(a) {
			return trace.Trace{}, false
		}
		t.Frames = append(t.Frames, trace.Frame{Raw: a})
	}
	if len(t.Frames) > MaxBoost {
		return trace.Trace{}, false
	}
	if len(t.Frames) == 0 {
		if size != 8 {
			return trace.Trace{}, false
		}
		t.Status = trace.StatusNoFrames
		t.Warn("the first word is the zero that ends the trace")
		return t, true
	}
	if !sharesPages(t.Frames) {
		return trace.Trace{}, false
	}
	switch {
	case !ended:
		t.Status = trace.StatusTruncated
		t.Warn("no zero word ends the %d addresses", len(t.Frames))
	case len(rest) > 0 && !allZero(rest):
		t.Status = trace.StatusStaleTail
		t.Warn("%d bytes follow the zero word that ends the trace; left out", len(rest))
	}
	t.Entries = len(t.Frames)
	return t, true
}

// sharesPages asks that some two addresses lie within 64 MiB of one another:
// a trace has several frames in one object, eight random words do not.
func sharesPages(frames []trace.Frame) bool {
	if len(frames) == 1 {
		return true
	}
	for i := range frames {
		for j := range i {
			d := frames[i].Raw - frames[j].Raw
			if d < 64<<20 || -d < 64<<20 {
				return true
			}
		}
	}
	return false
}
