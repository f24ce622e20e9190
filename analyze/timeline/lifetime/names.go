package lifetime

import (
	"strings"

	"wolfdiag/analyze/logline"
)

// isWolf reports whether a service or container is Wolf itself by its name, as
// wolf, wolf-1, helix-wolf-1 and gamesonwhales_wolf_1 are; Wolf-UI,
// WolfPulseAudio and WolfXFCE_123 are containers that Wolf starts.
func isWolf(name string) bool {
	wolf := false
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		switch w {
		case "wolf":
			wolf = true
		case "ui", "pulse", "pulseaudio", "web", "den", "moonlight":
			return false
		}
	}
	return wolf
}

// shows reports whether a line's own clock is one that Wolf's output carries.
func shows(inner logline.Stamp) bool {
	switch inner.Kind {
	case logline.ClockUTC, logline.ClockUTCTimeOfDay, logline.ClockGStreamer:
		return true
	}
	return false
}

// apps are the kinds of app containers, told by a part of their names.
var apps = [...]string{"xfce", "sway", "gnome", "kde", "plasma", "hyprland", "gamescope", "steam", "firefox", "retroarch",
	"emulationstation", "es-de", "lutris", "heroic", "prismlauncher", "kodi", "pegasus", "zed", "ubuntu", "wolf-ui", "test"}

// kinds remembers appKind of containers by what stands before their number, which
// it does not depend on. The zero value is ready.
type kinds map[string]string

// maxKinds bounds the names remembered.
const maxKinds = 64

// of is appKind, remembered.
func (k *kinds) of(container string) string {
	name := strings.TrimRight(container, "0123456789")
	kind, ok := (*k)[name]
	if !ok {
		if len(*k) >= maxKinds || *k == nil {
			*k = kinds{}
		}
		kind = appKind(name)
		(*k)[strings.Clone(name)] = kind
	}
	return kind
}

// appKind names the kind of app by its container: WolfXFCE_123 → xfce. A
// container of no known kind is named by what stands before its number.
func appKind(container string) string {
	name := strings.ToLower(strings.TrimPrefix(container, "/"))
	for _, a := range apps {
		if strings.Contains(name, a) {
			return a
		}
	}
	if i := strings.LastIndexByte(name, '_'); i > 0 {
		name = name[:i]
	}
	return strings.TrimRight(name, "-_0123456789")
}
