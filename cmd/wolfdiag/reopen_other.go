//go:build !unix

package main

import "os"

// notifyReopen does nothing where there is no SIGHUP.
func notifyReopen(chan<- os.Signal) {}
