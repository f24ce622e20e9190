package reading

import "bytes"

// Complains reports whether a text says in its words that something went wrong:
// that there is a reason which ordinary lines do not name, or that something
// expected is denied. It is for messages without a level, or with one below
// warning. Its cost is that of a reading.
func Complains(text []byte) bool {
	if len(text) > maxRead {
		text = text[:maxRead]
	}
	if quotes(text) || announces(text) {
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
	for _, a := range announcements {
		if bytes.HasPrefix(text, []byte(a)) {
			return true
		}
	}
	return false
}
