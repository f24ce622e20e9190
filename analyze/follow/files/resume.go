package files

import (
	"errors"
	"io/fs"
	"slices"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/source/rotation"
)

// sinceCheckpoint returns the generations to go on with: the one of the
// checkpoint, whose reading begins where it ended, and those that came after
// it. What came before is known. Where the file is not to be found any more,
// that is a gap, and all that has changed since is read.
func (r *Path) sinceCheckpoint(s *sighting) ([]rotation.Generation, error) {
	at := -1
	if s.now != nil && s.now.fits(r.Resume) {
		at = len(s.gens)
	}
	for i := len(s.gens) - 1; i >= 0 && at < 0; i-- {
		n, err := r.openGeneration(s.gens[i])
		if errors.Is(err, fs.ErrNotExist) {
			err = errMoved
		}
		if err != nil && r.giveUpOn(err) {
			continue // it is not the one, as far as can be known
		}
		if err != nil {
			return nil, err
		}
		if n.fits(r.Resume) || n.holds(r.Resume) && r.Resume.Tail != "" {
			at = i
		}
		n.close()
	}
	known, wanted := s.gens, []rotation.Generation(nil)
	switch {
	case at == len(s.gens):
		if err := s.now.seek(r.Resume.Offset); err != nil {
			return nil, err
		}
	case at >= 0:
		known, wanted = s.gens[:at], s.gens[at:]
		if err := r.resumeIn(wanted[0]); err != nil {
			return nil, err
		}
		if why := holes(wanted); why != "" {
			r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Gone, Detail: why})
		}
		wanted = wanted[1:]
	default:
		r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Gone, Detail: "the file of the checkpoint is not there any more: going on with what has come since"})
		i := slices.IndexFunc(s.gens, func(g rotation.Generation) bool {
			return !r.Resume.Mod.IsZero() && g.Info.ModTime().After(r.Resume.Mod)
		})
		if i >= 0 {
			known, wanted = s.gens[:i], s.gens[i:]
		}
	}
	for _, g := range known {
		r.past.add(record{info: g.Info})
	}
	r.names.accounted = s.births - len(wanted)
	if s.now != nil {
		r.names.accounted--
	}
	r.opened, r.based, r.Resume = true, true, nil
	return wanted, nil
}

// resumeIn begins with the rotated file of the checkpoint.
func (r *Path) resumeIn(g rotation.Generation) error {
	n, err := r.openGeneration(g)
	if err != nil {
		return err
	}
	if err := n.seek(r.Resume.Offset); err != nil {
		n.close()
		return err
	}
	n.initial = n.size
	r.begin(n)
	return nil
}
