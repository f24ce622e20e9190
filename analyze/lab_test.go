package analyze

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wolfdiag/analyze/diagnose"
)

// laboratory are the recorded runs of real programs that may be looked at, by
// the program.
func laboratory(t testing.TB) (ins []incident, programs []string) {
	t.Helper()
	dir := filepath.Join("..", "testdata", "lab", "dev")
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Log, Cause, Program string
		Acceptable, Not     []string
	}
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) < 90 {
		t.Fatalf("%d runs, %v", len(rows), err)
	}
	for _, row := range rows {
		data, err := os.ReadFile(filepath.Join(dir, row.Log))
		if err != nil {
			t.Fatal(err)
		}
		ins = append(ins, incident{row.Log, data, row.Cause, row.Acceptable, row.Not})
		programs = append(programs, row.Program)
	}
	return ins, programs
}

// TestAblationLab leaves out what tells an ordinary day from a failure, one part
// after the other, on real programs' words, and keeps the tables of
// docs/ranking.md.
func TestAblationLab(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("some thousand logs")
	}
	ins, programs := laboratory(t)
	var b strings.Builder
	b.WriteString("| model | right or acceptable | ruled out, yet first | false alarms |\n|---|---|---|---|\n")
	for _, v := range []struct {
		name string
		ab   diagnose.Ablation
	}{
		{"as it is", diagnose.Ablation{}},
		{"without the speaker", diagnose.Ablation{NoSpeaker: true}},
		{"without the setup", diagnose.Ablation{NoSetup: true}},
		{"without phases", diagnose.Ablation{NoPhase: true}},
		{"without sessions that worked", diagnose.Ablation{NoOutcome: true}},
		{"without contrast", diagnose.Ablation{NoContrast: true}},
		{"without readings", diagnose.Ablation{NoReading: true}},
	} {
		right, harm, faulty, alarms, healthy := 0, 0, 0, 0, 0
		for i := range ins {
			in := &ins[i]
			r := read(t, Options{Workers: 1, Ablation: v.ab}, named{in.name, in.data})
			first := "none"
			if len(r.Causes) > 0 {
				first = r.Causes[0].ID
			}
			if in.cause == "none" {
				healthy++
				if first != "none" && !slices.Contains(in.acceptable, first) {
					alarms++
				}
				continue
			}
			faulty++
			if accepted(in, first) {
				right++
			}
			if slices.Contains(in.never, first) {
				harm++
			}
		}
		fmt.Fprintf(&b, "| %s | %d of %d | %d | %d of %d |\n", v.name, right, faulty, harm, alarms, healthy)
	}
	ranking := filepath.Join("..", "docs", "ranking.md")
	documented(t, ranking, "lab", b.String())
	documented(t, ranking, "calibration", calibration(t, ins, programs))
}

// accepted reports whether a first cause, "none" for none, is one that a fair
// judge accepts.
func accepted(in *incident, first string) bool {
	return first == in.cause || slices.Contains(in.acceptable, first) || first == "none" && (in.cause == "unknown" || slices.Contains(in.acceptable, "unknown"))
}

// stated is a probability that was stated, of which source, and whether the cause
// was one that is accepted, and the very one.
type stated struct {
	p      float64
	source string
	right  bool
	itself bool
}

// calibration compares what is stated with what comes true: the first cause of
// each log, in bins of at least 30, with the 90 % interval of the share that is
// right (Wilson, JASA 22, 1927) and how far that moves when one source is left out.
func calibration(t *testing.T, lab []incident, programs []string) string {
	t.Helper()
	var all []stated
	note := func(ins []incident, source func(i int) string) {
		for i := range ins {
			if r := read(t, Options{Workers: 1}, named{ins[i].name, ins[i].data}); len(r.Causes) > 0 {
				first := r.Causes[0]
				all = append(all, stated{first.Probability, source(i), accepted(&ins[i], first.ID), first.ID == ins[i].cause})
			}
		}
	}
	note(lab, func(i int) string { return programs[i] })
	note(handMade(t), func(int) string { return "written by hand" })
	note(vague(t), func(int) string { return "simulated" })
	slices.SortStableFunc(all, func(a, b stated) int { return cmp.Compare(a.p, b.p) })
	var b strings.Builder
	b.WriteString("| stated | logs | mean stated | the label itself | accepted | 90 % interval | without one source |\n|---|---:|---:|---:|---:|---|---|\n")
	for _, bin := range bins(all, 30) {
		sum, right, itself := 0.0, 0, 0
		for _, s := range bin {
			sum += s.p
			if s.right {
				right++
			}
			if s.itself {
				itself++
			}
		}
		n := len(bin)
		low, high := wilson(right, n)
		least, most := without(bin)
		fmt.Fprintf(&b, "| %.2f to %.2f | %d | %.2f | %.2f | %.2f | %.2f to %.2f | %.2f to %.2f |\n", bin[0].p, bin[n-1].p, n, sum/float64(n),
			float64(itself)/float64(n), float64(right)/float64(n), low, high, least, most)
	}
	return b.String()
}

// bins cuts a sorted list at these probabilities, and joins what is too few.
func bins(all []stated, least int) [][]stated {
	var out [][]stated
	from := 0
	for _, edge := range []float64{0.4, 0.6, 0.8, 0.9, 0.99, 2} {
		to := from
		for to < len(all) && all[to].p < edge {
			to++
		}
		if to-from >= least || edge > 1 {
			out = append(out, all[from:to])
			from = to
		}
	}
	if n := len(out); n > 1 && len(out[n-1]) < least {
		joined := len(out[n-1]) + len(out[n-2])
		out = append(out[:n-2], all[len(all)-joined:])
	}
	return out
}

// wilson is the 90 % interval of a share.
func wilson(right, n int) (low, high float64) {
	const z = 1.6449
	p, m := float64(right)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return mid - half, mid + half
}

// without is the least and the greatest share that is right when the logs of one
// source are left out.
func without(bin []stated) (least, most float64) {
	least, most = 1, 0
	for _, s := range bin {
		right, n := 0, 0
		for _, o := range bin {
			if o.source == s.source {
				continue
			}
			n++
			if o.right {
				right++
			}
		}
		if n > 0 {
			share := float64(right) / float64(n)
			least, most = min(least, share), max(most, share)
		}
	}
	return least, most
}
