package timeline

// The marks of a client that keeps coming back: so many control connections of
// one address so close together.
const (
	reconnectTimes = 5
	reconnectIn    = 60 * second
	maxConnects    = 64
)

// connect is one control connection.
type connect struct {
	ip   string
	at   moment
	life int32
	Pos
}

// connected takes a control connection. Five of one address within a minute
// are a client that reconnects.
func (b *builder) connected(e *Event, m moment) {
	l := b.active(&e.Reading, m)
	if len(b.connects) >= maxConnects {
		b.connects = append(b.connects[:0], b.connects[maxConnects/2:]...)
	}
	b.connects = append(b.connects, connect{ip: e.Extra, at: m, life: l.seq, Pos: e.Pos})
	n := 0
	first := e.Pos
	for i := len(b.connects) - 1; i >= 0 && n < reconnectTimes; i-- {
		c := &b.connects[i]
		if c.ip != e.Extra {
			continue
		}
		if d, ok := m.sub(c.at); !ok || d < 0 || d > reconnectIn || c.life != l.seq {
			break
		}
		n++
		first = c.Pos
	}
	if n < reconnectTimes {
		return
	}
	if l.reconnects == 0 {
		l.reconnectPos = first
	}
	l.reconnects++
}

// left notes that somebody ended or paused a session: what stops after that
// was stopped, it did not end by itself.
func (b *builder) left(e *Event) {
	switch e.Kind {
	case "client-disconnect", "session-cancel", "session-stop", "session-pause", "producer-stop", "lobby-stop":
		b.leftFrom = b.attempt
	}
}
