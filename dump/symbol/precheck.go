package symbol

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// The standard library's DWARF reader trusts some counts. What could make it
// spend unbounded memory or time is looked at here first.
const (
	maxUnits      = 1 << 19 // compile units of one object
	maxAttributes = 512     // attributes of one kind of entry
)

var errDWARF = errors.New("damaged DWARF")

// unit is the place of a compile unit in .debug_info.
type unit struct {
	offset uint64 // of its header
	first  uint64 // of its first entry
	end    uint64
	abbrev uint64

	version uint16
	wide    uint64 // bytes of an offset: 4 or 8
	address uint64 // bytes of an address
	split   uint64 // what a skeleton and its .dwo file have in common; 0 for others
}

// unitHeaders walks the unit headers (DWARF 5, 7.5.1).
//
//	v4: length u32, version u16, abbrev u32, address size u8
//	v5: length u32, version u16, type u8, address size u8, abbrev u32
func unitHeaders(info []byte) ([]unit, error) {
	var units []unit
	for at := uint64(0); at+11 <= uint64(len(info)); {
		u := unit{offset: at}
		b := info[at:]
		length, wide := uint64(binary.LittleEndian.Uint32(b)), uint64(4)
		start := uint64(4)
		if length == 0xffffffff {
			if len(b) < 24 {
				return nil, fmt.Errorf("%w: unit header at %#x is cut off", errDWARF, at)
			}
			length, wide, start = binary.LittleEndian.Uint64(b[4:]), 8, 12
		}
		if length < 7 || length > uint64(len(b))-start {
			return nil, fmt.Errorf("%w: unit at %#x has length %d, %d bytes are left", errDWARF, at, length, uint64(len(b))-start)
		}
		version := binary.LittleEndian.Uint16(b[start:])
		p := start + 2
		if version >= 5 {
			kind := b[p]
			u.address = uint64(b[p+1])
			p += 2
			u.abbrev = word(b[p:], wide)
			p += wide
			switch kind {
			case 2, 6: // type units
				p += 8 + wide
			case 4, 5: // skeleton and split units
				if p+8 <= uint64(len(b)) {
					u.split = binary.LittleEndian.Uint64(b[p:])
				}
				p += 8
			}
		} else {
			u.abbrev = word(b[p:], wide)
			if p+wide < uint64(len(b)) {
				u.address = uint64(b[p+wide])
			}
			p += wide + 1
		}
		u.version, u.wide = version, wide
		u.first, u.end = at+p, at+start+length
		if u.first > u.end {
			return nil, fmt.Errorf("%w: unit at %#x is shorter than its header", errDWARF, at)
		}
		units = append(units, u)
		if len(units) > maxUnits {
			return nil, fmt.Errorf("%w: more than %d units", errDWARF, maxUnits)
		}
		at = u.end
	}
	return units, nil
}

func word(b []byte, wide uint64) uint64 {
	if uint64(len(b)) < wide {
		return 0
	}
	if wide == 8 {
		return binary.LittleEndian.Uint64(b)
	}
	return uint64(binary.LittleEndian.Uint32(b))
}

// checkAbbrevs reads the abbreviation tables of all units once. Tables that
// overlap so that reading them all takes much longer than the section are refused.
func checkAbbrevs(abbrev []byte, units []unit) error {
	budget := 4*len(abbrev) + 1<<16
	seen := make(map[uint64]bool)
	for _, u := range units {
		if seen[u.abbrev] {
			continue
		}
		seen[u.abbrev] = true
		if u.abbrev > uint64(len(abbrev)) {
			return fmt.Errorf("%w: abbreviations at %#x of %d bytes", errDWARF, u.abbrev, len(abbrev))
		}
		n, err := skimAbbrevs(abbrev[u.abbrev:])
		if err != nil {
			return err
		}
		if budget -= n; budget < 0 {
			return fmt.Errorf("%w: abbreviation tables overlap", errDWARF)
		}
	}
	return nil
}

// skimAbbrevs returns the length of one table.
func skimAbbrevs(b []byte) (int, error) {
	r := leb{b: b}
	for {
		if r.uleb() == 0 || r.bad {
			return r.at, nil
		}
		r.uleb() // tag
		r.skip(1)
		for n := 0; ; n++ {
			attr, form := r.uleb(), r.uleb()
			const implicitConst = 0x21
			if form == implicitConst {
				r.uleb()
			}
			if attr == 0 && form == 0 || r.bad {
				break
			}
			if n > maxAttributes {
				return 0, fmt.Errorf("%w: an entry with more than %d attributes", errDWARF, maxAttributes)
			}
		}
	}
}

// leb reads LEB128 numbers; past the end it gives zeros and sets bad.
type leb struct {
	b   []byte
	at  int
	bad bool
}

func (r *leb) skip(n uint64) {
	if n > uint64(len(r.b)-r.at) {
		r.at, r.bad = len(r.b), true
		return
	}
	r.at += int(n)
}

// rest returns the next n bytes without passing over them; nil past the end.
func (r *leb) rest(n int) []byte {
	if n > len(r.b)-r.at {
		r.at, r.bad = len(r.b), true
		return nil
	}
	return r.b[r.at : r.at+n]
}

// string reads a string and its NUL.
func (r *leb) string() string {
	end := bytes.IndexByte(r.b[r.at:], 0)
	if end < 0 {
		r.at, r.bad = len(r.b), true
		return ""
	}
	s := r.b[r.at : r.at+end]
	r.at += end + 1
	return string(s)
}

func (r *leb) byte() byte {
	if r.at >= len(r.b) {
		r.bad = true
		return 0
	}
	r.at++
	return r.b[r.at-1]
}

func (r *leb) uleb() uint64 {
	var v uint64
	for shift := 0; ; shift += 7 {
		c := r.byte()
		if shift < 64 {
			v |= uint64(c&0x7f) << shift
		}
		if c < 0x80 {
			return v
		}
	}
}
