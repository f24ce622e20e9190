package loggen

import "time"

// appFailures are those of what runs inside the app containers.
var appFailures = []failure{
	{cause: "audio-pulse", always: true, write: func(w *world, c client) {
		w.wolf("WARN", "[PULSE] Unable to connect, Connection refused")
		w.wolf("WARN", "Failed to connect to any PulseAudio server, audio will not be available!")
	}},
	{cause: "xdg-runtime-dir", always: true, write: func(w *world, c client) {
		w.raw("error: XDG_RUNTIME_DIR not set in the environment.")
		w.sway(4*time.Millisecond, "[sway/server.c:238]", "Unable to create backend")
	}},
	{cause: "app-missing-library", always: true, write: func(w *world, c client) {
		w.raw("sway: error while loading shared libraries: libwlroots.so.%d: cannot open shared object file: No such file or directory", 10+w.rng.IntN(8))
	}},
	{cause: "app-state-permission", always: true, write: func(w *world, c client) {
		w.raw("mkdir: cannot create directory '/home/retro/.config': Permission denied")
	}},
	{cause: "container-init-failure", always: true, write: func(w *world, c client) {
		w.dockerError(400, runcError+"error during container init: exec: \\\"/opt/gow/startup-%d.sh\\\": permission denied: unknown", w.rng.IntN(100))
	}},
	{cause: "container-privileges", always: true, write: func(w *world, c client) {
		w.raw("bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces.")
	}},
	{cause: "app-crash", write: func(w *world, c client) {
		w.raw("#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV (0xb) at pc=0x00007f%010x, pid=%d, tid=%d\n#", w.rng.Uint64N(1<<40), 80+w.rng.IntN(90), 80+w.rng.IntN(90))
	}},
}
