package redact

import (
	"bytes"
	"strings"

	"wolfdiag/internal/lazyset"
	catalogue "wolfdiag/patterns/redact"
)

const maxLabel = 64

// label is a name with the value behind it.
type label struct {
	start, end int // of the name
	value      span
	style      style
}

// byLabel appends the values whose label is one of a rule's: DB_PASSWORD=x,
// "apiKey": "x", Passwort: x, "PersonaName"  "x".
func (s *ruleSet) byLabel(dst []span, v []byte, memo labelMemo) []span {
	for i := 0; i < len(v); i++ {
		c := v[i]
		if !separator[c] {
			continue
		}
		switch {
		case c == '=' || c == ':' || c == '"':
		case c == '-' && i > 0 && i+2 < len(v) && v[i-1] == ' ' && v[i+1] == '-' && v[i+2] == ' ': // clientcert -- 2d2d…
		case c == '>' && i > 1 && xmlText(v, i):
		case c == '|' && i > 0 && i+2 < len(v) && v[i-1] == ' ' && v[i+1] == ' ' && isCell(v[:i]): // | password | x |
		case c == 0xef && i+2 < len(v) && v[i+1] == 0xbc && (v[i+2] == 0x9a || v[i+2] == 0x9d): // ：＝
		default:
			continue
		}
		if c == ':' && (i+1 < len(v) && v[i+1] == ':' || i > 0 && v[i-1] == ':') {
			continue // a scope of C++ or Rust
		}
		l, ok := labelBefore(v, i)
		if c == '>' {
			l, ok = closingTag(v, i)
		}
		if !ok {
			continue
		}
		rules := memo.lookUp(s, v, l)
		if rules == nil {
			continue
		}
		sep := i
		switch c {
		case '-':
			sep++
		case 0xef:
			sep += 2
		}
		if c == '>' {
			l.inElement(v, i)
		} else if !l.findValue(v, sep) {
			continue
		}
		value := clean(v[l.value.start:l.value.end])
		if s.placeholder(value, true) {
			continue
		}
		for _, r := range rules {
			if s.passes(r, value, l.style) && (!l.style.prose() && (!l.style.tight || l.style.quoted) || !s.common(strings.TrimRight(value, ".,:;!?"), r.Kind)) {
				dst = append(dst, span{l.value.start, l.value.end, r})
				break
			}
		}
	}
	return dst
}

// xmlText reports whether text follows the bracket at i and the end of an element
// that text: <hostname>x</hostname>.
func xmlText(v []byte, i int) bool {
	if i+1 >= len(v) || isSpace(v[i+1]) || v[i+1] == '<' || v[i+1] == filler {
		return false
	}
	end := bytes.IndexByte(v[i:min(len(v), i+300)], '<')
	return end > 1 && i+end+1 < len(v) && (v[i+end+1] == '/' || v[i+end+1] == filler)
}

// closingTag is the name of the element that the text behind the bracket at i ends
// with.
func closingTag(v []byte, i int) (label, bool) {
	start := i + bytes.IndexByte(v[i:], '<') + 1
	for start < len(v) && (v[start] == '/' || v[start] == filler) {
		start++
	}
	end := start
	for end < len(v) && end-start < maxLabel && (isLabelByte(v[end]) || v[end] == ':') {
		if v[end] == ':' {
			start = end + 1
		}
		end++
	}
	return label{start: start, end: end}, end-start >= 2 && end < len(v) && (v[end] == '>' || v[end] == filler)
}

// inElement takes the text of an element for the value.
func (l *label) inElement(v []byte, i int) {
	end := i + bytes.IndexByte(v[i:], '<')
	for end > i+1 && v[end-1] == filler {
		end--
	}
	l.style = style{equals: true, quoted: true, labels: true}
	l.value = span{start: i + 1, end: end}
}

// separator marks the bytes that may end a label.
var separator = [256]bool{'=': true, ':': true, '"': true, '-': true, '>': true, '|': true, 0xef: true}

// isCell reports whether text ends in a cell of a table that a bar begins.
func isCell(v []byte) bool {
	v = bytes.TrimRight(v, " `*")
	for n := 0; len(v) > 0 && n < maxLabel; n++ {
		c := v[len(v)-1]
		if c == '|' {
			return n > 1
		}
		if c == '\n' {
			return false
		}
		v = v[:len(v)-1]
	}
	return false
}

// labelBefore finds the name in front of a separator.
func labelBefore(v []byte, sep int) (label, bool) {
	end := sep
	if v[sep] == '"' { // "PersonaName"  "x": the quote ends the name, and another follows
		k := sep + 1
		for k < len(v) && (v[k] == ' ' || v[k] == '\t' || v[k] == filler) {
			k++
		}
		if k == sep+1 || k >= len(v) || v[k] != '"' {
			return label{}, false
		}
	}
	for n := 0; end > 0 && n < 48; n++ {
		c := v[end-1]
		if c != ' ' && c != '\t' && c != filler && !isQuote(c) && c != ']' && c != '*' {
			break
		}
		end--
	}
	start := end
	for start > 0 && end-start < maxLabel && isLabelByte(v[start-1]) {
		start--
	}
	for start < end && !isWord(v[start]) && v[start] < 0x80 {
		start++
	}
	return label{start: start, end: end}, end-start >= 2
}

func isLabelByte(c byte) bool { return isWord(c) || c == '_' || c == '-' || c == '.' || c >= 0x80 }

// qualifiers are endings of a label that leave its meaning: PASSWORD_B64.
var qualifiers = lazyset.New(`value b64 base64 hash hashed plain plaintext raw old new current confirm 1 2 3
	str string env encrypted hex secret text confirmation short`)

// glued are words that a label may end in without a separator: PGPASSWORD.
var glued = []string{
	"wachtwoord", "lösenord", "adgangskode", "passord", "salasana", "jelszó", "пароль", "密码", "密碼", "口令", "パスワード", "비밀번호", "令牌", "トークン", "토큰", "seriennummer", "serienummer", "用户名", "ユーザー名", "主机名", "ホスト名", "序列号", "password", "passwd", "passphrase", "passwort", "kennwort", "apikey", "secretkey", "accesskey", "authkey", "token", "secret", "serialnumber", "hostname",
}

// meaning is what a label means by itself.
type meaning struct {
	rules  []*rule
	sure   bool   // no word before it changes that
	joined string // its parts without separators, when a label of several words may end so
}

// labelMemo remembers what labels mean: a log has the same few again and again.
type labelMemo map[string]meaning

// maxMemo bounds how many labels are remembered.
const maxMemo = 4096

// lookUp returns the rules for a label, nil for most. The words before it may
// belong to it: "stream key: x".
func (m labelMemo) lookUp(s *ruleSet, v []byte, l label) []*rule {
	known, ok := m[string(v[l.start:l.end])]
	if !ok {
		if len(m) >= maxMemo {
			clear(m)
		}
		known = s.meaning(v[l.start:l.end])
		m[string(v[l.start:l.end])] = known
	}
	if known.sure || known.joined == "" {
		return known.rules
	}
	if before := wordBefore(v, l.start); before != "" {
		if rules := s.labels[before+known.joined]; rules != nil {
			return rules
		}
		if two := wordBefore(v, l.start-len(before)-1); two != "" {
			if rules := s.labels[two+before+known.joined]; rules != nil {
				return rules
			}
		}
	}
	return known.rules
}

// tails are the last words of labels that are written with spaces.
var tails = lazyset.New(`key token password code name secret id number no address addr passe phrase hostname
	wort série serie seryjny номер číslo numarası adı jméno użytkownika пользователя користувача хоста компьютера nimi номера
	accesso acceso accès zugangsdaten iv cert account user passphrase pin tag serial`)

// meaning finds the rules for a label. The last parts of a name say what it is:
// DB_ROOT_PASSWORD.
func (s *ruleSet) meaning(name []byte) meaning {
	if c := name[len(name)-1]; !isWord(c) && c < 0x80 {
		return meaning{}
	}
	if isAlias(string(name)) {
		return meaning{} // user-1:x:1000
	}
	parts := split(name)
	m := meaning{joined: strings.Join(parts, "")}
	if s.words[m.joined]&s.kinds[labelKind] != 0 {
		return meaning{}
	}
	if !tails.Has(m.joined) {
		m.joined = ""
	}
	if m.rules = s.lookParts(parts); m.rules != nil {
		m.sure = len(parts) > 1 || !weak(m.rules)
		return m
	}
	for n := len(parts) - 1; n > 0 && qualifiers.Has(parts[n]); n-- {
		if rules := s.lookParts(parts[:n]); rules != nil {
			return meaning{rules: rules, sure: true}
		}
	}
	if rules := s.labels[parts[0]]; len(parts) > 1 && len(rules) > 0 && rules[0].Check == catalogue.CheckDrawn { // looker_id
		return meaning{rules: rules, sure: true}
	}
	last := parts[len(parts)-1]
	for _, g := range glued {
		if len(last) > len(g) && strings.HasSuffix(last, g) {
			return meaning{rules: s.labels[g], sure: true}
		}
	}
	return m
}

// weak reports whether all rules need more than the label to go by.
func weak(rules []*rule) bool {
	for _, r := range rules {
		if r.Check != catalogue.CheckRandom {
			return false
		}
	}
	return true
}

func (s *ruleSet) lookParts(parts []string) []*rule {
	for from := max(0, len(parts)-4); from < len(parts); from++ {
		if rules := s.labels[strings.Join(parts[from:], "")]; rules != nil {
			return rules
		}
	}
	return nil
}

// split takes a name apart at its separators and where a capital follows a
// small letter, in lower case: X-Api-Key, apiKey.
func split(name []byte) []string {
	parts := make([]string, 0, 4)
	from := 0
	cut := func(to int) {
		if to > from {
			parts = append(parts, strings.ToLower(string(name[from:to])))
		}
	}
	for i, c := range name {
		switch {
		case c == '_' || c == '-' || c == '.':
			cut(i)
			from = i + 1
		case i > 0 && isUpper(c) && (isLower(name[i-1]) || isDigit(name[i-1])):
			cut(i)
			from = i
		}
	}
	cut(len(name))
	if len(parts) == 0 {
		parts = append(parts, "")
	}
	return parts
}

// wordBefore is the word of letters that a space separates from what starts at
// i, in lower case; "" when there is none.
func wordBefore(v []byte, i int) string {
	if i < 3 || v[i-1] != ' ' && v[i-1] != '-' && v[i-1] != '_' {
		return ""
	}
	end := i - 1
	start := end
	for start > 0 && end-start < 24 && (isLetter(v[start-1]) || v[start-1] >= 0x80) {
		start--
	}
	return strings.ToLower(string(v[start:end]))
}

// findValue finds what stands behind the separator at i.
func (l *label) findValue(v []byte, i int) bool {
	l.style = style{equals: v[i] == '=' || v[i] == '"', labels: true}
	query := v[i] == '=' && l.start > 0 && (v[l.start-1] == '?' || v[l.start-1] == '&')
	tight := i+1 < len(v) && !isSpace(v[i+1])
	i++
	if i < len(v) && v[i-1] == ':' && v[i] == '=' || i < len(v) && v[i-1] == '=' && (v[i] == '>' || v[i] == '=') {
		i++
	}
	if v[i-1] == ':' && tight && (l.start == l.end || i < len(v) && v[i] != '/') {
		l.style.equals, l.style.tight = true, true
	}
	for n := 0; i < len(v) && n < 24 && (v[i] == ' ' || v[i] == '\t' || v[i] == '*' && n < 3); n++ {
		i++
	}
	i += wrapper(v[i:])
	depth := 0 // fillers in front of the quote: how deep it is escaped
	for i+depth < len(v) && v[i+depth] == filler {
		depth++
	}
	if i+depth < len(v) && isQuote(v[i+depth]) {
		quote := v[i+depth]
		if end := closing(v, i+depth+1, quote, depth); end >= 0 {
			l.style.quoted = true
			l.value = span{start: i + depth + 1, end: end}
			return end > i+depth+1
		}
		i += depth + 1
	}
	l.value = span{start: i, end: unquoted(v, i, query)}
	if end := l.around(v, i); end > l.value.end {
		l.value.end = end
	}
	return l.value.end > i
}

// wrapper is the length of what a language puts in front of a string: b'x',
// Some("x").
func wrapper(v []byte) int {
	n := 0
	for n < len(v) && n < 24 && (isWord(v[n]) || v[n] == '_' || v[n] == ':') {
		n++
	}
	switch {
	case n == 1 && n < len(v) && isQuote(v[1]) && strings.IndexByte("bruLN", v[0]) >= 0:
		return 1
	case n > 1 && n+1 < len(v) && v[n] == '(' && isQuote(v[n+1]):
		return n + 1
	}
	return 0
}

// around finds the end of a value whose quotes go around its label too:
// Environment="VNC_PASSWORD=two words". It returns -1 where there are none.
func (l *label) around(v []byte, i int) int {
	if l.start == 0 || !isQuote(v[l.start-1]) || !l.style.equals {
		return -1
	}
	depth, k := 0, l.start-1
	for k > 0 && v[k-1] == filler {
		k--
		depth++
	}
	if k > 0 && bytes.IndexByte([]byte("=[, \t({"), v[k-1]) < 0 {
		return -1 // "msg":"password=x was wrong" says more than the value
	}
	return closing(v, i, v[l.start-1], depth)
}

// closing finds the quote that ends a value: one as deeply escaped as that which
// began it. It returns where the fillers before it start, -1 when there is none.
func closing(v []byte, from int, quote byte, depth int) int {
	for i := from; i < len(v); i++ {
		if v[i] == '\n' && depth == 0 {
			return -1
		}
		if v[i] != quote {
			continue
		}
		n := 0
		for i-n-1 >= from && v[i-n-1] == filler {
			n++
		}
		if quote == '\'' && i+1 < len(v) && isLetter(v[i+1]) && i > from && isLetter(v[i-1]) {
			continue // it's
		}
		if n <= depth {
			return i - n
		}
	}
	return -1
}

// unquoted finds the end of a value without quotes: a space, or a separator
// with another pair or nothing behind it.
func unquoted(v []byte, i int, query bool) int {
	open := 0
	for ; i < len(v); i++ {
		switch c := v[i]; {
		case isSpace(c) || isQuote(c):
			return i
		case c == filler:
			k := i
			for k < len(v) && v[k] == filler {
				k++
			}
			if k == len(v) || isSpace(v[k]) || isQuote(v[k]) || v[k] == '<' || v[k] == '>' || v[k] == '&' {
				return i
			}
			i = k - 1
		case c == '<':
			n := template(v[i:])
			if n == 0 {
				return i
			}
			i += n - 1
		case c == '>' || query && (c == '&' || c == '#'):
			return i
		case c == '(' || c == '[' || c == '{':
			open++
		case c == ')' || c == ']' || c == '}':
			if open == 0 && ends(v, i+1) {
				return i
			}
			open--
		case c == ',' || c == ';' || c == '&' || c == '|':
			if ends(v, i+1) || pairFollows(v, i+1) {
				return i
			}
		}
	}
	return i
}

// ends reports whether a value that a bracket or comma closes ends there.
func ends(v []byte, i int) bool {
	return i >= len(v) || isSpace(v[i]) || isQuote(v[i]) || v[i] == filler || bytes.IndexByte([]byte(",;)]}<"), v[i]) >= 0
}

// pairFollows reports whether label= or "label": starts at i.
func pairFollows(v []byte, i int) bool {
	start := i
	for i < len(v) && i-start < maxLabel && isLabelByte(v[i]) {
		i++
	}
	return i > start && i < len(v) && (v[i] == '=' || v[i] == ':')
}

// template is the length of what stands for a number in a template of messages,
// 0 when v does not begin with one: <n>, <hex>, <id>, <*>.
func template(v []byte) int {
	for _, t := range []string{"<n>", "<hex>", "<id>", "<*>"} {
		if len(v) >= len(t) && string(v[:len(t)]) == t {
			return len(t)
		}
	}
	return 0
}
