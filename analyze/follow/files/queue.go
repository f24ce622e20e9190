package files

import (
	"errors"
	"io/fs"
	"slices"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/source/rotation"
)

// newest is the last file of the queue; nil when there is none.
func (r *Path) newest() *inode {
	if len(r.queue) == 0 {
		return nil
	}
	return r.queue[len(r.queue)-1]
}

// take puts what bears the name now at the end of the queue. It may have borne
// it before: then it goes on where its reading ended.
func (r *Path) take(s *sighting) error {
	if s.now != nil {
		if s.now.offset == 0 { // not that of a checkpoint
			if err := r.skipCopied(s.now); err != nil {
				return err
			}
			s.now.isCopy = false
		}
		r.begin(s.now)
		return nil
	}
	i := slices.IndexFunc(r.late, func(l *lateFile) bool { return s.info != nil && same(l.info, s.info) })
	if i >= 0 {
		n := r.late[i].inode
		r.late = slices.Delete(r.late, i, i+1)
		r.queue = append(r.queue, n)
		r.reading = true
	}
	return nil
}

// enqueue opens a generation, puts it into the queue and counts it as known.
func (r *Path) enqueue(g rotation.Generation) error {
	n, err := r.openGeneration(g)
	if errors.Is(err, fs.ErrNotExist) {
		return errMoved
	}
	packed := false
	if err == nil {
		if g.Name.Compressed != "" {
			packed, err = r.packed(n)
		}
		if err == nil {
			err = r.skipCopied(n)
			packed = packed || n.isCopy && n.offset > 0 && n.offset == n.size
		}
		if err != nil {
			n.close()
		}
	}
	switch {
	case err == nil && packed:
		r.past.add(record{info: g.Info})
		n.close()
		return nil // not one more
	case err != nil && r.giveUpOn(err):
		r.past.add(record{info: g.Info})
		r.stats.Seen += g.Info.Size()
		r.gap(account.Gap{Generation: g.Path, Bytes: g.Info.Size(), Files: 1, Reason: account.Failed, Detail: reason(err)})
		r.searched() // the next one has its own time
	case err != nil:
		return err
	default:
		again := n.offset > 0 // what has come to one that was read before
		r.begin(n)
		if again {
			return nil
		}
	}
	r.names.accounted++
	return nil
}

// skipCopied moves the reader of a new file behind what is a copy of something
// that has been read.
func (r *Path) skipCopied(n *inode) error {
	for i := len(r.past.records) - 1; i >= 0; i-- {
		k := &r.past.records[i]
		if len(k.tail) == 0 || n.size < k.offset || len(n.head) < len(k.head) || string(n.head[:len(k.head)]) != string(k.head) {
			continue
		}
		tail, err := n.before(k.offset)
		if err != nil {
			return err
		}
		if len(tail) >= len(k.tail) && string(tail[len(tail)-len(k.tail):]) == string(k.tail) {
			n.isCopy = true
			return n.seek(k.offset)
		}
	}
	return nil
}

// begin puts a file at the end of the queue.
func (r *Path) begin(n *inode) {
	if !r.opened && r.Resume == nil && r.From != AtStart {
		at := lineStart(n, n.size)
		if r.From == AtLastLine {
			at = lineStart(n, max(at-1, 0))
		}
		if err := n.seek(at); err != nil {
			n.begin, n.offset = at, at // what cannot be read now is not verified
		}
	}
	if r.opened {
		r.stats.Rotations++
	}
	if !r.opened && r.Initial {
		n.initial = n.size
	}
	r.opened, r.Resume = true, nil
	r.queue = append(r.queue, n)
	r.Open.set(n.info, true)
	r.reading = true
}
