package files

import (
	"bytes"
	"errors"
	"io/fs"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/source/rotation"
)

// copies are what a truncating rotator has left of a file.
type copies struct {
	files []*inode // oldest first
	at    int      // the one that our reading is continued in; -1: none is
}

func (c *copies) close() {
	for _, n := range c.files {
		n.close()
	}
}

// startOver reads the oldest file in the queue again from its beginning after
// it was truncated; first what the rotator's copy of it holds beyond our place,
// and copies of what it has held since. While these cannot be looked at, it
// waits for them.
func (r *Path) startOver(n *inode) {
	fresh, c, err := r.truncation(n)
	if err != nil {
		c.close()
		if r.waitSince(&r.failing.copies, err) {
			r.reading = false
			return
		}
		c = copies{at: -1}
		r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Failed, Detail: "copies of it could not be looked for: " + reason(err)})
		fresh = contentOf(n)
	}
	r.failing.copies = time.Time{}
	r.stats.Truncations++
	gap := account.Gap{Reason: account.Truncated}
	if c.at >= 0 {
		r.notify("was truncated, going on with the copy that was made of it and then at its beginning")
		if k := c.files[c.at]; k.size < n.size {
			r.gap(account.Gap{Generation: k.path, From: k.size, Bytes: n.size - k.size, Reason: account.Truncated, Detail: "its copy is shorter than it was"})
			r.stats.Seen += n.size - k.size
		}
		n.size = n.offset
	} else {
		r.notify("was truncated, going on at its beginning; what was written just before may be lost")
		if n.size <= n.offset && r.Clock.Now().Sub(r.pace.grew) < growingFor && !r.pace.grew.IsZero() {
			r.gap(account.Gap{From: n.offset, Bytes: account.Unknown, Reason: account.Truncated, Detail: "it was growing"})
		}
	}
	r.fold(n, &gap)
	r.queue = append(c.files, r.queue...)
	n.rewind(fresh)
	r.pace.heard = r.Clock.Now()
	r.reading = true
}

// truncation returns what a truncated file holds now, and the copies of what it
// held before, both as they were at one moment.
func (r *Path) truncation(n *inode) (content, copies, error) {
	for range 20 {
		now, err := n.content()
		if err != nil {
			return now, copies{}, err
		}
		gens, err := r.generations()
		if err != nil {
			return now, copies{}, err
		}
		c, err := r.copies(n, gens)
		if err != nil {
			return now, c, err
		}
		again, err := n.content()
		if err != nil {
			return now, c, err
		}
		after, err := r.generations()
		if err != nil {
			return now, c, err
		}
		if again.size >= now.size && bytes.HasPrefix(again.head, now.head) && sameGenerations(gens, after) {
			return now, c, nil
		}
		c.close()
	}
	return content{}, copies{}, errMoved
}

// copies opens the files that have come since we looked: what the truncated
// file held before, one of them what we have read a part of.
func (r *Path) copies(n *inode, gens []rotation.Generation) (out copies, err error) {
	out.at = -1
	for _, g := range gens {
		if !r.unknown(g.Info) {
			continue
		}
		c, err := r.openGeneration(g)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = errMoved
			}
			return out, err
		}
		c.isCopy = true
		out.files = append(out.files, c)
		same, err := n.continues(c)
		if err == nil && same && out.at < 0 {
			out.at = len(out.files) - 1
			err = c.seek(n.offset)
		} else if err == nil && c.size < n.offset && len(c.head) > 0 && bytes.HasPrefix(n.head, c.head) {
			out.files = out.files[:len(out.files)-1] // an earlier copy of what was read
			r.past.add(record{info: g.Info})
			c.close()
		}
		if err != nil {
			return out, err
		}
		if len(out.files) >= maxQueue {
			break // the others are found later
		}
	}
	return out, nil
}
