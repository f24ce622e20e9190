package collect

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"wolfdiag/dump/decode"
	"wolfdiag/dump/trace"
)

// listRow is one file of an `ls` listing.
type listRow struct {
	path    string
	size    int64 // -1 when unknown
	mod     time.Time
	zoned   bool // mod has a zone; otherwise its digits are local
	minute  bool // known to the minute
	noYear  bool
	dayOnly bool
}

// listRegexps match what stands before the name in a row of `ls -l`.
type listRegexps struct {
	// backtrace.2025-09-30-11-40-36.326784363.dump at the end of a row, with its folder
	name *regexp.Regexp
	// -rw-r--r__ 1 root root 98888 Sep 30 14:43 …      ls -l
	// -rw-r--r-- 1 root root 98888 Sep 30  2024 …      the same, older than six months
	short *regexp.Regexp
	// -rw-r--r-- 1 root root 148328 2025-09-30 12:40:36.326784363 +0100 …   --time-style=full-iso
	// -rw-r--r-- 1 root root 148328 2025-09-30 12:40 …                      --time-style=long-iso
	iso *regexp.Regexp
	// 148328 at the end of what is left
	size *regexp.Regexp
}

var listRes = sync.OnceValue(func() *listRegexps {
	return &listRegexps{
		name:  regexp.MustCompile(`((?:\S*/)?backtrace\.(?:\d{4}-[\d.-]+\.)?dump(?:\.(?:gz|zst|xz|bz2))?)['"]?\s*$`),
		short: regexp.MustCompile(`\s([A-Z][a-z]{2})\s+(\d{1,2})\s+(?:(\d{1,2}):(\d\d)|(\d{4}))\s*$`),
		iso:   regexp.MustCompile(`\s(?:(\d{4})-)?(\d\d)-(\d\d)(?: (\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?(?: ([+-]\d{4}))?\s*$`),
		size:  regexp.MustCompile(`(?:^|\s)(\d+)\s*$`),
	}
})

// ParseListing reads the dumps named in the output of ls (with or without -l, any
// time style, plain names or full paths, a damaged mode column). It returns nil
// when no row names a dump. Sizes give frame counts; times without a zone get the
// one in which restarts follow their crashes; notes say what was assumed.
func ParseListing(text string) (files []*File, notes []string) {
	if !strings.Contains(text, "backtrace.") {
		return nil, nil
	}
	re := listRes()
	var rows []listRow
	seen := make(map[string]bool)
	folder := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if dir, ok := strings.CutSuffix(strings.TrimSpace(line), ":"); ok && !strings.Contains(dir, " ") {
			folder = dir // "/etc/wolf/cfg:" of ls -R and of ls with several folders
			continue
		}
		for _, row := range parseRow(re, line) {
			if folder != "" && !strings.Contains(row.path, "/") {
				row.path = folder + "/" + row.path
			}
			if !seen[row.path] {
				seen[row.path] = true
				rows = append(rows, row)
			}
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	if note := listingZone(rows); note != "" {
		notes = append(notes, note)
	}
	for _, r := range rows {
		files = append(files, r.file())
	}
	return files, notes
}

// parseRow reads one row; `ls` without -l may put several names on a line.
func parseRow(re *listRegexps, line string) []listRow {
	loc := re.name.FindStringSubmatchIndex(line)
	if loc == nil {
		return nil
	}
	row := listRow{path: strings.Trim(line[loc[2]:loc[3]], `'"`), size: -1}
	rest := line[:loc[0]]
	if m := re.short.FindStringSubmatchIndex(rest); m != nil && row.short(rest, m) {
		rest = rest[:m[0]]
	} else if m := re.iso.FindStringSubmatchIndex(rest); m != nil && row.iso(rest, m) {
		rest = rest[:m[0]]
	} else if strings.TrimSpace(rest) != "" {
		// More names on the line.
		if more := parseRow(re, rest); more != nil {
			return append(more, row)
		}
		return []listRow{row}
	}
	if m := re.size.FindStringSubmatch(rest); m != nil {
		if n, err := strconv.ParseInt(m[1], 10, 64); err == nil {
			row.size = n
		}
	}
	return []listRow{row}
}

func group(s string, m []int, i int) string {
	if m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

// short reads "Sep 30 12:40" and "Sep 30  2024".
func (r *listRow) short(s string, m []int) bool {
	month, err := time.Parse("Jan", group(s, m, 1))
	if err != nil {
		return false
	}
	day, _ := strconv.Atoi(group(s, m, 2))
	if year := group(s, m, 5); year != "" {
		y, _ := strconv.Atoi(year)
		r.mod, r.dayOnly = time.Date(y, month.Month(), day, 0, 0, 0, 0, time.UTC), true
		return true
	}
	hour, _ := strconv.Atoi(group(s, m, 3))
	minute, _ := strconv.Atoi(group(s, m, 4))
	r.mod = time.Date(2000, month.Month(), day, hour, minute, 0, 0, time.UTC)
	r.noYear, r.minute = true, true
	return hour < 24 && minute < 60 && day >= 1 && day <= 31
}

// iso reads the styles that start with a number.
func (r *listRow) iso(s string, m []int) bool {
	num := func(i, missing int) int {
		if group(s, m, i) == "" {
			return missing
		}
		n, _ := strconv.Atoi(group(s, m, i))
		return n
	}
	nanos := 0
	if frac := group(s, m, 7); frac != "" {
		if f, err := strconv.ParseFloat("0"+frac, 64); err == nil {
			nanos = int(f * 1e9)
		}
	}
	r.noYear = group(s, m, 1) == ""
	r.dayOnly = group(s, m, 4) == ""
	r.minute = group(s, m, 6) == ""
	loc := time.UTC
	if z := group(s, m, 8); z != "" {
		t, err := time.Parse("-0700", z)
		if err != nil {
			return false
		}
		_, seconds := t.Zone()
		loc, r.zoned = time.FixedZone(z, seconds), true
	}
	if r.noYear && r.dayOnly {
		return false // "09-30" alone could be anything
	}
	r.mod = time.Date(num(1, 2000), time.Month(num(2, 1)), num(3, 1), num(4, 0), num(5, 0), num(6, 0), nanos, loc)
	return true
}

// listingZone finds the shell's zone: with the right one every restart follows
// its crash within minutes. It also gives rows without a year the one of the name.
func listingZone(rows []listRow) string {
	votes := make(map[time.Duration]int)
	unzoned := 0
	for i := range rows {
		r := &rows[i]
		name := parseName(path.Base(r.path))
		if name.kind != nameUTC && name.kind != nameLocal {
			continue
		}
		if r.noYear && !r.mod.IsZero() {
			r.nearestYear(name.clock)
		}
		if r.mod.IsZero() || r.zoned || r.dayOnly {
			continue
		}
		unzoned++
		if name.kind != nameUTC {
			continue
		}
		// The modification time is floored to the minute, so the difference is
		// up to a minute too small; a restart takes seconds to minutes more.
		d := r.mod.Sub(name.clock)
		o := d.Round(offsetStep)
		if delta := o - d; o >= minOffset && o <= maxOffset && delta >= -afterRename && delta <= promptRestart+time.Minute {
			votes[o]++
		}
	}
	if unzoned == 0 {
		return ""
	}
	best, bestVotes := time.Duration(0), 0
	for o := minOffset; o <= maxOffset; o += offsetStep {
		if votes[o] > bestVotes {
			best, bestVotes = o, votes[o]
		}
	}
	if bestVotes == 0 {
		return fmt.Sprintf("the zone of the listing's %d times is not known; the names are used as upper bounds", unzoned)
	}
	for i := range rows {
		if r := &rows[i]; !r.zoned && !r.mod.IsZero() && !r.dayOnly {
			r.mod, r.zoned = r.mod.Add(-best), true
		}
	}
	return fmt.Sprintf("the listing's times are UTC%s: so %d of %d restarts follow their crash at once", offsetText(best), bestVotes, unzoned)
}

// nearestYear puts a time without a year next to the name's.
func (r *listRow) nearestYear(name time.Time) {
	best := time.Time{}
	for y := name.Year() - 1; y <= name.Year()+1; y++ {
		t := time.Date(y, r.mod.Month(), r.mod.Day(), r.mod.Hour(), r.mod.Minute(), 0, 0, time.UTC)
		if best.IsZero() || t.Sub(name).Abs() < best.Sub(name).Abs() {
			best = t
		}
	}
	r.mod, r.noYear = best, false
}

// file makes the File of a row.
func (r *listRow) file() *File {
	f := &File{Path: r.path, Size: r.size, Listed: true, name: parseName(path.Base(r.path))}
	f.Trace.Kind, f.Trace.Status = trace.KindUnknown, trace.StatusOK
	n, ok := decode.FramesOfSize(r.size)
	switch {
	case r.size < 0:
		f.Trace.Warn("only the name is known")
	case r.size == 0:
		f.Trace.Status = trace.StatusEmpty
		f.Trace.Warn("the listing says 0 bytes")
	case ok && n > 0:
		f.Trace.Kind, f.Trace.Entries = trace.KindCpptrace, n
		f.Trace.Warn("only size and time are known: %d bytes are %d frames", r.size, n)
	case ok:
		f.Trace.Status = trace.StatusNoFrames
		f.Trace.Warn("the listing says %d bytes: no frame", r.size)
	case r.size%8 == 0 && r.size <= 8*(decode.MaxBoost+1):
		f.Trace.Kind, f.Trace.Entries = trace.KindBoost, int(r.size/8)-1
		f.Trace.Warn("only size and time are known: %d bytes would be %d addresses of boost's layout", r.size, f.Trace.Entries)
	case r.size < decode.MaxCpptrace:
		f.Trace.Status = trace.StatusTruncated
		f.Trace.Warn("%d bytes are no whole number of frames: want 8 + 4120 for each", r.size)
	default:
		f.Trace.Status = trace.StatusNotADump
		f.Trace.Warn("%d bytes are more than a dump can have", r.size)
	}
	if r.zoned && !r.dayOnly && !r.noYear {
		f.modTime, f.modMinute = r.mod.UTC(), r.minute
		if r.minute {
			f.Trace.Warn("time known to the minute")
		}
	}
	return f
}
