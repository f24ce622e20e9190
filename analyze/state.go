package analyze

import (
	"errors"
	"fmt"
	"io"
	"time"

	"wolfdiag/analyze/document"
	"wolfdiag/analyze/snapshot"
	"wolfdiag/analyze/source"
)

// snapshot reads an input that is a state file instead of a log. It reports
// whether it took the input.
func (a *Analyzer) snapshot(in source.Input, r *source.Reader) (bool, error) {
	kind := snapshot.Sniff(r.Peek(4096))
	if kind == snapshot.None || in.Size > snapshot.MaxSize {
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
	index := a.account.Inputs.Snapshot(in.Name, string(kind), countLines(data), int64(len(data)))
	return true, a.addSnapshot(index, kind, in.Name, modTime(in), data)
}

// addPieces adds the snapshots of a document. When they were taken is not known.
func (a *Analyzer) addPieces(d *document.Document, index int32, name string) {
	for _, p := range d.Pieces {
		if err := a.addSnapshot(index, p.Kind, name, time.Time{}, p.Data); err != nil {
			a.account.Inputs.Warn(index, err.Error())
		}
	}
}

// addSnapshot takes what a state file says.
func (a *Analyzer) addSnapshot(index int32, kind snapshot.Kind, name string, modTime time.Time, data []byte) error {
	if kind == snapshot.DumpListing {
		return a.restarted(a.dumps.AddListing(name, data))
	}
	s, err := snapshot.Parse(kind, name, modTime, data)
	if s == nil {
		return err
	}
	a.merger.Clock.KnownStarts(s.Starts...)
	a.account.Inputs.Warn(index, s.Warnings...)
	a.sources.Add(name, kind, s)
	return err
}

// AddDumps puts the crash dumps of a folder, file or listing on the timeline.
// symbols are paths to look for names in; none leaves the frames as they are.
// Errors name what could not be read; the rest has been added.
func (a *Analyzer) AddDumps(path string, symbols []string) error {
	return a.restarted(a.dumps.Add(path, symbols))
}

// restarted tells the timeline of starts that followed crashes.
func (a *Analyzer) restarted(starts []time.Time, err error) error {
	for _, t := range starts {
		a.merger.Clock.KnownCrash(t)
	}
	return err
}

// Close lets go of the files with symbols that AddDumps opened. A report asked
// for afterwards has no names for their frames.
func (a *Analyzer) Close() { a.dumps.Close() }
