package timeline

import (
	"testing"
)

// TestReconnects wants a client noticed that comes back and back, and one left
// alone that changes its mind once.
func TestReconnects(t *testing.T) {
	t.Parallel()
	visit := func(at, lasted float64, ip string) script {
		return script{{at: at, kind: "client-connect", detail: ip}, {at: at + lasted, kind: "client-disconnect", detail: ip}}
	}
	for _, tc := range []struct {
		name string
		log  script
		want bool
	}{
		{"three brief visits", join(start(100), visit(200, 1.2, "10.0.0.5"), visit(203, 1.2, "10.0.0.5"), visit(206, 1.2, "10.0.0.5")), true},
		{"two brief visits", join(start(100), visit(200, 1.2, "10.0.0.5"), visit(203, 1.2, "10.0.0.5")), false},
		{"three that lasted", join(start(100), visit(200, 9, "10.0.0.5"), visit(210, 9, "10.0.0.5"), visit(220, 9, "10.0.0.5")), false},
		{"three brief ones in five minutes", join(start(100), visit(200, 1, "10.0.0.5"), visit(320, 1, "10.0.0.5"), visit(480, 1, "10.0.0.5")), false},
		{"three clients", join(start(100), visit(200, 1, "10.0.0.5"), visit(203, 1, "10.0.0.6"), visit(206, 1, "10.0.0.7")), false},
		{"five that lasted", join(start(100), visit(200, 9, "10.0.0.5"), visit(210, 9, "10.0.0.5"), visit(220, 9, "10.0.0.5"), visit(230, 9, "10.0.0.5"), visit(240, 9, "10.0.0.5")), true},
	} {
		c := New(Options{})
		tc.log.feed(c, 0)
		tl := c.Resolve()
		if got := tl.Lifetimes[0].Reconnects > 0; got != tc.want {
			t.Errorf("%s: reconnecting %v, want %v", tc.name, got, tc.want)
		}
	}
}

// TestPiledDisplays wants displays noticed that only ever get higher numbers.
func TestPiledDisplays(t *testing.T) {
	t.Parallel()
	display := func(at float64, n string) script { return script{{at: at, kind: "display-ready", detail: n}} }
	for _, tc := range []struct {
		name string
		log  script
		want int
	}{
		{"climbs and nobody leaves", join(start(100), display(200, "21"), display(2000, "22"), display(4000, "23")), 23},
		{"each told by two lines", join(start(100), display(200, "21"), display(200, "21"), display(2000, "22"), display(2001, "22"), display(4000, "23")), 23},
		{"few displays", join(start(100), display(200, "1"), display(300, "2"), display(400, "3")), 0},
		{"somebody leaves", join(start(100), display(200, "21"), display(2000, "22"), script{{at: 2100, kind: "container-stop", detail: "/WolfXFCE_11"}}, display(4000, "23")), 0},
		{"a number is used again", join(start(100), display(200, "21"), display(2000, "22"), display(4000, "20")), 0},
		{"no numbers", join(start(100), display(200, ""), display(2000, ""), display(4000, "")), 0},
	} {
		c := New(Options{})
		tc.log.feed(c, 0)
		tl := c.Resolve()
		if got := tl.Lifetimes[0].Piled; got != tc.want {
			t.Errorf("%s: piled up at %d, want %d", tc.name, got, tc.want)
		}
	}
}
