package crashes

import (
	"bytes"
	"strings"

	"wolfdiag/dump"
)

// maxText is how much of an input is kept to look for traces in: what people
// paste, and a log of some thousand lines. Of a longer input only the traces
// count that its lines were recognised as.
const maxText = 1 << 20

// maxKept bounds the traces of all inputs together.
const maxKept = 256

// Texts looks for traces in inputs that are short enough. The zero value is
// empty. Not safe for concurrent use.
type Texts struct {
	inputs map[int32]*text
	kept   int
}

// text is one input.
type text struct {
	data   []byte // nil: too long, or done with
	over   bool
	lines  int
	traces []dump.Trace
	parsed int // bytes that traces is of
}

// Feed takes a piece of an input, whole lines in order.
func (t *Texts) Feed(input int32, data []byte) {
	in := t.inputs[input]
	if in == nil {
		if t.inputs == nil {
			t.inputs = make(map[int32]*text)
		}
		in = &text{}
		t.inputs[input] = in
	}
	switch {
	case in.over:
	case len(in.data)+len(data) > maxText:
		in.over, in.data, in.traces = true, nil, nil
	default:
		in.data = append(in.data, data...)
		in.lines += bytes.Count(data, []byte{'\n'})
	}
}

// Finish says that an input has ended; its text is let go of.
func (t *Texts) Finish(input int32) {
	if in := t.inputs[input]; in != nil && !in.over {
		in.parse(maxKept - t.kept)
		t.kept += len(in.traces)
		in.data = nil
	}
}

// Whole reports whether all of an input was looked at.
func (t *Texts) whole(input int32) bool {
	in := t.inputs[input]
	return in != nil && !in.over
}

// of returns the traces of an input, in order.
func (t *Texts) of(input int32) []dump.Trace {
	in := t.inputs[input]
	if in == nil || in.over {
		return nil
	}
	if in.data != nil && in.parsed != len(in.data) { // still growing
		in.parse(maxKept)
	}
	return in.traces
}

func (in *text) parse(most int) {
	in.parsed, in.traces = len(in.data), nil
	if !mayHold(in.data) {
		return
	}
	for _, tr := range dump.ParsePrintedAll(string(in.data)) {
		if len(in.traces) == most {
			return
		}
		if in.isCrash(&tr) {
			in.traces = append(in.traces, tr)
		}
	}
}

// anchors are in every text with a trace of some form.
var anchors = [][]byte{
	[]byte("#0 "), []byte("#1 "), []byte("#4 "), []byte("0# "), []byte("#2 "), []byte("Stack trace"), []byte("acktrace"), []byte("ackTrace"), []byte("goroutine "), []byte("Traceback"),
	[]byte("most recent call"), []byte("    at "), []byte("\tat "), []byte("   at "), []byte("  at "), []byte(" by 0x"), []byte("runtime error:"), []byte("[0x"), []byte("    @ "),
	[]byte("segfault at"), []byte("traps: "), []byte("RIP: "), []byte("frame #"), []byte("Problematic frame"), []byte("(EE) "),
}

func mayHold(data []byte) bool {
	for _, a := range anchors {
		if bytes.Contains(data, a) {
			return true
		}
	}
	return false
}

// handled are the forms in which programs also log what they caught and went on
// from: only a text that is little else than the trace shows an end.
var handled = map[string]bool{"python": true, "node": true, "java": true, "gjs": true, "dotnet": true}

// around is how many lines may stand around a trace that is a text by itself.
const around = 25

func (in *text) isCrash(t *dump.Trace) bool {
	switch {
	case len(t.Frames) == 0, strings.HasPrefix(t.Notes.Exception, "LeakSanitizer"): // told at an ordinary end
		return false
	case certain(t):
		return true
	case handled[t.Format]:
		return in.lines <= 3*len(t.Frames)+around
	}
	return true
}

// certain reports whether the text says that nobody caught the exception.
func certain(t *dump.Trace) bool {
	return t.Format == "java" && t.Notes.Thread != "" || t.Format == "dotnet" && t.Notes.Exception != ""
}
