//go:build unix

package follow

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"wolfdiag/analyze"
	"wolfdiag/analyze/loggen"
	"wolfdiag/analyze/render"

	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/filestest"
)

// BenchmarkDelay measures from the write of a line to the printed incident.
// Each round is a new follower on a log with a history, and a first failure:
// while the log grows, and after it has been quiet.
func BenchmarkDelay(b *testing.B) {
	lines, _, err := loggen.Play(loggen.Scenario{Seed: 1, Cause: "", Lifetimes: 2, Sessions: 20, ExitCode: 11})
	if err != nil {
		b.Fatal(err)
	}
	history := loggen.Wrap(loggen.Compose, lines)
	failure := guideFailure(b)
	for _, bench := range []struct{ name, before string }{{"growing", "06:00:00.000000000 INFO  | all is well\n"}, {"quiet", ""}} {
		b.Run(bench.name, func(b *testing.B) {
			var delays []time.Duration
			for b.Loop() {
				moment := time.Duration(len(delays)*37%179) * time.Millisecond // anywhere in the period of the looks
				delays = append(delays, delay(b, history, bench.before, moment, failure))
			}
			slices.Sort(delays)
			ms := func(q float64) float64 {
				return float64(delays[min(int(q*float64(len(delays))), len(delays)-1)]) / float64(time.Millisecond)
			}
			b.ReportMetric(ms(0.5), "p50-ms")
			b.ReportMetric(ms(0.99), "p99-ms")
		})
	}
}

// guideFailure is one line that begins an incident by itself.
func guideFailure(b *testing.B) string {
	text, err := os.ReadFile("../../testdata/logs/guide-incident.compose.log")
	if err != nil {
		b.Fatal(err)
	}
	for l := range strings.Lines(string(text)) {
		if strings.Contains(l, "CUDA_ERROR_NOT_PERMITTED") {
			return l
		}
	}
	b.Fatal("the guide's log lacks the line")
	return ""
}

// delay writes what comes before, waits a moment, and measures. The log has been
// quiet for a second when nothing comes before.
func delay(b *testing.B, history, before string, moment time.Duration, failure string) time.Duration {
	name := filepath.Join(b.TempDir(), "wolf.log")
	if err := os.WriteFile(name, []byte(history), 0o644); err != nil {
		b.Fatal(err)
	}
	a, err := analyze.New(analyze.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var mu sync.Mutex
	var out strings.Builder
	live := render.NewLive(&out, render.LiveOptions{})
	printed := make(chan time.Time, 1)
	e := newTold()
	f := startWith(b, Options{Paths: []string{name}, From: FromStart, Analyzer: a}, e, func(ev event.Event) {
		if ev.Kind != event.KindIncident {
			return
		}
		mu.Lock()
		live.Incident(ev.Time, ev.Number, ev.Cause)
		mu.Unlock()
		if strings.Contains(ev.Cause.Summary, "CUDA") {
			select {
			case printed <- time.Now():
			default:
			}
		}
	})
	f.lines(b, int64(strings.Count(history, "\n")))
	w, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	if before == "" {
		moment += time.Second
	}
	_, err = w.WriteString(before)
	<-time.After(moment)
	began := time.Now()
	if err == nil {
		_, err = w.WriteString(failure)
	}
	if err != nil {
		b.Fatal(err)
	}
	w.Close()
	defer f.stop()
	select {
	case at := <-printed:
		return at.Sub(began)
	case <-time.After(deadline):
		b.Fatal("no incident")
		return 0
	}
}

// TestIdle measures what following ten quiet files costs. Set
// WOLFDIAG_FOLLOW_IDLE to a time such as 10s.
func TestIdle(t *testing.T) {
	d, err := time.ParseDuration(os.Getenv("WOLFDIAG_FOLLOW_IDLE"))
	if err != nil {
		t.Skip("set WOLFDIAG_FOLLOW_IDLE=10s to run it")
	}
	for _, files := range []int{1, 10} {
		dir := t.TempDir()
		for i := range files {
			write(t, filepath.Join(dir, strconv.Itoa(i)+".log"), guide(t))
		}
		f := start(t, Options{Paths: []string{filepath.Join(dir, "*.log")}, From: FromStart})
		f.lines(t, int64(19*files))
		before := cpu(t)
		<-time.After(d)
		used := cpu(t) - before
		f.stop()
		share := 100 * used.Seconds() / d.Seconds()
		t.Logf("%d files: %.2f %% of a core", files, share)
		if files == 1 && share > 1 {
			t.Errorf("%.2f %% of a core for one quiet file, want at most 1 %%", share)
		}
	}
}

func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestSoak has a live writer and a rotation every second, for as long as
// WOLFDIAG_FOLLOW_SOAK says (10m), and prints loss and peak memory.
// WOLFDIAG_FOLLOW_RATE is the lines a second, 20000 without it.
func TestSoak(t *testing.T) {
	d, err := time.ParseDuration(os.Getenv("WOLFDIAG_FOLLOW_SOAK"))
	if err != nil {
		t.Skip("set WOLFDIAG_FOLLOW_SOAK=10m to run it")
	}
	perSecond := 20_000
	if s := os.Getenv("WOLFDIAG_FOLLOW_RATE"); s != "" {
		if perSecond, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	name := filestest.LogName(t)
	w := filestest.OpenWriter(t, name)
	w.Raw("start\n")
	var incidents int
	e := newTold()
	f := startWith(t, Options{Paths: []string{name}, From: FromStart}, e, func(ev event.Event) {
		if ev.Kind == event.KindIncident {
			incidents++
		}
	})
	f.lines(t, 1)
	text := soakText(t)
	written, rotations, peak, used := int64(1), 0, uint64(0), cpu(t)
	end := time.Now().Add(d)
	const step = 10 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	last := time.Now()
	for at := 0; time.Now().Before(end); {
		<-tick.C
		var b strings.Builder
		for range perSecond / int(time.Second/step) {
			b.WriteString(text[at])
			written++
			at = (at + 1) % len(text)
		}
		w.Raw(b.String())
		if time.Since(last) >= time.Second {
			last = time.Now()
			filestest.Rotate(t, name, 3)
			w.Open(name)
			rotations++
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse+m.StackInuse)
			if rotations%30 == 0 {
				t.Logf("%4d s: heap in use %.1f MiB, peak %.1f MiB", rotations, float64(m.HeapInuse)/(1<<20), float64(peak)/(1<<20))
			}
		}
	}
	f.lines(t, written)
	used = cpu(t) - used
	r := f.stop()
	st := f.f.Files()[0]
	t.Logf("%s: %d lines written, %d read, lost %d, %d rotations seen of %d, %d incidents, peak memory %.1f MiB, CPU of writer and reader %.0f %% of a core, peak resident %d MiB",
		d, written, r.Coverage.Lines, written-r.Coverage.Lines, st.Rotations, rotations, incidents, float64(peak)/(1<<20), 100*used.Seconds()/d.Seconds(), resident(t))
	if r.Coverage.Lines != written {
		t.Errorf("read %d lines of %d", r.Coverage.Lines, written)
	}
}

func resident(t *testing.T) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return u.Maxrss >> 10
}

// soakText is a mix of an ordinary day with failures among it.
func soakText(t *testing.T) []string {
	var b strings.Builder
	if err := loggen.Bulk(&b, loggen.Benign, 16<<20, 5); err != nil {
		t.Fatal(err)
	}
	return slices.Collect(strings.Lines(b.String()))
}
