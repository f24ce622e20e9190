package symbol

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Store looks addresses up in the files below some paths. It is safe for
// concurrent use; nothing is opened before it is asked for. Close it at the end.
type Store struct {
	roots []*root
	// Limit is the time one object may take; 0 means DefaultLimit.
	Limit time.Duration
	// Expand opens compressed content by its start, and names the compression, ""
	// for none that it knows; nil leaves .gnu_debugdata (xz) unread. Set it before
	// the first Resolve.
	Expand func(io.Reader) (plain io.ReadCloser, name string, err error)

	mu     sync.Mutex
	opened []*image
}

// DefaultLimit is ample for a debug build of a gigabyte; hostile input ends here.
const DefaultLimit = 30 * time.Second

// maxCandidates bounds the files of one name that are tried.
const maxCandidates = 32

// Open makes a Store of binaries, debug files, and folders: with binaries, a copy
// of a container's file system, or debug files (.build-id/ab/….debug). The error
// names the paths that do not exist; the Store then serves the others.
func Open(paths []string) (*Store, error) {
	s := &Store{}
	var errs []error
	for _, p := range paths {
		r, err := newRoot(p)
		if err != nil {
			errs = append(errs, fmt.Errorf("symbols: %w", err))
			continue
		}
		s.roots = append(s.roots, r)
	}
	return s, errors.Join(errs...)
}

// Close lets go of all files. Results stay valid.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, im := range s.opened {
		im.close()
	}
	s.opened = nil
}

// Resolve looks up addresses of the object that dumps call module. Each group
// holds those of one trace, sorted by Offset: one process ran one build, so the
// build is told for each group by itself; groups of the same build are looked up
// together. There is one Result for each group. Resolve never fails: Problem says
// why there are no names. Files that do not fit are refused with the figures.
func (s *Store) Resolve(ctx context.Context, module string, groups [][]Address) []Result {
	limit := s.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	results := make([]Result, len(groups))
	images, problems := s.images(module)
	members := make([][]int, len(images))
	for g := range groups {
		results[g].Locations = make([][]Location, len(groups[g]))
		if i := choose(images, problems, groups[g], &results[g]); i >= 0 {
			members[i] = append(members[i], g)
		}
	}
	for i, list := range members {
		if len(list) > 0 {
			s.resolveImage(ctx, images[i].image, module, groups, list, results)
		}
	}
	return results
}

// resolveImage looks up the addresses of several groups at once.
func (s *Store) resolveImage(ctx context.Context, im *image, module string, groups [][]Address, list []int, results []Result) {
	var all []Address
	for _, g := range list {
		all = append(all, groups[g]...)
	}
	source, problem := s.debugOf(im, module)
	slices.SortFunc(all, func(a, b Address) int { return cmp.Compare(a.Offset, b.Offset) })
	all = slices.CompactFunc(all, func(a, b Address) bool { return a.Offset == b.Offset })
	var shared Result
	locations := make([][]Location, len(all))
	if source != im {
		defer source.close()
		shared.Debug = source.path
	}
	note(&shared, problem)
	var plain map[int]bool
	if source.hasDWARF() {
		alt, problem := s.alternate(source)
		note(&shared, problem)
		find, done := s.splitFinder(source)
		plain, problem = lookUp(ctx, source, alt, find, all, locations)
		done()
		note(&shared, problem)
		if alt != nil {
			alt.close()
		}
	} else if problem == "" {
		note(&shared, "no debug information: names only where a symbol table has them, no lines")
	}
	small, problem := s.mini(im)
	note(&shared, problem)
	fromTables(im, source, small, all, plain, locations)
	id := im.buildID()
	for _, g := range list {
		r := &results[g]
		r.Binary, r.BuildID, r.Debug = im.path, id, shared.Debug
		note(r, shared.Problem)
		for i, a := range groups[g] {
			if k, ok := slices.BinarySearchFunc(all, a.Offset, func(x Address, o uint64) int { return cmp.Compare(x.Offset, o) }); ok {
				r.Locations[i] = locations[k]
			}
		}
	}
}

// maxMini bounds an expanded .gnu_debugdata.
const maxMini = 64 << 20

// mini returns the small ELF file with function symbols that distributions put
// into stripped binaries, compressed with xz (Fedora's MiniDebugInfo; gdb manual,
// "Debugging information in a special section"); nil when there is none, with what
// is wrong with one that cannot be read.
func (s *Store) mini(im *image) (*image, string) {
	packed, err := im.section(".gnu_debugdata")
	if err != nil || len(packed) == 0 || im.elf.Section(".symtab") != nil {
		return nil, ""
	}
	if s.Expand == nil {
		return nil, "a smaller symbol table (.gnu_debugdata) is not read"
	}
	var mini *image
	err = guarded(func() error {
		plain, name, err := s.Expand(bytes.NewReader(packed))
		switch {
		case err != nil:
			return err
		case name == "":
			return errors.New("unknown compression")
		}
		defer plain.Close()
		data, err := io.ReadAll(io.LimitReader(plain, maxMini+1))
		if err != nil {
			return err
		}
		if len(data) > maxMini {
			return fmt.Errorf("more than %d bytes", maxMini)
		}
		mini, err = newImage(im.path+" .gnu_debugdata", data)
		return err
	})
	if err != nil {
		return nil, fmt.Sprintf("%s: .gnu_debugdata: %v", im.path, err)
	}
	return mini, ""
}

func note(res *Result, problem string) {
	if problem != "" {
		res.Problem = join(res.Problem, problem)
	}
}

// tried is an opened candidate.
type tried struct {
	*image
	named bool
}

// images opens the files that may be the object, and says what was wrong with
// those of its name that could not be opened.
func (s *Store) images(module string) (out []tried, problem string) {
	for _, c := range candidates(s.roots, module) {
		if len(out) == maxCandidates {
			break
		}
		im, err := openImage(c.path)
		if err != nil {
			if c.named {
				problem = join(problem, err.Error())
			}
			continue
		}
		s.mu.Lock()
		s.opened = append(s.opened, im)
		s.mu.Unlock()
		out = append(out, tried{im, c.named})
	}
	return out, problem
}

// choose returns the index of the image that fits one trace best, -1 when none
// does; it notes the figures.
func choose(images []tried, problem string, addresses []Address, res *Result) int {
	best, codeless := -1, -1
	var of fitness
	for i, im := range images {
		if !im.hasCode() {
			if im.named && codeless < 0 && (im.hasDWARF() || im.elf.Section(".symtab") != nil) {
				codeless = i // debug information alone: used unless a binary turns up
			}
			continue
		}
		f, err := safeFit(im.image, addresses)
		accept, _ := f.verdict()
		switch {
		case !im.named && (err != nil || f.checked < fewChecked || f.fits < f.checked):
			// A file of another name needs full proof.
		case err != nil || !accept:
			problem = join(problem, refusal(im.image, f, err))
			if best < 0 {
				res.Fit, res.Checked = f.fits, f.checked
			}
		case best < 0 || f.fits*of.checked > of.fits*f.checked || f.fits*of.checked == of.fits*f.checked && im.hasDWARF() && !images[best].hasDWARF():
			best, of = i, f
		}
	}
	switch {
	case best >= 0:
		res.Fit, res.Checked = of.fits, of.checked
		_, sure := of.verdict()
		res.Unverified = !sure
		switch {
		case of.checked == 0:
			res.Problem = "no return address to check the build by"
		case !sure && of.fits < of.checked:
			res.Problem = fmt.Sprintf("the build is not certain: no call instruction before %s", offsets(of.misfits))
		}
		return best
	case codeless >= 0:
		res.Unverified = true
		res.Problem = join(problem, "the file holds no code, so it could not be checked to be the right build")
	case problem != "":
		res.Problem = problem
	default:
		res.Problem = "no file of that name below the symbol paths"
	}
	return codeless
}

func refusal(im *image, f fitness, err error) string {
	if err != nil {
		return fmt.Sprintf("refused %s (%s): %v", im.path, im.machineName(), err)
	}
	return fmt.Sprintf("refused %s (%s, build-id %s): another build, %d of %d return addresses follow a call instruction, want at least %.0f %%; none does at %s",
		im.path, im.machineName(), orNone(im.buildID()), f.fits, f.checked, enoughFit*100, offsets(f.misfits))
}

// offsets lists addresses, the first few.
func offsets(list []uint64) string {
	out := ""
	for i, o := range list {
		if i == 4 {
			return out + fmt.Sprintf(" and %d more", len(list)-i)
		}
		if i > 0 {
			out += ", "
		}
		out += fmt.Sprintf("%#x", o)
	}
	return out
}

// debugOf returns the image with the debug information, which may be im itself,
// and what is wrong when there should be some.
func (s *Store) debugOf(im *image, module string) (*image, string) {
	if im.hasDWARF() {
		return im, ""
	}
	problem := ""
	_, crc, linked := im.debugLink()
	for _, p := range debugCandidates(s.roots, im, module) {
		d, err := openImage(p)
		if err != nil {
			problem = join(problem, err.Error())
			continue
		}
		a, b := im.buildID(), d.buildID()
		switch {
		case d.elf.Machine != im.elf.Machine:
			problem = join(problem, fmt.Sprintf("%s is for %s", p, d.machineName()))
		case a != "" && b != "" && a != b:
			problem = join(problem, fmt.Sprintf("%s has build-id %s, want %s", p, b, a))
		case (a == "" || b == "") && linked && d.checksum() != crc:
			problem = join(problem, fmt.Sprintf("%s does not have the checksum that %s names", p, im.path))
		case (a == "" || b == "") && !linked:
			problem = join(problem, fmt.Sprintf("%s cannot be shown to belong to %s", p, im.path))
		case d.hasDWARF() || d.elf.Section(".symtab") != nil:
			return d, ""
		}
		d.close()
	}
	return im, problem
}

// guarded runs f; panics inside the standard library's readers, and faults on a
// file that was cut short while mapped, become errors.
func guarded(f func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(old)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errDWARF, p)
		}
	}()
	return f()
}

func safeFit(im *image, addresses []Address) (f fitness, err error) {
	err = guarded(func() error {
		var err error
		f, err = im.fit(addresses)
		return err
	})
	return f, err
}

// lookUp fills in what DWARF knows. plain are the addresses whose function has only
// a bare name; problem is what went wrong.
func lookUp(ctx context.Context, im, alt *image, find func(string, string, unit) *image, addresses []Address, out [][]Location) (plain map[int]bool, problem string) {
	err := guarded(func() error {
		dd, err := newDWARF(ctx, im, alt)
		if err != nil {
			return err
		}
		dd.openSplit = find
		plain = dd.plain
		if err := dd.resolve(addresses, out); err != nil {
			return err
		}
		problem = dd.missing()
		return nil
	})
	if err != nil {
		problem = fmt.Sprintf("%s: %v", im.path, err)
	}
	return plain, problem
}

// fromTables names what DWARF did not, out of the symbol tables. Static functions
// have a bare name in DWARF but a full one there.
func fromTables(im, source, mini *image, addresses []Address, plain map[int]bool, out [][]Location) {
	_ = guarded(func() error {
		done := make([]bool, len(out))
		for i := range out {
			done[i] = !nameless(out[i]) && !plain[i]
		}
		for _, t := range []struct {
			im    *image
			table string
		}{{source, ".symtab"}, {im, ".symtab"}, {mini, ".symtab"}, {im, ".dynsym"}} {
			if t.im == nil {
				continue
			}
			if !slices.Contains(done, false) {
				return nil
			}
			for i, n := range t.im.symbolNames(t.table, addresses) {
				if n.name == "" || done[i] {
					continue
				}
				full := Demangle(n.name)
				if !nameless(out[i]) && full == n.name {
					continue // not mangled: says no more than DWARF
				}
				if len(out[i]) == 0 {
					out[i] = []Location{{File: n.file}}
				}
				outer := &out[i][len(out[i])-1]
				if len(out[i]) > 1 {
					outer.Bare = outer.Function
					if inner := &out[i][0]; inner.Function == outer.Bare {
						inner.Function = full // recursion expanded in itself
					}
				}
				outer.Function = full
				done[i] = true
			}
		}
		return nil
	})
}

func nameless(l []Location) bool { return len(l) == 0 || l[len(l)-1].Function == "" }
