// Package follow watches logs as they grow and says what is wrong the moment
// it begins.
//
// A Follower reads files and pipes (package files, which loses no line at a
// rotation, or says so), feeds one Analyzer, and turns the changes of its report
// into events: an incident begins, grows, recovers; Wolf restarts. The report at
// the end is the one `analyze` gives for the same bytes.
package follow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"wolfdiag/analyze"
	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/action"
	"wolfdiag/analyze/follow/clock"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/follow/files"
	"wolfdiag/analyze/follow/gpu"
	"wolfdiag/analyze/follow/incident"
	"wolfdiag/analyze/report"
)

// From says where following begins.
type From string

// The places to begin. FromCheckpoint reads a file without a stored place from
// its beginning.
const (
	FromStart      From = "start"
	FromEnd        From = "end"
	FromCheckpoint From = "checkpoint"
)

// Options of a Follower.
type Options struct {
	Paths []string  // files, globs, named pipes, "-" for Stdin
	Stdin io.Reader // read when Paths name "-"
	// Streams are read where Paths have their names: records of a log engine. Who
	// made them ends them.
	Streams    map[string]io.Reader
	From       From              // "": end, or checkpoint when there is one
	Checkpoint string            // file that remembers places and incidents; "": none
	Analyzer   *analyze.Analyzer // takes the lines; the Follower's alone while it runs
	Clock      clock.Clock       // nil: clock.System
	Incidents  incident.Options
	Emit       func(event.Event) // called by Run's goroutine; a slow one slows reading, and nothing is lost by that
	Status     func(Status)      // called now and then, by Run's goroutine; nil: not
	Reopen     <-chan struct{}   // each value: look for files again, open anew
	GPU        gpu.Options
	Action     action.Options
}

const (
	reportEvery = 40 * time.Millisecond  // least time between two reports
	reportShare = 4                      // a report may take one part in so many of the time
	openWait    = 150 * time.Millisecond // for the lines that complete a record
	scanEvery   = 500 * time.Millisecond // between two searches for new files
	saveEvery   = 2 * time.Second        // between two checkpoints when nothing was emitted
	drainTime   = 400 * time.Millisecond // for what is there when the end is asked for
	statusEvery = time.Second
	maxRest     = 4 << 20 // bytes of a record that may go on
)

// origin is one input as the follower sees it.
type origin struct {
	name, kind string
	gpu        bool
	rest       []byte // of a record that may go on
	restSince  time.Time
	place      *files.Position // up to where the analyzer has taken it
	mod        time.Time
	lines      int64
	bytes      int64 // handed over, or left out of overlong lines
	gaps       map[account.Reason]int64
	ended      bool
	oldAt      time.Time     // when something came last that was written before the start
	stats      *account.File // once its reader has ended
	live       *account.Live // until then; nil for a stream
	kick       chan struct{}
}

// Follower reads sources into an Analyzer and emits what changes. Use it once.
type Follower struct {
	o       Options
	clock   clock.Clock
	tracker *incident.Tracker
	actor   *action.Actor
	gpu     *gpu.Monitor
	notes   chan event.Event // from goroutines other than the readers
	asked   context.Context  // ends when the caller asks for the end
	lines   int64
	rate    rate

	intake
	latest
	keeping
}

// intake is what is read, and by whom.
type intake struct {
	pieces    chan files.Piece
	open      files.OpenSet
	sources   []*origin
	byName    map[string]bool
	watch     files.Watcher
	readers   sync.WaitGroup
	live      int             // sources that have not ended
	ctx, hard context.Context // of the readers: stop, and stop handing over
	globs     bool            // files may come that nobody knows by name
	found     bool            // find has run
	turn      chan struct{}   // closed by the file named last, when it is caught up with
	behind    []chan struct{} // of files that are not caught up with; each is closed when it is
}

// latest is the last report.
type latest struct {
	report   *report.Report
	revision uint64    // of the analyzer, then
	nextAt   time.Time // no report before
}

// keeping is what is remembered in the checkpoint, and from it.
type keeping struct {
	saved        *checkpoint // of the run before; nil: none
	replayed     bool        // something was read again that an earlier run had read
	placed       bool        // a place has changed since it was written
	emitted      bool        // an event was passed on since
	lastSave     time.Time
	saveError    string // that was emitted last
	saveFailures int
}

// New makes a Follower. It fails when the options cannot work.
func New(o Options) (*Follower, error) {
	if o.Analyzer == nil || o.Emit == nil {
		return nil, fmt.Errorf("follow: an analyzer and somebody to emit events to are needed")
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.From == "" {
		o.From = FromEnd
		if o.Checkpoint != "" {
			o.From = FromCheckpoint
		}
	}
	f := &Follower{
		o: o, clock: o.Clock, tracker: incident.New(o.Incidents), notes: make(chan event.Event, 64),
		intake: intake{pieces: make(chan files.Piece), byName: map[string]bool{}},
	}
	var err error
	if o.Checkpoint != "" {
		if f.o.Checkpoint, err = placeFor(o.Checkpoint, append([]string{o.GPU.Source}, o.Paths...)); err != nil {
			return nil, err
		}
		f.saved, err = loadCheckpoint(o.Checkpoint)
		if errors.Is(err, errCheckpoint) {
			f.notes <- event.Event{Kind: event.KindNotice, Time: f.clock.Now(), Text: err.Error() + "; it will be replaced"}
		} else if err != nil {
			return nil, err
		}
		if f.resumes() {
			f.tracker.Restore(f.saved.Incidents)
		}
	} else if o.From == FromCheckpoint {
		return nil, fmt.Errorf("follow: --from checkpoint needs a checkpoint file")
	}
	if f.actor, err = action.New(o.Action, f.clock, f.notes); err != nil {
		return nil, err
	}
	if f.saved != nil && f.saved.Acted.Before(f.clock.Now()) {
		f.actor.ActedBefore(f.saved.Acted)
	}
	if f.gpu, err = gpu.New(o.GPU); err != nil {
		return nil, err
	}
	return f, nil
}

// Run follows until the context ends, or every source has (pipes end, files
// do not). It then reads what is there, within half a second, emits the full
// report as the last event and returns it. All its goroutines have ended, but
// for a read of standard input that the system cannot interrupt.
func (f *Follower) Run(ctx context.Context) *report.Report {
	hard, stop := context.WithCancel(context.Background())
	defer stop()
	var cancel context.CancelFunc
	f.asked = ctx
	f.ctx, cancel = context.WithCancel(ctx)
	defer cancel()
	f.hard = hard
	var unwatch func()
	f.watch, unwatch = files.NewWatcher()
	f.actor.Start()
	f.find()
	f.remember()
	f.startGPU()
	if f.turn != nil {
		f.behind = append(f.behind, f.turn)
	}
	var drained <-chan time.Time
	ending := ctx.Done()
	var scan, alarm <-chan time.Time
	var alarmAt time.Time
	if f.globs {
		scan = f.clock.After(scanEvery)
	}
	second := f.clock.After(statusEvery)
	finished := make(chan struct{})
	waiting := false
	for f.live > 0 || !waiting {
		if !waiting && (ctx.Err() != nil || f.live == 0) {
			waiting = true
			go func() { f.readers.Wait(); close(finished) }()
			drained, ending = f.clock.After(drainTime), nil
			if f.live == 0 {
				break
			}
		}
		now := f.clock.Now()
		if at := f.due(now); !at.IsZero() && (alarm == nil || at.Before(alarmAt)) {
			alarm, alarmAt = f.clock.After(max(at.Sub(now), 0)), at
		}
		select {
		case p := <-f.pieces:
			f.take(p)
		case <-alarm:
			alarm = nil
		case e := <-f.notes:
			f.emit(e)
		case <-f.o.Reopen:
			f.reopen()
		case <-scan:
			f.find()
			scan = f.clock.After(scanEvery)
		case <-f.firstBehind():
			f.behind = f.behind[1:]
			f.emitStatus()
		case <-second:
			second = f.clock.After(statusEvery)
			f.tick(f.clock.Now())
		case <-ending:
			ending = nil
		case <-drained:
			stop() // the readers count what they leave
			drained = nil
		case <-finished:
			f.live = 0
		}
		f.work(f.clock.Now())
	}
	cancel()
	stop()
	f.readers.Wait()
	unwatch()
	return f.end()
}

// firstBehind is closed when a file is caught up with; nil: all are.
func (f *Follower) firstBehind() <-chan struct{} {
	if len(f.behind) == 0 {
		return nil
	}
	return f.behind[0]
}

// reopen has every file opened anew.
func (f *Follower) reopen() {
	f.find()
	for _, s := range f.sources {
		if s.kick != nil {
			select {
			case s.kick <- struct{}{}:
			default: // one is waiting already
			}
		}
	}
	f.emit(event.Event{Kind: event.KindNotice, Time: f.clock.Now(), Text: "opening all files anew, as asked"})
}

// end emits the last things and returns the report.
func (f *Follower) end() *report.Report {
	now := f.clock.Now()
	for _, s := range f.sources {
		f.flush(s)
	}
	f.observe(now)
	f.debounce(now, true)
	f.actor.Stop(f.asked.Done())
	for len(f.notes) > 0 {
		f.emit(<-f.notes)
	}
	if f.o.Checkpoint != "" {
		f.save(now)
	}
	all := f.Files()
	f.warn(all)
	for i := range all {
		if t := all[i].String(); t != "" {
			f.emit(event.Event{Kind: event.KindNotice, Time: now, Text: t})
		}
	}
	f.emit(event.Event{Kind: event.KindReport, Time: now, Files: all, Report: f.report, Text: f.report.Summary})
	return f.report
}

// warn puts into the report what of its inputs was not read.
func (f *Follower) warn(all []account.File) {
	for i := range f.report.Inputs {
		in := &f.report.Inputs[i]
		for k := range all {
			if s := &all[k]; s.Name == in.Name && s.Incomplete() {
				if g := s.GapSummary(); g != "" {
					in.Warnings = append(in.Warnings, g+": not all of it was read")
				}
				if s.Unread > 0 {
					in.Warnings = append(in.Warnings, counted(s.Unread, "byte", "bytes")+" not read before the end")
				}
			}
		}
	}
}

// Files says what became of each source, in the order in which they came. It
// is complete once Run has returned.
func (f *Follower) Files() []account.File {
	var out []account.File
	for _, s := range f.sources {
		st := *s.stats
		st.Name, st.Lines = s.name, s.lines
		out = append(out, st)
	}
	return out
}
