package files

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/source/disk"
)

const (
	pollEvery   = 20 * time.Millisecond  // between looks at a file and its name
	restEvery   = 60 * time.Millisecond  // the same of one that rests
	watchEvery  = 180 * time.Millisecond // the same when the watcher can be relied on
	restAfter   = time.Second            // a file rests when nothing has come for so long
	grace       = 5 * time.Second        // a file that lost its name is watched until it was quiet for so long
	silence     = time.Second            // a whole line unread for so long: the library is started again
	tornAfter   = 5 * time.Second        // a last line without newline is taken after so long
	bulkLag     = 256 << 10              // further behind than this, we read ourselves
	maxQueue    = 32                     // files of one name that are open and wait to be read
	retryAfter  = time.Second            // after the library refused a file
	patience    = 10 * time.Second       // what fails for so long is given up, and told as a gap
	growingFor  = time.Second            // a file that grew so lately may have grown since it was looked at
	maxNotices  = 1000                   // kept for a follower that does not listen
	lineBatch   = 256                    // lines of the library that are checked together
	descriptors = "too many open files"  // reason of a problem that others' ends may solve
)

// Begin says where in the first file of a name to begin.
type Begin uint8

// The places. Of a file that appears later, it is always the start.
const (
	AtStart Begin = iota
	AtEnd
	AtLastLine // the last whole line
)

// Shared is what all readers of a follower have in common.
type Shared struct {
	FS    disk.FS // nil: disk.OS
	Clock clock.Clock
	Out   chan<- Piece
	Watch Watcher  // may be nil
	Open  *OpenSet // may be nil
	Alone bool     // never use the library
}

// Path follows one name. It alone decides what a name stands for; the library
// follows the newest file and only that, while lines come. A file that is quiet
// rests: the library, whose pace cannot be changed, is ended, and the reader's
// own looks, which are rare then, or the watcher, find what comes next.
//
// Files of the name are read one after the other, each to its end, in the
// order in which they bore the name. One that has lost its name stays watched
// for late writers. A single goroutine owns all of it.
type Path struct {
	Shared
	Name    string
	Source  int
	Kick    chan struct{} // look at once, and open anew
	Initial bool          // named when following began
	From    Begin
	Resume  *Position       // from the checkpoint
	Turn    <-chan struct{} // closed when it is our turn to read what is there already; nil: it is
	Passed  chan struct{}   // ours to close when we have; nil: nobody waits
	Live    *account.Live   // gets the account while it changes; may be nil

	held
	naming
	tail    *lineTail
	reading bool // our own reader has something to do
	box     outbox
	stats   account.File
	pace    pace
	failing failing
}

// held are the files that are open.
type held struct {
	queue []*inode // oldest first; queue[0] is being read
	late  []*lateFile
	// present bore the name when a reading was resumed, until it is known what became of it.
	present *inode
	block   []byte // what a file is read into
}

// naming is what is known of the name, and of what has borne it.
type naming struct {
	names  nameWatches
	past   history
	gone   bool
	opened bool // some file has been opened
	sought bool // rotated files have been looked for, or cannot be
	based  bool // past holds what was there when following began
}

// pace is when something happened last, and what wakes the reader.
type pace struct {
	heard  time.Time // when something last came, or there was nothing to come
	busy   time.Time // when something last came
	grew   time.Time // when the newest file last changed its size
	retry  time.Time // when the library may be tried again
	wake   chan struct{}
	armed  *inode // the watcher wakes us when it changes; nil: for none
	missed bool   // it did not, last time
}

// lateFile has lost its name.
type lateFile struct {
	*inode
	quietSince time.Time
	failed     time.Time // since when it cannot be read; zero: it can
}

// watched reports whether the watcher is to wake us for the newest file.
func (r *Path) watched() bool { return len(r.queue) > 0 && r.queue[0] == r.pace.armed }

func (r *Path) resting() bool { return r.Clock.Now().Sub(r.pace.busy) > restAfter }

// add puts lines into the outbox. n's offset is behind them already.
func (r *Path) add(n *inode, data []byte, moves bool) {
	p := Piece{Source: r.Source, Data: data, Mod: n.mod, Old: n.offset <= n.initial}
	p.Skipped, p.Cut = n.skipped, n.cut
	n.skipped, n.cut = 0, 0
	r.stats.Cut += p.Cut
	if moves {
		p.At = n.position()
	}
	r.stats.Bytes += int64(len(data)) + p.Skipped
	r.box.lines(p)
	r.pace.busy = r.Clock.Now()
}

func (r *Path) notify(format string, args ...any) {
	if len(r.box.pieces) > maxNotices {
		r.stats.Problems++
		return
	}
	r.box.pieces = append(r.box.pieces, Piece{Source: r.Source, Notice: r.Name + ": " + fmt.Sprintf(format, args...)})
}

// gap tells that something was not read, and counts it; it is never left out.
func (r *Path) gap(g account.Gap) {
	g.File = r.Name
	r.stats.Add(g)
	if len(r.box.pieces) > maxNotices && r.box.joinGap(g) {
		return
	}
	r.box.pieces = append(r.box.pieces, Piece{Source: r.Source, Gap: &g})
}

// fold takes the account of a file, or of one of its contents, whose reading
// has ended. What is left of it then is lost for the reason in g, or, when that
// is nil, unread.
func (r *Path) fold(n *inode, g *account.Gap) {
	end := max(n.size, n.offset)
	r.stats.Generations++
	r.stats.Seen += end
	r.stats.Before += n.begin
	r.stats.Read += n.offset - n.begin - n.left - n.lost
	r.stats.Skipped += n.left
	rest := end - n.offset
	switch {
	case g == nil:
		r.stats.Unread += rest
	case rest > 0:
		g.Generation, g.From, g.Bytes = n.path, n.offset, rest
		r.gap(*g)
	}
	n.begin = n.offset
}

var errFolder = errors.New("is a folder; name the files in it, as in DIR/*.log")

// stat says what bears the name now; nil info with nil error when nothing does.
func (r *Path) stat() (fs.FileInfo, error) {
	info, err := r.FS.Stat(r.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errFolder
	case !info.Mode().IsRegular():
		return nil, disk.ErrNotRegular
	}
	return info, nil
}

// opens returns the open file of a description; nil when there is none.
func (r *Path) opens(info fs.FileInfo) *inode {
	for _, n := range r.queue {
		if same(n.info, info) {
			return n
		}
	}
	for _, l := range r.late {
		if same(l.info, info) {
			return l.inode
		}
	}
	return nil
}

func same(a, b fs.FileInfo) bool { return disk.Same(a, b) }

// reason is an error without the name that the notice begins with.
func reason(err error) string { return disk.Reason(err) }
