package survey

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
)

// TriageWords are what the counting of complaints looks for, one by one: few, so
// that they fit a rule of an alerter (docs/fleet.md has it). They need not be
// complete: a host is compared with the others.
func TriageWords() []string {
	return []string{"WARN", "ERROR", "FATAL", "error", "Error", "failed", "Failed", "failure", "denied", "refused", "cannot", "Cannot", "unable", "Unable",
		"fatal", "panic", "panicked", "crashed", "killed", "aborted", "terminate", "Xid", "Traceback", "out of memory", "not permitted", "not found", "No such file"}
}

// commonLiterals are those of the catalogue that so many ordinary lines hold that
// asking for them is asking for everything: 38 % of what Wolf prints at TRACE.
// They tell of requests and of pipelines, which other lines tell of too.
var commonLiterals = []string{"[API] Received request: ", "gst_inter_pipe_"}

// levelWords are the names of levels from warnings on.
var levelWords = []string{"WARN", "WARNING", "ERROR", "FATAL", "CRITICAL", "warning", "Warning", "not", "Not"}

// PrefilterWords are what lines must hold that a prefiltered reading is given: a
// literal of the catalogue, or a word of complaint in any of its three spellings.
func PrefilterWords(cat *patterns.Catalogue) []string {
	out := slices.Clone(levelWords)
	for _, l := range cat.Matcher().Literals() {
		if s := strings.TrimSpace(string(l)); s != "" && !slices.Contains(commonLiterals, string(l)) && utf8.ValidString(s) {
			out = append(out, s)
		}
	}
	for _, w := range logline.ComplaintWords() {
		first, n := utf8.DecodeRuneInString(w)
		out = append(out, w, strings.ToUpper(w), string(unicode.ToUpper(first))+w[n:])
	}
	slices.Sort(out)
	return slices.Compact(out)
}
