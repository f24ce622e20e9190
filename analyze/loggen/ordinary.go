package loggen

import "math/rand/v2"

// What a start and a session print on every working server, although it reads
// like a fault. See the conditions of docs/catalogue.md.

// aside writes lines without disturbing what the rest of the log is made of.
func (w *world) aside(write func()) {
	rest := w.rng
	w.rng = rand.New(rand.NewPCG(uint64(len(w.lines)), 0xda442d24))
	write()
	w.rng = rest
}

// ordinaryProbing is what GStreamer complains of on a server with an NVIDIA GPU
// while Wolf tries one encoder after the other.
func (w *world) ordinaryProbing() {
	w.aside(func() {
		w.gst("WARN", "cudanvrtc", "gstcudanvrtc.cpp", "gst_cuda_nvrtc_load_library_once", "", "Failed to load 'nvrtcGetCUBINSize', '/usr/local/nvidia/lib/libnvrtc.so: undefined symbol: nvrtcGetCUBINSize'")
		w.gst("WARN", "vadisplay", "gstvadisplay.c", "gst_va_display_initialize", "", "vaInitialize: unknown libva error")
	})
}

// ordinarySound is what libpulse says before the sound server's container is up.
func (w *world) ordinarySound() {
	w.aside(func() {
		w.wolf("WARN", "[PULSE] Unable to connect, Access denied")
		w.raw("XDG_RUNTIME_DIR (/run/user/wolf) is not owned by us (uid 0), but by uid 1000! (This could e.g. happen if you try to connect to a non-root PulseAudio as a root user, over the native protocol. Don't do that.)")
		w.wolf("INFO", "Starting PulseAudio docker container")
		w.wolf("INFO", "[DOCKER] Container WolfPulseAudio already present, removing first")
		w.wolf("DEBUG", "[PULSE] Pulse connection ready")
	})
}

// ordinarySession is what an app's container prints as it starts.
func (w *world) ordinarySession() {
	w.aside(func() {
		w.raw("userdel: retro mail spool (/var/mail/retro) not found")
		w.raw("useradd: warning: the home directory /home/retro already exists.")
		w.gow("Path '/dev/input/event*' is not present.")
		w.gow("Not modifying user groups ()")
	})
}
