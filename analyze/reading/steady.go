package reading

import "wolfdiag/analyze/speaker"

// Steady reports whether all complaints are read alike that are the same as c but
// for the values of their digits and of what stands behind 0x, and name no code. It
// may be false of complaints of which that is true as well. Its cost is that of a
// reading, of some more where a count stands in the text.
func Steady(c *Complaint) bool {
	if len(c.Text) > maxRead || c.Speaker == speaker.Kernel || has(c.Text, "permissive=", "type=") {
		return false
	}
	if _, told, numbers := ended(c.Text); told || numbers.to > 0 {
		return false
	}
	s := scanner{text: c.Text, x: vocabulary()}
	s.scan()
	if s.tells.to > 0 || s.digit > 1 { // of several counts some may be zero
		return false
	}
	for i := range s.tokens[:s.n] {
		if k := s.tokens[i].kind; (k == tokenNumber || k == tokenHex) && s.wordsBefore(i) != "" {
			return false // a code
		}
	}
	var f finding
	rule := f.rule(&s, c)
	if s.count {
		for _, zero := range [...]bool{true, false} {
			s.again(zero)
			var other finding
			if other.rule(&s, c) != rule {
				return false
			}
		}
	}
	return true
}
