package files

import (
	"errors"
	"io/fs"
	"syscall"
	"time"
)

// failing is what cannot be done at the moment, and since when.
type failing struct {
	problem string    // told last
	since   time.Time // of a search for what was rotated away; zero: it is not failing
	copies  time.Time // of a search for copies of what was truncated; zero: as above
	unread  time.Time // of a read that fails; zero: it does not
	at      int64     // where it fails
	// Of a file that cannot be opened yet: as last seen, and whether it may have
	// been truncated.
	last   fs.FileInfo
	unseen bool
}

// absent is the problem of a file that is not there yet: nothing fails by that.
const absent = "absent"

// wait looks at a file that cannot be opened yet: whether it may have been
// truncated meanwhile.
func (t *failing) wait(info fs.FileInfo, err error) {
	t.unseen = t.unseen || err != nil || info != nil && t.last != nil && same(info, t.last) && info.Size() < t.last.Size()
	t.last = info
}

// wait reports whether something that fails is to be tried again at the next
// look, and tells of it once.
func (r *Path) wait(err error) bool { return r.waitSince(&r.failing.since, err) }

func (r *Path) waitSince(since *time.Time, err error) bool {
	now := r.Clock.Now()
	if since.IsZero() {
		*since = now
	}
	if !errors.Is(err, errMoved) {
		r.worry(err)
	}
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		r.releaseLate()
	}
	return now.Sub(*since) < patience
}

// searched notes that nothing stands in the way of a search any more.
func (r *Path) searched() { r.failing.since, r.sought = time.Time{}, true }

// giveUpOn reports whether an error has lasted for so long that what fails is
// left out.
func (r *Path) giveUpOn(err error) bool {
	return !errors.Is(err, errMoved) && !r.failing.since.IsZero() && r.Clock.Now().Sub(r.failing.since) >= patience
}

// worry tells of a problem once.
func (r *Path) worry(err error) {
	if s := err.Error(); s != r.failing.problem {
		r.failing.problem = s
		r.stats.Problems++
		r.notify("%s; following goes on as soon as it can", reason(err))
	}
}
