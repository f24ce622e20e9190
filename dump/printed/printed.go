// Package printed reads stack traces as programs print them: out of logs, pastes
// and saved texts. A table of small parsers, one a form, recognises the lines;
// what stands around them (program, signal, message, thread) is kept as notes.
package printed

import (
	"regexp"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

// Limits on printed traces; longer ones are cut and say so.
const (
	maxFrames = 1000
	maxLine   = 1 << 14
)

// Parse reads the trace of the crash in text (lines joined by \n), in any form of
// Forms, coloured or not, behind the prefixes of logs, and returns false when
// there is none. Of several threads it takes the one that crashed and keeps the
// others in Threads; of several crashes it takes the first and says so. Memory is
// bounded by the text. Safe for concurrent use.
func Parse(text string) (trace.Trace, bool) {
	all := ParseAll(text)
	if len(all) == 0 {
		return trace.Trace{}, false
	}
	t := all[0]
	for i := range all {
		// What was reported and survived is not the crash.
		if len(all[i].Frames) > 1 {
			t = all[i]
			break
		}
	}
	if len(all) > 1 {
		t.Warn("the text holds %d traces; this is the first whole one", len(all))
	}
	return t, true
}

// ParseAll returns every crash in text, in order, each with its other threads;
// nil when there is none.
func ParseAll(text string) []trace.Trace { return parseAll(text, false) }

// parseAll is ParseAll; plain: no line is passed over at a look.
func parseAll(text string, plain bool) []trace.Trace {
	if !strings.ContainsAny(text, "#:[@") {
		return nil
	}
	s := streams{plain: plain}
	for line := range strings.Lines(withoutEscapes(text)) {
		line = strings.TrimRight(line, "\r\n")
		if len(line) > maxLine {
			line = line[:maxLine]
		}
		s.line(line)
	}
	return s.traces()
}

// Forms lists the names that Trace.Format can have, in the order in which the
// parsers are tried.
func Forms() []string {
	out := make([]string, 0, len(forms()))
	for _, f := range forms() {
		out = append(out, f.name)
	}
	return out
}

// raises are the functions in which a thread that ends its process is found.
var raises = map[string]bool{
	"raise": true, "__GI_raise": true, "abort": true, "__GI_abort": true, "gsignal": true, "pthread_kill": true, "__pthread_kill": true,
	"__pthread_kill_implementation": true, "__pthread_kill_internal": true, "__GI___pthread_kill": true, "tgkill": true,
}

// sgr matches terminal escape sequences.
var sgr = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\x1b(?:\\[[0-9;:?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[@-Z\\\\^_])")
})

func withoutEscapes(text string) string {
	if strings.IndexByte(text, 0x1b) >= 0 {
		text = sgr().ReplaceAllString(text, "")
	}
	if strings.Contains(text, "[0m") {
		text = withoutColours(text)
	}
	return text
}

// lostEscapes are what stands in a colour where the escape byte was written out:
// by cat -v, by printers of JSON and C, by rsyslog.
var lostEscapes = []string{"^[", `\x1b`, `\x1B`, `\u001b`, `\u001B`, `\033`, `\e`, "#033"}

// withoutColours takes off colours whose escape byte was lost on the way or written out:
//
//	#1 [34m0x000055aa2fafc61b[0m in …     copied out of a browser
//	#1 ^[[34m0x000055aa2fafc61b^[[0m in … cat -v
func withoutColours(text string) string {
	var b strings.Builder
	from := 0 // what comes before is done with
	for at := 0; ; at++ {
		i := strings.IndexByte(text[at:], '[')
		if i < 0 {
			b.WriteString(text[from:])
			return b.String()
		}
		at += i
		n := colour(text[at:])
		if n == 0 {
			continue
		}
		before := text[from:at]
		for _, e := range lostEscapes {
			if rest, ok := strings.CutSuffix(before, e); ok {
				before = rest
				break
			}
		}
		b.WriteString(before)
		from = at + n
		at = from - 1
	}
}

// colour is how long a colour without its escape byte is, "[1;34m"; 0: it is none.
func colour(s string) int {
	n := 1
	for first := true; ; first = false {
		k := digits(s[n:min(n+3, len(s))])
		n += k
		switch {
		case n == len(s), k == 0 && !first:
			return 0
		case s[n] == 'm':
			return n + 1
		case s[n] != ';':
			return 0
		}
		n++
	}
}
