package action

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"wolfdiag/internal/lazyregexp"
)

// snapshotName is what we call a snapshot: the moment, and the cause.
//
//	20251002T064011.123Z-gpu-device-access-lost
var snapshotName = lazyregexp.New(`^(\d{8}T\d{6}\.\d{3}Z)-[a-z0-9-]+$`)

const snapshotTime = "20060102T150405.000Z"

// saved is a snapshot in the folder, of whichever run.
type saved struct {
	path  string
	at    time.Time
	bytes int64
}

// snapshots lists what earlier runs and this one have saved, oldest first.
// Other files and folders are not ours to count or to remove.
func snapshots(dir string) ([]saved, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []saved
	for _, e := range entries {
		m := snapshotName.FindStringSubmatch(e.Name())
		if m == nil || !e.IsDir() {
			continue
		}
		at, err := time.Parse(snapshotTime, m[1])
		if err != nil {
			continue
		}
		s := saved{path: filepath.Join(dir, e.Name()), at: at}
		files, err := os.ReadDir(s.path)
		if err != nil {
			continue // told when it is its turn to be removed
		}
		for _, f := range files {
			if info, err := f.Info(); err == nil {
				s.bytes += info.Size()
			}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b saved) int { return a.at.Compare(b.at) })
	return out, nil
}

// expire removes the oldest snapshots until those that are left are younger
// than maxAge and have no more than maxBytes; 0 is no limit. It returns how many
// it has removed.
func expire(dir string, now time.Time, maxBytes int64, maxAge time.Duration) (int, error) {
	list, err := snapshots(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return 0, nil
		}
		return 0, err
	}
	var total int64
	for _, s := range list {
		total += s.bytes
	}
	n := 0
	for _, s := range list {
		old := maxAge > 0 && now.Sub(s.at) > maxAge
		if !old && (maxBytes <= 0 || total <= maxBytes) {
			break
		}
		if e := removeSnapshot(s.path); e != nil {
			err = e // the next one may go
			continue
		}
		total -= s.bytes
		n++
	}
	return n, err
}

// snapshotFiles are what a snapshot holds.
var snapshotFiles = []string{"lines.log", "report.json", "report.md", "report.html", "after.log"}

// removeSnapshot removes what we have written, and the folder if nothing else is in it.
func removeSnapshot(dir string) error {
	for _, f := range snapshotFiles {
		if err := os.Remove(filepath.Join(dir, f)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Remove(dir)
}

// checkFolder reports, before anything is read, that snapshots cannot be
// written to a folder, which is made if it does not exist.
func checkFolder(dir string) error {
	if dir == "" {
		return nil
	}
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(dir, ".wolfdiag-*"); err == nil {
			f.Close()
			err = os.Remove(f.Name())
		}
	}
	if err != nil {
		return fmt.Errorf("snapshots cannot be written to %s: %w", dir, err)
	}
	return nil
}
