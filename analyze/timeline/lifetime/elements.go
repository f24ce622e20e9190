package lifetime

import (
	"slices"
	"strconv"
	"strings"

	"wolfdiag/analyze/timeline/clock"
)

// element notes the number in the name of an element.
func (b *builder) element(r *clock.Reading, m clock.Moment, kind string, n int) {
	l := b.active(r, m)
	i := slices.IndexFunc(l.elements, func(e Element) bool { return e.Type == kind })
	switch {
	case i >= 0:
		l.elements[i].Max = max(l.elements[i].Max, n)
	case len(l.elements) < maxElements:
		l.elements = append(l.elements, Element{Type: strings.Clone(kind), Max: n})
	default:
		b.dropped.Elements++
	}
	b.numberSession(r, m, l)
	if !isEncoder(kind) {
		return
	}
	for i := len(b.attempts) - 1; i >= 0 && i >= len(b.attempts)-8; i-- {
		a := &b.attempts[i]
		if a.lifetime == l.seq && !a.stopped && a.encoder == "" && near(a.at, m, a.read.Line, r.Line, 60*clock.Second) {
			a.encoder = strings.Clone(kind)
		}
	}
}

// numberSession notes a session that only the number of a new element shows.
func (b *builder) numberSession(r *clock.Reading, m clock.Moment, l *draft) {
	n := leastSessions(l.elements)
	if n <= l.counts[byElement] {
		return
	}
	l.counts[byElement] = n
	if better := l.counts; better[byContainer]+better[byRTP]+better[byCompositor]+better[byLaunch] == 0 {
		b.attempts = append(b.roomy(), attempt{id: b.attempt, lifetime: l.seq, method: byElement, number: int32(n), concurrent: -1, read: *r, at: m})
		b.attempt++
	}
}

func isEncoder(kind string) bool {
	return strings.HasSuffix(kind, "enc") && !strings.HasPrefix(kind, "opus")
}

// numbered splits nvh265enc10 into nvh265enc and 10.
func numbered(name string) (kind string, n int, ok bool) {
	i := len(name)
	for i > 0 && name[i-1] >= '0' && name[i-1] <= '9' {
		i--
	}
	if i == 0 || i == len(name) || len(name)-i > 7 || i > 64 || strings.ContainsAny(name[:i], "_@:") {
		return "", 0, false
	}
	n, err := strconv.Atoi(name[i:])
	return name[:i], n, err == nil
}

// Proves reports whether the number in the name of an element tells how many
// sessions there were: see leastSessions.
func Proves(name []byte) bool {
	kind, _, ok := numbered(string(name))
	return ok && (isEncoder(kind) || kind == audioSource)
}

// audioSource is the element that each session makes for its sound.
const audioSource = "pulsesrc"

// leastSessions returns how many sessions the numbers in element names prove:
// each stream makes one encoder and one audio source; one encoder of each type
// goes to the probe at start.
func leastSessions(es []Element) int {
	encoders, audio := 0, 0
	for _, e := range es {
		switch {
		case isEncoder(e.Type):
			encoders += e.Max
		case e.Type == audioSource:
			audio = e.Max + 1
		}
	}
	return max(encoders, audio)
}

// Element notes that a GStreamer element of this name exists: nvh265enc10 says
// that eleven of its type were made in this lifetime. Names without a number
// are ignored.
func (c *Collector) Element(r clock.Reading, name string) {
	kind, n, ok := numbered(name)
	if !ok || !c.wolf(r.Service) {
		return
	}
	m := c.read(&r)
	c.builder(r.Input, r.Service).element(&r, m, kind, n)
}
