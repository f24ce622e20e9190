// Package advice turns the commands and steps of the catalogue into those of
// one deployment: for the engine that runs Wolf, with the names that are known,
// and without what belongs to a vendor's hardware that is not there.
//
// In the catalogue they are templates:
//
//	{if nvidia} A {else} B   A on hosts with NVIDIA's GPUs, else B. Words: nvidia, amd, intel;
//	                         compose, docker, podman, kubernetes, lxc, systemd; GStreamer<1.26
//	{nvidia: A}              the same inside of a text, without else
//	{wolf} CMD, {app} CMD    CMD run inside Wolf's container, or an app's
//	{wolf logs N}            the last N lines of Wolf's log; {app logs N}; without N all
//	{wolf inspect FORMAT}    the engine's record of the container, FORMAT a Go template in quotes
//	{wolf restart}           restart Wolf
//	{api PATH}               what Wolf's API answers: {api sessions}
//	{containers NAME}        the engine's containers, ended ones too; NAME may be left out
//	{engine}                 the engine's command: docker, podman, crictl
//	{node}                   the render node in use, else the first there can be
//	{IMAGE}, {ELEMENT}, …    a blank that the operator fills in: see Blanks
//
// Everything else stands for itself. A name that is not known is a shell
// variable, and the line that sets it stands in the Preface.
package advice

import (
	"slices"
	"strconv"
	"strings"

	"wolfdiag/analyze/setup"
	"wolfdiag/internal/lazyregexp"
)

// Blanks are what an operator fills in, with where to find it.
var Blanks = map[string]string{
	"IMAGE": "the image that the message names", "ELEMENT": "the GStreamer element that the message names", "PROGRAM": "the program that the message names",
	"FILE": "the path that the message names", "CONTAINER": "the container that the message names", "CLIENT": "the client's folder in /etc/wolf",
	"FOLDER": "the folder of Wolf's configuration", "SYMBOLS": "a folder with the binaries of that image",
}

// Advisor words commands for one deployment. It remembers which variables the
// commands so far have used. Not safe for concurrent use.
type Advisor struct {
	setup *setup.Setup
	words dialect
	used  map[string]bool
}

// New makes an Advisor for a deployment.
func New(s *setup.Setup) *Advisor {
	return &Advisor{setup: s, words: dialectOf(s.Engine), used: map[string]bool{}}
}

var (
	condition = lazyregexp.New(`^\{if ([^{}]+)\}\s*`)
	inline    = lazyregexp.New(`\{([a-z]+(?: [a-z]+)*): ((?:[^{}]|\{[^{}]*\})*)\}`)
	verb      = lazyregexp.New(`\{(?:(wolf|app)(?: (logs|inspect|restart)(?: ((?:'[^']*')|\d+))?)?|(api|containers)(?: ([\w/-]+))?|(engine|node)|([A-Z]{3,}))\}`)
)

// Word returns a command or step for the deployment, "" when it does not apply
// there.
func (a *Advisor) Word(template string) string {
	for alternative := range strings.SplitSeq(template, "{else}") {
		alternative = strings.TrimSpace(alternative)
		m := condition.FindStringSubmatch(alternative)
		if m == nil {
			return a.fill(alternative)
		}
		if a.applies(m[1]) {
			return a.fill(alternative[len(m[0]):])
		}
	}
	return ""
}

// Words returns what is left of a list.
func (a *Advisor) Words(templates []string) []string {
	out := make([]string, 0, len(templates))
	for _, t := range templates {
		if s := a.Word(t); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// applies tells whether a condition holds: of the words about one thing (the
// vendor, the engine, a version) any, of the things all. What is not known may
// be so.
func (a *Advisor) applies(words string) bool {
	type question struct{ asked, met bool }
	var vendor, engine, version question
	for _, w := range strings.Fields(words) {
		switch {
		case strings.ContainsAny(w, "<>"):
			version = question{true, version.met || a.version(w)}
		case setup.VendorOf(w).Hardware():
			vendor = question{true, vendor.met || a.vendor(setup.VendorOf(w))}
		default:
			engine = question{true, engine.met || a.engine(w)}
		}
	}
	return vendor.asked == vendor.met && engine.asked == engine.met && version.asked == version.met
}

// vendor: a GPU of this vendor is there, or was asked for, or may be there.
func (a *Advisor) vendor(v setup.Vendor) bool {
	known := a.setup.Vendor()
	if !known.Hardware() && len(a.setup.Vendors()) == 0 {
		return a.setup.InUse(string(v)) != setup.No
	}
	return known == v || a.setup.Has(v) == setup.Yes || a.setup.AskedFor(string(v)) == setup.Yes
}

func (a *Advisor) engine(name string) bool {
	switch e := a.setup.Engine; name {
	case "compose":
		return e == setup.EngineCompose || e == setup.EngineUnknown
	case "docker":
		return e == setup.EngineDocker || e == setup.EngineCompose || e == setup.EngineUnknown
	default:
		return string(e) == name
	}
}

// version compares a version that is known with one that is named: GStreamer<1.26.
func (a *Advisor) version(w string) bool {
	i := strings.IndexAny(w, "<>")
	have := ""
	for _, c := range []string{setup.ComponentWolf, setup.ComponentGStreamer, setup.ComponentDriver, setup.ComponentMesa, setup.ComponentKernel} {
		if strings.EqualFold(c, w[:i]) || strings.EqualFold(strings.TrimPrefix(c, "NVIDIA "), w[:i]) {
			have = a.setup.Version(c)
		}
	}
	if have == "" {
		return true
	}
	less := older(have, w[i+1:])
	return less == (w[i] == '<')
}

// older compares versions figure by figure.
func older(a, b string) bool {
	x, y := figures(a), figures(b)
	for i := range max(len(x), len(y)) {
		var p, q int
		if i < len(x) {
			p = x[i]
		}
		if i < len(y) {
			q = y[i]
		}
		if p != q {
			return p < q
		}
	}
	return false
}

func figures(s string) []int {
	var out []int
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		n, err := strconv.Atoi(f)
		if err != nil {
			return out
		}
		out = append(out, n)
	}
	return out
}

// fill puts words in the place of verbs.
func (a *Advisor) fill(s string) string {
	s = inline.ReplaceAllStringFunc(s, func(m string) string {
		g := inline.FindStringSubmatch(m)
		if a.applies(g[1]) {
			return g[2]
		}
		return ""
	})
	s = verb.ReplaceAllStringFunc(s, func(m string) string {
		g := verb.FindStringSubmatch(m)
		switch {
		case g[1] != "":
			return a.container(g[1], g[2], g[3])
		case g[4] == "api":
			return a.container("wolf", "", "") + " curl -s --unix-socket " + a.socket() + " http://localhost/api/v1/" + g[5]
		case g[4] == "containers":
			return a.words.list(g[5])
		case g[6] == "engine":
			return a.words.command
		case g[6] == "node":
			return a.node()
		}
		return a.blank(g[7], m)
	})
	return strings.ReplaceAll(s, nothing+" ", "")
}

func (a *Advisor) container(who, what, detail string) string {
	name := a.name(who)
	switch what {
	case "logs":
		return a.words.logs(name, detail)
	case "inspect":
		return a.words.inspect(name, detail)
	case "restart":
		return a.words.restart(name)
	}
	return a.words.exec(name)
}

// name is a container's name for a shell: as it is where it is known in full,
// else a variable.
func (a *Advisor) name(who string) string {
	c := a.setup.Wolf()
	if who == "app" {
		c = a.onlyApp()
	}
	if a.words.host {
		if c.Name == "" || !plain(c.Name) {
			return who + ".service"
		}
		return strings.TrimSuffix(c.Name, ".service") + ".service"
	}
	if c.Name != "" && !c.Short && plain(c.Name) && a.setup.Engine != setup.EngineKubernetes {
		return c.Name
	}
	variable := strings.ToUpper(who)
	a.used[variable] = true
	return `"$` + variable + `"`
}

// onlyApp is the app's container when there is only one.
func (a *Advisor) onlyApp() setup.Container {
	var found setup.Container
	for _, c := range a.setup.Containers {
		if c.Role == setup.RoleApp && !c.Short {
			if found.Name != "" {
				return setup.Container{}
			}
			found = c
		}
	}
	return found
}

func (a *Advisor) socket() string {
	if p := a.setup.Path(setup.PathSocket); p != "" && plain(strings.ReplaceAll(p, "/", "")) {
		return p
	}
	return "/var/run/wolf/wolf.sock"
}

func (a *Advisor) node() string {
	if n := a.setup.Used.Node; n != "" {
		return n
	}
	return "/dev/dri/renderD128"
}

func (a *Advisor) blank(name, as string) string {
	if _, ok := Blanks[name]; !ok {
		return as
	}
	a.used[name] = true
	return `"$` + name + `"`
}

// Preface returns the lines that set the variables which the commands so far
// use, in order; nil when they use none.
func (a *Advisor) Preface() []string {
	var out []string
	for _, who := range []string{"WOLF", "APP"} {
		if a.used[who] {
			c := a.setup.Wolf()
			if who == "APP" {
				c = setup.Container{}
			}
			out = append(out, a.words.find(who, c))
		}
	}
	var blanks []string
	for name := range a.used {
		if what := Blanks[name]; what != "" {
			blanks = append(blanks, name+"='…' # "+what)
		}
	}
	slices.Sort(blanks)
	return append(out, blanks...)
}
