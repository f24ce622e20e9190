package transport

import (
	"bytes"

	"wolfdiag/analyze/logline/escape"
)

// skipJunk drops what may stand before anything: colours, a byte order mark, a
// docker stream header, quote marks and tags of a paste.
func skipJunk(st *State, b []byte) []byte {
	for len(b) > 0 {
		switch c := b[0]; {
		case c == escape.ESC:
			b = b[escape.Len(b):]
			continue
		case c <= 2 || c == '^' || c == 0xef || c == '\\' || c == '#' || c == 0xe2 || c == '[':
			if n := streamHeader(b); n > 0 {
				b = b[n:]
				st.Wraps |= DockerStream
				continue
			}
			if n := nulRun(b); n > 0 {
				b = b[n:]
				continue
			}
			if n := escape.LostSGR(b); n > 0 {
				b = b[n:]
				continue
			}
			if len(b) >= 3 && string(b[:3]) == "\ufeff" {
				b = b[3:]
				continue
			}
			if c == '\\' && len(b) == 1 {
				return b[:0]
			}
		case c == '\r':
			b = b[1:]
			continue
		case c == '>':
			if len(b) == 1 || b[1] == ' ' || b[1] == '>' {
				b = bytes.TrimPrefix(b[1:], []byte(" "))
				st.Wraps |= Markdown
				continue
			}
		case c == '<' || c == '`' || c == '~':
			if n := markdown(b); n > 0 {
				st.Wraps |= Markdown
				b = b[n:]
				if c == '`' && n == 1 {
					b = b[:len(b)-1]
				}
				continue
			}
		}
		if lengthByte(b) {
			st.Wraps |= DockerStream
			return b[1:]
		}
		return b
	}
	return b
}

// markdown returns how much of the start of b is a fence, a tag or the
// backtick around a whole line.
func markdown(b []byte) int {
	for _, tag := range [...]string{"<pre>", "<code>", "</pre>", "</code>", "<details>", "</details>"} {
		if bytes.HasPrefix(b, []byte(tag)) {
			return len(tag)
		}
	}
	if len(b) >= 3 && (string(b[:3]) == "```" || string(b[:3]) == "~~~") {
		rest := bytes.TrimRight(b[3:], " `")
		if bytes.IndexByte(rest, ' ') < 0 && len(rest) < 12 {
			return len(b) // ```log
		}
		return 3
	}
	if len(b) > 2 && b[0] == '`' && b[len(b)-1] == '`' && bytes.Count(b, []byte("`")) == 2 {
		return 1
	}
	return 0
}
