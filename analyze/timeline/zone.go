package timeline

import "time"

// Zone returns the offset of local clocks from UTC (local − UTC) that the
// lines of the log show best: the one found from neighbouring lines with the
// most votes. It is false when a zone was given instead (Options.Zone), when
// nothing shows one, and when two show equally well. Cost: one pass over the
// streams.
func (t *Timeline) Zone() (offset time.Duration, ok bool) {
	if t == nil || t.view == nil || t.view.zone != nil {
		return 0, false
	}
	votes := map[int64]int64{}
	for _, s := range t.view.byID {
		if z, known := zoneAt(s.zones, s.localLine); known {
			for _, r := range s.zones {
				if r.offset == z {
					votes[z] += r.votes
				}
			}
		}
	}
	var best, count int64
	for z, n := range votes {
		switch {
		case n > count:
			best, count, ok = z, n, true
		case n == count:
			ok = false
		}
	}
	if !ok {
		return 0, false
	}
	return time.Duration(best), true
}
