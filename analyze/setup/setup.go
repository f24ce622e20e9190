// Package setup is the model of a deployment: which engine runs Wolf, under
// which names, on which GPUs, with which encoder, driver and versions, and what
// its configuration asked for. Every part of it has the place that says so.
//
// What a log line or a state file says is a Statement; a Builder folds them, in
// the order in which they were read, into a Setup. The causes ask it whether
// they can apply here, and the report makes its commands of it.
package setup

import (
	"slices"
	"strings"
)

// Setup is what is known of a deployment. The zero Setup knows nothing. It is
// plain data and is not changed once it was built: safe for concurrent use.
type Setup struct {
	Engine     Engine      // EngineUnknown when nothing shows it
	EngineAt   Place       // what shows the engine
	Containers []Container // by name
	GPUs       []GPU       // in the order in which they were named
	Used       Used        // the GPU that Wolf says it renders on, by its last word
	Encoders   []Value     // Of: codec; Text: encoder. The last word for each codec, in order
	Requests   []Request   // what the configuration asked for
	Versions   []Value     // Of: component (Wolf, GStreamer, driver, kernel, distribution, …), by Of
	Variables  []Value     // Of: name of an environment variable of Wolf's, by Of
	Mounts     []Value     // Of: path inside Wolf's container; Text: path on the host, by Of
	Paths      []Value     // Of: socket, config, runtime, docker, state; Text: path inside Wolf's container
	configured bool        // the configuration of Wolf's own container was read
}

// Value is one thing that is known, and where it stands.
type Value struct {
	Of    string
	Text  string
	Place Place
}

// Place says where something stands: an input and its 1-based line; line 0 is
// the whole file. The zero Place is nowhere.
type Place struct {
	Input string
	Line  int64
}

// GPU is a graphics device of the host.
type GPU struct {
	Vendor Vendor // VendorUnknown when only the node is known
	Node   string // /dev/dri/renderD128; "" when unknown
	Bus    string // PCI address, 0000:01:00.0; "" when unknown
	Name   string // the board, "" when unknown
	Place  Place
}

// Used is the GPU that Wolf works on.
type Used struct {
	Vendor Vendor
	Node   string // "" when unknown
	Place  Place
}

// Container is a container, pod or unit that the log or a state file names.
type Container struct {
	Name  string // as the engine knows it, or as the log shows it when Short
	Role  Role
	Image string // "" when unknown
	// Short: the name may lack the project's part, as in the prefix of
	// docker compose logs.
	Short bool
	Place Place
}

// Role says whose container it is.
type Role string

// The roles. RoleOther is a container that has nothing to do with Wolf.
const (
	RoleWolf  Role = "wolf"
	RoleApp   Role = "app"
	RolePulse Role = "pulse"
	RoleOther Role = "other"
)

// Request is one thing that a configuration asks for.
type Request struct {
	Kind   RequestKind
	Value  string // nvidia; /dev/dri/renderD128; WOLF_RENDER_NODE=/dev/dri/renderD129
	Vendor Vendor // whose hardware it asks for, VendorUnknown when it does not say
	Place  Place
}

// RequestKind says by which means something is asked for.
type RequestKind string

// The kinds of requests.
const (
	RequestRuntime  RequestKind = "runtime"  // an OCI runtime: nvidia
	RequestDevice   RequestKind = "device"   // a device node, a CDI name or a device request
	RequestVariable RequestKind = "variable" // an environment variable that names hardware
	RequestVolume   RequestKind = "volume"   // a driver volume
)

// Answer is yes, no, or that nothing was read which would tell.
type Answer uint8

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// String returns yes, no or unknown.
func (a Answer) String() string { return [...]string{"unknown", "no", "yes"}[min(a, Yes)] }

// Vendor returns the vendor of the GPU that Wolf works on: by Wolf's own word,
// else by its encoder, else of the only vendor there is. VendorUnknown when
// nothing tells, VendorSoftware when Wolf encodes in software and names no GPU.
func (s *Setup) Vendor() Vendor {
	if s.Used.Vendor != VendorUnknown {
		return s.Used.Vendor
	}
	if v := s.encoderVendor(); v != VendorUnknown && v != VendorSoftware {
		return v
	}
	if all := s.Vendors(); len(all) == 1 {
		return all[0]
	}
	if v := s.encoderVendor(); v == VendorSoftware && len(s.Vendors()) == 0 {
		return v
	}
	return VendorUnknown
}

// Vendors returns the vendors of the GPUs that the host is known to have, each
// once and in order of name; nil when none is known.
func (s *Setup) Vendors() []Vendor {
	var out []Vendor
	for i := range s.GPUs {
		if v := s.GPUs[i].Vendor; v.Hardware() && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	if v := s.Used.Vendor; v.Hardware() && !slices.Contains(out, v) {
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

// encoderVendor is whose hardware the chosen encoders are: software when all
// are software.
func (s *Setup) encoderVendor() Vendor {
	v := VendorUnknown
	for _, e := range s.Encoders {
		switch w := encoderVendor(e.Text); {
		case w.Hardware():
			return w
		case w == VendorSoftware && (v == VendorUnknown || v == VendorSoftware):
			v = VendorSoftware
		case w == VendorUnknown:
			return VendorUnknown // va: of AMD or of Intel
		}
	}
	return v
}

// Has tells whether the host has a GPU of a vendor. No is answered only where a
// list of the host's GPUs was read, or Wolf itself named the GPU it uses.
func (s *Setup) Has(v Vendor) Answer {
	all := s.Vendors()
	switch {
	case slices.Contains(all, v):
		return Yes
	case len(all) > 0:
		return No
	}
	return Unknown
}

// InUse tells whether Wolf works on a device: a node (/dev/dri/renderD129,
// /dev/nvidia0), a library or driver (libcuda.so.1, radeonsi), or a vendor's
// name. A fallback to software is not a choice: where Wolf encodes in software
// and names no GPU, the answer is Unknown.
func (s *Setup) InUse(device string) Answer {
	if node := renderNode(device); node != "" && s.Used.Node != "" {
		return answer(node == s.Used.Node)
	}
	of := s.vendorOf(device)
	if of == VendorUnknown {
		return Unknown
	}
	if v := s.Used.Vendor; v.Hardware() {
		return answer(v == of)
	}
	if v := s.encoderVendor(); v.Hardware() {
		return answer(v == of)
	}
	for _, e := range s.Encoders { // va works on AMD and Intel, and not on NVIDIA
		if isVA(e.Text) && of == VendorNVIDIA {
			return No
		}
	}
	return Unknown
}

// AskedFor tells whether a device was asked for by runtime, device list, volume
// or environment. No is answered only where the configuration of Wolf's own
// container was read and does not name it.
func (s *Setup) AskedFor(device string) Answer {
	of, node := s.vendorOf(device), renderNode(device)
	for _, r := range s.Requests {
		switch {
		case node != "" && renderNode(r.Value) == node, r.Value == device:
			return Yes
		case node == "" && of != VendorUnknown && r.Vendor == of:
			return Yes
		}
	}
	if s.configured {
		return No
	}
	return Unknown
}

// Idle reports whether a complaint about a device can be left aside: Wolf works
// on another one, and nothing asked for this one.
func (s *Setup) Idle(device string) bool {
	return s.InUse(device) == No && s.AskedFor(device) != Yes
}

// vendorOf is the vendor of a device, through the GPUs that are known for a
// render node.
func (s *Setup) vendorOf(device string) Vendor {
	if node := renderNode(device); node != "" {
		for i := range s.GPUs {
			if s.GPUs[i].Node == node {
				return s.GPUs[i].Vendor
			}
		}
		return VendorUnknown
	}
	return VendorOf(device)
}

// Version returns the last version that was named for a component (see the
// Component constants), "" when none was.
func (s *Setup) Version(component string) string { return find(s.Versions, component) }

// Variable returns the value of an environment variable of Wolf's, and whether
// it is known to be set.
func (s *Setup) Variable(name string) (value string, set bool) {
	for _, v := range s.Variables {
		if v.Of == name {
			return v.Text, true
		}
	}
	return "", false
}

// Path returns a path inside Wolf's container (see the Path constants), "" when
// it is not known.
func (s *Setup) Path(of string) string { return find(s.Paths, of) }

// Wolf returns Wolf's own container, pod or unit; its Name is "" when unknown.
// A full name goes before a short one.
func (s *Setup) Wolf() Container {
	var found Container
	for _, c := range s.Containers {
		if c.Role == RoleWolf && (found.Name == "" || found.Short && !c.Short) {
			found = c
		}
	}
	return found
}

// App returns one container of an app, the first by name; its Name is "" when
// none is known.
func (s *Setup) App() Container {
	for _, c := range s.Containers {
		if c.Role == RoleApp {
			return c
		}
	}
	return Container{}
}

// Software reports whether all encoders that Wolf chose are software.
func (s *Setup) Software() bool { return s.encoderVendor() == VendorSoftware }

func find(list []Value, of string) string {
	for _, v := range list {
		if v.Of == of {
			return v.Text
		}
	}
	return ""
}

func answer(yes bool) Answer {
	if yes {
		return Yes
	}
	return No
}

// renderNode returns the render node in a device's name, "" when there is none.
func renderNode(device string) string {
	const prefix = "/dev/dri/renderD"
	i := strings.Index(device, prefix)
	if i < 0 {
		return ""
	}
	end := i + len(prefix)
	for end < len(device) && device[end] >= '0' && device[end] <= '9' {
		end++
	}
	if end == i+len(prefix) {
		return ""
	}
	return device[i:end]
}
