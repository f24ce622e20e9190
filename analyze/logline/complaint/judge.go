package complaint

import (
	"bytes"

	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
)

// judge applies the rules to a word of a class.
func (s *saying) judge(w *word, class wordClass) record.Level {
	s.negated, s.exited, s.out, s.already = max(s.negated-1, 0), max(s.exited-1, 0), max(s.out-1, 0), max(s.already-1, 0)
	switch w.sep {
	case ':', ';', '(', ',':
		s.negated = 0
	}
	if s.condition || class == wordCondition {
		s.condition = w.mark != ',' && w.mark != '.' && w.mark != ';'
		return record.LevelNone
	}
	if s.paired(w) && !s.isKey(w) {
		return record.LevelWarning
	}
	if class == wordOther {
		return record.LevelNone
	}
	prev := ""
	if s.prevClass != wordOther {
		prev = string(s.prev.bytes())
	}
	switch class {
	case wordFails:
		if !s.denied(w) && !s.isKey(w) {
			return record.LevelWarning
		}
	case wordFatal:
		if !s.denied(w) && !s.isKey(w) {
			return record.LevelError
		}
	case wordTrouble:
		s.glad = true
		switch {
		case s.denied(w), s.isKey(w), s.partOfName(w), s.prevClass == wordHandles && w.mark != ':':
		case prev == "unhandled", prev == "uncaught", w.mark == ':' && s.leads(w):
			return record.LevelError
		default:
			return record.LevelWarning
		}
	case wordGlad:
		s.glad = true
	case wordNo:
		s.negated, s.no, s.glad = maxGap+1, true, false
	case wordNot:
		s.negated, s.no, s.glad = 4, false, false
	case wordAbsent: // found, available …
		if s.negated > 0 && !s.glad {
			return record.LevelWarning
		}
	case wordPermits: // allowed, supported …
		if s.negated > 0 && !s.no {
			return record.LevelWarning
		}
	case wordLimit:
		s.limit = true
	case wordReached:
		if s.limit {
			return record.LevelWarning
		}
	case wordTimeout:
		if waits(prev) && (w.mark == 0 || w.mark == '.' || w.mark == ',' || w.mark == ')') {
			return record.LevelWarning
		}
	case wordExit:
		s.exited = 5
	case wordOut:
		s.out = 3
	case wordAlready:
		s.already = 3
	case wordNumber:
		if s.exited > 0 && (prev == "code" || prev == "status") {
			s.decides(w.from, w.to)
			if !zero(s.text[w.from:w.to]) {
				return record.LevelWarning
			}
		}
	}
	return record.LevelNone
}

// paired reports whether a word complains together with those before it.
func (s *saying) paired(w *word) bool {
	switch {
	case s.prevClass == wordOther || s.here.n == 0:
	case pair(string(s.prev.bytes()), string(s.here.bytes())):
		return true
	case s.out > 0 && string(s.prev.bytes()) == "of":
		return scarce(string(s.here.bytes()))
	case s.already > 0 && string(s.prev.bytes()) == "in":
		return string(s.here.bytes()) == "use"
	}
	return false
}

// denied reports whether the words around say that there is none of it: "no
// errors", "0 failed", "failed: 0", "without a failure".
func (s *saying) denied(w *word) bool {
	switch {
	case s.negated > 0 && (s.no || s.prevClass == wordNot), s.prevClass == wordAvoid:
		return true
	case s.prevClass == wordNumber:
		from, to := s.before(w)
		s.decides(from, to)
		if zero(s.text[from:to]) {
			return true
		}
	}
	var after word
	s.next(w.to, &after)
	if value := s.text[after.from:after.to]; numeral(value) {
		s.decides(after.from, after.to)
		return zero(value)
	}
	if w.mark != ':' {
		return false
	}
	var value lowered
	value.set(s.text[after.from:after.to])
	switch string(value.bytes()) {
	case "none", "null", "nil", "no", "false", "ok", "success", "never", "off":
		return true
	}
	return false
}

// before is where the number in front of a word stands.
func (s *saying) before(w *word) (from, to int) {
	b := bytes.TrimRight(s.text[:w.from], " (:[,")
	n := len(b)
	for n > 0 && lex.IsDigit(b[n-1]) {
		n--
	}
	return n, len(b)
}

// isKey reports whether a word is the name of something: the key of a JSON
// object, a function.
func (s *saying) isKey(w *word) bool {
	rest := s.text[w.to:]
	return len(rest) > 1 && ((rest[0] == '"' || rest[0] == '\'') && rest[1] == ':' || rest[0] == '(' && rest[1] == ')')
}

// partOfName reports whether a word like "error" only begins a name: error
// handler, crash reporter.
func (s *saying) partOfName(w *word) bool {
	var after word
	s.next(w.to, &after)
	var next lowered
	next.set(s.text[after.from:after.to])
	return after.sep == 0 && compound(string(next.bytes()))
}

// leads reports whether nothing but names stands in front of a word: "Fehler: …",
// "cp: Fehler: …".
func (s *saying) leads(w *word) bool {
	return (s.first || s.text[max(w.from-2, 0)] == ':' && w.from < 32) && w.to+1 < len(s.text) && s.text[w.to+1] == ' '
}

// exception reads the class of an exception in front of its message:
//
//	gi.repository.GLib.GError: gst_parse_error: no element "pipewiresrc" (1)
//	java.io.IOException: Broken pipe
//	Unhandled exception. System.IO.IOException: The configured user limit …
func (s *saying) exception(w *word, raw []byte) record.Level {
	if !s.first && s.prevClass != wordTrouble || w.to+1 < len(s.text) && s.text[w.to+1] != ' ' ||
		bytes.ContainsAny(raw, "=/") {
		return record.LevelNone
	}
	if bytes.HasSuffix(raw, []byte("Error")) || bytes.HasSuffix(raw, []byte("Exception")) {
		return record.LevelError
	}
	return record.LevelNone
}

func numeral(b []byte) bool {
	n := lex.DigitRun(b)
	return n > 0 && n == len(b)
}

func zero(b []byte) bool { return len(bytes.Trim(b, "0")) == 0 }
