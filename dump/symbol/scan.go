package symbol

import (
	"debug/dwarf"
	"encoding/binary"
	"fmt"
)

// die is what the walk over a unit needs of a debugging information entry. Reading
// whole entries with debug/dwarf costs some ten allocations each, and a unit has
// ten thousands of them, of which a trace concerns a few.
type die struct {
	offset   uint64
	tag      dwarf.Tag // 0 ends a list of children
	children bool
	located  bool // low and high are set
	complex  bool // has ranges, or addresses in a table: ask debug/dwarf
	low      uint64
	high     uint64
	sibling  uint64 // 0 when not given
}

// abbrev is an abbreviation declaration.
type abbrev struct {
	tag      dwarf.Tag
	children bool
	attrs    []attrForm
}

type attrForm struct{ attr, form uint16 }

// scanner reads the entries of one unit in order.
type scanner struct {
	info  []byte
	unit  unit
	at    uint64
	table []abbrev // by code, from 1; gaps have tag 0
}

// newScanner reads the unit's abbreviations.
func newScanner(info, abbrevs []byte, u unit) (*scanner, error) {
	s := &scanner{info: info[:u.end], unit: u, at: u.first}
	if u.abbrev > uint64(len(abbrevs)) {
		return nil, fmt.Errorf("%w: abbreviations at %#x", errDWARF, u.abbrev)
	}
	r := leb{b: abbrevs[u.abbrev:]}
	for {
		code := r.uleb()
		if code == 0 || r.bad {
			break
		}
		if code > 1<<16 {
			return nil, fmt.Errorf("%w: abbreviation code %d", errDWARF, code)
		}
		a := abbrev{tag: dwarf.Tag(r.uleb()), children: r.byte() != 0}
		for !r.bad {
			attr, form := r.uleb(), r.uleb()
			if form == formImplicitConst {
				r.uleb()
			}
			if attr == 0 && form == 0 {
				break
			}
			a.attrs = append(a.attrs, attrForm{uint16(attr), uint16(form)})
		}
		for uint64(len(s.table)) <= code {
			s.table = append(s.table, abbrev{})
		}
		s.table[code] = a
	}
	return s, nil
}

const (
	formAddr          = 0x01
	formImplicitConst = 0x21

	attrSibling = 0x01
	attrLow     = 0x11
	attrHigh    = 0x12
	attrRanges  = 0x55
)

// next reads the next entry into d; false at the end of the unit.
func (s *scanner) next(d *die) (bool, error) {
	if s.at >= s.unit.end {
		return false, nil
	}
	*d = die{offset: s.at}
	r := leb{b: s.info, at: int(s.at)}
	code := r.uleb()
	if code == 0 {
		s.at = uint64(r.at)
		return !r.bad, nil
	}
	if code >= uint64(len(s.table)) || s.table[code].tag == 0 {
		return false, fmt.Errorf("%w: entry at %#x has unknown abbreviation %d", errDWARF, s.at, code)
	}
	a := &s.table[code]
	d.tag, d.children = a.tag, a.children
	highIsSize := false
	for _, af := range a.attrs {
		from := r.at
		if !s.skipForm(&r, uint64(af.form)) {
			return false, fmt.Errorf("%w: entry at %#x uses form %#x", errDWARF, s.at, af.form)
		}
		if r.bad {
			return false, fmt.Errorf("%w: entry at %#x is cut off", errDWARF, s.at)
		}
		value := s.info[from:r.at]
		switch af.attr {
		case attrSibling:
			d.sibling = s.reference(uint64(af.form), value)
		case attrLow:
			if af.form == formAddr && len(value) == 8 {
				d.low, d.located = binary.LittleEndian.Uint64(value), true
			} else {
				d.complex = true
			}
		case attrHigh:
			switch {
			case af.form == formAddr && len(value) == 8, af.form == 0x07:
				d.high = binary.LittleEndian.Uint64(value)
			case af.form == 0x06:
				d.high = uint64(binary.LittleEndian.Uint32(value))
			case af.form == 0x05:
				d.high = uint64(binary.LittleEndian.Uint16(value))
			case af.form == 0x0b:
				d.high = uint64(value[0])
			case af.form == 0x0f:
				v := leb{b: value}
				d.high = v.uleb()
			default:
				d.complex = true
			}
			highIsSize = af.form != formAddr
		case attrRanges:
			d.complex = true
		}
	}
	if highIsSize {
		d.high += d.low
	}
	s.at = uint64(r.at)
	return true, nil
}

// reference turns a reference within the unit into an offset; 0 for other forms.
func (s *scanner) reference(form uint64, value []byte) uint64 {
	v := uint64(0)
	switch form {
	case 0x11:
		v = uint64(value[0])
	case 0x12:
		v = uint64(binary.LittleEndian.Uint16(value))
	case 0x13:
		v = uint64(binary.LittleEndian.Uint32(value))
	case 0x14:
		v = binary.LittleEndian.Uint64(value)
	case 0x15:
		r := leb{b: value}
		v = r.uleb()
	default:
		return 0
	}
	return s.unit.offset + v
}

// skipForm passes over one attribute (DWARF 5, 7.5.6, and GNU's extensions).
func (s *scanner) skipForm(r *leb, form uint64) bool {
	wide := s.unit.wide
	switch form {
	case formAddr:
		r.skip(s.unit.address)
	case 0x03: // block2
		if n := r.rest(2); n != nil {
			r.skip(2 + uint64(binary.LittleEndian.Uint16(n)))
		}
	case 0x04: // block4
		if n := r.rest(4); n != nil {
			r.skip(4 + uint64(binary.LittleEndian.Uint32(n)))
		}
	case 0x09, 0x18: // block, exprloc
		r.skip(r.uleb())
	case 0x0a: // block1
		r.skip(uint64(r.byte()))
	case 0x0b, 0x0c, 0x11, 0x25, 0x29: // data1, flag, ref1, strx1, addrx1
		r.skip(1)
	case 0x05, 0x12, 0x26, 0x2a: // data2, ref2, strx2, addrx2
		r.skip(2)
	case 0x27, 0x2b: // strx3, addrx3
		r.skip(3)
	case 0x06, 0x13, 0x1c, 0x28, 0x2c: // data4, ref4, ref_sup4, strx4, addrx4
		r.skip(4)
	case 0x07, 0x14, 0x20, 0x24: // data8, ref8, ref_sig8, ref_sup8
		r.skip(8)
	case 0x1e: // data16
		r.skip(16)
	case 0x08: // string
		r.string()
	case 0x0d, 0x0f, 0x15, 0x1a, 0x1b, 0x22, 0x23, 0x1f01, 0x1f02: // sdata, udata, ref_udata, strx, addrx, loclistx, rnglistx, GNU indices
		r.uleb()
	case 0x0e, 0x17, 0x1d, 0x1f, 0x1f20, 0x1f21: // strp, sec_offset, strp_sup, line_strp, GNU_ref_alt, GNU_strp_alt
		r.skip(wide)
	case 0x10: // ref_addr
		if s.unit.version <= 2 {
			r.skip(s.unit.address)
		} else {
			r.skip(wide)
		}
	case 0x16: // indirect
		inner := r.uleb()
		return inner != 0x16 && inner != formImplicitConst && s.skipForm(r, inner)
	case 0x19, formImplicitConst: // flag_present: no bytes
	default:
		return false
	}
	return true
}
