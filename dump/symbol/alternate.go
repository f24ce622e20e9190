package symbol

import (
	"bytes"
	"debug/dwarf"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// altLink is what a debug file says of the file that dwz moved names into, which
// several packages share.
type altLink struct {
	name string // path, absolute or relative to the debug file
	id   string // its build-id, in hex
}

// altLink reads .gnu_debugaltlink (dwz) or .debug_sup (DWARF 5, 7.3.6).
//
//	.gnu_debugaltlink   "../../.dwz/x86_64-linux-gnu/gtk.debug\0" and 20 bytes of build-id
//	.debug_sup          05 00  00  "shared.sup\0"  14 and 20 bytes
func (im *image) altLink() (l altLink, ok bool) {
	if b, err := im.section(".gnu_debugaltlink"); err == nil && len(b) > 0 {
		end := bytes.IndexByte(b, 0)
		if end <= 0 || end > maxName || len(b)-end-1 > 64 {
			return l, false
		}
		return altLink{string(b[:end]), hex.EncodeToString(b[end+1:])}, true
	}
	b, err := im.section(".debug_sup")
	if err != nil || len(b) < 5 || b[2] != 0 {
		return l, false // none, or it is itself such a file
	}
	r := leb{b: b, at: 3}
	l.name = r.string()
	n := r.uleb()
	sum := []byte(nil)
	if n <= 64 {
		sum = r.rest(int(n))
	}
	if r.bad || l.name == "" || sum == nil {
		return l, false
	}
	l.id = hex.EncodeToString(sum)
	return l, true
}

// ownID is what a link names a file by: its build-id, or the checksum of .debug_sup.
func (im *image) ownID() string {
	if b, err := im.section(".debug_sup"); err == nil && len(b) >= 5 && b[2] == 1 {
		r := leb{b: b, at: 3}
		r.string()
		if n := r.uleb(); n <= 64 {
			if sum := r.rest(int(n)); sum != nil && !r.bad {
				return hex.EncodeToString(sum)
			}
		}
	}
	return im.buildID()
}

// alternate opens the file that a debug file's link names; nil when it has none or
// none is found, with what is then missing. The caller closes it.
func (s *Store) alternate(im *image) (*image, string) {
	l, ok := im.altLink()
	if !ok {
		return nil, ""
	}
	problem := ""
	for _, p := range altCandidates(s.roots, im, l) {
		a, err := openImage(p)
		switch {
		case err != nil:
			problem = join(problem, err.Error())
			continue
		case a.ownID() != l.id:
			problem = join(problem, fmt.Sprintf("%s has build-id %s, want %s", p, orNone(a.ownID()), l.id))
		case a.hasDWARF():
			return a, ""
		}
		a.close()
	}
	return nil, join(problem, fmt.Sprintf("some names are in %s (build-id %s), a file that several packages share (dwz), which is not below the symbol paths", l.name, l.id))
}

// altCandidates lists files that may be the one that a link names.
func altCandidates(roots []*root, im *image, l altLink) (out []string) {
	seen := map[string]bool{"": true, im.path: true}
	add := func(p string) {
		if seen[p] {
			return
		}
		seen[p] = true
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			out = append(out, p)
		}
	}
	beside := filepath.Dir(im.path)
	if !filepath.IsAbs(l.name) {
		add(filepath.Join(beside, l.name))
	}
	for _, p := range byBuildID(roots, beside, l.id) {
		add(p)
	}
	base := filepath.Base(l.name)
	for _, r := range roots {
		if !r.dir {
			if filepath.Base(r.path) == base {
				add(r.path)
			}
			continue
		}
		if filepath.IsAbs(l.name) {
			add(r.inside(l.name))
		}
		index, _ := r.index()
		for _, p := range index[base] {
			add(p)
		}
	}
	return out[:min(len(out), maxCandidates)]
}

// text returns an attribute's string, "" when there is none. It may lie in the
// alternate file.
func (dd *dwarfData) text(e *dwarf.Entry, a dwarf.Attr) string {
	f := e.AttrField(a)
	if f == nil {
		return ""
	}
	if s, ok := f.Val.(string); ok {
		return s
	}
	at, ok := elsewhere(f, dwarf.ClassStringAlt, dwarf.ClassString)
	if !ok || dd.alt == nil || at >= uint64(len(dd.alt.str)) {
		return ""
	}
	b := dd.alt.str[at:]
	if end := bytes.IndexByte(b[:min(len(b), maxName)], 0); end >= 0 {
		return string(b[:end])
	}
	return ""
}

// follow returns the entry that an attribute refers to and whose it is; nil when
// there is none.
func (dd *dwarfData) follow(e *dwarf.Entry, a dwarf.Attr) (*dwarfData, *dwarf.Entry) {
	f := e.AttrField(a)
	if f == nil {
		return nil, nil
	}
	at, ok := f.Val.(dwarf.Offset)
	if !ok {
		o, isElsewhere := elsewhere(f, dwarf.ClassReferenceAlt, dwarf.ClassReference)
		if !isElsewhere || dd.alt == nil || o >= uint64(len(dd.alt.info)) {
			return nil, nil
		}
		dd, at = dd.alt, dwarf.Offset(o)
	}
	r := dd.d.Reader()
	r.Seek(at)
	next, err := r.Next()
	if err != nil {
		return nil, nil
	}
	return dd, next
}

// elsewhere returns the offset in the alternate file that a field holds. GNU's
// forms have a class of their own; DWARF 5's come as bare numbers of the usual one.
func elsewhere(f *dwarf.Field, gnu, sup dwarf.Class) (uint64, bool) {
	switch v := f.Val.(type) {
	case int64:
		return uint64(v), f.Class == gnu && v >= 0
	case uint32:
		return uint64(v), f.Class == sup
	case uint64:
		return v, f.Class == sup
	}
	return 0, false
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
