package facts

import (
	"time"

	"wolfdiag/analyze/snapshot"
)

// Sources are the state files and live monitors that facts come from, in the
// order of their coming. The zero value is empty.
type Sources struct{ list []source }

// source is a state file or a monitor.
type source struct {
	name  string
	kind  snapshot.Kind
	snap  *snapshot.Snapshot
	facts []snapshot.Fact
	live  []snapshot.Memory // readings of a monitor
}

// Add takes what a state file says.
func (s *Sources) Add(name string, kind snapshot.Kind, snap *snapshot.Snapshot) {
	s.list = append(s.list, source{name: name, kind: kind, snap: snap, facts: snap.Facts})
}

// Set takes what a live monitor says now: facts and readings take the place of
// those that the same source gave before.
func (s *Sources) Set(name string, kind snapshot.Kind, at time.Time, facts []snapshot.Fact, readings []snapshot.Memory) {
	now := source{name: name, kind: kind, snap: &snapshot.Snapshot{Kind: kind, Name: name, Time: at, Lobbies: -1}, facts: facts, live: readings}
	for i := range s.list {
		if s.list[i].name == name && s.list[i].kind == kind {
			s.list[i] = now
			return
		}
	}
	s.list = append(s.list, now)
}

// Containers calls yield with the name of Wolf's container that each source
// gives, until it returns false.
func (s *Sources) Containers(yield func(name string) bool) {
	for i := range s.list {
		if name := s.list[i].snap.Wolf; name != "" && !yield(name) {
			return
		}
	}
}
