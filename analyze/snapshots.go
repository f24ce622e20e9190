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
)

// snapshotInput is a state file among the inputs.
type snapshotInput struct {
	name  string
	kind  snapshot.Kind
	snap  *snapshot.Snapshot
	facts []snapshot.Fact
	// placed is what the last report made of facts.
	placed []placedFact
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
	index := a.inputs.Snapshot(in.Name, string(kind), countLines(data), int64(len(data)))
	return true, a.addSnapshot(index, kind, in.Name, modTime(in), data)
}

func (a *Analyzer) addSnapshot(index int32, kind snapshot.Kind, name string, modTime time.Time, data []byte) error {
	if kind == snapshot.DumpListing {
		return a.addListing(name, data)
	}
	s, err := snapshot.Parse(kind, name, modTime, data)
	if s == nil {
		return err
	}
	a.clock.KnownStarts(s.Starts...)
	a.inputs.Warn(index, s.Warnings...)
	a.snapshots = append(a.snapshots, snapshotInput{name: name, kind: kind, snap: s, facts: s.Facts})
	return err
}

// placedFact is what a state file says, on the clock of the log.
type placedFact struct {
	snapshot.Fact      // Time in UTC; Bears says what was assumed and why it may not count
	used          bool // it counts for the ranking
	life          int  // the lifetime it speaks of, -1 for all
}

// snapshotFacts turns what the state files say into facts of the model, as far
// as their time allows.
func (a *Analyzer) snapshotFacts(v *view) ([]diagnose.Fact, []report.Fact) {
	var facts []diagnose.Fact
	shown := []report.Fact{}
	if len(a.snapshots) == 0 {
		return facts, shown
	}
	p := a.newPlacer(v)
	for i := range a.snapshots {
		s := &a.snapshots[i]
		s.placed = p.place(s)
		for _, f := range s.placed {
			if f.used && f.ID != "" {
				facts = append(facts, diagnose.Fact{ID: f.ID, Lifetime: f.life})
			}
			shown = append(shown, report.Fact{Source: s.name, Kind: string(s.kind), Time: timePtr(f.Time), Text: f.Text, Bears: f.Bears})
		}
	}
	return facts, shown
}
