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

	// Cut is set when no frame below the fault is left, so that the trace tells no
	// more than that the handler ran.
	Cut bool

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
	named                bool // by a function or a place in source
	common               bool // in the stacks of very many programs
	at                   int  // index of the frame
}

// reach is how many library frames may lie between the fault and the first own
// frame for that frame to be the site. Further away it is rather a loop that
// calls back than the culprit.
const reach = 4

// Of assigns the roles of the frames and returns the signature. The
// frames are changed (roles only).
func Of(frames []trace.Frame, origin Origin) Signature {
	var s Signature
	s.Build = Fingerprint(frames, origin)
	for i := range frames {
		s.Offsets = append(s.Offsets, offsetOf(&frames[i], frames))
	}
	fault := AssignRoles(frames, origin)
	start := overflowed(frames, fault)
	all := foldRecursion(unfold(frames, start, s.Build, origin))
	for _, e := range all {
		s.Functions = append(s.Functions, e.display)
	}
	site := siteOf(all)
	lead := leadOf(site, frames, start)
	var top []string
	for i, e := range site {
		if i >= lead-1 && len(top) < 3 {
			top = append(top, e.display)
		}
		if i > 0 && i < lead {
			s.Site[0].Name += " " + e.name
			continue
		}
		s.Site = append(s.Site, SiteFrame{e.name, e.place})
	}
	s.Top = strings.Join(top, " | ")
	if s.Top == "" {
		s.Top = "(the trace ends above the fault)"
		s.Cut = true
		for i := range frames {
			s.Site = append(s.Site, SiteFrame{Name: "above the fault: " + offsetOf(&frames[i], frames) + "@" + s.Build})
		}
	}
	return s
}

// Fingerprint names the build by its handler frame.
func Fingerprint(frames []trace.Frame, origin Origin) string {
	if len(frames) == 0 || origin == OriginOutside {
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
func unfold(frames []trace.Frame, fault int, build string, origin Origin) []entry {
	lists := skips()
	executable := executableOf(frames, origin)
	var out []entry
	for i := fault; i < len(frames); i++ {
		f := &frames[i]
		for _, in := range f.Inlined {
			if name := siteName(in.Function, in.File); name != "" {
				role := f.Role
				if role != trace.RoleMachinery {
					role = roleOf(lists, in.Function, in.File, f.Module, executable)
				}
				out = append(out, entry{name: name, place: place(in.File, int32(in.Line)), display: shown(in.Function, name), role: role, named: true, common: lists.common.has(name), at: i})
			}
		}
		role := f.Role
		if len(f.Inlined) > 0 && role != trace.RoleMachinery {
			role = roleOf(lists, f.Function, f.File, f.Module, executable)
		}
		program := executable != "" && f.Module == executable
		if name := siteName(f.Function, f.File); name != "" {
			where := place(f.File, f.Line)
			if f.Line == 0 && f.HasObject {
				where = fmt.Sprintf("%#x", f.Object)
			}
			out = append(out, entry{name: name, place: where, display: shown(f.Function, name), role: role, program: name == "main" || program && name != "_start", named: true, common: lists.common.has(name), at: i})
			continue
		}
		if where := place(f.File, f.Line); where != "" {
			out = append(out, entry{name: where, display: where, role: trace.RoleOwn, named: true, at: i})
			continue
		}
		display := offsetOf(f, frames)
		if origin == OriginOutside && f.Module == "" {
			role = trace.RoleLibc // an address alone tells nothing where others have names
		}
		out = append(out, entry{name: display + "@" + build, display: display, role: role, program: program, at: i})
	}
	return out
}

// siteName is the normalised name. Some compilers name a lambda by the function
// that it is in, some only operator(): where the file is known that has to say
// which it is.
func siteName(function, file string) string {
	name := Normalize(function)
	if (name == "operator()" || name == "_FUN" || strings.HasSuffix(name, "{lambda}") || strings.HasSuffix(name, "{closure}")) && file != "" {
		return "{lambda in " + trace.BaseName(file) + "}"
	}
	return name
}

// shown is the name for people: a lambda keeps the function that it is in.
func shown(function, site string) string {
	if name := Normalize(function); strings.HasPrefix(site, "{lambda in ") && name != "operator()" && name != "_FUN" {
		return name
	}
	return site
}

// place is a line within a source file, whose folder differs between builds.
func place(file string, line int32) string {
	if file == "" || line == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", trace.BaseName(file), line)
}

// endless is how many rounds of a recursion are a stack overflow.
const endless = 20

// overflowed returns where the recursion starts that a stack overflow is made of,
// fault where there is none: where in it the stack ended is chance. Of a recursion
// through several functions it is the one with the smallest name or address.
func overflowed(frames []trace.Frame, fault int) int {
	key := func(f *trace.Frame) string { return fmt.Sprintf("%s %s+%#x", f.Function, f.Module, f.Object) }
	for period := 1; period <= 4; period++ {
		for start := fault; start < min(fault+4, len(frames)); start++ {
			n := 0
			for i := start; i+period < len(frames) && key(&frames[i]) == key(&frames[i+period]); i++ {
				n++
			}
			if n < endless*period {
				continue
			}
			best := start
			for i := start + 1; i < start+period; i++ {
				if key(&frames[i]) < key(&frames[best]) {
					best = i
				}
			}
			return best
		}
	}
	return fault
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

// leadOf returns how many frames at the start of a site list have to be taken
// together, because nothing tells which of them is the culprit: frames without
// names below abort or throw are a language's own machinery first (nine to
// thirteen functions of a Rust panic, up to two of a C++ container), in the same
// object as the program's. Machinery of a Rust library lies behind the library's
// own code, as it was linked: the own frame is where the addresses drop.
func leadOf(site []entry, frames []trace.Frame, fault int) int {
	if len(site) == 0 || site[0].at == 0 || site[0].named || site[0].at <= fault {
		return 1
	}
	raised, thrown := site[0].at-fault >= leastRaise, false
	for i := fault; i < site[0].at; i++ {
		raised = raised && frames[i].Role != trace.RoleUnknown && frames[i].Role != trace.RoleSupport
		thrown = thrown || !signalObject(frames[i].Module)
	}
	module := frames[site[0].at].Module
	run := 0
	for run < len(site) && run < maxMachinery && !site[run].named && frames[site[run].at].Module == module && frames[site[run].at].HasObject && site[run].at == site[0].at+run {
		run++
	}
	switch {
	case !raised || run == 0:
		return 1
	case thrown:
		return min(run, thrownSupport)
	case site[0].program:
		return 1
	}
	lowest, lead := frames[site[0].at].Object, 0
	for i := 1; i < run; i++ {
		if o := frames[site[i].at].Object; o < lowest {
			if i >= leastMachinery && lowest-o >= farBelow {
				lead = i + 1
			}
			lowest = o
		}
	}
	if lead == 0 {
		return run
	}
	return lead
}

// Measured on panics of Rust 1.95 in plugins built with and without LTO, at all
// levels of optimisation.
const (
	leastRaise     = 2 // raise, abort: fewer frames of libc are a fault inside it
	maxMachinery   = 16
	leastMachinery = 4
	farBelow       = 1 << 10
	thrownSupport  = 3
)

// siteOf picks what tells one crash site from another: the own functions from
// the fault down when the first is near; else the libraries' too; else whatever
// there is, so that traces without own code do not fall into one bucket.
func siteOf(all []entry) []entry {
	var relevant, weak, common []entry
	own := -1
	for _, e := range all {
		if e.common && (e.role == trace.RoleOwn || e.role == trace.RoleLibrary) {
			common = append(common, e)
			continue
		}
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
	weak = append(common, weak...)
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
