package files

import (
	"context"
	"errors"

	"wolfdiag/analyze/follow/account"
)

// lastTries is how often what fails is tried when the end has been asked for.
const lastTries = 3

// finish reads what is there and hands it over, until hard ends.
func (r *Path) finish(hard context.Context) {
	r.stopTail()
	defer r.dropPresent()
	for try := 0; try < lastTries; try++ {
		r.pollName()
		if r.failing.since.IsZero() {
			break
		}
	}
	late := r.late
	r.late = nil
	for _, l := range late {
		for try := 0; try < lastTries && r.catchUp(l) != nil; try++ {
		}
		r.closeLate(l, account.Gap{Reason: account.Failed})
	}
	for len(r.queue) > 0 || len(r.box.pieces) > 0 {
		if len(r.queue) > 0 && !r.box.full() {
			r.finishBlock()
			continue
		}
		if !r.handOver(hard) {
			return
		}
	}
	r.leaveUnseen()
	for len(r.box.pieces) > 0 && r.handOver(hard) {
	}
}

// handOver gives a piece to the follower. It returns false when that is over.
func (r *Path) handOver(hard context.Context) bool {
	select {
	case r.Out <- r.box.pieces[0]:
		r.box.pop()
		return true
	case <-hard.Done():
		r.abandon()
		return false
	}
}

// finishBlock reads the next block of the oldest file, or ends its reading.
func (r *Path) finishBlock() {
	n := r.queue[0]
	for try := 0; try < lastTries; try++ {
		data, err := n.next()
		if errors.Is(err, errReplaced) {
			r.failing.copies = r.Clock.Now().Add(-patience) // there is no time to wait
			r.startOver(n)
			return
		}
		if err == nil && len(data) > 0 {
			r.add(n, data, true)
			return
		}
		if err == nil {
			break
		}
	}
	_, _ = n.look() // for its size; a file that cannot be looked at counts as it was
	rest, err := n.rest()
	if errors.Is(err, errMore) {
		return // they are read next
	}
	if len(rest) > 0 {
		r.stats.Bytes += int64(len(rest))
		last := Piece{Source: r.Source, Data: rest, Torn: true, Mod: n.mod}
		if len(r.queue) > 1 {
			last.Data, last.Torn = append(rest, '\n'), false
		}
		r.box.lines(last)
	}
	r.queue = r.queue[1:]
	var g *account.Gap
	if err != nil {
		g = &account.Gap{Reason: account.Failed, Detail: reason(err)}
	}
	r.fold(n, g)
	r.past.read(n)
	n.close()
	if len(r.queue) == 1 && len(r.past.records) > 0 { // more may have waited for room
		r.pollName()
	}
}

// leaveUnseen tells of a file that is there and has never been opened, or of a
// search that has not come to an end.
func (r *Path) leaveUnseen() {
	info, err := r.stat()
	switch {
	case r.opened && !r.failing.since.IsZero():
		r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Failed, Detail: r.failing.problem})
	case r.opened || r.failing.problem == absent || r.failing.problem == "":
	case err == nil && info != nil:
		r.stats.Seen += info.Size()
		r.gap(account.Gap{Bytes: info.Size(), Files: 1, Reason: account.Failed, Detail: r.failing.problem})
	case err != nil:
		r.gap(account.Gap{Bytes: account.Unknown, Files: 1, Reason: account.Failed, Detail: r.failing.problem})
	}
}

// abandon counts what will not be read.
func (r *Path) abandon() {
	for _, p := range r.box.pieces {
		r.stats.Unread += int64(len(p.Data))
		r.stats.Read -= int64(len(p.Data))
	}
	r.box = outbox{}
	for _, n := range r.queue {
		_, _ = n.look() // for its size; a file that cannot be looked at counts as it was
		r.fold(n, nil)
		n.close()
	}
	r.queue = nil
}
