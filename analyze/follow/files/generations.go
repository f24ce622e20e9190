package files

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/rotation"
)

// errMoved tells that a rotator is at work: what was listed is not there any more.
var errMoved = errors.New("was rotated while we looked")

// generations lists what rotators have made of the name, oldest first: of the
// file behind a link, of the link itself, and of what the link led to before.
// The file that bears one of these names now is not among them, but for the
// last, which nobody else looks at.
func (r *Path) generations() ([]rotation.Generation, error) {
	var out []rotation.Generation
	add := func(g rotation.Generation) {
		if !slices.ContainsFunc(out, func(o rotation.Generation) bool { return same(o.Info, g.Info) }) {
			out = append(out, g)
		}
	}
	fsys := &onceListed{FS: r.FS, names: map[string]listing{}}
	paths := append(slices.Clone(r.names.left), r.Name)
	if t := r.names.target; t != r.Name && t != "" {
		paths = append(paths, t)
	}
	for i, p := range paths {
		gens, err := rotation.List(fsys, p)
		if err != nil {
			return nil, err
		}
		for _, g := range gens {
			add(g)
		}
		if i >= len(r.names.left) {
			continue
		}
		info, err := r.FS.Stat(p)
		switch {
		case err == nil && info.Mode().IsRegular():
			add(rotation.Generation{Path: p, Info: info})
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return out, nil
}

// onceListed lists each folder once: what a link has led to mostly lies in one.
type onceListed struct {
	disk.FS
	names map[string]listing
}

type listing struct {
	names []string
	err   error
}

// List lists a folder, or returns what it held when it was listed before.
func (f *onceListed) List(dir string) ([]string, error) {
	l, ok := f.names[dir]
	if !ok {
		l.names, l.err = f.FS.List(dir)
		f.names[dir] = l
	}
	return l.names, l.err
}

// sighting is one consistent look at a name and what was rotated away from it.
type sighting struct {
	now    *inode      // bears the name; nil: nothing does, or it is open already
	info   fs.FileInfo // of what bears the name; nil: nothing does
	gens   []rotation.Generation
	births int
	sure   bool   // births tells how many files have come
	broken string // why files must be missing, as far as that is seen otherwise
}

// sight looks until nothing has moved meanwhile.
func (r *Path) sight() (s sighting, err error) {
	for range 20 {
		r.names.follow(r.FS, r.Name)
		s.births, s.sure = r.names.births()
		before, err := r.generations()
		if err != nil {
			return s, err
		}
		info, err := r.stat()
		if err != nil {
			return s, err
		}
		s.now, s.info = nil, info
		if info != nil && r.opens(info) == nil {
			s.now, err = openInode(r.FS, r.Name, &r.block)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return s, err
			}
		}
		s.gens, err = r.generations()
		births, sure := r.names.births()
		still := births == s.births && r.FS.Resolve(r.Name) == r.names.target && sameGenerations(before, s.gens)
		if err == nil && still && (s.now == nil || same(s.now.info, info) && s.now.size >= info.Size()) {
			s.sure = sure
			s.gens = upTo(s.gens, info)
			return s, nil
		}
		if s.now != nil {
			s.now.close()
		}
		if err != nil {
			return s, err
		}
	}
	return s, errMoved
}

// upTo leaves out what bears the name, and what came after it.
func upTo(gens []rotation.Generation, now fs.FileInfo) []rotation.Generation {
	for i, g := range gens {
		if now != nil && same(g.Info, now) {
			return gens[:i]
		}
	}
	return gens
}

// sameGenerations reports whether two listings show the same files in the same places.
func sameGenerations(a, b []rotation.Generation) bool {
	return slices.EqualFunc(a, b, func(x, y rotation.Generation) bool { return x.Path == y.Path && same(x.Info, y.Info) })
}

// besidePlain reports whether a file is being compressed at the moment.
func besidePlain(gens []rotation.Generation, g rotation.Generation) bool {
	plain := strings.TrimSuffix(g.Path, g.Name.Compressed)
	return plain != g.Path && slices.ContainsFunc(gens, func(o rotation.Generation) bool { return o.Path == plain })
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
	// The number of a file that is gone may have been given to another one.
	if !same(n.info, g.Info) || n.info.Size() != g.Info.Size() || !n.info.ModTime().Equal(g.Info.ModTime()) {
		n.close()
		return nil, errMoved
	}
	return n, nil
}
