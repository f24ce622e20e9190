package collect

import (
	"fmt"
	"path/filepath"
	"sort"
	"time"

	"wolfdiag/dump/trace"
)

// Bounds for what the clocks of one machine can do.
const (
	// afterRename is how much later than the restart a modification time may be.
	afterRename = 2 * time.Second
	// promptRestart is the time within which a restart policy brings Wolf back; a
	// zone is only derived from files whose restart came that soon.
	promptRestart = 3 * time.Minute
	// alike is the spread that modification times of one copy may have.
	alike = time.Minute
)

// zone offsets in use lie between these, in steps of a quarter hour.
const (
	minOffset  = -12 * time.Hour
	maxOffset  = 14 * time.Hour
	offsetStep = 15 * time.Minute
)

// resolveTimes fills in Crash and Restart of all files from their names and
// modification times, folder by folder, and returns what was assumed.
func resolveTimes(files []*File, zone *time.Location) []string {
	byDir := make(map[string][]*File)
	var dirs []string
	for _, f := range files {
		if f.Err != nil {
			continue
		}
		d := filepath.Dir(f.Path)
		if byDir[d] == nil {
			dirs = append(dirs, d)
		}
		byDir[d] = append(byDir[d], f)
	}
	sort.Strings(dirs)
	var notes []string
	for _, d := range dirs {
		notes = append(notes, folderTimes(d, byDir[d], zone)...)
	}
	return notes
}

func folderTimes(dir string, files []*File, zone *time.Location) []string {
	var notes []string
	localNames := 0
	for _, f := range files {
		f.Pending = f.name.kind == namePending
		switch f.name.kind {
		case nameUTC:
			t := f.name.clock
			f.Restart = &t
		case nameLocal:
			localNames++
			localRestart(f, zone)
		}
	}
	if localNames > 0 {
		notes = append(notes, zoneNote(dir, files, zone))
	}
	lost := lostTimes(files)
	if lost != "" {
		notes = append(notes, fmt.Sprintf("%s: %s; the time in the name (the restart after the crash) is used as an upper bound", dir, lost))
	}
	for _, f := range files {
		crashTime(f, lost != "")
	}
	return notes
}

// localRestart reads a name without a zone. The zone is the given one, or the
// one in which the restart comes right after the modification time.
func localRestart(f *File, zone *time.Location) {
	c := f.name.clock
	if zone != nil {
		t := time.Date(c.Year(), c.Month(), c.Day(), c.Hour(), c.Minute(), c.Second(), 0, zone).UTC()
		f.Restart = &t
		return
	}
	if f.modTime.IsZero() {
		return
	}
	if offset, ok := zoneOffset(c.Sub(f.modTime)); ok {
		t := c.Add(-offset)
		f.Restart = &t
	}
}

// zoneOffset splits local restart − UTC crash into a zone's offset and a short
// time to restart.
func zoneOffset(d time.Duration) (time.Duration, bool) {
	offset := d.Truncate(offsetStep)
	if d < 0 && offset != d {
		offset -= offsetStep // round down: the restart is not before the crash
	}
	rest := d - offset
	if rest > offsetStep-afterRename { // whole seconds in the name may round it before the crash
		offset += offsetStep
		rest = 0
	}
	return offset, rest <= promptRestart && offset >= minOffset && offset <= maxOffset
}

func zoneNote(dir string, files []*File, zone *time.Location) string {
	if zone != nil {
		return fmt.Sprintf("%s: names without a zone are read as %s", dir, zone)
	}
	seen := make(map[time.Duration]int)
	unknown := 0
	for _, f := range files {
		if f.name.kind != nameLocal {
			continue
		}
		if f.Restart == nil {
			unknown++
		} else {
			seen[f.name.clock.Sub(*f.Restart)]++
		}
	}
	offsets := make([]time.Duration, 0, len(seen))
	for o := range seen {
		offsets = append(offsets, o)
	}
	sort.Slice(offsets, func(i, j int) bool { return offsets[i] < offsets[j] })
	note := dir + ": names without a zone are local time"
	for i, o := range offsets {
		sep := ", "
		if i == 0 {
			sep = "; from the modification times it was UTC"
		}
		note += fmt.Sprintf("%s%s for %d", sep, offsetText(o), seen[o])
	}
	if unknown > 0 {
		note += fmt.Sprintf("; the zone of %d is not known", unknown)
	}
	return note
}

func offsetText(o time.Duration) string {
	sign := '+'
	if o < 0 {
		sign, o = '-', -o
	}
	return fmt.Sprintf("%c%02d:%02d", sign, int(o.Hours()), int(o.Minutes())%60)
}

// lostTimes says why the modification times of a folder are not those of the
// crashes, or "" when they can be.
func lostTimes(files []*File) string {
	dated, later := 0, 0
	var first, last, firstName, lastName time.Time
	for _, f := range files {
		if f.Restart == nil || f.modTime.IsZero() {
			continue
		}
		dated++
		if f.modTime.After(f.Restart.Add(afterRename)) && !f.modMinute {
			later++
		}
		grow(&first, &last, f.modTime)
		grow(&firstName, &lastName, *f.Restart)
	}
	switch {
	case dated == 0:
		return ""
	case later == dated:
		return fmt.Sprintf("all %d modification times are later than the names: a copy lost the originals", dated)
	case dated > 1 && last.Sub(first) <= alike && lastName.Sub(firstName) > 3*alike:
		return fmt.Sprintf("the %d modification times lie within %s of one another, the names do not: a copy lost the originals", dated, last.Sub(first).Round(time.Second))
	}
	return ""
}

func grow(first, last *time.Time, t time.Time) {
	if first.IsZero() || t.Before(*first) {
		*first = t
	}
	if last.IsZero() || t.After(*last) {
		*last = t
	}
}

func crashTime(f *File, lost bool) {
	if f.Pending {
		f.Trace.Warn("still called backtrace.dump: no start has picked this crash up yet")
	}
	late := f.Restart != nil && !f.modMinute && f.modTime.After(f.Restart.Add(afterRename))
	if f.Restart != nil && (lost || late || f.modTime.IsZero()) {
		t := *f.Restart
		f.Crash, f.CrashBound = &t, true
		if late && !lost {
			f.Trace.Warn("the modification time is later than the name; the restart time is an upper bound for the crash")
		} else {
			f.Trace.Warn("crash time not known; the restart time is an upper bound")
		}
		return
	}
	if f.modTime.IsZero() || lost || f.Trace.Kind == trace.KindPrinted && f.name.kind == nameOther {
		return // a log's time is not that of the crash printed in it
	}
	t := f.modTime.UTC()
	f.Crash = &t
	if f.name.kind == nameLocal && f.Restart == nil {
		f.Trace.Warn("restart time not known: the name has local time without a zone")
	}
}
