package patterns

import "strings"

// FactPrefix marks the ids that stand in evidence and against without being
// patterns: facts from snapshots and from the timeline.
const FactPrefix = "fact-"

// Facts lists the facts that causes may name, with what each says.
var Facts = map[string]string{
	"fact-vram-high":                    "GPU memory was at least 95 % used",
	"fact-vram-medium":                  "GPU memory was 80 to 95 % used",
	"fact-vram-low":                     "GPU memory was less than 80 % used",
	"fact-vram-growing":                 "GPU memory grows from session to session",
	"fact-host-ram-low-use":             "the container used a small part of the host's memory",
	"fact-container-ram-high":           "the container was close to its memory limit",
	"fact-nvml-failed-container":        "nvidia-smi failed inside the container",
	"fact-nvml-mismatch":                "nvidia-smi says that library and kernel module are of different versions",
	"fact-nvml-no-driver":               "nvidia-smi found no driver or no GPU",
	"fact-gpu-lost":                     "nvidia-smi says that the GPU does not answer any more",
	"fact-nvml-ok-container":            "nvidia-smi worked inside the container",
	"fact-nvml-ok-host":                 "nvidia-smi worked on the host",
	"fact-encoder-sessions-at-limit":    "the number of encoder sessions was at a known limit",
	"fact-encoder-sessions-low":         "few encoder sessions were open",
	"fact-oom-killed":                   "Docker says the container was killed for memory",
	"fact-exit-sigsegv":                 "Wolf ended with a segmentation fault (exit 11)",
	"fact-exit-sigabrt":                 "Wolf ended with an abort (exit 6)",
	"fact-restarting":                   "the container was restarting",
	"fact-sessions-leaked":              "sessions pile up: compositors come one after the other, and none ends",
	"fact-lobbies-empty":                "lobbies stayed open with nobody in them",
	"fact-workstation-gpu":              "the GPU has no limit on encoder sessions",
	"fact-grows-with-sessions":          "failures come after about the same number of sessions in every lifetime",
	"fact-grows-with-uptime":            "failures come after about the same uptime in every lifetime",
	"fact-sudden-onset":                 "sessions worked, then from one moment on every new one failed",
	"fact-first-session-fails":          "the first session after a start fails already",
	"fact-never-worked-since-start":     "nothing worked since the start",
	"fact-worked-before":                "sessions worked earlier in the same lifetime",
	"fact-restart-helped":               "a restart cleared it",
	"fact-restart-did-not-help":         "a restart did not clear it",
	"fact-running-sessions-survive":     "running sessions went on while new ones failed",
	"fact-client-reconnecting":          "one client connected five times within a minute, or three times for a few seconds",
	"fact-all-sessions-died":            "all running sessions ended at once",
	"fact-crash-wolf":                   "Wolf crashed",
	"fact-crash-compositor":             "Wolf's compositor crashed",
	"fact-crash-app-compositor":         "the desktop inside an app container crashed",
	"fact-crash-app":                    "an app crashed",
	"fact-crash-pulse":                  "the sound server crashed",
	"fact-crash-kernel":                 "the kernel or a driver in it crashed",
	"fact-crash-dump-in-lifetime":       "a crash dump belongs to this lifetime",
	"fact-immediate-container-exit":     "app containers ended within seconds of their start",
	"fact-eos-without-stop":             "a pipeline ended without anybody stopping it",
	"fact-sessions-worked":              "sessions worked after that",
	"fact-other-vendor":                 "Wolf works on the GPU of another vendor, and nothing asked for this one",
	"fact-container-stopped-within-10s": "an app container stopped within ten seconds",
	"fact-gpu-needs-reset":              "the NVIDIA driver says that the GPU must be reset",
	"fact-gpu-memory-errors":            "the GPU counts errors of its memory that cannot be corrected",
	"fact-gpu-without-driver":           "no kernel driver of the host holds the GPU",
	"fact-va-encodes":                   "VA-API offers encoders where vainfo was run",
	"fact-va-no-encoder":                "the VA-API driver offers no encoder",
	"fact-no-hardware-gl":               "only a software driver draws where the tool was run",
	"fact-gpu-not-given":                "Wolf's container is given no GPU",
	"fact-uinput-not-given":             "Wolf's container is not given /dev/uinput and /dev/uhid",
	"fact-input-rule-missing":           "Wolf's container has no device rule for input devices",
	"fact-docker-socket-not-mounted":    "the engine's socket is not mounted into Wolf's container",
	"fact-runtime-folder-not-mounted":   "XDG_RUNTIME_DIR of Wolf's container is not a mount",
	"fact-driver-volume-not-mounted":    "the NVIDIA driver volume is named and not mounted",
	"fact-config-broken":                "Wolf's config.toml cannot be used as it is",
	"fact-file-is-directory":            "a directory stands where a file must be",
	"fact-wayland-sockets-used-up":      "nearly all names of Wayland sockets are taken",
}

// crashFact begins the facts that a crash rule shows: one for each cause.
const crashFact = FactPrefix + "crash-rule-"

// CrashFact is the fact that a stack shows in which a crash rule of the catalogue
// sees the cause. Causes need not list it: it is evidence for that cause alone.
func CrashFact(cause string) string { return crashFact + cause }

// FactTitle says a fact in words; "" for what is none.
func FactTitle(id string) string {
	if strings.HasPrefix(id, crashFact) {
		return "a crash with the stack of this fault"
	}
	return Facts[id]
}

// outcomes are the facts that tell how something ended, so that they follow from
// whatever made it end.
var outcomes = map[string]bool{
	"fact-exit-sigsegv": true, "fact-exit-sigabrt": true, "fact-restarting": true, "fact-crash-dump-in-lifetime": true,
	"fact-all-sessions-died": true, "fact-immediate-container-exit": true, "fact-container-stopped-within-10s": true,
	"fact-eos-without-stop": true, "fact-client-reconnecting": true,
}

// IsOutcome reports whether a fact tells how something ended: a process, a
// container, a stream. A cause that explains another one explains the other's
// outcomes too, but not its circumstances, such as memory that is full.
func IsOutcome(fact string) bool {
	return outcomes[fact] || strings.HasPrefix(fact, FactPrefix+"crash-")
}

// isFact reports whether id names a known fact.
func isFact(id string) bool {
	_, ok := Facts[id]
	return ok && strings.HasPrefix(id, FactPrefix)
}
