//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// notifyReopen has SIGHUP, which rotators send, arrive on c.
func notifyReopen(c chan<- os.Signal) { signal.Notify(c, syscall.SIGHUP) }
