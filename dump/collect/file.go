package collect

import (
	"time"

	"wolfdiag/dump/trace"
)

// File is one dump of a folder, a listing, or named directly.
type File struct {
	Path  string
	Size  int64
	Trace trace.Trace
	// Listed is set when only the row of a listing is known, not the content.
	Listed bool
	// Pending: still called backtrace.dump, so no start has picked it up yet.
	Pending bool
	Crash   *time.Time // UTC; nil when unknown
	// CrashBound: Crash is not the crash but the restart after it, an upper bound.
	CrashBound bool
	Restart    *time.Time // UTC; nil when unknown
	Err        error      // the file could not be read

	modTime   time.Time // zero when unknown
	modMinute bool      // known to the minute only
	name      nameTime
}
