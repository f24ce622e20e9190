package analyze

import (
	"strings"
	"testing"

	"wolfdiag/patterns"
)

const inhibitCatalogue = `
[[pattern]]
id = "t-failed"
title = "a driver failed"
role = "cause"
regex = 'test driver [ab] failed'
severity = "error"
why = "It is tried."
samples = ["test driver a failed", "test driver b failed"]

[[pattern]]
id = "t-works"
title = "a driver works"
role = "lifecycle"
regex = 'test driver works'
why = "The last one fits."
resolves = ["t-failed"]
samples = ["test driver works"]

[[pattern]]
id = "t-lost"
title = "the display went away"
role = "cause"
regex = 'test display lost'
severity = "error"
why = "It is gone."
samples = ["test display lost"]

[[pattern]]
id = "t-ended"
title = "the app ended"
role = "lifecycle"
regex = 'test app ended'
why = "As it should."
excuses = ["t-lost"]
samples = ["test app ended"]

[[cause]]
id = "t-driver"
title = "no driver"
prior = 0.01
explanation = "None works."
evidence = [{ pattern = "t-failed", strength = 0.9, why = "it failed" }]

[[cause]]
id = "t-display"
title = "no display"
prior = 0.01
explanation = "It is gone."
evidence = [{ pattern = "t-lost", strength = 0.9, why = "it went away" }]
`

// at puts a time before a line, as a log with a clock of its own has it.
func at(clock, line string) string { return "2026-03-01T10:" + clock + "Z " + line }

func TestInhibit(t *testing.T) {
	cat, err := patterns.Load(patterns.UserFile{Name: "t.toml", Data: []byte(inhibitCatalogue)})
	if err != nil {
		t.Fatal(err)
	}
	filler := strings.Split(strings.Repeat("all is quiet here\n", 240), "\n")
	with := func(n int, last string) []string { return append(append([]string{}, filler[:n]...), last) }
	tests := []struct {
		name  string
		lines []string
		want  string // the causes found
	}{
		{"a complaint", []string{"test driver a failed"}, "t-driver"},
		{"a success follows", []string{"test driver a failed", "test driver b failed", "test driver works"}, ""},
		{"a success before", []string{"test driver works", "test driver a failed"}, "t-driver"},
		{"it fails again after the success", []string{"test driver a failed", "test driver works", "test driver a failed"}, "t-driver"},
		{"it works again after it failed again", []string{"test driver a failed", "test driver works", "test driver a failed", "test driver works"}, ""},
		{"a success too many lines later", append([]string{"test driver a failed"}, with(200, "test driver works")...), "t-driver"},
		{"a success within the minute", []string{at("00:01", "test driver a failed"), at("00:58", "test driver works")}, ""},
		{"a success too late", []string{at("00:01", "test driver a failed"), at("02:01", "test driver works")}, "t-driver"},
		{"the app ended before", []string{"test app ended", "test display lost"}, ""},
		{"the app ended afterwards", []string{"test display lost", "test app ended"}, "t-display"},
		{"the display went much later", append([]string{"test app ended"}, with(40, "test display lost")...), "t-display"},
		{"the display went minutes later", []string{at("00:01", "test app ended"), at("01:01", "test display lost")}, "t-display"},
		{"it goes on being lost", append([]string{"test app ended", "test display lost"}, with(40, "test display lost")...), "t-display"},
		{"what works excuses nothing else", []string{"test display lost", "test driver works"}, "t-display"},
		{"another life of Wolf", []string{"test driver a failed", "06:40:11.900504091 INFO  | Reading config file from: /etc/wolf/cfg/config.toml", "06:40:11.940504091 INFO  | Gstreamer version: 1.26.2-0", "test driver works"}, "t-driver"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, Options{Catalogue: cat}, named{"log", []byte(strings.Join(tt.lines, "\n") + "\n")})
			var got []string
			for _, c := range r.Causes {
				if strings.HasPrefix(c.ID, "t-") {
					got = append(got, c.ID)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("found %q, want %q", s, tt.want)
			}
		})
	}
}
