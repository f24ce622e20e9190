package decode

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"wolfdiag/dump/trace"
)

// Layout of cpptrace's safe_object_frame as Wolf writes it
// (cpptrace:include/cpptrace/cpptrace.hpp, wolf:src/moonlight-server/exceptions/exceptions.h).
//
//	0000: 19 00 00 00 00 00 00 00                            count = 25
//	0008: 1b c6 af 2f aa 55 00 00  1b c6 0f 00 00 00 00 00   raw, relative address
//	0018: 2f 77 6f 6c 66 2f 77 6f 6c 66 00 …                 "/wolf/wolf", 4097 bytes, then 7 of padding
const (
	countSize  = 8
	pathOffset = 16
	pathSize   = 4097
	recordSize = 4120
	MaxFrames  = 100 // Wolf's buffer

	// topAddress bounds what a process can have mapped on amd64 and arm64
	// (57 bits with five-level paging).
	topAddress = 1 << 57

	// MaxCpptrace is the largest file the format can hold.
	MaxCpptrace = countSize + MaxFrames*recordSize
)

// FramesOfSize returns how many frames a cpptrace dump of that size holds, and
// false when no such dump has that size.
func FramesOfSize(size int64) (int, bool) {
	n := size - countSize
	if n < 0 || n%recordSize != 0 || n/recordSize > MaxFrames {
		return 0, false
	}
	return int(n / recordSize), true
}

// readRecord reads one record; short records (a file cut off) are accepted as
// long as the path is terminated. It says whether the record makes sense.
func readRecord(b []byte, in *Interner) (f trace.Frame, ok bool) {
	if len(b) < pathOffset+1 {
		return trace.Frame{}, false
	}
	f.Raw = binary.LittleEndian.Uint64(b)
	f.Object = binary.LittleEndian.Uint64(b[8:])
	path := b[pathOffset:min(len(b), pathOffset+pathSize)]
	end := bytes.IndexByte(path, 0)
	if end < 0 {
		return trace.Frame{}, false
	}
	if end == 0 {
		// An address in no object: a jump through a bad pointer, or generated code.
		return f, f.Object == 0 && (f.Raw < topAddress || f.Raw >= ^uint64(trace.PageMask))
	}
	f.HasObject = true
	if f.Raw >= topAddress || f.Object > f.Raw || (f.Raw-f.Object)&trace.PageMask != 0 {
		return trace.Frame{}, false
	}
	f.Module = in.bytes(path[:end])
	return f, true
}

// decodeCpptrace reads the binary layout. size is the size of the whole file,
// of which b may be only the start. It returns false when b is something else.
func decodeCpptrace(b []byte, size int64, in *Interner) (trace.Trace, bool) {
	if len(b) < countSize {
		return trace.Trace{}, false
	}
	count := binary.LittleEndian.Uint64(b)
	body := b[countSize:]
	if count == 0 {
		return cpptraceNoCount(body, size, in)
	}
	if count > MaxFrames {
		return cpptraceBadCount(count, body, size, in)
	}
	t := trace.Trace{Kind: trace.KindCpptrace, Status: trace.StatusOK}
	t.Frames = make([]trace.Frame, 0, count)
	bad, zeros, known := 0, 0, 0
	for i := range int(count) {
		lo := i * recordSize
		if lo >= len(body) {
			break
		}
		f, ok := readRecord(body[lo:min(len(body), lo+recordSize)], in)
		if ok && f.Raw == 0 && f.Module == "" {
			// A jump to address 0 gives one such record; more are lost data.
			zeros++
			ok = zeros == 1
		}
		if !ok {
			if lo+recordSize > len(body) {
				break // the cut-off part of the last record holds no whole path
			}
			if bad == 0 {
				t.Warn("record %d at byte offset %d is damaged: want two addresses a page-aligned base apart and a path ended by NUL", i, countSize+lo)
			}
			bad++
			continue
		}
		t.Frames = append(t.Frames, f)
		if f.Module != "" || trace.CodeAddress(f.Raw) {
			known++
		}
	}
	if known == 0 && len(body) >= recordSize {
		return trace.Trace{}, false
	}
	if len(t.Frames) == 0 && size > countSize+pathOffset && len(body) > pathOffset && !plausibleStart(body) {
		return trace.Trace{}, false
	}
	need := int64(countSize + int(count)*recordSize)
	switch {
	case size < need:
		t.Status = trace.StatusTruncated
		t.Warn("the file has %d bytes, %d frames need %d: %d frames recovered", size, count, need, len(t.Frames))
	case bad > 0:
		t.Status = trace.StatusCorrupt
		t.Warn("%d of %d records are damaged", bad, count)
	}
	cpptraceTail(&t, body, int(count), size, in)
	checkBases(&t)
	t.Entries = len(t.Frames)
	return t, true
}

// plausibleStart accepts the start of a first record that was cut inside its path.
func plausibleStart(body []byte) bool {
	raw, object := binary.LittleEndian.Uint64(body), binary.LittleEndian.Uint64(body[8:])
	return raw < topAddress && object <= raw && (raw-object)&trace.PageMask == 0 && printable(body[pathOffset])
}

func printable(c byte) bool { return c >= 0x20 && c < 0x7f }

// cpptraceTail looks at what follows the counted records.
func cpptraceTail(t *trace.Trace, body []byte, count int, size int64, in *Interner) {
	extra := size - int64(countSize+count*recordSize)
	if extra <= 0 || count*recordSize >= len(body) {
		if extra > 0 {
			t.Status = trace.Worse(t.Status, trace.StatusCorrupt)
			t.Warn("%d bytes follow the %d counted frames", extra, count)
		}
		return
	}
	rest := body[count*recordSize:]
	var tail []trace.Frame
	for len(rest) > 0 {
		f, ok := readRecord(rest[:min(len(rest), recordSize)], in)
		if !ok {
			break
		}
		tail = append(tail, f)
		rest = rest[min(len(rest), recordSize):]
	}
	if len(tail) == 0 || size > MaxCpptrace {
		t.Status = trace.Worse(t.Status, trace.StatusCorrupt)
		t.Warn("%d bytes follow the %d counted frames; the format holds at most %d bytes", extra, count, MaxCpptrace)
		return
	}
	t.Status = trace.Worse(t.Status, trace.StatusStaleTail)
	t.Dropped = append(t.Dropped, tail...)
	if otherBase(t.Frames, tail) {
		t.Warn("%d frames of an older dump follow the %d of this one (other load bases); left out", len(tail), count)
	} else {
		t.Warn("%d frames of another thread or an earlier crash of the same process follow the %d of this one (same load bases); left out", len(tail), count)
	}
}

// cpptraceNoCount handles a count of zero, which Wolf never writes.
func cpptraceNoCount(body []byte, size int64, in *Interner) (trace.Trace, bool) {
	if size == countSize {
		t := trace.Trace{Kind: trace.KindCpptrace, Status: trace.StatusNoFrames}
		t.Warn("the count says 0 frames")
		return t, true
	}
	return cpptraceBadCount(0, body, size, in)
}

// cpptraceBadCount recovers the records after a count that cannot be right.
func cpptraceBadCount(count uint64, body []byte, size int64, in *Interner) (trace.Trace, bool) {
	frames := readRun(body, in)
	if len(frames) == 0 {
		return trace.Trace{}, false
	}
	t := trace.Trace{Kind: trace.KindCpptrace, Status: trace.StatusCorrupt, Frames: frames}
	t.Warn("the count says %d frames, want 1 to %d; %d whole records found in %d bytes", count, MaxFrames, len(frames), size)
	checkBases(&t)
	t.Entries = len(t.Frames)
	return t, true
}

// readRun reads records until one does not make sense.
func readRun(body []byte, in *Interner) []trace.Frame {
	var frames []trace.Frame
	for len(body) > pathOffset && len(frames) < MaxFrames {
		f, ok := readRecord(body[:min(len(body), recordSize)], in)
		if !ok || (f.Module == "" && f.Raw == 0 && allZero(body[:min(len(body), recordSize)])) {
			break
		}
		frames = append(frames, f)
		body = body[min(len(body), recordSize):]
	}
	for len(frames) > 0 && frames[len(frames)-1].Module == "" {
		frames = frames[:len(frames)-1] // zeros at the end are no frames
	}
	return frames
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// resync looks for records that do not start at byte 8: a file whose head was
// lost, or that something was put in front of. Two records in a row must fit.
func resync(b []byte, in *Interner) (trace.Trace, bool) {
	for from := 0; from+recordSize+pathOffset < len(b) && from < recordSize; from++ {
		// A record starts 16 bytes before a path, after the padding of the one before.
		if c := b[from+pathOffset]; c != '/' && c != '.' {
			continue
		}
		frames := readRun(b[from:], in)
		if len(frames) < 2 || frames[0].Module == "" {
			continue
		}
		t := trace.Trace{Kind: trace.KindCpptrace, Status: trace.StatusCorrupt, Frames: frames}
		t.Warn("the records start at byte offset %d, want 8; the count and what was before are lost", from)
		checkBases(&t)
		t.Entries = len(t.Frames)
		return t, true
	}
	return trace.Trace{}, false
}

// decodeCpptraceText reads the layout that Wolf wrote for two days of January
// 2024: a count, then per frame two decimal addresses, 4097 path bytes, \n.
//
//	"25\n1033755 94189036742171 /wolf/wolf\x00\x00…\x00\n"
func decodeCpptraceText(b []byte, in *Interner) (trace.Trace, bool) {
	line, rest, ok := bytes.Cut(b, []byte{'\n'})
	if !ok || len(line) == 0 || len(line) > 20 {
		return trace.Trace{}, false
	}
	count, err := strconv.ParseUint(string(line), 10, 64)
	if err != nil {
		return trace.Trace{}, false
	}
	t := trace.Trace{Kind: trace.KindCpptraceText, Status: trace.StatusOK}
	cut := false
	for len(rest) > 0 && len(t.Frames) < MaxFrames {
		f, n, whole, ok := readTextRecord(rest, in)
		if !ok {
			break
		}
		t.Frames = append(t.Frames, f)
		rest = rest[n:]
		cut = !whole
	}
	if len(t.Frames) == 0 && (count > MaxFrames || len(rest) > 0) {
		return trace.Trace{}, false
	}
	switch n := uint64(len(t.Frames)); {
	case count == 0 && n == 0:
		t.Status = trace.StatusNoFrames
		t.Warn("the count says 0 frames")
	case count == 0 || count > MaxFrames:
		t.Status = trace.StatusCorrupt
		t.Warn("the count says %d frames, want 1 to %d; %d records found", count, MaxFrames, n)
	case n > count:
		t.Status = trace.StatusStaleTail
		t.Dropped = append(t.Dropped, t.Frames[count:]...)
		t.Frames = t.Frames[:count]
		t.Warn("%d frames follow the %d counted ones; left out", n-count, count)
	case n < count || cut:
		t.Status = trace.StatusTruncated
		t.Warn("%d of %d frames recovered", n, count)
	}
	checkBases(&t)
	t.Entries = len(t.Frames)
	return t, true
}

// readTextRecord returns the record, its length, and whether it was whole.
func readTextRecord(b []byte, in *Interner) (f trace.Frame, n int, whole, ok bool) {
	object, used, ok := decimal(b)
	if !ok {
		return trace.Frame{}, 0, false, false
	}
	raw, used2, ok := decimal(b[used:])
	if !ok {
		return trace.Frame{}, 0, false, false
	}
	n = used + used2
	path := b[n:min(len(b), n+pathSize)]
	end := bytes.IndexByte(path, 0)
	if end < 0 {
		return trace.Frame{}, 0, false, false
	}
	f = trace.Frame{Raw: raw, Object: object, HasObject: end > 0, Module: in.bytes(path[:end])}
	if end > 0 && (object > raw || (raw-object)&trace.PageMask != 0) {
		return trace.Frame{}, 0, false, false
	}
	n += len(path)
	if n < len(b) && b[n] == '\n' {
		return f, n + 1, true, true
	}
	return f, n, false, n == len(b)
}

// decimal reads digits and the blank after them.
func decimal(b []byte) (v uint64, n int, ok bool) {
	end := bytes.IndexByte(b[:min(len(b), 21)], ' ')
	if end < 1 {
		return 0, 0, false
	}
	v, err := strconv.ParseUint(string(b[:end]), 10, 64)
	return v, end + 1, err == nil
}
