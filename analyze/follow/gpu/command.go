package gpu

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"time"

	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/follow/process"
)

const (
	restartMin = 10 * time.Second
	restartMax = 5 * time.Minute
)

// Command runs a monitor and reads what it prints. When it ends, it is
// started again, after ever longer pauses.
type Command struct {
	ctx   context.Context
	clock clock.Clock
	argv  []string
	cmd   *exec.Cmd
	out   *os.File
	pause time.Duration
	mute  bool // it has printed nothing yet
	// resting: the next Read waits before it starts the command again.
	resting bool
}

// NewCommand makes a reader of what a command prints; it is started by the first
// Read, and ended by Close or the context.
func NewCommand(ctx context.Context, clock clock.Clock, argv []string) *Command {
	return &Command{ctx: ctx, clock: clock, argv: argv}
}

// Read returns the command's output, stderr with it. How it failed without a
// word, or why it could not be started, is a line of its own.
func (c *Command) Read(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, io.EOF
	}
	if c.resting {
		c.resting = false
		if err := c.wait(); err != nil {
			return 0, err
		}
	}
	if c.cmd == nil {
		if err := c.start(); err != nil {
			c.resting = true
			return copy(p, "cannot run the monitor: "+err.Error()+"\n"), nil
		}
	}
	n, err := c.out.Read(p)
	if n > 0 {
		c.pause, c.mute = 0, false
		return n, nil
	}
	if err == nil {
		return 0, nil
	}
	err = c.end()
	c.resting = true
	if err != nil && c.mute {
		return copy(p, "the monitor failed: "+err.Error()+"\n"), nil
	}
	return 0, nil
}

func (c *Command) start() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(c.ctx, c.argv[0], c.argv[1:]...)
	cmd.Stdout, cmd.Stderr = w, w
	process.Contain(cmd)
	err = cmd.Start()
	w.Close()
	if err != nil {
		r.Close()
		return err
	}
	c.cmd, c.out, c.mute = cmd, r, true
	return nil
}

// wait pauses before the next start; io.EOF when the follower ends.
func (c *Command) wait() error {
	c.pause = min(max(2*c.pause, restartMin), restartMax)
	select {
	case <-c.clock.After(c.pause):
		return nil
	case <-c.ctx.Done():
		return io.EOF
	}
}

// end returns how the command failed.
func (c *Command) end() error {
	c.out.Close()
	err := c.cmd.Wait()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		c.pause = restartMax // it cannot even be waited for
	}
	c.cmd = nil
	return err
}

// Close ends the command.
func (c *Command) Close() error {
	if c.cmd == nil {
		return nil
	}
	_ = c.cmd.Cancel() // it may have ended by itself
	_ = c.end()        // by our signal
	return nil
}
