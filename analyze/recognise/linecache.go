package recognise

import (
	"bytes"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/mine"
	"wolfdiag/patterns"
)

// cachedLine is what is known about all lines that are the same but for the
// values of their digits, for their hex words and for the address of
// GStreamer's thread: where their parts stand, and which patterns recognise
// them. A server writes a few hundred such lines a million times; a line that
// is known is neither searched, nor parsed, nor matched again.
type cachedLine struct {
	key    []byte          // the line with its digits and hex words masked
	words  []patterns.Span // hex words of the message
	hexed  bool            // there are hex words
	state  lineState
	layout logline.Layout
	// invariant are the patterns that match whatever the digits are; those in
	// dependent depend on them, and digits decides which match.
	invariant []uint16
	dependent []uint16
	digits    *patterns.Digits
	template  uint64 // see Hit.TemplateKey
	varies    bool   // hex words decide what the miner takes for variable: each line has its own template key
	named     bool   // component or function hold digits: template holds for those of sample only
	sample    []byte
	said      said
	outcomes  []*outcome
	uses      int
}

type lineState uint8

const (
	lineSlow  lineState = iota // its lines take the slow path
	lineWaits                  // digits matter, and it is too early to prepare for them
	lineReady                  // all is known
)

// outcome is one result of a cached line, with the account of this block's
// lines that need no more than being counted.
type outcome struct {
	mask      uint64 // of the dependent patterns that match
	match     *Match
	countOnly bool

	count       int64
	firstLine   int64
	lastLine    int64
	first, last []byte
}

// maxOutcomes bounds the outcomes of a line; more of them take the slow path.
const maxOutcomes = 64

// wordsIn notes where the hex words stand in the message. It reports false when
// one stands elsewhere in the line.
func (c *cachedLine) wordsIn(words []patterns.Span, line []byte) bool {
	from, to := c.layout.TextAt()
	for _, s := range words {
		if s.From < from || s.To > to {
			return false
		}
		c.words = append(c.words, patterns.Span{From: s.From - from, To: s.To - from})
		c.varies = c.varies || !mine.MasksHex(line[from:to], s.From-from)
	}
	return true
}

// templateVaries reports whether a line has another template key than the
// cached line's sample.
func (c *cachedLine) templateVaries(line []byte) bool {
	l := &c.layout
	return c.varies || c.named && (!bytes.Equal(l.Component(line), l.Component(c.sample)) || !bytes.Equal(l.Function(line), l.Function(c.sample)))
}

// lineCache is a set-associative cache. It is bounded by construction: a new
// line takes the last place of its set, and each use moves a line up by one.
type lineCache struct {
	slots     []*cachedLine
	tags      []uint32
	admission []uint32        // filter: hashes seen once; only what comes again is worth keeping
	key       []byte          // of the line at hand
	words     []patterns.Span // its hex words; none when their characters stand in key
}

const (
	cacheSets      = 1024
	cacheWays      = 4
	admissionSlots = 8192
	maxLineKey     = 1024
	hexSeed        = 0x8ebc6af09c88c6e3 // apart from the hashes of lines without hex words
)

// find looks a line up, first by its digits alone, since most lines have no hex
// words. When it is not kept, again tells that its key has been seen before.
func (c *lineCache) find(line []byte) (known *cachedLine, h uint64, again bool) {
	if c.slots == nil {
		c.slots = make([]*cachedLine, cacheSets*cacheWays)
		c.tags = make([]uint32, cacheSets*cacheWays)
		c.admission = make([]uint32, admissionSlots)
		c.key = make([]byte, maxLineKey+8)
	}
	n := len(line)
	if from, to := logline.ThreadAt(line); to > 0 {
		copy(c.key, line)
		line = c.key[:n]
		for i := range line[from:to] {
			line[from+i] = '0'
		}
	}
	h = maskAndHash(c.key, line)
	if known = c.get(h, n, false); known != nil {
		return known, h, true
	}
	key := c.key[:n]
	if c.words = findHexWords(c.words[:0], key); len(c.words) > 0 {
		if bytes.IndexByte(key, hexMark) >= 0 {
			c.words = c.words[:0]
		} else {
			maskWords(key, c.words)
			h = maskAndHash(c.key, key) ^ hexSeed
			if known = c.get(h, n, true); known != nil {
				return known, h, true
			}
		}
	}
	d := &c.admission[h>>11%admissionSlots]
	tag := uint32(h >> 32)
	again = *d == tag
	*d = tag
	return nil, h, again
}

// get returns the line with the key at hand, of n bytes; nil when it is not kept.
func (c *lineCache) get(h uint64, n int, hexed bool) *cachedLine {
	at := h % cacheSets * cacheWays
	tag := uint32(h >> 32)
	for i := at; i < at+cacheWays; i++ {
		l := c.slots[i]
		if c.tags[i] != tag || l == nil || l.hexed != hexed || !bytes.Equal(l.key, c.key[:n]) {
			continue
		}
		if i > at { // one place up: what is used often stays
			c.slots[i], c.slots[i-1] = c.slots[i-1], c.slots[i]
			c.tags[i], c.tags[i-1] = c.tags[i-1], c.tags[i]
		}
		return l
	}
	return nil
}

// put keeps a new line under the hash that find gave.
func (c *lineCache) put(h uint64, l *cachedLine) {
	at := h % cacheSets * cacheWays
	last := at + cacheWays - 1
	for last > at && c.slots[last-1] == nil {
		last--
	}
	c.slots[last], c.tags[last] = l, uint32(h>>32)
}
