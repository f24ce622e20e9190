// Package document reads Markdown texts about a failure, with pieces of logs
// and state in fences: a bug report, a guide. Their prose speaks of failures
// without being one, so what stands outside the fences counts only where it has
// the form of a log line; and what stands in a fence may be a snapshot.
package document

import (
	"bytes"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/snapshot"
)

// Document is one such text.
type Document struct {
	Pieces []Piece // the fenced snapshots that Edit has met
	parser *logline.Parser
}

// Piece is a fenced snapshot.
type Piece struct {
	Kind snapshot.Kind
	Data []byte // behind as many empty lines as stand before it
}

// Of returns a document when a text begins like one, nil otherwise.
func Of(head []byte) *Document {
	head = append([]byte{'\n'}, head...)
	heading := bytes.Contains(head, []byte("\n# ")) || bytes.Contains(head, []byte("\n## ")) || bytes.Contains(head, []byte("\n### "))
	if !heading || !bytes.Contains(head, []byte("\n```")) {
		return nil
	}
	return &Document{parser: logline.NewParser()}
}

// Edit blanks prose and snapshots in the text, all of the document, and keeps
// the latter. Lines keep their numbers.
func (d *Document) Edit(data []byte) {
	fenced := false
	from, line, begin := 0, 0, 0 // of the fence: where its text starts, and behind how many lines
	pos := 0
	for physical := range bytes.Lines(data) {
		end := pos + len(physical)
		text := bytes.TrimSuffix(bytes.TrimSuffix(physical, []byte{'\n'}), []byte{'\r'})
		switch trimmed := bytes.TrimLeft(text, " "); {
		case bytes.HasPrefix(trimmed, []byte("```")):
			if fenced {
				d.piece(data[from:pos], begin)
			}
			fenced, from, begin = !fenced, end, line+1
		case !fenced && d.prose(text):
			blank(text)
		}
		pos = end
		line++
	}
}

// prose reports whether a line has no form but that of a sentence.
func (d *Document) prose(text []byte) bool {
	var rec logline.Record
	d.parser.Parse(text, &rec)
	return rec.Format == logline.FormatPlain && rec.Transport == ""
}

// piece keeps the text of a fence that is a snapshot, and blanks it; what stands
// beside the output of the tool stays.
func (d *Document) piece(text []byte, line int) {
	kind := snapshot.Sniff("", text)
	if kind == snapshot.None {
		return
	}
	d.Pieces = append(d.Pieces, Piece{kind, append(bytes.Repeat([]byte{'\n'}, line), text...)})
	if beside := snapshot.Beside(kind, text); beside != nil {
		copy(text, beside)
		return
	}
	blank(text)
}

func blank(b []byte) {
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
}
