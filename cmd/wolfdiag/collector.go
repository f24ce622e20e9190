package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
)

// How far the heap may grow beyond what lives before it is collected, in
// percent. There is no limit at which the collector would run without end:
// memory is bounded by what the stages keep, and they allocate so little that
// collecting early costs next to nothing.
const (
	quickGrowth  = 400 // of the least heap, 4 MiB: what is done with 16 MiB ends before the first collection
	steadyGrowth = 30  // from then on
	reportGrowth = 20  // for the report, which is short
)

// filledOnce: there was a first collection, so much was read.
var filledOnce atomic.Bool

// makeRoom gives back what reading a long log took and holds no more, before the
// report is made: that wants larger pieces, of which the holes between what is
// kept make none. It costs a collection, which is due by then.
func makeRoom() {
	if filledOnce.Load() {
		debug.SetGCPercent(reportGrowth)
		debug.FreeOSMemory()
		forgetCode()
	}
}

// tuneCollector sets the pace of the garbage collector, unless GOGC does.
func tuneCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(quickGrowth)
	first := new([8]*int) // gone with the first collection
	runtime.AddCleanup(first, func(growth int) {
		debug.SetGCPercent(growth)
		forgetCode()
		filledOnce.Store(true)
	}, steadyGrowth)
}
