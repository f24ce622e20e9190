// Package source turns what an operator names on the command line into blocks
// of whole lines: files, folders, pipes and standard input, compressed or not,
// UTF-8 or UTF-16.
//
// Expand decides what is read and in which order; Open reads one input. Memory
// does not grow with the input: not on a decompression bomb, not on a line
// without end.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Kind says what an Input is.
type Kind string

// The kinds of inputs.
const (
	KindStdin  Kind = "stdin"
	KindFile   Kind = "file"
	KindPipe   Kind = "pipe"   // a named pipe, or /dev/fd/N of a process substitution
	KindMember Kind = "member" // a file inside an archive
	KindDump   Kind = "dump"   // a crash dump by its name; not a log, never read by Open's callers as one
	KindEngine Kind = "engine" // records of a log engine
)

// Input is one thing to be read.
type Input struct {
	Name string // as the operator wrote it, or the path below the folder that was named
	Path string // what to open; empty for stdin
	Kind Kind
	Size int64 // bytes of a regular file, -1 when unknown
	// ModTime is when a member of an archive was last written; zero for the rest,
	// whose files know it.
	ModTime   time.Time
	Member    *Member    // of KindMember
	Container *Container // whose log it is, where Docker's own folder tells; else nil
	Notes     []string   // what happened to it on the way: "named twice, read once"
	Stream    Stream     // of KindEngine
	Host      *string    // of records of several hosts, only those of this one, "" for none; nil: all
}

// A Stream is an input that is no file: the records of a log engine, as text.
type Stream interface {
	// Open starts to read. Closing the reader ends that, also while it is read.
	Open(ctx context.Context) (io.ReadCloser, error)
	// Notes says, once it was read, what is worth knowing of what came.
	Notes() []string
}

// Problem is something that was named, or found in a folder, and will not be read.
type Problem struct {
	Name string
	Err  error
	// Passed marks what a folder holds and nobody asked for by name; all that was
	// asked for has been read.
	Passed bool
}

func (p Problem) Error() string { return p.Name + ": " + p.Err.Error() }

// Unwrap returns the reason.
func (p Problem) Unwrap() error { return p.Err }

// Reasons of a Problem that are not the operating system's own.
var (
	ErrNotALog    = errors.New("not a file that can hold a log")
	ErrArchive    = errors.New("is an archive, unpack it first")
	ErrArchives   = errors.New("unpack what holds logs")
	ErrDumps      = errors.New("read them with --dumps, or with wolfdiag dumps")
	ErrNoLogs     = errors.New("no log found in this folder")
	ErrTooMany    = errors.New("too many files in this folder, the rest is left out")
	ErrTooDeep    = errors.New("folders nested too deeply")
	ErrEmptyName  = errors.New("empty file name")
	errNoStdin    = errors.New("no standard input")
	errNotOpenAsF = errors.New("became something other than a regular file")
)

// DamageError ends an input whose rest could not be read: a truncated or
// corrupt compressed file, or a failing disk. All that came before it has been
// delivered. Offset counts decompressed bytes.
type DamageError struct {
	Name   string
	Offset int64
	Err    error
}

func (e *DamageError) Error() string { return e.Name + ": " + e.Damage() }

// Damage says what is wrong and where, without the name.
func (e *DamageError) Damage() string {
	if errors.Is(e.Err, io.ErrUnexpectedEOF) {
		return fmt.Sprintf("cut off after %d bytes of text: the file ends too early", e.Offset)
	}
	return fmt.Sprintf("damaged after %d bytes of text: %v", e.Offset, e.Err)
}

// Unwrap returns what the decompressor or the operating system said.
func (e *DamageError) Unwrap() error { return e.Err }

// Options tell Open how to cut an input into blocks.
type Options struct {
	// BlockSize is the most bytes of whole lines that one Block holds; a single
	// longer line gets a block of its own. 0 means 512 KiB. It is lowered to
	// MaxLine when that is smaller.
	BlockSize int
	// MaxLine is the longest line kept whole, without its newline; the rest of a
	// longer one is skipped and counted. 0 means 1 MiB.
	MaxLine int
	// Ahead is how many bytes of the following whole lines a Block shows. 0
	// means 64 KiB, negative none; it is lowered to BlockSize. It is copied
	// once for every block.
	Ahead int
	// MaxBytes ends the input at the last line boundary within so many
	// decompressed bytes. 0 means no limit.
	MaxBytes int64
}

func (o Options) withDefaults() Options {
	if o.BlockSize <= 0 {
		o.BlockSize = 512 << 10
	}
	if o.MaxLine <= 0 {
		o.MaxLine = 1 << 20
	}
	// A line that does not fit a block starts one, so the only place where a
	// line can be too long is the start of a block.
	o.BlockSize = min(o.BlockSize, o.MaxLine)
	if o.Ahead == 0 {
		o.Ahead = 64 << 10
	}
	o.Ahead = max(0, min(o.Ahead, o.BlockSize))
	return o
}

// Stats is what is known about an input so far.
type Stats struct {
	Bytes       int64  // decompressed bytes delivered or skipped
	RawBytes    int64  // bytes read from the file, for a progress bar
	RawSize     int64  // size of the file, -1 when unknown
	Compression string // gzip, zstd, xz, bzip2, "" for none (or not yet known)
	Encoding    string // utf-16le, utf-16be, "" for bytes taken as they are
	CutLines    int64  // lines longer than MaxLine
	Limited     bool   // MaxBytes cut the input short
	NUL         bool   // a zero byte was seen
}
