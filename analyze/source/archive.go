package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// What an archive may hold. More is left out, and said. Nothing is unpacked to
// disk, and the names of members are never used as paths.
const (
	maxMembers     = 4096
	maxMemberBytes = 4 << 30 // of one member
	maxRatio       = 1000    // bytes a byte of the archive may expand to, over all of it
	ratioFrom      = 64 << 20
	keptMember     = 1 << 20  // a member of a tar up to this size is kept when the archive is listed
	keptAll        = 32 << 20 // at most so many bytes in all
	nestedBytes    = 64 << 20 // an archive inside of one is read from memory, up to this size
)

// Reasons of a Problem with an archive.
var (
	ErrNested     = errors.New("is an archive inside of an archive inside of an archive: unpack it first")
	ErrMembers    = fmt.Errorf("has more than %d members, the rest is left out", maxMembers)
	ErrBomb       = fmt.Errorf("expands to more than %d times its size, the rest is left out", maxRatio)
	ErrEncrypted  = errors.New("is encrypted: unpack it first")
	errBigMember  = fmt.Errorf("is longer than %d GiB", maxMemberBytes>>30)
	errBigNested  = fmt.Errorf("is an archive of more than %d MiB inside of an archive: unpack it first", nestedBytes>>20)
	errMemberGone = errors.New("is no longer in the archive")
)

// A Member is a file inside an archive.
type Member struct {
	from  *archive
	index int // among the entries of a tar
	zip   *zip.File
	kept  []byte // what a short one holds; nil for a long one
	size  int64
	time  time.Time
}

// archive is a tar or zip, in a file or in memory.
type archive struct {
	path string
	data []byte // when path is empty
}

// open returns the archive's bytes and their number.
func (a *archive) open() (io.ReaderAt, int64, io.Closer, error) {
	if a.path == "" {
		return bytes.NewReader(a.data), int64(len(a.data)), io.NopCloser(nil), nil
	}
	f, err := os.Open(a.path)
	if err != nil {
		return nil, 0, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, nil, err
	}
	return f, info.Size(), f, nil
}

// open returns what the member holds. The caller closes it.
func (m *Member) open() (io.ReadCloser, error) {
	if m.kept != nil {
		return io.NopCloser(bytes.NewReader(m.kept)), nil
	}
	at, size, closer, err := m.from.open()
	if err != nil {
		return nil, err
	}
	if m.zip != nil {
		z, err := zip.NewReader(at, size)
		if err == nil && m.index < len(z.File) && z.File[m.index].Name == m.zip.Name {
			var rc io.ReadCloser
			if rc, err = z.File[m.index].Open(); err == nil {
				return withCloser{io.LimitReader(rc, maxMemberBytes), closers{rc, closer}}, nil
			}
		}
		closer.Close()
		return nil, errors.Join(err, errMemberGone)
	}
	t, plain, err := tarOf(io.NewSectionReader(at, 0, size))
	for i := 0; err == nil; i++ {
		if _, err = t.Next(); err == nil && i == m.index {
			return withCloser{io.LimitReader(t, maxMemberBytes), closers{plain, closer}}, nil
		}
	}
	closer.Close()
	return nil, errors.Join(err, errMemberGone)
}

// tarOf reads a tar through its compression.
func tarOf(r io.Reader) (*tar.Reader, io.Closer, error) {
	head := make([]byte, sniffSize)
	n, err := readFullSafe(r, head)
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	h := &headReader{head: head[:n], r: r}
	c := compressionOf(head[:n])
	if c == "" {
		return tar.NewReader(h), nil, nil
	}
	d, err := decompressor(c, h)
	if err != nil {
		return nil, nil, fmt.Errorf("%s header: %w", c, noEOF(err))
	}
	return tar.NewReader(safeReader{d}), d, nil
}

// entry is a member with its name.
type entry struct {
	name   string
	member *Member
	err    error // why it is not read
}

// list returns the files in an archive, and what stopped the listing.
func (a *archive) list() (out []entry, err error) {
	defer func() { // archives are outside bytes
		if v := recover(); v != nil {
			err = fmt.Errorf("cannot be read: %v", v)
		}
	}()
	at, size, closer, err := a.open()
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	magic := make([]byte, 4)
	if _, err := at.ReadAt(magic, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if string(magic[:2]) == "PK" {
		return a.listZip(at, size)
	}
	return a.listTar(at, size)
}

func (a *archive) listZip(at io.ReaderAt, size int64) (out []entry, err error) {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, err
	}
	var total uint64
	for i, f := range z.File {
		if f.FileInfo().IsDir() || !f.Mode().IsRegular() {
			continue
		}
		if len(out) >= maxMembers {
			return out, ErrMembers
		}
		e := entry{name: f.Name, member: &Member{from: a, index: i, zip: f, size: int64(min(f.UncompressedSize64, maxMemberBytes)), time: f.Modified}}
		total += f.UncompressedSize64
		switch {
		case f.Flags&1 != 0:
			e.err = ErrEncrypted
		case f.UncompressedSize64 > maxMemberBytes:
			e.err = errBigMember
		case total > ratioFrom && total/uint64(max(size, 1)) > maxRatio:
			return out, ErrBomb
		}
		out = append(out, e)
	}
	return out, nil
}

func (a *archive) listTar(at io.ReaderAt, size int64) (out []entry, err error) {
	t, plain, err := tarOf(io.NewSectionReader(at, 0, size))
	if err != nil {
		return nil, err
	}
	if plain != nil {
		defer plain.Close()
	}
	var total, kept int64
	for i := 0; ; i++ {
		h, err := t.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, fmt.Errorf("is damaged after %d members: %w", i, noEOF(err))
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if len(out) >= maxMembers {
			return out, ErrMembers
		}
		if total += h.Size; total > ratioFrom && total/max(size, 1) > maxRatio {
			return out, ErrBomb
		}
		e := entry{name: h.Name, member: &Member{from: a, index: i, size: h.Size, time: h.ModTime}}
		switch {
		case h.Size > maxMemberBytes:
			e.err = errBigMember
		case h.Size <= keptMember && kept+h.Size <= keptAll:
			b := make([]byte, h.Size)
			if _, err := io.ReadFull(t, b); err != nil {
				return out, fmt.Errorf("is damaged in %s: %w", h.Name, noEOF(err))
			}
			kept += h.Size
			e.member.kept = b
		}
		out = append(out, e)
	}
}

// archived adds what is in an archive, as if it were a folder. depth counts the
// archives around it; passed: nobody asked for it by name.
func (e *expander) archived(name string, a *archive, depth int, passed bool) {
	before := len(e.problems)
	defer func() {
		for i := before; passed && i < len(e.problems); i++ {
			e.problems[i].Passed = true
		}
	}()
	entries, err := a.list()
	if err != nil {
		e.fail(name, err)
	}
	names := make([]string, 0, len(entries))
	byName := map[string]*entry{}
	for i := range entries {
		clean := strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(entries[i].name, `\`, "/")), "/")
		if byName[clean] == nil && (e.o.Hidden || !hiddenPath(clean)) {
			names = append(names, clean)
		}
		byName[clean] = &entries[i] // of two with one name the later counts, as when unpacking
	}
	slices.SortFunc(names, newOrderer(names).compare)
	found := 0
	var dumps []string
	for _, n := range names {
		if dumpName(n) {
			dumps = append(dumps, n)
		}
		if len(e.inputs) >= e.o.MaxFiles {
			e.fail(name, ErrTooMany)
			return
		}
		if e.member(name, n, byName, depth) {
			found++
		}
	}
	if len(dumps) > 0 {
		e.problems = append(e.problems, Problem{Name: name, Passed: true, Err: fmt.Errorf("crash dumps are not read out of archives: %s; %w", few(dumps, 3), ErrDumps)})
	}
	if found == 0 && err == nil && !passed {
		e.fail(name, ErrNoLogs)
	}
}

// member adds one member, and reports whether it did.
func (e *expander) member(archiveName, n string, all map[string]*entry, depth int) bool {
	x := all[n]
	full := archiveName + "/" + n
	if secretName(n) || dockerState(n, all) {
		return false
	}
	if x.err != nil {
		e.fail(full, x.err)
		return false
	}
	rc, err := x.member.open()
	if err != nil {
		e.fail(full, err)
		return false
	}
	defer rc.Close()
	v, head := probeReader(rc)
	switch {
	case dumpName(n), v == probeBinary:
		return false
	case v == probeBundle && depth > 0:
		e.fail(full, ErrNested)
		return false
	case v == probeBundle:
		data, err := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(head), rc), nestedBytes+1))
		switch {
		case err != nil:
			e.fail(full, err)
		case len(data) > nestedBytes:
			e.fail(full, errBigNested)
		default:
			e.archived(full, &archive{data: data}, depth+1, true)
			return true
		}
		return false
	case v == probeArchive:
		e.fail(full, ErrArchive)
		return false
	}
	in := Input{Name: full, Path: x.member.from.path, Kind: KindMember, Size: x.member.size, Member: x.member, ModTime: x.member.time}
	in.Container = containerOf(path.Base(n), func() ([]byte, error) { return all[path.Join(path.Dir(n), dockerConfig)].read() })
	e.add(full, in)
	return true
}

// read returns what a short member holds.
func (x *entry) read() ([]byte, error) {
	if x == nil {
		return nil, os.ErrNotExist
	}
	rc, err := x.member.open()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	return io.ReadAll(io.LimitReader(rc, maxDockerConfig))
}

func hiddenPath(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") {
			return true
		}
	}
	return false
}
