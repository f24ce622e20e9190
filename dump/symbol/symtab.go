package symbol

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"sort"
)

// Layout of Elf64_Sym: name u32, info u8, other u8, shndx u16, value u64, size u64.
const symSize = 24

// symbolNames returns the function at each address out of a symbol table, ""
// where there is none. Addresses are sorted. Only the table's fixed-size entries
// are scanned; names are read for the hits alone.
func (im *image) symbolNames(table string, addresses []Address) []string {
	out := make([]string, len(addresses))
	syms, err := im.section(table)
	if err != nil || len(syms) == 0 {
		return out
	}
	strings := im.linkedStrings(table)
	type hit struct {
		value, size uint64
		name        uint32
		rank        int
	}
	hits := make([]hit, len(addresses))
	for ; len(syms) >= symSize; syms = syms[symSize:] {
		info := syms[4]
		kind := elf.SymType(info & 0xf)
		if kind != elf.STT_FUNC && kind != elf.STT_GNU_IFUNC && kind != elf.STT_NOTYPE {
			continue
		}
		value, size := binary.LittleEndian.Uint64(syms[8:]), binary.LittleEndian.Uint64(syms[16:])
		if binary.LittleEndian.Uint16(syms[6:]) == 0 || value == 0 {
			continue // defined elsewhere
		}
		name := binary.LittleEndian.Uint32(syms)
		rank := symbolRank(info, kind)
		i := sort.Search(len(addresses), func(i int) bool { return addresses[i].Offset >= value })
		for ; i < len(addresses); i++ {
			if size > 0 && addresses[i].Offset-value >= size {
				break
			}
			h := &hits[i]
			if size == 0 && (h.size > 0 || addresses[i].Offset-value >= maxUnsized) {
				if h.size > 0 {
					continue
				}
				break
			}
			better := h.rank == 0 || size > 0 && h.size == 0 || value > h.value && (size > 0) == (h.size > 0)
			if !better && value == h.value && (size > 0) == (h.size > 0) {
				better = rank > h.rank || rank == h.rank && nameAt(strings, name) < nameAt(strings, h.name)
			}
			if better && nameAt(strings, name) != "" {
				*h = hit{value, size, name, rank}
			}
		}
	}
	for i, h := range hits {
		if h.rank > 0 {
			out[i] = nameAt(strings, h.name)
		}
	}
	return out
}

// maxUnsized is how far behind a symbol without a size (hand-written assembly) an
// address may lie.
const maxUnsized = 256

// symbolRank prefers functions over bare labels, and names other objects see.
func symbolRank(info byte, kind elf.SymType) int {
	rank := 1
	if kind != elf.STT_NOTYPE {
		rank += 4
	}
	switch elf.SymBind(info >> 4) {
	case elf.STB_GLOBAL:
		rank += 2
	case elf.STB_WEAK:
		rank++
	}
	return rank
}

// linkedStrings returns the string table of a symbol table.
func (im *image) linkedStrings(table string) []byte {
	s := im.elf.Section(table)
	if s == nil || int(s.Link) >= len(im.elf.Sections) {
		return nil
	}
	l := im.elf.Sections[s.Link]
	if l.Type != elf.SHT_STRTAB || l.Offset > uint64(len(im.data)) || l.FileSize > uint64(len(im.data))-l.Offset {
		return nil
	}
	return im.data[l.Offset : l.Offset+l.FileSize]
}

// nameAt returns the string at an offset, "" for local labels such as $x and .L4.
func nameAt(table []byte, at uint32) string {
	if uint64(at) >= uint64(len(table)) {
		return ""
	}
	b := table[at:]
	end := bytes.IndexByte(b[:min(len(b), 1<<15)], 0)
	if end <= 0 || b[0] == '$' || b[0] == '.' {
		return ""
	}
	return string(b[:end])
}
