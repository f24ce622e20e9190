package follow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"wolfdiag/analyze"
)

// maxRecall is how much of each log is read again after a restart.
const maxRecall = 64 << 20

// feeder hands the files of one log to an analyzer, one after the other.
type feeder struct {
	a    *analyze.Analyzer
	name string
	rest []byte // of a record that may go on
}

// part feeds what lies between n's offset and end, as a reader that follows it
// would have.
func (d *feeder) part(ctx context.Context, n *inode, end int64) error {
	for n.offset < end {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := n.next()
		if err != nil {
			return fmt.Errorf("read at byte %d: %w", n.offset, err)
		}
		if len(data) == 0 {
			if data = n.rest(); len(data) == 0 {
				return nil // it became shorter
			}
		}
		if over := n.offset - end; over > 0 {
			data = data[:max(int64(len(data))-over, 0)]
		}
		if n.skipped > 0 || n.cut > 0 {
			d.a.Skipped(d.name, n.skipped, n.cut)
			n.skipped, n.cut = 0, 0
		}
		data = append(d.rest, data...)
		took := d.a.Feed(d.name, "file", n.mod, data, len(data) > maxRest)
		d.rest = bytes.Clone(data[took:])
	}
	return nil
}

// next ends a part that another one follows: its last line is whole.
func (d *feeder) next() {
	if k := len(d.rest); k > 0 && d.rest[k-1] != '\n' {
		d.rest = append(d.rest, '\n')
	}
}

// end feeds what may have gone on and did not.
func (d *feeder) end(n *inode) { d.a.Feed(d.name, "file", n.mod, d.rest, true) }

// ErrMoved tells that a file is not what it was a moment ago.
var ErrMoved = errors.New("was rotated meanwhile")

// FeedParts hands the parts of a log to an analyzer, which Since has just
// found. The error is ErrMoved, and nothing was fed, when one is not there any
// more.
func FeedParts(ctx context.Context, a *analyze.Analyzer, name string, parts []Part) error {
	var files []*inode
	for _, p := range parts {
		n, err := openInode(p.Path)
		if err == nil {
			defer n.close()
		}
		if err == nil && !os.SameFile(n.info, p.info) || os.IsNotExist(err) {
			err = fmt.Errorf("%s: %w", p.Path, ErrMoved)
		}
		if err != nil {
			return err
		}
		n.offset, n.mod = p.From, p.Mod
		files = append(files, n)
	}
	d := &feeder{a: a, name: name}
	for i, n := range files {
		if i > 0 {
			d.next()
		}
		if err := d.part(ctx, n, parts[i].Size); err != nil {
			return err
		}
	}
	d.end(files[len(files)-1])
	return nil
}

// resumes reports whether an earlier run of the program is gone on with.
func (f *Follower) resumes() bool { return f.saved != nil && f.o.From == FromCheckpoint }

// noPlace tells that a pipe cannot be gone on with.
func (f *Follower) noPlace(name string) {
	if f.resumes() {
		f.tell(Event{Kind: EventNotice, Time: f.clock.Now(), Text: name +
			": a pipe has no place to go on from; incidents told before stay known, what it repeats counts again, and the diagnosis begins with what comes"})
	}
}

// recall reads again what an earlier run of the program has read of a log, so
// that the diagnosis goes on and does not begin anew. Nothing of it is news.
func (f *Follower) recall(name string, at *position) {
	files, whole := before(name, at, maxRecall)
	if len(files) == 0 {
		return // the reader tells that this is not the file
	}
	d := &feeder{a: f.o.Analyzer, name: name}
	size := int64(0)
	var err error
	for i, n := range files {
		end := n.size
		if i > 0 {
			d.next()
		}
		if i == len(files)-1 {
			end = at.Offset
		}
		size += max(end-n.offset, 0)
		if err == nil {
			err = d.part(f.asked, n, end)
		}
		if i == len(files)-1 {
			d.end(n)
		}
		n.close()
	}
	f.recalled = true
	text := fmt.Sprintf("%s: going on at byte %d; the %d KiB before it are read again for the diagnosis", name, at.Offset, (size+1023)>>10)
	switch {
	case f.interrupted():
		text += ", but not all of it: the end was asked for"
	case err != nil:
		text += fmt.Sprintf(", but not all of it: %v", err)
	case !whole:
		text += ", what is older is not part of it"
	}
	f.tell(Event{Kind: EventNotice, Time: f.clock.Now(), Text: text})
}

// before opens the files that hold the bytes before a place of a log, oldest
// first and each at the line to begin with; the last one is the file of the
// place. None when that is not there any more. whole: nothing was left out.
func before(name string, at *position, limit int64) (files []*inode, whole bool) {
	var paths []string
	for _, g := range generations(name) {
		paths = append(paths, g.path)
	}
	paths = append(paths, name)
	left := limit
	for i := len(paths) - 1; i >= 0; i-- {
		n, err := openInode(paths[i])
		if err != nil {
			continue // a rotator may be at work; what is missing is missing
		}
		end := n.size
		if len(files) == 0 {
			if !n.fits(at) {
				n.close()
				continue
			}
			end = at.Offset
		}
		files = append([]*inode{n}, files...)
		if left -= end; left < 0 {
			n.offset = nextLine(n, -left)
		}
		if left <= 0 {
			return files, left == 0 && i == 0
		}
	}
	return files, true
}

// nextLine is where the first line begins at or behind at.
func nextLine(n *inode, at int64) int64 {
	n.offset = at - 1
	n.skipping = true
	_, err := n.skip()
	from := n.offset
	n.skipping, n.skipped = false, 0
	if err != nil {
		return at
	}
	return from
}

// remember takes what recall has read for known.
func (f *Follower) remember() {
	if !f.recalled {
		return
	}
	f.revision = f.o.Analyzer.Revision()
	f.report = f.o.Analyzer.Report()
	f.tracker.Baseline(f.clock.Now(), f.report)
}
