// Package dump reads the crash dumps that a Wolf server leaves behind, and the
// traces that people paste, says how far each of them can be trusted, and groups
// the ones that show the same crash.
//
// Collect reads folders, files and listings; Decode and ParsePrinted one text or
// dump; Analyze adds names from symbol files, tells the fault from the machinery
// above it, and returns clusters in a Report.
//
// The work is done by the packages below, whose arrows run one way:
//
//	trace      the words: Trace, Frame, Kind, Status, Role
//	printed    traces in texts, a table of parsers
//	decode     the bytes of one file → Trace
//	collect    folders, listings, times → Files
//	signature  the machinery above a fault, normalised names, what identifies a crash
//	cluster    which traces show the same crash
//	symbol     ELF and DWARF → functions, files, lines
package dump

import (
	"context"

	"wolfdiag/dump/collect"
	"wolfdiag/dump/decode"
	"wolfdiag/dump/printed"
	"wolfdiag/dump/signature"
	"wolfdiag/dump/trace"
)

// The words of package trace.
type (
	// Kind is the layout a dump was recognised to have, by its content alone.
	Kind = trace.Kind
	// Status says how far a dump can be trusted.
	Status = trace.Status
	// Role says what a frame is to the crash.
	Role = trace.Role
	// Inlined is a function that the compiler expanded in place inside a frame.
	Inlined = trace.Inlined
	// Frame is one entry of a trace.
	Frame = trace.Frame
	// Trace is what could be read of one crash, innermost frame first.
	Trace = trace.Trace
	// File is one dump of a folder, a listing, or named directly.
	File = collect.File
	// Collection is what Collect found.
	Collection = collect.Collection
	// Options controls Collect. The zero value is usable.
	Options = collect.Options
	// Expander opens compressed content.
	Expander = decode.Expander
	// Signature identifies the site of a crash.
	Signature = signature.Signature
)

// The kinds.
const (
	KindCpptrace     = trace.KindCpptrace
	KindCpptraceText = trace.KindCpptraceText
	KindBoost        = trace.KindBoost
	KindPrinted      = trace.KindPrinted
	KindStrings      = trace.KindStrings
	KindUnknown      = trace.KindUnknown
)

// The states.
const (
	StatusOK           = trace.StatusOK
	StatusStaleTail    = trace.StatusStaleTail
	StatusMixedThreads = trace.StatusMixedThreads
	StatusTruncated    = trace.StatusTruncated
	StatusEmpty        = trace.StatusEmpty
	StatusNoFrames     = trace.StatusNoFrames
	StatusCorrupt      = trace.StatusCorrupt
	StatusNotADump     = trace.StatusNotADump
)

// The roles, from the top of a trace downwards.
const (
	RoleUnknown    = trace.RoleUnknown
	RoleHandler    = trace.RoleHandler
	RoleTrampoline = trace.RoleTrampoline
	RoleMachinery  = trace.RoleMachinery
	RoleLibc       = trace.RoleLibc
	RoleSupport    = trace.RoleSupport
	RoleLibrary    = trace.RoleLibrary
	RoleOwn        = trace.RoleOwn
	RoleEntry      = trace.RoleEntry
)

// MaxRead is how much of a file is looked at.
const MaxRead = decode.MaxRead

// Collect reads dumps; see collect.Collect.
func Collect(ctx context.Context, paths []string, opts Options) *Collection {
	return collect.Collect(ctx, paths, opts)
}

// Decode reads a dump of any known layout; see decode.Decode.
func Decode(b []byte, size int64) Trace { return decode.Decode(b, size) }

// FramesOfSize returns how many frames a cpptrace dump of that size holds, and
// false when no such dump has that size.
func FramesOfSize(size int64) (int, bool) { return decode.FramesOfSize(size) }

// ParsePrinted reads the trace of the crash in a text; see printed.Parse.
func ParsePrinted(text string) (Trace, bool) { return printed.Parse(text) }

// ParsePrintedAll returns every trace in a text, in order; nil when there is none.
func ParsePrintedAll(text string) []Trace { return printed.ParseAll(text) }

// ParseListing reads the dumps named in the output of ls; see collect.ParseListing.
func ParseListing(text string) (files []*File, notes []string) { return collect.ParseListing(text) }

// SignatureOf assigns the roles of the frames and returns the signature; see signature.Of.
func SignatureOf(frames []Frame) Signature { return signature.Of(frames, signature.OriginUnknown) }

// SignatureOfTrace is SignatureOf with what is known of who wrote the trace.
func SignatureOfTrace(t *Trace) Signature { return signature.Of(t.Frames, signature.OriginOf(t)) }

// NormalizeFunction returns a function name without what differs between builds
// and instantiations; see signature.Normalize.
func NormalizeFunction(name string) string { return signature.Normalize(name) }

// Clean returns s fit for a terminal; see trace.Clean.
func Clean(s string) string { return trace.Clean(s) }
