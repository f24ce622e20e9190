package assemble

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

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
		{"an improbable rival", []report.Cause{with(cause("a", 0.9, report.Rival{ID: "b", Settle: "df"}), wolf, smi), cause("b", 0.2)},
			&report.Decision{Preface: []string{wolf}, Command: smi.Command, Says: "an error", Then: "a"}},
		{"the settling command holds a check of the first", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Why: "memory", Settle: smi.Command + "; free"}), wolf, df, smi), cause("b", 0.3)},
			&report.Decision{Preface: []string{wolf}, Command: smi.Command + "; free", Says: "an error", Then: "a", Else: "b"}},
		{"it is a check of the rival", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Settle: "df"}), wolf, smi), with(cause("b", 0.3), app, df)},
			&report.Decision{Preface: []string{}, Command: "df", Says: "full", Then: "b", Else: "a"}},
		{"only the catalogue's word on the rival", []report.Cause{with(cause("a", 0.7, report.Rival{ID: "b", Why: "refused, not full", Settle: "ls"}), wolf, smi), cause("b", 0.3)},
			&report.Decision{Preface: []string{}, Command: "ls", Says: "refused, not full", Then: "b", Else: "a"}},
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
