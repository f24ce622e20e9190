package account

import (
	"fmt"
	"slices"
	"strings"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/timeline"
)

// KindSnapshot is the kind of an input that is a state file: its lines are not
// the log's.
const KindSnapshot = "snapshot"

// maxTransports bounds the transports noted of one input.
const maxTransports = 16

// Inputs is the register of all that was read, in the order of their coming.
// The zero value is empty. Not safe for concurrent use.
type Inputs struct {
	list []input
	last seenTransport // saves a look into a map for each line
}

// input is one file, stream or state file.
type input struct {
	report.Input
	transports  map[string]bool
	service     string           // whose lines these are, where they do not say it
	divided     bool             // its lines are counted under the inputs it was divided into
	first, last timeline.Reading // of those with a clock; line 0: none had one
}

// seenTransport is a transport of an input.
type seenTransport struct {
	input int32
	name  string
}

// Len returns how many inputs there are.
func (in *Inputs) Len() int { return len(in.list) }

// Add registers an input and returns its index. Control bytes in the name do
// not come through.
func (in *Inputs) Add(name, kind string) int32 {
	in.list = append(in.list, input{
		Input:      report.Input{Name: string(logline.CleanText(nil, []byte(name))), Kind: kind, Warnings: []string{}},
		transports: map[string]bool{},
	})
	return int32(len(in.list) - 1)
}

// Name is the name of an input, "" of an index that is none.
func (in *Inputs) Name(i int32) string {
	if i < 0 || int(i) >= len(in.list) {
		return ""
	}
	return in.list[i].Name
}

// Service is whose lines an input holds, where they do not say it; "" when that is not
// known.
func (in *Inputs) Service(i int32) string { return in.list[i].service }

// SetService says whose lines an input holds, for those that do not say it.
// Control bytes do not come through.
func (in *Inputs) SetService(i int32, name string) {
	in.list[i].service = string(logline.CleanText(nil, []byte(name)))
}

// Lines is the number of physical lines read of an input.
func (in *Inputs) Lines(i int32) int64 { return in.list[i].Lines }

// AddLines counts n further physical lines of an input.
func (in *Inputs) AddLines(i int32, n int64) { in.list[i].Lines += n }

// Warn adds what the reader of the report should know about an input.
func (in *Inputs) Warn(i int32, warnings ...string) {
	q := &in.list[i]
	q.Warnings = append(q.Warnings, warnings...)
}

// Transport notes the transport that a line came in; "" is none.
func (in *Inputs) Transport(i int32, name string) {
	if name == "" || in.last == (seenTransport{i, name}) {
		return
	}
	in.last = seenTransport{i, name}
	if t := in.list[i].transports; !t[name] && len(t) < maxTransports {
		t[name] = true
	}
}

// Clocked widens the span of a reading's input, when the reading has a clock.
func (in *Inputs) Clocked(r timeline.Reading) {
	if r.Outer.Kind == logline.ClockNone && r.Inner.Kind == logline.ClockNone {
		return
	}
	q := &in.list[r.Input]
	if q.first.Line == 0 || r.Line < q.first.Line {
		q.first = r
	}
	if r.Line >= q.last.Line {
		q.last = r
	}
}

// Spans iterates over the first and the last reading that had a clock of each
// input that has any.
func (in *Inputs) Spans(yield func(first, last timeline.Reading) bool) {
	for i := range in.list {
		if q := &in.list[i]; q.first.Line != 0 && !yield(q.first, q.last) {
			return
		}
	}
}

// Snapshot registers a state file of one format and returns its index.
func (in *Inputs) Snapshot(name, format string, lines, bytes int64) int32 {
	i := in.Add(name, KindSnapshot)
	q := &in.list[i]
	q.Format, q.Lines, q.Bytes = format, lines, bytes
	return i
}

// Finish records what was learnt about an input while it was read.
func (in *Inputs) Finish(i int32, st source.Stats) {
	q := &in.list[i]
	q.Bytes = st.Bytes
	q.Warnings = append(q.Warnings, oddities(st)...)
	q.Format = q.format(st.Compression)
}

// Update is Finish for an input that goes on: what an earlier call said no
// longer holds.
func (in *Inputs) Update(i int32, st source.Stats) {
	in.list[i].Warnings = []string{}
	in.Finish(i, st)
}

// format names compression and transports, "gzip+compose".
func (q *input) format(compression string) string {
	var parts []string
	if compression != "" {
		parts = append(parts, compression)
	}
	if len(q.transports) == 0 {
		return strings.Join(append(parts, "plain"), "+")
	}
	var transports []string
	for t := range q.transports {
		transports = append(transports, t)
	}
	slices.Sort(transports)
	return strings.Join(append(parts, transports...), "+")
}

// Divide says that the lines of an input are those of several servers, each of
// which is an input of its own. It is listed only if there is something to say of
// it all the same.
func (in *Inputs) Divide(i int32) { in.list[i].divided = true }

// Reports returns the inputs as the report lists them, and how many lines of
// logs they have together.
func (in *Inputs) Reports() (list []report.Input, lines int64) {
	list = make([]report.Input, 0, len(in.list))
	for i := range in.list {
		x := &in.list[i]
		if x.divided && x.Lines == 0 && len(x.Warnings) == 0 {
			continue
		}
		list = append(list, x.Input)
		if x.Kind != KindSnapshot {
			lines += x.Lines
		}
	}
	return list, lines
}

// oddities says in words what was odd about an input.
func oddities(st source.Stats) []string {
	var out []string
	if st.CutLines > 0 {
		out = append(out, report.Plural(st.CutLines, "line was too long and was cut", "lines were too long and were cut"))
	}
	if st.NUL {
		out = append(out, "holds zero bytes: binary, or a file that was truncated while it was written")
	}
	if st.Limited {
		out = append(out, fmt.Sprintf("reading stopped after %d bytes, as asked", st.Bytes))
	}
	if st.Encoding != "" {
		out = append(out, "was "+st.Encoding+" and has been read as UTF-8")
	}
	return out
}
