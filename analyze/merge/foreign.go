package merge

import (
	"bytes"
	"strings"

	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/speaker"
	"wolfdiag/patterns"
)

// everyday are the components of the catalogue whose texts programs of all kinds
// print.
var everyday = map[string]bool{
	"apps": true, "init": true, "config": true, "loader": true, "network": true, "web": true, "kernel": true, "wolf": true, "reading": true, "runtimes": true,
}

// stackWords name what Wolf streams with. A text that holds one is about it,
// whoever's log it stands in. Digits are masked, here and there.
var stackWords = strings.Fields("wolf moonlight gamescope sway nvidia nvrm amdgpu i000 nouveau radeon [drm drm: /dev/dri uinput gst docker containerd")

// maxStackText bounds how much of a text is searched for them.
const maxStackText = 600

// stackMatches remembers of which matches of patterns ofStack is true: of all
// messages that differ only in digits it says the same.
type stackMatches map[stackKey]bool

type stackKey struct {
	match   *recognise.Match
	pattern int
}

const maxStackMatches = 4096

func (s *stackMatches) of(h *recognise.Hit, p *patterns.Pattern) bool {
	key := stackKey{h.Match, p.Index}
	is, known := (*s)[key]
	if !known {
		is = ofStack(h, p, h.Match.Speaker.Class)
		if *s == nil || len(*s) >= maxStackMatches {
			*s = stackMatches{}
		}
		(*s)[key] = is
	}
	return is
}

// ofStack reports whether a complaint is about what Wolf streams with, even in a
// log that shows nothing else of it: by the speaker, by what the pattern is
// about, or by a word of the text. What a desktop or an app says of itself in
// such a log is that desktop's affair.
func ofStack(h *recognise.Hit, p *patterns.Pattern, by speaker.Class) bool {
	switch by {
	case speaker.Wolf, speaker.Compositor, speaker.Client:
		return true
	case speaker.Unknown, speaker.Runtime, speaker.Kernel:
		if !everyday[p.Component] {
			return true
		}
	}
	text := h.Text()
	low := bytes.ToLower(text[:min(len(text), maxStackText)])
	for i, c := range low {
		if c-'0' < 10 {
			low[i] = '0'
		}
	}
	for _, w := range stackWords {
		if bytes.Contains(low, []byte(w)) {
			return true
		}
	}
	return false
}
