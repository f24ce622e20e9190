package files

import "wolfdiag/analyze/source/disk"

// nameWatches counts which files come to bear a name, or, where that is a link,
// the name of the file behind it.
type nameWatches struct {
	watcher   Watcher
	wake      chan struct{}
	target    string   // what the name stands for
	left      []string // what it stood for before, whose files are to be looked at still; oldest first
	at, link  NameWatch
	base      int // births under former watches
	accounted int // births of files that have been opened, or told as a gap
	unsure    bool
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
	}
	w.unsure = w.unsure || w.target != "" && !switched || switched && !w.sure()
	if w.at != nil {
		n, _ := w.at.Births()
		w.base += n
	}
	if switched {
		n := 1 // the file behind it bears the name now
		if w.link != nil {
			links, sure := w.link.Births()
			n, w.unsure = max(n, links), w.unsure || !sure
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
func (w *nameWatches) settle(n int) { w.accounted, w.unsure, w.left = n, w.at == nil, nil }

func (w *nameWatches) close() {
	if w.at != nil {
		w.at.Close()
	}
	if w.link != nil {
		w.link.Close()
	}
	w.at, w.link = nil, nil
}
