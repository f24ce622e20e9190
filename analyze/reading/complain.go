package reading

// Complains reports whether a text says in its words that something went wrong:
// that there is a reason which ordinary lines do not name, or that something
// expected is denied. It is for messages without a level, or with one below
// warning. Its cost is that of a reading.
func Complains(text []byte) bool {
	if len(text) > maxRead {
		text = text[:maxRead]
	}
	if quotes(text) {
		return false
	}
	if d, told := ended(text); told {
		return d.Reason != NoReason
	}
	s := scanner{text: text, x: vocabulary()}
	s.scan()
	var f finding
	f.read(&s)
	return f.plain && !f.soft
}
