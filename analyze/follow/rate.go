package follow

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// rate is a moving average of lines a second.
type rate struct {
	value float64
	count int64
	since time.Time
}

func (r *rate) add(n int64) { r.count += n }

// tick takes a second or so into the average; older ones fade.
func (r *rate) tick(now time.Time) {
	if d := now.Sub(r.since).Seconds(); !r.since.IsZero() && d > 0 {
		r.value += 0.4 * (float64(r.count)/d - r.value)
	}
	r.count, r.since = 0, now
}

// countLines counts lines; a last one without newline counts.
func countLines(b []byte) int64 {
	n := int64(bytes.Count(b, []byte{'\n'}))
	if len(b) > 0 && b[len(b)-1] != '\n' {
		n++
	}
	return n
}

// String tells what a reader should know about a source; "" when all went
// without incident.
func (s FileStats) String() string {
	var parts []string
	add := func(n int64, one, many string) {
		if n > 0 {
			parts = append(parts, counted(n, one, many))
		}
	}
	add(int64(s.Rotations), "rotation", "rotations")
	add(int64(s.Truncations), "truncation", "truncations")
	add(int64(s.Restarts), "restart of a silent reader", "restarts of a silent reader")
	add(int64(s.Torn), "line taken without its end", "lines taken without their end")
	add(s.Cut, "line cut at 1 MiB", "lines cut at 1 MiB")
	add(s.Skipped, "byte of them skipped", "bytes of them skipped")
	add(s.Unread, "byte not read before the end", "bytes not read before the end")
	add(int64(s.Problems), "problem", "problems")
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %s, %s", s.Name, counted(s.Lines, "line", "lines"), strings.Join(parts, ", "))
}

func counted(n int64, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}
