package recognise

import (
	"bytes"
	"sync"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/mine"
	"wolfdiag/analyze/speaker"
	"wolfdiag/patterns"
)

// Match is what is known about all messages that differ only in digits: which
// patterns recognise them. Recognition of such messages is the same by
// construction: when a pattern in question looks at digits, the digits are
// part of the key. Whatever else follows from the key alone belongs here.
type Match struct {
	Patterns []*patterns.Pattern
	Speaker  speaker.Speaker
	key      []byte             // as hashed, to tell collisions apart
	places   [][]patterns.Place // of each pattern's captures, where they are known; nil otherwise
}

// unmatched is the match of all that holds no literal.
var unmatched Match

// matchCache maps message keys to matches. All workers share it, so that a
// message that one has matched costs the others no regex. A shard that is full
// is emptied: a storm of distinct messages costs time, never memory.
type matchCache struct{ shards [cacheShards]matchShard }

type matchShard struct {
	mu    sync.Mutex
	m     map[uint64]*Match
	bytes int
}

const (
	cacheShards   = 16 // by hash, so that workers seldom wait for one another
	maxMatches    = 8_192 / cacheShards
	maxMatchBytes = 2 << 20 / cacheShards
	maxKey        = 4_096 // longer messages are not cached
)

func (c *matchCache) get(h uint64, key []byte) *Match {
	s := &c.shards[h%cacheShards]
	s.mu.Lock()
	m := s.m[h]
	s.mu.Unlock()
	if m != nil && bytes.Equal(m.key, key) {
		return m
	}
	return nil
}

// put keeps a match, which must not be changed afterwards.
func (c *matchCache) put(h uint64, m *Match) {
	s := &c.shards[h%cacheShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil || len(s.m) >= maxMatches || s.bytes > maxMatchBytes {
		s.m = make(map[uint64]*Match, 16)
		s.bytes = 0
	}
	s.m[h] = m
	s.bytes += len(m.key) + 64
}

// appendKey writes the cache key of a record: everything matching looks at,
// with every digit of the text replaced by 0 when digits do not matter.
func appendKey(dst []byte, r *logline.Record, service speaker.Class, text []byte, digitsMatter bool) []byte {
	dst = append(dst, byte(r.Format), byte(r.Level), byte(service))
	dst = append(dst, r.Component...)
	dst = append(dst, 0)
	dst = append(dst, r.Function...)
	dst = append(dst, 0)
	n := len(dst)
	dst = append(dst, r.Element...)
	dst = append(dst, 0)
	dst = append(dst, text...)
	if !digitsMatter {
		maskDigits(dst[n:])
	}
	return dst
}

// templateKey is the same for messages that the miner cannot tell apart. It is
// made in the workers, so that the miner is asked about each once.
func templateKey(buf []byte, level logline.Level, component, text []byte) (uint64, []byte) {
	buf = append(buf[:0], byte(level))
	buf = append(append(buf, component...), 0)
	buf = mine.Mask(buf, text)
	return hash(buf), buf
}
