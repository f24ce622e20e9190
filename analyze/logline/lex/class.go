package lex

// Class is what a line may begin with, as far as the tables of transports and
// formats tell beginnings apart.
type Class uint8

// The classes.
const (
	Other Class = iota
	Digit
	Capital
	Small  // a to z and _
	Beyond // bytes beyond ASCII
	Square // [
	Brace  // {
	Paren  // (
	Angle  // <
	Star   // *
	Mark   // # = /
	Classes
)

var classes = func() (t [256]Class) {
	for i := range t {
		switch c := byte(i); {
		case IsDigit(c):
			t[i] = Digit
		case c >= 'A' && c <= 'Z':
			t[i] = Capital
		case c >= 'a' && c <= 'z', c == '_':
			t[i] = Small
		case c >= 0x80:
			t[i] = Beyond
		}
	}
	t['['], t['{'], t['('], t['<'], t['*'] = Square, Brace, Paren, Angle, Star
	t['#'], t['='], t['/'] = Mark, Mark, Mark
	return t
}()

// ClassOf returns the class of a byte.
func ClassOf(c byte) Class { return classes[c] }
