package files

import (
	"bytes"

	"github.com/hpcloud/tail"
)

// takeLines accepts a line from the library, and what it has more. They are of
// the file that is followed only if it still is what it was: one that was
// truncated and has grown again looks the same to the library.
func (r *Path) takeLines(first string) {
	n := r.queue[0]
	lines := []string{first}
	in, reopened := r.tail.lines(), false
	for more := true; more && len(lines) < lineBatch; {
		select {
		case l, ok := <-in:
			if !ok {
				more = false // received again, and seen, by the loop
				break
			}
			lines = append(lines, l.Text)
		case <-r.tail.reopened:
			reopened, more = true, false
		default:
			more = false
		}
	}
	if !r.accept(n, lines) || reopened {
		r.endTail(true)
	}
}

// accept adds the library's lines. It returns false, and leaves out the rest,
// where a line is of what has taken the file's place.
func (r *Path) accept(n *inode, lines []string) bool {
	ok, err := n.intact()
	if err != nil {
		ok = true // a failing disk: the lines have been read, whatever it says now
	}
	r.pace.heard = r.Clock.Now()
	var data []byte
	for _, l := range lines {
		line := append([]byte(l), '\n')
		if !ok {
			// Replaced. What stands there now is not what was there before.
			now := make([]byte, len(line))
			if k, _ := n.f.ReadAt(now, n.offset+int64(len(data))); k > 0 && bytes.Equal(now[:k], line[:k]) {
				break
			}
		}
		data = append(data, line...)
	}
	if len(data) > 0 {
		n.advance(data)
		r.add(n, data, true)
	}
	return ok
}

// stopTail ends the library and takes what it still hands over. When it went
// back to the beginning meanwhile, what came after that is left to our reader.
func (r *Path) stopTail() {
	if r.tail != nil {
		r.endTail(false)
	}
}

// endTail ends the library. rewound: what it still hands over is not of the
// file that was read so far.
func (r *Path) endTail(rewound bool) {
	t := r.tail
	t.kill()
	var lines []string
	for in := t.lines(); in != nil; {
		select {
		case l, ok := <-in:
			in = r.collect(l, ok, rewound, &lines, in)
		case <-t.reopened:
			rewound = true
		}
	}
	_ = t.wait() // it was asked to end
	r.tail = nil
	n := r.queue[0]
	if len(lines) > 0 && !r.accept(n, lines) {
		rewound = true
	}
	if rewound {
		r.startOver(n)
	}
}

func (r *Path) collect(l *tail.Line, ok, rewound bool, lines *[]string, in chan *tail.Line) chan *tail.Line {
	switch {
	case !ok:
		return nil
	case !rewound:
		*lines = append(*lines, l.Text)
	}
	return in
}

// tailEnded is reached when the library gave up by itself: a read error, or a
// file it could not open again. We read on ourselves and try it later.
func (r *Path) tailEnded() {
	err := r.tail.wait()
	r.tail = nil
	r.reading = true
	r.pace.retry = r.Clock.Now().Add(retryAfter)
	r.stats.Restarts++
	if err != nil {
		r.worry(err)
	}
}

// follow lets the library take over at the end of the newest file, unless it
// rests, or is out of the library's reach: then our own reader looks after it.
func (r *Path) follow() {
	n := r.queue[0]
	if r.Alone || n.untailable || r.resting() || r.Turn != nil || r.tail != nil || n.skipping || n.scanned-n.offset > blockSize/4 || r.Clock.Now().Before(r.pace.retry) {
		return
	}
	t, err := startTail(n.f, n.offset)
	if err != nil {
		r.pace.retry = r.Clock.Now().Add(retryAfter)
		return // our own reader looks after the file meanwhile
	}
	r.tail = t
	r.pace.heard = r.Clock.Now()
}
