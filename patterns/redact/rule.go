// Package redact is the catalogue of what must not leave the operator's
// machine: credentials, addresses, names of people and machines, and what only
// looks like one of them and has to stay.
//
// It is data. The TOML files beside it are the source, zz_rules.go is generated
// from them; analyze/redact does the work. A rule finds its values in one of
// three ways: by the label in front of them, by a regular expression that is
// tried where one of a few literals occurs, or by a form that needs code, such
// as an address.
package redact

//go:generate go test -run TestGenerated -update .

// Rule says what is masked and how it is told from what looks alike. The rules
// are static data and must not be changed.
type Rule struct {
	ID      string `json:"id"`
	Masks   string `json:"masks"`   // what it masks, for the operator
	Context string `json:"context"` // where such a value stands
	// Kind is "secret", whose values become "[masked]", or the beginning of the
	// stand-ins: values of "ip" become "ip-1", "ip-2".
	Kind string `json:"kind"`

	Labels []string `json:"labels,omitempty"` // by label: words of a name such as DB_PASSWORD, lower-case, without separators
	Check  string   `json:"check,omitempty"`  // what the value must be, see the Check constants; "" accepts all

	Needs []string `json:"needs,omitempty"` // by regex: lower-case literals of three bytes or more, one of which is in every match
	Regex string   `json:"regex,omitempty"` // RE2; the named groups are masked

	Form string `json:"form,omitempty"` // by code: the name of a detector of analyze/redact; with needs, it looks where one stands

	Samples    []string `json:"samples"`     // lines in which exactly what stands in «» is masked
	NearMisses []string `json:"near_misses"` // lines of which nothing is masked
}

// What a value must be to be masked.
const (
	CheckWorded   = "worded"   // after "label: " or "label is", no word that tells about the value: required, invalid
	CheckSecret   = "secret"   // after "label: " or "label is", only what looks made up
	CheckRandom   = "random"   // only what looks made up, wherever it stands
	CheckName     = "name"     // a name that not everybody has
	CheckDrawn    = "drawn"    // 14 letters and digits or more, mixed: what a service hands out
	CheckDigits   = "digits"   // four digits or more
	CheckSerial   = "serial"   // letters and digits
	CheckLong     = "long"     // nine digits or more
	CheckPair     = "pair"     // a login and a password, a sign between them
	CheckPhone    = "phone"    // seven digits or more, no date
	CheckOption   = "option"   // behind an option: no number, no path
	CheckPassword = "password" // letters with digits or signs, and nothing that programs write so
	CheckMixed    = "mixed"    // digits, and at least two in all
	CheckDevice   = "device"   // a device and its owner, not its maker
)

// Allow lists values that everybody has or that only look like something to
// mask, by the kind of rule that would take them.
type Allow struct {
	ID     string
	Why    string
	Kinds  []string // of the rules it holds for, none for all; "label": the words are labels
	Words  []string // whole values, lower-case
	Within []string // words, lower-case, that make harmless what holds one of them
	Before []string // lower-case words that make a value harmless when they stand right in front of it
}

// Catalogue is all there is to know.
type Catalogue struct {
	Rules  []Rule
	Allows []Allow
}

// Builtin returns the catalogue; it costs nothing, and is shared.
func Builtin() *Catalogue { return &builtin }
