// Package logline turns one line of a log into a Record: it takes off the
// transport (compose prefix, docker timestamps, json-file, journald, CRI, …)
// and then reads the message's own format (Wolf, GStreamer, Rust tracing, …).
//
// Nothing here allocates per line: records point into the line or into a
// Scratch that the caller owns.
package logline

// Level is the severity a line claims for itself.
type Level uint8

// The levels, in rising order. LevelNone is a line that names none.
const (
	LevelNone Level = iota
	LevelTrace
	LevelDebug
	LevelInfo
	LevelWarning
	LevelError
	LevelFatal // panics, aborts, FATAL
)

// Format is the syntax of a message once its transport is gone.
type Format uint8

// The formats. FormatPlain is text with no header that is known.
const (
	FormatPlain Format = iota
	FormatWolf
	FormatGStreamer
	FormatTracing
	FormatPanic
	FormatTrace // printed C++ or Rust stack traces and aborts
	FormatSway  // sway and wlroots
	FormatGLib
	FormatGow
	FormatKernel
	FormatSpdlog
	FormatLogfmt
	FormatJSON
	FormatCompose // compose's own status lines
	FormatSupervisord
)

// ClockKind says what a Stamp's value is measured against.
type ClockKind uint8

// The clocks of catalogue facts A.11.
const (
	ClockNone           ClockKind = iota
	ClockUTC                      // Nanos since the Unix epoch
	ClockUTCTimeOfDay             // Wolf: nanos since midnight UTC, no date
	ClockLocal                    // dated, zone unknown: nanos since the epoch as if it were UTC
	ClockLocalNoYear              // journald short, ls: as ClockLocal in year 0 (proleptic)
	ClockLocalTimeOfDay           // GLib: nanos since local midnight
	ClockGStreamer                // elapsed since gst_init of that pid
	ClockSway                     // elapsed since that compositor started
	ClockBoot                     // kernel: elapsed since boot
)

// Stamp is one reading of one clock. The zero Stamp is "none".
type Stamp struct {
	Kind  ClockKind
	Nanos int64
	// Resolution in nanoseconds of the printed form: 1, 1e3, 1e6, 1e9.
	Resolution int64
}

// Continues says whether the lines that follow belong to this record.
type Continues uint8

// What follows a record's first line.
const (
	ContinuesNot     Continues = iota
	ContinuesPartial           // a transport cut the line: the next part completes it (json-file, CRI P)
	ContinuesPanic             // message and backtrace follow
	ContinuesTrace             // frames follow
	ContinuesText              // a message known to wrap (pipelines, NVRM mismatch, what():)
)

// Record is one logical message. Byte slices alias the line or the Scratch and
// live as long as these do.
type Record struct {
	Service   []byte // compose service or container, journald identifier; empty when unknown
	Outer     Stamp  // the transport's clock
	Inner     Stamp  // the message's own clock
	Level     Level
	Format    Format
	PID       int // GStreamer, GLib, journald: process id; 0 when unknown
	Thread    []byte
	Component []byte // GStreamer category, tracing target, GLib domain, "wlr", …
	Function  []byte // GStreamer function, Rust panic location file
	Element   []byte // GStreamer object name
	Text      []byte // the message
	Continues Continues
}
