package files

import (
	"errors"
	"fmt"
	"time"

	"wolfdiag/analyze/follow/account"
)

// poll compares what is read with what is there: the file itself, the files
// that lost the name, and the name.
func (r *Path) poll() {
	if len(r.queue) > 0 {
		r.pollFile()
	}
	r.pollLate()
	r.pollName()
	r.Live.Set(&r.stats)
	switch {
	case len(r.queue) > 1:
		r.stopTail()
		r.reading = true
	case len(r.queue) == 1 && !r.watched() && r.tail == nil && !r.reading && r.resting():
		if r.pace.armed = nil; r.Watch != nil && r.Watch.Arm(r.queue[0].f, r.pace.wake) {
			r.pace.armed = r.queue[0]
		}
	}
}

// pollFile finds truncation, silence, and a reader that has fallen behind.
func (r *Path) pollFile() {
	n := r.queue[0]
	size := n.size
	replaced, err := n.look()
	if err != nil {
		r.worry(err)
		return
	}
	if replaced {
		before := r.stats.Truncations
		r.stopTail()
		if r.stats.Truncations == before { // the library has not noticed meanwhile
			r.startOver(n)
		}
		return
	}
	if r.box.full() {
		r.pace.heard = r.Clock.Now() // it is not the file that is silent
	}
	now := r.Clock.Now()
	if n.size != size {
		r.pace.grew = now
		r.pace.missed = r.pace.missed || r.watched() // it should have woken us
	}
	quiet := now.Sub(r.pace.heard)
	switch behind := n.size - n.offset; {
	case behind <= 0:
		r.pace.heard = now
		switch {
		case r.tail != nil && r.resting():
			r.stopTail()
		case r.tail == nil && !r.reading:
			r.follow()
		}
	case r.tail == nil:
		r.reading = r.reading || n.size > max(n.scanned, n.offset) || !r.failing.unread.IsZero()
		if !r.reading && min(quiet, now.Sub(r.pace.grew)) >= tornAfter {
			r.flushPartial(n)
		}
	case behind > bulkLag:
		r.stopTail()
		r.reading = true
	case quiet >= silence && !r.box.full():
		r.silent(n)
	}
}

// silent is called when the file has grown and nothing comes: either a line is
// not complete yet, or the library has missed its last signal. Our own reader
// waits for the one and finds the other.
func (r *Path) silent(n *inode) {
	bytes := r.stats.Bytes
	r.stopTail()
	r.reading = true
	if r.stats.Bytes != bytes || r.queue[0] != n {
		return // it was just about to come
	}
	if data, err := n.next(); len(data) > 0 && err == nil {
		r.stats.Restarts++
		r.add(n, data, true)
	}
}

// flushPartial takes a last line that has waited long enough for its newline:
// it may be the last thing a dying process said.
func (r *Path) flushPartial(n *inode) {
	r.stopTail()
	r.reading = true
	if n.skipping {
		r.pace.heard = r.Clock.Now()
		return
	}
	if data, err := n.next(); len(data) > 0 && err == nil {
		r.add(n, data, true) // it was completed meanwhile
		return
	}
	if rest, err := n.rest(); len(rest) > 0 && err == nil {
		r.stats.Torn++
		r.add(n, append(rest, '\n'), true)
	}
	r.pace.heard = r.Clock.Now()
}

// read takes a block from the oldest file that is not at its end.
func (r *Path) read() {
	n := r.queue[0]
	data, err := n.next()
	if n.untold > 0 && !n.skipping {
		r.gap(account.Gap{Generation: n.path, From: n.offset - int64(len(data)) - n.untold, Bytes: n.untold, Reason: account.Failed, Detail: "up to the next line"})
		n.untold = 0
	}
	switch {
	case errors.Is(err, errReplaced):
		r.startOver(n)
		return
	case err != nil:
		r.readFailed(n, err)
		return
	}
	if !r.failing.unread.IsZero() {
		r.readAgain()
	}
	if len(data) > 0 {
		r.pace.heard = r.Clock.Now()
		r.add(n, data, true)
		return
	}
	if len(r.queue) > 1 { // at its end, and a newer file bears the name
		r.queue = r.queue[1:]
		r.retire(n)
		return
	}
	r.reading = false
	r.follow()
}

// readFailed is told that bytes cannot be read. It is tried again at every
// look; what stays unreadable is given up in the end.
func (r *Path) readFailed(n *inode, err error) {
	now := r.Clock.Now()
	if r.failing.unread.IsZero() || r.failing.at != n.offset {
		r.failing.unread, r.failing.at = now, n.offset
	}
	r.worry(fmt.Errorf("read at byte %d: %s", n.offset, reason(err)))
	r.reading = false
	if now.Sub(r.failing.unread) < patience {
		return
	}
	from := n.offset
	bytes := n.giveUp()
	r.gap(account.Gap{Generation: n.path, From: from, Bytes: bytes, Reason: account.Failed, Detail: reason(err)})
	r.failing.unread = now
	r.failing.at = n.offset
	r.reading = true
}

// readAgain notes that a read that failed has passed.
func (r *Path) readAgain() {
	r.failing.unread = time.Time{}
	if r.failing.problem != "" && r.failing.since.IsZero() {
		r.notify("can be read again")
		r.failing.problem = ""
	}
}
