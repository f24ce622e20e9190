package lifetime

import (
	"net"
	"slices"
	"strings"

	"wolfdiag/analyze/timeline/clock"
)

// sessionCounts are the sessions of a lifetime, by the methods that count them.
type sessionCounts struct {
	counts    [methods]int
	stops     int
	live      map[string]int64 // container or session → attempt
	paused    map[string]bool
	peak      int // most live at once
	immediate int // ended within immediateStop without anybody stopping them
}

// attempt is one session as one method sees it.
type attempt struct {
	id         int64
	lifetime   int32
	method     method
	number     int32
	concurrent int32
	read, stop clock.Reading
	at         clock.Moment
	stopped    bool
	session    string
	container  string
	app        string
	client     string
	encoder    string
	resolution string
}

func (b *builder) startSession(by method, e *Event, m clock.Moment) {
	l := b.active(&e.Reading, m)
	l.counts[by]++
	n := l.counts[by]
	if by == byRTP {
		if n%2 == 0 { // the second server of the same session
			return
		}
		n = n/2 + 1
	}
	a := attempt{id: b.attempt, lifetime: l.seq, method: by, number: int32(n), concurrent: -1, read: e.Reading, at: m,
		session: e.Session, container: strings.TrimPrefix(e.Container, "/"), app: b.kinds.of(e.Container)}
	b.attempt++
	if b.mode != "" && near(b.modeAt, m, b.modeLine, e.Line, 30*clock.Second) {
		a.resolution = b.mode
	}
	if b.client != "" && near(b.clientAt, m, b.clientOn, e.Line, 30*clock.Second) {
		a.client = b.client
	}
	if by == byContainer {
		if k := key(e); k != "" && len(l.live) < maxLive {
			if l.live == nil {
				l.live = make(map[string]int64)
			}
			delete(l.paused, e.Session)
			l.live[k] = a.id
		}
		a.concurrent = int32(len(l.live))
		l.peak = max(l.peak, len(l.live))
	}
	b.attempts = append(b.roomy(), a)
}

// roomy returns the attempts, with room for one more.
func (b *builder) roomy() []attempt {
	if len(b.attempts) >= maxAttempts {
		b.thin()
	}
	return b.attempts
}

// thin drops the details of every other session of a method, oldest included;
// numbers stay.
func (b *builder) thin() {
	kept := b.attempts[:0]
	parity := [methods]int{}
	for i, a := range b.attempts {
		parity[a.method]++
		if parity[a.method]%2 == 1 || i >= len(b.attempts)-256 {
			kept = append(kept, a)
		}
	}
	b.dropped.Sessions += int64(len(b.attempts) - len(kept))
	clear(b.attempts[len(kept):]) // what they name is gone
	b.attempts = kept
}

func (b *builder) attemptByID(id int64) *attempt {
	i, ok := slices.BinarySearchFunc(b.attempts, id, func(a attempt, id int64) int {
		switch {
		case a.id < id:
			return -1
		case a.id > id:
			return 1
		}
		return 0
	})
	if !ok {
		return nil
	}
	return &b.attempts[i]
}

func (b *builder) stopSession(e *Event, m clock.Moment) {
	l := b.active(&e.Reading, m)
	l.stops++
	k := key(e)
	id, ok := l.live[k]
	if !ok {
		return
	}
	delete(l.live, k)
	a := b.attemptByID(id)
	if a == nil {
		return
	}
	a.stop, a.stopped = e.Reading, true
	if d, ok := m.Sub(a.at); ok && d >= 0 && d <= immediateStop && b.leftFrom <= a.id {
		l.immediate++
	}
}

// asks notes that a client asks for a session: it is that of the session that
// follows.
func (b *builder) asks(e *Event, m clock.Moment) {
	b.client, b.clientAt, b.clientOn = host(e.Extra), m, e.Line
}

// joined notes which client came to the session that was started just before,
// where nobody was seen to ask for it.
func (b *builder) joined(e *Event, m clock.Moment, lifetime int32) {
	for i := len(b.attempts) - 1; i >= 0 && i >= len(b.attempts)-16; i-- {
		a := &b.attempts[i]
		if a.lifetime == lifetime && !a.stopped && a.client == "" && near(a.at, m, a.read.Line, e.Line, 30*clock.Second) {
			a.client = host(e.Extra)
		}
	}
}

// host is an address without its port.
func host(address string) string {
	if h, _, err := net.SplitHostPort(address); err == nil {
		return h
	}
	return address
}

// videoMode notes the resolution of a client for the session it belongs to:
// the one it names, else one that started just before, else the next.
func (b *builder) videoMode(e *Event, m clock.Moment) {
	l := b.active(&e.Reading, m)
	size, _, _ := strings.Cut(e.Extra, "@")
	parts := strings.SplitN(size, "x", 3)
	if len(parts) < 2 {
		return
	}
	size = parts[0] + "x" + parts[1]
	b.mode, b.modeAt, b.modeLine = size, m, e.Line
	for i := len(b.attempts) - 1; i >= 0 && i >= len(b.attempts)-16; i-- {
		a := &b.attempts[i]
		if a.lifetime != l.seq || a.stopped {
			continue
		}
		same := e.Session != "" && (a.session == e.Session || strings.HasSuffix(a.container, "_"+e.Session))
		if same || e.Session == "" && a.resolution == "" && near(a.at, m, a.read.Line, e.Line, 5*clock.Second) {
			a.resolution = size
		}
	}
}

func (l *draft) pausedSession(container string) bool {
	if l.paused[container] {
		return true
	}
	for i := len(container) - 1; i >= 0; i-- {
		if container[i] == '_' {
			return l.paused[container[i+1:]]
		}
	}
	return false
}

// key names a session by its container, else by its id.
func key(e *Event) string {
	if e.Container != "" {
		return strings.TrimPrefix(e.Container, "/")
	}
	return e.Session
}
