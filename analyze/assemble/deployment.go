package assemble

import (
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/setup"
)

// deployment tells what is known of the deployment, each with its place.
func (v *View) deployment() report.Setup {
	s := v.Setup
	out := report.Setup{Engine: string(s.Engine), Vendor: string(s.Vendor()), Known: []report.Known{}}
	add := func(what, value string, at setup.Place) {
		if value != "" {
			out.Known = append(out.Known, report.Known{What: what, Value: value, Input: at.Input, Line: at.Line})
		}
	}
	if s.Engine != setup.EngineUnknown {
		add("engine", s.Engine.String(), s.EngineAt)
	}
	if w := s.Wolf(); w.Name != "" {
		add("wolf", w.Name, w.Place)
		add("image", w.Image, w.Place)
	}
	for _, g := range s.GPUs {
		name := g.Name
		if name == "" {
			name = string(g.Vendor)
		}
		for _, at := range []string{g.Node, g.Bus} {
			if at != "" {
				name += " (" + at + ")"
				break
			}
		}
		add("gpu", name, g.Place)
	}
	add("gpu in use", string(s.Used.Vendor), s.Used.Place)
	add("render node", s.Used.Node, s.Used.Place)
	for _, e := range s.Encoders {
		add("encoder "+e.Of, e.Text, e.Place)
	}
	for _, r := range s.Requests {
		add("asked for "+string(r.Kind), r.Value, r.Place)
	}
	for _, x := range s.Versions {
		add("version of "+x.Of, x.Text, x.Place)
	}
	return out
}
