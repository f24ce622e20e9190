package correlate

import (
	"time"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/timeline"
)

// Epochs counts the starts and ends of Wolf that have passed, before any clock
// is resolved: matches on both sides of one are never of one run. The zero
// value is ready. Not safe for concurrent use.
type Epochs struct {
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
func (e *Epochs) of(input int32) int32 {
	if !e.fresh || e.at != input {
		e.at, e.now, e.fresh = input, e.byInput[input], true
	}
	return e.now
}

// Boundary marks that the Wolf process of an input started or ended here.
func (e *Epochs) Boundary(input int32) {
	e.count++
	if e.byInput == nil {
		e.byInput = map[int32]int32{}
	}
	e.byInput[input] = e.count
	e.fresh = false
}

// Clock notes the clock of a record: GStreamer's, which counts from the start of its
// process, shows starts of Wolf that no message tells of, by beginning again.
func (e *Epochs) Clock(r timeline.Reading) {
	if r.Inner.Kind != logline.ClockGStreamer {
		return
	}
	if e.clocks == nil {
		e.clocks = map[int32]elapsed{}
	}
	old := e.clocks[r.Input]
	justStarted := r.Inner.Nanos < int64(timeline.JustStarted)
	if old.pid == r.PID && old.nanos-r.Inner.Nanos > int64(time.Second) && justStarted {
		e.Boundary(r.Input)
	}
	e.clocks[r.Input] = elapsed{r.PID, r.Inner.Nanos}
}

// Count is the number of starts and ends of Wolf so far, in all inputs.
func (e *Epochs) Count() int32 { return e.count }
