package correlate

import (
	"slices"
	"testing"

	"wolfdiag/analyze/speaker"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// TestUnnamed: a crash of nobody's is not Wolf's, where Wolf does not speak.
func TestUnnamed(t *testing.T) {
	t.Parallel()
	at := timeline.Reading{Pos: timeline.Pos{Line: 5}}
	for _, tc := range []struct {
		name string
		by   speaker.Class
		wolf bool
		want bool // it counts
	}{
		{"nobody is named", speaker.Unknown, false, false},
		{"in a log of Wolf's", speaker.Unknown, true, true},
		{"Wolf says it", speaker.Wolf, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			runs := New([]*patterns.Pattern{{ID: "crash", Role: patterns.RoleCause, Ordinary: []patterns.Condition{{Unnamed: true}}}})
			if tc.wolf {
				runs.OfWolf(timeline.Reading{Pos: timeline.Pos{Line: 1}, Service: "wolf-1"})
			}
			run, _ := runs.Add(0, at)
			run.SaidBy(tc.by)
			if got := len(runs.Judge(&Circumstances{}).Ordered()) == 1; got != tc.want {
				t.Errorf("it counts: %v, want %v", got, tc.want)
			}
		})
	}
}

// TestElsewhere: what only Wolf's container needs is not missed in another's log.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	runs := New([]*patterns.Pattern{{ID: "node", Role: patterns.RoleCause, Ordinary: []patterns.Condition{{Speakers: []string{"init"}, Elsewhere: true}}}})
	in := func(input int32, by speaker.Class) {
		run, _ := runs.Add(0, timeline.Reading{Pos: timeline.Pos{Input: input, Line: 5}})
		run.SaidBy(by)
	}
	runs.OfWolf(timeline.Reading{Pos: timeline.Pos{Input: 1, Line: 1}, Service: "wolf-1"})
	in(0, speaker.Init) // an app's container
	in(1, speaker.Init) // Wolf's
	in(2, speaker.Wolf)
	var got []int32
	for _, p := range runs.Judge(&Circumstances{}).Ordered() {
		got = append(got, p.Run.Last.Input)
	}
	if want := []int32{1, 2}; !slices.Equal(got, want) {
		t.Errorf("it counts in the inputs %v, want %v", got, want)
	}
}

// TestGoesOn: a program that has much to say after a complaint, or ends well, has
// not failed for it.
func TestGoesOn(t *testing.T) {
	t.Parallel()
	const complaint = "complaint"
	line := func(n int, service string) timeline.Reading {
		return timeline.Reading{Pos: timeline.Pos{Line: int64(n)}, Service: service}
	}
	for _, tc := range []struct {
		name string
		log  func(*Runs)
		want bool // it went on
	}{
		{"the last word", func(*Runs) {}, false},
		{"a few more words", func(r *Runs) {
			for n := range goesOn - 1 {
				r.Said(line(10+n, "app-1"))
			}
		}, false},
		{"many more", func(r *Runs) {
			for n := range goesOn {
				r.Said(line(10+n, "app-1"))
			}
		}, true},
		{"many of another service", func(r *Runs) {
			for n := range goesOn {
				r.Said(line(10+n, "app-2"))
			}
		}, false},
		{"many more, and the complaint again", func(r *Runs) {
			for n := range goesOn {
				r.Said(line(10+n, "app-1"))
			}
			r.Add(0, line(99, "app-1"))
		}, false},
		{"it ended well", func(r *Runs) { r.EndedWell(line(10, "app-1"), "") }, true},
		{"another says that it ended well", func(r *Runs) { r.EndedWell(line(10, ""), "app-1") }, true},
		{"it tries another way", func(r *Runs) { r.NextTry(line(7, "app-1")); r.Said(line(8, "app-1")) }, true},
		{"the other way is the last word", func(r *Runs) { r.Said(line(7, "app-1")); r.NextTry(line(7, "app-1")) }, false},
		{"the other way is far", func(r *Runs) { r.NextTry(line(5+tryLines+1, "app-1")); r.Said(line(20, "app-1")) }, false},
		{"another service tries another way", func(r *Runs) { r.NextTry(line(7, "app-2")); r.Said(line(8, "app-1")) }, false},
		{"the other way fails as well", func(r *Runs) {
			r.NextTry(line(7, "app-1"))
			r.Said(line(8, "app-1"))
			r.Add(0, line(9, "app-1"))
		}, false},
		{"it is Wolf, which always goes on", func(r *Runs) {
			r.OfWolf(line(1, "app-1"))
			r.EndedWell(line(10, "app-1"), "")
		}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			runs := New([]*patterns.Pattern{{ID: complaint, Role: patterns.RoleSymptom, Ordinary: []patterns.Condition{{GoesOn: true}}}})
			for n := range 2 * goesOn { // what was said before does not count
				runs.Said(line(n-2*goesOn, "app-1"))
			}
			runs.Add(0, line(5, "app-1"))
			tc.log(runs)
			if got := len(runs.Judge(&Circumstances{}).Ordered()) == 0; got != tc.want {
				t.Errorf("went on: %v, want %v", got, tc.want)
			}
		})
	}
}

// TestSurvived: what a program ended well after is no reason why it could not run;
// what it may lack while it runs is one still.
func TestSurvived(t *testing.T) {
	t.Parallel()
	line := func(n int64, service string) timeline.Reading {
		return timeline.Reading{Pos: timeline.Pos{Line: n}, Service: service}
	}
	many := func(r *Runs) {
		for n := range goesOn {
			r.Said(line(10+int64(n), "app-1"))
		}
	}
	for _, tc := range []struct {
		name, pattern string
		by            speaker.Class
		log           func(*Runs)
		want          bool // it is ordinary
	}{
		{"it ended well", "helper-missing", speaker.Init, func(r *Runs) { r.EndedWell(line(10, "app-1"), "") }, true},
		{"it was asked to end", "helper-missing", speaker.Init, func(r *Runs) { r.Stopped(line(10, "app-1"), "") }, true},
		{"another was asked to end", "helper-missing", speaker.Init, func(r *Runs) { r.Stopped(line(10, "app-2"), "") }, false},
		{"it was asked to end before", "helper-missing", speaker.Init, func(r *Runs) { r.Stopped(line(4, "app-1"), "") }, false},
		{"it waited for a display until it was asked to end", "no-display", speaker.App, func(r *Runs) { r.Stopped(line(10, "app-1"), "") }, false},
		{"it found a display and ended well", "no-display", speaker.App, func(r *Runs) { r.EndedWell(line(10, "app-1"), "") }, true},
		{"it has more to say", "helper-missing", speaker.Init, many, false},
		{"nothing more is known", "helper-missing", speaker.Init, func(*Runs) {}, false},
		{"it ended well without sound", "no-sound", speaker.App, func(r *Runs) { r.EndedWell(line(10, "app-1"), "") }, false},
		{"a crash in between", "crash", speaker.App, func(r *Runs) { r.EndedWell(line(10, "app-1"), "") }, false},
		{"a daemon, which goes on whatever happens", "helper-missing", speaker.Runtime, func(r *Runs) { r.EndedWell(line(10, "app-1"), "") }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			all := []*patterns.Pattern{
				{ID: "helper-missing", Role: patterns.RoleCause, Severity: "error"},
				{ID: "no-sound", Role: patterns.RoleCause, Severity: "error"},
				{ID: "crash", Role: patterns.RoleCause, Severity: "fatal"},
				{ID: "no-display", Role: patterns.RoleCause, Severity: "error"},
			}
			runs := New(all)
			at := int32(slices.IndexFunc(all, func(p *patterns.Pattern) bool { return p.ID == tc.pattern }))
			run, _ := runs.Add(at, line(5, "app-1"))
			run.SaidBy(tc.by)
			tc.log(runs)
			c := &Circumstances{Stops: func(id string) bool { return id != "no-sound" }, Hangs: func(id string) bool { return id == "no-display" }}
			if got := len(runs.Judge(c).Ordered()) == 0; got != tc.want {
				t.Errorf("ordinary: %v, want %v", got, tc.want)
			}
		})
	}
}

// TestStranger: what means something in Wolf's mouth alone means nothing in that of
// a service that is not Wolf, when Wolf is known by another name.
func TestStranger(t *testing.T) {
	t.Parallel()
	line := func(n int64, service string) timeline.Reading {
		return timeline.Reading{Pos: timeline.Pos{Line: n}, Service: service}
	}
	for _, tc := range []struct {
		name          string
		speakers      []string
		service, wolf string
		by            speaker.Class
		want          bool // it is ordinary
	}{
		{"another service", []string{"wolf", "compositor"}, "gow-1", "wolf-1", speaker.Unknown, true},
		{"Wolf under a name of its own", []string{"wolf"}, "gow-1", "gow-1", speaker.Unknown, false},
		{"nobody is Wolf", []string{"wolf"}, "gow-1", "", speaker.Unknown, false},
		{"a line of no service", []string{"wolf"}, "", "wolf-1", speaker.Unknown, false},
		{"it says itself that it is Wolf", []string{"wolf"}, "gow-1", "wolf-1", speaker.Wolf, false},
		{"others mean it too", []string{"wolf", "app"}, "gow-1", "wolf-1", speaker.Unknown, false},
		{"anybody means it", nil, "gow-1", "wolf-1", speaker.Unknown, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			runs := New([]*patterns.Pattern{{ID: "terminate", Role: patterns.RoleCause, Severity: "fatal", Speakers: tc.speakers}})
			if tc.wolf != "" {
				runs.OfWolf(line(1, tc.wolf))
			}
			run, _ := runs.Add(0, line(5, tc.service))
			run.SaidBy(tc.by)
			if got := len(runs.Judge(&Circumstances{}).Ordered()) == 0; got != tc.want {
				t.Errorf("ordinary: %v, want %v", got, tc.want)
			}
		})
	}
}
