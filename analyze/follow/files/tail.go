package files

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hpcloud/tail"
	"github.com/hpcloud/tail/watch"

	"wolfdiag/analyze/source/disk"
)

// libraryEvery is how often the library looks at a file. It bounds the delay from
// a write to its line, and how much a truncating rotation may hide.
const libraryEvery = 40 * time.Millisecond

// setPoll sets the library's process-wide interval before its first use. Its
// goroutines read the variable without a lock.
var setPoll = sync.OnceFunc(func() { watch.POLL_DURATION = libraryEvery })

// lineTail lets the library follow one open file. It never sees a name that
// can change, so it can neither lose lines at a rotation nor reach the places
// where it ends the process.
type lineTail struct {
	t *tail.Tail
	// reopened receives, in order between two lines, when the library went back
	// to the beginning because the file had become shorter.
	reopened chan struct{}
}

var errNoLibrary = errors.New("not a file of the machine")

// startTail follows f, of which canTail is true, from offset. The caller
// receives from lines and reopened until lines is closed; nobody else may.
func startTail(f disk.File, offset int64) (*lineTail, error) {
	file, ok := f.(*os.File)
	if !ok {
		return nil, errNoLibrary
	}
	setPoll()
	name := fmt.Sprintf("/proc/self/fd/%d", file.Fd())
	l := &lineTail{reopened: make(chan struct{})}
	// Every stat and open of this name reach the open file, whatever happens to its path.
	t, err := tail.TailFile(name, tail.Config{
		Location: &tail.SeekInfo{Offset: offset, Whence: io.SeekStart},
		// ReOpen, RateLimiter and MaxLineSize stay off: each of them loses data.
		Follow: true, MustExist: true, Poll: true,
		Logger: &tailLogger{Logger: log.New(io.Discard, "", 0), reopened: l.reopened},
	})
	if err != nil {
		return nil, err
	}
	l.t = t
	return l, nil
}

// lines delivers whole lines; it is closed when the library has ended.
func (l *lineTail) lines() chan *tail.Line { return l.t.Lines }

// channels returns what there is to receive from; nil channels when nothing is
// followed. Lines are held back while the receiver has no room.
func (l *lineTail) channels(full bool) (<-chan *tail.Line, <-chan struct{}) {
	switch {
	case l == nil:
		return nil, nil
	case full:
		return nil, l.reopened
	}
	return l.t.Lines, l.reopened
}

// kill asks the library to end. Lines it is about to send still come: the
// caller goes on receiving until the channel is closed, then calls wait.
func (l *lineTail) kill() { l.t.Kill(nil) }

// wait returns why the library ended; nil when it was asked to.
func (l *lineTail) wait() error { return l.t.Wait() }

// tailLogger hears what the library says only to its log.
type tailLogger struct {
	*log.Logger
	reopened chan<- struct{}
}

// Printf is called by the reading goroutine itself, between two lines: while
// it waits here, no line can overtake.
func (l *tailLogger) Printf(format string, _ ...any) {
	if strings.HasPrefix(format, "Re-opening truncated file") {
		l.reopened <- struct{}{}
	}
}
