package reading

import "bytes"

// Complains reports whether a text says in its words that something went wrong:
// that there is a reason which ordinary lines do not name, or that something
// expected is denied. It is for messages without a level, or with one below
// warning. Its cost is that of a reading, of some more where a count stands in it.
//
// The answer is the same for all texts that are like it outside of text[from:to] but
// for the values of their digits ("0 devices found") and of the characters of their
// hex words: runs of eight and more hex digits, digits behind 0x, and UUIDs. from and
// to are 0 where none matters; the part may be larger than it has to be.
func Complains(text []byte) (is bool, from, to int) {
	var tells part
	if len(text) > maxRead {
		tells = part{0, len(text)}
		text = text[:maxRead]
	}
	if has(text, "permissive=", "type=") {
		tells = part{0, len(text)}
	}
	if quotes(text) || announces(text) {
		return false, tells.from, tells.to
	}
	d, told, numbers := ended(text)
	tells.add(numbers)
	if told {
		return d.Reason != NoReason, tells.from, tells.to
	}
	s := scanner{text: text, x: vocabulary(), opaque: true}
	s.scan()
	is = s.complains()
	tells.add(s.tells)
	singles := s.singles
	for _, zero := range [...]bool{true, false} {
		if singles.to > 0 {
			s.again(zero)
			if s.complains() != is {
				tells.add(singles)
				break
			}
		}
	}
	return is, tells.from, tells.to
}

// part is a part of a text; the zero part is none.
type part struct{ from, to int }

// add makes p reach over q as well.
func (p *part) add(q part) {
	switch {
	case q.to == 0:
	case p.to == 0:
		*p = q
	default:
		p.from, p.to = min(p.from, q.from), max(p.to, q.to)
	}
}

func (s *scanner) complains() bool {
	var f finding
	f.read(s)
	return !f.soft && (f.plain || f.reasons&^(1<<NoReason) != 0 && emphatic(s.text))
}

// emphatic reports whether a text says what it says with some force: in a banner,
// with an exclamation mark at its end, or with "timeout" for its last word. Then
// words complain that ordinary lines say as well.
func emphatic(text []byte) bool {
	text = bytes.TrimRight(text, " .")
	return hasEnd(text, "!", " timeout", " TIMEOUT", " Timeout") || banner(text)
}

// banner reports whether a text is set between rules, as programs set the head of
// a report: "---- Minecraft Crash Report ----", "**** GSP Timeout ****".
func banner(text []byte) bool {
	for _, rule := range [...]string{"---", "***", "===", "###"} {
		front, rest, found := bytes.Cut(text, []byte(rule))
		if found && (len(front) == 0 || front[len(front)-1] == ' ') && bytes.HasSuffix(rest, []byte(rule)) && len(bytes.Trim(rest, rule)) > 0 {
			return true
		}
	}
	return false
}

// announcements are how supervisors begin what they say of a unit that they
// start or stop: what follows is its name and description.
var announcements = []string{"Starting ", "Started ", "Stopping ", "Stopped ", "Finished ", "Reached target ", "Listening on ", "Created slice ", "Mounted ", "Mounting ", "Unmounted ", "Closed "}

// announces reports whether a text tells of a unit, or says of itself that it is
// for information.
func announces(text []byte) bool {
	head := text[:min(len(text), 48)]
	if bytes.Contains(bytes.ToLower(head), []byte("[info]")) || bytes.Contains(bytes.ToLower(head), []byte("[debug]")) {
		return true
	}
	if has(text, "ail", "rror") {
		return false // "Starting audio stream...failed"
	}
	for _, a := range announcements {
		if bytes.HasPrefix(text, []byte(a)) {
			return true
		}
	}
	return false
}
