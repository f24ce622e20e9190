package recognise

// scanMode decides how lines are gone through: by the line cache, where most
// lines are known ones, or by scanning the block for literals, where they are
// not. The outcome is the same.
type scanMode struct {
	seen   int64 // lines
	first  int64 // line of the block at hand
	asked  int   // of the line cache, in the block at hand
	missed int
	scan   int   // blocks to be scanned before the line cache is tried again
	from   int64 // lines of the log after which the line cache is used
	spent  int64 // on preparing lines whose digits matter, in lines
}

const (
	cacheFrom  = 500 // lines after which the line cache is worth its memory
	scanBlocks = 15

	digitsLines = 500       // lines that pay for preparing one whose digits matter
	digitsDebt  = 256 * 500 // what may be spent before these lines have come
)

// early reports whether too few lines have come for the line cache, to this worker and
// to others before.
func (m *scanMode) early() bool { return m.seen < m.from && m.first <= m.from }

// afford reports whether another line whose digits matter may be prepared. A
// log of ever new lines must not make that the work.
func (m *scanMode) afford() bool {
	if m.spent > m.seen+digitsDebt {
		return false
	}
	m.spent += digitsLines
	return true
}

// cached reports whether the next block goes by the line cache.
func (m *scanMode) cached(unfiltered bool) bool {
	if unfiltered || m.early() {
		return false
	}
	if m.scan > 0 {
		m.scan--
		m.asked, m.missed = 0, 0
		return false
	}
	if m.missed*5 > m.asked*3 && m.asked > 100 {
		m.scan = scanBlocks
	}
	m.asked, m.missed = 0, 0
	return m.scan == 0
}

// passed notes that n lines have been gone through.
func (m *scanMode) passed(n int64) { m.seen += n }
