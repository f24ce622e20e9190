package analyze

import (
	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
)

// factTitles words the pseudo-patterns for people.
var factTitles = map[string]string{
	"fact-vram-high":                    "GPU memory was at least 95 % used",
	"fact-vram-medium":                  "GPU memory was 80 to 95 % used",
	"fact-vram-low":                     "GPU memory was less than 80 % used",
	"fact-vram-growing":                 "GPU memory grows from session to session",
	"fact-host-ram-low-use":             "the container used a small part of the host's memory",
	"fact-container-ram-high":           "the container was close to its memory limit",
	"fact-nvml-failed-container":        "nvidia-smi failed inside the container",
	"fact-nvml-ok-container":            "nvidia-smi worked inside the container",
	"fact-nvml-ok-host":                 "nvidia-smi worked on the host",
	"fact-encoder-sessions-at-limit":    "the number of encoder sessions was at a known limit",
	"fact-encoder-sessions-low":         "few encoder sessions were open",
	"fact-oom-killed":                   "Docker says the container was killed for memory",
	"fact-exit-sigsegv":                 "Wolf ended with a segmentation fault (exit 11)",
	"fact-exit-sigabrt":                 "Wolf ended with an abort (exit 6)",
	"fact-restarting":                   "the container was restarting",
	"fact-sessions-leaked":              "more sessions were started than ended",
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
	"fact-all-sessions-died":            "all running sessions ended at once",
	"fact-crash-dump-in-lifetime":       "a crash dump belongs to this lifetime",
	"fact-immediate-container-exit":     "app containers ended within seconds of their start",
	"fact-eos-without-stop":             "a pipeline ended without anybody stopping it",
	"fact-container-stopped-within-10s": "an app container stopped within ten seconds",
}

func factTitle(id string) string { return factTitles[id] }

// facts gathers what snapshots and the timeline add to the lines of the log.
func (a *Analyzer) facts(v *view) ([]diagnose.Fact, []report.Fact) {
	facts := []diagnose.Fact{}
	shown := []report.Fact{}
	switch {
	case v.leak.Verdict == "likely" && v.leak.Axis == "sessions":
		facts = append(facts, diagnose.Fact{ID: "fact-grows-with-sessions", Lifetime: -1})
	case v.leak.Verdict == "likely" && v.leak.Axis == "uptime":
		facts = append(facts, diagnose.Fact{ID: "fact-grows-with-uptime", Lifetime: -1})
	case v.leak.Axis == "wall-clock":
		facts = append(facts, diagnose.Fact{ID: "fact-sudden-onset", Lifetime: -1})
	}
	facts = append(facts, lifetimeFacts(v.time)...)
	for _, more := range []func(*view) ([]diagnose.Fact, []report.Fact){a.snapshotFacts, a.memoryFacts} {
		f, s := more(v)
		facts, shown = append(facts, f...), append(shown, s...)
	}
	return facts, shown
}

// factWhere finds where a fact stands: in a snapshot, or nowhere in the log.
func (a *Analyzer) factWhere(v *view, id string) report.Where {
	for _, s := range a.snapshots {
		for _, f := range s.facts {
			if f.ID == id {
				return report.Where{Input: s.name, Line: f.Line, Time: timePtr(f.Time), Text: f.Text}
			}
		}
	}
	return report.Where{Text: factTitle(id)}
}
