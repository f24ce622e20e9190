// Package recent finds the end of a log that is younger than a moment, by the
// clocks of its lines, without reading the rest.
package recent

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/records"
	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/rotation"
)

const (
	windowBlock = 64 << 10  // bytes read back at a time
	maxLine     = 1 << 20   // bytes of a line that are looked at
	maxWindow   = 256 << 20 // no further back than this
	untimed     = 1 << 20   // what is looked at when the log has no clock
	day         = 24 * time.Hour
)

// Part is the end of one file.
type Part struct {
	Path string
	Mod  time.Time // when the file was last written
	From int64     // the part begins here, at a line
	Size int64     // and ends here
	info os.FileInfo
}

// Is reports whether a description is of the file that the part was found in.
func (p *Part) Is(info os.FileInfo) bool { return disk.Same(p.info, info) }

// Recent is what of a log is younger than a moment.
type Recent struct {
	Parts []Part // oldest first: rotated files, then the log itself
	Timed bool   // false: the log has no clock, and the last MiB stands for the window
	Cut   bool   // the window is larger than is looked at
	Older bool   // something was written before the window
}

// Since finds the end of a log that was written since a moment, by the clocks
// of its lines, and reads no more than that and a block before it. Where clocks
// have no date or zone, the last line is taken to be as old as the file. What
// was rotated away is part of it. The error is that of opening or reading the
// log itself.
func Since(name string, since time.Time) (Recent, error) {
	var out Recent
	part, whole, err := windowOf(name, since, &out)
	if err != nil {
		return out, err
	}
	out.Parts, out.Older = []Part{part}, part.From > 0
	gens, _ := rotation.List(disk.OS{}, name) // what cannot be listed is not looked at
	for i := range gens {
		out.Older = out.Older || gens[i].Info.Size() > 0
	}
	for i := len(gens) - 1; i >= 0 && whole && out.Timed && gens[i].Info.ModTime().After(since); i-- {
		if gens[i].Name.Compressed != "" {
			break
		}
		if part, whole, err = windowOf(gens[i].Path, since, &out); err != nil {
			break // a rotator may take it away any time; the log itself has been found
		}
		out.Parts = append([]Part{part}, out.Parts...)
	}
	return out, nil
}

// windowOf finds the window in one file. whole: it reaches the beginning.
func windowOf(name string, since time.Time, out *Recent) (part Part, whole bool, err error) {
	f, err := disk.OpenNonblock(name)
	if err != nil {
		return part, false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return part, false, err
	}
	if !info.Mode().IsRegular() {
		return part, false, &fs.PathError{Op: "open", Path: name, Err: disk.ErrNotRegular}
	}
	w := &window{f: f, parser: logline.NewParser(), since: since, at: info.ModTime()}
	part = Part{Path: name, Mod: info.ModTime(), Size: info.Size(), info: info}
	part.From, err = w.find(info.Size())
	out.Timed = out.Timed || w.kind != logline.ClockNone
	out.Cut = out.Cut || w.cut
	return part, part.From == 0 && err == nil, err
}

// window goes back through a file. Only one clock is followed: the best of the
// last block.
type window struct {
	f      *os.File
	parser *logline.Parser
	since  time.Time
	kind   logline.ClockKind
	at     time.Time // of the line whose stamp is nanos
	nanos  int64
	timed  bool // nanos is set
	cut    bool
}

// find returns where the window begins.
func (w *window) find(size int64) (int64, error) {
	end := size
	inside := size // everything from here on is in the window
	for end > 0 {
		if size-end >= maxWindow {
			w.cut = true
			return inside, nil
		}
		start, block, err := w.block(end)
		if err != nil {
			return 0, err
		}
		if w.kind == logline.ClockNone {
			w.choose(block)
		}
		if w.kind == logline.ClockNone {
			if size-start >= untimed {
				return start, nil
			}
			end, inside = start, start
			continue
		}
		if off := w.border(block); off >= 0 {
			return start + int64(off), nil
		} else if off == allOld {
			return inside, nil
		}
		end, inside = start, start
	}
	return 0, nil
}

// block reads whole lines that end at end. A line longer than a block is read
// whole, up to 1 MiB; of a longer one its end is a line.
func (w *window) block(end int64) (int64, []byte, error) {
	for size := int64(windowBlock); ; size *= 4 {
		start := max(0, end-size)
		b := make([]byte, end-start)
		if _, err := w.f.ReadAt(b, start); err != nil && err != io.EOF {
			return 0, nil, fmt.Errorf("read at byte %d: %w", start, err)
		}
		if start == 0 {
			return 0, b, nil
		}
		if i := bytes.IndexByte(b, '\n'); i >= 0 && i+1 < len(b) {
			return start + int64(i) + 1, b[i+1:], nil
		}
		if size > maxLine {
			return start, b, nil
		}
	}
}

// choose picks the clock to go by: one with date and zone if the block has it.
func (w *window) choose(block []byte) {
	rank := map[logline.ClockKind]int{logline.ClockUTC: 4, logline.ClockLocal: 3, logline.ClockLocalNoYear: 2, logline.ClockUTCTimeOfDay: 1}
	best := 0
	for line := range bytes.Lines(block) {
		for _, s := range w.stamps(line) {
			if r := rank[s.Kind]; r > best {
				best, w.kind = r, s.Kind
			}
		}
		if best == 4 {
			break
		}
	}
	if w.kind == logline.ClockNone || w.kind == logline.ClockUTC {
		return
	}
	for line := range bytes.Lines(block) { // the last line is as old as the file
		if n, ok := w.stamp(line); ok {
			w.nanos, w.timed = n, true
		}
	}
}

func (w *window) stamps(line []byte) [2]logline.Stamp {
	if at := records.Time(line); !at.IsZero() { // what a shipper printed
		return [2]logline.Stamp{{Kind: logline.ClockUTC, Nanos: at.UnixNano()}}
	}
	var r logline.Record
	w.parser.Parse(line, &r)
	return [2]logline.Stamp{r.Outer, r.Inner}
}

func (w *window) stamp(line []byte) (int64, bool) {
	for _, s := range w.stamps(line) {
		if s.Kind == w.kind {
			return s.Nanos, true
		}
	}
	return 0, false
}

// What border returns besides an offset.
const (
	allYoung = -1
	allOld   = -2
)

// border finds the first line of the window in a block.
func (w *window) border(block []byte) int {
	at := 0
	first, checked := time.Time{}, false
	ref, refAt := int64(0), time.Time{}
	for line := range bytes.Lines(block) {
		n, ok := w.stamp(line)
		if ok && !checked {
			checked = true
			first = w.back(n)
			ref, refAt = n, first
			if !first.Before(w.since) {
				return allYoung
			}
		} else if ok && !w.on(n, ref, refAt).Before(w.since) {
			return at
		}
		at += len(line)
	}
	if !checked {
		return allYoung
	}
	return allOld
}

// back is the time of a stamp that stands before all seen so far.
func (w *window) back(n int64) time.Time {
	switch {
	case w.kind == logline.ClockUTC:
		return time.Unix(0, n)
	case w.timed:
		d := time.Duration(w.nanos - n)
		if w.kind == logline.ClockUTCTimeOfDay {
			if d = (d%day + day) % day; d > day-time.Hour {
				d = 0 // lines out of order
			}
		}
		w.at = w.at.Add(-max(d, 0))
	}
	w.nanos, w.timed = n, true
	return w.at
}

// on is the time of a stamp that stands after ref.
func (w *window) on(n, ref int64, at time.Time) time.Time {
	if w.kind == logline.ClockUTC {
		return time.Unix(0, n)
	}
	d := time.Duration(n - ref)
	if w.kind == logline.ClockUTCTimeOfDay {
		if d = (d%day + day) % day; d > day-time.Hour {
			d = 0
		}
	}
	return at.Add(d)
}
