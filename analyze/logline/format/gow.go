package format

import (
	"bytes"

	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// gowHeading reads the headings of the init scripts, "**** Configure devices ****".
func gowHeading(_ *Context, t []byte, r *record.Record) bool {
	if !bytes.HasPrefix(t, []byte("**** ")) {
		return false
	}
	r.Format, r.Text = lineformat.Gow, t
	return true
}
