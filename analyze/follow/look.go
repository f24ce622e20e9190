package follow

import (
	"bytes"
	"os"
	"slices"
)

// look compares what is read with what is there: the file itself, the files
// that lost the name, and the name.
func (r *pathReader) look() {
	if len(r.queue) > 0 {
		r.lookAtFile()
	}
	r.lookAtLate()
	r.lookAtName()
	switch {
	case len(r.queue) > 1:
		r.stopTail()
		r.reading = true
	case len(r.queue) == 1 && !r.belled() && r.tail == nil && !r.reading && r.resting():
		if r.armed = nil; r.bell.arm(r.queue[0].f, r.rung) {
			r.armed = r.queue[0]
		}
	}
}

// lookAtFile finds truncation, silence, and a reader that has fallen behind.
func (r *pathReader) lookAtFile() {
	n := r.queue[0]
	size := n.size
	replaced, err := n.look()
	if err != nil {
		r.trouble(err)
		return
	}
	if replaced {
		before := r.stats.Truncations
		r.stopTail()
		if r.stats.Truncations == before { // the library has not noticed meanwhile
			r.startOver(n)
		}
		return
	}
	if r.box.full() {
		r.heard = r.clock.Now() // it is not the file that is silent
	}
	now := r.clock.Now()
	if n.size != size {
		r.grew = now
		r.deaf = r.deaf || r.belled() // it should have rung
	}
	quiet := now.Sub(r.heard)
	switch behind := n.size - n.offset; {
	case behind == 0:
		r.heard = now
		switch {
		case r.tail != nil && r.resting():
			r.stopTail()
		case r.tail == nil && !r.reading:
			r.follow()
		}
	case r.tail == nil:
		r.reading = r.reading || n.size > max(n.scanned, n.offset)
		if !r.reading && min(quiet, now.Sub(r.grew)) >= tornAfter {
			r.tear(n)
		}
	case behind > bulkLag:
		r.stopTail()
		r.reading = true
	case quiet >= silence && !r.box.full():
		r.silent(n)
	}
}

// silent is called when the file has grown and nothing comes: either a line is
// not complete yet, or the library has missed its last signal. Our own reader
// waits for the one and finds the other.
func (r *pathReader) silent(n *inode) {
	bytes := r.stats.Bytes
	r.stopTail()
	r.reading = true
	if r.stats.Bytes != bytes || r.queue[0] != n {
		return // it was just about to come
	}
	if data, err := n.next(); len(data) > 0 && err == nil {
		r.stats.Restarts++
		r.add(n, data, true)
	}
}

// tear takes a last line that has waited long enough for its newline: it may
// be the last thing a dying process said.
func (r *pathReader) tear(n *inode) {
	r.stopTail()
	r.reading = true
	if n.skipping {
		r.heard = r.clock.Now()
		return
	}
	if data, err := n.next(); len(data) > 0 && err == nil {
		r.add(n, data, true) // it was completed meanwhile
		return
	}
	if rest := n.rest(); len(rest) > 0 {
		r.stats.Torn++
		r.add(n, append(rest, '\n'), true)
	}
	r.heard = r.clock.Now()
}

// lookAtLate reads what was written into files that have lost the name.
func (r *pathReader) lookAtLate() {
	kept := r.late[:0]
	for _, l := range r.late {
		if replaced, err := l.look(); err == nil && !replaced && l.size > l.offset {
			r.catchUp(l)
		}
		if r.box.full() || r.clock.Now().Sub(l.quiet) < grace {
			kept = append(kept, l)
			continue
		}
		r.bury(l)
	}
	clear(r.late[len(kept):])
	r.late = kept
}

// lookAtName opens what bears the name now, and what bore it since the last look.
func (r *pathReader) lookAtName() {
	info, err := statName(r.name)
	if err != nil {
		r.trouble(err)
		return
	}
	if info == nil {
		if r.opened && !r.gone {
			r.notify("is gone, waiting for it to come back")
		} else if !r.opened && r.problem == "" {
			r.problem = "absent"
			r.notify("does not exist yet, waiting for it")
		}
		r.gone = true
		r.from, r.initial = 0, false // what comes is new from its beginning
		return
	}
	if k := len(r.queue); k > 0 && os.SameFile(r.queue[k-1].info, info) || len(r.queue) >= maxQueue {
		r.found()
		return
	}
	n, err := openInode(r.name)
	if err != nil {
		r.trouble(err)
		return
	}
	before := r.missed(n)
	r.found()
	for _, b := range append(before, n) {
		if r.known(b.info) { // it moved while we looked
			b.close()
			continue
		}
		if r.opened {
			r.stats.Rotations++
		}
		r.begin(b)
	}
}

// found notes that the name can be read.
func (r *pathReader) found() {
	if r.problem != "" && r.problem != "absent" {
		r.notify("can be read again")
	}
	r.problem, r.gone = "", false
}

// begin puts a file at the end of the queue.
func (r *pathReader) begin(n *inode) {
	switch {
	case r.resume != nil && n.fits(r.resume):
		n.offset = r.resume.Offset
	case !r.opened && r.resume == nil && r.from < 0:
		n.offset = lineStart(n, n.size)
		if r.from == lastLine {
			n.offset = lineStart(n, max(n.offset-1, 0))
		}
	}
	if r.resume != nil && n.offset == 0 && !n.fits(r.resume) {
		r.notify("is not the file of the checkpoint, and none of its rotated ones is: reading it from its beginning")
	}
	if !r.opened && r.initial {
		n.born = n.size
	}
	r.opened, r.resume = true, nil
	r.queue = append(r.queue, n)
	r.ids.set(n.info, true)
	r.reading = true
}

// lineStart is where the line begins that holds the byte before end, when that
// is not a newline; otherwise end.
func lineStart(n *inode, end int64) int64 {
	at := max(0, end-blockSize)
	b, err := n.readAt(at, int(end-at))
	if err != nil {
		return end
	}
	return at + int64(bytes.LastIndexByte(b, '\n')) + 1
}

func (r *pathReader) known(info os.FileInfo) bool {
	for _, n := range r.queue {
		if os.SameFile(n.info, info) {
			return true
		}
	}
	for _, l := range r.late {
		if os.SameFile(l.info, info) {
			return true
		}
	}
	return false
}

// missed opens the files that have borne the name between the newest one we
// know, or the checkpoint's, and n: more than one rotation may lie between two
// looks. A rotator may be at work: what was opened counts when the folder
// looks the same before and after.
func (r *pathReader) missed(n *inode) []*inode {
	if !r.opened && r.resume == nil {
		return nil
	}
	var out []*inode
	for range 20 {
		gens := generations(r.name)
		var ok bool
		if out, ok = r.between(upTo(gens, n)); ok && sameGenerations(gens, generations(r.name)) {
			break
		}
		for _, m := range out {
			m.close()
		}
		out = nil
	}
	return out
}

// upTo leaves out n and what came after it.
func upTo(gens []generation, n *inode) []generation {
	for i, g := range gens {
		if os.SameFile(g.info, n.info) {
			return gens[:i]
		}
	}
	return gens
}

// between opens the generations that are not known yet. It reports whether
// they were still what they had been listed as.
func (r *pathReader) between(gens []generation) ([]*inode, bool) {
	if r.opened {
		gens = gens[r.after(gens):]
	}
	var out []*inode
	for _, g := range gens {
		m, err := openInode(g.path)
		if err != nil {
			if os.IsNotExist(err) {
				return out, false
			}
			continue // no permission: told when it is the name's turn
		}
		if !os.SameFile(m.info, g.info) {
			m.close()
			return out, false
		}
		if !r.opened && len(out) == 0 && !m.fits(r.resume) {
			m.close() // older than the checkpoint
			continue
		}
		out = append(out, m)
	}
	return out, true
}

// after is the index of the first generation younger than the newest file we know.
func (r *pathReader) after(gens []generation) int {
	last := r.queue[len(r.queue)-1]
	for i := len(gens) - 1; i >= 0; i-- {
		if os.SameFile(gens[i].info, last.info) {
			return i + 1
		}
	}
	from := len(gens) // it was deleted: what is younger came after it
	for from > 0 && gens[from-1].info.ModTime().After(last.mod) && !r.known(gens[from-1].info) {
		from--
	}
	return from
}

// sameGenerations reports whether two listings show the same files in the same places.
func sameGenerations(a, b []generation) bool {
	return slices.EqualFunc(a, b, func(x, y generation) bool { return x.path == y.path && os.SameFile(x.info, y.info) })
}
