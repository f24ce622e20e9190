package symbol

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"path"
	"strings"
)

// lineHeader reads the folders and files of a line program's header. debug/dwarf
// reads them as well, but cleans the paths ("/build/../src/a.cpp" becomes
// "/src/a.cpp"), and it trusts the counts.
type lineHeader struct {
	leb
	wide          uint64 // bytes of an offset: 4 or 8
	folder        string // of compilation
	str, lineStr  []byte // .debug_str and .debug_line_str
	folders, list []string
	room          int // bytes of names that may still be read
}

// Bounds on the names of one header. Entries that all point at one long string
// would otherwise make its size times their number, here and in debug/dwarf.
const (
	maxName  = 1 << 14
	maxNames = 32 << 20
)

// fileNames returns the files of the line table at an offset of .debug_line, with
// the numbers that the table gives them. It makes sure that the header cannot
// claim more than its bytes can hold (DWARF 5, 6.2.4).
func (dd *dwarfData) fileNames(at int64, folder string) ([]string, error) {
	if at < 0 || at+16 > int64(len(dd.line)) {
		return nil, fmt.Errorf("%w: line table at %#x of %d bytes", errDWARF, at, len(dd.line))
	}
	b := dd.line[at:]
	h := lineHeader{leb: leb{b: b}, wide: 4, folder: folder, str: dd.str, lineStr: dd.lineStr, room: maxNames}
	start := uint64(4)
	if binary.LittleEndian.Uint32(b) == 0xffffffff {
		h.wide, start = 8, 12
	}
	version := binary.LittleEndian.Uint16(b[start:])
	h.skip(start + 2)
	if version >= 5 {
		h.skip(2) // sizes of an address and a segment selector
	}
	h.skip(h.wide + 1) // length, smallest instruction
	if version >= 4 {
		h.skip(1) // operations an instruction
	}
	h.skip(3) // is_stmt, line base, line range
	if ops := h.byte(); ops > 0 {
		h.skip(uint64(ops) - 1)
	}
	if version < 5 {
		h.old()
	} else if err := h.new(); err != nil {
		return nil, err
	}
	if h.bad {
		return nil, fmt.Errorf("%w: line table header at %#x is cut off or names too much", errDWARF, at)
	}
	return h.list, nil
}

// old reads the lists of DWARF 2 to 4: folders from number 1 up to an empty one,
// then files from number 1 with folder, time and size.
func (h *lineHeader) old() {
	h.folders, h.list = []string{h.folder}, []string{""}
	for s := h.string(); s != "" && !h.bad; s = h.string() {
		h.folders = append(h.folders, h.join(s, h.folder))
	}
	for s := h.string(); s != "" && !h.bad; s = h.string() {
		dir := h.uleb()
		h.uleb()
		h.uleb()
		h.list = append(h.list, h.below(s, dir))
	}
}

// new reads the lists of DWARF 5, whose columns are described in the header.
func (h *lineHeader) new() error {
	err := h.entries(func(name string, _ uint64) {
		h.folders = append(h.folders, h.join(name, h.folder))
	})
	if err != nil {
		return err
	}
	return h.entries(func(name string, dir uint64) {
		h.list = append(h.list, h.below(name, dir))
	})
}

func (h *lineHeader) below(name string, dir uint64) string {
	if path.IsAbs(name) || dir >= uint64(len(h.folders)) {
		return name
	}
	return h.join(name, h.folders[dir])
}

// join is absolute, within the room there is.
func (h *lineHeader) join(name, folder string) string {
	if h.room -= len(name) + len(folder); h.room < 0 {
		h.bad = true
		return name
	}
	return absolute(name, folder)
}

// entries reads one list of DWARF 5.
func (h *lineHeader) entries(add func(name string, dir uint64)) error {
	const contentPath, contentFolder = 1, 2
	type column struct{ content, form uint64 }
	var columns []column
	for range h.byte() {
		columns = append(columns, column{h.uleb(), h.uleb()})
	}
	count := h.uleb()
	if count > uint64(len(h.b)-h.at) || count > 0 && len(columns) == 0 {
		return fmt.Errorf("%w: line table lists %d files in %d bytes", errDWARF, count, len(h.b)-h.at)
	}
	for range count {
		name, dir := "", uint64(0)
		for _, c := range columns {
			text, number, ok := h.value(c.form)
			if !ok {
				return fmt.Errorf("%w: line table uses form %#x", errDWARF, c.form)
			}
			switch c.content {
			case contentPath:
				name = text
			case contentFolder:
				dir = number
			}
		}
		if h.bad {
			return nil
		}
		add(name, dir)
	}
	return nil
}

// value reads one attribute of a list; false for a form that no list has.
func (h *lineHeader) value(form uint64) (text string, number uint64, ok bool) {
	switch form {
	case 0x08: // string
		return h.string(), 0, true
	case 0x0e: // strp
		return h.stringAt(h.str, h.offset()), 0, true
	case 0x1f: // line_strp
		return h.stringAt(h.lineStr, h.offset()), 0, true
	case 0x17, 0x1d: // sec_offset, strp_sup
		h.skip(h.wide)
	case 0x0b: // data1
		number = uint64(h.byte())
	case 0x05: // data2
		if b := h.rest(2); b != nil {
			number = uint64(binary.LittleEndian.Uint16(b))
		}
		h.skip(2)
	case 0x25: // strx1
		h.skip(1)
	case 0x26: // strx2
		h.skip(2)
	case 0x27: // strx3
		h.skip(3)
	case 0x06, 0x28: // data4, strx4
		h.skip(4)
	case 0x07: // data8
		h.skip(8)
	case 0x1e: // data16
		h.skip(16)
	case 0x0f, 0x1a: // udata, strx
		number = h.uleb()
	case 0x09: // block
		h.skip(h.uleb())
	default:
		return "", 0, false
	}
	return "", number, true
}

func (h *lineHeader) offset() uint64 {
	v := word(h.b[h.at:], h.wide)
	h.skip(h.wide)
	return v
}

// stringAt returns the string at an offset of a section, "" outside of it.
func (h *lineHeader) stringAt(section []byte, at uint64) string {
	if at >= uint64(len(section)) {
		return ""
	}
	b := section[at:]
	end := bytes.IndexByte(b[:min(len(b), maxName)], 0)
	if h.room -= end; end < 0 || h.room < 0 {
		h.bad = true
		return ""
	}
	return string(b[:end])
}

// absolute puts a relative name below the folder of compilation. Like addr2line
// and gdb it leaves "/build/../src/main.cpp" as the compiler wrote it.
func absolute(name, folder string) string {
	if name == "" || path.IsAbs(name) || folder == "" {
		return name
	}
	return strings.TrimSuffix(folder, "/") + "/" + name
}
