package files

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/source/disk"
)

// Run reads until the context ends; then what is there is still read, until
// hard ends too. It returns what became of the name's files.
func (r *Path) Run(ctx, hard context.Context) account.File {
	always := make(chan struct{})
	close(always)
	r.prepare()
	defer r.names.close()
	defer func() { r.Live.Set(&r.stats) }()
	r.poll()
	timer := r.next()
	for {
		in, reopened := r.tail.channels(r.box.full())
		var out chan<- Piece
		var first Piece
		if len(r.box.pieces) > 0 {
			out, first = r.Out, r.box.pieces[0]
		}
		var work <-chan struct{}
		if r.mayRead() {
			work = always
		}
		r.pass()
		select {
		case <-r.Turn:
			r.Turn = nil
		case <-ctx.Done():
			r.finish(hard)
			r.Turn = nil
			r.pass()
			return r.stats
		case l, ok := <-in:
			if !ok {
				r.tailEnded()
				break
			}
			r.takeLines(l.Text)
		case <-reopened:
			r.endTail(true)
		case out <- first:
			r.box.pop()
		case <-work:
			r.read()
		case <-timer:
			r.poll()
			timer = r.next()
		case <-r.pace.wake:
			r.pace.armed, r.pace.missed = nil, false
			r.poll()
			timer = r.next()
		case <-r.Kick:
			r.stopTail()
			r.reading = true
			r.poll()
		}
	}
}

// prepare sets what the zero value leaves open, and opens what bears the name: so
// it is read whatever becomes of it. What cannot be opened is left to the looks.
func (r *Path) prepare() {
	if r.FS == nil {
		r.FS = disk.OS{}
	}
	r.pace.heard, r.pace.wake = r.Clock.Now(), make(chan struct{}, 1)
	r.names.watcher, r.names.wake = r.Watch, r.pace.wake
	r.names.follow(r.FS, r.Name) // from here on, files are counted
	r.openPresent()
}

// openPresent opens what bears the name when following begins.
func (r *Path) openPresent() {
	info, err := r.stat()
	r.failing.wait(info, err)
	var n *inode
	if err == nil && info != nil {
		n, err = openInode(r.FS, r.Name, &r.block)
	}
	switch {
	case err == nil && info == nil && r.Resume == nil:
		r.From, r.Initial = AtStart, false // what comes is new from its beginning
	case err == nil && info == nil, errors.Is(err, fs.ErrNotExist):
	case err != nil:
		r.worry(err)
	case r.Resume != nil:
		r.present = n
	default:
		r.begin(n)
	}
}

// mayRead reports whether our own reader has something to do, and room for it.
func (r *Path) mayRead() bool {
	return r.Turn == nil && r.tail == nil && r.reading && len(r.queue) > 0 && !r.box.full()
}

// next fires when it is time to look again. All readers look at the same
// moments: many quiet files wake the machine as seldom as one.
func (r *Path) next() <-chan time.Time {
	every := pollEvery
	if r.resting() && len(r.late) == 0 && len(r.queue) <= 1 && !r.reading && r.failing.since.IsZero() {
		every = restEvery
		if r.watched() && !r.pace.missed {
			every = watchEvery
		}
	}
	return r.Clock.After(every - time.Duration(r.Clock.Now().UnixNano())%every)
}

// pass lets the next reader begin once what was there at the start has been
// handed over: files are caught up with in the order in which they were named.
func (r *Path) pass() {
	if r.Passed == nil || r.Turn != nil || len(r.box.pieces) > 0 || len(r.queue) > 1 {
		return
	}
	if len(r.queue) == 1 && r.reading && r.queue[0].offset < r.queue[0].initial {
		return
	}
	close(r.Passed)
	r.Passed = nil
}
