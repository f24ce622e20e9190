package reading

import "bytes"

// NextTry reports whether a text tells that its program now tries another way, having
// complained of the first: "Trying next method...", "falling back to the X11 backend",
// "retrying with a smaller buffer". A way that does without the GPU is no other way.
func NextTry(text []byte) bool {
	if len(text) > maxRead {
		text = text[:maxRead]
	}
	if !MayTryNext(text) {
		return false
	}
	low := bytes.ToLower(text)
	if !has(low, "trying next", "trying the next", "trying another", "trying other", "retrying with", "trying again with", "falling back to", "fall back to", "falls back to", "fallback to", "continuing without", "proceeding without") &&
		!(has(low, " instead") && has(low, "using ", "trying ", "use ")) {
		return false
	}
	return !has(low, "software", "llvmpipe", "swrast", "softpipe", "lavapipe", "pixman", "cpu", "x264", "x265", "failed", "cannot", "could not", "unable")
}

// MayTryNext reports whether a text holds a word that all of which NextTry is true
// have. Digits make no difference to it.
func MayTryNext(text []byte) bool {
	return has(text[:min(len(text), maxRead)], "rying ", "all back", "alling back", "allback", " instead", "ontinuing without", "roceeding without")
}
