package advice

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"mvdan.cc/sh/v3/syntax"

	"wolfdiag/analyze/setup"
	"wolfdiag/patterns"
)

// deployment makes a setup of statements.
func deployment(list ...setup.Statement) *setup.Setup {
	var b setup.Builder
	for _, s := range list {
		b.Add(s)
	}
	return b.Setup()
}

func runs(e setup.Engine) setup.Statement {
	return setup.Statement{About: setup.AboutEngine, Value: string(e)}
}

func uses(vendor, node string) setup.Statement {
	return setup.Statement{About: setup.AboutUsed, Of: node, Value: vendor}
}

func named(name string) setup.Statement {
	return setup.Statement{About: setup.AboutContainer, Value: name}
}

var (
	unknown  = deployment()
	compose  = deployment(runs(setup.EngineCompose), uses("NVIDIA", "/dev/dri/renderD128"), setup.Statement{About: setup.AboutService, Value: "wolf-1"})
	podman   = deployment(runs(setup.EnginePodman), uses("AMD", "/dev/dri/renderD129"), named("wolf"))
	kube     = deployment(runs(setup.EngineKubernetes), uses("Intel", "/dev/dri/renderD128"))
	lxcs     = deployment(runs(setup.EngineLXC), uses("Intel", "/dev/dri/renderD128"), named("wolf"))
	systemds = deployment(runs(setup.EngineSystemd), uses("AMD", "/dev/dri/renderD128"))
)

func TestWord(t *testing.T) {
	for _, tt := range []struct {
		name     string
		s        *setup.Setup
		template string
		want     string
		preface  []string
	}{
		{"known name", podman, "{wolf} vainfo --device {node}", "podman exec wolf vainfo --device /dev/dri/renderD129", nil},
		{"name from the prefix of compose", compose, "{wolf logs 150} | grep x", `docker logs --tail 150 "$WOLF" 2>&1 | grep x`,
			[]string{`WOLF=$(docker ps -aqf name=wolf-1 | head -n 1)`}},
		{"nothing known", unknown, "{wolf restart}", `docker restart "$WOLF"`, []string{`WOLF=$(docker ps -aqf name=wolf | head -n 1)`}},
		{"pods", kube, "{wolf} id; {wolf inspect '{{.State}}'}", `kubectl exec -n "$NS" "$WOLF" -- id; kubectl get -n "$NS" "$WOLF" -o yaml`,
			[]string{`NS=$(kubectl get pods -A --no-headers | awk '/wolf/ { print $1; exit }'); WOLF=$(kubectl get pods -n "$NS" -o name | grep wolf | head -n 1)`}},
		{"on the host itself", systemds, "{wolf} id; {wolf logs 10}", "id; journalctl -u wolf.service --no-pager -n 10", nil},
		{"inside LXC", lxcs, "{wolf} id", "lxc-attach -n wolf -- id", nil},
		{"vendor", compose, "{if amd intel} a {else} b", "b", nil},
		{"vendor that is not there", kube, "{if nvidia} a", "", nil},
		{"vendor not known", unknown, "{if nvidia} a {else} b", "a", nil},
		{"vendor and engine", podman, "{if nvidia podman} a {else} {if amd podman} b", "b", nil},
		{"inline", kube, "ls{nvidia:  /dev/nvidia0}{intel:  /dev/dri}", "ls /dev/dri", nil},
		{"inline around a verb", podman, "df -h{docker podman: ; {engine} system df}", "df -h; podman system df", nil},
		{"Go templates are left alone", podman, "{wolf inspect '{{json .Mounts}} {{.Name}}'}", "podman inspect wolf --format '{{json .Mounts}} {{.Name}}'", nil},
		{"blank", podman, "{engine} pull {IMAGE}", `podman pull "$IMAGE"`, []string{"IMAGE='…' # the image that the message names"}},
		{"prose", kube, "Start the app again.", "Start the app again.", nil},
		{"version", deployment(setup.Statement{About: setup.AboutVersion, Of: setup.ComponentGStreamer, Value: "1.26.7-0"}), "{if GStreamer<1.26} upgrade {else} report", "report", nil},
		{"older version", deployment(setup.Statement{About: setup.AboutVersion, Of: setup.ComponentGStreamer, Value: "1.24.6-0"}), "{if GStreamer<1.26} upgrade {else} report", "upgrade", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := New(tt.s)
			if got := a.Word(tt.template); got != tt.want {
				t.Errorf("Word(%s)\n got %s\nwant %s", tt.template, got, tt.want)
			}
			if d := cmp.Diff(tt.preface, a.Preface()); d != "" {
				t.Errorf("preface (-want +got):\n%s", d)
			}
		})
	}
}

// A name that a hostile log gives never gets into a command.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{"wolf;reboot", "wolf $(id)", "wolf`id`", "wolf\nid", "wolf'"} {
		a := New(deployment(runs(setup.EngineDocker), named(name), setup.Statement{About: setup.AboutPath, Of: setup.PathSocket, Value: "/tmp/" + name}))
		for _, s := range append(a.Words([]string{"{wolf} id", "{api sessions}", "{wolf restart}"}), a.Preface()...) {
			if strings.Contains(s, name) {
				t.Errorf("%q stands in the command %s", name, s)
			}
		}
	}
}

// catalogue returns every command, step and expectation of every cause, by the
// cause's id.
func catalogue(t *testing.T) (commands, steps map[string][]string) {
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	commands, steps = map[string][]string{}, map[string][]string{}
	for _, c := range cat.Causes() {
		for _, k := range c.Confirm {
			commands[c.ID] = append(commands[c.ID], k.Command)
		}
		for _, r := range c.Rivals {
			commands[c.ID] = append(commands[c.ID], r.Settle)
		}
		steps[c.ID] = append(append(steps[c.ID], c.Workaround...), c.Fixes...)
	}
	if len(commands) < 50 {
		t.Fatalf("%d causes", len(commands))
	}
	return commands, steps
}

// foreign are words that mean something which the deployment does not have.
var (
	nvidiaThings  = `nvidia|nvcodec|nvh26|libcuda|cuda-|/dev/nvidia|nvrm`
	dockerThings  = `\bdocker (?:exec|logs|inspect|ps|run|pull|rm|restart|compose|system|stats|info|volume|version)\b`
	podmanThings  = `\bpodman\b`
	kubeThings    = `\bkubectl\b|\bcrictl\b`
	composeThings = `docker compose`
)

// TestWholeCatalogue: in each deployment every command passes a parser of shell
// words and names only what exists there.
func TestWholeCatalogue(t *testing.T) {
	commands, steps := catalogue(t)
	parser := syntax.NewParser(syntax.Variant(syntax.LangPOSIX))
	for _, d := range []struct {
		name    string
		s       *setup.Setup
		foreign string
	}{
		{"nothing known", unknown, kubeThings + "|" + podmanThings},
		{"compose + NVIDIA", compose, kubeThings + "|" + podmanThings + `|amdgpu-|i915 or xe`},
		{"podman + AMD", podman, nvidiaThings + "|" + dockerThings + "|" + kubeThings + "|" + composeThings},
		{"Kubernetes + Intel", kube, nvidiaThings + "|" + dockerThings + "|" + podmanThings + "|" + composeThings},
		{"LXC + Intel", lxcs, nvidiaThings + "|" + dockerThings + "|" + podmanThings + "|" + kubeThings},
		{"systemd + AMD", systemds, nvidiaThings + "|" + dockerThings + "|" + podmanThings + "|" + kubeThings},
	} {
		t.Run(d.name, func(t *testing.T) {
			foreign := regexp.MustCompile(`(?i)` + d.foreign)
			said := 0
			for id, list := range commands {
				a := New(d.s)
				worded := a.Words(list)
				for _, command := range append(slices.Clone(worded), a.Preface()...) {
					said++
					f, err := parser.Parse(strings.NewReader(command), id)
					if err != nil {
						t.Errorf("%s: %s: %v", id, command, err)
						continue
					}
					harmless(t, id, command, f)
					if m := foreign.FindString(command); m != "" {
						t.Errorf("%s: %q is not there: %s", id, m, command)
					}
				}
			}
			for id, list := range steps {
				for _, step := range New(d.s).Words(list) {
					if m := foreign.FindString(step); m != "" {
						t.Errorf("%s: %q is not there: %s", id, m, step)
					}
					if left := leftover.FindString(step); left != "" {
						t.Errorf("%s: %s is left in: %s", id, left, step)
					}
				}
			}
			t.Logf("%d commands", said)
			if said < 100 {
				t.Errorf("%d commands only", said)
			}
		})
	}
}

// leftover is a verb that was not understood, or a blank of the old kind.
var leftover = regexp.MustCompile(`\{(?:if|else|wolf|app|api|engine|node|containers|[a-z]+:)[^}]*\}|<[a-z]+(?: [a-z]+)*>`)

// harmless: a command that the operator pastes does not write or read a file by
// accident, and uses no variable that the preface does not set.
func harmless(t *testing.T, id, command string, f *syntax.File) {
	if left := leftover.FindString(command); left != "" {
		t.Errorf("%s: %s is left in: %s", id, left, command)
	}
	syntax.Walk(f, func(n syntax.Node) bool {
		r, ok := n.(*syntax.Redirect)
		if !ok || r.Op == syntax.DplOut {
			return true
		}
		switch word := r.Word.Lit(); word {
		case "stacks.txt", "gpu-coredump.txt", "/dev/null": // on purpose
		default:
			t.Errorf("%s: %s %s is a redirection: %s", id, r.Op, word, command)
		}
		return true
	})
}

// Every template is understood: its conditions and blanks are known words.
func TestTemplates(t *testing.T) {
	commands, steps := catalogue(t)
	known := []string{"nvidia", "amd", "intel", "compose", "docker", "podman", "kubernetes", "lxc", "systemd"}
	words := regexp.MustCompile(`\{if ([^{}]+)\}|\{([a-z]+(?: [a-z]+)*): `)
	blanks := regexp.MustCompile(`\{([A-Z]{3,})\}`)
	for _, all := range []map[string][]string{commands, steps} {
		for id, list := range all {
			for _, template := range list {
				for _, m := range words.FindAllStringSubmatch(template, -1) {
					for _, w := range strings.Fields(m[1] + m[2]) {
						if !slices.Contains(known, w) && !strings.ContainsAny(w, "<>") {
							t.Errorf("%s: the condition %q is not known: %s", id, w, template)
						}
					}
				}
				for _, m := range blanks.FindAllStringSubmatch(template, -1) {
					if Blanks[m[1]] == "" {
						t.Errorf("%s: the blank %q is not known: %s", id, m[1], template)
					}
				}
			}
		}
	}
}

// Whatever a template is, wording it neither panics nor hangs, and what it does
// not understand stays.
func FuzzWord(f *testing.F) {
	for _, s := range []string{"{if nvidia} a {else} {b}", "{wolf inspect '{{.X}}'}", "{nvidia: {engine}}", "{{{", "{if }", "{else}{else}", "{api a/b-c}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := New(podman)
		got := a.Word(s)
		if !strings.ContainsAny(s, "{}") && !strings.Contains(s, nothing) && got != strings.TrimSpace(s) {
			t.Errorf("Word(%q) = %q", s, got)
		}
		a.Preface()
	})
}
