package recognise

import (
	"bytes"
	"sync"
	"sync/atomic"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/mine"
	"wolfdiag/patterns"
)

// cachedLine is what is known about all lines that are the same but for the
// values of their digits, for their hex words and for the address of
// GStreamer's thread: where their parts stand, and which patterns recognise
// them. A server writes a few hundred such lines a million times; a line that
// is known is neither searched, nor parsed, nor matched again. All workers share
// it; what is not atomic does not change once it is in the lineStore.
type cachedLine struct {
	key    []byte          // the line with its digits and hex words masked
	words  []patterns.Span // hex words of the message
	marks  int             // characters of hex words that are masked in key
	known  bool            // its lines need not take the slow path
	laid   bool            // its layout is known, and its lines are no parts of others
	tells  []patterns.Span // its lines are of several kinds, by what stands there: see told
	layout logline.Layout
	// invariant are the patterns that match whatever the digits are; those in
	// dependent depend on them, and digits decides which match.
	invariant []uint16
	dependent []uint16
	template  uint64 // see Hit.TemplateKey
	varies    bool   // hex words decide what the miner takes for variable: each line has its own template key
	named     bool   // component or function hold digits: template holds for those of sample only
	lines     int64  // of a record of several, else 0; see whole
	quiet     bool   // those behind the first begin no record
	element   bool   // its element's number shows sessions
	mute      bool   // none of its lines tells of an end or a next try
	sample    []byte
	said      said

	uses     atomic.Int32
	preparer sync.Mutex              // held while digits is made
	digits   atomic.Pointer[decider] // nil as long as it is too early for one
	grower   sync.Mutex              // held while outcomes or kinds grow
	outcomes atomic.Pointer[[]*outcome]
	kinds    atomic.Pointer[[]*cachedLine] // where tells is true
}

// decider decides which dependent patterns match; nil inside: their lines take
// the slow path.
type decider struct{ *patterns.Digits }

// has reports whether a line has the cached line's key. Where the mark of hex words
// stands in a line itself, its key holds more of them than were masked.
func (c *cachedLine) has(k *lineKey) bool { return c.marks == k.marks && bytes.Equal(c.key, k.text()) }

// size is about how many bytes a cached line takes.
func (c *cachedLine) size() int {
	n := 400 + len(c.key) + len(c.sample) + 2*len(c.dependent) + 16*len(c.words)
	if d := c.digits.Load(); d != nil && d.Digits != nil {
		n += d.Size()
	}
	if kinds := c.kinds.Load(); kinds != nil {
		for _, k := range *kinds {
			n += k.size()
		}
	}
	return n
}

// outcome is one result of a cached line.
type outcome struct {
	at        int    // in the line's outcomes
	mask      uint64 // of the dependent patterns that match
	match     *Match
	event     bool    // it is one of a lifetime
	whoAt     []int32 // see teller
	countOnly bool    // it is tallied block by block
	tallied   bool    // see mayBeTallied
	sampled   bool    // of its lines, those that are sampled are not tallied
}

// maxOutcomes bounds the outcomes of a line; more of them take the slow path.
const maxOutcomes = 64

// lineStore is the cached lines that workers have made, for all of them. A shard
// that is full is emptied; a worker keeps those that it uses.
type lineStore struct {
	shards [cacheShards]lineShard
	once   [onceSlots]atomic.Uint32 // filter: hashes seen once; only what comes again is worth keeping
}

const onceSlots = 8192

// again reports whether a key has been seen before, as far as that is remembered.
func (s *lineStore) again(h uint64) bool {
	tag := uint32(h >> 32)
	return s.once[h>>11%onceSlots].Swap(tag) == tag
}

type lineShard struct {
	mu    sync.Mutex
	m     map[uint64]*cachedLine
	bytes int
}

const maxStoreBytes = 4 << 20 / cacheShards

// get returns the line of a key, nil when there is none.
func (s *lineStore) get(h uint64, k *lineKey) *cachedLine {
	d := &s.shards[h%cacheShards]
	d.mu.Lock()
	c := d.m[h]
	d.mu.Unlock()
	if c != nil && c.has(k) {
		return c
	}
	return nil
}

// put keeps a line, and returns the one to be used: another worker may have been
// first.
func (s *lineStore) put(h uint64, c *cachedLine) *cachedLine {
	d := &s.shards[h%cacheShards]
	d.mu.Lock()
	defer d.mu.Unlock()
	if was := d.m[h]; was != nil && was.marks == c.marks && bytes.Equal(was.key, c.key) {
		return was
	}
	if d.m == nil || d.bytes > maxStoreBytes {
		d.m, d.bytes = map[uint64]*cachedLine{}, 0
	}
	d.m[h] = c
	d.bytes += c.size()
	return c
}

// grown notes that a line takes more bytes than before.
func (s *lineStore) grown(h uint64, bytes int) {
	d := &s.shards[h%cacheShards]
	d.mu.Lock()
	d.bytes += bytes
	d.mu.Unlock()
}

// wordsIn notes where the hex words stand in the message. Those that stand elsewhere
// in the line it returns.
func (c *cachedLine) wordsIn(words []patterns.Span, line []byte) (elsewhere []patterns.Span) {
	from, to := c.layout.TextAt()
	for _, s := range words {
		if s.From < from || s.To > to {
			elsewhere = append(elsewhere, s)
			continue
		}
		c.words = append(c.words, patterns.Span{From: s.From - from, To: s.To - from})
		c.varies = c.varies || !mine.MasksHex(line[from:to], s.From-from)
	}
	return elsewhere
}

// threadIn reports whether what looks like the thread in a line is that: else other
// lines of the key differ in more than digits.
func (c *cachedLine) threadIn(line []byte) bool {
	from, to := logline.ThreadAt(line, 0)
	a, b := c.layout.Thread()
	return to == 0 || a <= from && to <= b
}

// span is how many lines a record of the cached line has.
func (c *cachedLine) span() int64 { return max(c.lines, 1) }

// templateVaries reports whether a line has another template key than the
// cached line's sample.
func (c *cachedLine) templateVaries(line []byte) bool {
	l := &c.layout
	return c.varies || c.named && (!bytes.Equal(l.Component(line), l.Component(c.sample)) || !bytes.Equal(l.Function(line), l.Function(c.sample)))
}

// usedLine is a cached line with a worker's own tallies of it.
type usedLine struct {
	*cachedLine
	hash    uint64
	tallies [][]teller  // by outcome
	told    []*usedLine // of its kinds
}

// lineCache holds the lines that a worker uses. It is set-associative and
// bounded by construction: a new line takes the last place of its set, and each
// use moves a line up by one. When the lines together take too many bytes it is
// emptied.
type lineCache struct {
	slots []*usedLine
	tags  []uint32
	bytes int
	key   lineKey // of the line at hand
}

const (
	cacheSets     = 1024
	cacheWays     = 4
	maxCacheBytes = 3 << 20
)

// find looks up the line whose key is being made. A line that only others have
// seen it takes from the store. When it is not known at all, again tells that its
// key has been seen before.
func (c *lineCache) find(line []byte, store *lineStore) (known *usedLine, again bool) {
	if c.slots == nil {
		c.slots = make([]*usedLine, cacheSets*cacheWays)
		c.tags = make([]uint32, cacheSets*cacheWays)
	}
	k := &c.key
	k.maskPrefixed()
	h := k.hash()
	if known = c.get(h); known != nil {
		return known, true
	}
	if k.maskAll(line) {
		h = k.hash()
		if known = c.get(h); known != nil {
			return known, true
		}
	}
	if l := store.get(h, k); l != nil {
		return c.put(h, l), true
	}
	return nil, store.again(h)
}

// get returns the line with the key at hand, nil when it is not kept.
func (c *lineCache) get(h uint64) *usedLine {
	at := h % cacheSets * cacheWays
	tag := uint32(h >> 32)
	for i := at; i < at+cacheWays; i++ {
		l := c.slots[i]
		if c.tags[i] != tag || l == nil || !l.has(&c.key) {
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

// put keeps a line under the hash of the key at hand.
func (c *lineCache) put(h uint64, l *cachedLine) *usedLine {
	if c.bytes > maxCacheBytes {
		clear(c.slots)
		c.bytes = 0
	}
	at := h % cacheSets * cacheWays
	last := at + cacheWays - 1
	for last > at && c.slots[last-1] == nil {
		last--
	}
	if old := c.slots[last]; old != nil {
		c.bytes -= min(c.bytes, old.size())
	}
	u := &usedLine{cachedLine: l, hash: h}
	c.slots[last], c.tags[last] = u, uint32(h>>32)
	c.bytes += l.size()
	return u
}
