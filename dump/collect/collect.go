package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"

	"wolfdiag/dump/decode"
	"wolfdiag/dump/trace"
)

// Options controls Collect and Analyze. The zero value is usable.
type Options struct {
	// Stdin is read for the path "-"; nil makes that an error.
	Stdin io.Reader
	// Zone is the zone of names without one (before July 2024); nil derives it from
	// modification times where a restart came right after its crash.
	Zone *time.Location
	// Workers bounds the files read at once; 0 means one for each processor.
	Workers int
	// Expand opens compressed dumps; nil knows gzip alone and reports the others.
	Expand decode.Expander
	// Unpack reads archives; nil leaves them unread.
	Unpack Unpacker
}

// Unpacker visits the files in an archive; r is good until visit returns, whose
// error ends it. It reports whether path is an archive, and what was wrong with it.
type Unpacker func(path string, visit func(name string, size int64, modified time.Time, r io.Reader) error) (archive bool, err error)

// Collection is what Collect found.
type Collection struct {
	Files []*File // sorted by path; unreadable ones have Err set
	// Others counts files of folders that are no dumps and do not look like one.
	Others int
	Notes  []string // what was assumed, for the reader
	Errors []error  // paths that could not be read at all
}

// probeSize is what is read of a folder's file to see whether it is worth more.
const probeSize = 512

// Collect reads dumps: files (also "-"), folders (in depth, every regular file,
// told by content), archives, and listings of `ls`. Folders are streamed; memory grows with
// the dumps found, not with the entries. It never fails: what cannot be read is in
// Errors and in the File. A cancelled context ends it early, with its error in Errors.
func Collect(ctx context.Context, paths []string, opts Options) *Collection {
	if opts.Expand == nil {
		opts.Expand = decode.Gunzip
	}
	c := &collector{ctx: ctx, opts: opts, jobs: make(chan []job, 8)}
	workers := opts.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var wg sync.WaitGroup
	results := make([]workerResult, workers)
	for i := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[i] = c.work()
		}()
	}
	for _, p := range paths {
		c.path(p)
	}
	c.flush()
	close(c.jobs)
	wg.Wait()
	out := &Collection{Errors: c.errs, Files: c.listed, Notes: c.notes}
	for _, r := range results {
		out.Files = append(out.Files, r.files...)
		out.Notes = append(out.Notes, r.notes...)
		out.Others += r.others
		out.Errors = append(out.Errors, r.errs...)
	}
	out.Files = uniqueFiles(out.Files)
	for _, f := range out.Files {
		if f.Err != nil {
			out.Errors = append(out.Errors, f.Err)
		}
	}
	if err := ctx.Err(); err != nil {
		out.Errors = append(out.Errors, err)
	}
	sort.SliceStable(out.Errors, func(i, j int) bool { return out.Errors[i].Error() < out.Errors[j].Error() })
	sort.Strings(out.Notes)
	out.Notes = append(out.Notes, resolveTimes(out.Files, opts.Zone)...)
	return out
}

// uniqueFiles sorts by path and drops repeats; a file that was read is kept
// rather than its row in a listing.
func uniqueFiles(files []*File) []*File {
	sort.SliceStable(files, func(i, j int) bool {
		if files[i].Path != files[j].Path {
			return files[i].Path < files[j].Path
		}
		return !files[i].Listed && files[j].Listed
	})
	out := files[:0]
	for _, f := range files {
		if len(out) == 0 || out[len(out)-1].Path != f.Path {
			out = append(out, f)
		}
	}
	return out
}

type job struct {
	path  string
	named bool // by the user, not found in a folder
	link  bool // a symbolic link in a folder
}

// batch is how many files a worker gets at once: handing over each by itself
// would cost as much as reading it.
const batch = 32

type collector struct {
	ctx     context.Context
	opts    Options
	jobs    chan []job
	next    []job // not yet handed over
	errs    []error
	listed  []*File
	notes   []string
	folders int // searched so far
}

// path takes one argument.
func (c *collector) path(p string) {
	if p == "-" {
		c.stdin()
		return
	}
	info, err := os.Stat(p)
	if err != nil {
		c.errs = append(c.errs, fmt.Errorf("dumps: %w", err))
		return
	}
	if !info.IsDir() {
		c.send(job{path: filepath.Clean(p), named: true})
		return
	}
	c.folder(p, 0)
}

// Folders are searched to this depth, and so many of them below one argument:
// Wolf's own configuration folder has two levels.
const (
	maxDepth   = 6
	maxFolders = 5000
)

// folder hands over the regular files of a folder and of those below it. Links to
// folders are not followed.
func (c *collector) folder(p string, depth int) {
	if c.folders++; c.folders > maxFolders {
		if c.folders == maxFolders+1 {
			c.notes = append(c.notes, fmt.Sprintf("more than %d folders: those from %s on were not searched", maxFolders, p))
		}
		return
	}
	d, err := os.Open(p)
	if err != nil {
		c.errs = append(c.errs, fmt.Errorf("dumps: %w", err))
		return
	}
	defer d.Close()
	var below []string
	for c.ctx.Err() == nil {
		entries, err := d.ReadDir(1024)
		for _, e := range entries {
			link := e.Type()&fs.ModeSymlink != 0
			switch {
			case link || e.Type().IsRegular():
				c.send(job{path: filepath.Join(p, e.Name()), link: link})
			case e.IsDir() && depth < maxDepth && !virtual(filepath.Join(p, e.Name())):
				below = append(below, filepath.Join(p, e.Name()))
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			c.errs = append(c.errs, fmt.Errorf("dumps: reading folder %s: %w", p, err))
			return
		}
	}
	sort.Strings(below)
	for _, b := range below {
		c.folder(b, depth+1)
	}
}

// virtual are the folders of a running system that hold no files.
func virtual(p string) bool { return p == "/proc" || p == "/sys" || p == "/dev" || p == "/run" }

func (c *collector) send(j job) {
	if c.next = append(c.next, j); len(c.next) == batch {
		c.flush()
	}
}

// flush hands over what send has gathered.
func (c *collector) flush() {
	select {
	case c.jobs <- c.next:
	case <-c.ctx.Done():
	}
	c.next = nil
}

// stdin takes a listing, a printed trace or a dump.
func (c *collector) stdin() {
	if c.opts.Stdin == nil {
		c.errs = append(c.errs, errors.New("dumps: - needs standard input"))
		return
	}
	b, err := io.ReadAll(io.LimitReader(c.opts.Stdin, maxListing+1))
	if err != nil {
		c.errs = append(c.errs, fmt.Errorf("dumps: reading standard input: %w", err))
		return
	}
	if files, notes := listingOf(b); files != nil {
		c.listed = append(c.listed, files...)
		c.notes = append(c.notes, notes...)
		return
	}
	f := &File{Path: "-", Size: int64(len(b))}
	f.Trace = decode.With(b, f.Size, decode.NewInterner(), c.opts.Expand)
	c.listed = append(c.listed, f)
}

// maxListing bounds a listing: some 80,000 rows.
const maxListing = 8 << 20

// listingOf reads b as a listing unless it holds a trace.
func listingOf(b []byte) ([]*File, []string) {
	if !decode.LooksLikeText(b[:min(len(b), 1<<16)]) {
		return nil, nil
	}
	return ParseListing(string(b))
}

type workerResult struct {
	ctx    context.Context
	files  []*File
	notes  []string
	errs   []error
	others int
	expand decode.Expander
	unpack Unpacker
}

// work reads files with one buffer until there are no more.
func (c *collector) work() workerResult {
	r := workerResult{ctx: c.ctx, expand: c.opts.Expand, unpack: c.opts.Unpack}
	in := decode.NewInterner()
	buf := make([]byte, 1<<16)
	for list := range c.jobs {
		for _, j := range list {
			if c.ctx.Err() != nil {
				break // drain
			}
			r.read(j, in, &buf)
		}
	}
	return r
}

// read decodes one file. The buffer grows up to decode.MaxRead and is used again.
func (r *workerResult) read(j job, in *decode.Interner, buf *[]byte) {
	base := filepath.Base(j.path)
	wanted := j.named || looksLikeDumpName(base)
	fail := func(err error) {
		if wanted {
			f := &File{Path: j.path, name: parseName(base), Err: fmt.Errorf("dumps: %w", err)}
			f.Trace = trace.Trace{Kind: trace.KindUnknown, Status: trace.StatusNotADump}
			f.Trace.Warn("could not be read: %v", err)
			r.files = append(r.files, f)
			return
		}
		r.others++
	}
	if j.link {
		// Opening a pipe behind a link would wait for a writer.
		info, err := os.Stat(j.path)
		if err != nil {
			fail(err)
			return
		}
		if !info.Mode().IsRegular() {
			r.others++
			return
		}
	}
	if r.archive(j, in, buf) {
		return
	}
	h, err := openUnless(r.ctx, j)
	if err != nil {
		fail(err)
		return
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil {
		fail(err)
		return
	}
	b, err := readBounded(h, info, wanted, buf)
	if err != nil {
		fail(err)
		return
	}
	size := info.Size()
	if !info.Mode().IsRegular() {
		size = int64(len(b))
	}
	f := &File{Path: j.path, Size: size, name: parseName(base)}
	if info.Mode().IsRegular() {
		f.modTime = info.ModTime()
	}
	f.Trace = decode.With(b, size, in, r.expand)
	if notDump := f.Trace.Status == trace.StatusNotADump || f.Trace.Kind == trace.KindUnknown || f.Trace.Kind == trace.KindStrings; notDump {
		if !wanted {
			r.others++
			return
		}
		if f.Trace.Status == trace.StatusNotADump && j.named {
			if files, notes := r.listing(h, b, size); files != nil {
				r.files = append(r.files, files...)
				r.notes = append(r.notes, notes...)
				return
			}
		}
	}
	r.files = append(r.files, f)
}

// archive reads the dumps in an archive, and reports whether the file is one.
func (r *workerResult) archive(j job, in *decode.Interner, buf *[]byte) bool {
	base := filepath.Base(j.path)
	if r.unpack == nil || looksLikeDumpName(base) || !j.named && !archiveName(base) {
		return false
	}
	if info, err := os.Stat(j.path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	is, err := r.unpack(j.path, func(name string, size int64, modified time.Time, content io.Reader) error {
		r.member(name, size, modified, content, in, buf)
		return r.ctx.Err()
	})
	if is && err != nil {
		r.errs = append(r.errs, fmt.Errorf("dumps: %w", err))
	}
	return is
}

// member decodes a file in an archive.
func (r *workerResult) member(name string, size int64, modified time.Time, content io.Reader, in *decode.Interner, buf *[]byte) {
	base := path.Base(name)
	wanted := looksLikeDumpName(base)
	if int64(len(*buf)) < decode.MaxRead {
		*buf = make([]byte, decode.MaxRead)
	}
	n, err := io.ReadFull(content, (*buf)[:probeSize])
	if err == nil && (wanted || decode.WorthReading((*buf)[:n], size)) {
		var more int
		more, err = io.ReadFull(content, (*buf)[n:decode.MaxRead])
		n += more
	}
	f := &File{Path: name, Size: size, name: parseName(base), modTime: modified}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		f.Err = fmt.Errorf("dumps: %s: %w", name, err)
		f.Trace = trace.Trace{Kind: trace.KindUnknown, Status: trace.StatusNotADump}
		f.Trace.Warn("could not be read: %v", err)
	} else {
		f.Trace = decode.With((*buf)[:n], size, in, r.expand)
	}
	if t := &f.Trace; !wanted && (t.Status == trace.StatusNotADump || t.Kind == trace.KindUnknown || t.Kind == trace.KindStrings) {
		r.others++
		return
	}
	r.files = append(r.files, f)
}

// listing reads the rest of a file that starts like one.
func (r *workerResult) listing(h *os.File, b []byte, size int64) ([]*File, []string) {
	if !decode.LooksLikeText(b[:min(len(b), 1<<16)]) || !strings.Contains(string(b), "backtrace.") {
		return nil, nil
	}
	if size > int64(len(b)) {
		whole, err := io.ReadAll(io.NewSectionReader(h, 0, maxListing))
		if err == nil {
			b = whole
		}
	}
	return listingOf(b)
}

// readBounded reads what a dump can hold. Of a file that does not look like a
// dump at its start only that start is returned.
func readBounded(h *os.File, info fs.FileInfo, wanted bool, buf *[]byte) ([]byte, error) {
	want := int64(decode.MaxRead)
	if info.Mode().IsRegular() && info.Size() > 0 { // files of /proc claim to have no bytes
		want = min(want, info.Size())
	}
	probe := !wanted && want > probeSize
	if probe {
		n, err := io.ReadFull(h, (*buf)[:probeSize])
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if !decode.WorthReading((*buf)[:n], info.Size()) {
			return (*buf)[:n], nil
		}
		if _, err := h.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
	}
	if int64(len(*buf)) < want {
		*buf = make([]byte, max(want, min(decode.MaxCpptrace+1, decode.MaxRead)))
	}
	n, err := io.ReadFull(h, (*buf)[:want])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return (*buf)[:n], nil
}

// openUnless opens a file; it gives up when ctx ends, because opening a pipe that
// nobody writes to waits for ever.
func openUnless(ctx context.Context, j job) (*os.File, error) {
	if !j.named {
		return openFile(j) // known to be regular
	}
	if info, err := os.Stat(j.path); err != nil || info.Mode().IsRegular() {
		return openFile(j)
	}
	type opened struct {
		h   *os.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		h, err := openFile(j)
		select {
		case done <- opened{h, err}:
		default:
		}
	}()
	select {
	case o := <-done:
		return o.h, o.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", j.path, ctx.Err())
	}
}
