package correlate

import (
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
)

// epochs counts the starts and ends of Wolf that have passed, before any clock
// is resolved: matches on both sides of one are never of one run. The zero
// value is ready.
type epochs struct {
	count   int32             // in all inputs
	byInput map[int32]int32   // input → count at its last start or end
	clocks  map[int32]elapsed // of each input

	at, now int32 // an input, and byInput[at]
	fresh   bool  // at and now hold
}

// elapsed is what the GStreamer of a process last showed.
type elapsed struct {
	pid   int
	nanos int64
}

// of returns the epoch an input is in.
func (e *epochs) of(input int32) int32 {
	if !e.fresh || e.at != input {
		e.at, e.now, e.fresh = input, e.byInput[input], true
	}
	return e.now
}

// boundary marks that the Wolf process of an input started or ended here.
func (e *epochs) boundary(input int32) {
	e.count++
	if e.byInput == nil {
		e.byInput = map[int32]int32{}
	}
	e.byInput[input] = e.count
	e.fresh = false
}

// clock notes the clock of a process that counts from its start, and takes it
// for a new one when that clock began again.
func (e *epochs) clock(r timeline.Reading) {
	if r.Inner.Kind != logline.ClockGStreamer {
		return
	}
	if e.clocks == nil {
		e.clocks = map[int32]elapsed{}
	}
	old := e.clocks[r.Input]
	justStarted := r.Inner.Nanos < int64(timeline.JustStarted)
	if old.pid == r.PID && old.nanos-r.Inner.Nanos > int64(time.Second) && justStarted {
		e.boundary(r.Input)
	}
	e.clocks[r.Input] = elapsed{r.PID, r.Inner.Nanos}
}
