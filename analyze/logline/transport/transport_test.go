package transport

import (
	"strings"
	"testing"

	"wolfdiag/analyze/logline/arena"
	"wolfdiag/analyze/logline/record"
)

// TestUnwrap: one line of each transport, and what is left of it. The many lines
// of real tools stand in the tests of package logline.
func TestUnwrap(t *testing.T) {
	t.Parallel()
	const cri = "2025-10-02T06:40:11.752176123Z "
	for _, tc := range []struct{ in, want string }{
		{"bare", "||bare"},
		{"", "||"},
		{"wolf-1  | text", "compose|wolf-1|text"},
		{"2025-10-02T06:40:11.752176123Z text", "timestamps||text"},
		{"wolf-1  | 2025-10-02T06:40:11.752176123Z text", "compose+timestamps|wolf-1|text"},
		{`{"log":"text\n","stream":"stderr","time":"2025-10-02T06:40:11Z"}`, "docker-json||text|stderr"},
		{cri + "stderr F text", "cri||text|stderr"},
		{cri + "stdout P tex", "cri||tex|stdout|partial"},
		{"Oct 02 06:40:11 host wolf[1381]: text", "journald|wolf|text"},
		{"<4>text", "syslog||text"},
		{"> quoted", "markdown||quoted"},
		{"    wolf-1  | text", "compose|wolf-1|text"}, // indented by a paste
		{"    more of the message", "||    more of the message"},
	} {
		st := State{Arena: new(arena.Arena)}
		r := record.Record{}
		left := Unwrap(&st, []byte(tc.in), &r)
		var n Names
		got := n.Of(st.Wraps) + "|" + string(r.Service) + "|" + string(left)
		if r.Stream > 0 {
			got += "|" + []string{"", "stdout", "stderr"}[r.Stream]
		}
		if r.Partial {
			got += "|partial"
		}
		if got != tc.want {
			t.Errorf("%q\n got %s\nwant %s", tc.in, got, tc.want)
		}
	}
}

// TestUnwrapNests: transports within transports are taken off, but not without end.
func TestUnwrapNests(t *testing.T) {
	t.Parallel()
	st := State{Arena: new(arena.Arena)}
	left := Unwrap(&st, []byte(strings.Repeat("wolf-1  | ", maxNesting+2)+"text"), &record.Record{})
	if want := strings.Repeat("wolf-1  | ", 2) + "text"; string(left) != want {
		t.Errorf("got %q, want %q", left, want)
	}
}

// TestUpToCut: what stands in front of a message that its transport cuts into lines.
func TestUpToCut(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2025-10-02T06:40:11.752176123Z stdout P wolf-1  | text": "wolf-1  | text",
		"wolf-1  | text": "text",
	} {
		st := State{Arena: new(arena.Arena), UpToCut: true}
		if got := string(Unwrap(&st, []byte(in), &record.Record{})); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	st := State{Wraps: Compose, Claim: record.LevelError, Kernel: true, Cut: []byte("x"), CutTag: []byte("P")}
	st.Reset()
	if st.Wraps != 0 || st.Claim != record.LevelNone || st.Kernel || st.Cut != nil || st.CutTag != nil {
		t.Errorf("Reset leaves %+v", st)
	}
}
