package decode

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"unicode/utf8"

	"wolfdiag/dump/printed"
	"wolfdiag/dump/trace"
)

// MaxRead is how much of a file is looked at: more than twice what a cpptrace
// dump can hold, and ample for a printed trace.
const MaxRead = 1 << 20

// Decode reads a dump of any known layout. size is the size of the whole file,
// or -1 when unknown; b is its content, of which no more than MaxRead bytes are
// looked at. The layout is told by content alone. A file that is no dump gives a
// Trace with StatusNotADump; Decode never fails. Safe for concurrent use.
func Decode(b []byte, size int64) trace.Trace {
	return With(b, size, NewInterner(), Gunzip)
}

// Expander recognises compressed content by its start and returns what it expands
// to, and the compression's name; "" when it is none that it knows.
type Expander func(r io.Reader) (plain io.ReadCloser, name string, err error)

// Gunzip is the Expander that needs no other library.
func Gunzip(r io.Reader) (plain io.ReadCloser, name string, err error) {
	head := bufio.NewReader(r)
	if magic, _ := head.Peek(2); string(magic) != gzipMagic {
		return nil, "", nil
	}
	plain, err = gzip.NewReader(head)
	return plain, "gzip", err
}

// With is Decode with an interner for the paths and the compressions that expand
// knows; expand nil expands nothing. Safe for concurrent use as far as in is.
func With(b []byte, size int64, in *Interner, expand Expander) trace.Trace {
	b = b[:min(len(b), MaxRead)]
	if size < int64(len(b)) {
		size = int64(len(b))
	}
	if size == 0 {
		t := trace.Trace{Kind: trace.KindUnknown, Status: trace.StatusEmpty}
		t.Warn("the file has no bytes")
		return t
	}
	if t, ok := decodeCpptrace(b, size, in); ok {
		return t
	}
	if expand != nil {
		if t, ok := decodeCompressed(b, size, in, expand); ok {
			return t
		}
	}
	if t, ok := decodeCpptraceText(b, in); ok {
		return t
	}
	if t, ok := decodeBoost(b, size); ok {
		return t
	}
	if LooksLikeText(b) {
		if t, ok := printed.Parse(string(b)); ok {
			if size > int64(len(b)) {
				t.Warn("only the first %d of %d bytes were looked at", len(b), size)
			}
			return t
		}
		t := trace.Trace{Kind: trace.KindUnknown, Status: trace.StatusNotADump}
		t.Warn("text without a trace")
		return t
	}
	return decodeUnknown(b, size, in)
}

// decodeUnknown is the last resort for binary content.
func decodeUnknown(b []byte, size int64, in *Interner) trace.Trace {
	t := trace.Trace{Kind: trace.KindUnknown, Status: trace.StatusNotADump}
	if allZero(b) {
		t.Status = trace.StatusCorrupt
		t.Warn("all of the first %d bytes are zero: the file's data were never written", len(b))
		return t
	}
	if what := foreignMagic(b); what != "" {
		t.Warn("this is %s", what)
		return t
	}
	if r, ok := resync(b, in); ok {
		return r
	}
	if s := usefulStrings(b); len(s) > 0 {
		t.Kind, t.Status, t.Strings = trace.KindStrings, trace.StatusCorrupt, s
		t.Warn("no known layout in %d bytes; %d paths and names found", size, len(s))
		return t
	}
	t.Warn("no known layout in %d bytes", size)
	return t
}

// decodeCompressed expands no more than MaxRead bytes; false when b is not compressed.
func decodeCompressed(b []byte, size int64, in *Interner, expand Expander) (trace.Trace, bool) {
	z, name, err := expand(bytes.NewReader(b))
	if name == "" {
		return trace.Trace{}, false
	}
	var plain []byte
	if err == nil {
		defer z.Close()
		plain, err = io.ReadAll(io.LimitReader(z, MaxRead+1))
	}
	if len(plain) == 0 && err != nil {
		t := trace.Trace{Kind: trace.KindUnknown, Status: trace.StatusCorrupt}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			t.Status = trace.StatusTruncated
		}
		t.Warn("%s: nothing could be expanded: %v", name, err)
		return t, true
	}
	more := len(plain) > MaxRead
	plain = plain[:min(len(plain), MaxRead)]
	t := With(plain, int64(len(plain)), in, nil)
	switch {
	case err != nil && (errors.Is(err, io.ErrUnexpectedEOF) || int64(len(b)) < size):
		t.Status = trace.Worse(t.Status, trace.StatusTruncated)
		t.Warn("the compressed data end early after %d bytes", len(plain))
	case err != nil:
		t.Status = trace.Worse(t.Status, trace.StatusCorrupt)
		t.Warn("%s: %v", name, err)
	case more:
		t.Warn("only the first %d bytes of the compressed data were looked at", MaxRead)
	}
	return t, true
}

// LooksLikeText accepts UTF-8 or Latin-1 text with escape sequences, but no NUL.
func LooksLikeText(b []byte) bool {
	if bytes.IndexByte(b, 0) >= 0 {
		return false
	}
	odd := 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 || r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != 0x1b {
			odd++
		}
		i += n
	}
	return odd*50 <= len(b)
}

// What compressed files start with.
const (
	gzipMagic  = "\x1f\x8b"
	zstdMagic  = "\x28\xb5\x2f\xfd"
	xzMagic    = "\xfd7zXZ\x00"
	bzip2Magic = "BZh"
)

// foreignMagic names well-known content that no dump can be mistaken for.
func foreignMagic(b []byte) string {
	for _, m := range []struct{ magic, what string }{
		{"\x7fELF", "an ELF file (a core file needs gdb)"},
		{"\x89PNG", "a PNG image"},
		{"\xff\xd8\xff", "a JPEG image"},
		{"PK\x03\x04", "a zip archive"},
		{"SQLite format 3\x00", "an SQLite database"},
		{zstdMagic, "zstd-compressed; expand it first"},
		{xzMagic, "xz-compressed; expand it first"},
		{bzip2Magic, "bzip2-compressed; expand it first"},
		{"MDMP", "a minidump of another crash reporter"},
	} {
		if bytes.HasPrefix(b, []byte(m.magic)) {
			return m.what
		}
	}
	return ""
}

// WorthReading judges the first bytes of a file without a dump's name: text can
// hold a printed trace; binary content must be compressed or start with a count or
// an address.
func WorthReading(head []byte, size int64) bool {
	if LooksLikeText(head) {
		return true
	}
	if len(head) < 8 {
		return false
	}
	for _, magic := range []string{gzipMagic, zstdMagic, xzMagic, bzip2Magic} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	if size > 2*MaxCpptrace {
		return false
	}
	t, ok := decodeCpptrace(head, size, NewInterner())
	if ok && len(t.Frames) > 0 {
		return true
	}
	_, ok = decodeBoost(head, size)
	if ok {
		return true
	}
	_, ok = decodeCpptraceText(head, NewInterner())
	return ok
}
