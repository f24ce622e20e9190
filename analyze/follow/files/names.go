package files

import (
	"fmt"

	"wolfdiag/analyze/source/disk"
)

// maxLeft bounds how many former targets of a link are looked at. Whoever
// switches a link in each moment of a look would else make the next look longer,
// and so the number of switches in it.
const maxLeft = maxQueue

// nameWatches counts which files come to bear a name, or, where that is a link,
// the name of the file behind it.
type nameWatches struct {
	watcher   Watcher
	wake      chan struct{}
	target    string   // what the name stands for
	left      []string // what it stood for before, whose files are to be looked at still; oldest first, at most maxLeft
	at, link  NameWatch
	base      int // births under former watches
	accounted int // births of files that have been opened, or told as a gap
	unsure    bool
	missed    bool // events were lost since the last account
	dropped   bool // left was full since the last account
}

// follow watches what the name stands for now.
func (w *nameWatches) follow(fsys disk.FS, name string) {
	target := fsys.Resolve(name)
	if target == w.target && w.sure() {
		return
	}
	switched := w.target != "" && target != w.target
	if switched {
		w.left = append(w.left, w.target)
		if over := len(w.left) - maxLeft; over > 0 { // births still counts their files
			w.left, w.dropped = append(w.left[:0], w.left[over:]...), true
		}
	}
	w.missed = w.hasMissed()
	w.unsure = w.unsure || w.target != "" && !switched || switched && !w.sure()
	if w.at != nil {
		n, _ := w.at.Births()
		w.base += n
	}
	if switched {
		n := 1 // the file behind it bears the name now
		if w.link != nil {
			links, sure := w.link.Births()
			n, w.unsure, w.missed = max(n, links), w.unsure || !sure, w.missed || !sure
		}
		w.base += n
	}
	w.close()
	w.target = target
	if w.watcher == nil {
		w.unsure = true
		return
	}
	w.at = w.watcher.Name(target, w.wake)
	if target != name {
		w.link = w.watcher.Name(name, w.wake) // only to be woken
	}
	w.unsure = w.unsure || w.at == nil
}

func (w *nameWatches) sure() bool {
	if w.at == nil {
		return false
	}
	_, sure := w.at.Births()
	return sure
}

// hasMissed reports whether events that were to be counted were lost since the
// last account.
func (w *nameWatches) hasMissed() bool { return w.missed || w.at != nil && !w.sure() }

// doubt says why files may have come and gone without being counted; changed:
// the name stands for another file than at the last account. "": nothing says so.
func (w *nameWatches) doubt(changed bool) string {
	switch {
	case w.dropped:
		return fmt.Sprintf("its link was switched more than %d times before it could be looked at", maxLeft)
	case changed && w.hasMissed():
		return "the system lost count of the files that bore the name"
	}
	return ""
}

// births is how many files have come to bear the name since following began.
// sure: none was missed since the last account.
func (w *nameWatches) births() (n int, sure bool) {
	if w.at == nil {
		return w.base, false
	}
	n, sure = w.at.Births()
	return w.base + n, sure && !w.unsure
}

// settle closes the account: all births up to n are known.
func (w *nameWatches) settle(n int) {
	w.accounted, w.unsure, w.missed, w.dropped, w.left = n, w.at == nil, false, false, nil
}

func (w *nameWatches) close() {
	if w.at != nil {
		w.at.Close()
	}
	if w.link != nil {
		w.link.Close()
	}
	w.at, w.link = nil, nil
}
