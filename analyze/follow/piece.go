package follow

import "time"

// piece is what a source hands to the follower: whole lines of one file or
// stream, in order, or a notice that belongs between them.
type piece struct {
	src     int
	data    []byte    // whole lines; the receiver owns it
	torn    bool      // the last line has no newline: the log ends here, for now
	at      *position // behind data; nil when it does not move the checkpoint
	mod     time.Time // when the file was last written
	skipped int64     // bytes left out before data, of lines beyond maxLine
	cut     int64     // such lines
	old     bool      // was in the file before following began
	notice  string
	ended   bool // the source has nothing more to give
}

// FileStats is what became of one source.
type FileStats struct {
	Name        string `json:"name"`
	Lines       int64  `json:"lines"`
	Bytes       int64  `json:"bytes"`
	Rotations   int    `json:"rotations"`
	Truncations int    `json:"truncations"`
	Restarts    int    `json:"watchdog_restarts"` // of a follower that had fallen silent
	Torn        int    `json:"torn_lines"`        // lines taken before their newline came
	Cut         int64  `json:"cut_lines"`         // lines longer than 1 MiB
	Skipped     int64  `json:"skipped_bytes"`     // of those
	Unread      int64  `json:"unread_bytes"`      // left when the follower was told to end
	Problems    int    `json:"problems"`          // permission lost, a folder in the file's place, …
}

// outbox holds what the follower has not taken yet. It is bounded by its user,
// who stops reading when full reports true: nothing is dropped.
type outbox struct {
	pieces []piece
	bytes  int
}

const (
	maxPending = 512 << 10
	joinBelow  = 64 << 10 // small pieces of one file are handed over together
)

func (b *outbox) full() bool { return b.bytes >= maxPending }

// lines adds whole lines; at is where they end.
func (b *outbox) lines(p piece) {
	if n := len(b.pieces); n > 0 {
		q := &b.pieces[n-1]
		if q.notice == "" && !q.torn && q.skipped == 0 && p.skipped == 0 && !p.torn && len(q.data)+len(p.data) < joinBelow && sameFile(q.at, p.at) {
			q.data, q.at, q.mod = append(q.data, p.data...), p.at, p.mod
			b.bytes += len(p.data)
			return
		}
	}
	b.pieces = append(b.pieces, p)
	b.bytes += len(p.data)
}

func sameFile(a, b *position) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Inode == b.Inode && a.Device == b.Device && a.Head == b.Head
}

func (b *outbox) pop() {
	b.bytes -= len(b.pieces[0].data)
	b.pieces[0] = piece{}
	if b.pieces = b.pieces[1:]; len(b.pieces) == 0 {
		b.pieces = nil
	}
}
