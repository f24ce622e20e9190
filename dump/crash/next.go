package crash

import (
	"fmt"
	"sort"
	"strings"

	"wolfdiag/dump/trace"
)

// Case is what Next needs to know of a crash.
type Case struct {
	Finding Finding
	Owner   Owner
	Frames  []trace.Frame
	// Symbols: names were looked for already.
	Symbols bool
	// Raw: the trace came from a file with addresses, so that names can be looked up.
	Raw bool
}

// upstream is where crashes of a program are reported.
var upstream = map[string]string{
	"wolf": "https://github.com/games-on-whales/wolf/issues", "wolf's compositor": "https://github.com/games-on-whales/gst-wayland-display/issues",
	"sway": "https://github.com/swaywm/sway/issues", "gamescope": "https://github.com/ValveSoftware/gamescope/issues", "gamescope-wl": "https://github.com/ValveSoftware/gamescope/issues",
	"xwayland": "https://gitlab.freedesktop.org/xorg/xserver/-/issues", "xorg": "https://gitlab.freedesktop.org/xorg/xserver/-/issues",
	"pulseaudio": "https://gitlab.freedesktop.org/pulseaudio/pulseaudio/-/issues", "pipewire": "https://gitlab.freedesktop.org/pipewire/pipewire/-/issues", "pipewire-pulse": "https://gitlab.freedesktop.org/pipewire/pipewire/-/issues",
}

// Next lists what to do about a crash, in order; never empty.
func Next(c Case) []string {
	var out []string
	if s := exportSymbols(c); s != "" {
		out = append(out, s)
	}
	switch c.Finding.Kind {
	case Heap, DoubleFree:
		out = append(out, "The site is a victim: memory was damaged earlier, maybe by another thread. Keep the log of the minutes before, and compare several of these crashes: what they have in common before the crash is the trace to follow.")
	case RustPanic, RustAbort:
		out = append(out, "Look for \"panicked at\" in the log right before the crash: that line has the reason and the place in the source.")
	case Exception, Noexcept, Terminate:
		out = append(out, "Look for \"terminate called\" and \"what()\" in the log right before the crash: they have the exception's own message.")
	case StackOverflow:
		out = append(out, "Compare the frames that repeat: what they work on (a list, a message, a file) refers to itself or is too deep.")
	case BusError:
		out = append(out, "Look for a full disk or a file that was replaced while it was in use, and run a memory test if the crashes differ.")
	case IllegalCode:
		out = append(out, "Check that the image fits the processor (docker exec <container> uname -m), else it is a failed check of the program's own.")
	case Kernel:
		out = append(out, "Keep the kernel's log of the minute around it (journalctl -k), and update or change the driver that its trace names.")
	}
	return append(out, report(c))
}

// report says what to send where.
func report(c Case) string {
	what := "the signature, the version of the image, and the log of the minute before"
	if c.Raw {
		what += ", and what `wolfdiag dumps show FILE` prints with symbols"
	}
	where := "to the authors of " + or(c.Owner.Name, "the program")
	if u := upstream[strings.ToLower(c.Owner.Name)]; u != "" {
		where = "at " + u
	}
	return "If an update does not help, report it " + where + " with " + what + "."
}

// exportSymbols is the line that fetches the objects whose names are missing.
func exportSymbols(c Case) string {
	if !c.Raw || c.Symbols {
		return ""
	}
	missing := map[string]bool{}
	for i := range c.Frames {
		f := &c.Frames[i]
		if f.Function == "" && f.HasObject && f.Module != "" && f.Role != trace.RoleHandler && f.Role != trace.RoleTrampoline {
			missing[trace.BaseName(f.Module)] = true
		}
	}
	if len(missing) == 0 {
		return ""
	}
	// Folders differ where /lib is a link, and libraries are links to their version.
	list := make([]string, 0, len(missing))
	for m := range missing {
		list = append(list, "'*/"+strings.ReplaceAll(m, "'", `'\''`)+"*'")
	}
	sort.Strings(list)
	return fmt.Sprintf("Names are missing. Fetch the objects out of a container of the same image: `mkdir root && docker export \"$(docker ps -aqf name=wolf | head -n 1)\" | tar -x -C root --wildcards %s`, then add --symbols root.", strings.Join(list, " "))
}
