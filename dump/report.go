package dump

import "time"

// Schema identifies the JSON form of a Report.
const Schema = "wolfdiag/dumps/v1"

// Report is what `wolfdiag dumps` has to say. The JSON tags are a contract: keys
// may be added, none removed or renamed. Slices are never nil.
type Report struct {
	Schema   string          `json:"schema"`
	Files    []FileReport    `json:"files"`    // by path
	Clusters []ClusterReport `json:"clusters"` // most frequent first
	Symbols  []SymbolReport  `json:"symbols"`  // objects that names were looked for
	Rate     Rate            `json:"rate"`
	Others   int             `json:"other_files"` // files of folders that are no dumps
	Notes    []string        `json:"notes"`       // what was assumed
	Errors   []string        `json:"errors"`      // what could not be read
}

// FileReport is one dump.
type FileReport struct {
	Path        string     `json:"path"`
	Kind        Kind       `json:"kind"`
	Status      Status     `json:"status"`
	Frames      int        `json:"frames"`
	CrashTime   *time.Time `json:"crash_time"`   // UTC
	RestartTime *time.Time `json:"restart_time"` // UTC
	Cluster     string     `json:"cluster"`      // "" when it is in none
	Warnings    []string   `json:"warnings"`

	Size       int64    `json:"size"`                      // -1 when unknown
	Pending    bool     `json:"pending"`                   // no start has picked it up yet
	UpperBound bool     `json:"crash_time_upper_bound"`    // crash_time is the restart's
	Listed     bool     `json:"listed_only"`               // from a listing; the content was not seen
	Build      string   `json:"build"`                     // see ClusterReport.Build
	Strings    []string `json:"strings,omitempty"`         // of files of kind strings
	Dropped    int      `json:"frames_left_out,omitempty"` // frames that belong to another trace
	Header     string   `json:"header,omitempty"`          // the message over a printed trace
	Format     string   `json:"format,omitempty"`          // who printed a printed trace: gdb, coredumpctl, …
	Program    string   `json:"program,omitempty"`         // that crashed, where the text names it
	Thread     string   `json:"thread,omitempty"`          // that crashed
	Signal     string   `json:"signal,omitempty"`          // SIGSEGV
	Message    string   `json:"message,omitempty"`         // of the panic, exception or assertion
	Threads    int      `json:"other_threads,omitempty"`   // further stacks of the same text
	Candidates []string `json:"candidates,omitempty"`      // clusters it may belong to, where it shows too little to tell
}

// ClusterReport is a group of dumps of the same crash.
type ClusterReport struct {
	ID        string        `json:"id"` // stable for the same site and build
	Signature string        `json:"signature"`
	Count     int           `json:"count"`
	First     *time.Time    `json:"first"`
	Last      *time.Time    `json:"last"`
	Build     string        `json:"build"` // fingerprint of the program's build; several are joined by ", "
	Files     []string      `json:"files"`
	Cause     string        `json:"cause"`  // catalogue id, "" when none is known
	Frames    []FrameReport `json:"frames"` // of the most frequent trace

	Share     float64    `json:"share"`     // of all clustered dumps
	Candidate bool       `json:"candidate"` // only equal in size: same crash possible, not shown
	Traces    int        `json:"traces"`    // different traces in this cluster
	Functions []string   `json:"functions"` // signature in full: normalised functions from the fault down
	Offsets   []string   `json:"offsets"`   // signature without symbols: module+offset of the whole trace
	PerDay    []DayCount `json:"per_day"`   // UTC days with crashes, in order

	Kind    string   `json:"kind"`    // what kind of crash, "" when nothing tells
	What    string   `json:"what"`    // the same in words
	Victim  bool     `json:"victim"`  // the damage was done before, elsewhere
	Owner   string   `json:"owner"`   // class of the program: wolf, compositor, app-compositor, app, …; "" when unknown
	Program string   `json:"program"` // its name, "" when unknown
	Thread  string   `json:"thread"`  // that crashed, "" when unknown
	Next    []string `json:"next"`    // what to do, in order
}

// DayCount is the crashes of one UTC day.
type DayCount struct {
	Day   string `json:"day"` // 2025-09-30
	Count int    `json:"count"`
}

// FrameReport is one frame of a cluster's trace.
type FrameReport struct {
	Module   string          `json:"module"`
	Address  string          `json:"address"`  // relative to the module's load base; the raw address where that is not known
	Function string          `json:"function"` // as addr2line -f -C -i and Wolf's log have it
	File     string          `json:"file"`
	Line     int             `json:"line"`
	Inlined  []InlinedReport `json:"inlined"` // functions expanded in this frame, innermost first
	Role     string          `json:"role"`
	Column   int             `json:"column"`
	Raw      string          `json:"raw"`              // "" when unknown
	Symbol   string          `json:"symbol,omitempty"` // the function in full where the above is its bare name
}

// FullName is the function with namespace and parameters where they are known.
func (f *FrameReport) FullName() string {
	if f.Symbol != "" {
		return f.Symbol
	}
	return f.Function
}

// InlinedReport is a function expanded in place.
type InlinedReport struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Role     string `json:"role"`
}

// SymbolReport says where an object's names came from, or why there are none.
type SymbolReport struct {
	Module    string `json:"module"`
	Build     string `json:"build"`
	Binary    string `json:"binary"`   // file used, "" when none
	Debug     string `json:"debug"`    // separate file with debug information, "" when none
	BuildID   string `json:"build_id"` // of the file used
	Addresses int    `json:"addresses"`
	Named     int    `json:"named"`   // addresses with a function
	Checked   int    `json:"checked"` // return addresses looked at
	Fit       int    `json:"fit"`     // of these, preceded by a call instruction
	Problem   string `json:"problem"` // "" when names were found
	// Unverified: too few return addresses to tell the build by.
	Unverified bool `json:"unverified,omitempty"`
}

// Rate is how often Wolf crashed.
type Rate struct {
	Crashes int        `json:"crashes"` // dumps with a time
	First   *time.Time `json:"first"`
	Last    *time.Time `json:"last"`
	PerDay  []DayCount `json:"per_day"`
	Say     string     `json:"say"` // "7 crashes in 2 h 3 min"
}
