package dump

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"unicode/utf8"
)

// MaxRead is how much of a file is looked at: more than twice what a cpptrace
// dump can hold, and ample for a printed trace.
const MaxRead = 1 << 20

// Decode reads a dump of any known layout. size is the size of the whole file,
// or -1 when unknown; b is its content, of which no more than MaxRead bytes are
// looked at. The layout is told by content alone. A file that is no dump gives a
// Trace with StatusNotADump; Decode never fails. Safe for concurrent use.
func Decode(b []byte, size int64) Trace {
	return decode(b, size, newInterner(), true)
}

func decode(b []byte, size int64, in *interner, unzip bool) Trace {
	b = b[:min(len(b), MaxRead)]
	if size < int64(len(b)) {
		size = int64(len(b))
	}
	if size == 0 {
		t := Trace{Kind: KindUnknown, Status: StatusEmpty}
		t.warn("the file has no bytes")
		return t
	}
	if t, ok := decodeCpptrace(b, size, in); ok {
		return t
	}
	if len(b) > 2 && b[0] == 0x1f && b[1] == 0x8b && unzip {
		return decodeGzip(b, size, in)
	}
	if t, ok := decodeCpptraceText(b, in); ok {
		return t
	}
	if t, ok := decodeBoost(b, size); ok {
		return t
	}
	if looksLikeText(b) {
		if t, ok := ParsePrinted(string(b)); ok {
			if size > int64(len(b)) {
				t.warn("only the first %d of %d bytes were looked at", len(b), size)
			}
			return t
		}
		t := Trace{Kind: KindUnknown, Status: StatusNotADump}
		t.warn("text without a trace")
		return t
	}
	return decodeUnknown(b, size, in)
}

// decodeUnknown is the last resort for binary content.
func decodeUnknown(b []byte, size int64, in *interner) Trace {
	t := Trace{Kind: KindUnknown, Status: StatusNotADump}
	if allZero(b) {
		t.Status = StatusCorrupt
		t.warn("all of the first %d bytes are zero: the file's data were never written", len(b))
		return t
	}
	if what := foreignMagic(b); what != "" {
		t.warn("this is %s", what)
		return t
	}
	if r, ok := resync(b, in); ok {
		return r
	}
	if s := usefulStrings(b); len(s) > 0 {
		t.Kind, t.Status, t.Strings = KindStrings, StatusCorrupt, s
		t.warn("no known layout in %d bytes; %d paths and names found", size, len(s))
		return t
	}
	t.warn("no known layout in %d bytes", size)
	return t
}

// decodeGzip expands no more than MaxRead bytes.
func decodeGzip(b []byte, size int64, in *interner) Trace {
	fail := func(err error) Trace {
		t := Trace{Kind: KindUnknown, Status: StatusCorrupt}
		t.warn("gzip: %v", err)
		return t
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return fail(err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, MaxRead+1))
	more := len(plain) > MaxRead
	if len(plain) == 0 && err != nil {
		return fail(err)
	}
	plainSize := int64(len(plain))
	if more {
		plain = plain[:MaxRead]
	}
	t := decode(plain, plainSize, in, false)
	switch {
	case err != nil && (errors.Is(err, io.ErrUnexpectedEOF) || int64(len(b)) < size):
		t.Status = worse(t.Status, StatusTruncated)
		t.warn("the compressed data end early after %d bytes", len(plain))
	case err != nil:
		t.Status = worse(t.Status, StatusCorrupt)
		t.warn("gzip: %v", err)
	case more:
		t.warn("only the first %d bytes of the compressed data were looked at", MaxRead)
	}
	return t
}

// looksLikeText accepts UTF-8 or Latin-1 text with escape sequences, but no NUL.
func looksLikeText(b []byte) bool {
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

// foreignMagic names well-known content that no dump can be mistaken for.
func foreignMagic(b []byte) string {
	for _, m := range []struct{ magic, what string }{
		{"\x7fELF", "an ELF file (a core file needs gdb)"},
		{"\x89PNG", "a PNG image"},
		{"\xff\xd8\xff", "a JPEG image"},
		{"PK\x03\x04", "a zip archive"},
		{"SQLite format 3\x00", "an SQLite database"},
		{"\x28\xb5\x2f\xfd", "zstd-compressed; expand it first"},
		{"\xfd7zXZ\x00", "xz-compressed; expand it first"},
		{"BZh", "bzip2-compressed; expand it first"},
		{"MDMP", "a minidump of another crash reporter"},
	} {
		if bytes.HasPrefix(b, []byte(m.magic)) {
			return m.what
		}
	}
	return ""
}
