package source

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

const utf8BOM = "\xef\xbb\xbf"

// bareUTF16 is how many bytes decide whether text without a byte order mark is
// UTF-16.
const bareUTF16 = 64

// utf16Order returns the byte order of UTF-16 and the length of its byte order
// mark; nil when head is not UTF-16. PowerShell's > writes ff fe and then
// UTF-16. Without a mark it is UTF-16 when nearly every second byte is zero and
// the bytes between are not, as in w00 o00 l00 f00.
func utf16Order(head []byte) (order binary.ByteOrder, mark int) {
	if len(head) >= 2 {
		switch [2]byte(head) {
		case [2]byte{0xff, 0xfe}:
			return binary.LittleEndian, 2
		case [2]byte{0xfe, 0xff}:
			return binary.BigEndian, 2
		}
	}
	if len(head) < bareUTF16 {
		return nil, 0
	}
	var even, odd int // pairs whose first, whose second byte alone is zero
	for i := 0; i < bareUTF16; i += 2 {
		switch first, second := head[i] == 0, head[i+1] == 0; {
		case first && !second:
			even++
		case second && !first:
			odd++
		}
	}
	const most = bareUTF16 / 2 * 3 / 4
	switch {
	case odd >= most:
		return binary.LittleEndian, 0
	case even >= most:
		return binary.BigEndian, 0
	}
	return nil, 0
}

func isUTF16(head []byte) bool {
	order, _ := utf16Order(head)
	return order != nil
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
