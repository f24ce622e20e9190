package symbol

import (
	"debug/dwarf"
	"path"
	"path/filepath"
)

// maxSplit bounds the .dwo files that are opened for one object.
const maxSplit = 256

// Headers of the sections of a .dwo file, behind which the tables of its only unit
// begin (DWARF 5, 7.26 and 7.28).
const (
	strOffsetsHeader = 8  // length u32, version u16, padding u16
	rngListsHeader   = 12 // length u32, version u16, sizes 2 × u8, count u32
)

// splitUnit returns the part of a unit that -gsplit-dwarf put into a .dwo file of
// DWARF 5, its compile unit first; nil when it is not found or cannot be read. cu
// is the skeleton, which has the line table.
func (dd *dwarfData) splitUnit(name, folder string, cu *dwarf.Entry, u unit) *dwarfData {
	if dd.openSplit == nil || u.version < 5 || u.wide != 4 {
		return nil
	}
	if sub, ok := dd.splits[u.split]; ok {
		return sub
	}
	if dd.splits == nil {
		dd.splits = make(map[uint64]*dwarfData)
	}
	if len(dd.splits) >= maxSplit {
		return nil
	}
	dd.splits[u.split] = nil
	im := dd.openSplit(name, folder, u)
	if im == nil {
		return nil
	}
	sections, err := sectionsCalled(im, ".dwo")
	if err != nil {
		return nil
	}
	// The tables start where their bases are, which a .dwo file does not state; the
	// addresses are the skeleton's.
	base, _ := cu.Val(dwarf.AttrAddrBase).(int64)
	sections[".debug_addr"] = from(dd.addr, uint64(base))
	sections[".debug_str_offsets"] = from(sections[".debug_str_offsets"], strOffsetsHeader)
	sections[".debug_rnglists"] = from(sections[".debug_rnglists"], rngListsHeader)
	sub, err := readDWARF(dd.ctx, sections)
	if err != nil {
		return nil
	}
	for i := range sub.units {
		if sub.units[i].split == u.split {
			sub.units[0], sub.units[i] = sub.units[i], sub.units[0]
			sub.unranged = dd.unranged
			dd.splits[u.split] = sub
			return sub
		}
	}
	return nil
}

func from(b []byte, at uint64) []byte {
	if at > uint64(len(b)) {
		return nil
	}
	return b[at:]
}

// splitFinder returns a function that opens the .dwo files of an object, and one
// that closes them.
func (s *Store) splitFinder(im *image) (find func(name, folder string, u unit) *image, done func()) {
	var opened []*image
	find = func(name, folder string, u unit) *image {
		for _, p := range splitCandidates(s.roots, im, name, folder) {
			d, err := openImage(p)
			if err != nil {
				continue
			}
			if info, err := d.section(".debug_info.dwo"); err == nil {
				if units, err := unitHeaders(info); err == nil {
					for _, x := range units {
						if x.split == u.split {
							opened = append(opened, d)
							return d
						}
					}
				}
			}
			d.close()
		}
		return nil
	}
	return find, func() {
		for _, d := range opened {
			d.close()
		}
	}
}

// splitCandidates lists files that may be a .dwo file: where it was written, also
// below a root, beside the object, and those of its name.
func splitCandidates(roots []*root, im *image, name, folder string) (out []string) {
	whole := name
	if !path.IsAbs(name) && folder != "" {
		whole = path.Join(folder, name)
	}
	seen := map[string]bool{"": true}
	add := func(p string) {
		if !seen[p] && len(out) < maxCandidates {
			seen[p] = true
			out = append(out, p)
		}
	}
	base := path.Base(name)
	for _, r := range roots {
		if !r.dir {
			if filepath.Base(r.path) == base {
				add(r.path)
			}
			continue
		}
		add(r.inside(whole))
	}
	add(filepath.Join(filepath.Dir(im.path), base))
	for _, r := range roots {
		if r.dir {
			index, _ := r.index()
			for _, p := range index[base] {
				add(p)
			}
		}
	}
	return out
}
