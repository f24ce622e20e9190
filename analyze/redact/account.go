package redact

import (
	"bytes"
	"strings"
)

// checked finds numbers that prove by their digits what they are, and telephone
// numbers in international form, in a run of token characters that starts at
// start, with three more bytes at least.
func (f *finder) checked(start int) {
	switch c := f.v[start]; {
	case c == '+' && isDigit(f.v[start+1]):
		f.phone(start)
	case isUpper(c) && isUpper(f.v[start+1]) && isDigit(f.v[start+2]) && isDigit(f.v[start+3]):
		f.iban(start)
	case c >= '3' && c <= '6' && isDigit(f.v[start+1]) && isDigit(f.v[start+2]) && isDigit(f.v[start+3]):
		f.card(start)
	}
}

// ibanLeast and ibanMost bound the length of an account number (ISO 13616).
const (
	ibanLeast = 15
	ibanMost  = 34
)

// iban masks an international account number, in groups of four or without
// spaces, whose remainder by 97 is one.
func (f *finder) iban(start int) {
	v := f.v
	if start > 0 && isWord(v[start-1]) {
		return
	}
	chars := make([]byte, 0, ibanMost)
	for i := start; i < len(v) && len(chars) <= ibanMost; i++ {
		c := v[i]
		switch {
		case isUpper(c) || isDigit(c):
			chars = append(chars, c)
			if last := i+1 == len(v) || !isWord(v[i+1]); last && len(chars) >= ibanLeast && len(chars) <= ibanMost && mod97(chars) == 1 {
				f.found("iban", start, i+1)
				return
			}
			continue
		case (c == ' ' || c == '-') && len(chars)%4 == 0:
			continue
		}
		return
	}
}

// mod97 is the remainder of an account number whose first four characters are
// moved to its end, letters counting from ten.
func mod97(iban []byte) int {
	rest := 0
	for i := range iban {
		c := iban[(i+4)%len(iban)]
		if isDigit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}

// card masks the number of a payment card in its groups, or behind a word for
// one, whose check digit is right.
func (f *finder) card(start int) {
	v := f.v
	if start > 0 && (isWord(v[start-1]) || v[start-1] == '.' || v[start-1] == '-') {
		return
	}
	if start+13 > len(v) || !isDigit(v[start+5]) {
		return
	}
	digits, groups := make([]byte, 0, 20), make([]int, 0, 20)
	i, sep := start, byte(0)
	for ; i < len(v) && len(digits) < 20; i++ {
		if isDigit(v[i]) {
			digits = append(digits, v[i])
			continue
		}
		if v[i] != ' ' && v[i] != '-' || sep != 0 && v[i] != sep || i+1 >= len(v) || !isDigit(v[i+1]) {
			break
		}
		sep = v[i]
		groups = append(groups, len(digits))
	}
	if i < len(v) && (isWord(v[i]) || v[i] == '.' && i+1 < len(v) && isDigit(v[i+1])) || len(digits) < 13 || len(digits) > 19 || !luhn(digits) {
		return
	}
	four := len(groups) == 3 && groups[0] == 4 && groups[1] == 8 && groups[2] == 12 && len(digits) == 16
	amex := len(groups) == 2 && groups[0] == 4 && groups[1] == 10 && len(digits) == 15
	lead := bytes.ToLower(v[max(0, start-40):start])
	if four || amex || len(groups) == 0 && cardWord(lead) {
		f.found("card", start, i)
	}
}

// cardWord reports whether a word for a payment card stands in lower-case text.
func cardWord(lead []byte) bool {
	for _, w := range []string{"card", "karte", "carte", "tarjeta", "carta", "cartão", "kaart", "kart", "карт", "visa", "mastercard", "amex", "pan=", "pan:", "信用卡", "カード", "카드"} {
		if bytes.Contains(lead, []byte(w)) {
			return true
		}
	}
	return false
}

// luhn reports whether the last digit checks the others (ISO 7812).
func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// phone masks a telephone number with its country: eight to fifteen digits behind
// a plus sign, alone or in groups.
func (f *finder) phone(start int) {
	v := f.v
	if start > 0 && (isWord(v[start-1]) || v[start-1] == ')' || v[start-1] == ']' || v[start-1] == '+') || v[start+1] == '0' {
		return
	}
	digits, groups, i := 0, 1, start+1
	for ; i < len(v) && digits < 16; i++ {
		switch c := v[i]; {
		case isDigit(c):
			digits++
			continue
		case (c == ' ' || c == '-' || c == '/' || c == '(' || c == ')' || c == '.') && i+1 < len(v) && (isDigit(v[i+1]) || (v[i+1] == '(' || v[i+1] == ' ') && i+2 < len(v) && isDigit(v[i+2])):
			if v[i+1] != '(' && c != ')' {
				groups++
			}
			continue
		}
		break
	}
	if i < len(v) && isWord(v[i]) || digits > 15 || units.Has(f.after(i)) || f.set.harmless(f.before(start), "session") {
		return
	}
	if groups > 1 && strings.IndexByte(string(v[start+1:min(start+5, i)]), '.') >= 0 && groups < 3 {
		return // +12.345
	}
	if digits >= 10 || groups >= 3 && digits >= 8 || digits >= 8 && phoneWord(bytes.ToLower(v[max(0, start-30):start])) {
		f.found("phone", start, i)
	}
}

func phoneWord(lead []byte) bool {
	for _, w := range []string{"sms", "phone", "tel", "call", "mobil", "handy", "msisdn", "whatsapp", "signal", "number", "from", "caller", "nummer", "телефон", "电话", "電話", "전화"} {
		if bytes.Contains(lead, []byte(w)) {
			return true
		}
	}
	return false
}
