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

// list returns the files in an archive, and what stopped the listing. Short members
// of a tar are kept, so that they need not be found again.
func (a *archive) list() (out []entry, err error) {
	var kept int64
	err = a.walk(func(e entry, open func() (io.Reader, error)) error {
		if m := e.member; e.err == nil && m.zip == nil && m.size <= keptMember && kept+m.size <= keptAll {
			r, err := open()
			if err == nil {
				m.kept = make([]byte, m.size)
				_, err = io.ReadFull(r, m.kept)
			}
			if err != nil {
				m.kept = nil
				return fmt.Errorf("is damaged in %s: %w", e.name, noEOF(err))
			}
			kept += m.size
		}
		out = append(out, e)
		return nil
	})
	return out, err
}

// walk visits the files in an archive in order. open gives what the file holds,
// until the next visit. It ends with the visitor's error or what is wrong with the
// archive.
func (a *archive) walk(visit func(e entry, open func() (io.Reader, error)) error) (err error) {
	defer func() { // archives are outside bytes
		if v := recover(); v != nil {
			err = fmt.Errorf("cannot be read: %v", v)
		}
	}()
	at, size, closer, err := a.open()
	if err != nil {
		return err
	}
	defer closer.Close()
	magic := make([]byte, 4)
	if _, err := at.ReadAt(magic, 0); err != nil && err != io.EOF {
		return err
	}
	if string(magic[:2]) == "PK" {
		return a.walkZip(at, size, visit)
	}
	return a.walkTar(at, size, visit)
}

func (a *archive) walkZip(at io.ReaderAt, size int64, visit func(entry, func() (io.Reader, error)) error) error {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return err
	}
	var total uint64
	members := 0
	for i, f := range z.File {
		if f.FileInfo().IsDir() || !f.Mode().IsRegular() {
			continue
		}
		if members >= maxMembers {
			return ErrMembers
		}
		e := entry{name: f.Name, member: &Member{from: a, index: i, zip: f, size: int64(min(f.UncompressedSize64, maxMemberBytes)), time: f.Modified}}
		total += f.UncompressedSize64
		switch {
		case f.Flags&1 != 0:
			e.err = ErrEncrypted
		case f.UncompressedSize64 > maxMemberBytes:
			e.err = errBigMember
		case total > ratioFrom && total/uint64(max(size, 1)) > maxRatio:
			return ErrBomb
		}
		members++
		var opened io.ReadCloser
		err := visit(e, func() (io.Reader, error) {
			var err error
			if opened, err = f.Open(); err != nil {
				return nil, err
			}
			return io.LimitReader(opened, maxMemberBytes), nil
		})
		if opened != nil {
			opened.Close()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) walkTar(at io.ReaderAt, size int64, visit func(entry, func() (io.Reader, error)) error) error {
	t, plain, err := tarOf(io.NewSectionReader(at, 0, size))
	if err != nil {
		return err
	}
	if plain != nil {
		defer plain.Close()
	}
	var total int64
	members := 0
	for i := 0; ; i++ {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("is damaged after %d members: %w", i, noEOF(err))
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if members >= maxMembers {
			return ErrMembers
		}
		if total += h.Size; total > ratioFrom && total/max(size, 1) > maxRatio {
			return ErrBomb
		}
		e := entry{name: h.Name, member: &Member{from: a, index: i, size: h.Size, time: h.ModTime}}
		if h.Size > maxMemberBytes {
			e.err = errBigMember
		}
		members++
		if err := visit(e, func() (io.Reader, error) { return io.LimitReader(t, maxMemberBytes), nil }); err != nil {
			return err
		}
	}
}

// Unpack visits the files in an archive, and in archives inside of it, in order,
// within the bounds that Expand has; r is good until visit returns. It reports
// whether path is an archive at all, and all that was wrong with it. An error of
// visit ends it.
func Unpack(path string, visit func(name string, size int64, modified time.Time, r io.Reader) error) (is bool, err error) {
	if v, err := probeFile(path); err != nil || v != probeBundle {
		return false, err
	}
	return true, errors.Join(unpack(&archive{path: path}, path, 0, visit)...)
}

func unpack(a *archive, name string, depth int, visit func(string, int64, time.Time, io.Reader) error) (problems []error) {
	var stop error
	err := a.walk(func(e entry, open func() (io.Reader, error)) error {
		full := name + "/" + cleanMember(e.name)
		bad := func(err error) { problems = append(problems, fmt.Errorf("%s: %w", full, err)) }
		if e.err != nil {
			bad(e.err)
			return nil
		}
		r, err := open()
		if err != nil {
			bad(err)
			return nil
		}
		v, head := probeReader(r)
		r = io.MultiReader(bytes.NewReader(head), r)
		switch {
		case v == probeBundle && depth > 0:
			bad(ErrNested)
		case v == probeBundle:
			data, err := io.ReadAll(io.LimitReader(r, nestedBytes+1))
			switch {
			case err != nil:
				bad(err)
			case len(data) > nestedBytes:
				bad(errBigNested)
			default:
				problems = append(problems, unpack(&archive{data: data}, full, depth+1, visit)...)
			}
		default:
			stop = visit(full, e.member.size, e.member.time, r)
		}
		return stop
	})
	if err != nil && stop == nil {
		problems = append(problems, fmt.Errorf("%s: %w", name, err))
	}
	return problems
}

// cleanMember makes a member's name one that leads nowhere else.
func cleanMember(name string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
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
		clean := cleanMember(entries[i].name)
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
		e.problems = append(e.problems, Problem{Name: name, Passed: true, Err: fmt.Errorf("crash dumps are in it: %s; %w", few(dumps, 3), ErrDumps)})
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
