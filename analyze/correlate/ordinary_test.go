package correlate

import (
	"testing"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/outcome"
	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/speaker"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// TestOrdinary: each part of a condition holds and fails by itself.
func TestOrdinary(t *testing.T) {
	t.Parallel()
	at := func(second int64) timeline.Reading {
		nanos := time.Date(2025, 10, 2, 12, 0, 0, 0, time.UTC).UnixNano() + second*1e9
		return timeline.Reading{Pos: timeline.Pos{Line: second + 1}, Outer: logline.Stamp{Kind: logline.ClockUTC, Nanos: nanos, Resolution: 1}}
	}
	clock := timeline.New(timeline.Options{})
	clock.StartInput(0, "wolf.log", time.Time{})
	clock.Event(timeline.Event{Reading: at(0), Kind: "wolf-start"})
	clock.Event(timeline.Event{Reading: at(100), Kind: "container-start", Container: "/WolfXFCE_1"})
	clock.Event(timeline.Event{Reading: at(400), Kind: "container-stop", Container: "/WolfXFCE_1"})
	times := clock.Resolve()
	var amd setup.Builder
	amd.Add(setup.Statement{About: setup.AboutUsed, Of: "/dev/dri/renderD128", Value: "AMD"})
	for _, tc := range []struct {
		name      string
		condition patterns.Condition
		matches   []int64 // of the complaint
		after     []int64 // of the pattern that conditions name
		by        speaker.Class
		want      bool
	}{
		{"hardware that is not in use", patterns.Condition{Idle: "nvidia"}, []int64{10}, nil, 0, true},
		{"hardware that is", patterns.Condition{Idle: "amd"}, []int64{10}, nil, 0, false},
		{"a vendor in use", patterns.Condition{InUse: "amd"}, []int64{10}, nil, 0, true},
		{"another", patterns.Condition{InUse: "nvidia"}, []int64{10}, nil, 0, false},
		{"its speaker", patterns.Condition{Speakers: []string{"wolf"}}, []int64{10}, nil, speaker.Wolf, true},
		{"another speaker", patterns.Condition{Speakers: []string{"wolf"}}, []int64{10}, nil, speaker.Pulse, false},
		{"its phase", patterns.Condition{Phases: []string{"start"}}, []int64{10}, nil, 0, true},
		{"another phase", patterns.Condition{Phases: []string{"start"}}, []int64{200}, nil, 0, false},
		{"it worked afterwards", patterns.Condition{FollowedBy: []string{"other"}}, []int64{10}, []int64{20}, 0, true},
		{"it worked before", patterns.Condition{FollowedBy: []string{"other"}}, []int64{10}, []int64{5}, 0, false},
		{"nothing bad came after", patterns.Condition{NotFollowedBy: []string{"other"}}, []int64{10}, []int64{5}, 0, true},
		{"something did", patterns.Condition{NotFollowedBy: []string{"other"}}, []int64{10}, []int64{20}, 0, false},
		{"just after something", patterns.Condition{PrecededBy: []string{"other"}}, []int64{10}, []int64{5}, 0, true},
		{"long after it", patterns.Condition{PrecededBy: []string{"other"}}, []int64{300}, []int64{5}, 0, false},
		{"once", patterns.Condition{Most: 1}, []int64{10}, nil, 0, true},
		{"twice, long apart", patterns.Condition{Most: 1}, []int64{10, 90}, nil, 0, false},
		{"a session worked later", patterns.Condition{Worked: true}, []int64{10}, nil, 0, true},
		{"none did", patterns.Condition{Worked: true}, []int64{500}, nil, 0, false},
		{"nothing else fails", patterns.Condition{Alone: true}, []int64{10}, nil, 0, true},
		{"all parts must hold", patterns.Condition{Most: 1, Phases: []string{"idle"}}, []int64{10}, nil, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			runs := New([]*patterns.Pattern{
				{ID: "complaint", Role: patterns.RoleSymptom, Ordinary: []patterns.Condition{tc.condition}}, {ID: "other", Role: patterns.RoleLifecycle},
			})
			for second := int64(0); second < 600; second++ {
				for p, list := range [][]int64{tc.matches, tc.after} {
					for _, m := range list {
						if m == second {
							run, _ := runs.Add(int32(p), at(second))
							run.SaidBy(tc.by)
						}
					}
				}
			}
			if tc.condition.Alone { // with an error beside it, it is a complaint
				defer func() {
					runs.all[1] = &patterns.Pattern{ID: "other", Role: patterns.RoleCause, Severity: "error"}
					runs.Add(1, at(599))
					if n := len(runs.Judge(&Circumstances{Times: times}).Ordered()); n != 2 {
						t.Errorf("%d complaints, want both", n)
					}
				}()
			}
			left := runs.Judge(&Circumstances{Times: times, Setup: amd.Setup(), Outcomes: outcome.Judge(times, nil)}).Ordered()
			if got := len(left) == 0; got != tc.want {
				t.Errorf("ordinary: %v, want %v", got, tc.want)
			}
		})
	}
}

// TestAloneIsAboutTheSame: an error that no cause of the complaint is about does
// not make it one.
func TestAloneIsAboutTheSame(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		related func(complaint, beside string) bool
		want    int
	}{
		{"nobody can tell", nil, 2},
		{"of one cause", func(complaint, beside string) bool { return complaint == "no-gpu" && beside == "refused" }, 2},
		{"of another", func(_, _ string) bool { return false }, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			runs := New([]*patterns.Pattern{
				{ID: "no-gpu", Role: patterns.RoleSymptom, Ordinary: []patterns.Condition{{Alone: true}}},
				{ID: "refused", Role: patterns.RoleSymptom, Severity: "error"},
			})
			for p := range int32(2) {
				run, _ := runs.Add(p, timeline.Reading{Pos: timeline.Pos{Line: int64(p) + 1}})
				run.SaidBy(speaker.Wolf)
			}
			if n := len(runs.Judge(&Circumstances{Related: tc.related}).Ordered()); n != tc.want {
				t.Errorf("%d complaints, want %d", n, tc.want)
			}
		})
	}
}

// TestOrdinaryErrorIsNoFailure: what is ordinary in itself does not make a
// lifetime one that fails.
func TestOrdinaryErrorIsNoFailure(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		error []patterns.Condition // under which the error is ordinary
		want  int
	}{
		{"an error that is ordinary once", []patterns.Condition{{Most: 1}}, 0},
		{"an error that never is", nil, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			runs := New([]*patterns.Pattern{
				{ID: "no-gpu", Role: patterns.RoleSymptom, Ordinary: []patterns.Condition{{Alone: true}}},
				{ID: "refused", Role: patterns.RoleSymptom, Severity: "error", Ordinary: tc.error},
			})
			for p := range int32(2) {
				run, _ := runs.Add(p, timeline.Reading{Pos: timeline.Pos{Line: int64(p) + 1}})
				run.SaidBy(speaker.Wolf)
			}
			if n := len(runs.Judge(&Circumstances{}).Ordered()); n != tc.want {
				t.Errorf("%d complaints, want %d", n, tc.want)
			}
		})
	}
}
