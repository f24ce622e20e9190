package setup

import (
	"cmp"
	"slices"
	"strings"
)

// About says what a Statement is about.
type About string

// The subjects of statements, with what Of and Value are.
const (
	AboutEngine    About = "engine"    // Value: an Engine, decisive
	AboutTransport About = "transport" // Value: an Engine that the form of the log hints at
	AboutContainer About = "container" // Value: its name; Of: its image, "" when unknown
	AboutService   About = "service"   // Value: a name that the log shows before its lines
	AboutRole      About = "role"      // Of: a container; Value: a Role that its name does not tell
	AboutGPU       About = "gpu"       // Of: the node or PCI address; Value: the vendor's or the board's name
	AboutUsed      About = "used"      // Of: the node, "" when unknown; Value: the vendor's name
	AboutEncoder   About = "encoder"   // Of: the codec; Value: the encoder
	AboutElement   About = "element"   // Value: an encoder's element that runs, where Wolf's choice is not shown
	AboutVersion   About = "version"   // Of: the component; Value: the version
	AboutVariable  About = "variable"  // Of: the name; Value: the value
	AboutMount     About = "mount"     // Of: the path in the container; Value: the path on the host
	AboutPath      About = "path"      // Of: which; Value: the path
	AboutRuntime   About = "runtime"   // Value: the OCI runtime asked for
	AboutDevice    About = "device"    // Value: the device asked for
	AboutVolume    About = "volume"    // Value: the driver volume asked for
	AboutConfig    About = "config"    // the configuration of Wolf's container was read
)

// The components of versions.
const (
	ComponentWolf         = "Wolf"
	ComponentGStreamer    = "GStreamer"
	ComponentDriver       = "NVIDIA driver"
	ComponentMesa         = "Mesa"
	ComponentLibva        = "VA-API driver"
	ComponentKernel       = "kernel"
	ComponentDistribution = "distribution"
	ComponentEngine       = "engine"
)

// The paths inside Wolf's container.
const (
	PathSocket  = "socket"  // Wolf's API
	PathConfig  = "config"  // config.toml
	PathRuntime = "runtime" // XDG_RUNTIME_DIR
	PathDocker  = "docker"  // the engine's socket
)

// Statement is one thing that a log line or a state file says of the deployment.
type Statement struct {
	About About
	Of    string
	Value string
	Place Place
}

// maxKept bounds the distinct statements of a Builder, and maxText the bytes of
// one text of theirs: logs are hostile.
const (
	maxKept = 1024
	maxText = 256
)

// Builder gathers statements. The zero Builder is empty and ready for use. It
// keeps the last statement of each subject, and the place of the first that says
// the same, in bounded memory; a repeated statement costs a look-up and no
// allocation. Not safe for concurrent use.
type Builder struct {
	list    []Statement
	index   map[key]int
	dropped int
	last    [2]string // of Transport and Service, which come with every line
	element string    // the kind of the last one
}

type key struct {
	about     About
	of, value string
}

// Add notes a statement. One that says nothing (no Value) is left out, but for
// AboutConfig. Statements that came before keep their place; the last of a
// subject wins in Setup.
func (b *Builder) Add(s Statement) {
	if s.Value == "" && s.About != AboutConfig {
		return
	}
	s.Of, s.Value = clip(s.Of), clip(s.Value)
	k := key{s.About, s.Of, s.Value}
	if i, again := b.index[k]; again {
		if !s.About.lasts() && i != len(b.list)-1 { // it is the last word again
			s.Place = b.list[i].Place
			b.list[i].Value = ""
			b.put(k, s)
		}
		return
	}
	if len(b.index) >= maxKept {
		b.dropped++
		return
	}
	b.put(k, s)
}

func (b *Builder) put(k key, s Statement) {
	if b.index == nil {
		b.index = make(map[key]int)
	}
	if len(b.list) >= 2*maxKept {
		b.compact()
	}
	b.index[k] = len(b.list)
	b.list = append(b.list, s)
}

// compact takes out the statements that were said again later.
func (b *Builder) compact() {
	b.list = slices.DeleteFunc(b.list, func(s Statement) bool { return s.Value == "" && s.About != AboutConfig })
	for i, s := range b.list {
		b.index[key{s.About, s.Of, s.Value}] = i
	}
}

// lasts reports whether statements of this subject add up, so that their order
// does not matter.
func (a About) lasts() bool {
	switch a {
	case AboutUsed, AboutEncoder, AboutVersion, AboutVariable, AboutPath, AboutMount:
		return false
	}
	return true
}

// Transport notes how the lines of an input are wrapped. Calling it for every
// line is cheap.
func (b *Builder) Transport(p Place, transport string) {
	if transport == b.last[0] {
		return
	}
	b.last[0] = transport
	b.Add(Statement{About: AboutTransport, Value: string(EngineOfTransport(transport)), Place: p})
}

// Service notes a name that stands before a line: of a compose service, a
// container, or a program of a journal. Calling it for every line is cheap.
func (b *Builder) Service(p Place, name string) {
	if name == b.last[1] {
		return
	}
	b.last[1] = name
	if e := EngineOfService(name); e != EngineUnknown {
		b.Add(Statement{About: AboutTransport, Value: string(e), Place: p})
		return
	}
	if RoleOf(name) != RoleOther {
		b.Add(Statement{About: AboutService, Value: name, Place: p})
	}
}

// Element notes a GStreamer element that prints something: nvh265enc10. Calling
// it for every line is cheap.
func (b *Builder) Element(p Place, name string) {
	n := len(name)
	for n > 0 && name[n-1]-'0' < 10 {
		n--
	}
	kind := name[:n]
	if kind == b.element {
		return
	}
	b.element = strings.Clone(kind)
	if strings.HasSuffix(kind, "enc") && VendorOf(kind).Hardware() {
		b.Add(Statement{About: AboutElement, Value: kind, Place: p})
	}
}

// Merge adds what another Builder gathered, as if its statements had come after
// those of b.
func (b *Builder) Merge(other *Builder) {
	for _, s := range other.list {
		b.Add(s)
	}
	b.dropped += other.dropped
}

// Dropped returns how many distinct statements found no room.
func (b *Builder) Dropped() int { return b.dropped }

// Setup returns what the statements so far amount to. The result is independent
// of the Builder. It costs time in proportion to the number of distinct
// statements.
func (b *Builder) Setup() *Setup {
	f := fold{s: &Setup{}, roles: map[string]Role{}, containers: map[string]int{}}
	for _, s := range b.list {
		if s.About == AboutRole {
			f.roles[s.Of] = Role(s.Value)
		}
	}
	for i := range b.list {
		if s := &b.list[i]; s.Value != "" || s.About == AboutConfig {
			f.take(s)
		}
	}
	f.finish()
	return f.s
}

// fold makes a Setup of statements.
type fold struct {
	s          *Setup
	roles      map[string]Role
	containers map[string]int // place in s.Containers, by name
	decisive   bool           // the engine is known for certain
	element    Value
}

func (f *fold) take(s *Statement) {
	out := f.s
	v := Value{Of: s.Of, Text: s.Value, Place: s.Place}
	switch s.About {
	case AboutEngine, AboutTransport:
		f.engine(s)
	case AboutContainer, AboutService:
		f.container(s)
	case AboutGPU:
		f.gpu(s)
	case AboutUsed:
		used := Used{Vendor: VendorOf(s.Value), Node: renderNode(s.Of), Place: s.Place}
		if used.Node == "" && used.Vendor == out.Used.Vendor {
			used.Node = out.Used.Node // the renderer is named without it
		}
		out.Used = used
	case AboutEncoder:
		set(&out.Encoders, v)
	case AboutElement:
		f.element = v
	case AboutVersion:
		set(&out.Versions, v)
	case AboutVariable:
		set(&out.Variables, v)
		f.variable(s)
	case AboutMount:
		set(&out.Mounts, v)
	case AboutPath:
		set(&out.Paths, v)
	case AboutRuntime:
		f.request(RequestRuntime, s, VendorOf(s.Value))
	case AboutDevice:
		f.request(RequestDevice, s, VendorOf(s.Value))
	case AboutVolume:
		f.request(RequestVolume, s, VendorOf(s.Value))
	case AboutConfig:
		out.configured = true
	}
}

// engine takes the engine that tells most, a decisive word before a hint.
func (f *fold) engine(s *Statement) {
	e, decisive := Engine(s.Value), s.About == AboutEngine
	if decisive == f.decisive && e.rank() <= f.s.Engine.rank() || f.decisive && !decisive {
		return
	}
	f.s.Engine, f.s.EngineAt, f.decisive = e, s.Place, decisive
}

func (f *fold) container(s *Statement) {
	name := strings.TrimPrefix(s.Value, "/")
	short := s.About == AboutService
	role, ok := f.roles[name]
	if !ok {
		role = RoleOf(name)
	}
	if i, known := f.containers[name]; known {
		c := &f.s.Containers[i]
		c.Short = c.Short && short
		if !short && s.Of != "" {
			c.Image = s.Of
		}
		return
	}
	c := Container{Name: name, Role: role, Short: short, Place: s.Place}
	if !short {
		c.Image = s.Of
	}
	f.containers[name] = len(f.s.Containers)
	f.s.Containers = append(f.s.Containers, c)
}

// gpu adds a GPU, or adds to one that is known by the same node or address, or
// to the one of its vendor when either has no address.
func (f *fold) gpu(s *Statement) {
	g := GPU{Vendor: VendorOf(s.Value), Name: s.Value, Place: s.Place}
	if g.Node = renderNode(s.Of); g.Node == "" {
		g.Bus = s.Of
	}
	if g.Vendor == VendorSoftware {
		return
	}
	for i := range f.s.GPUs {
		have := &f.s.GPUs[i]
		same := g.Node != "" && g.Node == have.Node || g.Bus != "" && have.Bus != "" && sameBus(g.Bus, have.Bus)
		compatible := g.Vendor == have.Vendor && g.Vendor != VendorUnknown &&
			(g.Bus == "" || have.Bus == "") && (g.Node == "" || have.Node == "")
		if same || compatible {
			have.Vendor = cmp.Or(have.Vendor, g.Vendor)
			have.Name, have.Node, have.Bus = cmp.Or(have.Name, g.Name), cmp.Or(have.Node, g.Node), cmp.Or(have.Bus, g.Bus)
			return
		}
	}
	f.s.GPUs = append(f.s.GPUs, g)
}

// variable reads what an environment variable asks for.
func (f *fold) variable(s *Statement) {
	switch s.Of {
	case "WOLF_RENDER_NODE", "WOLF_ENCODER_NODE", "GPU_TYPE", "NVIDIA_DRIVER_VOLUME_NAME", "LIBVA_DRIVER_NAME":
		v := VendorOf(s.Value)
		if s.Of == "NVIDIA_DRIVER_VOLUME_NAME" {
			v = VendorNVIDIA
		}
		f.request(RequestVariable, &Statement{Value: s.Of + "=" + s.Value, Place: s.Place}, v)
	}
}

func (f *fold) request(kind RequestKind, s *Statement, v Vendor) {
	r := Request{Kind: kind, Value: s.Value, Vendor: v, Place: s.Place}
	for _, have := range f.s.Requests {
		if have.Kind == r.Kind && have.Value == r.Value {
			return
		}
	}
	f.s.Requests = append(f.s.Requests, r)
}

// finish sorts, and lets what is known of one part tell of another.
func (f *fold) finish() {
	s := f.s
	if len(s.Encoders) == 0 && f.element.Text != "" {
		f.element.Of = "in use"
		s.Encoders = append(s.Encoders, f.element)
	}
	byOf := func(a, b Value) int { return strings.Compare(a.Of, b.Of) }
	slices.SortFunc(s.Versions, byOf)
	slices.SortFunc(s.Variables, byOf)
	slices.SortFunc(s.Mounts, byOf)
	slices.SortFunc(s.Paths, byOf)
	slices.SortFunc(s.Containers, func(a, b Container) int { return strings.Compare(a.Name, b.Name) })
	for i := range s.GPUs {
		g := &s.GPUs[i]
		switch {
		case s.Used.Node == "" || g.Node != s.Used.Node:
		case g.Vendor == VendorUnknown:
			g.Vendor = s.Used.Vendor
		case s.Used.Vendor == VendorUnknown:
			s.Used.Vendor = g.Vendor
		}
	}
	if node := s.Used.Node; node != "" && !slices.ContainsFunc(s.GPUs, func(g GPU) bool { return g.Node == node }) {
		f.adopt(node)
	}
}

// adopt gives the node in use to the only GPU of its vendor whose node is not
// known, or lists it as a GPU of its own.
func (f *fold) adopt(node string) {
	s := f.s
	fits := -1
	for i := range s.GPUs {
		if g := &s.GPUs[i]; g.Vendor == s.Used.Vendor && g.Node == "" {
			if fits >= 0 {
				return // two boards of one vendor: which one is not known
			}
			fits = i
		}
	}
	if fits >= 0 {
		s.GPUs[fits].Node = node
		return
	}
	s.GPUs = append(s.GPUs, GPU{Vendor: s.Used.Vendor, Node: node, Place: s.Used.Place})
}

// set puts a value in the place of one of the same subject, or at the end.
func set(list *[]Value, v Value) {
	for i := range *list {
		if (*list)[i].Of == v.Of {
			(*list)[i] = v
			return
		}
	}
	*list = append(*list, v)
}

// sameBus compares PCI addresses, which nvidia-smi writes with a domain of eight
// digits and lspci without one.
func sameBus(a, b string) bool { return bus(a) == bus(b) }

// bus brings a PCI address to its short form: 00000000:01:00.0 and 0000:01:00.0
// are 01:00.0 when the domain is zero.
func bus(s string) string {
	s = strings.ToLower(s)
	if d, rest, ok := strings.Cut(s, ":"); ok && strings.Contains(rest, ":") && strings.Trim(d, "0") == "" {
		return rest
	}
	return s
}

func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxText {
		s = s[:maxText]
	}
	return strings.ToValidUTF8(s, "")
}
