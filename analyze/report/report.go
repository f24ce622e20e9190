// Package report holds the diagnosis as plain data: what the analyzer fills
// in and what the renderers print. The JSON tags are the contract of
// `wolfdiag analyze --format json`; keys may be added, none removed or renamed.
//
// The package has no behaviour beyond trivial helpers and imports nothing of
// wolfdiag, so that every other package may use its types.
package report

import "time"

// Schema identifies the JSON form of a Report.
const Schema = "wolfdiag/report/v1"

// Report is the whole diagnosis. Slices are never nil in a finished report
// (JSON shows [] and not null).
type Report struct {
	Schema      string         `json:"schema"`
	Tool        Tool           `json:"tool"`
	Verdict     Verdict        `json:"verdict"`
	Summary     string         `json:"summary"`           // one sentence a human reads first
	Recognised  bool           `json:"recognised"`        // some line was of a format that is known
	Partial     bool           `json:"partial,omitempty"` // reading was cut short (ctrl-C, --max-bytes)
	Inputs      []Input        `json:"inputs"`
	Period      Period         `json:"period"`
	Coverage    Coverage       `json:"coverage"`
	Causes      []Cause        `json:"causes"`         // best first
	Decide      *Decision      `json:"decide"`         // what to run first; null without a cause, or where no command helps
	Next        []string       `json:"next,omitempty"` // what to do where no cause was found
	Lifetimes   []Lifetime     `json:"lifetimes"`
	Sessions    []Session      `json:"sessions"`
	Timeline    Timeline       `json:"timeline"`
	Leak        Leak           `json:"leak"`
	Crashes     []Crash        `json:"crashes"`
	Unexplained []Template     `json:"unexplained"` // most telling first
	Known       []KnownHere    `json:"known"`       // the operator's own list of what is harmless here, in its order
	Patterns    []PatternCount `json:"patterns"`    // by id
	Clocks      []string       `json:"clocks"`      // what was assumed to bring all clocks onto UTC
	Facts       []Fact         `json:"facts"`       // from snapshots
	Breakdowns  []Breakdown    `json:"breakdowns"`
	Setup       Setup          `json:"setup"`
	Notes       []string       `json:"notes"` // what the reader should know about the limits of this report
}

// Setup is what is known of the deployment.
type Setup struct {
	Engine string  `json:"engine"` // docker-compose, docker, podman, kubernetes, lxc, systemd, "" when unknown
	Vendor string  `json:"vendor"` // of the GPU that Wolf works on: nvidia, amd, intel, software, "" when unknown
	Known  []Known `json:"known"`  // with the place that says so
}

// Known is one thing that is known of the deployment.
type Known struct {
	What  string `json:"what"`
	Value string `json:"value"`
	Input string `json:"input"`
	Line  int64  `json:"line"` // 0: the input as a whole
}

// Tool names the program that made the report.
type Tool struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Catalogue string `json:"catalogue"` // version or hash of the catalogue, "+user" when a file was added
}

// Input is one thing that was read.
type Input struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`   // stdin, file, snapshot, dumps
	Format   string   `json:"format"` // compression and transport seen, e.g. "gzip+compose", "docker-json", "plain"
	Lines    int64    `json:"lines"`  // physical lines
	Bytes    int64    `json:"bytes"`  // after decompression
	Warnings []string `json:"warnings"`
}

// Period is the span of time the log covers; null where unknown.
type Period struct {
	From *time.Time `json:"from"`
	To   *time.Time `json:"to"`
}

// Coverage says how much of what complained is accounted for.
// Explained + Benign + Unexplained = ErrorLines, always.
type Coverage struct {
	Lines       int64 `json:"lines"`       // physical lines read
	ErrorLines  int64 `json:"error_lines"` // records at warning level or above, and any that a cause, symptom or benign pattern recognises
	Explained   int64 `json:"explained"`
	Benign      int64 `json:"benign"`
	Known       int64 `json:"known"` // of Benign: what the operator's own list calls harmless here
	Unexplained int64 `json:"unexplained"`
}

// Where points at one record of the input. Time is nil when unknown.
type Where struct {
	Input string     `json:"input"`
	Line  int64      `json:"line"` // 1-based physical line
	Time  *time.Time `json:"time"`
	Text  string     `json:"text"` // the message, without escapes and control bytes
}

// Cause is one ranked root cause.
type Cause struct {
	Rank        int         `json:"rank"`
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Probability float64     `json:"probability"`
	Summary     string      `json:"summary"`     // why this cause, in a sentence or two about this log
	Explanation string      `json:"explanation"` // what the cause is, from the catalogue
	FirstSeen   *time.Time  `json:"first_seen"`
	LastSeen    *time.Time  `json:"last_seen"`
	Occurrences int64       `json:"occurrences"` // episodes
	Evidence    []Evidence  `json:"evidence"`    // strongest first
	Explains    []Explained `json:"explains"`    // consequences folded under this cause
	Rivals      []Rival     `json:"rivals"`
	Sum         Sum         `json:"sum"` // how the probability comes about
	Affected    Affected    `json:"affected"`
	Restart     string      `json:"restart"` // does restarting Wolf clear it: "yes", "no", "sometimes", ""
	Preface     []string    `json:"preface"` // lines that set the shell variables of this cause's commands, to be run once
	Confirm     []Check     `json:"confirm"`
	Workaround  []string    `json:"workaround"`
	Fixes       []string    `json:"fixes"`
}

// Sum is how a probability comes about, in nats of log-odds: prior, the weights
// of the evidence, what the consequences add together, and the shares of what
// competes add up to total, the log-odds of the probability.
type Sum struct {
	Prior    float64 `json:"prior"`
	Evidence float64 `json:"evidence"`
	Explains float64 `json:"explains"`
	// Unshown is what the possibility takes that the cause does not show in the log.
	Unshown float64 `json:"unshown"`
	Rivals  []Share `json:"rivals"` // each found by leaving it out, the likeliest first
	Total   float64 `json:"total"`
}

// Share is what another cause takes from a probability, or adds to it.
type Share struct {
	ID     string  `json:"id"`
	Weight float64 `json:"weight"`
}

// Evidence is one pattern that speaks for (or, with a negative weight,
// against) a cause.
type Evidence struct {
	Pattern string  `json:"pattern"`
	Title   string  `json:"title"`   // what the message means, for people
	Decoded string  `json:"decoded"` // "0x300c EGL_BAD_PARAMETER", "" when there is no code
	Count   int64   `json:"count"`
	Weight  float64 `json:"weight"` // log-odds in nats that this evidence adds
	First   Where   `json:"first"`
	Last    Where   `json:"last"`
	// Contrast is set where the weight is lower for it.
	Contrast *Contrast `json:"contrast,omitempty"`
}

// Contrast says how often something is also seen where it works.
type Contrast struct {
	Lifetimes bool `json:"lifetimes"`  // they are lifetimes of Wolf, not sessions
	Worked    int  `json:"worked"`     // sessions that worked and show it
	WorkedAll int  `json:"worked_all"` // sessions that worked
	Failed    int  `json:"failed"`
	FailedAll int  `json:"failed_all"`
}

// Explained is a symptom folded under a cause.
type Explained struct {
	Pattern string `json:"pattern"`
	Title   string `json:"title"`
	Count   int64  `json:"count"`
}

// Rival is another cause the log cannot tell from this one.
type Rival struct {
	ID          string  `json:"id"`
	Probability float64 `json:"probability"`
	Why         string  `json:"why"`    // what tells the two apart
	Settle      string  `json:"settle"` // command that settles it
	Expect      string  `json:"expect"` // what the command shows
	Then        string  `json:"then"`   // if it is this cause
}

// Affected lists what a cause touched; sorted, bounded.
type Affected struct {
	Services []string `json:"services"`
	Sessions []string `json:"sessions"`
	Elements []string `json:"elements"`
}

// Decision is the command to run first: the one that tells the first cause from
// its nearest rival, or that proves the first cause.
type Decision struct {
	Preface []string `json:"preface"` // lines that set the shell variables of the command
	Command string   `json:"command"`
	Says    string   `json:"says"` // what to look for in its output; "" when the catalogue does not say
	Then    string   `json:"then"` // the cause that it speaks for, by id
	Else    string   `json:"else"` // the cause that anything else leaves, by id; "" when that may be any
}

// Check is a command and what to expect of it.
type Check struct {
	Command string `json:"command"`
	Expect  string `json:"expect"`
}

// Lifetime is one run of the Wolf process. Nil means unknown.
type Lifetime struct {
	Start               *time.Time `json:"start"`
	End                 *time.Time `json:"end"`
	EndKind             string     `json:"end_kind"` // crash, clean, killed, running, unknown
	ExitCode            *int       `json:"exit_code"`
	ExitMeaning         string     `json:"exit_meaning"` // "11: SIGSEGV in Wolf"
	Sessions            *int       `json:"sessions"`
	CountedBy           string     `json:"counted_by"` // the method used, "" when sessions are unknown
	Concurrent          *int       `json:"concurrent"` // live sessions at the first failure
	Failures            int        `json:"failures"`   // failure episodes
	FirstFailure        *time.Time `json:"first_failure"`
	FirstFailureSession *int       `json:"first_failure_session"` // 1-based number of the session during which it first failed
	Missing             []string   `json:"missing"`               // milestones of a start that did not come
	FirstLine           Where      `json:"first_line"`
}

// Lines is a stretch of an input.
type Lines struct {
	Input string `json:"input"`
	From  int64  `json:"from"` // 1-based physical line
	To    int64  `json:"to"`   // 0: its end was not seen
}

// Leak is the answer to "does failure come with accumulation?".
type Leak struct {
	Verdict string   `json:"verdict"` // likely, unlikely, insufficient-data
	Axis    string   `json:"axis"`    // sessions, uptime, wall-clock, none, ""
	PValue  *float64 `json:"p_value"` // null without a test
	Why     string   `json:"why"`
}

// Crash is a cluster of crash dumps or printed traces.
type Crash struct {
	Cluster   string     `json:"cluster"`
	Signature string     `json:"signature"`
	Cause     string     `json:"cause"` // catalogue cause, "" when none is known
	Count     int        `json:"count"`
	First     *time.Time `json:"first"`
	Last      *time.Time `json:"last"`
	Files     []string   `json:"files"`
	Related   string     `json:"related"` // do these crashes and the failure at hand go together, and why; "" when nothing else failed
	Kind      string     `json:"kind"`    // what kind of crash, "" when nothing tells
	What      string     `json:"what"`    // the same in words
	Owner     string     `json:"owner"`   // class of the program that crashed: wolf, compositor, app-compositor, app, …; "" when unknown
	Program   string     `json:"program"` // its name, "" when unknown
	Next      []string   `json:"next"`    // what to do, in order
}

// Template is a shape of message that no pattern explains.
type Template struct {
	Template  string `json:"template"`
	Level     string `json:"level"`
	Component string `json:"component"`
	Count     int64  `json:"count"`
	Bursts    int64  `json:"bursts"` // stretches of messages no more than 30 s apart
	First     Where  `json:"first"`
	Last      Where  `json:"last"`
	Pattern   string `json:"pattern,omitempty"` // of the catalogue, for a failure that is known and whose cause is not
	Around    []Line `json:"around,omitempty"`  // the lines around the first one; only where no cause was found, of the first few
	Note      string `json:"note"`              // why it is ranked here, e.g. "in a burst before the first failure"
	// Contrast is set where sessions that worked show it too, and enough worked.
	Contrast *Contrast `json:"contrast,omitempty"`
}

// KnownHere is an entry of the operator's own list and what was read of it.
type KnownHere struct {
	Entry   string  `json:"entry"` // file:line
	By      string  `json:"by"`    // pattern, template or text
	What    string  `json:"what"`
	Service string  `json:"service"` // "" for anybody's
	Why     string  `json:"why"`
	Until   *string `json:"until"`   // the last day on which it holds; null: for good
	Expired bool    `json:"expired"` // it no longer applies, and nothing was counted
	Count   int64   `json:"count"`   // complaints that it covers
	First   *Where  `json:"first"`   // null: none
	Last    *Where  `json:"last"`
}

// Line is a line as it stands in an input, without escapes and control bytes.
type Line struct {
	Line int64  `json:"line"`
	Text string `json:"text"`
}

// PatternCount is how often a catalogue pattern matched.
type PatternCount struct {
	ID     string `json:"id"`
	Role   string `json:"role"`
	Title  string `json:"title"`
	Count  int64  `json:"count"`
	Bursts int64  `json:"bursts"` // stretches of matches no more than 30 s apart; 0 for benign and lifecycle ones
	First  Where  `json:"first"`
	Last   Where  `json:"last"`
}

// Fact is something a snapshot says.
type Fact struct {
	Source string     `json:"source"` // input name
	Kind   string     `json:"kind"`   // nvidia-smi, docker-stats, wolf-sessions, dumps-listing, …
	Time   *time.Time `json:"time"`
	Text   string     `json:"text"`
	Bears  string     `json:"bears"` // what it raises, lowers or cannot say
}

// Breakdown compares the failure rate of groups.
type Breakdown struct {
	By     string         `json:"by"` // app, encoder, resolution, concurrent-sessions
	Groups []BreakdownRow `json:"groups"`
	PValue *float64       `json:"p_value"`
	Say    string         `json:"say"`
}

// BreakdownRow is one group of a Breakdown.
type BreakdownRow struct {
	Name     string `json:"name"`
	Sessions int    `json:"sessions"`
	Failed   int    `json:"failed"`
}
