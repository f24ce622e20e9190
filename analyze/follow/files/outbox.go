package files

import (
	"time"

	"wolfdiag/analyze/follow/account"
)

// Piece is what a source hands over: whole lines of one file or stream, in
// order, or a notice or a gap that belongs between them.
type Piece struct {
	Source  int
	Data    []byte    // whole lines; the receiver owns it
	Torn    bool      // the last line has no newline: the log ends here, for now
	At      *Position // behind Data; nil when it does not move the checkpoint
	Mod     time.Time // when the file was last written
	Skipped int64     // bytes left out before Data, of lines beyond MaxLine
	Cut     int64     // such lines
	Old     bool      // was in the file before following began
	Notice  string
	Gap     *account.Gap
	Ended   bool // the source has nothing more to give
}

// outbox holds what the follower has not taken yet. It is bounded by its user,
// who stops reading when full reports true: nothing is dropped.
type outbox struct {
	pieces []Piece
	bytes  int
}

const (
	maxPending = 512 << 10
	joinBelow  = 64 << 10 // small pieces of one file are handed over together
)

func (b *outbox) full() bool { return b.bytes >= maxPending }

// lines adds whole lines; At is where they end.
func (b *outbox) lines(p Piece) {
	if n := len(b.pieces); n > 0 {
		q := &b.pieces[n-1]
		if q.Notice == "" && q.Gap == nil && !q.Torn && q.Skipped == 0 && p.Skipped == 0 && !p.Torn && len(q.Data)+len(p.Data) < joinBelow && q.Old == p.Old && sameFile(q.At, p.At) {
			q.Data, q.At, q.Mod = append(q.Data, p.Data...), p.At, p.Mod
			b.bytes += len(p.Data)
			return
		}
	}
	b.pieces = append(b.pieces, p)
	b.bytes += len(p.Data)
}

func sameFile(a, b *Position) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Inode == b.Inode && a.Device == b.Device && a.Head == b.Head
}

// joinGap adds a gap to one for the same reason, of those that stand last, and
// reports whether there is one. The first piece is not touched: it may be on its
// way.
func (b *outbox) joinGap(g account.Gap) bool {
	for i := len(b.pieces) - 1; i > 0 && b.pieces[i].Gap != nil; i-- {
		if old := b.pieces[i].Gap; old.Reason == g.Reason {
			joined := account.Gap{File: old.File, Bytes: old.Bytes + g.Bytes, Files: old.Files + g.Files, Reason: g.Reason, Detail: "several gaps"}
			if old.Bytes == account.Unknown || g.Bytes == account.Unknown {
				joined.Bytes = account.Unknown
			}
			b.pieces[i].Gap = &joined
			return true
		}
	}
	return false
}

func (b *outbox) pop() {
	b.bytes -= len(b.pieces[0].Data)
	b.pieces[0] = Piece{}
	if b.pieces = b.pieces[1:]; len(b.pieces) == 0 {
		b.pieces = nil
	}
}
