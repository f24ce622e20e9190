package follow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"wolfdiag/analyze"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/recent"
)

// maxReplay is how much of each log is read again after a restart.
const maxReplay = 64 << 20

// feeder hands the files of one log to an analyzer, one after the other.
type feeder struct {
	a    *analyze.Analyzer
	name string
	rest []byte // of a record that may go on
}

// segment feeds a part of a file, as a reader that follows it would have.
func (d *feeder) segment(ctx context.Context, s *files.Segment) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := s.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if p.Skipped > 0 || p.Cut > 0 {
			d.a.Skipped(d.name, p.Skipped, p.Cut)
		}
		data := append(d.rest, p.Data...)
		took := d.a.Feed(d.name, "file", p.Mod, data, len(data) > maxRest)
		d.rest = bytes.Clone(data[took:])
	}
}

// next ends a part that another one follows: its last line is whole.
func (d *feeder) next() {
	if k := len(d.rest); k > 0 && d.rest[k-1] != '\n' {
		d.rest = append(d.rest, '\n')
	}
}

// end feeds what may have gone on and did not.
func (d *feeder) end(s *files.Segment) { d.a.Feed(d.name, "file", s.Mod(), d.rest, true) }

// ErrMoved tells that a file is not what it was a moment ago.
var ErrMoved = errors.New("was rotated meanwhile")

// FeedParts hands the parts of a log to an analyzer, which recent.Since has just
// found. The error is ErrMoved, and nothing was fed, when one is not there any
// more.
func FeedParts(ctx context.Context, a *analyze.Analyzer, name string, parts []recent.Part) error {
	var segments []*files.Segment
	for _, p := range parts {
		s, err := files.OpenSegment(disk.OS{}, p.Path, p.From, p.Size)
		if err == nil {
			defer s.Close()
		}
		if err == nil && !p.Is(s.Info()) || os.IsNotExist(err) {
			err = fmt.Errorf("%s: %w", p.Path, ErrMoved)
		}
		if err != nil {
			return err
		}
		segments = append(segments, s)
	}
	d := &feeder{a: a, name: name}
	for i, s := range segments {
		if i > 0 {
			d.next()
		}
		if err := d.segment(ctx, s); err != nil {
			return err
		}
	}
	d.end(segments[len(segments)-1])
	return nil
}

// resumes reports whether an earlier run of the program is gone on with.
func (f *Follower) resumes() bool { return f.saved != nil && f.o.From == FromCheckpoint }

// noPlace tells that a pipe cannot be gone on with.
func (f *Follower) noPlace(name string) {
	if f.resumes() {
		f.emit(event.Event{Kind: event.KindNotice, Time: f.clock.Now(), Text: name +
			": a pipe has no place to go on from; incidents told before stay known, what it repeats counts again, and the diagnosis begins with what comes"})
	}
}

// replay reads again what an earlier run of the program has read of a log, so
// that the diagnosis goes on and does not begin anew. Nothing of it is news.
func (f *Follower) replay(name string, at *files.Position) {
	segments, whole := files.Before(disk.OS{}, name, at, maxReplay)
	if len(segments) == 0 {
		return // the reader tells that this is not the file
	}
	d := &feeder{a: f.o.Analyzer, name: name}
	size := int64(0)
	var err error
	for i, s := range segments {
		if i > 0 {
			d.next()
		}
		size += max(s.To()-s.From(), 0)
		if err == nil {
			err = d.segment(f.asked, s)
		}
		if i == len(segments)-1 {
			d.end(s)
		}
		s.Close()
	}
	f.replayed = true
	text := fmt.Sprintf("%s: going on at byte %d; the %d KiB before it are read again for the diagnosis", name, at.Offset, (size+1023)>>10)
	switch {
	case f.interrupted():
		text += ", but not all of it: the end was asked for"
	case err != nil:
		text += fmt.Sprintf(", but not all of it: %v", err)
	case !whole:
		text += ", what is older is not part of it"
	}
	f.emit(event.Event{Kind: event.KindNotice, Time: f.clock.Now(), Text: text})
}

// remember takes what was replayed for known.
func (f *Follower) remember() {
	if !f.replayed {
		return
	}
	f.revision = f.o.Analyzer.Revision()
	f.report = f.o.Analyzer.Report()
	f.tracker.Baseline(f.clock.Now(), f.report)
}
