package files

import "wolfdiag/analyze/source/disk"

// Watcher tells the readers that something has happened to their files, so that
// they need not look often, and counts what a look would not see. A hint of it
// may come late or never, as for what other machines write; that costs a delay
// and nothing else.
type Watcher interface {
	// Arm has ring receive once, when the open file is written, truncated, renamed
	// or deleted next. It reports whether that can be hoped for.
	Arm(f disk.File, ring chan<- struct{}) bool
	// Name begins to count the files that bear a name; ring receives when another
	// one does. nil: they cannot be counted.
	Name(path string, ring chan<- struct{}) NameWatch
}

// NameWatch counts the files that come to bear a name.
type NameWatch interface {
	// Births is how many files have come to bear the name since the watch began,
	// up to this very moment. sure is false once some may have been missed.
	Births() (n int, sure bool)
	Close()
}
