package reading

// What a text says may depend on the values of its digits. Here is what it takes
// to know that it does not, so that texts that differ in them are read once.

// maskDigits replaces the digits of a word by '0' and reports whether there are
// any.
func maskDigits(w []byte) bool {
	any := false
	for i, c := range w {
		if digit(c) {
			w[i], any = '0', true
		}
	}
	return any
}

const (
	hexWordLen = 8
	uuidLen    = 36
)

// hexWord returns the length of the hex word at the start of b, 0 when there is
// none: eight and more hex digits with a letter among them and nothing of a word
// behind, or a UUID.
func hexWord(b []byte) int {
	n, letters := 0, false
	for n < len(b) && hexDigit(b[n]) {
		letters = letters || !digit(b[n])
		n++
	}
	switch {
	case n == hexWordLen && uuid(b):
		return uuidLen
	case n < hexWordLen || !letters || n < len(b) && b[n] < 0x80 && (letter(b[n]) || digit(b[n])):
		return 0
	}
	return n
}

func hexDigit(c byte) bool { return digit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// uuid reports whether b begins with a UUID that ends there.
func uuid(b []byte) bool {
	if len(b) < uuidLen || len(b) > uuidLen && b[uuidLen] < 0x80 && (letter(b[uuidLen]) || digit(b[uuidLen])) {
		return false
	}
	for i, c := range b[:uuidLen] {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !hexDigit(c) {
			return false
		}
	}
	return true
}

// halfHex reports whether b begins with one digit, an x and hex digits that
// other letters follow: 0x12g is a number and a word, 1x12g a word.
func halfHex(b []byte) bool {
	if len(b) < 3 || !digit(b[0]) || b[1]|0x20 != 'x' {
		return false
	}
	i := 2
	for i < len(b) && hexDigit(b[i]) {
		i++
	}
	return i < len(b) && letter(b[i])
}

// numberedFront reports whether w begins as the elements do that have a digit
// there: av1, h264, x265.
func numberedFront(w []byte) bool {
	if len(w) < 5 {
		return false
	}
	switch {
	case w[0] == 'a' && w[1] == 'v', w[0] == 'x' && digit(w[1]), w[0] == 'h' && digit(w[1]):
		return digit(w[2])
	}
	return false
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }
