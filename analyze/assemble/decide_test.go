package assemble

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/advice"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/setup"
	"wolfdiag/patterns"
)

// TestEveryRivalIsSettled: whatever pair of causes the catalogue calls rivals and
// has a command for, the report says what that command shows, in every deployment.
func TestEveryRivalIsSettled(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	used := func(engine setup.Engine, vendor string) *setup.Setup {
		var b setup.Builder
		b.Add(setup.Statement{About: setup.AboutEngine, Value: string(engine)})
		b.Add(setup.Statement{About: setup.AboutUsed, Of: "/dev/dri/renderD128", Value: vendor})
		return b.Setup()
	}
	for name, s := range map[string]*setup.Setup{"nothing known": {}, "compose, NVIDIA": used(setup.EngineCompose, "NVIDIA"), "podman, AMD": used(setup.EnginePodman, "AMD"), "Kubernetes, Intel": used(setup.EngineKubernetes, "Intel")} {
		words := advice.New(s)
		worded := func(c *patterns.Cause) (out report.Cause) {
			out.ID = c.ID
			for _, k := range c.Confirm {
				if command := words.Word(k.Command); command != "" {
					out.Confirm = append(out.Confirm, report.Check{Command: command, Expect: words.Word(k.Expect)})
				}
			}
			return out
		}
		for _, c := range cat.Causes() {
			for _, r := range c.Rivals {
				a, b := worded(c), worded(cat.Cause(r.Cause))
				a.Rivals = []report.Rival{{ID: r.Cause, Why: r.Why, Settle: words.Word(r.Settle), Expect: words.Word(r.Expect), Then: r.Cause}}
				if a.Rivals[0].Settle == "" {
					continue // nothing to run here
				}
				if d := between(&a, &b); d == nil || d.Says == "" || d.Says == r.Why || d.Then == d.Else {
					t.Errorf("%s: %s or %s: $ %s: nothing says what it shows: %+v", name, a.ID, b.ID, a.Rivals[0].Settle, d)
				}
			}
		}
	}
}

// TestDecide: the first command settles what the headline leaves open.
func TestDecide(t *testing.T) {
	t.Parallel()
	with := func(c report.Cause, preface string, checks ...report.Check) report.Cause {
		c.Confirm, c.Preface = checks, []string{preface}
		return c
	}
	const wolf, app = "WOLF=$(name wolf)", "APP=$(name app)"
	smi := report.Check{Command: `in "$WOLF" smi`, Expect: "an error"}
	df := report.Check{Command: "df", Expect: "full"}
	for _, tt := range []struct {
		name   string
		causes []report.Cause
		want   *report.Decision
	}{
		{"healthy", nil, nil},
		{"one cause", []report.Cause{with(cause("a", 0.9), wolf, smi)}, &report.Decision{Preface: []string{wolf}, Command: smi.Command, Says: "an error", Then: "a"}},
		{"no command", []report.Cause{cause("a", 0.9)}, nil},
		{"an improbable rival", []report.Cause{with(cause("a", 0.9, report.Rival{ID: "b", Settle: "df"}), wolf, smi), cause("b", 0.15)},
			&report.Decision{Preface: []string{wolf}, Command: smi.Command, Says: "an error", Then: "a"}},
		{"the settling command holds a check of the first", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Why: "memory", Settle: smi.Command + "; free"}), wolf, df, smi), cause("b", 0.3)},
			&report.Decision{Preface: []string{wolf}, Command: smi.Command + "; free", Says: "an error", Then: "a", Else: "b"}},
		{"it is a check of the rival", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Settle: "df"}), wolf, smi), with(cause("b", 0.3), app, df)},
			&report.Decision{Preface: []string{}, Command: "df", Says: "full", Then: "b", Else: "a"}},
		{"only the catalogue's word on the rival", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Why: "refused, not full", Settle: "ls"}), wolf, smi), cause("b", 0.3)},
			&report.Decision{Preface: []string{}, Command: "ls", Says: "refused, not full", Then: "b", Else: "a"}},
		{"what the command shows", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Why: "w", Settle: "ls", Expect: "nothing", Then: "b"}), wolf, smi), cause("b", 0.3)},
			&report.Decision{Preface: []string{}, Command: "ls", Says: "nothing", Then: "b", Else: "a"}},
		{"what it shows if it is the first", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Why: "w", Settle: "ls", Expect: "nothing", Then: "a"}), wolf, smi), cause("b", 0.3)},
			&report.Decision{Preface: []string{}, Command: "ls", Says: "nothing", Then: "a", Else: "b"}},
		{"the rival names the first", []report.Cause{with(cause("a", 0.7), wolf, smi), with(cause("b", 0.3, report.Rival{ID: "a", Why: "full", Settle: `in "$APP" df`}), app)},
			&report.Decision{Preface: []string{app}, Command: `in "$APP" df`, Says: "full", Then: "a", Else: "b"}},
		{"a trouble of its own", []report.Cause{with(cause("a", 0.7), wolf, smi), with(cause("b", 0.6), app, df)}, &report.Decision{Preface: []string{wolf}, Command: smi.Command, Says: "an error", Then: "a"}},
		{"a command that only begins alike", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Why: "full", Settle: "dfx -h"}), wolf, df), cause("b", 0.3)},
			&report.Decision{Preface: []string{}, Command: "dfx -h", Says: "full", Then: "b", Else: "a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, decide(tt.causes)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
