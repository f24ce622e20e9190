package source

import (
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// maxWindow bounds the history a compressed file may make us hold: what
// `zstd --long` and `xz -9e` use, and no more.
const maxWindow = 128 << 20

// compressionOf names the compression by the first bytes of a file, "" for none.
//
//	1f 8b 08                gzip (RFC 1952)
//	28 b5 2f fd             zstd frame; 5x 2a 4d 18 a skippable one (RFC 8878)
//	fd 37 7a 58 5a 00       xz
//	42 5a 68 3N 31 41 59 26 53 59    bzip2 block ("BZh9", pi); 17 72 45 38 50 90 when empty
func compressionOf(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		return "gzip"
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")),
		len(head) >= 4 && head[0]&0xf0 == 0x50 && string(head[1:4]) == "\x2a\x4d\x18":
		return "zstd"
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return "xz"
	case len(head) >= 10 && string(head[:3]) == "BZh" && head[3] >= '1' && head[3] <= '9' &&
		(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90"):
		return "bzip2"
	}
	return ""
}

// decompressor reads r, which starts at the magic number.
func decompressor(name string, r *headReader) (io.ReadCloser, error) {
	switch name {
	case "gzip":
		return gzip.NewReader(r)
	case "zstd":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	case "xz":
		if n := xzDictionary(r.head); n > maxWindow {
			return nil, fmt.Errorf("xz: dictionary of %d MiB, at most %d MiB are accepted", n>>20, maxWindow>>20)
		}
		footer := &footerReader{r: r}
		d, err := xz.NewReader(footer)
		return io.NopCloser(xzReader{d, footer}), err
	case "bzip2":
		return io.NopCloser(bzip2.NewReader(r)), nil
	}
	return nil, fmt.Errorf("no decompressor for %q", name)
}

// Decompress returns what r expands to, and the compression's name: gzip, zstd, xz
// or bzip2. For other content the name is "", and r has been read from.
func Decompress(r io.Reader) (plain io.ReadCloser, name string, err error) {
	head := make([]byte, 32) // what compressionOf and xzDictionary look at
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return nil, "", nil // nothing to expand
	}
	head = head[:n]
	name = compressionOf(head)
	if name == "" {
		return nil, "", nil
	}
	plain, err = decompressor(name, &headReader{head: head, r: r})
	if err != nil {
		return nil, name, err
	}
	return safeReader{plain}, name, nil
}

// safeReader is a decompressor of which no crafted bytes make the program panic.
type safeReader struct{ io.ReadCloser }

func (s safeReader) Read(p []byte) (int, error) { return readFullSafe(s.ReadCloser, p) }

// xzDictionary returns the dictionary size that the first block of an xz file
// asks for, 0 when head does not show it. The block header follows the 12 bytes
// of the stream header (xz file format 1.0.4, section 3.1):
//
//	02 00 21 01 16 …    header size, flags (one filter, no sizes), LZMA2, 1 property byte, 8 MiB
func xzDictionary(head []byte) int64 {
	if len(head) < 24 || head[12] == 0 {
		return 0
	}
	flags, p := head[13], 14
	for bit := byte(0x40); bit != 0; bit <<= 1 { // compressed size, uncompressed size
		if flags&bit == 0 {
			continue
		}
		for p < len(head) && head[p]&0x80 != 0 {
			p++
		}
		p++
	}
	if p+2 >= len(head) || head[p] != 0x21 || head[p+1] != 1 || head[p+2] > 40 {
		return 0
	}
	bits := head[p+2]
	return int64(2|bits&1) << (bits/2 + 11)
}

// xzReader tells a whole xz file from one that was cut right after a stream
// header, which the decoder takes for the end.
type xzReader struct {
	d      io.Reader
	footer *footerReader
}

func (x xzReader) Read(p []byte) (int, error) {
	n, err := x.d.Read(p)
	if err == io.EOF && string(x.footer.last[:]) != "YZ" {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// footerReader remembers the last two bytes that are not zero padding: the
// magic of an xz stream footer.
type footerReader struct {
	r    io.Reader
	last [2]byte
}

func (f *footerReader) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	switch tail := bytes.TrimRight(p[:n], "\x00"); {
	case len(tail) >= 2:
		f.last = [2]byte(tail[len(tail)-2:])
	case len(tail) == 1:
		f.last = [2]byte{f.last[1], tail[0]}
	}
	return n, err
}

// readFullSafe fills p as far as the reader goes. A decompressor that panics on
// crafted bytes is a reader with an error.
func readFullSafe(r io.Reader, p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("decompressor failed: %v", v)
		}
	}()
	for n < len(p) && err == nil {
		var m int
		m, err = r.Read(p[n:])
		n += m
	}
	return n, err
}

// headReader gives back the bytes that were read to look at them.
type headReader struct {
	head []byte
	r    io.Reader
}

func (h *headReader) Read(p []byte) (int, error) {
	if len(h.head) > 0 {
		n := copy(p, h.head)
		h.head = h.head[n:]
		return n, nil
	}
	return h.r.Read(p)
}
