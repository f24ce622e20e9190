// Package record is what a line of a log says, as plain data: Record, and the
// levels, clocks and kinds of continuation in it.
package record

import "wolfdiag/patterns/lineformat"

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

// ClockKind says what a Stamp's value is measured against.
type ClockKind uint8

// The clocks of catalogue facts A.11.
const (
	ClockNone           ClockKind = iota
	ClockUTC                      // Nanos since the Unix epoch
	ClockUTCTimeOfDay             // Wolf: nanos since midnight UTC, no date
	ClockLocal                    // dated, zone unknown: nanos since the epoch as if it were UTC
	ClockLocalNoYear              // journald short, klog: nanos since the start of a leap year, zone unknown
	ClockLocalTimeOfDay           // GLib: nanos since local midnight
	ClockGStreamer                // elapsed since gst_init of that pid
	ClockSway                     // elapsed since that compositor started
	ClockBoot                     // kernel: elapsed since boot
)

// Stamp is one reading of one clock. The zero Stamp is "none".
type Stamp struct {
	Kind       ClockKind
	Resolution int32 // in nanoseconds, of the printed form: 1, 1e3, 1e6, 1e9
	Nanos      int64
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

// Record is one logical message. Byte slices alias the line or the Parser's
// scratch: they live as long as the line, and until the second next Parse.
type Record struct {
	Service   []byte // compose service or container, journald identifier; empty when unknown
	Outer     Stamp  // the transport's clock
	Inner     Stamp  // the message's own clock
	Level     Level
	Format    lineformat.Format
	PID       int // GStreamer, GLib, journald: process id; 0 when unknown
	Thread    []byte
	Component []byte // GStreamer category, tracing target, GLib domain, "wlr", …
	Function  []byte // GStreamer function, Rust panic location file
	Element   []byte // GStreamer object name
	Text      []byte // the message
	Continues Continues

	// Spans is the span list of a tracing event: egl{ptr=1}:renderer_gles2.
	Spans []byte
	// Worded is set when the message states no level and Level is what its words
	// say: "cp: cannot open …".
	Worded bool
	// Stream is 1 for stdout, 2 for stderr, 0 when the transport does not say.
	Stream uint8
	// Transport names the wrappers that were taken off, outermost kinds first and
	// joined by +: "compose+timestamps", "docker-json"; "" for a bare line.
	Transport string
	// Partial is set when the transport cut the message: the next line of the same
	// stream completes it.
	Partial bool
	// Splice is the rest of the line when a second record starts in its middle
	// (writers that share a terminal without a lock); parse it as a line of its own.
	Splice []byte
	// Joined is Join's memory of how far the record has come. Leave it alone.
	Joined JoinState
}

// JoinState is where a record of several lines stands.
type JoinState struct {
	Lines  int  // lines joined so far
	Frames bool // the stack trace has begun
	Open   bool // the last line announced that it goes on
}

// Levelless reports whether the message states no level.
func (r *Record) Levelless() bool { return r.Level == LevelNone || r.Worded }

var levelNames = [...]string{"none", "trace", "debug", "info", "warning", "error", "fatal"}

// String returns the level in lower case, "none" for LevelNone.
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return "unknown"
}
