package transport

import (
	"bytes"

	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// stern takes "pod container " off, which only the shape of the names and what
// follows give away:
//
//	wolf-0 wolf 06:40:11.752176123 WARN  | …
//	wolf-6d4cf56db6-x7k2p wolf thread '<unnamed>' panicked at …
func stern(st *State, b []byte, r *record.Record) ([]byte, bool) {
	pod, rest, ok := sternName(b)
	if !ok || bytes.IndexByte(pod, '-') < 0 {
		return b, false
	}
	container, inner, ok := sternName(rest)
	if !ok {
		return b, false
	}
	if !format.Starts(inner) && !generatedName(pod) {
		return b, false
	}
	st.Wraps |= Stern
	r.Service = container
	return inner, true
}

// sternName reads a name of Kubernetes (lower case, digits, dashes, dots), with
// the colours around it and the space behind it.
func sternName(b []byte) (name, rest []byte, ok bool) {
	b = escape.Skip(b)
	n := 0
	for n < len(b) && n < 254 && (b[n] >= 'a' && b[n] <= 'z' || lex.IsDigit(b[n]) || n > 0 && (b[n] == '-' || b[n] == '.')) {
		n++
	}
	rest = escape.Skip(b[n:])
	if n == 0 || len(rest) == 0 || rest[0] != ' ' {
		return nil, nil, false
	}
	return b[:n], escape.Skip(rest[1:]), true
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
		if !lex.IsDigit(c) && bytes.IndexByte([]byte("bcdfghjklmnpqrstvwxz"), c) < 0 {
			return false
		}
	}
	return true
}
