package files

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/rotation"
)

// errMoved tells that a rotator is at work: what was listed is not there any more.
var errMoved = errors.New("was rotated while we looked")

func same(a, b fs.FileInfo) bool { return disk.Same(a, b) }

// pollName opens what bears the name now, and what bore it since the last look.
func (r *Path) pollName() {
	info, err := r.stat()
	if !r.opened {
		r.trouble.wait(info, err)
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
	case len(r.queue) > 0 && same(r.queue[len(r.queue)-1].info, info) && births == r.names.accounted && len(r.names.left) == 0 && r.trouble.since.IsZero():
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

// wait looks at a file that cannot be opened yet: whether it may have been
// truncated meanwhile.
func (t *trouble) wait(info fs.FileInfo, err error) {
	t.unseen = t.unseen || err != nil || info != nil && t.last != nil && same(info, t.last) && info.Size() < t.last.Size()
	t.last = info
}

// tellGone notes that nothing bears the name.
func (r *Path) tellGone() {
	if r.opened && !r.gone {
		r.notify("is gone, waiting for it to come back")
	} else if !r.opened && r.trouble.problem == "" {
		r.trouble.problem = absent
		r.notify("does not exist yet, waiting for it")
	}
	r.gone = true
	r.From, r.Initial = AtStart, false // what comes is new from its beginning
}

// absent is the problem of a file that is not there yet: no trouble.
const absent = "absent"

// found notes that the name can be read.
func (r *Path) found() {
	if p := r.trouble.problem; p != "" && p != absent && r.trouble.unread.IsZero() {
		r.notify("can be read again")
	}
	r.trouble.problem, r.gone = "", false
}

// wait reports whether something that fails is to be tried again at the next
// look, and tells of it once.
func (r *Path) wait(err error) bool { return r.waitSince(&r.trouble.since, err) }

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
func (r *Path) searched() { r.trouble.since = time.Time{} }

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
	paths := append(slices.Clone(r.names.left), r.Name)
	if t := r.names.target; t != r.Name && t != "" {
		paths = append(paths, t)
	}
	for i, p := range paths {
		gens, err := rotation.List(r.FS, p)
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

// search puts into the queue what has borne the name since the last search,
// oldest first, and last what bears it now. With an error, what comes before
// the trouble is in the queue, and the next search goes on behind it.
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
	r.searched()
	r.tellMissing(&s)
	r.past.prune(s.gens)
	if err := r.take(&s); err != nil {
		return err
	}
	r.names.settle(s.births)
	return nil
}

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

// since returns the generations that have come since the last search: by their
// identity; and by their number, when that is known, so that a file that
// somebody has put there is not taken for one.
func (r *Path) since(s *sighting) []rotation.Generation {
	var out []rotation.Generation
	for _, g := range s.gens {
		if r.unknown(g.Info) && !besidePlain(s.gens, g) {
			out = append(out, g)
		}
	}
	if !s.sure {
		s.broken = r.broken(s.gens)
		if !r.based { // what was there at the start is not known
			for _, g := range out {
				r.past.add(record{info: g.Info})
			}
			out = nil
		}
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

// besidePlain reports whether a file is being compressed at the moment.
func besidePlain(gens []rotation.Generation, g rotation.Generation) bool {
	plain := strings.TrimSuffix(g.Path, g.Name.Compressed)
	return plain != g.Path && slices.ContainsFunc(gens, func(o rotation.Generation) bool { return o.Path == plain })
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
	at := max(len(s.gens)-n, 0)
	for _, g := range s.gens[:at] {
		r.past.add(record{info: g.Info})
	}
	r.names.accounted = s.births - n
	if s.now != nil {
		r.names.accounted--
	}
	if r.From == AtStart && r.Initial && r.trouble.problem != "" && r.trouble.problem != absent && (!s.sure || r.trouble.unseen) {
		r.gap(account.Gap{Bytes: account.Unknown, Reason: account.Failed, Detail: "it could not be opened for a while: " + r.trouble.problem})
	}
	return s.gens[at:]
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

// giveUpOn reports whether an error has lasted for so long that what fails is
// left out.
func (r *Path) giveUpOn(err error) bool {
	return !errors.Is(err, errMoved) && !r.trouble.since.IsZero() && r.Clock.Now().Sub(r.trouble.since) >= patience
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

// opens returns the open file of a description; nil when there is none.
func (r *Path) opens(info fs.FileInfo) *inode {
	for _, n := range r.queue {
		if same(n.info, info) {
			return n
		}
	}
	for _, l := range r.late {
		if same(l.info, info) {
			return l.inode
		}
	}
	return nil
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
