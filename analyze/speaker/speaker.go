// Package speaker tells who says a message: Wolf, its compositor, an app, the
// kernel, a daemon that has nothing to do with streaming.
//
// The same words mean different things in different mouths: "terminate called"
// of an app is not Wolf's crash, and sshd's "port in use" is not about a port
// that Wolf needs. The answer comes from what the record says of itself (its
// format, the program it names) and from the service, unit or container whose
// stream it stands in. It is Unknown where none of these tells.
package speaker

import (
	"bytes"

	"wolfdiag/analyze/logline"
)

// Class is a kind of speaker.
type Class uint8

// The classes. Unknown may be anybody.
const (
	Unknown       Class = iota
	Wolf                // the Wolf process, its GStreamer included
	Compositor          // Wolf's own compositor: Smithay, waylanddisplaycore
	App                 // a program in an app container: a game, a browser, a desktop
	AppCompositor       // the nested compositor there: sway, gamescope, Xwayland
	Pulse               // the sound server: PulseAudio, PipeWire
	Init                // init scripts, entrypoints and supervisors of a container
	Runtime             // what runs containers: dockerd, containerd, runc, podman, kubelet, the NVIDIA toolkit
	Kernel              // the kernel
	Host                // a service of the host: systemd, sshd, a proxy
	Client              // Moonlight
	Foreign             // software that has no part in streaming: a database, a dashboard
)

var classNames = [...]string{"", "wolf", "compositor", "app", "app-compositor", "pulse", "init", "runtime", "kernel", "host", "client", "foreign"}

// String returns the class's name as the catalogue writes it, "" for Unknown.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return ""
}

// Parse returns the class of a name as String writes it; false when there is
// no such class.
func Parse(name string) (Class, bool) {
	for i, n := range classNames {
		if n == name && name != "" {
			return Class(i), true
		}
	}
	return Unknown, false
}

// Names lists the names of all classes but Unknown. The result must not be changed.
func Names() []string { return classNames[1:] }

// Speaker is who says a message.
type Speaker struct {
	Class   Class
	Program string // the program that the message names as its own, "" when it names none
}

// Of tells who says a record. service is the class of the stream it stands in,
// as OfService gives it for rec.Service. Cost: a look at the first words of the
// message; one short allocation when a program is named.
func Of(rec *logline.Record, text []byte, service Class) Speaker {
	switch rec.Format {
	case logline.FormatKernel:
		return Speaker{Class: Kernel}
	case logline.FormatCompose:
		return Speaker{Class: Runtime}
	case logline.FormatGow:
		return Speaker{Class: Init}
	case logline.FormatSupervisord:
		return Speaker{Class: Init, Program: "supervisord"}
	case logline.FormatSway:
		return Speaker{Class: AppCompositor}
	case logline.FormatWolf:
		if service != Unknown && service != Wolf {
			return Speaker{Class: service}
		}
		return Speaker{Class: Wolf}
	case logline.FormatGStreamer:
		if service != Unknown {
			return Speaker{Class: service}
		}
		return Speaker{Class: Wolf}
	case logline.FormatTracing:
		return tracing(rec.Component, service)
	case logline.FormatPanic:
		return panicked(rec.Function, text, service)
	case logline.FormatGLib:
		if c, ok := OfProgram(rec.Function); ok {
			return Speaker{Class: c, Program: string(rec.Function)}
		}
		if len(rec.Function) > 0 { // some program with a window: Wolf names itself
			return Speaker{Class: App, Program: string(rec.Function)}
		}
		return Speaker{Class: service}
	}
	if c, ok := OfProgram(rec.Component); ok { // [gamescope] [Error] …
		return Speaker{Class: c, Program: string(rec.Component)}
	}
	return plain(text, service)
}

// tracing places a Rust event by its target: the crate before the first "::".
func tracing(target []byte, service Class) Speaker {
	crate, _, _ := bytes.Cut(target, []byte("::"))
	switch {
	case len(crate) == 0:
	case bytes.HasPrefix(crate, []byte("waylanddisplay")), bytes.HasPrefix(crate, []byte("gstwaylanddisplay")),
		bytes.Equal(crate, []byte("smithay")), bytes.HasPrefix(crate, []byte("smithay_")), bytes.HasPrefix(crate, []byte("gst_wayland_display")):
		return Speaker{Class: Compositor}
	case service != Unknown && service != Wolf:
		return Speaker{Class: service, Program: string(crate)}
	}
	return Speaker{Class: Unknown, Program: string(crate)}
}

// panicked places a Rust panic by the file it happened in.
func panicked(file, text []byte, service Class) Speaker {
	has := func(s string) bool { return bytes.Contains(file, []byte(s)) }
	switch {
	case has("smithay"), has("wayland-display"), has("waylanddisplay"), has("wayland_display"), has("gst-plugin"):
		return Speaker{Class: Compositor}
	case bytes.HasPrefix(file, []byte("crates/")), bytes.Contains(text[:min(len(text), 200)], []byte("panicked at crates/")), has("/gpui"):
		return Speaker{Class: App} // a workspace of its own: Wolf's compositor is built as one crate or as a dependency
	}
	return Speaker{Class: service}
}

// plain places a message without a format of its own by the program it names.
func plain(text []byte, service Class) Speaker {
	if pulseaudio(text) {
		return Speaker{Class: Pulse, Program: "pulseaudio"}
	}
	name := Program(text)
	if len(name) == 0 {
		return Speaker{Class: service}
	}
	c, ok := OfProgram(name)
	switch {
	case !ok:
		return Speaker{Class: service, Program: string(name)}
	case c == Init && (service == Runtime || service == Host || service == Kernel):
		c = service // a shell that a host's unit runs
	case service == Foreign:
		c = Foreign
	}
	return Speaker{Class: c, Program: string(name)}
}
