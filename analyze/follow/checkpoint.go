package follow

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// checkpoint is what survives a restart of the program: how far each file was
// read, which incidents were told, and when one was acted on. It is small, and
// written whole.
type checkpoint struct {
	Schema    string               `json:"schema"`
	Saved     time.Time            `json:"saved"`
	Files     map[string]*position `json:"files"` // by name, as followed
	Incidents []Incident           `json:"incidents"`
	Acted     time.Time            `json:"acted,omitzero"` // last: the action may restart the program too
}

const checkpointSchema = "wolfdiag/checkpoint/v1"

// errCheckpoint is a checkpoint file that cannot be used.
var errCheckpoint = errors.New("not a checkpoint")

// loadCheckpoint returns nil when there is none yet.
func loadCheckpoint(name string) (*checkpoint, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
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
		if p == nil || p.Offset < 0 || p.Len < 0 || p.Len > headSize {
			return nil, fmt.Errorf("checkpoint %s: %w: impossible place in %s", name, errCheckpoint, path)
		}
	}
	return &c, nil
}

// write replaces the file in one step: a reader, or a crash, sees the old one
// or the new one.
func (c *checkpoint) write(name string) error {
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
	}
	return err
}

// save writes the checkpoint. One that cannot be written is told once and
// tried again; following goes on.
func (f *Follower) save(now time.Time) {
	f.told, f.placed = false, false
	if f.o.Checkpoint == "" {
		return
	}
	c := &checkpoint{Schema: checkpointSchema, Saved: now, Files: map[string]*position{}, Incidents: f.tracker.State()}
	if !f.o.Action.DryRun {
		c.Acted = f.actor.last
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
		f.placed = true                         // try again
		if s := reason(err); s != f.saveError { // without the name, which is another one each time
			f.saveError = s
			f.tell(Event{Kind: EventNotice, Time: now, Text: fmt.Sprintf("the checkpoint %s cannot be written: %s; following goes on", f.o.Checkpoint, s)})
		}
	case f.saveError != "":
		f.saveError = ""
		f.tell(Event{Kind: EventNotice, Time: now, Text: fmt.Sprintf("the checkpoint can be written again (%s failed)", counted(int64(f.saveFailures), "attempt", "attempts"))})
	}
}
