package reading

import (
	"bytes"

	"wolfdiag/analyze/speaker"
)

// Read reads a complaint. It reports false when no rule fits: then the words
// say too little, or nothing that concerns a session.
func Read(c *Complaint) (Reading, bool) {
	text := c.Text
	if len(text) > maxRead {
		text = text[:maxRead]
	}
	if quotes(text) {
		return Reading{}, false
	}
	if d, told := ended(text); told {
		rule := d.rule(c.Speaker)
		if rule < 0 {
			return Reading{}, false
		}
		return Reading{Rule: rule, Reason: d.Reason, Name: d.Program}, true
	}
	s := scanner{text: text, x: vocabulary()}
	s.scan()
	var f finding
	f.objects.add(NoObject) // every complaint meets rules that ask for no object, or for no reason
	f.reasons = 1 << NoReason
	f.read(&s)
	f.codes(&s, c)
	if f.soft || f.critical && c.Speaker != speaker.Wolf && c.Speaker != speaker.Unknown {
		return Reading{}, false
	}
	if c.Speaker == speaker.Init && f.reasons.Has(Missing) && hasEnd(text, ": not found", ": command not found") {
		f.objects.add(Command)
	}
	for i := range rules {
		if rules[i].fits(f.reasons, f.objects, c.Speaker) {
			return f.reading(&s, i), true
		}
	}
	return Reading{}, false
}

// finding is what the tokens of a complaint mean together.
type finding struct {
	reasons  Reasons
	objects  Objects
	name     [numObjects]token // the token that named an object, of those with a shape
	verb     uint16
	soft     bool // it says itself that it is no complaint
	critical bool // an assertion of GLib's
	plain    bool // a word or phrase complains by itself
	code     token
}

const reach = 6 // words that a negation reaches over

// read walks over the tokens.
func (f *finding) read(s *scanner) {
	x, negated := s.x, 0
	for i := 0; i < s.n; {
		t := &s.tokens[i]
		switch t.kind {
		case tokenBreak, tokenColon:
			negated = 0
			i++
			continue
		case tokenShape:
			if i == 0 && t.to+1 < len(s.text) && s.text[t.to] == ':' && s.text[t.to+1] == ' ' && place(s.text[t.from:t.to]) == Script { // who says it: "/opt/gow/startup.sh: line 2: …"
				i++
				continue
			}
			o := shapeObject(s.text[t.from:t.to])
			f.objects.add(o)
			if o == Port && wolfPort(portOf(s.text[t.from:t.to])) {
				f.objects.add(WolfPort)
			}
			if f.name[o].to == 0 {
				f.name[o] = *t
			}
			i++
			continue
		case tokenNumber, tokenHex:
			if wolfPort(t.number) {
				f.objects.add(WolfPort)
			}
			if t.number == 0 && t.kind == tokenNumber && t.to == t.from+1 { // "0 devices found"
				negated = 2
			}
			i++
			continue
		}
		if t.word == 0 {
			i++
			continue
		}
		if v := x.verb[t.word]; v != "" && f.verb == 0 {
			f.verb = t.word
		}
		node, end := x.longest(s, i)
		if node == 0 {
			if !x.stop[t.word] {
				negated--
			}
			i++
			continue
		}
		m := &x.means[node]
		f.objects.add(m.object)
		f.reasons |= m.reasons
		if m.reasons.Has(Crashed) && critical(s.text[t.from:]) {
			f.reasons, f.critical = f.reasons&^(1<<Crashed)|1<<Invalid, true
		}
		f.plain = f.plain || m.reasons != 0 && !m.weak
		if m.negated != NoReason && negated > 0 {
			f.reasons |= 1 << m.negated
			f.plain = true
		}
		negated--
		f.soft = f.soft || m.role == roleSoftens
		if m.role == roleNegates {
			negated = reach
			f.reasons |= 1 << Failed
			f.plain = f.plain || m.firm
		}
		if end > i+1 && m.reasons == 0 {
			f.alone(s, t, &negated)
		}
		for j := i + 1; j < end; j++ {
			end = f.inside(s, j, end, m.reasons == 0, &negated)
		}
		i = end
	}
}

// inside looks at what begins in the middle of a phrase that ends at end. What
// reaches beyond it counts in full ("driver version | insufficient"); of what does
// not, the reasons count when the phrase has none ("invalid user").
func (f *finding) inside(s *scanner, j, end int, open bool, negated *int) int {
	if s.tokens[j].kind != tokenWord || s.tokens[j].word == 0 {
		return end
	}
	node, to := s.x.longest(s, j)
	if node == 0 || to <= end && !open {
		return end
	}
	m := &s.x.means[node]
	f.reasons |= m.reasons
	f.soft = f.soft || m.role == roleSoftens
	f.plain = f.plain || m.reasons != 0 && !m.weak
	if m.role == roleNegates {
		*negated = reach
		f.reasons |= 1 << Failed
	}
	if to > end {
		f.objects.add(m.object)
		return to
	}
	return end
}

// alone takes the reason of the first word of a phrase that has none itself.
func (f *finding) alone(s *scanner, t *token, negated *int) {
	m := &s.x.means[s.x.next[uint32(t.word)]]
	f.reasons |= m.reasons
	f.plain = f.plain || m.reasons != 0 && !m.weak
	if m.role == roleNegates {
		*negated = reach
		f.reasons |= 1 << Failed
	}
}

// longest follows the trie from a token on and returns the last node with a
// meaning, 0 when there is none, and the token after it. Stop words, numbers and paths
// inside a phrase are passed over: "probe of 0000:03:00.0 failed".
func (x *lexicon) longest(s *scanner, i int) (node uint16, end int) {
	at := uint16(0)
	end = i
	for j := i; j < s.n; j++ {
		t := &s.tokens[j]
		if j > i && (t.kind == tokenNumber || t.kind == tokenShape || t.kind == tokenColon) {
			continue
		}
		if t.kind != tokenWord {
			break
		}
		next, ok := x.next[uint32(at)<<16|uint32(t.word)]
		switch {
		case ok:
			at = next
			if m := &x.means[at]; *m != (concept{}) {
				node, end = at, j+1
			}
		case !x.stop[t.word] || j == i:
			return node, end
		}
	}
	return node, end
}

// reading fills in a Reading for the rule that fits.
func (f *finding) reading(s *scanner, rule int) Reading {
	r := &rules[rule]
	out := Reading{Rule: rule}
	for x := numReasons - 1; x > Failed; x-- {
		if f.reasons.Has(x) && r.Reasons.Has(x) {
			out.Reason = x
			break
		}
	}
	if out.Reason == NoReason && f.reasons.Has(Failed) {
		out.Reason = Failed
	}
	for o := Object(1); o < numObjects; o++ {
		if !f.objects.Has(o) || !r.Objects.Has(o) {
			continue
		}
		if out.Object == NoObject {
			out.Object = o
		}
		if t := f.name[o]; t.to > 0 {
			out.Object, out.Name = o, string(s.text[t.from:t.to])
			break
		}
	}
	if f.verb != 0 {
		out.Operation = s.x.verb[f.verb]
	}
	if f.code.to > 0 {
		out.Code = string(s.text[f.code.from:f.code.to])
	}
	return out
}

// quotes reports whether a text tells of words instead of saying them.
func quotes(text []byte) bool {
	return hasFront(text, "+ ", "++ ") || has(text, "permissive=1") || hasFront(text, "GET /", "POST /", "PUT /", "DELETE /") && !has(text, ": ")
}

// wolfPort reports whether a number is that of a port that Wolf listens on.
func wolfPort(n int) bool {
	switch n {
	case 47984, 47989, 47998, 47999, 48000, 48002, 48010, 48100, 48200:
		return true
	}
	return false
}

// critical reports whether an assertion is one of GLib's, which are warnings:
// "assertion 'G_IS_OBJECT (object)' failed".
func critical(b []byte) bool { return hasFront(b, "assertion '", "assertion \"") }

// portOf is the port in tcp://0.0.0.0:48010?listen=1; 0 when there is none.
func portOf(url []byte) int {
	n := 0
	for _, c := range url[bytes.LastIndexByte(url, ':')+1:] {
		if !digit(c) || n > 1<<16 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}
