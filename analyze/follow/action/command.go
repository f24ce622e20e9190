package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/process"
)

const (
	maxOutput   = 4 << 10
	maxEvidence = 8 << 10 // bytes of evidence in the environment
)

func (a *Actor) command(ctx context.Context, j *job) {
	ctx, cancel := context.WithTimeout(ctx, a.o.Timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, a.argv[0], a.argv[1:]...)
	var out ending
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append(os.Environ(), a.environment(j)...)
	input, err := json.Marshal(map[string]any{
		"event": "incident", "incident": j.event.Number, "time": j.event.Time, "cause": j.event.Cause, "gpu": j.event.GPU,
		"text": j.event.Text, "summary": j.report.Summary, "snapshot": j.snapshot,
	})
	if err != nil {
		input = nil
	}
	cmd.Stdin = bytes.NewReader(input)
	process.Contain(cmd)
	cmd.WaitDelay = 200 * time.Millisecond // for children that keep our pipes open
	began := a.clock.Now()
	err = cmd.Run()
	act := event.Action{Command: a.argv, Snapshot: j.snapshot, Output: out.String(), Seconds: a.clock.Now().Sub(began).Seconds()}
	if cmd.ProcessState != nil {
		code := cmd.ProcessState.ExitCode()
		act.ExitCode = &code
	}
	switch {
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		act.Outcome = "timeout"
		a.note(j.event, act, fmt.Sprintf("%s did not end within %s and was killed", a.argv[0], a.o.Timeout))
	case err != nil && ctx.Err() != nil:
		act.Outcome = "failed"
		a.note(j.event, act, a.argv[0]+" was killed because wolfdiag ends")
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		act.Outcome = "failed"
		a.note(j.event, act, fmt.Sprintf("%s failed: %v", a.argv[0], err))
	default:
		act.Outcome = "done"
		a.note(j.event, act, a.argv[0]+" ran, exit 0")
	}
}

// environment tells the command what happened.
func (a *Actor) environment(j *job) []string {
	e := &j.event
	var title, summary, evidence, now string
	probability := 1.0
	if c := e.Cause; c != nil {
		title, summary, probability = c.Title, c.Summary, c.Probability
		var b strings.Builder
		for _, v := range c.Evidence {
			fmt.Fprintf(&b, "%s ×%d %s:%d %s\n", v.Pattern, v.Count, v.First.Input, v.First.Line, v.First.Text)
		}
		evidence, now = b.String(), strings.Join(c.Workaround, "\n")
	} else {
		summary = e.Text
	}
	if len(evidence) > maxEvidence {
		evidence = strings.ToValidUTF8(evidence[:maxEvidence], "")
	}
	clean := func(s string) string { return strings.ReplaceAll(s, "\x00", "") }
	return []string{
		"WOLFDIAG_CAUSE=" + clean(j.cause), "WOLFDIAG_TITLE=" + clean(title), fmt.Sprintf("WOLFDIAG_PROBABILITY=%.4f", probability),
		"WOLFDIAG_SUMMARY=" + clean(summary), "WOLFDIAG_EVIDENCE=" + clean(evidence), "WOLFDIAG_WORKAROUND=" + clean(now),
		fmt.Sprintf("WOLFDIAG_INCIDENT=%d", e.Number), "WOLFDIAG_TIME=" + e.Time.UTC().Format(time.RFC3339Nano), "WOLFDIAG_SNAPSHOT=" + j.snapshot,
	}
}

// ending keeps the end of what is written to it.
type ending struct{ b []byte }

func (e *ending) Write(p []byte) (int, error) {
	e.b = append(e.b, p...)
	if n := len(e.b) - maxOutput; n > 0 {
		e.b = append(e.b[:0:0], e.b[n:]...)
	}
	return len(p), nil
}

func (e *ending) String() string { return strings.ToValidUTF8(string(e.b), "·") }
