// Package recognise finds in blocks of a log the records that matter and the
// patterns that recognise them.
//
// A Recogniser is made once; each goroutine has a Worker of its own, whose
// Block turns a block of whole lines into a Batch of hits. A line goes one of
// three ways: it holds nothing of interest and is done with; it is of a known
// line (line cache), and is neither parsed nor matched again; or it is parsed
// and matched (slow path), by regex or from the match cache. The way makes no
// difference to what comes out.
package recognise

import (
	"cmp"
	"sync"
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/patterns"
	"wolfdiag/patterns/scan"
)

// Complaint is the least level of a record that is a complaint whatever it
// says.
const Complaint = logline.LevelWarning

const (
	sampleLines = 32       // one line in so many has its clock read
	sampleAll   = 512      // and all of the first: an input's first date anchors the rest
	maxRecLines = 400      // physical lines of one record
	maxRecBytes = 32 << 10 // bytes of one record; less than source's look-ahead
)

// Sampled reports whether a line is looked at whatever it says.
func Sampled(line int64) bool { return line%sampleLines == 0 || line <= sampleAll }

// Options of a Recogniser.
type Options struct {
	// Windowed: the time of every record matters, none may be counted only.
	Windowed bool
	// JustStarted: of GStreamer's lines whose clock stands below it none may be
	// counted only, for one may be all that shows a start.
	JustStarted time.Duration
	// Proves reports whether the name of a GStreamer element shows by its number how
	// many sessions there were: lines of others are not counted with it. nil: none does.
	Proves func(element []byte) bool
	// Judged: each complaint is looked at by itself, none may be counted only.
	Judged bool
	// Watched patterns, by index: others' meaning depends on where they match,
	// so that no match may be counted only. nil: none.
	Watched []bool
	// CacheFrom is the number of lines of a log after which the line cache is used:
	// earlier it is not worth its memory. 0: 500; below: at once.
	CacheFrom int64
	// NoSpeaker: who says a message makes no difference. To measure what that brings.
	NoSpeaker bool
}

// Recogniser is what all workers share: the matcher, a scanner that looks for
// the matcher's literals and a few marks of the transports, and what was learnt
// of lines and messages. It is safe for concurrent use.
type Recogniser struct {
	opts          Options
	matcher       *patterns.Matcher
	patterns      []*patterns.Pattern // by Index
	scanner       *scan.Scanner
	literals      int                    // those below are the matcher's, the others marks
	sensitive     []bool                 // by literal: a pattern it announces looks at digits
	unfiltered    bool                   // some pattern has no literal: every line is a candidate
	invariant     []bool                 // by pattern: digits make no difference to it
	digitLiterals func() *maskedLiterals // literals that digits may bring about
	hexLiterals   func() *maskedLiterals // and hex words
	learnt        lineStore
	matched       matchCache
}

// marks make a line a candidate whose message no literal can be found in as
// it stands: journald's byte arrays, and lines that a transport cut in two.
var marks = []string{`"MESSAGE":[`, `"MESSAGE" : [`, `"MESSAGE": [`, `"MESSAGE" :[`, ` stdout P `, ` stderr P `}

// New prepares the recognition of a matcher's patterns, all of them by Index.
func New(m *patterns.Matcher, all []*patterns.Pattern, o Options) *Recogniser {
	lits := m.Literals()
	o.CacheFrom = cmp.Or(o.CacheFrom, cacheFrom)
	r := &Recogniser{opts: o, matcher: m, patterns: all, literals: len(lits), sensitive: make([]bool, len(lits)), unfiltered: len(m.Unfiltered()) > 0}
	sought := append(make([][]byte, 0, len(lits)+len(marks)), lits...)
	for _, mark := range marks {
		sought = append(sought, []byte(mark))
	}
	r.scanner = scan.New(sought)
	r.invariant = make([]bool, len(all))
	for i := range all {
		r.invariant[i] = m.DigitInvariant(i)
	}
	r.digitLiterals = sync.OnceValue(func() *maskedLiterals { return newMaskedLiterals(lits, false) })
	r.hexLiterals = sync.OnceValue(func() *maskedLiterals { return newMaskedLiterals(lits, true) })
	var cands []uint16
	for i := range lits {
		cands = m.Candidates(cands[:0], []uint16{uint16(i)})
		for _, p := range cands {
			if !all[p].DigitInvariant() {
				r.sensitive[i] = true
			}
		}
	}
	return r
}

// digitsMatter reports whether a pattern that the literals announce tells
// messages apart by their digits.
func (r *Recogniser) digitsMatter(lits []uint16) bool {
	for _, l := range lits {
		if int(l) >= r.literals || r.sensitive[l] {
			return true
		}
	}
	return r.unfiltered
}

// hidden reports whether the literals found in a line hold a mark: the line
// hides its message.
func (r *Recogniser) hidden(lits []uint16) bool {
	n := len(lits)
	return n > 0 && int(lits[n-1]) >= r.literals
}
