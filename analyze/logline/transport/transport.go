// Package transport takes off what stands around a message: what compose, docker,
// Kubernetes, journald, syslog and their viewers put before or around a line, and
// what a paste does to it. Transports nest in any order.
//
// A transport is a constant and a name here, and a function in a file named after
// it. The function is entered in the table byFirst, by the byte that its lines
// begin with; one that wraps each message in a JSON object in the table objects
// of object.go, by the keys that its objects begin with. It returns false at the
// first byte that does not fit, writes what it knows of the line into the State
// and the Record, and allocates nothing.
package transport

import (
	"wolfdiag/analyze/logline/arena"
	"wolfdiag/analyze/logline/format"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// Set is a set of transports.
type Set uint32

// The transports, in the order in which Names joins their names.
const (
	Markdown Set = 1 << iota
	Compose
	Timestamps
	DockerJSON
	Journald
	JournaldJSON
	CRI
	Kubectl
	Stern
	DockerStream
	Syslog
	end // of the list
)

var names = [...]string{"markdown", "compose", "timestamps", "docker-json", "journald", "journald-json",
	"cri", "kubectl", "stern", "docker-stream", "syslog"}

const (
	// Cutters write a long message in parts, each a line of its own.
	Cutters = DockerJSON | CRI
	// KeysDecide are transports of which other keys than the first ones decide
	// whether a line is one: what stands in front of one message tells nothing
	// about the next line.
	KeysDecide = JournaldJSON
	// DigitsMatter are transports in which digits say more than the time: lines
	// that differ in them alone are not read the same way.
	DigitsMatter = JournaldJSON | Syslog | DockerStream | Markdown
)

// State is what the transports of the line at hand have said beside the Record.
type State struct {
	Arena  *arena.Arena
	Wraps  Set          // those taken off
	Claim  record.Level // what they say about the severity
	Kernel bool         // they say that the kernel wrote the line

	// Cut is the message as the transport that cuts lines spells it, CutTag
	// CRI's P; UpToCut stops there.
	Cut, CutTag []byte
	UpToCut     bool
}

// Reset forgets the line before.
func (st *State) Reset() {
	st.Wraps, st.Claim, st.Kernel = 0, record.LevelNone, false
	st.Cut, st.CutTag = nil, nil
}

// reader takes one transport off. It returns what is left of the line, and false
// when the line does not begin with its transport.
type reader func(st *State, b []byte, r *record.Record) (inner []byte, ok bool)

// byFirst are the readers by what a line begins with, in the order in which they
// are tried.
var byFirst = [lex.Classes][]reader{
	lex.Digit:   {dated, syslog, compose}, // 4f1c2d3e4f5a  | …
	lex.Brace:   {object},
	lex.Square:  {bracketed},
	lex.Angle:   {priority},
	lex.Beyond:  {syslog},
	lex.Capital: {compose, syslog, stern},
	lex.Small:   {compose, syslog, stern},
}

const maxNesting = 8

// Unwrap takes transports off until none is left and returns the message; what
// they say is in st and r. The cost is linear in the length of b.
func Unwrap(st *State, b []byte, r *record.Record) []byte {
	for range maxNesting {
		b = skipJunk(st, b)
		if len(b) == 0 {
			break
		}
		inner, ok := unwrapOne(st, b, r)
		if !ok {
			break
		}
		if st.UpToCut && st.Wraps&Cutters != 0 {
			return inner
		}
		b = lex.TrimEnd(inner)
	}
	return b
}

// unwrapOne takes one transport off.
func unwrapOne(st *State, b []byte, r *record.Record) (inner []byte, ok bool) {
	t := b
	if b[0] == ' ' || b[0] == '\t' { // indented by a paste, or part of a longer message
		t = lex.TrimSpace(b)
		if len(t) == 0 || !startsStrongly(t) {
			return b, false
		}
	}
	for _, read := range byFirst[lex.ClassOf(t[0])] {
		if inner, ok = read(st, t, r); ok {
			return inner, true
		}
	}
	return b, false
}

// startsStrongly reports whether t starts with a transport or a header that is
// no accident, so that indentation before it is damage and not meaning.
func startsStrongly(t []byte) bool {
	if format.StartsStrongly(t) {
		return true
	}
	if lex.IsDigit(t[0]) || t[0] == '[' {
		return false
	}
	if _, _, n := composePrefix(t); n > 0 {
		return true
	}
	var m SyslogHead
	return ReadSyslog(t, &m)
}
