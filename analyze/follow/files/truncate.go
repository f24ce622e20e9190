package files

import (
	"errors"
	"io/fs"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/source/rotation"
)

// startOver reads the oldest file in the queue again from its beginning after
// it was truncated; first what the rotator's copy of it holds beyond our place,
// and copies that were made of it since. While these cannot be looked at, it
// waits for them.
func (r *Path) startOver(n *inode) {
	copies, continued, err := r.copies(n)
	if err != nil && r.wait(err) {
		r.reading = false
		for _, c := range copies {
			c.close()
		}
		return
	}
	r.searched()
	r.stats.Truncations++
	gap := account.Gap{Reason: account.Truncated}
	if continued {
		r.notify("was truncated, going on with the copy that was made of it and then at its beginning")
		if c := copies[0]; c.size < n.size {
			r.gap(account.Gap{Generation: c.path, From: c.size, Bytes: n.size - c.size, Reason: account.Truncated, Detail: "its copy is shorter than it was"})
			r.stats.Seen += n.size - c.size
		}
		n.size = n.offset
	} else {
		r.notify("was truncated, going on at its beginning; what was written just before may be lost")
		if n.size <= n.offset && r.Clock.Now().Sub(r.pace.grew) < growingFor && !r.pace.grew.IsZero() {
			r.gap(account.Gap{From: n.offset, Bytes: account.Unknown, Reason: account.Truncated, Detail: "it was growing"})
		}
	}
	r.fold(n, &gap)
	r.queue = append(copies, r.queue...)
	n.rewind()
	r.pace.heard = r.Clock.Now()
	r.reading = true
}

// copies opens the copies that a truncating rotator has made since we looked:
// first the one that n's reading is continued in, if there is one.
func (r *Path) copies(n *inode) (out []*inode, continued bool, err error) {
	gens, err := r.generations()
	if err != nil {
		return nil, false, err
	}
	for _, g := range gens {
		if !r.unknown(g.Info) {
			continue
		}
		c, err := r.openGeneration(g)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = errMoved
			}
			return out, continued, err
		}
		c.isCopy = true
		same, err := n.continues(c)
		if err == nil && same {
			for _, o := range out { // older than n's content: they hold nothing new
				r.past.add(record{info: o.info})
				o.close()
			}
			out, continued = out[:0], true
			err = c.seek(n.offset)
		}
		if out = append(out, c); err != nil {
			return out, continued, err
		}
		if len(out) >= maxQueue {
			return out, continued, nil // the others are found later
		}
	}
	return out, continued, nil
}

// unknown reports whether a file has to be read: it is not open, and was not
// read before.
func (r *Path) unknown(info fs.FileInfo) bool {
	return r.opens(info) == nil && r.past.of(info) == nil
}

// openGeneration opens what a listing has shown, if it is still there.
func (r *Path) openGeneration(g rotation.Generation) (*inode, error) {
	n, err := r.openAny(g)
	if err != nil {
		return nil, err
	}
	if !same(n.info, g.Info) {
		n.close()
		return nil, errMoved
	}
	return n, nil
}
