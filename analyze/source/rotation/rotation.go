// Package rotation knows what rotators call the files that they move away from
// a name. A table lists the kinds of names; none of them hides another.
package rotation

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"wolfdiag/analyze/source/disk"
	"wolfdiag/internal/lazyregexp"
)

// Kind is how a name tells the age of a file.
type Kind uint8

// The kinds: a count that grows with age, or the moment of the rotation.
const (
	None Kind = iota
	Numbered
	Dated
)

// Name is what the name of a rotated file says.
type Name struct {
	Base       string    // the name that it was rotated away from, or would have been
	Kind       Kind      // None: it is no rotated file
	Number     int       // of a numbered one; the youngest has 0 or 1
	Date       time.Time // of a dated one, by the clock of whoever named it, taken as UTC
	Compressed string    // extension: ".gz", …; "" for none
}

// form is one way to mark a file as rotated.
type form struct {
	kind   Kind
	within bool // stands before the extension of the base name, not behind the name
	match  *lazyregexp.Regexp
}

const (
	dateOnly  = `(\d{4})(-?)(\d\d)(-?)(\d\d)`
	timeOfDay = `[-_T.](\d\d)[-:.]?(\d\d)?[-:.]?(\d\d)?(?:[.]\d{1,9})?Z?`
)

// isMark reports whether a part of a name begins and ends as a mark does.
func isMark(part string) bool {
	return len(part) > 1 && strings.IndexByte("-._", part[0]) >= 0 && strings.IndexByte("0123456789Z", part[len(part)-1]) >= 0
}

// forms are tried in order. Each regular expression has real names beside it.
var forms = []form{
	// docker json-file, logrotate, Python: wolf.log.1 wolf.log.12
	{Numbered, false, lazyregexp.NewIf(isMark, `^[.](\d{1,5})$`)},
	// logrotate with dateext: wolf.log-20251002; dateformat -%Y-%m-%d: wolf.log-2025-10-02;
	// -%Y%m%d-%H (hourly): wolf.log-20251002-06; -%Y%m%d-%s: wolf.log-20251002-1759387211;
	// kubelet: 0.log.20251002-064011; Python: wolf.log.2025-10-02_06-40
	{Dated, false, lazyregexp.NewIf(isMark, `^[-._]`+dateOnly+`(?:`+timeOfDay+`|[-.](\d{9,11}))?$`)},
	// logrotate, dateformat -%s or .%s: wolf.log-1759387211
	{Dated, false, lazyregexp.NewIf(isMark, `^[-.]()()()()()()()()(\d{9,11})$`)},
	// logrotate with extension .log, spdlog: wolf.1.log
	{Numbered, true, lazyregexp.NewIf(isMark, `^[.](\d{1,3})$`)},
	// logrotate with extension and dateext: wolf-20251002.log; spdlog daily: wolf_2025-10-02.log;
	// lumberjack: wolf-2025-10-02T06-40-11.123.log
	{Dated, true, lazyregexp.NewIf(isMark, `^[-._]`+dateOnly+`(?:`+timeOfDay+`|[-.](\d{9,11}))?$`)},
}

// extensions are those of compressed files.
var extensions = []string{".gz", ".zst", ".zstd", ".xz", ".bz2", ".lz4", ".Z"}

// StripCompression returns a name without the extension of a compressor, and
// the extension, "" for none.
func StripCompression(name string) (plain, ext string) {
	for _, e := range extensions {
		if s, ok := strings.CutSuffix(name, e); ok && s != "" && !strings.HasSuffix(s, "/") {
			return s, e
		}
	}
	return name, ""
}

// parse reads what stands between the parts of a base name.
func (f form) parse(s string) (Name, bool) {
	m := f.match.FindStringSubmatch(s)
	if m == nil {
		return Name{}, false
	}
	if f.kind == Numbered {
		n, err := strconv.Atoi(m[1])
		return Name{Kind: Numbered, Number: n}, err == nil
	}
	if m[9] != "" && m[1] == "" {
		return Name{Kind: Dated, Date: epoch(m[9])}, true
	}
	if m[2] != m[4] { // 2025-1002
		return Name{}, false
	}
	part := func(i int) int { n, _ := strconv.Atoi(m[i]); return n } // digits, or nothing
	year, month, day := part(1), part(3), part(5)
	hour, minute, second := part(6), part(7), part(8)
	if year < 1990 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 {
		return Name{}, false
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if m[9] != "" {
		at = epoch(m[9])
	}
	return Name{Kind: Dated, Date: at}, true
}

func epoch(s string) time.Time {
	n, _ := strconv.ParseInt(s, 10, 64) // at most 11 digits
	return time.Unix(n, 0).UTC()
}

// Of reads the name of a file that may have been rotated away from base; both
// are without their folder. The kind is None when it was not.
func Of(base, name string) Name {
	plain, ext := StripCompression(name)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	for _, f := range forms {
		var part string
		var ok bool
		if !f.within {
			part, ok = strings.CutPrefix(plain, base)
		} else if e := filepath.Ext(base); e != "" && stem != "" && strings.HasSuffix(plain, e) {
			part, ok = strings.CutPrefix(strings.TrimSuffix(plain, e), stem)
		}
		if !ok {
			continue
		}
		if n, ok := f.parse(part); ok {
			n.Base, n.Compressed = base, ext
			return n
		}
	}
	return Name{Base: base}
}

// Parse reads a name, with or without its folder, whose base is not known. The
// kind is None when it does not look rotated; then Base is the name without the
// extension of a compressor.
func Parse(name string) Name {
	plain, ext := StripCompression(name)
	for i := len(plain) - 1; i > 0 && plain[i-1] != '/' && plain[i] != '/'; i-- {
		if !strings.ContainsRune("-._", rune(plain[i])) {
			continue
		}
		for _, f := range forms {
			part, end := plain[i:], ""
			if f.within {
				if end = filepath.Ext(plain); len(end) < 2 || len(part) <= len(end) || isDigits(end[1:]) {
					continue
				}
				part = strings.TrimSuffix(part, end)
			}
			if n, ok := f.parse(part); ok && longest(plain, i, f, end) {
				n.Base, n.Compressed = plain[:i]+end, ext
				return n
			}
		}
	}
	return Name{Base: plain, Compressed: ext}
}

// longest reports whether no longer part than the one from i on is a mark of the
// same kind: 20251002-06 is a date and an hour, not the 6th of October's log.
func longest(plain string, i int, f form, end string) bool {
	whole := strings.TrimSuffix(plain, end)
	for j := i - 1; j > 0 && plain[j-1] != '/' && i-j <= 24; j-- {
		for _, g := range forms {
			if g.within == f.within && g.kind == Dated {
				if _, ok := g.parse(whole[j:]); ok {
					return false
				}
			}
		}
	}
	return true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// Generation is a file that a rotator has moved away from a name.
type Generation struct {
	Path string
	Name Name
	Info fs.FileInfo
}

// MaxGenerations bounds how many rotated files of one name are looked at; the
// oldest are left out.
const MaxGenerations = 10_000

// List returns the regular files that rotators made of a path, oldest first, as
// they are at the moment; compressed ones are among them. Numbers tell the order
// of numbered files and dates that of dated ones; between the kinds, it is the
// time of the last change. A file that vanishes meanwhile is left out. The error
// is the first one that kept something from being seen; what was seen is
// returned with it. It costs a look at the folder and one at each file found.
func List(fsys disk.FS, path string) ([]Generation, error) {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	names, err := fsys.List(dir)
	byKind := map[Kind][]Generation{}
	for _, n := range names {
		g := Generation{Path: filepath.Join(dir, n), Name: Of(base, n)}
		if g.Name.Kind == None {
			continue
		}
		info, e := fsys.Stat(g.Path)
		switch {
		case e != nil && !isGone(e):
			if err == nil {
				err = e
			}
		case e == nil && info.Mode().IsRegular():
			g.Info = info
			byKind[g.Name.Kind] = append(byKind[g.Name.Kind], g)
		}
	}
	if isGone(err) {
		err = nil
	}
	out := merge(byKind[Numbered], byKind[Dated])
	if over := len(out) - MaxGenerations; over > 0 {
		out = out[over:]
	}
	return out, err
}

// merge sorts both kinds, and takes always the one that changed earlier.
func merge(numbered, dated []Generation) []Generation {
	slices.SortFunc(numbered, func(a, b Generation) int {
		return cmp.Or(cmp.Compare(b.Name.Number, a.Name.Number), a.Info.ModTime().Compare(b.Info.ModTime()), strings.Compare(a.Path, b.Path))
	})
	slices.SortFunc(dated, func(a, b Generation) int {
		return cmp.Or(a.Name.Date.Compare(b.Name.Date), a.Info.ModTime().Compare(b.Info.ModTime()), strings.Compare(a.Path, b.Path))
	})
	out := make([]Generation, 0, len(numbered)+len(dated))
	for len(numbered) > 0 && len(dated) > 0 {
		if dated[0].Info.ModTime().After(numbered[0].Info.ModTime()) {
			out, numbered = append(out, numbered[0]), numbered[1:]
		} else {
			out, dated = append(out, dated[0]), dated[1:]
		}
	}
	return append(append(out, numbered...), dated...)
}

func isGone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
