package format

import (
	"bytes"

	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// plain is a line without a header that is known. Its text is the whole line b;
// t is b without indentation.
func plain(b, t []byte, r *record.Record) {
	r.Format, r.Text = lineformat.Plain, b
	if r.Level = startLevel(t); r.Level == record.LevelNone {
		r.Level = quietLevel(t)
	}
	if s := bytes.TrimRight(t, " "); r.Level >= record.LevelWarning && OpensText(s) {
		r.Continues, r.Joined.Open = record.ContinuesText, true
	}
}

const maxPrograms = 3 // "docker: ", "gnome-session-binary[1]: " in front of a level

// startLevel reads a level only where a message starts, behind names of
// programs:
//
//	ERROR: msg          Error: msg            error: msg             fatal: msg
//	E: msg              docker: Error response from daemon: msg      libva error: msg
//	gcc: error: msg     MESA: error: ZINK: …  libEGL warning: …      gnome-session-binary[1]: WARNING: msg
func startLevel(t []byte) record.Level {
	for range maxPrograms {
		n := 0
		for n < len(t) && n < 64 && (t[n]|0x20 >= 'a' && t[n]|0x20 <= 'z' || lex.IsDigit(t[n]) || n > 0 && (t[n] == '-' || t[n] == '_' || t[n] == '.' || t[n] == '/')) {
			n++
		}
		if n == 0 || n == len(t) {
			return record.LevelNone
		}
		word, rest := t[:n], t[n:]
		if l := claimed(word, rest); l != record.LevelNone {
			return l
		}
		switch {
		case rest[0] == '[': // a pid
			d := lex.DigitRun(rest[1:])
			if d == 0 || d+2 >= len(rest) || rest[d+1] != ']' || rest[d+2] != ':' {
				return record.LevelNone
			}
			rest = rest[d+2:]
		case rest[0] == ' ': // libva error: msg, libEGL warning: msg
			w := lex.WordRun(rest[1:])
			if w == 0 || 1+w >= len(rest) || rest[1+w] != ':' || n > 24 {
				return record.LevelNone
			}
			return lowerClaim(rest[1 : 1+w])
		}
		if rest[0] != ':' || len(rest) < 3 || rest[1] != ' ' {
			return record.LevelNone
		}
		t = bytes.TrimLeft(rest[2:], " ")
	}
	return record.LevelNone
}

// quietLevel reads a level below warning that stands behind a clock, an address
// or what the program calls its parts:
//
//	[2026-11-29  08:30:16] INFO connection/get_ssl_certificate msg
//	[00007fb0e8000fb0] main input source debug: msg
//	Nov 29 08:30:16.412 [notice] msg      NOTICE: msg
//
// Words alone are no sign that such a line complains. Louder levels are read from
// the words as well.
func quietLevel(t []byte) record.Level {
	if len(t) > maxQuietHead {
		t = t[:maxQuietHead]
	}
	if len(t) > 0 && t[0] == '[' {
		if i := bytes.IndexByte(t, ']'); i > 0 {
			if l := quiet(tagLevel(t[1:i])); l != record.LevelNone {
				return l
			}
			t = t[i+1:]
		}
	}
	for i, words := 0, 0; i < len(t); {
		if !letter(t[i]) {
			if t[i] == ':' && i+1 < len(t) && t[i+1] == ' ' && i > 0 && letter(t[i-1]) { // the message begins
				return record.LevelNone
			}
			i++
			continue
		}
		n := i
		for n < len(t) && letter(t[n]) {
			n++
		}
		if n < len(t) && (i == 0 || t[i-1] == ' ' || t[i-1] == '[' || t[i-1] == '<' || t[i-1] == '(' || t[i-1] == '|') {
			capitals := words < 2 && t[i]&0x20 == 0 && t[n-1]&0x20 == 0
			if tagged := i > 0 && t[i-1] != ' ' && (t[n] == ']' || t[n] == '>' || t[n] == ')' || t[n] == '|'); tagged || capitals && (t[n] == ' ' || t[n] == ':') || t[n] == ':' {
				if l := levelWord(t[i:n]); l != record.LevelNone && (capitals || tagged || lowerClaim(t[i:n]) != record.LevelNone) {
					return quiet(l)
				}
			}
		}
		i, words = n, words+1
	}
	return record.LevelNone
}

// maxQuietHead is how much of a line may stand before its message.
const maxQuietHead = 56

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// quiet is a level that is below warning, else LevelNone.
func quiet(l record.Level) record.Level {
	if l >= record.LevelWarning {
		return record.LevelNone
	}
	return l
}

// claimed reads a level word by what follows it.
func claimed(word, rest []byte) record.Level {
	colon := rest[0] == ':' && (len(rest) == 1 || rest[1] == ' ' || rest[1] == '\t')
	if len(word) == 1 { // E: [pulseaudio] …, W: …
		if !colon || word[0] == 'F' { // rather a drive or a figure
			return record.LevelNone
		}
		return letterLevel(word[0])
	}
	if colon {
		return lowerClaim(word)
	}
	if rest[0] != ' ' {
		return record.LevelNone
	}
	switch string(word) { // capitals need no colon
	case "ERROR", "FATAL", "CRITICAL", "PANIC", "ERR", "FTL", "CRIT":
		return levelWord(word)
	case "WARN", "WARNING", "WRN":
		return record.LevelWarning
	case "INFO":
		return record.LevelInfo
	case "DEBUG":
		return record.LevelDebug
	case "Error":
		if bytes.HasPrefix(rest, []byte(" response from daemon")) {
			return record.LevelError
		}
	}
	return record.LevelNone
}

// lowerClaim reads a word that a colon follows; words that are more often
// something else than a level do not count.
func lowerClaim(word []byte) record.Level {
	switch l := levelWord(word); {
	case l == record.LevelNone:
		return record.LevelNone
	case bytes.EqualFold(word, []byte("log")), bytes.EqualFold(word, []byte("message")), bytes.EqualFold(word, []byte("config")),
		bytes.EqualFold(word, []byte("fine")), bytes.EqualFold(word, []byte("failure")), bytes.EqualFold(word, []byte("inf")):
		return record.LevelNone
	default:
		return l
	}
}
