package files

import (
	"errors"
	"time"

	"wolfdiag/analyze/follow/account"
)

// retire ends the reading of a file whose name another one bears. Writers may
// be late; so it stays watched, unless nobody can write to it.
func (r *Path) retire(n *inode) {
	l := &lateFile{inode: n, quietSince: r.Clock.Now()}
	if n.isCopy {
		r.closeLate(l, account.Gap{Reason: account.Failed})
		return
	}
	r.late = append(r.late, l)
	if len(r.late) > maxQueue {
		r.closeLate(r.late[0], account.Gap{Reason: account.Failed})
		r.late = r.late[1:]
	}
}

// closeLate takes the unterminated last line of a file that nobody writes any more,
// and closes it. What is left of it is a gap, for the reason given.
func (r *Path) closeLate(l *lateFile, g account.Gap) {
	rest, err := l.rest()
	for try := 0; try < lastTries && errors.Is(err, errMore); try++ {
		_ = r.catchUp(l) // its error shows again
		rest, err = l.rest()
	}
	if len(rest) > 0 {
		r.stats.Torn++
		r.add(l.inode, append(rest, '\n'), false)
	}
	if err != nil && g.Detail == "" {
		g.Detail = reason(err)
	}
	r.fold(l.inode, &g)
	r.past.read(l.inode)
	r.Open.set(l.info, false)
	l.close()
}

// catchUp reads what came late. The error is that of the read.
func (r *Path) catchUp(l *lateFile) error {
	for !r.box.full() {
		data, err := l.next()
		if len(data) == 0 || err != nil {
			return err
		}
		l.quietSince = r.Clock.Now()
		r.add(l.inode, data, false)
	}
	return nil
}

// pollLate reads what was written into files that have lost the name.
func (r *Path) pollLate() {
	kept := r.late[:0]
	now := r.Clock.Now()
	for _, l := range r.late {
		replaced, err := l.look()
		if err == nil && !replaced && l.size > l.offset {
			err = r.catchUp(l)
		}
		if replaced || errors.Is(err, errReplaced) {
			r.closeLate(l, account.Gap{Reason: account.Truncated})
			continue
		}
		if err == nil {
			l.failed = time.Time{}
		} else if l.failed.IsZero() {
			l.failed = now
		}
		failing := !l.failed.IsZero() && now.Sub(l.failed) < patience
		if r.box.full() || failing || now.Sub(l.quietSince) < grace {
			kept = append(kept, l)
			continue
		}
		r.closeLate(l, account.Gap{Reason: account.Failed})
	}
	clear(r.late[len(kept):])
	r.late = kept
}

// releaseLate closes what is only waited for, when descriptors are short.
func (r *Path) releaseLate() {
	for _, l := range r.late {
		_ = r.catchUp(l) // what cannot be read is a gap
		r.closeLate(l, account.Gap{Reason: account.Failed})
	}
	r.late = nil
}
