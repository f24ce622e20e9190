package symbol

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"sort"
)

// Layout of Elf64_Sym: name u32, info u8, other u8, shndx u16, value u64, size u64.
const symSize = 24

// named is what a symbol table knows of an address.
type named struct {
	name string // "" when no function contains the address
	file string // source file of a local symbol, without folder; "" when not given
}

// hit is the best symbol found so far for an address.
type hit struct {
	value, size uint64
	name, file  uint32
	rank        int // 0: none yet
}

// closer reports whether a symbol at value describes the address better than h: one
// with a size before one without, then the nearest, then a function before a bare
// label. Among equals the first of the table stays, as with addr2line.
func (h *hit) closer(value, size uint64, rank int) bool {
	switch {
	case h.rank == 0 || size > 0 && h.size == 0:
		return true
	case (size > 0) != (h.size > 0) || value < h.value:
		return false
	}
	return value > h.value || rank > h.rank
}

// symbolNames returns the function at each address out of a symbol table.
// Addresses are sorted. Only the table's fixed-size entries are scanned; names are
// read for the hits alone.
func (im *image) symbolNames(table string, addresses []Address) []named {
	out := make([]named, len(addresses))
	syms, err := im.section(table)
	if err != nil || len(syms) == 0 {
		return out
	}
	strings := im.linkedStrings(table)
	hits := make([]hit, len(addresses))
	file := uint32(0) // of the local symbols that follow it
	for ; len(syms) >= symSize; syms = syms[symSize:] {
		info, name := syms[4], binary.LittleEndian.Uint32(syms)
		kind := elf.SymType(info & 0xf)
		if kind == elf.STT_FILE {
			file = name
			continue
		}
		if kind != elf.STT_FUNC && kind != elf.STT_GNU_IFUNC && kind != elf.STT_NOTYPE {
			continue
		}
		value, size := binary.LittleEndian.Uint64(syms[8:]), binary.LittleEndian.Uint64(syms[16:])
		if binary.LittleEndian.Uint16(syms[6:]) == 0 || value == 0 {
			continue // defined elsewhere
		}
		h := hit{value: value, size: size, name: name, rank: 1}
		if kind != elf.STT_NOTYPE {
			h.rank = 2
		}
		if elf.SymBind(info>>4) == elf.STB_LOCAL {
			h.file = file
		}
		h.offer(hits, addresses, strings)
	}
	for i, h := range hits {
		if h.rank > 0 {
			out[i] = named{nameAt(strings, h.name), nameAt(strings, h.file)}
		}
	}
	return out
}

// offer makes h the hit of the addresses that it contains and describes best.
func (h hit) offer(hits []hit, addresses []Address, strings []byte) {
	reach := h.size
	if reach == 0 {
		reach = maxUnsized
	}
	i := sort.Search(len(addresses), func(i int) bool { return addresses[i].Offset >= h.value })
	for ; i < len(addresses) && addresses[i].Offset-h.value < reach; i++ {
		if hits[i].closer(h.value, h.size, h.rank) && nameAt(strings, h.name) != "" {
			hits[i] = h
		}
	}
}

// maxUnsized is how far behind a symbol without a size (hand-written assembly) an
// address may lie.
const maxUnsized = 256

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
