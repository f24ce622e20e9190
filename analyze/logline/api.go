package logline

import (
	"wolfdiag/analyze/logline/complaint"
	"wolfdiag/analyze/logline/escape"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// What a line says, declared in package record.
type (
	// Record is one logical message.
	Record = record.Record
	// Level is the severity a line claims for itself.
	Level = record.Level
	// Stamp is one reading of one clock.
	Stamp = record.Stamp
	// ClockKind says what a Stamp's value is measured against.
	ClockKind = record.ClockKind
	// Continues says whether the lines that follow belong to a record.
	Continues = record.Continues
	// JoinState is where a record of several lines stands.
	JoinState = record.JoinState
	// Format is the syntax of a message once its transport is gone.
	Format = lineformat.Format
)

// The levels of package record.
const (
	LevelNone    = record.LevelNone
	LevelTrace   = record.LevelTrace
	LevelDebug   = record.LevelDebug
	LevelInfo    = record.LevelInfo
	LevelWarning = record.LevelWarning
	LevelError   = record.LevelError
	LevelFatal   = record.LevelFatal
)

// The clocks of package record.
const (
	ClockNone           = record.ClockNone
	ClockUTC            = record.ClockUTC
	ClockUTCTimeOfDay   = record.ClockUTCTimeOfDay
	ClockLocal          = record.ClockLocal
	ClockLocalNoYear    = record.ClockLocalNoYear
	ClockLocalTimeOfDay = record.ClockLocalTimeOfDay
	ClockGStreamer      = record.ClockGStreamer
	ClockSway           = record.ClockSway
	ClockBoot           = record.ClockBoot
)

// What follows a record's first line, of package record.
const (
	ContinuesNot     = record.ContinuesNot
	ContinuesPartial = record.ContinuesPartial
	ContinuesPanic   = record.ContinuesPanic
	ContinuesTrace   = record.ContinuesTrace
	ContinuesText    = record.ContinuesText
)

// The formats of package lineformat.
const (
	FormatPlain       = lineformat.Plain
	FormatWolf        = lineformat.Wolf
	FormatGStreamer   = lineformat.GStreamer
	FormatTracing     = lineformat.Tracing
	FormatPanic       = lineformat.Panic
	FormatTrace       = lineformat.Trace
	FormatSway        = lineformat.Sway
	FormatGLib        = lineformat.GLib
	FormatGow         = lineformat.Gow
	FormatKernel      = lineformat.Kernel
	FormatSpdlog      = lineformat.Spdlog
	FormatLogfmt      = lineformat.Logfmt
	FormatJSON        = lineformat.JSON
	FormatCompose     = lineformat.Compose
	FormatSupervisord = lineformat.Supervisord
)

// CleanText appends b to dst as text for people, as escape.CleanText does.
func CleanText(dst, b []byte) []byte { return escape.CleanText(dst, b) }

// EscapeLen returns the length of the escape sequence at the start of b, as
// escape.Len does.
func EscapeLen(b []byte) int { return escape.Len(b) }

// HasEntities reports whether brackets or quotes are spelled in b as the source
// of a web page spells them, as escape.HasEntities does.
func HasEntities(b []byte) bool { return escape.HasEntities(b) }

// ComplaintWords lists the words that complain by themselves, as
// complaint.Words does.
func ComplaintWords() []string { return complaint.Words() }
