package clock

import (
	"slices"
	"time"
)

// maxKnown bounds the known starts; what comes beyond is ignored.
const maxKnown = 4096

// KnownStarts adds times at which Wolf is known to have started.
func (c *Collector) KnownStarts(starts ...time.Time) {
	for _, t := range starts {
		c.starts = insert(c.starts, t.UnixNano())
	}
}

// insert keeps a sorted list sorted and unique. It makes a new list: views
// share the old one.
func insert(list []int64, v int64) []int64 {
	i, found := slices.BinarySearch(list, v)
	if found || len(list) >= maxKnown {
		return list
	}
	return slices.Insert(slices.Clone(list), i, v)
}
