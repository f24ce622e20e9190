package crash

import (
	"regexp"
	"strings"
	"sync"

	"wolfdiag/dump/signature"
	"wolfdiag/dump/trace"
)

// Owner is whose crash it was.
type Owner struct {
	// Class is the kind of program, "" when unknown: wolf, compositor, app,
	// app-compositor, pulse, runtime, kernel, host. They are the classes of who
	// says a line of a log.
	Class string
	// Name is the program as people call it, without folder; "" when unknown.
	Name string
}

// programLists are the programs of a deployment by name, lower-case. Read only.
var programLists = map[string]string{
	"wolf":           "wolf",
	"app-compositor": "sway swaybg swaybar waybar gamescope gamescope-wl gamescopereaper xwayland xorg x xvfb weston labwc cage river hyprland mutter gnome-shell kwin_wayland kwin_x11 xfwm4 openbox",
	"pulse":          "pulseaudio pulse pipewire pipewire-pulse wireplumber",
	"runtime":        "docker dockerd containerd containerd-shim containerd-shim-runc-v2 runc crun podman conmon kubelet nvidia-container-cli nvidia-container-runtime nvidia-container-toolkit",
	"kernel":         "kernel",
	"host":           "systemd sshd dbus-daemon dbus-broker networkmanager nvidia-persistenced journald rsyslogd",
	"app": `steam steamwebhelper firefox firefox-bin chromium chrome brave retroarch emulationstation es-de pegasus heroic lutris kodi kodi.bin prismlauncher java wine wine64 wine-preloader
		xfce4-session xfce4-panel xfdesktop thunar plasmashell godot mono dotnet node python python3 electron discord`,
}

// byProgram turns programLists round.
var byProgram = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for class, list := range programLists {
		for _, p := range strings.Fields(list) {
			out[p] = class
		}
	}
	return out
})

// compositorCode is the compositor that Wolf has inside.
var compositorCode = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<?(?:waylanddisplay|wayland_display|gstwaylanddisplay|gst_wayland_display|smithay)|^libgstwaylanddisplay|^libwaylanddisplay`)
})

// interpreters run programs that others wrote: the script or class names them.
var interpreters = map[string]bool{"python": true, "python3": true, "node": true, "java": true, "mono": true, "dotnet": true}

// OwnerOf says whose crash a trace is: by the program or module that it names,
// else by the unit it ran in. byWolf is set for the files that only Wolf writes.
// It is safe for concurrent use.
func OwnerOf(frames []trace.Frame, notes *trace.Notes, byWolf bool) Owner {
	name := strings.ToLower(trace.BaseName(notes.Program))
	o := Owner{Name: trace.BaseName(notes.Program)}
	switch {
	case name != "":
		o.Class = byProgram()[strings.TrimSuffix(name, ".bin")]
	case byWolf:
		o = Owner{Class: "wolf", Name: "wolf"}
	}
	if o.Class == "" && name == "" {
		unit := strings.ToLower(notes.Unit)
		for _, part := range strings.FieldsFunc(unit, func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == '@' || r == '/' }) {
			if c := byProgram()[part]; c != "" {
				o = Owner{Class: c, Name: part}
				break
			}
		}
	}
	if o.Class == "" && (name == "" || interpreters[name]) && ofWolf(frames) {
		o = Owner{Class: "wolf", Name: "wolf"}
	}
	if o.Class == "wolf" && inCompositor(frames) {
		return Owner{Class: "compositor", Name: "wolf's compositor"}
	}
	switch {
	case o.Class == "" && name != "":
		o.Class = "app" // a program that is none of the server's
	case o.Class == "" && notes.Service != "":
		o.Name = notes.Service // what runs there is not known
	}
	return o
}

// languages of which no part of Wolf is written, with the kind of program they
// usually are in a deployment.
var languages = map[string]string{"python": "app", "faulthandler": "app", "java": "app", "hs_err": "app", "dotnet": "app", "node": "app", "wine": "app", "godot": "app", "chromium": "app", "xorg": "app-compositor", "gjs": "app-compositor"}

// OfForm completes an owner by the form of the trace, where no program is named:
// some forms are those of one program or of a language.
func OfForm(o Owner, format string, frames []trace.Frame) Owner {
	if o.Class != "" {
		return o
	}
	switch class := languages[format]; {
	case class != "":
		o.Class = class
		if format == "chromium" || format == "godot" {
			o.Name = format
		}
	case format == "go":
		o.Class = "app"
		for i := range frames {
			for _, p := range []string{"github.com/docker/", "github.com/moby/", "github.com/containerd/", "github.com/opencontainers/", "github.com/containers/", "k8s.io/"} {
				if strings.Contains(frames[i].Function, p) {
					o.Class = "runtime"
				}
			}
		}
	}
	return o
}

// ofWolf knows Wolf's own functions in a trace that names no program.
func ofWolf(frames []trace.Frame) bool {
	for i := range frames {
		n := signature.Normalize(frames[i].Function)
		if strings.HasPrefix(n, "wolf::") || n == "shutdown_handler" || strings.Contains(frames[i].File, "/moonlight-server/") || trace.BaseName(frames[i].Module) == "wolf" || compositorCode().MatchString(n) {
			return true
		}
	}
	return false
}

// inCompositor reports whether the first frame that is anybody's own belongs to
// the compositor.
func inCompositor(frames []trace.Frame) bool {
	for i := range frames {
		f := &frames[i]
		if f.Role != trace.RoleOwn && f.Role != trace.RoleLibrary {
			continue
		}
		for _, in := range f.Inlined {
			if compositorCode().MatchString(signature.Normalize(in.Function)) {
				return true
			}
		}
		return compositorCode().MatchString(signature.Normalize(f.Function)) || compositorCode().MatchString(trace.BaseName(f.Module))
	}
	return false
}
