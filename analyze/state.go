package analyze

import (
	"bytes"
	"context"
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
func (a *Analyzer) snapshot(ctx context.Context, in source.Input, r *source.Reader) (bool, error) {
	kind := snapshot.Sniff(in.Name, r.Peek(4096))
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
	err := a.addSnapshot(index, kind, in.Name, modTime(in), data)
	if text := snapshot.Beside(kind, data); text != nil {
		a.account.Inputs.Warn(index, "there is text beside it, which is read as a log")
		err = errors.Join(err, a.readText(ctx, in, text))
	}
	return true, err
}

// readText reads what stands beside the output of a tool in its file.
func (a *Analyzer) readText(ctx context.Context, in source.Input, text []byte) error {
	r, err := source.Open(ctx, source.Input{Name: in.Name, Kind: source.KindStdin, Size: -1}, bytes.NewReader(text), source.Options{BlockSize: a.blockSize()})
	if err != nil {
		return err
	}
	defer r.Close()
	index := a.addInput(in.Name, string(in.Kind), modTime(in))
	err = a.pipeline(ctx, r, index, nil)
	a.account.Inputs.Finish(index, r.Stats())
	return err
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
	if s.Missing != "" {
		a.Note(fmt.Sprintf("%s could not be collected because %s", a.account.Inputs.Name(index), s.Missing))
	}
	for _, said := range s.Setup {
		a.merger.Setup.Add(said)
	}
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
