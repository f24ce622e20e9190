package follow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

const (
	lookEvery  = 20 * time.Millisecond  // between looks at a file and its name
	restEvery  = 60 * time.Millisecond  // the same of one that rests
	bellEvery  = 180 * time.Millisecond // the same when the bell can be relied on
	restAfter  = time.Second            // a file rests when nothing has come for so long
	grace      = 5 * time.Second        // a file that lost its name is watched until it was quiet for so long
	silence    = time.Second            // a whole line unread for so long: the library is started again
	tornAfter  = 5 * time.Second        // a last line without newline is taken after so long
	bulkLag    = 256 << 10              // further behind than this, we read ourselves
	maxQueue   = 64                     // files of one name waiting to be read
	retryAfter = time.Second            // after the library refused a file
)

// lastLine, as a place to begin, is that of the last whole line.
const lastLine = -2

// pathReader follows one name. It alone decides what a name stands for; the
// library follows the newest file and only that, while lines come. A file that
// is quiet rests: the library, whose pace cannot be changed, is ended, and the
// reader's own looks, which are rare then, or the bell, find what comes next.
//
// Files of the name are read one after the other, each to its end, in the
// order in which they bore the name. One that has lost its name stays watched
// for late writers. A single goroutine owns all of it.
type pathReader struct {
	name  string
	src   int
	clock Clock
	out   chan<- piece
	kick  chan struct{} // look at once, and open anew

	initial bool            // named when following began
	from    int64           // offset in the first file: 0, or -1 for its end, or lastLine
	resume  *position       // from the checkpoint
	turn    <-chan struct{} // closed when it is our turn to read what is there already; nil: it is
	passed  chan struct{}   // ours to close when we have; nil: nobody waits
	ids     *idSet          // shared by all readers; may be nil
	bell    *bell           // shared by all readers; may be nil
	alone   bool            // never use the library
	queue   []*inode        // oldest first; queue[0] is being read
	late    []*lateFile
	tail    *lineTail
	reading bool // our own reader has something to do
	box     outbox
	stats   FileStats
	heard   time.Time // when something last came, or there was nothing to come
	busy    time.Time // when something last came
	grew    time.Time // when the newest file last changed its size
	rung    chan struct{}
	armed   *inode    // the bell rings when it changes; nil: for none
	deaf    bool      // it did not ring when it had to, last time
	retry   time.Time // when the library may be tried again
	problem string    // told last
	gone    bool
	opened  bool // some file has been opened
}

// lateFile has lost its name.
type lateFile struct {
	*inode
	quiet time.Time // since when
}

// run reads until the context ends; then what is there is still read, until
// hard ends too.
func (r *pathReader) run(ctx, hard context.Context) FileStats {
	always := make(chan struct{})
	close(always)
	r.heard, r.rung = r.clock.Now(), make(chan struct{}, 1)
	r.look()
	timer := r.next()
	for {
		in, reopened := r.tail.channels(r.box.full())
		var out chan<- piece
		var first piece
		if len(r.box.pieces) > 0 {
			out, first = r.out, r.box.pieces[0]
		}
		var work <-chan struct{}
		if r.turn == nil && r.tail == nil && r.reading && !r.box.full() {
			work = always
		}
		r.pass()
		select {
		case <-r.turn:
			r.turn = nil
		case <-ctx.Done():
			r.finish(hard)
			r.turn = nil
			r.pass()
			return r.stats
		case l, ok := <-in:
			if !ok {
				r.tailEnded()
				break
			}
			r.take(l.Text)
		case <-reopened:
			r.endTail(true)
		case out <- first:
			r.box.pop()
		case <-work:
			r.read()
		case <-timer:
			r.look()
			timer = r.next()
		case <-r.rung:
			r.armed, r.deaf = nil, false
			r.look()
			timer = r.next()
		case <-r.kick:
			r.stopTail()
			r.reading = true
			r.look()
		}
	}
}

// next fires when it is time to look again. All readers look at the same
// moments: many quiet files wake the machine as seldom as one.
func (r *pathReader) next() <-chan time.Time {
	every := lookEvery
	if r.resting() && len(r.late) == 0 && len(r.queue) <= 1 && !r.reading {
		every = restEvery
		if r.belled() && !r.deaf {
			every = bellEvery
		}
	}
	return r.clock.After(every - time.Duration(r.clock.Now().UnixNano())%every)
}

// belled reports whether the bell is to ring for the newest file.
func (r *pathReader) belled() bool { return len(r.queue) > 0 && r.queue[0] == r.armed }

func (r *pathReader) resting() bool { return r.clock.Now().Sub(r.busy) > restAfter }

// pass lets the next reader begin once what was there at the start has been
// handed over: files are caught up with in the order in which they were named.
func (r *pathReader) pass() {
	if r.passed == nil || r.turn != nil || len(r.box.pieces) > 0 || len(r.queue) > 1 {
		return
	}
	if len(r.queue) == 1 && r.reading && r.queue[0].offset < r.queue[0].born {
		return
	}
	close(r.passed)
	r.passed = nil
}

// take accepts a line from the library.
func (r *pathReader) take(text string) {
	n := r.queue[0]
	r.heard = r.clock.Now()
	n.offset += int64(len(text)) + 1
	data := make([]byte, 0, len(text)+1)
	r.add(n, append(append(data, text...), '\n'), true)
}

// add puts lines into the outbox.
func (r *pathReader) add(n *inode, data []byte, moves bool) {
	p := piece{src: r.src, data: data, mod: n.mod, old: n.offset <= n.born}
	p.skipped, p.cut = n.skipped, n.cut
	n.skipped, n.cut = 0, 0
	n.keepTail(data)
	r.stats.Skipped += p.skipped
	r.stats.Cut += p.cut
	if moves {
		p.at = n.position(n.offset)
	}
	r.stats.Bytes += int64(len(data)) + p.skipped
	r.box.lines(p)
	r.busy = r.clock.Now()
}

// maxNotices bounds what is kept for a follower that does not listen.
const maxNotices = 1000

func (r *pathReader) notify(format string, args ...any) {
	if len(r.box.pieces) > maxNotices {
		r.stats.Problems++
		return
	}
	r.box.pieces = append(r.box.pieces, piece{src: r.src, notice: r.name + ": " + fmt.Sprintf(format, args...)})
}

// startOver reads the newest file again from its beginning after it was
// truncated; first what the rotator's copy of it holds beyond our place.
func (r *pathReader) startOver(n *inode) {
	if c := r.copyOf(n); c != nil {
		r.queue = append([]*inode{c}, r.queue...)
		r.notify("was truncated, going on with the copy that was made of it and then at its beginning")
	} else {
		r.notify("was truncated, going on at its beginning; what was written just before may be lost")
	}
	n.rewind()
	r.stats.Truncations++
	r.heard = r.clock.Now()
	r.reading = true
}

// copyOf opens the copy that a truncating rotator made of n, nil when there is none.
func (r *pathReader) copyOf(n *inode) *inode {
	for _, g := range generations(r.name) {
		if g.info.Size() <= n.offset || r.known(g.info) {
			continue
		}
		c, err := openInode(g.path)
		if err != nil {
			continue
		}
		if n.continues(c) {
			c.offset, c.isCopy = n.offset, true
			return c
		}
		c.close()
	}
	return nil
}

// stopTail ends the library and takes what it still hands over. When it went
// back to the beginning meanwhile, what came after that is left to our reader.
func (r *pathReader) stopTail() {
	if r.tail != nil {
		r.endTail(false)
	}
}

func (r *pathReader) endTail(rewound bool) {
	t := r.tail
	t.kill()
	for lines := t.lines(); lines != nil; {
		select {
		case l, ok := <-lines:
			if !ok {
				lines = nil
			} else if !rewound {
				r.take(l.Text)
			}
		case <-t.reopened:
			rewound = true
		}
	}
	_ = t.wait() // it was asked to end
	r.tail = nil
	if rewound {
		r.startOver(r.queue[0])
	}
}

// tailEnded is reached when the library gave up by itself: a read error, or a
// file it could not open again. We read on ourselves and try it later.
func (r *pathReader) tailEnded() {
	err := r.tail.wait()
	r.tail = nil
	r.reading = true
	r.retry = r.clock.Now().Add(retryAfter)
	r.stats.Restarts++
	if err != nil {
		r.trouble(err)
	}
}

// trouble tells of a problem once.
func (r *pathReader) trouble(err error) {
	if s := err.Error(); s != r.problem {
		r.problem = s
		r.stats.Problems++
		r.notify("%s; following goes on as soon as it can", reason(err))
	}
}

// reason is an error without the name that the notice begins with.
func reason(err error) string {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		return pe.Op + ": " + pe.Err.Error()
	case errors.As(err, &le):
		return le.Op + ": " + le.Err.Error()
	}
	return err.Error()
}

// read takes a block from the oldest file that is not at its end.
func (r *pathReader) read() {
	n := r.queue[0]
	data, err := n.next()
	if err != nil {
		r.trouble(fmt.Errorf("read at byte %d: %w", n.offset, err))
	}
	if len(data) > 0 {
		r.heard = r.clock.Now()
		r.add(n, data, true)
		return
	}
	if len(r.queue) > 1 { // at its end, and a newer file bears the name
		r.queue = r.queue[1:]
		if n.isCopy {
			n.close()
			return
		}
		r.late = append(r.late, &lateFile{inode: n, quiet: r.clock.Now()})
		if len(r.late) > maxQueue {
			r.bury(r.late[0])
			r.late = r.late[1:]
		}
		return
	}
	r.reading = false
	r.follow()
}

// follow lets the library take over at the end of the newest file, unless it
// rests, or is out of the library's reach: then our own reader looks after it.
func (r *pathReader) follow() {
	n := r.queue[0]
	if r.alone || n.untailable || r.resting() || r.turn != nil || r.tail != nil || n.skipping || n.scanned-n.offset > blockSize/4 || r.clock.Now().Before(r.retry) {
		return
	}
	t, err := startTail(n.f, n.offset)
	if err != nil {
		r.retry = r.clock.Now().Add(retryAfter)
		return // our own reader looks after the file meanwhile
	}
	r.tail = t
	r.heard = r.clock.Now()
}

// finish reads what is there and hands it over, until hard ends.
func (r *pathReader) finish(hard context.Context) {
	r.stopTail()
	r.lookAtName()
	for _, l := range r.late {
		r.catchUp(l)
		r.bury(l)
	}
	r.late = nil
	for {
		for len(r.queue) > 0 && !r.box.full() {
			n := r.queue[0]
			data, err := n.next()
			if len(data) > 0 && err == nil {
				r.add(n, data, true)
				continue
			}
			if rest := n.rest(); len(rest) > 0 {
				r.stats.Bytes += int64(len(rest))
				torn := piece{src: r.src, data: rest, torn: true, mod: n.mod}
				if len(r.queue) > 1 {
					torn.data, torn.torn = append(rest, '\n'), false
				}
				r.box.lines(torn)
			}
			n.close()
			r.queue = r.queue[1:]
		}
		if len(r.box.pieces) == 0 {
			return
		}
		select {
		case r.out <- r.box.pieces[0]:
			r.box.pop()
		case <-hard.Done():
			r.abandon()
			return
		}
	}
}

// abandon counts what will not be read.
func (r *pathReader) abandon() {
	for _, p := range r.box.pieces {
		r.stats.Unread += int64(len(p.data))
	}
	for _, n := range r.queue {
		_, _ = n.look() // for its size; a file that cannot be looked at counts as it was
		r.stats.Unread += max(n.size-n.offset, 0)
		n.close()
	}
	r.queue = nil
}

// bury takes the unterminated last line of a file that nobody writes any more.
func (r *pathReader) bury(l *lateFile) {
	if rest := l.rest(); len(rest) > 0 {
		r.stats.Torn++
		r.add(l.inode, append(rest, '\n'), false)
	}
	r.ids.set(l.info, false)
	l.close()
}

// catchUp reads what came late.
func (r *pathReader) catchUp(l *lateFile) {
	for !r.box.full() {
		data, err := l.next()
		if len(data) == 0 || err != nil {
			return
		}
		l.quiet = r.clock.Now()
		r.add(l.inode, data, false)
	}
}

var errFolder = errors.New("is a folder; name the files in it, as in DIR/*.log")

// statName says what bears the name now; nil info with nil error when nothing does.
func statName(name string) (os.FileInfo, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errFolder
	case !info.Mode().IsRegular():
		return nil, errNotRegular
	}
	return info, nil
}
