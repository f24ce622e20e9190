package follow

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/follow/incident"
	"wolfdiag/analyze/source/disk"
)

// checkpoint is what survives a restart of the program: how far each file was
// read, which incidents were emitted, and when one was acted on. It is small, and
// written whole.
type checkpoint struct {
	Schema    string                     `json:"schema"`
	Saved     time.Time                  `json:"saved"`
	Files     map[string]*files.Position `json:"files"` // by name, as followed
	Incidents []incident.Incident        `json:"incidents"`
	Acted     time.Time                  `json:"acted,omitzero"` // last: the action may restart the program too
}

const checkpointSchema = "wolfdiag/checkpoint/v1"

// errCheckpoint is a checkpoint that is damaged, or of another version.
var errCheckpoint = errors.New("damaged checkpoint")

// errKeep is a file that a checkpoint must not replace.
var errKeep = errors.New("will not be replaced by a checkpoint")

// checkpointHead is what every checkpoint begins with, blanks apart; a cut one
// shows at least checkpointStub.
const (
	checkpointHead = `{"schema":"wolfdiag/checkpoint/`
	checkpointStub = `{"schema":"wolfdiag/c`
)

// isCheckpoint reports whether the first bytes of a file are those of a
// checkpoint, whole or cut short.
func isCheckpoint(head []byte) bool {
	var b []byte
	for _, c := range head {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			b = append(b, c)
		}
	}
	n := min(len(b), len(checkpointHead))
	return n >= len(checkpointStub) && string(b[:n]) == checkpointHead[:n]
}

// replaceable reports why a checkpoint may not take the place of what name
// stands for: only of nothing, of an empty file, or of a checkpoint.
func replaceable(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if link, e := os.Lstat(name); e == nil && link.Mode()&os.ModeSymlink != 0 {
			return fmt.Errorf("checkpoint %s: is a link to nothing: %w", name, errKeep)
		}
		return nil
	case err != nil:
		return fmt.Errorf("checkpoint %s: %w", name, err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("checkpoint %s: %w, %w", name, disk.ErrNotRegular, errKeep)
	case info.Size() == 0:
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("checkpoint %s: %w", name, err)
	}
	defer f.Close()
	head := make([]byte, 256)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return fmt.Errorf("checkpoint %s: %w", name, err)
	}
	if isCheckpoint(head[:n]) {
		return nil
	}
	if c, err := loadCheckpoint(name); err != nil || c == nil { // keys in another order
		return fmt.Errorf("checkpoint %s: holds something else than a checkpoint, and %w", name, errKeep)
	}
	return nil
}

// maxCheckpoint bounds what is read as a checkpoint: one of 100,000 files has 20 MiB.
const maxCheckpoint = 64 << 20

// placeFor returns the path that the checkpoint is written to: links are
// resolved, so that the file is replaced and not the link. The error says what
// it would destroy; followed are the names and globs that are read.
func placeFor(name string, followed []string) (string, error) {
	if err := replaceable(name); err != nil {
		return "", err
	}
	place := canonical(name)
	info, _ := os.Stat(place) // nil when there is none yet
	for _, f := range followed {
		if f == "-" || f == "" {
			continue
		}
		other, err := os.Stat(f)
		switch {
		case place == canonical(f), err == nil && info != nil && os.SameFile(info, other):
			return "", fmt.Errorf("checkpoint %s: is followed itself (%s): %w", name, f, errKeep)
		case rotatedFrom(place) == canonical(f):
			return "", fmt.Errorf("checkpoint %s: is the name of a rotated file of %s, which would take its place", name, f)
		}
	}
	return place, nil
}

// loadCheckpoint returns nil when there is none yet.
func loadCheckpoint(name string) (*checkpoint, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the checkpoint: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxCheckpoint))
	if err != nil {
		return nil, fmt.Errorf("read the checkpoint: %w", err)
	}
	var c checkpoint
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("checkpoint %s: %w: %v", name, errCheckpoint, err)
	}
	if c.Schema != checkpointSchema {
		return nil, fmt.Errorf("checkpoint %s: %w: schema %q, want %q", name, errCheckpoint, c.Schema, checkpointSchema)
	}
	for path, p := range c.Files {
		if !p.Valid() {
			return nil, fmt.Errorf("checkpoint %s: %w: impossible place in %s", name, errCheckpoint, path)
		}
	}
	return &c, nil
}

// write replaces the file in one step: a reader, or a crash, sees the old one
// or the new one. What is no checkpoint is left as it is. Nobody else may read
// the file.
func (c *checkpoint) write(name string) error {
	if err := replaceable(name); err != nil {
		return err
	}
	b, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return err
	}
	t, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = t.Write(append(b, '\n'))
	if err == nil {
		err = t.Sync()
	}
	if e := t.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(t.Name(), name)
	}
	if err != nil {
		os.Remove(t.Name())
		return err
	}
	syncFolder(filepath.Dir(name))
	return nil
}

// syncFolder makes a rename last over a power cut, where folders can be synced.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync() // some file systems cannot; the file itself has been synced
		d.Close()
	}
}

// save writes the checkpoint. One that cannot be written is told once and
// tried again; following goes on.
func (f *Follower) save(now time.Time) {
	f.emitted, f.placed = false, false
	if f.o.Checkpoint == "" {
		return
	}
	c := &checkpoint{Schema: checkpointSchema, Saved: now, Files: map[string]*files.Position{}, Incidents: f.tracker.State()}
	if !f.o.Action.DryRun {
		c.Acted = f.actor.LastActed()
	}
	for _, s := range f.sources {
		switch {
		case s.place != nil:
			c.Files[s.name] = s.place
		case f.saved != nil && f.saved.Files[s.name] != nil:
			c.Files[s.name] = f.saved.Files[s.name]
		}
	}
	f.lastSave = now
	err := c.write(f.o.Checkpoint)
	switch {
	case err != nil:
		f.saveFailures++
		f.placed = true                              // try again
		if s := disk.Reason(err); s != f.saveError { // without the name, which is another one each time
			f.saveError = s
			f.emit(event.Event{Kind: event.KindNotice, Time: now, Text: fmt.Sprintf("the checkpoint %s cannot be written: %s; following goes on", f.o.Checkpoint, s)})
		}
	case f.saveError != "":
		f.saveError = ""
		f.emit(event.Event{Kind: event.KindNotice, Time: now, Text: fmt.Sprintf("the checkpoint can be written again (%s failed)", counted(int64(f.saveFailures), "attempt", "attempts"))})
	}
}
