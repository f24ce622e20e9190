package render

import (
	"slices"
	"strings"

	"wolfdiag/analyze/report"
)

// setupLine is what is known of the deployment in one line: "docker compose ·
// Wolf is wolf-1 · nvidia · /dev/dri/renderD128 · nvcodec (h264, h265) ·
// GStreamer 1.26.7-0"; "" when nothing is.
func setupLine(s report.Setup) string {
	var parts, encoders []string
	codecs := map[string][]string{}
	for _, k := range s.Known {
		what, of, _ := strings.Cut(k.What, " ")
		say := k.Value
		switch {
		case k.What == "wolf":
			say = "Wolf is " + k.Value
		case k.What == "image", k.What == "gpu in use", k.What == "render node" && slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(p, k.Value) }):
			continue
		case what == "encoder":
			if codecs[k.Value] == nil {
				encoders = append(encoders, k.Value)
			}
			codecs[k.Value] = append(codecs[k.Value], of)
			continue
		case what == "asked":
			say = "asked for " + k.Value
		case what == "version":
			say = strings.TrimPrefix(of, "of ") + " " + k.Value
		}
		if !slices.Contains(parts, say) {
			parts = append(parts, say)
		}
	}
	for _, e := range encoders {
		parts = append(parts, e+" ("+strings.Join(codecs[e], ", ")+")")
	}
	return strings.Join(parts, " · ")
}
