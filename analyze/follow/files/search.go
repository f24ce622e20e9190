package files

import (
	"cmp"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/source/rotation"
)

// pollName opens what bears the name now, and what bore it since the last look.
func (r *Path) pollName() {
	info, err := r.stat()
	if !r.opened {
		r.failing.wait(info, err)
	}
	if err != nil {
		r.worry(err)
		return
	}
	r.names.follow(r.FS, r.Name)
	births, _ := r.names.births()
	switch {
	case info == nil:
		if r.gone && births == r.names.accounted {
			return // nothing has happened since
		}
		r.tellGone()
		if !r.opened && r.Resume == nil {
			return
		}
	case len(r.queue) > 0 && r.sought && same(r.queue[len(r.queue)-1].info, info) && births == r.names.accounted && len(r.names.left) == 0 && r.failing.since.IsZero():
		r.found()
		return
	case len(r.queue) >= maxQueue:
		return
	}
	if err := r.search(); err == nil {
		if info != nil {
			r.found()
		}
	} else if r.wait(err) {
		return
	} else {
		r.searchFailed(err)
	}
}

// tellGone notes that nothing bears the name.
func (r *Path) tellGone() {
	if r.opened && !r.gone {
		r.notify("is gone, waiting for it to come back")
	} else if !r.opened && r.failing.problem == "" {
		r.failing.problem = absent
		r.notify("does not exist yet, waiting for it")
	}
	r.gone = true
	r.From, r.Initial = AtStart, false // what comes is new from its beginning
}

// found notes that the name can be read.
func (r *Path) found() {
	if p := r.failing.problem; p != "" && p != absent && r.failing.unread.IsZero() {
		r.notify("can be read again")
	}
	r.failing.problem, r.gone = "", false
}

// search puts into the queue what has borne the name since the last search,
// oldest first, and last what bears it now. With an error, what comes before
// the failure is in the queue, and the next search goes on behind it.
func (r *Path) search() error {
	s, err := r.sight()
	if err != nil {
		return err
	}
	if s.now != nil {
		defer func() {
			if r.opens(s.now.info) == nil {
				s.now.close()
			}
		}()
	}
	var wanted []rotation.Generation
	switch {
	case r.opened:
		wanted = r.since(&s)
	case r.Resume != nil:
		if wanted, err = r.sinceCheckpoint(&s); err != nil {
			return err
		}
	default:
		wanted = r.first(&s)
	}
	last := r.newest()
	for _, g := range wanted {
		if len(r.queue) >= maxQueue {
			return nil // the rest, and what bears the name now, come later
		}
		if err := r.enqueue(g); err != nil {
			return err
		}
		if r.newest() != last { // the next search begins behind it, and would not see what is missing before it
			r.tellBroken(&s)
		}
	}
	if r.present != nil && len(r.queue) >= maxQueue {
		return nil
	}
	if err := r.beginPresent(); err != nil {
		return err
	}
	r.searched()
	r.tellMissing(&s)
	r.past.prune(s.gens)
	if err := r.take(&s); err != nil {
		return err
	}
	r.names.settle(s.births)
	return nil
}

// since returns the generations that have come since the last search: by their
// identity; and by their number, when that is known, so that a file that
// somebody has put there is not taken for one.
func (r *Path) since(s *sighting) []rotation.Generation {
	var out []rotation.Generation
	known := 0
	if !s.sure && !r.based { // what was there before the file that was opened first
		known = r.behindNewest(s)
	}
	for i, g := range s.gens {
		switch {
		case !r.unknown(g.Info) || besidePlain(s.gens, g):
		case i < known:
			r.past.add(record{info: g.Info})
		default:
			out = append(out, g)
		}
	}
	if !s.sure {
		s.broken = cmp.Or(r.broken(s.gens), r.doubt(s))
		r.based = true
		return out
	}
	r.based = true
	want := s.births - r.names.accounted
	if s.now != nil {
		want--
	}
	switch over := len(out) - want; {
	case want < 0: // what happens here is not seen by the watcher
		s.sure, s.broken = false, r.broken(s.gens)
	case over > 0:
		for _, g := range out[:over] {
			r.past.add(record{info: g.Info})
		}
		out = out[over:]
	}
	return out
}

// behindNewest is where in a listing those begin that came after the newest open
// file: by its place or, where it is not listed, by what was written later.
func (r *Path) behindNewest(s *sighting) int {
	n := r.newest()
	if n == nil || s.info != nil && same(n.info, s.info) {
		return len(s.gens)
	}
	after := len(s.gens)
	for i, g := range s.gens {
		if same(g.Info, n.info) {
			return i + 1
		}
		if after == len(s.gens) && g.Info.ModTime().After(n.mod) {
			after = i
		}
	}
	return after
}

// first returns the generations to begin with: none, unless files have come and
// gone since the name is watched. What was there before is known.
func (r *Path) first(s *sighting) []rotation.Generation {
	r.based = true
	n := s.births
	if s.now != nil {
		n--
	}
	if r.Initial && r.From == AtStart {
		n++ // the one that was there has been rotated away
	}
	if !s.sure || s.births == 0 || r.From != AtStart {
		n = 0
	}
	if !s.sure && r.From == AtStart {
		s.broken = r.doubt(s)
	}
	at := max(len(s.gens)-n, 0)
	for _, g := range s.gens[:at] {
		r.past.add(record{info: g.Info})
	}
	r.names.accounted = s.births - n
	if s.now != nil {
		r.names.accounted--
	}
	if r.From == AtStart && r.Initial && r.failing.problem != "" && r.failing.problem != absent && (!s.sure || r.failing.unseen) {
		r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Failed, Detail: "it could not be opened for a while: " + r.failing.problem})
	}
	return s.gens[at:]
}

// doubt says why files may be missing where none was seen to be.
func (r *Path) doubt(s *sighting) string {
	n := r.newest()
	return r.names.doubt(n == nil || s.info == nil || !same(n.info, s.info))
}

// tellBroken tells, once, that files must be missing where they cannot be counted.
func (r *Path) tellBroken(s *sighting) {
	if !s.sure && s.broken != "" {
		r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Gone, Detail: s.broken})
		s.broken = ""
	}
}

// tellMissing tells of files that have borne the name and are not to be found.
func (r *Path) tellMissing(s *sighting) {
	missing := s.births - r.names.accounted // at least, when some were not counted
	if s.now != nil {
		missing--
	}
	if missing > 0 {
		r.gap(account.Gap{Bytes: account.Unknown, Files: missing, Reason: account.Gone})
		return
	}
	r.tellBroken(s)
}

// searchFailed goes on without what could not be looked for, and tells it.
func (r *Path) searchFailed(err error) {
	info, e := r.stat()
	if e != nil || info == nil || r.opens(info) != nil {
		r.gapSearch(err)
		return
	}
	n, e := openInode(r.FS, r.Name, &r.block)
	if e != nil {
		return // told already, and tried again
	}
	r.gapSearch(err)
	if r.present != nil && same(r.present.info, n.info) || r.beginPresent() != nil {
		r.dropPresent()
	}
	if r.Resume != nil {
		if ok, err := n.fits(r.Resume); ok && err == nil {
			_ = n.seek(r.Resume.Offset) // else from its beginning: better twice than not at all
		}
	}
	r.begin(n)
	births, _ := r.names.births()
	r.names.settle(births)
}

func (r *Path) gapSearch(err error) {
	if r.opened || r.Resume != nil || r.From == AtStart {
		r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Failed, Detail: "rotated files could not be looked for: " + reason(err)})
	}
	r.searched()
}
