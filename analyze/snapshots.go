package analyze

import (
	"errors"
	"fmt"
	"io"
	"time"

	"wolfdiag/analyze/diagnose"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/source"
	"wolfdiag/analyze/timeline"
)

// kindSnapshot marks an input that is a state file: its lines are not the log's.
const kindSnapshot = "snapshot"

// snapshotInput is a state file among the inputs.
type snapshotInput struct {
	name  string
	kind  snapshot.Kind
	snap  *snapshot.Snapshot
	facts []snapshot.Fact
}

// snapshot reads an input that is a state file instead of a log. It reports
// whether it took the input.
func (a *Analyzer) snapshot(in source.Input, r *source.Reader) (bool, error) {
	kind := snapshot.Sniff(r.Peek(4096))
	if kind == snapshot.None {
		return false, nil
	}
	if in.Size > snapshot.MaxSize {
		return false, nil
	}
	var data []byte
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return true, fmt.Errorf("read %s: %w", in.Name, err)
		}
		data = append(data, b.Data...)
		b.Release()
		if len(data) > snapshot.MaxSize {
			return true, fmt.Errorf("%s: more than %d bytes of %s", in.Name, snapshot.MaxSize, kind)
		}
	}
	a.inputs = append(a.inputs, report.Input{Name: in.Name, Kind: kindSnapshot, Format: string(kind), Bytes: int64(len(data)), Warnings: []string{}})
	a.lines = append(a.lines, countLines(data))
	a.formats = append(a.formats, map[string]bool{})
	return true, a.addSnapshot(kind, in.Name, modTime(in), data)
}

func (a *Analyzer) addSnapshot(kind snapshot.Kind, name string, modTime time.Time, data []byte) error {
	if kind == snapshot.DumpListing {
		return a.addListing(name, data)
	}
	s, err := snapshot.Parse(kind, name, modTime, data)
	if s == nil {
		return err
	}
	a.clock.KnownStarts(s.Starts...)
	in := &a.inputs[len(a.inputs)-1]
	in.Warnings = append(in.Warnings, s.Warnings...)
	a.snapshots = append(a.snapshots, snapshotInput{name: name, kind: kind, snap: s, facts: s.Facts})
	return err
}

// snapshotFacts turns what the state files say into facts of the model, as far
// as their time allows.
func (a *Analyzer) snapshotFacts(v *view) ([]diagnose.Fact, []report.Fact) {
	var facts []diagnose.Fact
	shown := []report.Fact{}
	for i := range a.snapshots {
		s := &a.snapshots[i]
		when, said := placeSnapshot(v.time, s.snap.Time)
		for _, f := range s.facts {
			r := report.Fact{Source: s.name, Kind: string(s.kind), Time: timePtr(f.Time), Text: f.Text, Bears: f.Bears}
			switch when {
			case afterRestart:
				r.Bears = said
			default:
				if f.ID != "" {
					facts = append(facts, diagnose.Fact{ID: f.ID, Lifetime: -1})
				}
				if said != "" && f.ID != "" {
					r.Bears = sentence(f.Bears, said)
				}
			}
			shown = append(shown, r)
		}
	}
	return facts, shown
}

// placement says how a snapshot's time lies to the failures.
type placement int

const (
	atUnknownTime placement = iota
	duringFailure
	afterRestart
)

// placeSnapshot compares a snapshot's time with the lifetimes. One taken in a
// later life than the last failing one proves nothing about the failure.
func placeSnapshot(t *timeline.Timeline, at time.Time) (placement, string) {
	if at.IsZero() || len(t.Lifetimes) == 0 {
		return atUnknownTime, ""
	}
	last := -1
	for i := range t.Lifetimes {
		if t.Lifetimes[i].Failures > 0 {
			last = i
		}
	}
	if last < 0 {
		return atUnknownTime, ""
	}
	for i := last + 1; i < len(t.Lifetimes); i++ {
		if s := t.Lifetimes[i].Start; s.Known() && at.After(s.Time) {
			return afterRestart, "taken after Wolf was restarted: it proves nothing about the life that failed"
		}
	}
	end := t.Lifetimes[last].End
	if end.Known() && at.Sub(end.Time) > 24*time.Hour {
		return atUnknownTime, "the file is much younger than the log: when it was taken is not known"
	}
	return duringFailure, ""
}
