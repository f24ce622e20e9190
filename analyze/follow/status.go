package follow

import (
	"bytes"
	"fmt"
	"maps"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/report"
)

// Status is what is going on.
type Status struct {
	Lines    int64
	CaughtUp bool    // what was there at the start has been read, of all files named then
	Rate     float64 // lines a second, of late
	Sources  int
	Open     int // incidents
	Lifetime *report.Lifetime
	GPU      *event.GPU
	Files    []FileStatus   // as they came
	Report   *report.Report // the last one; nil before the first. Not to be changed
}

// FileStatus is what has become of a source so far.
type FileStatus struct {
	account.File                          // what its reader says; of a stream, only Lines and Bytes
	GapsBy       map[account.Reason]int64 // gaps that were emitted, by reason
}

// count notes a gap that was emitted.
func (s *origin) count(g *account.Gap) {
	if s.gaps == nil {
		s.gaps = map[account.Reason]int64{}
	}
	s.gaps[g.Reason]++
}

func (f *Follower) emitStatus() {
	if f.o.Status != nil {
		f.o.Status(f.status())
	}
}

// Status is what had become of all when Run had returned; not before.
func (f *Follower) Status() Status { return f.status() }

func (f *Follower) status() Status {
	s := Status{Lines: f.lines, CaughtUp: len(f.behind) == 0, Rate: f.rate.value, Open: f.tracker.Open(), GPU: f.gpu.State()}
	for _, src := range f.sources {
		if !src.ended && !src.gpu {
			s.Sources++
		}
		if !src.gpu {
			s.Files = append(s.Files, src.status())
		}
	}
	s.Report = f.report
	if f.report != nil && len(f.report.Lifetimes) > 0 {
		l := f.report.Lifetimes[len(f.report.Lifetimes)-1]
		s.Lifetime = &l
	}
	return s
}

func (s *origin) status() FileStatus {
	out := FileStatus{File: s.live.Get(), GapsBy: maps.Clone(s.gaps)}
	out.Name, out.Lines, out.Bytes = s.name, s.lines, s.bytes
	return out
}

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

func counted(n int64, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}
