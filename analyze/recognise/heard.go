package recognise

import (
	"slices"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/speaker"
	"wolfdiag/patterns"
)

// said is what decides, beside its text, which patterns a record can mean.
type said struct {
	speaker speaker.Speaker
	below   bool // the program itself says that it is no complaint
}

// maxServices bounds the services whose class a worker remembers.
const maxServices = 1024

// said tells who says a record and how loudly.
func (w *Worker) said(rec *logline.Record, text []byte) said {
	out := said{below: below(rec)}
	if !w.opts.NoSpeaker {
		out.speaker = speaker.Of(rec, text, w.serviceClass(rec.Service))
	}
	return out
}

// serviceClass is speaker.OfService, remembered.
func (w *Worker) serviceClass(service []byte) speaker.Class {
	if c, ok := w.services[string(service)]; ok {
		return c
	}
	if len(w.services) >= maxServices {
		clear(w.services)
	}
	c := speaker.OfService(service)
	w.services[string(service)] = c
	return c
}

// below reports whether the program gave the record a level below a complaint.
// A journal's priority and the stream that a line came on are not its word.
func below(rec *logline.Record) bool {
	switch rec.Format {
	case logline.FormatWolf, logline.FormatGStreamer, logline.FormatTracing, logline.FormatSway, logline.FormatGLib,
		logline.FormatSpdlog, logline.FormatLogfmt, logline.FormatJSON:
		return rec.Level != logline.LevelNone && rec.Level < Complaint
	}
	return false
}

// heard leaves out the patterns that do not mean a record in this mouth and at
// this level, and those that a benign one among them names in its `also`: it
// knows that their text, in this wording, is harmless.
func heard(matches []*patterns.Pattern, s said) []*patterns.Pattern {
	silenced := func(p *patterns.Pattern) bool {
		return slices.ContainsFunc(matches, func(m *patterns.Pattern) bool {
			return m.Role == patterns.RoleBenign && slices.Contains(m.Also, p.ID)
		})
	}
	var out []*patterns.Pattern
	for _, p := range matches {
		if mayMean(p, s) && (p.Role == patterns.RoleBenign || p.Role == patterns.RoleLifecycle || !silenced(p)) {
			out = append(out, p)
		}
	}
	return out
}

// mayMean reports whether a pattern can mean what this speaker says at this level.
func mayMean(p *patterns.Pattern, s said) bool {
	complaint := complains(p)
	if complaint && s.below && !loggedBelow(p) {
		return false // a title, an address or a quotation that holds the words
	}
	class := s.speaker.Class
	if class == speaker.Unknown {
		return true
	}
	if len(p.Speakers) > 0 {
		return slices.Contains(p.Speakers, class.String())
	}
	if class == speaker.Foreign && complaint {
		return false
	}
	return !slices.Contains(p.NotSpeakers, class.String())
}

// loggedBelow reports whether upstream logs a pattern's text below warning.
func loggedBelow(p *patterns.Pattern) bool {
	return p.Level == "info" || p.Level == "debug" || p.Level == "trace"
}
