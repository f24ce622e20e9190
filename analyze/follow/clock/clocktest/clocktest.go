// Package clocktest has clocks for tests that work with real files: a machine
// that is busy with other things is not late by them.
package clocktest

import (
	"sync/atomic"
	"time"

	"wolfdiag/analyze/follow/clock"
)

// slow is how much longer everything lasts than by a Patient clock.
const slow = 10

// Patient is a clock that goes a tenth as fast as time, and is moved on by the
// test. Who waits by it waits in real time. It is safe for concurrent use.
type Patient struct {
	began time.Time
	ahead atomic.Int64
	waits chan struct{}
}

var _ clock.Clock = (*Patient)(nil)

// NewPatient makes a clock that shows the time of day.
func NewPatient() *Patient { return &Patient{began: time.Now(), waits: make(chan struct{}, 1)} }

// Now is the time by this clock.
func (c *Patient) Now() time.Time {
	return c.began.Add(time.Since(c.began)/slow + time.Duration(c.ahead.Load()))
}

// Move has d pass at once.
func (c *Patient) Move(d time.Duration) { c.ahead.Add(int64(d)) }

// After waits for d of real time.
func (c *Patient) After(d time.Duration) <-chan time.Time {
	select {
	case c.waits <- struct{}{}:
	default:
	}
	return time.After(d)
}

// Waits receives when somebody has begun to wait: a reader does after each look.
func (c *Patient) Waits() <-chan struct{} { return c.waits }
