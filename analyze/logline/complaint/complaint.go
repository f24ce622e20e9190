// Package complaint reads from the words of a message whether something went
// wrong. Most programs that print without a header still say so:
//
//	cp: cannot open '/etc/shadow' for reading: Permission denied
//	bash: Zeile 44: dbus-run-session: Kommando nicht gefunden.
//	gi.repository.GLib.GError: gst_parse_error: no element "pipewiresrc" (1)
//
// Such a line counts as a warning, so that what no pattern recognises is at
// least listed. Words are looked at with their neighbours, since the same ones
// stand in ordinary lines: "0 errors", "no errors found", "error_log=off",
// "ErrorHandler registered", "/var/log/error.log", "--on-failure".
package complaint

import "wolfdiag/analyze/logline/record"

// Level reads a level from what a message says: LevelNone when it is no
// complaint. Other digits than those in text[from:to] make no difference to it;
// from and to are 0 where none does. It allocates nothing.
func Level(text []byte) (l record.Level, from, to int) {
	s := saying{text: text[:min(len(text), maxSaid)], lexicon: words(), first: true}
	var w word
	for s.next(0, &w); w.to > w.from; s.next(w.to, &w) {
		if l = s.word(&w); l != record.LevelNone {
			return l, s.from, s.to
		}
	}
	return record.LevelNone, s.from, s.to
}

// decides notes that the outcome depends on the digits of a part of the text.
func (s *saying) decides(from, to int) {
	switch {
	case from == to:
	case s.to == 0:
		s.from, s.to = from, to
	default:
		s.from, s.to = min(from, s.from), max(to, s.to)
	}
}

// word says what a word means where it stands.
func (s *saying) word(w *word) record.Level {
	raw := s.text[w.from:w.to]
	class := wordOther
	s.here.n = 0
	switch {
	case cjk(raw[0]):
		if rest := s.text[w.from:]; len(rest) >= 6 && ideograms(string(rest[:6])) {
			return record.LevelWarning
		}
	case w.pure:
		if s.prevClass != wordOther || s.lexicon.may(raw) {
			s.here.set(raw)
			class = s.lexicon.class(s.here.bytes())
		}
	case numeral(raw):
		class = wordNumber
	}
	if class == wordOther && w.mark == ':' {
		if l := s.exception(w, raw); l != record.LevelNone {
			return l
		}
	}
	l := s.judge(w, class)
	s.prevClass, s.first = class, false
	if class != wordOther {
		s.prev = s.here
	}
	return l
}
