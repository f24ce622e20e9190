// Package lineformat is the one list of the formats that a message may have: the
// reader of lines says which one it found, and patterns ask for them by name.
package lineformat

import "slices"

// Format is the syntax of a message once its transport is gone.
type Format uint8

// The formats. Plain is text with no header that is known.
const (
	Plain Format = iota
	Wolf
	GStreamer
	Tracing
	Panic
	Trace // printed C++ or Rust stack traces and aborts
	Sway  // sway and wlroots
	GLib
	Gow
	Kernel
	Spdlog // spdlog, and other headers of a time and a level (Sunshine, klog, log4j, python)
	Logfmt
	JSON
	Compose // compose's own status lines
	Supervisord
)

var names = [...]string{
	Plain: "plain", Wolf: "wolf", GStreamer: "gstreamer", Tracing: "tracing",
	Panic: "panic", Trace: "trace", Sway: "sway", GLib: "glib", Gow: "gow",
	Kernel: "kernel", Spdlog: "spdlog", Logfmt: "logfmt", JSON: "json",
	Compose: "compose", Supervisord: "supervisord",
}

// String returns the name that catalogue patterns use for the format, "unknown"
// for a value that is none of the constants.
func (f Format) String() string {
	if int(f) < len(names) {
		return names[f]
	}
	return "unknown"
}

// Names returns the names of all formats in the order of the constants: a
// format's value is its index. The slice is new on every call.
func Names() []string { return slices.Clone(names[:]) }
