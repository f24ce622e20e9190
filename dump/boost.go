package dump

import "encoding/binary"

// maxBoost is the number of addresses boost::stacktrace::safe_dump_to writes at
// most, and the zero word that ends them.
const maxBoost = 128

// decodeBoost reads boost's raw layout (boost:stacktrace/safe_dump_to.hpp): u64
// return addresses, not decremented, up to a zero word; no header, no paths.
//
//	0000: 49 1a cd e1 5b 55 00 00  6f 94 c2 e1 5b 55 00 00
//	0010: 00 00 00 00 00 00 00 00
func decodeBoost(b []byte, size int64) (Trace, bool) {
	if len(b) < 8 || size > 8*(2*maxBoost+2) {
		return Trace{}, false
	}
	t := Trace{Kind: KindBoost, Status: StatusOK}
	ended := false
	rest := b
	for len(rest) >= 8 && len(t.Frames) < maxBoost+1 {
		a := binary.LittleEndian.Uint64(rest)
		rest = rest[8:]
		if a == 0 {
			ended = true
			break
		}
		if !codeAddress(a) {
			return Trace{}, false
		}
		t.Frames = append(t.Frames, Frame{Raw: a})
	}
	if len(t.Frames) > maxBoost {
		return Trace{}, false
	}
	if len(t.Frames) == 0 {
		if size != 8 {
			return Trace{}, false
		}
		t.Status = StatusNoFrames
		t.warn("the first word is the zero that ends the trace")
		return t, true
	}
	if !sharesPages(t.Frames) {
		return Trace{}, false
	}
	switch {
	case !ended:
		t.Status = StatusTruncated
		t.warn("no zero word ends the %d addresses", len(t.Frames))
	case len(rest) > 0 && !allZero(rest):
		t.Status = StatusStaleTail
		t.warn("%d bytes follow the zero word that ends the trace; left out", len(rest))
	}
	t.Entries = len(t.Frames)
	return t, true
}

// codeAddress accepts what can be a return address of a user process on amd64
// or arm64: above the first 64 KiB and in the lower half.
func codeAddress(a uint64) bool { return a >= 1<<16 && a < 1<<47 }

// sharesPages asks that some two addresses lie within 64 MiB of one another:
// a trace has several frames in one object, eight random words do not.
func sharesPages(frames []Frame) bool {
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
