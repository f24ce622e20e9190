package symbol

import (
	"context"
	"debug/dwarf"
	"encoding/binary"
	"fmt"
	"sort"
)

// dwarfData is the debug information of one object, read unit by unit as needed.
type dwarfData struct {
	ctx                context.Context
	d                  *dwarf.Data
	info, abbrev, line []byte
	str, lineStr, addr []byte

	units []unit
	spans []span // by .debug_aranges, sorted by from
	// whole: spans come from all units' own ranges, .debug_aranges did not do.
	whole bool
	work  int
	names map[dwarf.Offset]call
	plain map[int]bool // addresses whose function has only a bare name
	split string       // a .dwo file that would know more and is not there; "" when there is none
	// openSplit finds the .dwo file of a unit; nil finds none.
	openSplit func(name, folder string, u unit) *image
	splits    map[uint64]*dwarfData // those opened, by the unit's id; nil ones were not found

	alt        *dwarfData // the file that dwz moved shared entries and strings into; nil for none
	altProblem string     // why there is none though there should be

	unranged map[dwarf.Offset]bool // entries left out because their ranges cannot be read
}

// span is a range of addresses of a unit.
type span struct {
	from, to uint64
	unit     int // index into units
}

// newDWARF reads the sections of a file, and of its alternate where there is one,
// and prepares them.
func newDWARF(ctx context.Context, im, alt *image) (*dwarfData, error) {
	sections, err := dwarfSections(im)
	if err != nil {
		return nil, err
	}
	dd, err := prepareDWARF(ctx, sections)
	if err != nil || alt == nil {
		return dd, err
	}
	if sections, err = dwarfSections(alt); err == nil {
		dd.alt, err = readDWARF(ctx, sections)
	}
	if err != nil {
		dd.altProblem = fmt.Sprintf("%s: %v", alt.path, err) // its names are lost, the others are not
	}
	return dd, nil
}

// dwarfSections returns the sections with debug information by name.
func dwarfSections(im *image) (map[string][]byte, error) { return sectionsCalled(im, "") }

// sectionsCalled returns the sections whose names have an end that others lack.
func sectionsCalled(im *image, end string) (map[string][]byte, error) {
	sections := make(map[string][]byte)
	for _, name := range []string{".debug_abbrev", ".debug_info", ".debug_line", ".debug_ranges", ".debug_str",
		".debug_addr", ".debug_line_str", ".debug_str_offsets", ".debug_rnglists", ".debug_aranges"} {
		b, err := im.section(name + end)
		if err != nil {
			return nil, err
		}
		sections[name] = b
	}
	return sections, nil
}

// prepareDWARF reads unit headers, abbreviations, and which unit covers which
// addresses.
func prepareDWARF(ctx context.Context, sections map[string][]byte) (*dwarfData, error) {
	dd, err := readDWARF(ctx, sections)
	if err != nil {
		return nil, err
	}
	dd.spans = dd.aranges(sections[".debug_aranges"])
	if len(dd.spans) == 0 {
		if err := dd.unitRanges(); err != nil {
			return nil, err
		}
	}
	return dd, nil
}

// readDWARF reads unit headers and abbreviations only.
func readDWARF(ctx context.Context, sections map[string][]byte) (*dwarfData, error) {
	info := sections[".debug_info"]
	units, err := unitHeaders(info)
	if err != nil {
		return nil, err
	}
	if err := checkAbbrevs(sections[".debug_abbrev"], units); err != nil {
		return nil, err
	}
	d, err := dwarf.New(sections[".debug_abbrev"], nil, nil, info, sections[".debug_line"], nil, sections[".debug_ranges"], sections[".debug_str"])
	if err != nil {
		return nil, err
	}
	for _, name := range []string{".debug_addr", ".debug_line_str", ".debug_str_offsets", ".debug_rnglists"} {
		if b := sections[name]; len(b) > 0 {
			if err := d.AddSection(name, b); err != nil {
				return nil, err
			}
		}
	}
	return &dwarfData{ctx: ctx, d: d, info: info, abbrev: sections[".debug_abbrev"], line: sections[".debug_line"],
		addr: sections[".debug_addr"], str: sections[".debug_str"], lineStr: sections[".debug_line_str"], units: units, names: make(map[dwarf.Offset]call), plain: make(map[int]bool), unranged: make(map[dwarf.Offset]bool)}, nil
}

// missing says what the debug information has and could not be used so far; ""
// when nothing is.
func (dd *dwarfData) missing() string {
	var split, unranged string
	if dd.split != "" {
		split = fmt.Sprintf("split DWARF: the functions expanded inline are in %s, which is not below the symbol paths, or of a kind that is not read", dd.split)
	}
	if len(dd.unranged) > 0 {
		unranged = fmt.Sprintf("DWARF entries whose address ranges cannot be read: %d; functions may be missing", len(dd.unranged))
	}
	return join(join(split, unranged), dd.altProblem)
}

// spend counts work and gives up when the time is over.
func (dd *dwarfData) spend(n int) error {
	before := dd.work >> 10
	dd.work += n
	if dd.work>>10 != before {
		if err := dd.ctx.Err(); err != nil {
			return fmt.Errorf("reading DWARF took too long: %w", err)
		}
	}
	return nil
}

// aranges reads .debug_aranges (DWARF 5, 6.1.2): which unit covers which addresses.
func (dd *dwarfData) aranges(b []byte) []span {
	index := make(map[uint64]int, len(dd.units))
	for i, u := range dd.units {
		index[u.offset] = i
	}
	var out []span
	for len(b) >= 12 {
		length := uint64(binary.LittleEndian.Uint32(b))
		if length == 0xffffffff || length < 8 || length+4 > uint64(len(b)) {
			return nil // 64-bit DWARF or damage: ask the units themselves
		}
		set := b[:length+4]
		b = b[length+4:]
		u, ok := index[uint64(binary.LittleEndian.Uint32(set[6:]))]
		if !ok || set[10] != 8 || set[11] != 0 {
			continue
		}
		for at := 16; at+16 <= len(set); at += 16 {
			from, size := binary.LittleEndian.Uint64(set[at:]), binary.LittleEndian.Uint64(set[at+8:])
			if size > 0 && from+size > from {
				out = append(out, span{from, from + size, u})
			}
		}
	}
	sortSpans(out)
	return out
}

func sortSpans(s []span) {
	sort.Slice(s, func(i, j int) bool {
		if s[i].from != s[j].from {
			return s[i].from < s[j].from
		}
		if s[i].to != s[j].to {
			return s[i].to < s[j].to
		}
		return s[i].unit < s[j].unit
	})
}

// unitRanges asks every unit for its ranges.
func (dd *dwarfData) unitRanges() error {
	dd.whole, dd.spans = true, nil
	r := dd.d.Reader()
	for i, u := range dd.units {
		if u.first >= u.end {
			continue
		}
		r.Seek(dwarf.Offset(u.first))
		e, err := r.Next()
		if err != nil || e == nil || !isCompileUnit(e) {
			if err := dd.spend(1); err != nil {
				return err
			}
			continue
		}
		ranges, err := dd.d.Ranges(e)
		if err != nil {
			dd.unranged[e.Offset] = true
			continue
		}
		if err := dd.spend(1 + len(ranges)); err != nil {
			return err
		}
		for _, x := range ranges {
			if x[1] > x[0] {
				dd.spans = append(dd.spans, span{x[0], x[1], i})
			}
		}
	}
	sortSpans(dd.spans)
	return nil
}

// unitsOf groups addresses (indices) by the unit that covers them.
func (dd *dwarfData) unitsOf(addresses []Address, wanted []int) (byUnit map[int][]int, rest []int) {
	byUnit = make(map[int][]int)
	for _, i := range wanted {
		a := addresses[i].Offset
		// The narrowest span that starts at or before a; dead code that the linker
		// dropped may claim ranges from 0.
		best := -1
		for k := sort.Search(len(dd.spans), func(k int) bool { return dd.spans[k].from > a }) - 1; k >= 0; k-- {
			if a < dd.spans[k].to {
				best = dd.spans[k].unit
				break
			}
			if a-dd.spans[k].from > 1<<26 {
				break
			}
		}
		if best < 0 {
			rest = append(rest, i)
			continue
		}
		byUnit[best] = append(byUnit[best], i)
	}
	return byUnit, rest
}

// isCompileUnit accepts skeletons as well: with -gsplit-dwarf they hold the ranges
// and the line table, and the functions are in a .dwo file.
func isCompileUnit(e *dwarf.Entry) bool {
	return e.Tag == dwarf.TagCompileUnit || e.Tag == dwarf.TagSkeletonUnit
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
