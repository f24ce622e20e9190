package engine

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON as a stream, whatever its length: a string longer than
// asked for is read over, not held. It reads what RFC 8259 calls JSON, and is
// lenient where that costs nothing.
type scanner struct {
	r      *bufio.Reader
	offset int64 // bytes taken
	key    []byte
}

const maxDepth = 64 // of arrays and objects that are skipped

var errPage = errors.New("a web page came back in place of records: a login page, or not the engine's address")

func newScanner(r io.Reader) *scanner { return &scanner{r: bufio.NewReaderSize(r, 64<<10)} }

// wrong says what is wrong with the JSON, and where.
func (s *scanner) wrong(want string, c byte) error {
	return fmt.Errorf("%w at byte %d: %q where %s is expected", errNotJSON, s.offset, c, want)
}

var errNotJSON = errors.New("not JSON")

// peek returns the next byte that is no white space, without taking it.
func (s *scanner) peek() (byte, error) {
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c, s.r.UnreadByte()
		}
		s.offset++
	}
}

// take takes the next byte that is no white space.
func (s *scanner) take() (byte, error) {
	c, err := s.peek()
	if err == nil {
		_, err = s.r.Discard(1)
		s.offset++
	}
	return c, inside(err)
}

// inside turns the end of the input inside a value into an error of its own.
func inside(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (s *scanner) expect(c byte) error {
	got, err := s.take()
	if err == nil && got != c {
		return s.wrong(fmt.Sprintf("%q", c), got)
	}
	return err
}

// object reads an object. field is called for each key, good until the next,
// and takes its value.
func (s *scanner) object(field func(key []byte) error) error {
	if err := s.expect('{'); err != nil {
		return err
	}
	return s.list('}', func() error {
		var err error
		if s.key, _, err = s.text(s.key[:0], 256); err != nil {
			return err
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		return field(s.key)
	})
}

// array reads an array. element takes each element. null is an empty one.
func (s *scanner) array(element func() error) error {
	if c, err := s.peek(); err == nil && c == 'n' {
		_, err = s.scalar(nil, 4)
		return err
	}
	if err := s.expect('['); err != nil {
		return err
	}
	return s.list(']', element)
}

// list reads what stands between commas, up to the closing sign.
func (s *scanner) list(end byte, item func() error) error {
	c, err := s.peek()
	if err != nil {
		return inside(err)
	}
	if c == end {
		_, err = s.take()
		return err
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch c, err := s.take(); {
		case err != nil:
			return err
		case c == end:
			return nil
		case c != ',':
			return s.wrong("a comma or the end", c)
		}
	}
}

// text appends the meaning of a string to dst, at most most bytes of it; cut is
// by how many bytes it is longer.
func (s *scanner) text(dst []byte, most int) (out []byte, cut int64, err error) {
	if err := s.expect('"'); err != nil {
		return dst, 0, err
	}
	start := len(dst)
	add := func(b []byte) {
		room := max(0, most-(len(dst)-start))
		if cut > 0 {
			room = 0
		}
		n := min(room, len(b))
		dst = append(dst, b[:n]...)
		cut += int64(len(b) - n)
	}
	var small [utf8.UTFMax]byte
	for {
		if s.r.Buffered() == 0 {
			if _, err := s.r.Peek(1); err != nil {
				return dst, cut, inside(err)
			}
		}
		b, _ := s.r.Peek(s.r.Buffered())
		if q := bytes.IndexByte(b, '"'); q >= 0 {
			b = b[:q]
		}
		n := len(b)
		escaped := bytes.IndexByte(b, '\\')
		if escaped >= 0 {
			n = escaped
		}
		add(b[:n])
		whole := n < s.r.Buffered() // the quote or a backslash follows
		_, _ = s.r.Discard(n)
		s.offset += int64(n)
		if !whole {
			continue
		}
		c, _ := s.r.ReadByte()
		s.offset++
		if c == '"' {
			return dst, cut, nil
		}
		r, err := s.escape()
		if err != nil {
			return dst, cut, err
		}
		add(utf8.AppendRune(small[:0], r))
	}
}

// escape reads what follows a backslash. Half a surrogate pair is U+FFFD.
func (s *scanner) escape() (rune, error) {
	c, err := s.r.ReadByte()
	s.offset++
	if err != nil {
		return 0, inside(err)
	}
	switch c {
	case 'n':
		return '\n', nil
	case 't':
		return '\t', nil
	case 'r':
		return '\r', nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case '"', '\\', '/':
		return rune(c), nil
	case 'u':
	default:
		return 0, s.wrong("an escape", c)
	}
	r, err := s.hex()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	next, err := s.r.Peek(6)
	if err != nil || next[0] != '\\' || next[1] != 'u' {
		return utf8.RuneError, nil
	}
	low, ok := hexRune(next[2:])
	if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
		_, _ = s.r.Discard(6)
		s.offset += 6
		return pair, nil
	}
	return utf8.RuneError, nil
}

func (s *scanner) hex() (rune, error) {
	b, err := s.r.Peek(4)
	if err != nil {
		return 0, inside(err)
	}
	r, ok := hexRune(b)
	if !ok {
		return 0, s.wrong("four hex digits", b[0])
	}
	_, _ = s.r.Discard(4)
	s.offset += 4
	return r, nil
}

func hexRune(b []byte) (r rune, ok bool) {
	for _, c := range b[:4] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// scalar returns a string's meaning, or a number or word as written.
func (s *scanner) scalar(dst []byte, most int) ([]byte, error) {
	c, err := s.peek()
	if err != nil {
		return dst, inside(err)
	}
	if c == '"' {
		out, _, err := s.text(dst, most)
		return out, err
	}
	if c == '{' || c == '[' {
		return dst, s.wrong("a string or number", c)
	}
	for len(dst) <= most {
		c, err := s.r.ReadByte()
		if err == io.EOF {
			return dst, nil
		}
		if err != nil {
			return dst, err
		}
		if bytes.IndexByte([]byte(",]} \n\r\t"), c) >= 0 {
			return dst, s.r.UnreadByte()
		}
		s.offset++
		dst = append(dst, c)
	}
	return dst, fmt.Errorf("%w at byte %d: a number or word of more than %d bytes", errNotJSON, s.offset, most)
}

// skip reads over a value.
func (s *scanner) skip() error { return s.skipAt(0) }

func (s *scanner) skipAt(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%w at byte %d: nested more than %d deep", errNotJSON, s.offset, maxDepth)
	}
	c, err := s.peek()
	if err != nil {
		return inside(err)
	}
	switch c {
	case '"':
		_, _, err = s.text(nil, 0)
	case '{':
		err = s.object(func([]byte) error { return s.skipAt(depth + 1) })
	case '[':
		err = s.array(func() error { return s.skipAt(depth + 1) })
	default:
		_, err = s.scalar(nil, 64)
	}
	return err
}
