package logline

import "bytes"

// stern takes "pod container " off, which only the shape of the names and what
// follows give away:
//
//	wolf-0 wolf 06:40:11.752176123 WARN  | …
//	wolf-6d4cf56db6-x7k2p wolf thread '<unnamed>' panicked at …
func (p *Parser) stern(b []byte, r *Record) ([]byte, bool) {
	pod, rest, ok := sternName(b)
	if !ok || bytes.IndexByte(pod, '-') < 0 {
		return b, false
	}
	container, inner, ok := sternName(rest)
	if !ok {
		return b, false
	}
	if !startsMessage(inner) && !generatedName(pod) {
		return b, false
	}
	p.wraps |= wrapStern
	r.Service = container
	return inner, true
}

// sternName reads a name of Kubernetes (lower case, digits, dashes, dots), with
// the colours around it and the space behind it.
func sternName(b []byte) (name, rest []byte, ok bool) {
	b = skipColours(b)
	n := 0
	for n < len(b) && n < 254 && (b[n] >= 'a' && b[n] <= 'z' || isDigit(b[n]) || n > 0 && (b[n] == '-' || b[n] == '.')) {
		n++
	}
	rest = skipColours(b[n:])
	if n == 0 || len(rest) == 0 || rest[0] != ' ' {
		return nil, nil, false
	}
	return b[:n], skipColours(rest[1:]), true
}

// generatedName reports whether a pod was named by a Deployment: base, hash of
// the template, five characters of the alphabet without vowels.
func generatedName(pod []byte) bool {
	i := bytes.LastIndexByte(pod, '-')
	if i < 0 || len(pod)-i-1 != 5 || !podHash(pod[i+1:]) {
		return false
	}
	j := bytes.LastIndexByte(pod[:i], '-')
	return j > 0 && i-j-1 >= 8 && i-j-1 <= 10 && podHash(pod[j+1:i])
}

func podHash(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) && bytes.IndexByte([]byte("bcdfghjklmnpqrstvwxz"), c) < 0 {
			return false
		}
	}
	return true
}
