package analyze

import (
	"bytes"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/source"
)

// A markdown is a document, a Markdown text about a failure, with pieces of logs and state
// in fences: a bug report, a guide. Its prose speaks of failures without being
// one, so what stands outside the fences counts only where it has the form of a
// log line; and what stands in a fence may be a snapshot.
type markdown struct {
	parser *logline.Parser
	pieces []piece
}

// piece is a fenced snapshot.
type piece struct {
	kind snapshot.Kind
	data []byte // behind as many empty lines as stand before it
}

// markdownOf returns a document when an input begins like one, nil otherwise.
func markdownOf(r *source.Reader) *markdown {
	head := append([]byte{'\n'}, r.Peek(4<<10)...)
	heading := bytes.Contains(head, []byte("\n# ")) || bytes.Contains(head, []byte("\n## ")) || bytes.Contains(head, []byte("\n### "))
	if !heading || !bytes.Contains(head, []byte("\n```")) {
		return nil
	}
	return &markdown{parser: logline.NewParser()}
}

// edit blanks prose and snapshots in the text and keeps the latter. A text of
// more than one block is left alone: people do not write that much.
func (d *markdown) edit(b *source.Block) {
	data := b.Data
	if len(b.Ahead) > 0 || len(data) >= blockSize {
		return
	}
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
			blankOut(text)
		}
		pos = end
		line++
	}
}

// prose reports whether a line has no form but that of a sentence.
func (d *markdown) prose(text []byte) bool {
	var rec logline.Record
	d.parser.Parse(text, &rec)
	return rec.Format == logline.FormatPlain && rec.Transport == ""
}

// piece keeps the text of a fence that is a snapshot, and blanks it.
func (d *markdown) piece(text []byte, line int) {
	kind := snapshot.Sniff(text)
	if kind == snapshot.None {
		return
	}
	d.pieces = append(d.pieces, piece{kind, append(bytes.Repeat([]byte{'\n'}, line), text...)})
	blankOut(text)
}

func blankOut(b []byte) {
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
}

// addPieces adds the snapshots of a document. When they were taken is not known.
func (a *Analyzer) addPieces(d *markdown, index int32, name string) {
	for _, p := range d.pieces {
		if err := a.addSnapshot(index, p.kind, name, time.Time{}, p.data); err != nil {
			a.inputs.Warn(index, err.Error())
		}
	}
}
