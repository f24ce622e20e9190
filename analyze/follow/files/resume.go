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
	if r.present != nil && r.listed(r.present, s) {
		r.dropPresent()
	}
	at, err := r.findCheckpoint(s)
	if err != nil {
		return nil, err
	}
	moved := at >= 0 && at < len(s.gens)
	known, wanted, mod := s.gens, []rotation.Generation(nil), r.Resume.Mod
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
		if !s.sure {
			s.broken = r.names.doubt(true)
		}
	default:
		if moved, err = r.resumeInPresent(); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(s.gens, func(g rotation.Generation) bool {
			return !mod.IsZero() && g.Info.ModTime().After(mod)
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
	if moved { // what was counted has come behind it, and perhaps more before that
		r.names.accounted = min(r.names.accounted, 0)
	}
	r.opened, r.based, r.Resume = true, true, nil
	return wanted, nil
}

// findCheckpoint returns where in a listing the file of the checkpoint is, its
// length when it bears the name now, and -1 when it is certainly not there.
func (r *Path) findCheckpoint(s *sighting) (int, error) {
	if s.now != nil {
		ok, err := s.now.fits(r.Resume)
		if err != nil && !r.giveUpOn(err) {
			return 0, err
		}
		if ok && err == nil {
			return len(s.gens), nil
		}
	}
	for i := len(s.gens) - 1; i >= 0; i-- {
		ok, err := r.isCheckpoint(s.gens[i])
		if err != nil && !r.giveUpOn(err) {
			return 0, err
		}
		if ok && err == nil { // with an error: it is not the one, as far as can be known
			return i, nil
		}
	}
	return -1, r.unmoved(s)
}

// isCheckpoint reports whether a rotated file is that of the checkpoint, or a
// copy of it.
func (r *Path) isCheckpoint(g rotation.Generation) (bool, error) {
	n, err := r.openGeneration(g)
	if errors.Is(err, fs.ErrNotExist) {
		err = errMoved
	}
	if err != nil {
		return false, err
	}
	defer n.close()
	if r.Resume.Tail == "" {
		return n.fits(r.Resume)
	}
	return n.holds(r.Resume)
}

// resumeInPresent begins with the file of the checkpoint where it is open, though
// it has no name any more, and reports whether it is; else that is a gap.
func (r *Path) resumeInPresent() (bool, error) {
	if r.present != nil {
		ok, err := r.present.fits(r.Resume)
		if ok && err == nil {
			err = r.present.seek(r.Resume.Offset)
		}
		if err != nil && !r.giveUpOn(err) {
			return false, err
		}
		if ok && err == nil {
			return true, r.beginPresent()
		}
	}
	r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Gone, Detail: "the file of the checkpoint is not there any more: going on with what has come since"})
	return false, nil
}

// listed reports whether a look has shown a file, perhaps compressed.
func (r *Path) listed(n *inode, s *sighting) bool {
	_, _ = n.look() // for its size; a file that cannot be looked at counts as it was
	return s.info != nil && same(n.info, s.info) || slices.ContainsFunc(s.gens, func(g rotation.Generation) bool {
		return same(n.info, g.Info) || g.Name.Compressed != "" && expandsTo(r, g, n.size, n.mod)
	})
}

// beginPresent reads the file that bore the name when reading was resumed, and
// has been deleted before the first look, behind the rotated ones that were
// there.
func (r *Path) beginPresent() error {
	n := r.present
	if n == nil {
		return nil
	}
	if n.offset == 0 { // not that of the checkpoint
		if err := r.skipCopied(n); err != nil {
			return err
		}
	}
	r.present = nil
	r.begin(n)
	return nil
}

func (r *Path) dropPresent() {
	if r.present != nil {
		r.present.close()
		r.present = nil
	}
}

// unmoved returns errMoved when a file was rotated, or truncated, since the look.
func (r *Path) unmoved(s *sighting) error {
	gens, err := r.generations()
	if err != nil {
		return err
	}
	info, err := r.stat()
	if err != nil {
		return err
	}
	if (info == nil) != (s.now == nil) || info != nil && (!same(info, s.info) || info.Size() < s.now.size) || !sameGenerations(s.gens, upTo(gens, info)) {
		return errMoved
	}
	return nil
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
