package reading

import "bytes"

// finding is what the tokens of a complaint mean together.
type finding struct {
	reasons  Reasons
	objects  Objects
	name     [numObjects]token // the token that named an object, of those with a shape
	verb     uint16            // the first operation
	code     token             // the last code that gave a reason
	quiet    Reasons           // those of what is named in ordinary lines too
	negated  int               // words for which a negation still holds
	none     int               // the same for a count of nothing
	counted  Reason            // what the phrase before says when it is counted as nothing
	soft     bool              // it says itself that it is no complaint
	critical bool              // an assertion of GLib's
	plain    bool              // a word or phrase complains by itself
}

const (
	reach      = 6 // words that a negation reaches over
	countReach = 3 // words that a count of nothing reaches over
)

// read walks over the tokens.
func (f *finding) read(s *scanner) {
	for i := 0; i < s.n; {
		t := &s.tokens[i]
		switch t.kind {
		case tokenBreak, tokenColon:
			f.negated, f.none = 0, 0
			if t.kind == tokenBreak {
				f.counted = NoReason
			}
		case tokenShape:
			if i > 0 || !saidBy(s.text, t) {
				f.shape(s, t)
			}
		case tokenNumber, tokenHex:
			if t.zero { // "no devices", "0 devices"
				if node, end := s.x.longest(s, i); node > 0 && end > i+1 {
					i = f.phrase(s, i)
					continue
				}
			}
			f.number(t)
			if s.text[t.from] == '-' && i > 0 && s.tokens[i-1].kind == tokenWord && s.x.result[s.tokens[i-1].word] {
				f.reasons |= 1 << Failed
				f.plain = true
			}
		default:
			i = f.phrase(s, i)
			continue
		}
		i++
	}
	f.plain = f.plain || s.denies()
	f.soft = f.soft || advises(s.text)
	if f.reasons.Has(Failed) && s.x.start[f.verb] {
		f.objects.add(Startup)
	}
	if f.reasons != 1<<NoReason {
		f.reasons |= f.quiet
		if f.objects.Has(ConfigFile) && s.line() {
			f.reasons |= 1 << Invalid
			f.objects.add(Place)
		}
	}
}

// advises reports whether a text says what a part of a program would want and
// goes without: "For a functional tray you must have …". What a program cannot do
// without it does not call by its purpose.
func advises(text []byte) bool {
	return (bytes.HasPrefix(text, []byte("For ")) || has(text, "] For ")) && has(text, " you must ", " you need ", " you should ", " you may want ", " you have to ", " please install ")
}

// denies reports whether a text says of something that it is not so: "PLEG is not
// healthy", "the fd does not appear to refer to a device", "the device has no
// primary node". What it denies need not be known. That something is not needed,
// not used or not set is no complaint, and "do not" asks for something.
func (s *scanner) denies() bool {
	for i := 0; i+1 < s.n; i++ {
		t := &s.tokens[i]
		if t.kind != tokenWord || t.word == 0 || t.word != s.x.not && t.word != s.x.none {
			continue
		}
		if t.word == s.x.none {
			if i == 0 || s.tokens[i-1].kind != tokenWord || !s.x.has[s.tokens[i-1].word] {
				continue
			}
		} else if w := s.text[t.from:t.to]; !bytes.ContainsRune(w, '\'') {
			if i == 0 || !s.states(&s.tokens[i-1]) {
				continue
			}
		} else if hasFront(w, "don", "Don", "won", "Won") {
			continue
		}
		j := i + 1
		for j+1 < s.n && s.tokens[j].kind == tokenWord && s.x.stop[s.tokens[j].word] {
			j++
		}
		if next := &s.tokens[j]; next.kind == tokenWord && !s.x.spared[next.word] {
			return true
		}
	}
	return false
}

// states reports whether a token is a verb that states something: "is", "'m".
func (s *scanner) states(t *token) bool {
	return t.kind == tokenWord && (s.x.states[t.word] || bytes.ContainsRune(s.text[t.from:t.to], '\''))
}

// line reports whether a text names a line, a column or a section, as those do
// that read a configuration: "line 81, column 0", "in section 'program:sway'".
func (s *scanner) line() bool {
	for i := 0; i+1 < s.n; i++ {
		t, next := &s.tokens[i], &s.tokens[i+1]
		if t.kind != tokenWord || t.word == 0 {
			continue
		}
		switch t.word {
		case s.x.line, s.x.column:
			if next.kind == tokenNumber && !s.script(i) {
				return true
			}
		case s.x.section:
			return true
		}
	}
	return false
}

// script reports whether the words before a token are a shell's, which names the
// line of its own script: "/opt/gow/startup.sh: line 12: app.cfg: Permission denied".
func (s *scanner) script(i int) bool {
	if i != 2 || s.tokens[1].kind != tokenColon {
		return false
	}
	t := &s.tokens[0]
	return t.kind != tokenShape || shapeObject(s.text[t.from:t.to]) != ConfigFile
}

// saidBy reports whether a path at the start is who says it: "/opt/gow/startup.sh: line 2: …".
func saidBy(text []byte, t *token) bool {
	return t.to+1 < len(text) && text[t.to] == ':' && text[t.to+1] == ' ' && place(text[t.from:t.to]) == Script
}

// shape takes a thing whose shape says what it is.
func (f *finding) shape(s *scanner, t *token) {
	w := s.text[t.from:t.to]
	o := shapeObject(w)
	f.objects.add(o)
	if o == Port && wolfPort(portOf(w)) {
		f.objects.add(WolfPort)
	}
	if f.name[o].to == 0 {
		f.name[o] = *t
	}
}

// number takes a number outside a phrase.
func (f *finding) number(t *token) {
	if wolfPort(t.number) {
		f.objects.add(WolfPort)
	}
	if !t.zero {
		f.counted = NoReason
		return
	}
	f.none = countReach
	if f.counted != NoReason {
		f.reasons |= 1 << f.counted
		f.plain = true
	}
}

// phrase takes the longest phrase that begins at a token, and returns where to go on.
func (f *finding) phrase(s *scanner, i int) int {
	t := &s.tokens[i]
	f.counted = NoReason
	if t.word == 0 && !t.zero {
		f.none--
		return i + 1
	}
	if f.verb == 0 && s.x.verb[t.word] != "" {
		f.verb = t.word
	}
	node, end := s.x.longest(s, i)
	if node == 0 {
		if !s.x.stop[t.word] {
			f.negated--
			f.none--
		}
		return i + 1
	}
	m := &s.x.means[node]
	f.objects.add(m.object)
	denied := f.negated > 0 || f.none > 0 && m.counted
	f.negated--
	f.none--
	if m.counted && end == i+1 {
		f.counted = m.negated
	}
	f.take(m)
	if m.negated != NoReason && denied {
		f.reasons |= 1 << m.negated
		f.plain = true
	}
	if m.reasons.Has(Crashed) && critical(s.text[t.from:]) {
		f.reasons, f.critical = f.reasons&^(1<<Crashed)|1<<Invalid, true
		f.objects.add(Reference)
	}
	if end > i+1 && (m.reasons == 0 || m.quiet) {
		f.take(&s.x.means[s.x.next[uint32(s.x.said(t))]]) // the first word by itself: "invalid user"
	}
	for j := i + 1; j < end; j++ {
		end = f.inside(s, j, end, m.reasons == 0 || m.quiet)
	}
	return end
}

// inside looks at what begins in the middle of a phrase that ends at end. What
// reaches beyond it counts in full ("driver version | insufficient"); of what does
// not, the reasons count when the phrase has none (open). It returns the new end.
func (f *finding) inside(s *scanner, j, end int, open bool) int {
	switch t := &s.tokens[j]; t.kind {
	case tokenShape: // "access to /dev/dri/renderD128 denied"
		f.shape(s, t)
		return end
	case tokenNumber:
		if wolfPort(t.number) {
			f.objects.add(WolfPort)
		}
		return end
	case tokenWord:
		if t.word == 0 {
			return end
		}
	default:
		return end
	}
	if m := &s.x.means[s.x.next[uint32(s.tokens[j].word)]]; m.negated != NoReason && f.negated > 0 { // "no video received"
		f.reasons |= 1 << m.negated
		f.plain = true
	}
	node, to := s.x.longest(s, j)
	if node == 0 || to <= end && !open {
		return end
	}
	f.take(&s.x.means[node])
	if to > end {
		f.objects.add(s.x.means[node].object)
	}
	return max(to, end)
}

// take takes all of a concept but its object.
func (f *finding) take(m *concept) {
	if m.quiet {
		f.quiet |= m.reasons
	} else {
		f.reasons |= m.reasons
		f.plain = f.plain || m.reasons != 0 && !m.weak || m.firm
	}
	switch m.role {
	case roleSoftens:
		f.soft = true
	case roleNegates:
		f.negated = reach
		f.reasons |= 1 << Failed
	}
}

// longest follows the trie from a token on and returns the last node with a
// meaning, 0 when there is none, and the token after it. Stop words, numbers, paths
// and names inside a phrase are passed over: "probe of 0000:03:00.0 failed".
func (x *lexicon) longest(s *scanner, i int) (node uint16, end int) {
	at := uint16(0)
	end = i
	for j := i; j < s.n; j++ {
		t := &s.tokens[j]
		next, ok := x.next[uint32(at)<<16|uint32(x.said(t))]
		if t.zero && !ok || !t.zero && j > i && (t.kind == tokenNumber || t.kind == tokenShape || t.kind == tokenColon) {
			continue
		}
		if t.kind != tokenWord && !t.zero {
			break
		}
		switch {
		case ok:
			at = next
			if m := &x.means[at]; *m != (concept{}) {
				node, end = at, j+1
			}
		case !x.stop[t.word] && !t.named || j == i:
			return node, end
		}
	}
	return node, end
}

// said is the word that a token stands for.
func (x *lexicon) said(t *token) uint16 {
	if t.zero {
		return x.none
	}
	return t.word
}

// critical reports whether an assertion is one of GLib's, which are warnings:
// "assertion 'G_IS_OBJECT (object)' failed".
func critical(b []byte) bool { return hasFront(b, "assertion '", "assertion \"") }
