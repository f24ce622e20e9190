package lifetime

import (
	"strconv"

	"wolfdiag/analyze/timeline/clock"
)

// The marks of a client that keeps coming back: so many control connections of
// one address so close together, or fewer when none of them lasted.
const (
	reconnectTimes = 5
	briefTimes     = 3
	briefIn        = 5 * clock.Second
	reconnectIn    = 60 * clock.Second
	maxConnects    = 64
)

// Compositors take the lowest free number for their display, so a number that
// climbs three times without a session that ends says that none is given back.
// Below pileFrom it may be people who came one after the other.
const (
	pileFrom  = 16
	pileTimes = 3
)

// clientSigns are signs of clients in trouble.
type clientSigns struct {
	reconnects   int
	reconnectPos clock.Pos
	display      int       // number of the newest display
	climbed      int       // displays in a row whose number is one more than before, with no session that ended between
	climbPos     clock.Pos // the first of them
	piled        int       // the number at which that was too many, 0 when it was not
	pilePos      clock.Pos
}

// connect is one control connection.
type connect struct {
	ip       string
	at       clock.Moment
	lifetime int32
	brief    bool // it ended within briefIn
	ended    bool
	clock.Pos
}

// connected takes a control connection. Five of one address within a minute
// are a client that reconnects.
func (b *builder) connected(e *Event, m clock.Moment) {
	l := b.active(&e.Reading, m)
	if len(b.connects) >= maxConnects {
		b.connects = append(b.connects[:0], b.connects[maxConnects/2:]...)
	}
	b.joined(e, m, l.seq)
	b.connects = append(b.connects, connect{ip: e.Extra, at: m, lifetime: l.seq, Pos: e.Pos})
	b.countConnects(l, e, m, reconnectTimes, false)
}

// disconnected notes the end of a control connection. Three of one address
// within a minute that did not last are a client that reconnects as well.
func (b *builder) disconnected(e *Event, m clock.Moment) {
	l := b.active(&e.Reading, m)
	for i := len(b.connects) - 1; i >= 0; i-- {
		c := &b.connects[i]
		if c.ip != e.Extra || c.ended {
			continue
		}
		c.ended = true
		if d, ok := m.Sub(c.at); ok && d >= 0 && d <= briefIn && c.lifetime == l.seq {
			c.brief = true
			b.countConnects(l, e, m, briefTimes, true)
		}
		return
	}
}

// countConnects counts one more return of the client of e when it has
// connected so many times within a minute.
func (b *builder) countConnects(l *draft, e *Event, m clock.Moment, times int, brief bool) {
	n := 0
	first := e.Pos
	for i := len(b.connects) - 1; i >= 0 && n < times; i-- {
		c := &b.connects[i]
		if c.ip != e.Extra || brief && !c.brief {
			continue
		}
		if d, ok := m.Sub(c.at); !ok || d < 0 || d > reconnectIn || c.lifetime != l.seq {
			break
		}
		n++
		first = c.Pos
	}
	if n < times {
		return
	}
	if l.reconnects == 0 {
		l.reconnectPos = first
	}
	l.reconnects++
}

// displayReady takes the number of the display of a new compositor.
func (b *builder) displayReady(l *draft, e *Event) {
	n, err := strconv.Atoi(e.Extra)
	switch {
	case err != nil || n == l.display: // no number, or another line about the same display
		return
	case n == l.display+1 && l.climbed > 0:
		l.climbed++
	default:
		l.climbed, l.climbPos = 1, e.Pos
	}
	l.display = n
	if n >= pileFrom && l.climbed >= pileTimes && l.piled == 0 {
		l.piled, l.pilePos = n, l.climbPos
	}
}

// left notes that somebody ended or paused a session: what stops after that
// was stopped, it did not end by itself.
func (b *builder) left(e *Event) {
	switch e.Kind {
	case "client-disconnect", "session-cancel", "session-stop", "session-pause", "producer-stop", "lobby-stop":
		b.leftFrom = b.attempt
	case "container-stop":
	default:
		return
	}
	if l := b.current(); l != nil {
		l.climbed = 0
	}
}
