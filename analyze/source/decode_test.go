package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

func compressed(t testing.TB, kind string, data []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	var w io.WriteCloser
	var err error
	switch kind {
	case "gzip":
		w = gzip.NewWriter(&buf)
	case "zstd":
		w, err = zstd.NewWriter(&buf)
	case "xz":
		w, err = xz.NewWriter(&buf)
	case "bzip2":
		raw, err := os.ReadFile("testdata/sample.log.bz2")
		if err != nil {
			t.Fatal(err)
		}
		return raw
	default:
		return data
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func sample(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/sample.log")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDecompress(t *testing.T) {
	t.Parallel()
	text := sample(t)
	for _, kind := range []string{"gzip", "zstd", "xz", "bzip2"} {
		data := compressed(t, kind, text)
		plain, name, err := Decompress(bytes.NewReader(data))
		if err != nil || name != kind {
			t.Fatalf("%s: name %q, error %v", kind, name, err)
		}
		if got, err := io.ReadAll(plain); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: %d bytes, error %v, want %d", kind, len(got), err, len(text))
		}
		if plain, _, err = Decompress(bytes.NewReader(data[:len(data)/2])); err == nil {
			_, err = io.ReadAll(plain)
		}
		if err == nil {
			t.Errorf("%s: half of it is read without an error", kind)
		}
	}
	for _, data := range []string{"", "x", "some text, longer than what is looked at"} {
		if plain, name, err := Decompress(strings.NewReader(data)); plain != nil || name != "" || err != nil {
			t.Errorf("%q: %v, %q, %v", data, plain, name, err)
		}
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	text := sample(t)
	for _, kind := range []string{"", "gzip", "zstd", "xz", "bzip2"} {
		t.Run("kind="+kind, func(t *testing.T) {
			t.Parallel()
			data := compressed(t, kind, text)
			if kind != "bzip2" && kind != "" { // as cat a b makes it; the bzip2 sample is so already
				data = append(compressed(t, kind, text[:7777]), compressed(t, kind, text[7777:])...)
			}
			for name, open := range map[string]func(*testing.T, []byte, Options) *Reader{"file": openFile, "stream": openBytes} {
				r := open(t, data, Options{BlockSize: 1000})
				if d := cmp.Diff(string(text[:100]), string(r.Peek(100))); d != "" {
					t.Errorf("%s: peek (-want +got):\n%s", name, d)
				}
				g := readAll(t, r)
				if g.err != io.EOF {
					t.Fatalf("%s: %v", name, g.err)
				}
				checkBlocks(t, g, text, Options{BlockSize: 1000})
				if st := r.Stats(); st.Compression != kind || st.RawBytes != int64(len(data)) {
					t.Errorf("%s: stats %+v, want compression %q and %d raw bytes", name, st, kind, len(data))
				}
			}
		})
	}
}

// A file cut anywhere gives a prefix of the text and then says that it is damaged.
func TestTruncated(t *testing.T) {
	t.Parallel()
	text := sample(t)
	for _, kind := range []string{"gzip", "zstd", "xz", "bzip2"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			data := compressed(t, kind, text)
			end := len(data)
			if kind == "bzip2" {
				end = bytes.LastIndex(data, []byte("BZh9")) // the first of its two streams is whole by itself
			}
			for n := 12; n < end; n += 1 + n/40 {
				g := readAll(t, openFile(t, data[:n], Options{BlockSize: 2000}))
				var damage *DamageError
				if !errors.As(g.err, &damage) {
					t.Fatalf("cut at %d of %d: error %v, want a DamageError", n, len(data), g.err)
				}
				if !bytes.HasPrefix(text, g.text) {
					t.Fatalf("cut at %d: the text is not a prefix", n)
				}
				if damage.Offset != int64(len(g.text)) {
					t.Fatalf("cut at %d: damage at %d after %d bytes", n, damage.Offset, len(g.text))
				}
			}
		})
	}
}

func TestCorrupt(t *testing.T) {
	t.Parallel()
	text := sample(t)
	rng := rand.New(rand.NewPCG(3, 4))
	for _, kind := range []string{"gzip", "zstd", "xz", "bzip2"} {
		data := compressed(t, kind, text)
		for range 60 {
			bad := bytes.Clone(data)
			bad[12+rng.IntN(len(bad)-12)] ^= 1 << rng.IntN(8)
			g := readAll(t, openFile(t, bad, Options{}))
			var damage *DamageError
			if g.err != io.EOF && !errors.As(g.err, &damage) {
				t.Fatalf("%s: error %v, want io.EOF or a DamageError", kind, g.err)
			}
		}
	}
}

func TestTrailingGarbage(t *testing.T) {
	t.Parallel()
	text := sample(t)
	g := readAll(t, openFile(t, append(compressed(t, "gzip", text), "garbage behind it"...), Options{}))
	var damage *DamageError
	if !errors.As(g.err, &damage) || !bytes.Equal(g.text, text) {
		t.Errorf("got %d bytes and %v, want %d bytes and a DamageError", len(g.text), g.err, len(text))
	}
}

func TestXZDictionaryBound(t *testing.T) {
	t.Parallel()
	data := compressed(t, "xz", sample(t))
	if got := xzDictionary(data); got != 8<<20 {
		t.Fatalf("dictionary %d, want 8 MiB", got)
	}
	data[16] = 38 // 1.5 GiB is 37, 2 GiB 38
	g := readAll(t, openFile(t, data, Options{}))
	var damage *DamageError
	if !errors.As(g.err, &damage) || !strings.Contains(g.err.Error(), "2048 MiB") {
		t.Errorf("error %v, want a DamageError about 2048 MiB", g.err)
	}
}

func utf16Bytes(s string, little bool) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if little {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return b
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("wolf-1  | 06:40:11.752176123 WARN  | Größe 🐺 ok\r\n", 2000)
	for _, tc := range []struct {
		name string
		data []byte
		want string
		enc  string
	}{
		{"utf-8 with BOM", []byte("\xef\xbb\xbf" + text), text, ""},
		{"utf-16le", append([]byte{0xff, 0xfe}, utf16Bytes(text, true)...), text, "utf-16le"},
		{"utf-16be", append([]byte{0xfe, 0xff}, utf16Bytes(text, false)...), text, "utf-16be"},
		{"utf-16le odd end", append(append([]byte{0xff, 0xfe}, utf16Bytes("ab\n", true)...), 'x'), "ab\n\ufffd", "utf-16le"},
		{"utf-16le lone surrogates", []byte("\xff\xfea\x00\x00\xd8b\x00\x00\xdc"), "a\ufffdb\ufffd", "utf-16le"},
		{"utf-16le ends in half a pair", []byte("\xff\xfea\x00\x3e\xd8"), "a\ufffd", "utf-16le"},
		{"utf-16le without a mark", utf16Bytes(text, true), text, "utf-16le"},
		{"utf-16be without a mark", utf16Bytes(text, false), text, "utf-16be"},
		{"gzip of utf-16 without a mark", compressed(t, "gzip", utf16Bytes(text, true)), text, "utf-16le"},
		{"zeros are not utf-16", make([]byte, 600), string(make([]byte, 600)), ""},
		{"docker's stream headers are not utf-16", []byte(strings.Repeat("\x01\x00\x00\x00\x00\x00\x00\x02a\n", 60)), strings.Repeat("\x01\x00\x00\x00\x00\x00\x00\x02a\n", 60), ""},
		{"a few zeros are not utf-16", []byte(strings.Repeat("a\x00bcdefgh\n", 60)), strings.Repeat("a\x00bcdefgh\n", 60), ""},
		{"only a BOM", []byte("\xef\xbb\xbf"), "", ""},
		{"empty", nil, "", ""},
		{"gzip of utf-16", compressed(t, "gzip", append([]byte{0xff, 0xfe}, utf16Bytes(text, true)...)), text, "utf-16le"},
		{"gzip of a BOM", compressed(t, "gzip", []byte("\xef\xbb\xbfx\n")), "x\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for name, open := range map[string]func(*testing.T, []byte, Options) *Reader{"file": openFile, "stream": openBytes} {
				r := open(t, tc.data, Options{})
				g := readAll(t, r)
				if g.err != io.EOF {
					t.Fatalf("%s: %v", name, g.err)
				}
				if d := cmp.Diff(tc.want, string(g.text)); d != "" {
					t.Errorf("%s (-want +got):\n%s", name, d)
				}
				if got := r.Stats().Encoding; got != tc.enc {
					t.Errorf("%s: encoding %q, want %q", name, got, tc.enc)
				}
			}
		})
	}
}

func TestDamageInWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want string
	}{
		{io.ErrUnexpectedEOF, "x.gz: cut off after 7 bytes of text: the file ends too early"},
		{fmt.Errorf("xz header: %w", io.ErrUnexpectedEOF), "x.gz: cut off after 7 bytes of text: the file ends too early"},
		{errors.New("invalid checksum"), "x.gz: damaged after 7 bytes of text: invalid checksum"},
	} {
		if got := (&DamageError{Name: "x.gz", Offset: 7, Err: tc.err}).Error(); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.err, got, tc.want)
		}
	}
}
