package transport

import (
	"bytes"

	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// bracketed reads [pod/wolf-0/wolf] and podman-compose's [wolf] | .
func bracketed(st *State, b []byte, r *record.Record) ([]byte, bool) {
	end := bytes.IndexByte(b[:min(len(b), 300)], ']')
	if end < 2 {
		return b, false
	}
	name, rest := b[1:end], b[end+1:]
	if bytes.HasPrefix(name, []byte("pod/")) && bytes.Count(name, []byte("/")) == 2 && (len(rest) == 0 || rest[0] == ' ') {
		st.Wraps |= Kubectl
		r.Service = name[bytes.LastIndexByte(name, '/')+1:]
		return bytes.TrimPrefix(rest, []byte(" ")), true
	}
	if (bytes.HasPrefix(rest, []byte(" | ")) || string(rest) == " |") && lex.NameRun(name) == len(name) {
		st.Wraps |= Compose
		r.Service = name
		return rest[min(3, len(rest)):], true
	}
	return b, false
}
