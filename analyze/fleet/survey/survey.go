// Package survey finds the hosts of a fleet, on a log engine or among files, and
// diagnoses each by itself, several at once. What is kept of a host is about a
// kilobyte: memory does not grow with the logs, and hardly with the hosts.
package survey

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"wolfdiag/analyze"
	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
)

// A Host is what is to be diagnosed.
type Host struct {
	Name   string
	Inputs []source.Input
	// Lines is how many there are, where that was counted; Complaints how many
	// words of complaint they hold.
	Lines, Complaints int64
	each              []int64   // records that hold each of the words of complaint
	Last              time.Time // of the last record; zero when unknown
	Problems          []error   // of what will not be read
	// Silent, or else LeftOut, says why there is nothing to read.
	Silent, LeftOut string
}

// Options of Diagnose.
type Options struct {
	Analyze analyze.Options // for each host; its Catalogue is shared
	Jobs    int             // hosts at once; 0: 2
	Stdin   io.Reader       // of an input that is standard input
	Window  report.Period   // that was asked for
	// Done hears of each host that is done; calls do not overlap. nil: nobody.
	Done func(done, total int, h *fleet.Host)
}

// Diagnose diagnoses hosts, and returns the diagnoses in the same order. When
// the context ends, the hosts that were not read say so. The error is that of
// an analyzer that cannot be made.
func Diagnose(ctx context.Context, hosts []Host, o Options) ([]fleet.Host, error) {
	if o.Jobs <= 0 {
		o.Jobs = 2
	}
	out := make([]fleet.Host, len(hosts))
	var next atomic.Int64
	var mu sync.Mutex
	var firstErr error
	done := 0
	var workers sync.WaitGroup
	for range min(o.Jobs, len(hosts)) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(hosts) {
					return
				}
				h, err := diagnose(ctx, &hosts[i], o)
				mu.Lock()
				out[i] = h
				if firstErr == nil {
					firstErr = err
				}
				if done++; o.Done != nil {
					o.Done(done, len(hosts), &out[i])
				}
				mu.Unlock()
			}
		}()
	}
	workers.Wait()
	return out, firstErr
}

var errInterrupted = errors.New("interrupted")

// diagnose reads and judges one host.
func diagnose(ctx context.Context, h *Host, o Options) (fleet.Host, error) {
	switch {
	case h.Silent != "":
		return fleet.Silent(h.Name, h.Silent), nil
	case h.LeftOut != "":
		return fleet.LeftOut(h.Name, h.Lines, h.Complaints, h.LeftOut), nil
	}
	a, err := analyze.New(o.Analyze)
	if err != nil {
		return fleet.Silent(h.Name, err.Error()), err
	}
	defer a.Close()
	problems := h.Problems
	for _, in := range h.Inputs {
		if ctx.Err() != nil {
			problems = append(problems, errInterrupted)
			break
		}
		if in.Kind == source.KindDump {
			if err := a.AddDumps(in.Path, nil); err != nil {
				problems = append(problems, err)
			}
			continue
		}
		if err := a.Read(ctx, in, o.Stdin); err != nil {
			if ctx.Err() != nil {
				err = errInterrupted
			}
			problems = append(problems, err)
		}
	}
	out := fleet.HostOf(h.Name, a.Report(), h.Lines)
	for _, p := range problems {
		out.Incomplete(p.Error())
	}
	if len(problems) == 0 && out.Read == 0 {
		out.Complete, out.Why = false, "nothing to read"
	}
	out.FellSilent(o.Window, h.Last)
	return out, nil
}

// counted words a count.
func counted(n int64, one, many string) string { return report.Plural(n, one, many) }
