package dump

import (
	"bufio"
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
	return decode(b, size, newInterner(), gunzip)
}

// Expander recognises compressed content by its start and returns what it expands
// to, and the compression's name; "" when it is none that it knows.
type Expander func(r io.Reader) (plain io.ReadCloser, name string, err error)

// gunzip is the Expander that needs no other library.
func gunzip(r io.Reader) (plain io.ReadCloser, name string, err error) {
	head := bufio.NewReader(r)
	if magic, _ := head.Peek(2); string(magic) != gzipMagic {
		return nil, "", nil
	}
	plain, err = gzip.NewReader(head)
	return plain, "gzip", err
}

// decode is Decode; expand is nil for content that was compressed.
func decode(b []byte, size int64, in *interner, expand Expander) Trace {
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

// decodeCompressed expands no more than MaxRead bytes; false when b is not compressed.
func decodeCompressed(b []byte, size int64, in *interner, expand Expander) (Trace, bool) {
	z, name, err := expand(bytes.NewReader(b))
	if name == "" {
		return Trace{}, false
	}
	var plain []byte
	if err == nil {
		defer z.Close()
		plain, err = io.ReadAll(io.LimitReader(z, MaxRead+1))
	}
	if len(plain) == 0 && err != nil {
		t := Trace{Kind: KindUnknown, Status: StatusCorrupt}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			t.Status = StatusTruncated
		}
		t.warn("%s: nothing could be expanded: %v", name, err)
		return t, true
	}
	more := len(plain) > MaxRead
	plain = plain[:min(len(plain), MaxRead)]
	t := decode(plain, int64(len(plain)), in, nil)
	switch {
	case err != nil && (errors.Is(err, io.ErrUnexpectedEOF) || int64(len(b)) < size):
		t.Status = worse(t.Status, StatusTruncated)
		t.warn("the compressed data end early after %d bytes", len(plain))
	case err != nil:
		t.Status = worse(t.Status, StatusCorrupt)
		t.warn("%s: %v", name, err)
	case more:
		t.warn("only the first %d bytes of the compressed data were looked at", MaxRead)
	}
	return t, true
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
