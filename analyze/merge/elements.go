package merge

import (
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
)

// elements are the names of elements that a lifetime has shown, of those whose
// number shows how many sessions there were. The zero value has seen none.
type elements struct {
	seen   map[elementKey]bool
	period int64
	last   string // to save memory
}

// elementKey is an element in one mouth.
type elementKey struct {
	input         int32
	service, name string
}

// maxElements bounds the names remembered. When there are more they are forgotten
// with the next period of the input.
const maxElements = 1024

// fresh reports whether an element of those that show sessions is seen for the first
// time.
func (e *elements) fresh(r timeline.Reading, name []byte) bool {
	if p := recognise.Period(r.Line); e.period != p {
		e.period = p
		if len(e.seen) > maxElements {
			e.forget()
		}
	}
	if e.seen[elementKey{r.Input, r.Service, string(name)}] {
		return false
	}
	if e.seen == nil {
		e.seen = map[elementKey]bool{}
	}
	e.seen[elementKey{r.Input, r.Service, e.name(name)}] = true
	return true
}

// forget forgets the names: a lifetime may have started or ended.
func (e *elements) forget() { clear(e.seen) }

// name is a name as a string, one for equal ones that follow each other.
func (e *elements) name(b []byte) string {
	if e.last != string(b) {
		e.last = string(b)
	}
	return e.last
}
