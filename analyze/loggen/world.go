// Package loggen writes logs of Wolf servers that never were: deterministic by
// seed, with known truth. Tests use it as a simulator (lifetimes, sessions,
// failures, clocks, transports), benchmarks for gigabytes of input.
//
// The messages are composed from the formats that Wolf, GStreamer, Smithay,
// sway and Docker print; none is copied from anybody's log.
package loggen

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Line is one line of a container's output before any transport wrapped it.
type Line struct {
	Time    time.Time // UTC, when it was printed
	Service string
	Stderr  bool
	Text    string
}

// world is a server in the course of its life: a clock, and writers for each
// of the formats that share one stream.
type world struct {
	rng     *rand.Rand
	now     time.Time
	zone    *time.Location // of local clocks inside containers
	service string
	debug   bool
	vague   bool // leave out the lines that settle a cause
	noisy   bool
	sound   bool           // the sound server comes up, after the usual words
	booted  time.Time      // of the host
	born    time.Time      // gst_init of the running Wolf
	numbers map[string]int // GStreamer's element numbering
	wayland int
	lines   []Line
}

func newWorld(seed uint64, start time.Time) *world {
	return &world{rng: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), now: start, booted: start.Add(-40123456 * time.Millisecond), zone: time.UTC, service: "wolf", debug: true, numbers: map[string]int{}}
}

// tick lets between lo and hi pass.
func (w *world) tick(lo, hi time.Duration) {
	w.now = w.now.Add(lo + time.Duration(w.rng.Int64N(int64(hi-lo)+1)))
}

func (w *world) soon() { w.tick(200*time.Microsecond, 30*time.Millisecond) }

func (w *world) put(text string) {
	for _, l := range strings.Split(text, "\n") {
		w.lines = append(w.lines, Line{Time: w.now, Service: w.service, Stderr: true, Text: l})
	}
}

// wolf: 06:40:11.750123456 WARN  | message
func (w *world) wolf(level, format string, args ...any) {
	if level == "DEBUG" && !w.debug {
		return
	}
	w.put(fmt.Sprintf("%s %-5s | %s", w.now.Format("15:04:05.000000000"), level, fmt.Sprintf(format, args...)))
	w.soon()
}

// gst: 40:56:30.661481638     1 0x77fb7c0562e0 WARN             cudacontext gstcudacontext.cpp:402:gst_create_cucontext: message
func (w *world) gst(level, category, file, function, object, format string, args ...any) {
	d := w.now.Sub(w.born)
	clock := fmt.Sprintf("%d:%02d:%02d.%09d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60, d.Nanoseconds()%1e9)
	if object != "" {
		object = "<" + object + ">"
	}
	w.put(fmt.Sprintf("%s %5d 0x%012x %-7s %20s %s:%d:%s:%s %s", clock, 1, 0x7f0000000000+w.rng.Uint64N(1<<36), level, category, file,
		200+w.rng.IntN(900), function, object, fmt.Sprintf(format, args...)))
	w.soon()
}

// tracing: 2025-10-02T06:40:11.752176Z ERROR target: message
func (w *world) tracing(level, target, format string, args ...any) {
	w.put(fmt.Sprintf("%s %5s %s: %s", w.now.Format("2006-01-02T15:04:05.000000Z"), level, target, fmt.Sprintf(format, args...)))
	w.soon()
}

// sway: 00:00:00.200 [ERROR] [wlr] [backend/wayland/backend.c:60] message
func (w *world) sway(age time.Duration, where, format string, args ...any) {
	clock := time.Time{}.Add(age).Format("15:04:05.000")
	w.put(fmt.Sprintf("%s [ERROR] %s %s", clock, where, fmt.Sprintf(format, args...)))
	w.soon()
}

// glib: (waybar:132): Gtk-WARNING **: 07:40:13.036: message
func (w *world) glib(prog, domain, level, format string, args ...any) {
	w.put(fmt.Sprintf("\n(%s:%d): %s-%s **: %s: %s", prog, 100+w.rng.IntN(200), domain, level, w.now.In(w.zone).Format("15:04:05.000"), fmt.Sprintf(format, args...)))
	w.soon()
}

// gow: [2025-12-04 19:12:27] text
func (w *world) gow(format string, args ...any) {
	w.put(fmt.Sprintf("[%s] %s", w.now.In(w.zone).Format("2006-01-02 15:04:05"), fmt.Sprintf(format, args...)))
	w.soon()
}

// raw writes a line without any clock.
func (w *world) raw(format string, args ...any) {
	w.put(fmt.Sprintf(format, args...))
	w.soon()
}

// element names the next element of a type, as GStreamer numbers them.
func (w *world) element(kind string) string {
	n := w.numbers[kind]
	w.numbers[kind]++
	return fmt.Sprintf("%s%d", kind, n)
}

func (w *world) session() string {
	return fmt.Sprint(1_000_000_000_000_000_000 + w.rng.Uint64N(9_000_000_000_000_000_000))
}

func (w *world) ip() string { return fmt.Sprintf("192.168.%d.%d", w.rng.IntN(4), 2+w.rng.IntN(250)) }

func pick[T any](w *world, list []T) T { return list[w.rng.IntN(len(list))] }
