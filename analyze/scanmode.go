package analyze

// pace decides how lines are gone through: by form, where most lines are of
// known ones, or by scanning the block for literals, where they are not. The
// outcome is the same.
type pace struct {
	seen   int64 // lines
	asked  int   // of the block at hand, when it is gone through by form
	missed int
	scan   int // blocks to be scanned before forms are tried again
	from   int64
	spent  int64 // on preparing forms whose digits matter, in lines
}

const (
	formsFrom  = 2_000 // lines after which forms are worth their memory
	scanBlocks = 15

	digitsLines = 500       // lines that pay for preparing one form whose digits matter
	digitsDebt  = 256 * 500 // what may be spent before these lines have come
)

// afford reports whether another form may be prepared. A log of ever new forms
// must not make that the work.
func (p *pace) afford() bool {
	if p.spent > p.seen+digitsDebt {
		return false
	}
	p.spent += digitsLines
	return true
}

func (p *pace) byForm(unfiltered bool) bool {
	if unfiltered || p.seen < p.from {
		return false
	}
	if p.scan > 0 {
		p.scan--
		p.asked, p.missed = 0, 0
		return false
	}
	if p.missed*5 > p.asked*3 && p.asked > 100 {
		p.scan = scanBlocks
	}
	p.asked, p.missed = 0, 0
	return p.scan == 0
}

func (p *pace) lines(n int64) { p.seen += n }
