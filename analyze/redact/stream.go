package redact

import (
	"bytes"
	"slices"
)

// block is what is known of a PEM block that goes over lines.
type block struct {
	open   bool
	lines  int // in it
	misses int // lines in a row that are none of it
}

const (
	maxBlock  = 2000 // lines; no key is longer
	maxMisses = 30   // lines of somebody else between two of a block
)

// Lines appends to dst the masked lines of text, whole lines of a log in order.
// A key in PEM form is followed over lines and calls.
func (r *Redactor) Lines(dst, text []byte) []byte {
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		dst = r.line(dst, text[at:end], r.find(text[at:end]))
		at = end
	}
	return dst
}

// found is Lines for text that has been searched.
func (r *Redactor) found(dst, text []byte, lines []lineFound) []byte {
	for at := 0; at < len(text); {
		next := len(text)
		if len(lines) > 0 {
			next = lines[0].at
		}
		if plain := text[at:next]; len(plain) > 0 && !r.block.open && !bytes.Contains(plain, pemBegin) {
			dst, at = append(dst, plain...), next
			continue
		}
		end := lineEnd(text, at)
		raw, spans := text[at:end], []span(nil)
		if at == next {
			spans = lines[0].spans
			if slices.ContainsFunc(lines[0].asked, func(n string) bool { return r.names.has("session", n) }) {
				spans = r.find(raw)
			}
			lines = lines[1:]
		}
		dst = r.line(dst, raw, spans)
		at = end
	}
	return dst
}

var (
	pemBegin = []byte("-----BEGIN ")
	pemEnd   = []byte("-----END ")
)

// line appends a line with what was found in it masked.
func (r *Redactor) line(dst, raw []byte, spans []span) []byte {
	if r.block.open {
		if body := r.inBlock(raw); body.end > body.start {
			by := r.set.forms["pem"]
			r.counts[by.index]++
			spans := append(append([]span{}, spans...), span{body.start, body.end, by})
			return r.replace(dst, raw, merge(spans))
		}
	}
	if begins(raw) {
		r.block = block{open: true}
	}
	if len(spans) == 0 {
		return append(dst, raw...)
	}
	return r.replace(dst, raw, spans)
}

// begins reports whether a line begins a block that it does not end.
func begins(raw []byte) bool {
	i := bytes.LastIndex(raw, pemBegin)
	return i >= 0 && bytes.Contains(raw[i+len(pemBegin):], []byte("-----")) && !bytes.Contains(raw[i:], pemEnd)
}

// inBlock finds the part of a line that belongs to the open block. Lines of other
// programs may stand between; a block that does not go on is closed.
func (r *Redactor) inBlock(raw []byte) span {
	b := &r.block
	b.lines++
	to := len(raw)
	if i := bytes.Index(raw, pemEnd); i >= 0 {
		b.open = false
		to = i
	}
	if b.lines > maxBlock || b.misses > maxMisses {
		b.open = false
	}
	body := base64In(raw[:to])
	if body.end == body.start {
		b.misses++
	} else {
		b.misses = 0
	}
	return body
}

// base64In finds the longest run of base64 in a line: 16 bytes or more, or what
// can only be the last, short line of a block.
func base64In(raw []byte) span {
	var best span
	for i := 0; i < len(raw); i++ {
		start := i
		for i < len(raw) && (isWord(raw[i]) || raw[i] == '+' || raw[i] == '/' || raw[i] == '=') {
			i++
		}
		n := i - start
		last := n >= 4 && n%4 == 0 && (raw[i-1] == '=' || onlyPart(raw, start, i))
		if n > best.end-best.start && (n >= 24 || last) {
			best = span{start: start, end: i}
		}
	}
	return best
}

// onlyPart reports whether raw[start:end] is all that a line says: nothing but a
// bar, a quote or the beginning of the line before it, the end after it.
func onlyPart(raw []byte, start, end int) bool {
	after := len(bytes.TrimRight(raw[end:], "\r\n")) == 0 || raw[end] == '\\' || raw[end] == '"'
	before := bytes.TrimRight(raw[:start], " ")
	return after && (len(before) == 0 || before[len(before)-1] == '|' || before[len(before)-1] == '"' || before[len(before)-1] == ':')
}
