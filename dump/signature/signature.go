package signature

import (
	"fmt"
	"strings"

	"wolfdiag/dump/trace"
)

// Signature identifies the site of a crash at three zoom levels.
type Signature struct {
	// Top is what people read: up to three own functions from the fault down,
	// joined by " | "; module+offset where there are no names.
	Top string
	// Functions is the full list from the fault down, normalised, inlined
	// functions unfolded, recursion folded.
	Functions []string
	// Offsets is module+offset of every frame of the trace; it needs no symbols.
	Offsets []string
	// Build is the fingerprint of the program's build: object and offset of the
	// handler frame, which are the same in every dump of one build. "" when the
	// trace has no object offsets.
	Build string

	// Site is the list that clusters are made of; see siteOf.
	Site []SiteFrame
}

// SiteFrame is one function of the list that tells crash sites apart.
type SiteFrame struct {
	Name  string // function, or module+offset with its build
	Place string // line or offset within that function; "" when unknown
}

// entry is a function of a trace with inlined ones unfolded.
type entry struct {
	name, place, display string
	role                 trace.Role
	program              bool // in the executable, or named main
}

// reach is how many library frames may lie between the fault and the first own
// frame for that frame to be the site. Further away it is rather a loop that
// calls back than the culprit.
const reach = 4

// Of assigns the roles of the frames and returns the signature. The
// frames are changed (roles only).
func Of(frames []trace.Frame) Signature {
	var s Signature
	s.Build = Fingerprint(frames)
	for i := range frames {
		s.Offsets = append(s.Offsets, offsetOf(&frames[i], frames))
	}
	fault := AssignRoles(frames)
	all := foldRecursion(unfold(frames, fault, s.Build))
	for _, e := range all {
		s.Functions = append(s.Functions, e.display)
	}
	site := siteOf(all)
	var top []string
	for i, e := range site {
		if i < 3 {
			top = append(top, e.display)
		}
		s.Site = append(s.Site, SiteFrame{e.name, e.place})
	}
	s.Top = strings.Join(top, " | ")
	if s.Top == "" {
		s.Top = "(the trace ends above the fault)"
		for i := range frames {
			s.Site = append(s.Site, SiteFrame{Name: "above the fault: " + offsetOf(&frames[i], frames) + "@" + s.Build})
		}
	}
	return s
}

// Fingerprint names the build by its handler frame.
func Fingerprint(frames []trace.Frame) string {
	if len(frames) == 0 {
		return ""
	}
	f := &frames[0]
	switch {
	case f.HasObject && f.Module != "":
		return fmt.Sprintf("%s+%#x", trace.BaseName(f.Module), f.Object)
	case trace.RawOnly(frames):
		return fmt.Sprintf("page offset %#03x", f.Raw&trace.PageMask)
	}
	return ""
}

// offsetOf names a frame without symbols. Where only raw addresses are known it
// uses what randomisation leaves alone: the distance to the handler frame within
// the program, the offset in the page elsewhere.
func offsetOf(f *trace.Frame, frames []trace.Frame) string {
	switch {
	case f.HasObject && f.Module != "":
		return fmt.Sprintf("%s+%#x", trace.BaseName(f.Module), f.Object)
	case f.Raw == 0 || f.Raw >= ^uint64(trace.PageMask):
		if f.Function != "" || f.Role == trace.RoleTrampoline {
			return f.Function
		}
		return "(jump to address 0)"
	case f.Module != "":
		return fmt.Sprintf("%s+?%03x", trace.BaseName(f.Module), f.Raw&trace.PageMask)
	case f.Raw>>40 == frames[0].Raw>>40 && trace.RawOnly(frames):
		return fmt.Sprintf("program%+#x", int64(f.Raw-frames[0].Raw))
	}
	return fmt.Sprintf("?%03x", f.Raw&trace.PageMask)
}

// unfold lists the functions from the fault down, inlined ones as entries of
// their own.
func unfold(frames []trace.Frame, fault int, build string) []entry {
	lists := skips()
	executable := executableOf(frames)
	var out []entry
	for i := fault; i < len(frames); i++ {
		f := &frames[i]
		for _, in := range f.Inlined {
			if name := siteName(in.Function, in.File); name != "" {
				out = append(out, entry{name, place(in.File, int32(in.Line)), name, roleOf(lists, in.Function, in.File, f.Module, executable), false})
			}
		}
		role := f.Role
		if len(f.Inlined) > 0 {
			role = roleOf(lists, f.Function, f.File, f.Module, executable)
		}
		program := executable != "" && f.Module == executable
		if name := siteName(f.Function, f.File); name != "" {
			where := place(f.File, f.Line)
			if f.Line == 0 && f.HasObject {
				where = fmt.Sprintf("%#x", f.Object)
			}
			out = append(out, entry{name, where, name, role, name == "main" || program && name != "_start"})
			continue
		}
		display := offsetOf(f, frames)
		out = append(out, entry{display + "@" + build, "", display, role, program})
	}
	return out
}

// siteName is the normalised name. A lambda that was inlined has no name but
// operator(), so its file has to say which it is.
func siteName(function, file string) string {
	name := Normalize(function)
	if (name == "operator()" || name == "_FUN") && file != "" {
		return "{lambda in " + trace.BaseName(file) + "}"
	}
	return name
}

// place is a line within a source file, whose folder differs between builds.
func place(file string, line int32) string {
	if file == "" || line == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", trace.BaseName(file), line)
}

// foldRecursion keeps one round of functions that call themselves, directly or
// through up to three others, so that the depth reached does not matter.
func foldRecursion(all []entry) []entry {
	out := all[:0:0]
	for _, e := range all {
		out = append(out, e)
		for period := 1; period <= 4; period++ {
			n := len(out)
			if n < 2*period {
				break
			}
			same := true
			for k := 1; k <= period; k++ {
				if out[n-k].name != out[n-k-period].name {
					same = false
					break
				}
			}
			if same {
				out = out[:n-period]
				break
			}
		}
	}
	return out
}

// siteOf picks what tells one crash site from another: the own functions from
// the fault down when the first is near; else the libraries' too; else whatever
// there is, so that traces without own code do not fall into one bucket.
func siteOf(all []entry) []entry {
	var relevant, weak []entry
	own := -1
	for _, e := range all {
		switch e.role {
		case trace.RoleOwn:
			if own < 0 {
				own = len(relevant)
			}
			relevant = append(relevant, e)
		case trace.RoleLibrary, trace.RoleUnknown:
			relevant = append(relevant, e)
		case trace.RoleSupport, trace.RoleLibc, trace.RoleMachinery:
			weak = append(weak, e)
		}
	}
	if own >= 0 && own <= reach {
		near := relevant[own:]
		// Below the site the libraries in between are callers like any other.
		return near
	}
	if len(relevant) > 0 {
		return relevant
	}
	// Only run-time code and the bottom of the stack: the program's main tells
	// most, then the run-time functions.
	var main, rest []entry
	for _, e := range all {
		switch {
		case e.role != trace.RoleEntry:
		case e.program && main == nil:
			main = append(main, e)
		default:
			rest = append(rest, e)
		}
	}
	return append(append(main, weak...), rest...)
}
