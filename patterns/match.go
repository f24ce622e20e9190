package patterns

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"wolfdiag/patterns/scan"
)

// Matcher recognises messages. It is safe for concurrent use. Making one
// compiles nothing: each regex compiles when it is first tried.
type Matcher struct {
	patterns  []*Pattern
	states    []matchState
	table     *literalTable
	wordings  *wordingIndex
	scanner   func() *scan.Scanner
	announced func() [][]*Pattern // table as patterns
	automata  []automata
	stats     []matchStat // nil unless WithStats
	now       func() time.Time
}

// matchState is what one pattern needs to be tried.
type matchState struct {
	once    sync.Once
	re      *regexp.Regexp
	where   *regexp.Regexp
	element *regexp.Regexp
	names   []string // of the groups; nil when none is named
	formats uint32   // bits of formatNames; 0 for any
}

type matchStat struct{ tries, matches, nanos atomic.Int64 }

// Stat is what one pattern cost so far.
type Stat struct {
	Pattern *Pattern
	Tries   int64 // times its regex was run
	Matches int64
	Time    time.Duration
}

// Matcher makes a matcher for the enabled patterns. The first of a catalogue
// costs some hundred µs, another one a few.
func (c *Catalogue) Matcher() *Matcher {
	t := c.literalTable()
	m := &Matcher{
		patterns: c.patterns, table: t, wordings: c.rewording(),
		states: make([]matchState, len(c.patterns)), automata: make([]automata, len(c.patterns)),
	}
	m.scanner = sync.OnceValue(func() *scan.Scanner { return scan.New(t.literals) })
	m.announced = sync.OnceValue(m.announcedPatterns)
	return m
}

// WithStats returns a matcher that shares nothing with m but the patterns and
// measures each of them by a clock; see Stats. Measuring costs about 100 ns a
// regex run.
func (m *Matcher) WithStats(now func() time.Time) *Matcher {
	c := *m
	c.now = now
	c.states = make([]matchState, len(m.patterns))
	c.stats = make([]matchStat, len(m.patterns))
	return &c
}

// Stats lists the cost of every pattern that was tried, the most expensive first;
// empty without WithStats.
func (m *Matcher) Stats() []Stat {
	var out []Stat
	for i := range m.stats {
		s := &m.stats[i]
		if n := s.tries.Load(); n > 0 {
			out = append(out, Stat{m.patterns[i], n, s.matches.Load(), time.Duration(s.nanos.Load())})
		}
	}
	slices.SortFunc(out, func(a, b Stat) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), strings.Compare(a.Pattern.ID, b.Pattern.ID))
	})
	return out
}

// Literals lists the strings to scan for, unique, in order of the patterns: a text that
// contains none of them matches no pattern, but for those of Unfiltered. The
// result must not be changed.
func (m *Matcher) Literals() [][]byte { return m.table.literals }

// Announced lists the patterns that the i-th of Literals announces, by id; nil
// when i is no index into Literals. The result must not be changed.
func (m *Matcher) Announced(i int) []*Pattern {
	if i < 0 || i >= len(m.table.literals) {
		return nil
	}
	return m.announced()[i]
}

func (m *Matcher) announcedPatterns() [][]*Pattern {
	flat := make([]*Pattern, len(m.table.flat))
	for i, p := range m.table.flat {
		flat[i] = m.patterns[p]
	}
	out := make([][]*Pattern, len(m.table.literals))
	for i := range out {
		from, to := m.table.starts[i], m.table.starts[i+1]
		out[i] = flat[from:to:to]
	}
	return out
}

// Unfiltered lists the patterns that no literal announces, which every text
// has to be tried for. The built-in catalogue has none.
func (m *Matcher) Unfiltered() []*Pattern {
	out := make([]*Pattern, len(m.table.unfiltered))
	for i, p := range m.table.unfiltered {
		out[i] = m.patterns[p]
	}
	return out
}

// Candidates appends to dst the indexes of the patterns that a text with these
// literals may match, sorted and unique, those of Unfiltered included. Hits
// that are no index into Literals are ignored, so that a scanner may look for
// more than the matcher's literals.
func (m *Matcher) Candidates(dst []uint16, hits []uint16) []uint16 {
	from := len(dst)
	dst = append(dst, m.table.unfiltered...)
	for _, h := range hits {
		dst = append(dst, m.table.of(int(h))...)
	}
	slices.Sort(dst[from:])
	return dst[:from+len(slices.Compact(dst[from:]))]
}

// scratch is reused between calls of Match.
type scratch struct {
	hits, cands []uint16
	joined      []byte
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}

// Match appends to dst the patterns that recognise s, by id. hits are the
// indexes into Literals of what was found in the line, or a superset; nil lets
// Match look for them in s.Text. The captures alias s.Text, or a copy of it when
// it is in another language than the patterns.
func (m *Matcher) Match(dst []Match, s *Subject, hits []uint16) []Match {
	return m.match(dst, s, hits, true)
}

// Recognise is Match without captures, which is faster.
func (m *Matcher) Recognise(dst []Match, s *Subject, hits []uint16) []Match {
	return m.match(dst, s, hits, false)
}

func (m *Matcher) match(dst []Match, s *Subject, hits []uint16, capture bool) []Match {
	sc := scratchPool.Get().(*scratch)
	if text := m.wordings.english(s.Text); !sameText(text, s.Text) {
		e := *s
		e.Text = text
		s, hits = &e, nil
	}
	if hits == nil {
		sc.hits = m.scanner().Find(sc.hits[:0], s.Text)
		hits = sc.hits
	}
	sc.cands = m.Candidates(sc.cands[:0], hits)
	if len(sc.cands) > 0 {
		text := string(s.Text)
		for _, i := range sc.cands {
			if m.patterns[i].need.in(text) {
				dst = m.try(dst, int(i), s, sc, capture)
			}
		}
	}
	scratchPool.Put(sc)
	return dst
}

// All is Match without any shortcut: it tries every pattern.
func (m *Matcher) All(dst []Match, s *Subject) []Match {
	var sc scratch
	e := *s
	e.Text = m.wordings.english(s.Text)
	for i := range m.patterns {
		dst = m.try(dst, i, &e, &sc, true)
	}
	return dst
}

// state returns the compiled form of pattern i.
func (m *Matcher) state(i int) *matchState {
	st := &m.states[i]
	st.once.Do(func() { st.compile(m.patterns[i]) })
	return st
}

// compile never fails on a validated catalogue; a pattern that does not
// compile all the same matches nothing.
func (st *matchState) compile(p *Pattern) {
	re, err := compile(p.Regex)
	if err != nil {
		return
	}
	if p.Where != "" {
		if st.where, err = regexp.Compile(p.Where); err != nil {
			return
		}
	}
	if p.Element != "" {
		if st.element, err = regexp.Compile(p.Element); err != nil {
			return
		}
	}
	for _, f := range p.Formats {
		st.formats |= formatBit(f)
	}
	if names := re.SubexpNames(); slices.ContainsFunc(names, func(n string) bool { return n != "" }) {
		st.names = names
	}
	st.re = re
}

// formatBit is the bit of a format's name; a name that is unknown shares one
// bit that no pattern can ask for.
func formatBit(name string) uint32 {
	for i, f := range formatNames {
		if f == name {
			return 1 << i
		}
	}
	return 1 << 31
}

// Captures returns the captures of one pattern in s, nil when it does not match
// or captures nothing.
func (m *Matcher) Captures(p *Pattern, s *Subject) []Capture {
	if p.Index < 0 || p.Index >= len(m.patterns) || m.patterns[p.Index] != p {
		return nil
	}
	if m.state(p.Index).names == nil {
		return nil
	}
	var sc scratch
	e := *s
	e.Text = m.wordings.english(s.Text)
	if found := m.try(nil, p.Index, &e, &sc, true); len(found) > 0 {
		return found[0].Captures
	}
	return nil
}

// HasCapture reports whether a pattern has a group of a name: there is no need to
// run it again for a capture that it does not have.
func (m *Matcher) HasCapture(p *Pattern, name string) bool {
	return slices.Contains(m.state(p.Index).names, name)
}

// Foreign reports whether a text may have to be put into the words of the
// patterns first, see Wording: the literals of a pattern need not stand in it.
func (m *Matcher) Foreign(text []byte) bool { return m.wordings.may(text) }

// Settled reports whether patterns see a text, and all that differ from it in
// digits only, as it stands.
func (m *Matcher) Settled(text []byte) bool { return m.wordings.settled(text) }

// English returns a text as patterns see it: with wordings of other languages
// replaced. It is the text itself when there are none.
func (m *Matcher) English(text []byte) []byte { return m.wordings.english(text) }

// LineOf returns the number, from 0, of the line of a record of several in which
// the match of a pattern begins; 0 when it does not match.
func (m *Matcher) LineOf(p *Pattern, s *Subject) int {
	st := m.state(p.Index)
	if st.re == nil {
		return 0
	}
	text := m.wordings.english(s.Text)
	loc := st.re.FindIndex(text)
	if loc == nil {
		return 0
	}
	return bytes.Count(text[:loc[0]], []byte{'\n'})
}

// A Place is where a capture stands in a text: text[From:To].
type Place struct {
	Name     string
	From, To int
}

// Places is Captures for texts that are like s.Text but for digits: it returns
// where the captures of a pattern that is DigitInvariant stand in all of them. It
// is never nil.
func (m *Matcher) Places(p *Pattern, s *Subject) []Place {
	places := []Place{}
	st := m.state(p.Index)
	if st.re == nil || st.names == nil {
		return places
	}
	loc := st.re.FindSubmatchIndex(s.Text)
	for i := 0; 2*i < len(loc); i++ {
		if name := st.names[i]; name != "" && loc[2*i] >= 0 {
			places = append(places, Place{name, loc[2*i], loc[2*i+1]})
		}
	}
	return places
}

// DigitInvariant reports whether the i-th pattern behaves the same on subjects that
// differ only in the values of digits, of text, component, function and element
// alike.
func (m *Matcher) DigitInvariant(i int) bool {
	p := m.patterns[i]
	return p.invariant && m.PlaceInvariant(i)
}

// PlaceInvariant is DigitInvariant for Where and Element.
func (m *Matcher) PlaceInvariant(i int) bool {
	p := m.patterns[i]
	return (p.Where == "" || digitInvariant(p.Where)) && (p.Element == "" || digitInvariant(p.Element))
}

// MayMatch reports false when neither a text nor any other that differs from it
// in the values of its digits and of the characters of its hex words matches the
// i-th pattern, by the strings that its regex asks for. It compiles nothing.
func (m *Matcher) MayMatch(i int, text []byte, words []Span) bool {
	return m.patterns[i].need.may(text, words)
}

// Placed reports whether a message comes from where the i-th pattern wants it,
// by Formats, Where and Element.
func (m *Matcher) Placed(i int, s *Subject) bool {
	st := m.state(i)
	if st.re == nil || st.formats != 0 && st.formats&formatBit(s.Format) == 0 {
		return false
	}
	var sc scratch
	return st.placed(s, &sc)
}

func (m *Matcher) try(dst []Match, i int, s *Subject, sc *scratch, capture bool) []Match {
	st := m.state(i)
	if st.re == nil || st.formats != 0 && st.formats&formatBit(s.Format) == 0 {
		return dst
	}
	var start time.Time
	if m.stats != nil {
		start = m.now()
	}
	n := len(dst)
	if st.names == nil || !capture {
		if st.re.Match(s.Text) && st.placed(s, sc) {
			dst = append(dst, Match{Pattern: m.patterns[i]})
		}
	} else if loc := st.re.FindSubmatchIndex(s.Text); loc != nil && st.placed(s, sc) {
		dst = append(dst, Match{Pattern: m.patterns[i], Captures: captures(st.names, loc, s.Text)})
	}
	if m.stats != nil {
		stat := &m.stats[i]
		stat.tries.Add(1)
		stat.matches.Add(int64(len(dst) - n))
		stat.nanos.Add(int64(m.now().Sub(start)))
	}
	return dst
}

// placed reports whether the message comes from where the pattern wants it.
func (st *matchState) placed(s *Subject, sc *scratch) bool {
	if st.where != nil && !st.where.Match(s.Component) && !st.where.Match(s.Function) {
		if len(s.Component) == 0 || len(s.Function) == 0 {
			return false
		}
		sc.joined = append(append(append(sc.joined[:0], s.Component...), ' '), s.Function...)
		if !st.where.Match(sc.joined) {
			return false
		}
	}
	return st.element == nil || st.element.Match(s.Element)
}

// captures lists the named groups that took part in the match, in the order
// of the regex.
func captures(names []string, loc []int, text []byte) []Capture {
	n := 0
	for i, name := range names {
		if name != "" && loc[2*i] >= 0 {
			n++
		}
	}
	out := make([]Capture, 0, n)
	for i, name := range names {
		if name != "" && loc[2*i] >= 0 {
			out = append(out, Capture{name, text[loc[2*i]:loc[2*i+1]:loc[2*i+1]]})
		}
	}
	return out
}

// Capture returns the value of a named capture of the match, nil when there is
// none. Of several groups of one name it is the first that took part.
func (m *Match) Capture(name string) []byte {
	for i := range m.Captures {
		if m.Captures[i].Name == name {
			return m.Captures[i].Value
		}
	}
	return nil
}
