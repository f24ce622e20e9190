// Package patterns is what wolfdiag knows: a catalogue of message patterns and
// root causes, and the matcher that recognises them in a message.
//
// The data lives in catalogue/*.toml. `go generate` turns it into
// zz_*_toml.go, static data that costs nothing to load; a test fails when the two
// differ. The package imports nothing else of wolfdiag.
package patterns

//go:generate go test -run ^TestGenerated$ -update .
//go:generate go test -run ^TestDocTable$ -update .

// Role says what a match of a pattern means.
type Role string

// The roles.
const (
	RoleCause     Role = "cause"     // direct evidence of a root cause
	RoleSymptom   Role = "symptom"   // a consequence of something upstream
	RoleBenign    Role = "benign"    // known noise, with a reason
	RoleLifecycle Role = "lifecycle" // start, stop, session: no complaint at all
	RoleReading   Role = "reading"   // no pattern of the catalogue: a complaint read by its words alone
)

// Position is where an entry stands: what changes when others are added before
// it. It is apart so that numbering the static entries of the built-in catalogue
// touches a few pages of memory and not all of them.
type Position struct {
	Line int // in File
	// Index numbers the enabled patterns of a catalogue 0..n-1 in order of id;
	// -1 when disabled. 0 for entries of other kinds.
	Index int
}

// copied returns a Position that may be changed.
func (p *Position) copied() *Position {
	c := *p
	return &c
}

// Pattern recognises one kind of message. It is read-only once loaded and safe
// for concurrent use.
type Pattern struct {
	ID        string `toml:"id"`
	Component string `toml:"-"`     // name of the file it stands in: cuda, nvenc, smithay, …
	Title     string `toml:"title"` // what the message means, a short clause for the report
	Role      Role   `toml:"role"`
	// Regex is RE2, unanchored, multi-line mode; it is matched against the
	// message text only (no time, level, category, target or element), and for
	// a record of several lines against the lines joined by \n.
	Regex string `toml:"regex"`
	// Formats restricts the line formats it may match in (logline.Format names:
	// wolf, gstreamer, tracing, panic, trace, sway, glib, gow, kernel, spdlog,
	// logfmt, json, compose, supervisord, plain). Empty: any.
	Formats []string `toml:"formats"`
	// Where restricts by regex on the component (GStreamer category, tracing
	// target, GLib domain, sway file), the function, or both as "component function".
	Where string `toml:"where"`
	// Element restricts by regex on the GStreamer object name.
	Element  string `toml:"element"`
	Level    string `toml:"level"`    // level upstream logs it at: error, warning, info, debug, panic, ""
	Severity string `toml:"severity"` // fatal, error, warning, info: what it means for a session
	Why      string `toml:"why"`      // why it is printed and what follows from it
	Unless   string `toml:"unless"`   // benign only: when it is not benign
	Source   string `toml:"source"`   // repository:path:function that prints it
	// Codes names the table (codes.toml) that decodes the capture "code".
	Codes string `toml:"codes"`
	// Event is the lifecycle event a match stands for; see Events.
	Event string `toml:"event"`
	// Also lists patterns that are known to match this pattern's samples as well.
	Also []string `toml:"also"`
	// Resolves lists complaints that this line puts right when it follows them:
	// a program that tries one driver after the other says at last which one it
	// uses. Benign and lifecycle patterns only.
	Resolves []string `toml:"resolves"`
	// Excuses lists complaints that are the ordinary consequence of this line
	// when they follow it: an app that ended as it should takes its display with
	// it. Benign and lifecycle patterns only.
	Excuses []string `toml:"excuses"`
	// Speakers restricts by who says it: classes of package speaker. Where the
	// speaker is not known, the pattern may match. Empty: anybody but software
	// that has no part in streaming.
	Speakers []string `toml:"speakers"`
	// NotSpeakers are classes in whose mouth the text means something else.
	NotSpeakers []string `toml:"not_speakers"`
	// Breaks: a match says that the session it names, or the one that is up, broke.
	Breaks bool `toml:"breaks"`
	// Ordinary lists when a match is no complaint; see Condition.
	Ordinary   []Condition `toml:"ordinary"`
	Samples    []string    `toml:"samples"`     // must match
	NearMisses []string    `toml:"near_misses"` // must not match
	Disabled   bool        `toml:"disabled"`
	File       string      `toml:"-"` // where it was defined
	*Position

	// Supports: of a reading, the causes it speaks for, and how surely each shows
	// a complaint that is read so.
	Supports []Support `toml:"-"`

	literals  []string // every match contains one of them; empty when none is known
	invariant bool     // in digits; see DigitInvariant
	need      need     // holds for every text the regex matches
}

// Literals lists strings of which every text that the regex matches contains
// at least one. Empty: no such strings are known, and the regex must be tried
// on every text. The result must not be changed.
func (p *Pattern) Literals() []string { return p.literals }

// DigitInvariant reports whether the regex, its captures included, behaves the same
// on any two texts that differ only in which ASCII digits stand where (so that a
// result may be kept for the text with every digit replaced by 0). It says
// nothing of Where and Element.
func (p *Pattern) DigitInvariant() bool { return p.invariant }

// Inhibits reports whether the pattern resolves or excuses complaints of others.
func (p *Pattern) Inhibits() bool { return len(p.Resolves) > 0 || len(p.Excuses) > 0 }

// Events lists the names that Pattern.Event may take, with the captures each uses.
var Events = map[string]string{
	"wolf-start":         "a start banner of the Wolf process; capture version",
	"setup":              "a line that says what the deployment is; captures vendor, used, node, encoder, codec, asked, volume, inside, outside, gstreamer, wolf, driver, mesa, libva, kernel, distribution, socket, config, runtime",
	"wolf-milestone":     "a step of a start; capture step, or the pattern id when there is none",
	"wolf-exit":          "the process ended; capture code",
	"wolf-crash-before":  "printed at a start about the life before",
	"container-start":    "an app container starts; captures container, session",
	"container-stop":     "an app container stopped; captures container, session",
	"rtp-up":             "an RTP server was started for a session; capture port",
	"session-compositor": "a session's compositor is created; capture session",
	"session-launch":     "a client asks for a launch; capture ip",
	"session-resume":     "a client asks to resume; capture ip",
	"session-cancel":     "a client asks to stop; capture ip",
	"session-stop":       "a session's pipeline is stopped; capture session",
	"session-pause":      "a session's pipeline is paused; capture session",
	"client-connect":     "the control stream is up; capture ip",
	"client-disconnect":  "the control stream ended; capture ip",
	"producer-start":     "a producer pipeline starts; captures kind, session",
	"producer-stop":      "a producer pipeline stops; captures kind, session",
	"lobby-create":       "a lobby is created; capture lobby",
	"lobby-stop":         "a lobby is stopped; capture lobby",
	"display-ready":      "a Wayland display is up; capture n",
	"encoder-found":      "an encoder was chosen at start; captures codec, encoder",
	"app-container-init": "an app container's init scripts run",
	"nested-start":       "the nested compositor starts: zero of its clock",
	"video-mode":         "resolution of a client; captures width, height, fps",
}

// Cause is a root cause of the catalogue.
type Cause struct {
	ID          string `toml:"id"`
	Title       string `toml:"title"`
	Explanation string `toml:"explanation"`
	// Prior is the probability, before any evidence, that a failing log has this cause.
	Prior float64 `toml:"prior"`
	// Evidence: patterns that speak for the cause, with the probability that the
	// cause, when present and visible, shows the pattern by itself (noisy-OR link).
	Evidence []Link `toml:"evidence"`
	// Explains lists symptom patterns and causes that follow from this cause.
	Explains []string `toml:"explains"`
	// Against: patterns that make the cause less likely.
	Against []Link  `toml:"against"`
	Rivals  []Rival `toml:"rivals"`
	// Restart: does restarting Wolf clear it: yes, no, sometimes.
	Restart string `toml:"restart"`
	// Grows: does it come with accumulation: sessions, uptime, no.
	Grows string `toml:"grows"`
	// Stops says what cannot work while the cause is there: "session" (no new
	// session streams), "" when sessions go on all the same. A session that
	// worked afterwards speaks against such a cause.
	Stops string `toml:"stops"`
	// Vendors: of whose GPUs it can be a cause: amd, intel, nvidia. Empty: any.
	// Where Wolf works on another vendor's and nothing asked for these, it is not.
	Vendors    []string `toml:"vendors"`
	Confirm    []Check  `toml:"confirm"`
	Workaround []string `toml:"workaround"`
	Fixes      []string `toml:"fixes"`
	Disabled   bool     `toml:"disabled"`
	File       string   `toml:"-"`
	*Position
}

// Link ties a pattern to a cause.
type Link struct {
	Pattern string `toml:"pattern"`
	// Strength in (0,1]: exclusive text 0.95, typical 0.6, shared 0.2; see docs/catalogue.md.
	Strength float64 `toml:"strength"`
	Why      string  `toml:"why"`
}

// Support ties a reading to a cause.
type Support struct {
	Cause    string
	Strength float64
}

// Rival is a cause that looks the same, and what tells the two apart.
type Rival struct {
	Cause  string `toml:"cause"`
	Why    string `toml:"why"`
	Settle string `toml:"settle"` // command
	Expect string `toml:"expect"` // what it shows if it is the rival; "" where a command of Confirm begins it, which says that
}

// Check is a command to run and what to expect of it.
type Check struct {
	Command string `toml:"command"`
	Expect  string `toml:"expect"`
}

// CrashRule names the cause of a crash by the functions or modules of its trace.
type CrashRule struct {
	ID         string     `toml:"id"`
	Cause      string     `toml:"cause"`
	Title      string     `toml:"title"`
	Why        string     `toml:"why"`
	Source     string     `toml:"source"`
	Frames     []string   `toml:"frames"`  // regexes; all must match, in order from the innermost frame, gaps allowed
	Modules    []string   `toml:"modules"` // regexes on module paths; used for frames without symbols
	Samples    [][]string `toml:"samples"` // lists of frames that must match
	NearMisses [][]string `toml:"near_misses"`
	Disabled   bool       `toml:"disabled"`
	File       string     `toml:"-"`
	*Position
}

// Subject is one message to be matched.
type Subject struct {
	Text      []byte // message; lines joined by \n
	Format    string // logline.Format name
	Component []byte
	Function  []byte
	Element   []byte
}

// Capture is a named part of a match. Value aliases the subject's text.
type Capture struct {
	Name  string
	Value []byte
}

// Match is one pattern that recognised a subject.
type Match struct {
	Pattern  *Pattern
	Captures []Capture
}
