package analyze

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/loggen"
	"wolfdiag/patterns"
)

// incident is a log whose cause is known. Several causes may be acceptable.
type incident struct {
	name       string
	data       []byte
	cause      string // "none" for a healthy server, "unknown" when the log does not tell
	acceptable []string
	never      []string
}

// baseline is the plain rule the model is measured against: every match of a
// cause-role pattern counts one for each cause that lists it as evidence; the
// cause with most counts wins.
func baseline(cat *patterns.Catalogue, r *Report) []string {
	counts := map[string]int64{}
	for _, p := range r.Patterns {
		if p.Role != string(patterns.RoleCause) {
			continue
		}
		for _, c := range cat.Causes() {
			for _, l := range c.Evidence {
				if l.Pattern == p.ID {
					counts[c.ID] += p.Count
				}
			}
		}
	}
	out := make([]string, 0, len(counts))
	for id := range counts {
		out = append(out, id)
	}
	sort.Slice(out, func(i, j int) bool {
		if counts[out[i]] != counts[out[j]] {
			return counts[out[i]] > counts[out[j]]
		}
		return out[i] < out[j]
	})
	return out
}

// score of a method over incidents.
type score struct {
	n, first, acceptable, three, harm int
	brier                             float64
}

// add judges one ranking. p is the probability of the first cause.
func (s *score) add(in *incident, ranked []string, p float64) {
	s.n++
	top := "none"
	if len(ranked) > 0 {
		top = ranked[0]
	}
	right := top == in.cause || in.cause == "unknown" && top == "none"
	if right {
		s.first++
	}
	if right || slices.Contains(in.acceptable, top) {
		s.acceptable++
	}
	if right || slices.Contains(ranked[:min(3, len(ranked))], in.cause) {
		s.three++
	}
	if slices.Contains(in.never, top) {
		s.harm++
	}
	hit := 0.0
	if right {
		hit = 1
	}
	s.brier += (p - hit) * (p - hit)
}

func (s *score) String() string {
	return fmt.Sprintf("%d/%d first, %d acceptable, %d within three, %d ruled-out ones first", s.first, s.n, s.acceptable, s.three, s.harm)
}

// modelRanks runs a variant of the model over incidents.
func modelRanks(t testing.TB, ins []incident, ab diagnose.Ablation) (s score) {
	t.Helper()
	for i := range ins {
		r := read(t, Options{Workers: 1, Ablation: ab}, named{ins[i].name, ins[i].data})
		p := 0.0
		if len(r.Causes) > 0 {
			p = r.Causes[0].Probability
		} else {
			p = 1
		}
		s.add(&ins[i], ids(r), p)
	}
	return s
}

func baselineRanks(t testing.TB, ins []incident) (s score) {
	t.Helper()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for i := range ins {
		r := read(t, Options{Workers: 1}, named{ins[i].name, ins[i].data})
		s.add(&ins[i], baseline(cat, r), 1)
	}
	return s
}

// simulated are incidents of the simulator: every cause with noise, two
// lifetimes, and healthy servers.
func simulated(t testing.TB, seeds int) []incident {
	t.Helper()
	var out []incident
	for seed := range uint64(seeds) {
		for i, cause := range loggen.Causes() {
			s := loggen.Scenario{Seed: seed*1000 + uint64(i), Cause: cause, Lifetimes: 1 + int(seed+uint64(i))%3, Noise: true, Quiet: i%2 == 0, ExitCode: -1}
			out = append(out, incident{name: fmt.Sprintf("%s-%d", cause, seed), data: simulate(t, s, loggen.Compose), cause: cause})
		}
		for i := range uint64(6) {
			out = append(out, incident{name: fmt.Sprintf("healthy-%d-%d", seed, i), cause: "none",
				data: simulate(t, loggen.Scenario{Seed: seed*100 + i, Lifetimes: 2, Noise: true, ExitCode: 0}, loggen.Compose)})
		}
	}
	return out
}

// handMade are the logs of testdata with the cause that stands in their name.
func handMade(t testing.TB) []incident {
	t.Helper()
	truth := map[string]string{
		"healthy-nvidia.compose.log": "none", "healthy-amd.plain.log": "none", "unexplained.compose.log": "unknown",
		"guide-incident.compose.log": "gpu-device-access-lost", "gpu-memory-three-lifetimes.compose-timestamps.log": "gpu-memory-exhaustion",
		"descriptors.docker-timestamps.log": "fd-exhaustion", "xid-79.journald.log": "gpu-xid", "driver-mismatch.compose.log": "gpu-driver-mismatch",
		"wayland-sockets.plain.log": "wayland-socket-leak", "pulse-promise-crash.compose.log": "wolf-crash",
		"gpu-runtime-missing.compose-v1.log": "nvidia-container-runtime", "mount-not-a-directory.json-file.log": "docker-mount-config",
		"uinput-missing.compose-colour.log": "uinput-permission", "ping-timeout.plain.log": "network-ping-timeout",
		"pairing-after-config-loss.compose.log": "pairing-cert", "config-toml-restart-loop.supervisord.log": "config-invalid",
		"sway-no-socket.compose.log": "xdg-runtime-dir", "caps-zero-copy.compose.log": "gst-caps-negotiation",
		"mfx-unsupported.plain.log": "encoder-unsupported", "amd-ring-timeout.journald.log": "gpu-hang-reset",
		"host-oom.journald.log": "host-oom", "name-conflict.cri.log": "docker-name-conflict", "nvenc-limit.compose.log": "nvenc-session-limit",
	}
	var out []incident
	for _, log := range corpus(t) {
		if cause, ok := truth[log.name]; ok {
			out = append(out, incident{name: log.name, data: log.data, cause: cause})
		}
	}
	if len(out) != len(truth) {
		t.Fatalf("%d of %d logs found", len(out), len(truth))
	}
	return out
}

// optional are further labelled logs that may lie beside the project; none
// when they do not.
func optional(t testing.TB) []incident {
	t.Helper()
	dir := filepath.Join("..", "..", "shared", "corpus")
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		return nil
	}
	var rows []struct {
		Slug, Cause     string
		Acceptable, Not []string
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	var out []incident
	for _, row := range rows {
		data, err := os.ReadFile(filepath.Join(dir, row.Slug+".log"))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, incident{row.Slug, data, row.Cause, row.Acceptable, row.Not})
	}
	return out
}

// TestBetterThanCounting compares the model with the plain count on every set
// there is.
func TestBetterThanCounting(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		name string
		ins  []incident
	}{{"simulated", simulated(t, shorter(3, 1))}, {"hand-made", handMade(t)}, {"optional", optional(t)}} {
		t.Run(set.name, func(t *testing.T) {
			if len(set.ins) == 0 {
				t.Skip("no such logs here")
			}
			model, plain := modelRanks(t, set.ins, diagnose.Ablation{}), baselineRanks(t, set.ins)
			t.Logf("model    %s", &model)
			t.Logf("counting %s", &plain)
			if model.first < plain.first || model.acceptable < plain.acceptable {
				t.Errorf("the model (%s) is no better than counting (%s)", &model, &plain)
			}
			if set.name != "optional" && model.first < model.n*95/100 {
				t.Errorf("the model is right in %d of %d only", model.first, model.n)
			}
			if testing.Verbose() {
				misses(t, set.ins)
			}
		})
	}
}

// misses lists where the model is not right.
func misses(t *testing.T, ins []incident) {
	t.Helper()
	for i := range ins {
		in := &ins[i]
		r := read(t, Options{Workers: 1}, named{in.name, in.data})
		var s score
		if s.add(in, ids(r), 1); s.first == 0 {
			t.Logf("%s: wanted %s %v, got %s", in.name, in.cause, in.acceptable, causeList(r))
		}
	}
}

// TestAblation leaves out one part of the model after the other and keeps the
// table in docs/ranking.md.
func TestAblation(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("some two thousand logs")
	}
	ins := append(simulated(t, 2), handMade(t)...)
	rivals := vague(t)
	pairs := pairsOfCauses(t)
	successions := every(successions(t), 3)
	var b strings.Builder
	fmt.Fprintf(&b, "*Right*: on %d logs (%d simulated, %d written by hand), how often the true cause comes first. *Vague*: on %d simulated logs without the line that\n"+
		"settles the cause, the mean probability given to the true one. *Pairs*: on %d logs in which one lifetime fails for one cause and the next for\nanother, how often these two come first and second.\n"+
		"*Began*: on %d logs in which a second cause shows minutes after the first and could account for what that one did, how often\n"+
		"the one that began comes first.\n\n",
		len(ins), len(ins)-len(handMade(t)), len(handMade(t)), len(rivals), len(pairs), len(successions))
	b.WriteString("| model | right | Brier score | vague | pairs | began |\n|---|---|---|---|---|---|\n")
	full := score{}
	for _, v := range []struct {
		name string
		ab   diagnose.Ablation
	}{
		{"as it is", diagnose.Ablation{}},
		{"without `explains`", diagnose.Ablation{NoEdges: true}},
		{"without order in time", diagnose.Ablation{NoOrder: true}},
		{"without lifetimes", diagnose.Ablation{NoLifetimes: true}},
		{"without facts", diagnose.Ablation{NoFacts: true}},
		{"without `against`", diagnose.Ablation{NoAgainst: true}},
	} {
		s := modelRanks(t, ins, v.ab)
		if v.ab == (diagnose.Ablation{}) {
			full = s
		}
		_, before := began(t, successions, v.ab)
		fmt.Fprintf(&b, "| %s | %d of %d | %.3f | %.0f %% | %d of %d | %d of %d |\n", v.name, s.first, s.n, s.brier/float64(s.n),
			100*meanOfTrue(t, rivals, v.ab), bothFound(t, pairs, v.ab), len(pairs), before, len(successions))
		if s.first > full.first+full.n/50 {
			t.Errorf("%s: %s, better than the whole model: %s", v.name, &s, &full)
		}
	}
	s := baselineRanks(t, ins)
	fmt.Fprintf(&b, "| counting matches of direct evidence | %d of %d | | | | |\n", s.first, s.n)
	documented(t, filepath.Join("..", "docs", "ranking.md"), "ablation", b.String())
}

// vague are simulated logs of the cascade that three causes share, without the
// line that settles it.
func vague(t testing.TB) (rivals []incident) {
	t.Helper()
	for seed := range uint64(20) {
		for _, cause := range []string{"gpu-memory-exhaustion", "gpu-device-access-lost"} {
			s := loggen.Scenario{Seed: seed, Cause: cause, Vague: true, ExitCode: 0, Noise: true}
			if cause == "gpu-memory-exhaustion" {
				s.FailAt, s.Lifetimes = []int{7, 7, 7, 8, 7}, 5
			} else {
				s.FailAt, s.Lifetimes, s.Survivor = []int{9, 2}, 2, true
			}
			rivals = append(rivals, incident{name: fmt.Sprintf("%s-vague-%d", cause, seed), data: simulate(t, s, loggen.Compose), cause: cause})
		}
	}
	return rivals
}

// meanOfTrue is the mean probability that the true cause is given.
func meanOfTrue(t *testing.T, ins []incident, ab diagnose.Ablation) float64 {
	t.Helper()
	sum := 0.0
	for i := range ins {
		r := read(t, Options{Workers: 1, Ablation: ab}, named{ins[i].name, ins[i].data})
		for _, c := range r.Causes {
			if c.ID == ins[i].cause {
				sum += c.Probability
			}
		}
	}
	return sum / float64(len(ins))
}

// pair is a log of two lifetimes that fail for different causes.
type pair struct {
	data []byte
	a, b string
}

func pairsOfCauses(t *testing.T) []pair {
	t.Helper()
	var out []pair
	causes := loggen.Causes()
	for i := range causes {
		p := pair{a: causes[i], b: causes[(i+7)%len(causes)]}
		lines, _, err := loggen.Play(loggen.Scenario{Seed: uint64(i), Cause: p.a, ExitCode: -1})
		if err != nil {
			t.Fatal(err)
		}
		more, _, err := loggen.Play(loggen.Scenario{Seed: uint64(i + 100), Cause: p.b, ExitCode: -1, Start: lines[len(lines)-1].Time.Add(3 * time.Minute)})
		if err != nil {
			t.Fatal(err)
		}
		p.data = []byte(loggen.Wrap(loggen.ComposeTimes, append(lines, more...)))
		out = append(out, p)
	}
	return out
}

// bothFound counts the pairs whose two causes come before all others.
func bothFound(t *testing.T, pairs []pair, ab diagnose.Ablation) (n int) {
	t.Helper()
	for _, p := range pairs {
		got := ids(read(t, Options{Workers: 1, Ablation: ab}, named{"wolf.log", p.data}))
		if len(got) >= 2 && slices.Contains(got[:2], p.a) && slices.Contains(got[:2], p.b) {
			n++
		} else if ab == (diagnose.Ablation{}) {
			t.Logf("%s and %s: %v", p.a, p.b, got)
		}
	}
	return n
}

// documented keeps a generated part of a document between <!-- name --> and
// <!-- end -->.
func documented(t *testing.T, file, name, want string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	open := "<!-- " + name + " -->\n"
	before, rest, ok := strings.Cut(string(raw), open)
	got, after, closed := strings.Cut(rest, "<!-- end -->")
	if !ok || !closed {
		t.Fatalf("%s has no part %q", file, name)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+open+want+"<!-- end -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s, part %s: got\n%swant\n%s(go test ./analyze -run Ablation -update rewrites it)", file, name, got, want)
	}
}
