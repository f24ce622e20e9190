package redact

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
	"wolfdiag/internal/lazyset"
	catalogue "wolfdiag/patterns/redact"
)

// style says how a value stands behind its label.
type style struct {
	equals bool // label=value
	quoted bool
	tight  bool // label:value, which programs write, and which may hold a word too
	labels bool // there is a label; without one a regex found the value in a sentence
}

// prose reports whether the value may be a word of a sentence.
func (st style) prose() bool { return !st.equals && !st.quoted }

// passes holds a value against the check of its rule.
func (s *ruleSet) passes(r *rule, value string, st style) bool {
	switch r.Check {
	case catalogue.CheckWorded:
		word := strings.TrimRight(value, ".,:;!?")
		return !st.prose() || !s.common(word, secretKind) && !(strings.HasSuffix(word, "ed") && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "")
	case catalogue.CheckSecret:
		switch {
		case len(value) < 5 && number(value), strings.HasPrefix(value, "/"), strings.HasPrefix(value, "~/"), strings.HasPrefix(value, "./"):
			return false
		case st.prose():
			return made(value)
		}
		return true
	case catalogue.CheckRandom:
		if st.labels {
			return random(value)
		}
		return made(value) && !number(value)
	case catalogue.CheckDrawn:
		sh := shapeOf(value)
		return len(value) >= 14 && sh.groups >= 2 && sh.letters() >= 4 && strings.IndexFunc(value, func(c rune) bool { return c >= 0x80 || !isWord(byte(c)) && c != '_' && c != '-' && c != '%' }) < 0
	case catalogue.CheckDigits:
		return len(value) >= 4 && len(value) <= 10 && number(value)
	case catalogue.CheckName:
		return s.name(r, value, st)
	case catalogue.CheckSerial:
		if number(value) {
			return len(value) >= 8 && len(value) <= 20 && r.Kind == "serial"
		}
		return len(value) >= 5 && len(value) <= 64 && strings.IndexFunc(value, func(c rune) bool { return c >= '0' && c <= '9' }) >= 0 &&
			strings.IndexFunc(value, func(c rune) bool { return c < 0x80 && isLetter(byte(c)) }) >= 0 && !s.common(value, "serial") && !strings.ContainsAny(value, "/ ")
	case catalogue.CheckLong:
		return len(value) >= 9 && len(value) <= 20 && number(value)
	case catalogue.CheckPair:
		i := strings.IndexAny(value, ":/")
		second := strings.TrimSpace(value[i+1:])
		return i > 0 && !number(value[:i]) && !number(second) && !s.common(second, secretKind) && passwordish(second)
	case catalogue.CheckPhone:
		digits := strings.Map(func(c rune) rune {
			if c < '0' || c > '9' {
				return -1
			}
			return c
		}, value)
		return len(digits) >= 7 && len(digits) <= 15 && !strings.HasPrefix(value, "20") && strings.Count(value, ".") < 3
	case catalogue.CheckOption:
		return !number(value) && value[0] != '/' && value[0] != '-' && value[0] != '.' && !strings.Contains(value, "://") && !programmed().MatchString(value)
	case catalogue.CheckPassword:
		return passwordish(value)
	case catalogue.CheckMixed:
		return shapeOf(value).digit > 1
	case catalogue.CheckDevice:
		for w := range strings.FieldsFuncSeq(strings.ToLower(value), func(c rune) bool { return c == ' ' || c == '-' }) {
			if notOwners.Has(w) {
				return false
			}
		}
	}
	return true
}

// notOwners are words in the names of devices that are nobody's: makers, uses.
var notOwners = lazyset.New(`windows wireless games gaming-pc nintendo docker linux sunshine moonlight virtual remote generic default samsung google apple microsoft sony logitech wacom intuos express process access business
	series graphics android ubuntu debian rootless headless this that your these other bureau poche jeu juegos mesa office home local amazon`)

// name reports whether a value can be the name of somebody or something that
// not everybody has.
func (s *ruleSet) name(r *rule, value string, st style) bool {
	value = strings.TrimRight(value, ".:,")
	switch {
	case len(value) < 2 || len(value) > 64, strings.Trim(value, "0123456789.:-") == "", s.common(value, r.Kind), r.Kind == "host" && isContainer(value), isUUID([]byte(value)):
		return false
	case strings.ContainsAny(value, "/\\=<>|"), strings.HasPrefix(value, "-"), strings.HasPrefix(value, "0x"):
		return false
	}
	for part := range strings.FieldsFuncSeq(value, func(c rune) bool { return c == ' ' || c == ':' }) {
		if !s.common(part, r.Kind) {
			return !strings.ContainsAny(value, "[](){}")
		}
		if !st.quoted && strings.Contains(value, " ") {
			return false // is correctly, not found
		}
	}
	return false // retro:retro
}

// shape counts what tells made-up values from words.
type shape struct {
	upper, lower, digit, other int
	groups                     int // of digits
	changes                    int // between upper case, lower case, digits
	worded                     int // letters in runs of four or more of one case that could be said aloud
	hex                        bool
}

func shapeOf(s string) shape {
	sh := shape{hex: true}
	class, run := byte(0), 0
	flush := func(end int) {
		if run >= 4 && (class == 'u' || class == 'l') && sayable(s[end-run:end]) {
			sh.worded += run
		}
	}
	for i := range len(s) {
		c := s[i]
		now := byte('o')
		switch {
		case isUpper(c):
			now = 'u'
			sh.upper++
		case isLower(c):
			now = 'l'
			sh.lower++
		case isDigit(c):
			now = 'd'
			sh.digit++
			if class != 'd' {
				sh.groups++
			}
		default:
			sh.other++
		}
		sh.hex = sh.hex && isHexDigit(c)
		if now == class {
			run++
			continue
		}
		flush(i)
		if class != 0 && now != 'o' && class != 'o' {
			sh.changes++
		}
		class, run = now, 1
	}
	flush(len(s))
	return sh
}

// sayable reports whether letters of one case can be a part of a word: there is a
// vowel, and never more than three consonants in a row.
func sayable(s string) bool {
	row, vowel := 0, false
	for i := range len(s) {
		if strings.IndexByte("aeiouy", s[i]|0x20) >= 0 {
			row, vowel = 0, true
		} else if row++; row > 3 {
			return false
		}
	}
	return vowel
}

func (sh shape) letters() int { return sh.upper + sh.lower }

// made reports whether a word looks made up: a password rather than a word of a
// sentence.
func made(s string) bool {
	sh := shapeOf(s)
	switch {
	case len(s) < 6 || sh.letters() == 0 || strings.Contains(s, "://"):
		return false
	case strings.Contains(s, "<n>"):
		return true // a template of messages
	case sh.digit == 0:
		return sh.upper > 2 && sh.lower > 2 && sh.other > 0 && strings.ContainsAny(s, "!$%&+#?*^~@") || len(s) >= 24 && sh.upper > 3 && sh.lower > 3 && sh.worded*2 < sh.letters()
	case strings.HasPrefix(s, "0x"), strings.HasPrefix(s, "/"):
		return false
	case sh.upper > 0 && sh.lower > 0, strings.ContainsAny(s, "!$%&+#?*^~@"):
		return true
	}
	return sh.groups >= 2 && len(s) >= 8 || sh.hex && len(s) >= 16 || len(s) >= 16 && sh.digit >= 3 && !strings.ContainsAny(s, "._-/:")
}

// random reports whether a value was drawn by a machine, not written by a
// person: what labels such as key= and code= need, which stand before names too.
func random(s string) bool {
	if strings.HasPrefix(s, "0x") || strings.ContainsAny(s, " |") || strings.Contains(s, "://") || strings.Contains(s, "::") {
		return false
	}
	sh := shapeOf(s)
	switch {
	case len(s) < 12 || sh.letters() == 0:
		return false
	case sh.hex:
		return len(s) >= 16 && sh.digit > 0
	case sh.digit == 0:
		return len(s) >= 20 && sh.upper > 3 && sh.lower > 3 && sh.worded*2 < sh.letters()
	}
	if len(s) >= 16 && sh.upper > 2 && sh.lower > 2 && sh.digit > 1 && sh.worded*4 < sh.letters() {
		return true
	}
	return sh.groups >= 2 && sh.worded*2 <= sh.letters() || sh.groups >= 2 && len(s) >= 24 && sh.changes*4 >= len(s)
}

// isUUID reports whether w has the form of RFC 9562.
func isUUID(w []byte) bool {
	for i, c := range w {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !isHexDigit(c) {
			return false
		}
	}
	return len(w) == 36
}

// passwordish reports whether a word of a sentence about a password can be one:
// letters with digits or signs, and nothing that programs write so.
func passwordish(s string) bool {
	if len(s) < 4 || len(s) > 64 || strings.ContainsAny(s[:1], "-<{[(&$%/\\.~") || strings.Contains(s, "://") || strings.Contains(s, "::") || strings.Contains(s, "()") {
		return false
	}
	letters, digits, signs := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case isLetter(c) || c >= 0x80:
			letters++
		case strings.IndexByte("!$%&+#?*^~@;", c) >= 0:
			signs++
		case c == '/' || c == '\\':
			return false
		}
	}
	return letters > 1 && (digits > 0 || signs > 0) && !programmed().MatchString(s)
}

// programmed are words with digits or signs that nobody has for a password: versions,
// sizes, algorithms, constants, files, logins at a host.
var programmed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i:v?\d+(?:[.:/-]\d+)+\w*|\d+(?:\.\d+)?(?:st|nd|rd|th|[kmgt]?i?b|[munp]?s|ms|h|min|hz|khz|mhz|px|fps|%)|0x[0-9a-f]+|(?:sha|md|aes|utf|rc|ipv|x|h|av|tls|ssl|http|s|k|ec|oauth|argon|pbkdf|ntlmv|mschapv|wpa|pkcs|ed|curve|base|nvme|sd|eth|wlan|enp|usb|card|renderd|python|php|mysql|qt|gtk|lib|tty|pts|pam|krb|win|level|type|step|line|try|attempt|id|uid|pid)[-_/]?\d+\w{0,3}|[\w.-]+:\d+|\w+\[\d+\]|[\w.-]+@[\w.-]+|[\w.-]+\.(?:so|c|cc|cpp|h|rs|go|py|js|conf|cfg|toml|json|ya?ml|txt|log|service|pem|key|crt)(?:[.:]\d+)*|<n>|\w+=\S*)$|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^\pL+\?$|^\pL+[&+]\pL*$`)
})

// unspaced reports whether a letter is of a script that puts no spaces between
// words.
func unspaced(r rune) bool { return r >= 0x2e80 && r != utf8.RuneError }

// isContainer reports whether a name is the id docker gives a container.
func isContainer(name string) bool {
	return (len(name) == 12 || len(name) == 64) && strings.Trim(name, "0123456789abcdef") == ""
}
