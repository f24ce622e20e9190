package outcome

import (
	"fmt"
	"testing"
	"time"
)

// TestCompare: in which sessions something was seen. The log has three sessions
// that worked, two of them at once, and one that broke beside a fourth that worked.
func TestCompare(t *testing.T) {
	t.Parallel()
	var steps []step
	for i, s := range []struct{ from, to float64 }{{100, 400}, {500, 900}, {600, 800}, {1000, 1400}, {1100, 1300}} {
		name := fmt.Sprintf("/WolfXFCE_%d0000000000", i+1)
		steps = append(steps, step{s.from, "container-start", name}, step{s.to, "container-stop", name})
	}
	o := Judge(log(steps...), []Breaks{{Reading: at(1200), Session: o5}})
	c := o.Compare(30 * time.Second)
	if c.Worked() != 4 {
		t.Fatalf("%d sessions worked, want 4: %+v", c.Worked(), o.Sessions)
	}
	moment := func(s float64) *Moment {
		r := at(s)
		m := Place(o.time, &r)
		return &m
	}
	point := func(s float64) Span { return Span{First: moment(s), Last: moment(s)} }
	for _, tc := range []struct {
		name           string
		spans          []Span
		worked, failed int
		lifetimes      bool
	}{
		{"in one", []Span{point(200)}, 1, 0, false},
		{"twice in one", []Span{point(200), point(300)}, 1, 0, false},
		{"while two were up: the newest's", []Span{point(700)}, 1, 0, false},
		{"the other is named", []Span{{First: moment(700), Last: moment(700), Session: "20000000000"}}, 1, 0, false},
		{"in both", []Span{point(550), point(700)}, 2, 0, false},
		{"while one failed: its", []Span{point(1200)}, 0, 1, false},
		{"all the time in two", []Span{{First: moment(150), Last: moment(850)}}, 3, 0, false},
		{"a storm of the one that failed", []Span{{First: moment(1150), Last: moment(1250)}}, 0, 1, false},
		{"everywhere", []Span{{First: moment(50), Last: moment(1500)}}, 3, 1, false},
		{"in none: by lifetimes", []Span{point(20)}, 0, 1, true},
	} {
		got := c.Of(tc.spans)
		if got.Worked != tc.worked || got.Failed != tc.failed || got.Lifetimes != tc.lifetimes {
			t.Errorf("%s: %+v, want in %d that worked and %d that failed, lifetimes %v", tc.name, got, tc.worked, tc.failed, tc.lifetimes)
		}
	}
}

// o5 is the session that broke.
const o5 = "50000000000"
