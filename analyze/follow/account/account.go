// Package account holds what became of the bytes of every followed file and
// stream, as plain data. What was read, what was left out and why adds up to
// what was seen to exist.
package account

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
)

// Unknown is the size of a gap that nobody has seen.
const Unknown = int64(-1)

// Reason says why a part of a log was not read.
type Reason string

// The reasons.
const (
	Gone       Reason = "gone"       // it was deleted before it was read, or while wolfdiag was not running
	Compressed Reason = "compressed" // it was compressed before it was read, and could not be expanded
	Truncated  Reason = "truncated"  // it was truncated before it was read
	Failed     Reason = "error"      // it could not be opened or read for too long
	Limit      Reason = "limit"      // more than is read of one thing
)

// Reasons are all reasons that there may be.
func Reasons() []Reason { return []Reason{Gone, Compressed, Truncated, Failed, Limit} }

// Gap is a part of a log that was there, or must have been, and was not read.
type Gap struct {
	File       string // as followed
	Generation string // path that it had last, if known
	From       int64  // offset of its first byte
	Bytes      int64  // Unknown where nobody has seen them; after a truncation, at least so many
	Files      int    // whole files, when it is not a part of one; else 0
	Reason     Reason
	Detail     string // an error, or what else is known
}

// MarshalJSON writes unknown bytes as null.
func (g Gap) MarshalJSON() ([]byte, error) {
	var bytes *int64
	if g.Bytes != Unknown {
		bytes = &g.Bytes
	}
	return json.Marshal(struct {
		File       string `json:"file"`
		Generation string `json:"generation,omitempty"`
		From       int64  `json:"from"`
		Bytes      *int64 `json:"bytes"`
		Files      int    `json:"files,omitempty"`
		Reason     Reason `json:"reason"`
		Detail     string `json:"detail,omitempty"`
	}{g.File, g.Generation, g.From, bytes, g.Files, g.Reason, g.Detail})
}

// String is the gap in a line for people, without the name of the file.
func (g Gap) String() string {
	var b strings.Builder
	b.WriteString("gap: ")
	switch {
	case g.Bytes == Unknown && g.Files > 0:
		fmt.Fprintf(&b, "%s of unknown size", counted(int64(g.Files), "file", "files"))
	case g.Bytes == Unknown:
		b.WriteString("an unknown number of bytes")
	default:
		if g.Reason == Truncated {
			b.WriteString("at least ")
		}
		b.WriteString(counted(g.Bytes, "byte", "bytes"))
	}
	if g.Generation != "" && g.Generation != g.File {
		b.WriteString(" of " + g.Generation)
	}
	if g.From > 0 && g.Files == 0 {
		fmt.Fprintf(&b, " from byte %d", g.From)
	}
	b.WriteString(" not read: ")
	switch g.Reason {
	case Gone:
		b.WriteString("rotated away and gone before they could be read")
	case Compressed:
		b.WriteString("compressed before they could be read")
	case Truncated:
		b.WriteString("the file was truncated before they could be read")
	case Limit:
		b.WriteString("more than is read of one file")
	default:
		b.WriteString("they could not be read")
	}
	if g.Detail != "" {
		b.WriteString(" (" + g.Detail + ")")
	}
	return b.String()
}

// File is what became of one source, over all its generations.
type File struct {
	Name        string `json:"name"`
	Lines       int64  `json:"lines"`
	Bytes       int64  `json:"bytes"` // handed over or left out of overlong lines
	Rotations   int    `json:"rotations"`
	Truncations int    `json:"truncations"`
	Restarts    int    `json:"watchdog_restarts"` // of a library that had fallen silent
	Torn        int    `json:"torn_lines"`        // lines taken before their newline came
	Cut         int64  `json:"cut_lines"`         // lines longer than 1 MiB
	Skipped     int64  `json:"skipped_bytes"`     // of those
	Unread      int64  `json:"unread_bytes"`      // left when the follower was told to end
	Problems    int    `json:"problems"`          // permission lost, a folder in the file's place, …
	// The account: Seen = Before + Read + Skipped + GapBytes + Unread.
	Seen        int64 `json:"seen_bytes"`   // in all generations that were opened, or listed and lost
	Before      int64 `json:"before_bytes"` // stood before the place to begin at
	Read        int64 `json:"read_bytes"`
	Generations int   `json:"generations"` // files that bore the name, copies, and contents after a truncation
	Gaps        int   `json:"gaps"`
	GapBytes    int64 `json:"gap_bytes"`    // of gaps whose size is known
	UnknownGaps int   `json:"unknown_gaps"` // others
}

// Live is the account of a file that is being followed, for others to look at.
// It is safe for concurrent use; a nil one holds nothing.
type Live struct{ file atomic.Pointer[File] }

// Set notes the account as it is now.
func (l *Live) Set(f *File) {
	if l == nil {
		return
	}
	if old := l.file.Load(); old != nil && *old == *f {
		return
	}
	now := *f
	l.file.Store(&now)
}

// Get returns what was noted last; the zero File when nothing was.
func (l *Live) Get() File {
	if l == nil {
		return File{}
	}
	if f := l.file.Load(); f != nil {
		return *f
	}
	return File{}
}

// Balance is what the account lacks; 0 when it adds up.
func (f *File) Balance() int64 {
	return f.Seen - f.Before - f.Read - f.Skipped - f.GapBytes - f.Unread
}

// Add counts a gap.
func (f *File) Add(g Gap) {
	f.Gaps++
	if g.Bytes == Unknown {
		f.UnknownGaps++
		return
	}
	f.GapBytes += g.Bytes
}

// Incomplete reports whether something that was there has not been read.
func (f *File) Incomplete() bool { return f.Gaps > 0 || f.Unread > 0 }

// GapSummary says how much is missing; "" when nothing is.
func (f *File) GapSummary() string {
	if f.Gaps == 0 {
		return ""
	}
	s := counted(int64(f.Gaps), "gap", "gaps")
	switch {
	case f.UnknownGaps == f.Gaps:
		return s + " of unknown size"
	case f.UnknownGaps > 0:
		return fmt.Sprintf("%s (%s, and %d of unknown size)", s, counted(f.GapBytes, "byte", "bytes"), f.UnknownGaps)
	}
	return fmt.Sprintf("%s (%s)", s, counted(f.GapBytes, "byte", "bytes"))
}

// String tells what a reader should know about a source; "" when all went
// without incident.
func (f *File) String() string {
	var parts []string
	add := func(n int64, one, many string) {
		if n > 0 {
			parts = append(parts, counted(n, one, many))
		}
	}
	add(int64(f.Rotations), "rotation", "rotations")
	add(int64(f.Truncations), "truncation", "truncations")
	if f.Gaps > 0 {
		parts = append(parts, f.GapSummary())
	}
	add(int64(f.Restarts), "restart of a silent reader", "restarts of a silent reader")
	add(int64(f.Torn), "line taken without its end", "lines taken without their end")
	add(f.Cut, "line cut at 1 MiB", "lines cut at 1 MiB")
	add(f.Skipped, "byte of them skipped", "bytes of them skipped")
	add(f.Unread, "byte not read before the end", "bytes not read before the end")
	add(int64(f.Problems), "problem", "problems")
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %s, %s", f.Name, counted(f.Lines, "line", "lines"), strings.Join(parts, ", "))
}

func counted(n int64, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}
