package escape

import (
	"bytes"

	"wolfdiag/analyze/logline/arena"
)

// entities are what the source of a web page has for the characters that mean
// something to it.
var entities = [...]struct {
	name string
	char byte
}{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}}

// Entities gives back what was copied from the source of a web page as it
// was shown there; b itself when it does not look like that:
//
//	gstcudautils.cpp:230:gst_cuda_ensure_element_context:&lt;nvh265enc10&gt; Failed to create CUDA context with device-id 0
func Entities(a *arena.Arena, b []byte) []byte {
	i := bytes.IndexByte(b, '&')
	if i < 0 || bytes.IndexByte(b[i:], ';') < 0 || !escapedForWeb(b[i:]) || bytes.IndexByte(b[:i], '<') >= 0 {
		return b
	}
	dst, from := a.Open()
	dst = append(dst, b[:i]...)
	for i < len(b) {
		c, w := entityAt(b[i:])
		dst = append(dst, c)
		i += w
	}
	return a.Keep(dst, from)
}

// escapedForWeb reports whether all brackets of b are entities, and some
// bracket or quote is one.
func escapedForWeb(b []byte) bool {
	return HasEntities(b) && bytes.IndexByte(b, '<') < 0
}

// HasEntities reports whether brackets or quotes are spelled in b as the source
// of a web page spells them. Where there is no & it costs a search for one byte.
func HasEntities(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return false
		}
		if c, n := entityAt(b[i:]); n > 1 && c != '&' {
			return true
		}
		b = b[i+1:]
	}
}

// entityAt returns the character at the start of b and how long it is spelled.
func entityAt(b []byte) (byte, int) {
	if b[0] == '&' {
		for _, e := range entities {
			if bytes.HasPrefix(b, []byte(e.name)) {
				return e.char, len(e.name)
			}
		}
	}
	return b[0], 1
}
