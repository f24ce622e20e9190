package recognise

import (
	"testing"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/speaker"
	"wolfdiag/patterns"
)

// TestMayMean: a text means what a pattern says only in the mouth and at the
// level it was written for.
func TestMayMean(t *testing.T) {
	t.Parallel()
	wolfs := &patterns.Pattern{Role: patterns.RoleCause, Speakers: []string{"wolf", "compositor"}}
	notApps := &patterns.Pattern{Role: patterns.RoleSymptom, NotSpeakers: []string{"app"}}
	anybodys := &patterns.Pattern{Role: patterns.RoleCause}
	quiet := &patterns.Pattern{Role: patterns.RoleCause, Level: "debug"}
	life := &patterns.Pattern{Role: patterns.RoleLifecycle}
	by := func(c speaker.Class) said { return said{speaker: speaker.Speaker{Class: c}} }
	for _, tc := range []struct {
		name string
		p    *patterns.Pattern
		s    said
		want bool
	}{
		{"Wolf's text by Wolf", wolfs, by(speaker.Wolf), true},
		{"Wolf's text by an app", wolfs, by(speaker.App), false},
		{"Wolf's text by nobody known", wolfs, by(speaker.Unknown), true},
		{"not an app's, by an app", notApps, by(speaker.App), false},
		{"not an app's, by the kernel", notApps, by(speaker.Kernel), true},
		{"a complaint of foreign software", anybodys, by(speaker.Foreign), false},
		{"a start of foreign software", life, by(speaker.Foreign), true},
		{"a complaint that the program calls information", anybodys, said{below: true}, false},
		{"one that upstream logs so", quiet, said{below: true}, true},
		{"a start at information", life, said{below: true}, true},
	} {
		if got := mayMean(tc.p, tc.s); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}

// TestBelow: only the program's own word makes a record less than a complaint.
func TestBelow(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"19:12:00.230322599 INFO  | [HTTPS] GET request /applist?title=GL_OUT_OF_MEMORY":                true,
		"19:12:00.230322599 ERROR | [GSTREAMER] Pipeline error: x":                                      false,
		"terminate called after throwing an instance of 'std::bad_alloc'":                               false,
		`{"PRIORITY":"6","SYSLOG_IDENTIFIER":"wolf","MESSAGE":"terminate called without an exception"}`: false,
	} {
		var rec logline.Record
		logline.NewParser().Parse([]byte(line), &rec)
		if got := below(&rec); got != want {
			t.Errorf("below(%q) = %v, want %v", line, got, want)
		}
	}
}
