//go:build unix

package files

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/follow/filestest"
)

// BenchmarkDelivery measures from the write of a line to its delivery, in a file
// that grows every 15 ms or so: once with the library following it, once with
// our own reader alone. cpu-ms is the processor time of a second.
func BenchmarkDelivery(b *testing.B) {
	for _, alone := range []bool{false, true} {
		b.Run(map[bool]string{false: "library", true: "own"}[alone], func(b *testing.B) {
			name := filestest.LogName(b)
			w := filestest.OpenWriter(b, name)
			r := readPath(b, name, func(r *Path) { r.Alone, r.Clock = alone, clock.System{} })
			w.Lines(1)
			r.wait(1)
			var delays []time.Duration
			began, cpu := time.Now(), processorTime()
			for b.Loop() {
				<-time.After(time.Duration(10+w.Next%11) * time.Millisecond)
				at := time.Now()
				w.Lines(1)
				r.wait(w.Next)
				delays = append(delays, time.Since(at))
			}
			used := processorTime() - cpu
			slices.Sort(delays)
			ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
			b.ReportMetric(ms(delays[len(delays)/2]), "p50-ms")
			b.ReportMetric(ms(delays[len(delays)*99/100]), "p99-ms")
			b.ReportMetric(ms(used)/time.Since(began).Seconds(), "cpu-ms/s")
			r.stop()
			r.check(w.Next)
		})
	}
}

// processorTime is what the process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
