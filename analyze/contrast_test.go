package analyze

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/patterns"
)

const contrastCatalogue = `
[[pattern]]
id = "t-probe"
title = "a probe was refused"
role = "cause"
regex = 'test probe refused'
severity = "error"
why = "It asks for more than there is."
samples = ["test probe refused"]

[[pattern]]
id = "t-broke"
title = "the encoder broke"
role = "cause"
regex = 'test encoder broke'
severity = "error"
breaks = true
why = "It is gone."
samples = ["test encoder broke"]

[[pattern]]
id = "t-silent"
title = "no sound"
role = "cause"
regex = 'test sink is silent'
severity = "error"
why = "Nothing plays."
samples = ["test sink is silent"]

[[cause]]
id = "t-refused"
title = "no device"
prior = 0.05
explanation = "It is refused."
stops = "session"
evidence = [{ pattern = "t-probe", strength = 0.95, why = "it says so" }]

[[cause]]
id = "t-encoder"
title = "no encoder"
prior = 0.01
explanation = "It broke."
stops = "session"
evidence = [{ pattern = "t-broke", strength = 0.9, why = "it says so" }]

[[cause]]
id = "t-sound"
title = "no sound"
prior = 0.004
explanation = "Nothing plays."
evidence = [{ pattern = "t-silent", strength = 0.9, why = "it says so" }]
`

// streams is a log of so many sessions of five minutes that work, each with
// these lines 20 s after its start, and one of the same kind that breaks.
func streams(sessions int, each ...string) string {
	var b strings.Builder
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	say := func(after time.Duration, format string, args ...any) {
		now = now.Add(after)
		fmt.Fprintf(&b, "wolf-1  | %s %s\n", now.Format("15:04:05.000000000"), fmt.Sprintf(format, args...))
	}
	say(0, "INFO  | Gstreamer version: 1.26.2-0")
	say(time.Second, "INFO  | HTTP server listening on port: 47989 ")
	for i := range sessions + 1 {
		say(10*time.Minute, "INFO  | [DOCKER] Starting container: /WolfXFCE_%d", 1000+i)
		say(20*time.Second, "DEBUG | [GSTREAMER] Forcing IDR")
		for _, line := range each {
			say(time.Second, "ERROR | %s", line)
		}
		if i == sessions {
			say(time.Second, "ERROR | test encoder broke")
			break
		}
		say(5*time.Minute, "INFO  | Stopped container: /WolfXFCE_%d", 1000+i)
	}
	return b.String()
}

// TestContrast: what nine sessions that worked complained of as well is not why
// the tenth broke; what only that one shows keeps its weight, and so does what
// leaves a stream running.
func TestContrast(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Load(patterns.UserFile{Name: "t.toml", Data: []byte(contrastCatalogue)})
	if err != nil {
		t.Fatal(err)
	}
	each := []string{"test probe refused", "test sink is silent", "zorble 17 went wrong beyond repair"}
	for _, tc := range []struct {
		name     string
		sessions int
		ablation diagnose.Ablation
		want     string // causes that are listed, the first of them first
		words    string // of the message that no pattern knows
	}{
		{"nine that worked", 9, diagnose.Ablation{}, "t-encoder t-sound", "also in 9 sessions that worked"},
		{"three that worked", 3, diagnose.Ablation{}, "t-encoder t-sound", "also in 3 sessions that worked"},
		{"too few to compare", 2, diagnose.Ablation{}, "t-refused t-encoder t-sound", ""},
		{"without the comparison", 9, diagnose.Ablation{NoContrast: true}, "t-refused t-encoder t-sound", "also in 9 sessions that worked"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			log := named{"wolf.log", []byte(streams(tc.sessions, each...))}
			r := read(t, Options{Catalogue: cat, Ablation: tc.ablation}, log)
			var got []string
			for _, c := range r.Causes {
				got = append(got, c.ID)
			}
			if s := strings.Join(got, " "); s != tc.want {
				t.Errorf("causes %q, want %q", s, tc.want)
			}
			if len(r.Unexplained) != 1 || !strings.Contains(r.Unexplained[0].Note, tc.words) || (r.Unexplained[0].Contrast != nil) != (tc.words != "") {
				t.Errorf("unexplained %+v, want one that is %q", r.Unexplained, tc.words)
			}
			for _, workers := range []int{1, 3} {
				same(t, r, read(t, Options{Catalogue: cat, Ablation: tc.ablation, Workers: workers, BlockSize: 300}, log), fmt.Sprintf("%d workers", workers))
			}
		})
	}
}

// TestContrastShown: a weight that is lower for the comparison says so.
func TestContrastShown(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Load(patterns.UserFile{Name: "t.toml", Data: []byte(strings.Replace(contrastCatalogue, "prior = 0.05", "prior = 0.3", 1))})
	if err != nil {
		t.Fatal(err)
	}
	log := named{"wolf.log", []byte(streams(9) + strings.ReplaceAll(streams(1, "test probe refused"), "encoder broke", "probe refused"))}
	r := read(t, Options{Catalogue: cat}, log)
	for _, c := range r.Causes {
		for _, e := range c.Evidence {
			if e.Pattern == "t-probe" {
				if e.Contrast.Words() == "" || e.Contrast.Worked != 1 || e.Weight > 3 {
					t.Errorf("weight %.1f, %q; want less, and one session that worked", e.Weight, e.Contrast.Words())
				}
				return
			}
		}
	}
	t.Errorf("causes %+v, want t-refused", r.Causes)
}
