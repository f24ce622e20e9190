package source

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"wolfdiag/analyze/source/rotation"
)

// probeSize is how much of a file decides whether it is text.
const probeSize = 4 << 10

// verdictOf says what the first bytes of a file are.
type verdict uint8

const (
	probeText verdict = iota
	probeBinary
	probeArchive // of a kind that is not read
	probeBundle  // zip or tar
)

// binaryMagic are the first bytes of files that lie about in folders of logs
// and are text to no one.
var binaryMagic = []string{
	"\x7fELF", "MZ", "\x89PNG", "\xff\xd8\xff", "GIF8", "%PDF", "SQLite format 3\x00",
	"LPKSHHRH", // a systemd journal
	"!<arch>", "\x00asm", "RIFF", "OggS", "fLaC", "\xca\xfe\xba\xbe", "gzf",
}

var (
	archiveMagic = []string{"7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07"}
	zipMagic     = []string{"PK\x03\x04", "PK\x05\x06"}
)

// probe judges the first bytes of a file after decompression. A docker stream
// saved raw has eight control bytes a line and still counts as text.
func probe(head []byte) verdict {
	for _, m := range archiveMagic {
		if bytes.HasPrefix(head, []byte(m)) {
			return probeArchive
		}
	}
	for _, m := range zipMagic {
		if bytes.HasPrefix(head, []byte(m)) {
			return probeBundle
		}
	}
	if len(head) >= 262 && string(head[257:262]) == "ustar" {
		return probeBundle
	}
	for _, m := range binaryMagic {
		if bytes.HasPrefix(head, []byte(m)) {
			return probeBinary
		}
	}
	if isUTF16(head) {
		return probeText
	}
	odd := 0
	for rest := head; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1 && len(rest) >= utf8.UTFMax:
			odd++
		case r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\x1b' && r != '\b' && r != '\f':
			odd++
		}
		rest = rest[n:]
	}
	if odd*4 > len(head) {
		return probeBinary
	}
	return probeText
}

// probeFile reads the first bytes of a regular file, through its compression.
// A compressed file that cannot be read is text as far as the probe knows: the
// error belongs to the one who reads it.
func probeFile(path string) (verdict, error) {
	f, err := os.Open(path)
	if err != nil {
		return probeText, err
	}
	defer f.Close()
	v, _ := probeReader(f)
	return v, nil
}

// probeReader reads the first bytes of r, through its compression, and returns
// what it took.
func probeReader(r io.Reader) (v verdict, head []byte) {
	head = make([]byte, probeSize)
	n, err := readFullSafe(r, head)
	head = head[:n]
	if err != nil && err != io.EOF && n == 0 {
		return probeText, head // the error belongs to the one who reads it
	}
	c := compressionOf(head)
	if c == "" {
		return probe(head), head
	}
	taken := &taking{r: r, head: head}
	d, err := decompressor(c, &headReader{head: head, r: taken})
	if err != nil {
		return probeText, taken.head
	}
	defer d.Close()
	out := make([]byte, probeSize)
	n, _ = readFullSafe(d, out)
	return probe(out[:n]), taken.head
}

// taking keeps what is read through it.
type taking struct {
	r    io.Reader
	head []byte
}

func (t *taking) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	t.head = append(t.head, p[:n]...)
	return n, err
}

// notALog holds extensions of text files that are never logs and may be secret.
var notALog = map[string]bool{".pem": true, ".key": true, ".crt": true, ".cer": true, ".p12": true, ".pfx": true}

func secretName(name string) bool { return notALog[strings.ToLower(filepath.Ext(name))] }

// dumpName reports whether a name is that of a crash dump:
// backtrace.2025-09-30-11-40-36.326784363.dump, also compressed.
func dumpName(name string) bool {
	plain, _ := rotation.StripCompression(name)
	return strings.HasSuffix(strings.ToLower(plain), ".dump")
}
