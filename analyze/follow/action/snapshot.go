package action

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"wolfdiag/analyze/follow/event"
)

const (
	maxRing   = 4 << 20   // bytes of raw lines kept for a snapshot
	maxOnset  = 512 << 10 // of these, from before an incident began, however long it takes to settle
	maxAfter  = 1 << 20   // bytes of raw lines that come after a snapshot
	leastTail = 5 * time.Second
)

// ring keeps the newest raw lines, bounded by their bytes. It holds on to the
// pieces as they came and copies nothing.
type ring struct {
	parts Lines
	bytes int
	total int64 // bytes ever added
}

// Lines are raw lines in the order in which they came.
type Lines []ringPart

type ringPart struct {
	name string
	data []byte
	at   int64 // total before it
}

func (r *ring) add(name string, data []byte) {
	r.parts = append(r.parts, ringPart{name, data, r.total})
	r.bytes += len(data)
	r.total += int64(len(data))
	drop := 0
	for r.bytes > maxRing && drop < len(r.parts)-1 {
		r.bytes -= len(r.parts[drop].data)
		r.parts[drop] = ringPart{}
		drop++
	}
	r.parts = r.parts[drop:]
}

// onset returns the newest lines, so that a fast log cannot push out of the
// ring what was there when an incident began.
func (r *ring) onset() Lines {
	from, size := len(r.parts), 0
	for from > 0 && size < maxOnset {
		from--
		size += len(r.parts[from].data)
	}
	return append(Lines(nil), r.parts[from:]...)
}

// dump returns an onset, nil for none, and the kept lines, oldest first, with a
// head where the source changes, as tail does it, and where lines are left out.
func (r *ring) dump(onset Lines) []byte {
	var b bytes.Buffer
	name, end := "", int64(-1)
	for _, parts := range []Lines{onset, r.parts} {
		for _, p := range parts {
			if p.at < end {
				continue
			}
			if end >= 0 && p.at > end {
				fmt.Fprintf(&b, "==> %d bytes left out <==\n", p.at-end)
				name = ""
			}
			end = p.at + int64(len(p.data))
			if p.name != name {
				name = p.name
				fmt.Fprintf(&b, "==> %s <==\n", name)
			}
			b.Write(p.data)
			if n := len(p.data); n > 0 && p.data[n-1] != '\n' {
				b.WriteByte('\n')
			}
		}
	}
	return b.Bytes()
}

// aftermath gathers the lines that come after a snapshot: how it went on is
// evidence too.
type aftermath struct {
	event event.Event
	dir   string
	until time.Time
	lines ring
	mask  Masker        // that of the snapshot; may be nil
	saved chan struct{} // closed when the snapshot has been written
}

// Came is told of every piece of the log, which it keeps.
func (a *Actor) Came(name string, data []byte) {
	if a.o.Snapshot == "" {
		return
	}
	a.ring.add(name, data)
	if a.after != nil && a.after.lines.bytes < maxAfter {
		a.after.lines.add(name, data)
	}
}

// Awaited is when what came after a snapshot is to be saved; zero: never.
func (a *Actor) Awaited() time.Time {
	if a.after == nil {
		return time.Time{}
	}
	return a.after.until
}

// SaveAfter completes a snapshot that could be written and was followed by
// something.
func (a *Actor) SaveAfter() {
	m := a.after
	a.after = nil
	if m == nil || m.lines.bytes == 0 {
		return
	}
	select {
	case <-m.saved:
	default:
		return // it was told why not
	}
	if err := os.WriteFile(filepath.Join(m.dir, "after.log"), maskedLines(m.mask, m.lines.dump(nil)), 0o600); err != nil {
		a.note(m.event, event.Action{Outcome: "failed"}, fmt.Sprintf("what came after the snapshot cannot be saved: %v", err))
	}
}

func maskedLines(m Masker, lines []byte) []byte {
	if m == nil {
		return lines
	}
	return m.Lines(nil, lines)
}

// plan decides where the snapshot of a job goes, and begins to gather what
// comes after it.
func (a *Actor) plan(now time.Time, j *job) {
	if a.o.Snapshot == "" || a.o.DryRun {
		return
	}
	a.SaveAfter()
	j.dir = filepath.Join(a.o.Snapshot, fmt.Sprintf("%s-%s", j.event.Time.UTC().Format(snapshotTime), j.cause))
	j.saved = make(chan struct{})
	if a.o.Mask != nil {
		j.mask = a.o.Mask()
	}
	a.after = &aftermath{event: j.event, dir: j.dir, mask: j.mask, until: now.Add(max(a.o.Settle, leastTail)), saved: j.saved}
}

// snapshot writes the report and the raw lines that led to an incident into a
// new folder.
func (a *Actor) snapshot(j *job) {
	err := os.MkdirAll(j.dir, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(j.dir, "lines.log"), maskedLines(j.mask, j.lines), 0o600)
	}
	if err == nil {
		var b []byte
		var doc any = j.report
		if j.mask != nil {
			doc, err = j.mask.Tree(j.report)
		}
		if err == nil {
			b, err = json.MarshalIndent(doc, "", "  ")
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(j.dir, "report.json"), append(b, '\n'), 0o600)
		}
	}
	if err == nil && a.o.WriteReport != nil {
		err = a.o.WriteReport(j.dir, j.report)
	}
	if err != nil {
		a.note(j.event, event.Action{Outcome: "failed"}, fmt.Sprintf("the snapshot cannot be written: %v", err))
		return
	}
	j.snapshot = j.dir
	close(j.saved)
	a.note(j.event, event.Action{Outcome: "snapshot", Snapshot: j.dir}, "report and lines saved in "+j.dir)
	n, err := expire(a.o.Snapshot, a.clock.Now(), a.o.SnapshotBytes, a.o.SnapshotAge)
	switch {
	case err != nil:
		a.note(j.event, event.Action{Outcome: "failed"}, fmt.Sprintf("old snapshots cannot be removed: %v", err))
	case n > 0:
		a.note(j.event, event.Action{Outcome: "done"}, fmt.Sprintf("%d old snapshots removed from %s", n, a.o.Snapshot))
	}
}
