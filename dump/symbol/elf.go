package symbol

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"strings"
)

// Bounds on what one object may make us do.
const (
	maxFile     = 16 << 30 // bytes mapped of one file
	maxExpanded = 1 << 30  // bytes of one compressed section after expansion
	maxSections = 1 << 16
)

// image is an opened ELF file. It is not safe for concurrent use.
type image struct {
	path  string
	data  []byte
	elf   *elf.File
	close func()
}

// openImage maps and parses a file. The caller closes it.
func openImage(path string) (*image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	if info.Size() < 64 || info.Size() > maxFile {
		return nil, fmt.Errorf("%s has %d bytes: no ELF file", path, info.Size())
	}
	data, unmap, err := mapFile(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	im, err := newImage(path, data)
	if err != nil {
		unmap()
		return nil, err
	}
	im.close = unmap
	return im, nil
}

// newImage parses an ELF file in memory.
func newImage(path string, data []byte) (im *image, err error) {
	defer func() {
		if p := recover(); p != nil {
			im, err = nil, fmt.Errorf("%s: damaged ELF file: %v", path, p)
		}
	}()
	if len(data) < 64 || string(data[:4]) != elf.ELFMAG {
		return nil, fmt.Errorf("%s is no ELF file", path)
	}
	if elf.Class(data[elf.EI_CLASS]) != elf.ELFCLASS64 || elf.Data(data[elf.EI_DATA]) != elf.ELFDATA2LSB {
		return nil, fmt.Errorf("%s is not a 64-bit little-endian ELF file", path)
	}
	// debug/elf makes room for as many sections as the header claims.
	if n := int(binary.LittleEndian.Uint16(data[60:])); n*64 > len(data) {
		return nil, fmt.Errorf("%s: the header claims %d sections in %d bytes", path, n, len(data))
	}
	e, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(e.Sections) > maxSections {
		return nil, fmt.Errorf("%s: %d sections", path, len(e.Sections))
	}
	return &image{path: path, data: data, elf: e, close: func() {}}, nil
}

// section returns the content of a section, expanded when it is compressed; nil
// when there is none. It aliases the file where it can.
func (im *image) section(name string) ([]byte, error) {
	s := im.elf.Section(name)
	if s == nil && strings.HasPrefix(name, ".debug_") {
		s = im.elf.Section(".z" + name[1:])
	}
	if s == nil || s.Type == elf.SHT_NOBITS {
		return nil, nil
	}
	if s.Flags&elf.SHF_COMPRESSED == 0 && !strings.HasPrefix(s.Name, ".z") {
		if s.Offset > uint64(len(im.data)) || s.FileSize > uint64(len(im.data))-s.Offset {
			return nil, fmt.Errorf("section %s lies outside of the file", s.Name)
		}
		return im.data[s.Offset : s.Offset+s.FileSize], nil
	}
	if s.Size > maxExpanded || s.Size/1100 > s.FileSize { // deflate cannot do better than 1:1032
		return nil, fmt.Errorf("section %s claims %d bytes out of %d", s.Name, s.Size, s.FileSize)
	}
	b, err := s.Data()
	if err != nil {
		return nil, fmt.Errorf("section %s: %w", s.Name, err)
	}
	if len(b) > maxExpanded {
		return nil, fmt.Errorf("section %s expands to %d bytes", s.Name, len(b))
	}
	return b, nil
}

// hasCode reports whether the file holds instructions; files with debug
// information alone do not.
func (im *image) hasCode() bool {
	for _, s := range im.elf.Sections {
		if s.Flags&elf.SHF_EXECINSTR != 0 && s.Type == elf.SHT_PROGBITS && s.Size > 0 {
			return true
		}
	}
	// A binary without section headers still has segments.
	return len(im.elf.Sections) == 0 && len(im.elf.Progs) > 0
}

func (im *image) hasDWARF() bool {
	for _, name := range []string{".debug_info", ".zdebug_info"} {
		if s := im.elf.Section(name); s != nil && s.Type != elf.SHT_NOBITS && s.Size > 0 {
			return true
		}
	}
	return false
}

// buildID returns the build-id in hex, "" when there is none.
//
//	04 00 00 00  14 00 00 00  03 00 00 00  47 4e 55 00  ab cd ef …    "GNU\0", 20 bytes
func (im *image) buildID() string {
	note, err := im.section(".note.gnu.build-id")
	if err != nil || len(note) < 16 {
		return ""
	}
	nameSize, descSize := binary.LittleEndian.Uint32(note), binary.LittleEndian.Uint32(note[4:])
	if nameSize != 4 || string(note[12:16]) != "GNU\x00" || descSize > 64 || len(note) < 16+int(descSize) {
		return ""
	}
	return hex.EncodeToString(note[16 : 16+descSize])
}

// debugLink returns the file name and checksum of .gnu_debuglink.
func (im *image) debugLink() (name string, crc uint32, ok bool) {
	b, err := im.section(".gnu_debuglink")
	if err != nil {
		return "", 0, false
	}
	end := bytes.IndexByte(b, 0)
	if end <= 0 || end > 255 {
		return "", 0, false
	}
	at := (end + 4) &^ 3
	if at+4 > len(b) || strings.ContainsRune(string(b[:end]), '/') {
		return "", 0, false
	}
	return string(b[:end]), binary.LittleEndian.Uint32(b[at:]), true
}

func (im *image) checksum() uint32 { return crc32.ChecksumIEEE(im.data) }

// code returns up to n bytes that end before the virtual address end, and false
// when end lies in no executable segment.
func (im *image) code(end uint64, n uint64) ([]byte, bool) {
	for _, p := range im.elf.Progs {
		if p.Type != elf.PT_LOAD || p.Flags&elf.PF_X == 0 || end <= p.Vaddr || end-p.Vaddr > p.Filesz {
			continue
		}
		to := p.Off + (end - p.Vaddr)
		if to < p.Off || to > uint64(len(im.data)) {
			return nil, false
		}
		from := to - min(n, end-p.Vaddr)
		return im.data[from:to], true
	}
	return nil, false
}

var errMachine = errors.New("no crash dump can be of this architecture")

// machineName names the architecture for messages.
func (im *image) machineName() string {
	return strings.ToLower(strings.TrimPrefix(im.elf.Machine.String(), "EM_"))
}
