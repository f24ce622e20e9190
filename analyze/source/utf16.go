package source

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

const utf8BOM = "\xef\xbb\xbf"

// utf16Order returns the byte order that a UTF-16 byte order mark announces,
// nil when there is none. PowerShell's > writes ff fe and then UTF-16.
func utf16Order(head []byte) binary.ByteOrder {
	if len(head) >= 2 {
		switch [2]byte(head) {
		case [2]byte{0xff, 0xfe}:
			return binary.LittleEndian
		case [2]byte{0xfe, 0xff}:
			return binary.BigEndian
		}
	}
	return nil
}

// utf16Reader decodes UTF-16 to UTF-8. Lone surrogates and an odd last byte
// become U+FFFD.
type utf16Reader struct {
	r     io.Reader
	order binary.ByteOrder
	raw   [8 << 10]byte
	n     int // bytes in raw that are not decoded yet
	out   []byte
	err   error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		var m int
		m, u.err = u.r.Read(u.raw[u.n:])
		u.n += m
		u.decode()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) decode() {
	u.out = u.out[:0]
	i := 0
	for ; i+2 <= u.n; i += 2 {
		c := rune(u.order.Uint16(u.raw[i:]))
		if utf16.IsSurrogate(c) {
			if i+4 > u.n && u.err == nil {
				break // its other half has not come yet
			}
			low := rune(-1)
			if i+4 <= u.n {
				low = rune(u.order.Uint16(u.raw[i+2:]))
			}
			if c = utf16.DecodeRune(c, low); c != utf8.RuneError {
				i += 2
			}
		}
		u.out = utf8.AppendRune(u.out, c)
	}
	if u.err != nil && i < u.n {
		u.out = utf8.AppendRune(u.out, utf8.RuneError)
		i = u.n
	}
	u.n = copy(u.raw[:], u.raw[i:u.n])
}
