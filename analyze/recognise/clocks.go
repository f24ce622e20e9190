package recognise

import "wolfdiag/analyze/logline"

// clocks are what a line shows of time and process.
type clocks struct {
	outer, inner logline.Stamp
	pid          int
}

// read reads the clocks of a known line. It reports false when that has to take the slow
// path.
func (now *clocks) read(c *cachedLine, line []byte) (ok bool) {
	now.outer, now.inner, now.pid, ok = c.layout.Clocks(line)
	return ok
}
