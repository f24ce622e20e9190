// Command wolfdiag tells the operator of a Wolf streaming server why sessions
// fail. See README.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// memoryLimit is where the garbage collector works harder rather than let the
// heap grow to twice what lives. It is soft: what needs more gets it, at the
// price of time. GOMEMLIMIT sets another.
const memoryLimit = 48 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks for a report on what was read; with the handler
	// gone, a second one ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args, osEnv()))
}
