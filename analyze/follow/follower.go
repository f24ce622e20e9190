package follow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"wolfdiag/analyze"
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
	Paths      []string          // files, globs, named pipes, "-" for Stdin
	Stdin      io.Reader         // read when Paths name "-"
	From       From              // "": end, or checkpoint when there is one
	Checkpoint string            // file that remembers places and incidents; "": none
	Analyzer   *analyze.Analyzer // takes the lines; the Follower's alone while it runs
	Clock      Clock             // nil: SystemClock
	Tracker    TrackerOptions
	Tell       func(Event)     // called by Run's goroutine; a slow one slows reading, and nothing is lost by that
	Status     func(Status)    // called now and then, by Run's goroutine; nil: not
	Reopen     <-chan struct{} // each value: look for files again, open anew
	GPU        GPUOptions
	Action     ActionOptions
}

// Status is what is going on.
type Status struct {
	Lines    int64
	Rate     float64 // lines a second, of late
	Sources  int
	Open     int // incidents
	Lifetime *report.Lifetime
	GPU      *GPUState
}

const (
	reportEvery = 40 * time.Millisecond  // least time between two reports
	reportShare = 4                      // a report may take one part in so many of the time
	openWait    = 150 * time.Millisecond // for the lines that complete a record
	scanEvery   = 500 * time.Millisecond // between two searches for new files
	saveEvery   = 2 * time.Second        // between two checkpoints when nothing was told
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
	place      *position // up to where the analyzer has taken it
	mod        time.Time
	lines      int64
	ended      bool
	oldAt      time.Time // when something came last that was written before the start
	stats      *FileStats
	kick       chan struct{}
}

// Follower reads sources into an Analyzer and tells what changes. Use it once.
type Follower struct {
	o       Options
	clock   Clock
	tracker *Tracker
	pieces  chan piece
	ids     idSet
	sources []*origin
	byName  map[string]bool
	bell    *bell
	readers sync.WaitGroup
	live    int // sources that have not ended
	ring    ring
	saved   *checkpoint
	actor   *actor
	gpu     *gpuMonitor
	notes   chan Event // from goroutines other than the readers

	asked     context.Context // ends when the caller asks for the end
	ctx, hard context.Context // of the readers: stop, and stop handing over
	report    *report.Report
	revision  uint64
	nextAt    time.Time // no report before
	lines     int64
	rate      rate
	globs     bool          // files may come that nobody knows by name
	found     bool          // find has run
	recalled  bool          // something was read again that an earlier run had read
	turn      chan struct{} // closed by the file named last, when it is caught up with
	placed    bool          // a place has changed since the checkpoint was written
	told      bool          // an event was told since
	lastSave  time.Time

	saveError    string // told last
	saveFailures int
}

// New makes a Follower. It fails when the options cannot work.
func New(o Options) (*Follower, error) {
	if o.Analyzer == nil || o.Tell == nil {
		return nil, fmt.Errorf("follow: an analyzer and somebody to tell are needed")
	}
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	if o.From == "" {
		o.From = FromEnd
		if o.Checkpoint != "" {
			o.From = FromCheckpoint
		}
	}
	f := &Follower{
		o: o, clock: o.Clock, tracker: NewTracker(o.Tracker), pieces: make(chan piece),
		byName: map[string]bool{}, notes: make(chan Event, 64),
	}
	var err error
	if o.Checkpoint != "" {
		if f.o.Checkpoint, err = placeFor(o.Checkpoint, append([]string{o.GPU.Source}, o.Paths...)); err != nil {
			return nil, err
		}
		f.saved, err = loadCheckpoint(o.Checkpoint)
		if errors.Is(err, errCheckpoint) {
			f.notes <- Event{Kind: EventNotice, Time: f.clock.Now(), Text: err.Error() + "; it will be replaced"}
		} else if err != nil {
			return nil, err
		}
		if f.resumes() {
			f.tracker.Restore(f.saved.Incidents)
		}
	} else if o.From == FromCheckpoint {
		return nil, fmt.Errorf("follow: --from checkpoint needs a checkpoint file")
	}
	if f.actor, err = newActor(o.Action, f.clock, f.notes); err != nil {
		return nil, err
	}
	if f.saved != nil && f.saved.Acted.Before(f.clock.Now()) {
		f.actor.last = f.saved.Acted
	}
	if f.gpu, err = newGPUMonitor(o.GPU); err != nil {
		return nil, err
	}
	return f, nil
}

// Run follows until the context ends, or every source has (pipes end, files
// do not). It then reads what is there, within half a second, tells the full
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
	f.bell = newBell()
	f.actor.start()
	f.find()
	f.remember()
	f.startGPU()
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
			f.tell(e)
		case <-f.o.Reopen:
			f.reopen()
		case <-scan:
			f.find()
			scan = f.clock.After(scanEvery)
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
	f.bell.close()
	return f.end()
}

// due is when work has something to do next; zero: not before something comes.
func (f *Follower) due(now time.Time) time.Time {
	var at time.Time
	earlier := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	if f.o.Analyzer.Revision() != f.revision {
		earlier(f.nextAt)
	} else if t := f.actor.ripe(); !t.IsZero() {
		earlier(t)
	}
	if t := f.actor.awaited(); !t.IsZero() {
		earlier(t)
	}
	for _, s := range f.sources {
		if len(s.rest) > 0 {
			earlier(s.restSince.Add(openWait))
		}
	}
	return at
}

// take feeds a piece to the analyzer.
func (f *Follower) take(p piece) {
	s := f.sources[p.src]
	if p.notice != "" {
		f.tell(Event{Kind: EventNotice, Time: f.clock.Now(), Text: p.notice})
	}
	if p.ended {
		f.flush(s)
		s.ended = true
		switch {
		case !s.gpu:
			f.live--
		case !f.interrupted():
			f.gpuDark(f.clock.Now(), "its output has ended")
		}
		return
	}
	if s.gpu {
		f.gpuLines(&p)
		return
	}
	if p.skipped > 0 || p.cut > 0 {
		f.o.Analyzer.Skipped(s.name, p.skipped, p.cut)
	}
	if len(p.data) == 0 {
		return
	}
	s.mod = p.mod
	if p.old {
		s.oldAt = f.clock.Now()
	}
	if f.o.Action.Snapshot != "" {
		f.ring.add(s.name, p.data)
		f.actor.came(s.name, p.data)
	}
	data := p.data
	if len(s.rest) > 0 {
		data = append(s.rest, data...)
	}
	final := p.torn || len(data) > maxRest
	n := f.o.Analyzer.Feed(s.name, s.kind, s.mod, data, final)
	got := countLines(p.data)
	s.lines += got
	f.lines += got
	f.rate.add(got)
	s.rest = append(s.rest[:0:0], data[n:]...)
	s.restSince = f.clock.Now()
	if p.at != nil && !p.torn {
		at := *p.at
		at.Offset = max(at.Offset-int64(len(s.rest)), 0)
		s.place = &at
		f.placed = true
	}
}

// flush gives up waiting for more of a record.
func (f *Follower) flush(s *origin) {
	if len(s.rest) == 0 {
		return
	}
	f.o.Analyzer.Feed(s.name, s.kind, s.mod, s.rest, true)
	if s.place != nil {
		s.place.Offset += int64(len(s.rest))
		f.placed = true
	}
	s.rest = nil
}

// work does what is due: records that wait no longer, a report when something
// new was recognised, and an action when the report has stood for long enough.
func (f *Follower) work(now time.Time) {
	for _, s := range f.sources {
		if len(s.rest) > 0 && now.Sub(s.restSince) >= openWait {
			f.flush(s)
		}
	}
	if f.o.Analyzer.Revision() != f.revision && !now.Before(f.nextAt) {
		f.observe(now)
	}
	if f.o.Analyzer.Revision() == f.revision {
		f.settle(now, false)
	}
	if t := f.actor.awaited(); !t.IsZero() && !now.Before(t) {
		f.actor.saveAfter()
	}
}

// observe asks for a report and tells what is new in it. The slower a report
// is, the rarer they become.
func (f *Follower) observe(now time.Time) {
	f.revision = f.o.Analyzer.Revision()
	f.report = f.o.Analyzer.Report()
	done := f.clock.Now()
	f.nextAt = done.Add(max(reportEvery, reportShare*done.Sub(now)))
	f.changes(now)
}

// changes tells what the tracker finds in the last report.
func (f *Follower) changes(now time.Time) {
	for _, e := range f.tracker.Observe(now, f.report) {
		f.tell(e)
		if e.Kind == EventLifetime && e.Change == changeStarted {
			f.gpu.forget()
		}
		if e.Kind == EventIncident || e.Change == changeEscalated {
			f.actor.began(e, f.catchingUp(now), f.ring.onset)
		}
	}
	f.stands(now)
	if f.told {
		f.save(now)
	}
}

// act has an event acted on, unless the end was asked for: what would be
// started now would be killed at once. onset are the lines that came before it.
func (f *Follower) act(now time.Time, e Event, old bool, onset []ringPart) {
	if f.interrupted() {
		return
	}
	last := f.actor.last
	f.actor.consider(now, e, f.report, func() []byte { return f.ring.dump(onset) }, old)
	if !f.actor.last.Equal(last) {
		f.save(now)
	}
}

func (f *Follower) interrupted() bool { return f.asked.Err() != nil }

// catchingUp reports whether some file is still read where it was written
// before the start, or was a moment ago.
func (f *Follower) catchingUp(now time.Time) bool {
	for _, s := range f.sources {
		if !s.oldAt.IsZero() && now.Sub(s.oldAt) < 2*time.Second {
			return true
		}
	}
	return false
}

// tell passes an event on.
func (f *Follower) tell(e Event) {
	if e.Kind == EventIncident || e.Kind == EventUpdate || e.Kind == EventLifetime {
		f.told = true
	}
	f.o.Tell(e)
}

// tick is what happens once a second.
func (f *Follower) tick(now time.Time) {
	f.rate.tick(now)
	if f.report != nil {
		f.changes(now) // time alone makes incidents recover
	}
	f.gpuTick(now)
	if f.placed && now.Sub(f.lastSave) >= saveEvery {
		if f.o.Analyzer.Revision() != f.revision {
			f.observe(now) // what is said to be read must have been told of
		}
		f.save(now)
	}
	if f.o.Status != nil {
		f.o.Status(f.status())
	}
}

func (f *Follower) status() Status {
	s := Status{Lines: f.lines, Rate: f.rate.value, Open: f.tracker.Open(), GPU: f.gpu.state()}
	for _, src := range f.sources {
		if !src.ended && !src.gpu {
			s.Sources++
		}
	}
	if f.report != nil && len(f.report.Lifetimes) > 0 {
		l := f.report.Lifetimes[len(f.report.Lifetimes)-1]
		s.Lifetime = &l
	}
	return s
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
	f.tell(Event{Kind: EventNotice, Time: f.clock.Now(), Text: "opening all files anew, as asked"})
}

// end tells the last things and returns the report.
func (f *Follower) end() *report.Report {
	now := f.clock.Now()
	for _, s := range f.sources {
		f.flush(s)
	}
	f.observe(now)
	f.settle(now, true)
	f.actor.stop(f.asked.Done())
	for len(f.notes) > 0 {
		f.tell(<-f.notes)
	}
	if f.o.Checkpoint != "" {
		f.save(now)
	}
	for _, s := range f.Files() {
		if t := s.String(); t != "" {
			f.tell(Event{Kind: EventNotice, Time: now, Text: t})
		}
	}
	f.tell(Event{Kind: EventReport, Time: now, Report: f.report, Text: f.report.Summary})
	return f.report
}

// Files says what became of each source, in the order in which they came. It
// is complete once Run has returned.
func (f *Follower) Files() []FileStats {
	var out []FileStats
	for _, s := range f.sources {
		st := *s.stats
		st.Name, st.Lines = s.name, s.lines
		out = append(out, st)
	}
	return out
}
