//go:build unix

package files

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/filestest"
	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/disk/disktest"
)

// simulation is a world of one writer and one rotator, and a reader whose every
// call they may come between. Nothing in it takes time.
type simulation struct {
	rng    *rand.Rand
	fs     *disktest.FS
	now    time.Time // as the machine's clock says
	real   time.Duration
	name   string // followed
	base   string // of the file behind it
	rotate string // what the rotator does
	keep   int
	watch  bool
	faults bool
	w      *disktest.Handle
	part   string // of a line, still to be written
	next   int
	size   []int                     // of each line
	in     []*disktest.Handle        // through which it was written; nil: not yet
	away   map[*disktest.Handle]bool // opened while nobody reads; true: and deleted
	inside bool                      // the world does not come between its own doings
	paused bool
	calm   bool
	missed bool // events were lost
	empty  bool // an empty file was rotated

	failing  map[disktest.Op]failure
	r        *Path
	out      chan Piece
	place    *Position
	seen     map[int]int
	torn     []string
	gaps     []account.Gap
	stats    []account.File
	cut      int // truncations
	cutTold  int // of them
	crashes  int
	restarts int
	links    int
	dated    []string     // oldest first
	tell     func(string) // of all that happens; may be nil
}

type failure struct {
	until time.Duration
	err   error
}

// simClock is the reader's: it goes on without jumps, as a monotonic one does.
type simClock struct{ s *simulation }

func (c simClock) Now() time.Time                       { return time.Unix(1_760_000_000, 0).Add(c.s.real) }
func (c simClock) After(time.Duration) <-chan time.Time { return make(chan time.Time) }

// simWatcher counts births as inotify does.
type simWatcher struct{ fs *disktest.FS }

func (w simWatcher) Arm(disk.File, chan<- struct{}) bool { return false }
func (w simWatcher) Name(path string, _ chan<- struct{}) NameWatch {
	return w.fs.Watch(path)
}

var rotators = []string{"numbered", "numbered", "dated", "delete", "copytruncate", "truncate", "compressed", "delaycompress", "link", "k8s", "mixed"}

func newSimulation(seed uint64) *simulation {
	rng := rand.New(rand.NewPCG(seed, 15))
	s := &simulation{rng: rng, now: time.Date(2025, 10, 26, 0, 59, 0, 0, time.UTC), name: "/logs/wolf.log", base: "/logs/wolf.log",
		rotate: rotators[rng.IntN(len(rotators))], keep: 1 + rng.IntN(12), watch: rng.IntN(4) > 0, faults: rng.IntN(2) == 0,
		failing: map[disktest.Op]failure{}, seen: map[int]int{}, away: map[*disktest.Handle]bool{}, out: make(chan Piece, 1<<14)}
	s.fs = disktest.New(func() time.Time { return s.now })
	s.fs.Call = s.call
	if s.rotate == "link" || s.rotate == "k8s" {
		s.base = "/pods/0.log"
		s.fs.Link(s.base, s.name)
	}
	s.w = s.fs.Create(s.base)
	return s
}

// call comes before each thing the reader does.
func (s *simulation) call(op disktest.Op, name string) error {
	if !s.inside && s.rng.IntN(12) == 0 {
		s.world()
	}
	if f := s.failing[op]; f.err != nil && s.real < f.until {
		return f.err
	}
	return nil
}

// world lets writer and rotator do something.
func (s *simulation) world() {
	if s.paused {
		return
	}
	s.inside = true
	defer func() { s.inside = false }()
	s.now = s.now.Add(time.Duration(1+s.rng.IntN(4000)) * time.Microsecond)
	switch s.rng.IntN(10) {
	case 0:
		s.rotation()
	case 1: // a line in two pieces
		if s.part == "" {
			l := s.line()
			k := 1 + s.rng.IntN(len(l)-1)
			s.write(l[:k])
			s.part = l[k:]
		}
	default:
		for range 1 + s.rng.IntN(6) {
			s.write(s.line())
		}
	}
	if s.rng.IntN(400) == 0 { // the clock is set, or summer ends
		d := []time.Duration{-time.Hour, time.Hour, -3 * time.Second, time.Second}[s.rng.IntN(4)]
		if d > 0 || s.restarts == 0 { // nobody can order dates after a restart when the clock has gone back
			s.now = s.now.Add(d)
		}
	}
	if s.watch && s.rng.IntN(3000) == 0 {
		s.fs.LoseEvents()
		s.missed = true
	}
}

// line is the rest of the one that was begun, or the next one.
func (s *simulation) line() string {
	if s.part != "" {
		l := s.part
		s.part = ""
		return l
	}
	l := filestest.Numbered(s.next)
	s.next++
	s.size, s.in = append(s.size, len(l)), append(s.in, nil)
	return l
}

func (s *simulation) write(l string) {
	_, _ = s.w.Write([]byte(l))
	if strings.HasSuffix(l, "\n") {
		s.in[s.next-1] = s.w
	}
}

// rotation does what the rotator does.
func (s *simulation) rotation() {
	if s.part != "" {
		s.write(s.line()) // writers finish a line before they rotate
	}
	kind := s.rotate
	if kind == "mixed" {
		kind = []string{"numbered", "dated", "delete", "compressed"}[s.rng.IntN(4)]
	}
	s.say("rotation: %s, before line %d", kind, s.next)
	s.empty = s.empty || s.w.Size() == 0
	switch kind {
	case "numbered", "compressed", "delaycompress":
		s.shift(kind)
		s.fs.Rename(s.base, s.base+".1")
		if kind == "compressed" {
			s.reopen()
			s.fs.Gzip(s.base + ".1")
			return
		}
	case "dated", "k8s":
		to := fmt.Sprintf("%s-%s", s.base, s.now.Format("20060102-150405.000000000"))
		s.fs.Rename(s.base, to)
		s.dated = append(s.dated, to)
		for len(s.dated) > s.keep {
			s.fs.Remove(s.dated[0])
			s.dated = s.dated[1:]
		}
	case "delete":
		s.fs.Remove(s.base)
		if _, ok := s.away[s.w]; ok {
			s.away[s.w] = true
		}
	case "copytruncate", "truncate":
		s.cut++
		if kind == "copytruncate" {
			s.shift(kind)
			s.fs.Copy(s.base, s.base+".1")
		}
		s.fs.Truncate(s.base)
		return
	case "link":
		s.links++
		if s.rng.IntN(3) == 0 { // the file is replaced, then the link is switched
			s.fs.Rename(s.base, s.base+".1")
			s.reopen()
			s.write(s.line())
		}
		s.base = fmt.Sprintf("/pods/%d.log", s.links)
		s.reopen()
		s.fs.Link(s.base, s.name+".new")
		s.fs.Rename(s.name+".new", s.name)
		return
	}
	if s.rng.IntN(4) == 0 { // nothing bears the name for a while
		s.between()
	}
	s.reopen()
}

// between lets the writer go on in the file that has lost its name.
func (s *simulation) between() {
	for range s.rng.IntN(3) {
		s.write(s.line())
	}
}

func (s *simulation) reopen() {
	old := s.w
	if s.rng.IntN(4) == 0 { // a late writer
		s.between()
	}
	old.Close()
	s.w = s.fs.Create(s.base)
	if s.r == nil {
		s.away[s.w] = false
	}
}

// shift makes room for NAME.1.
func (s *simulation) shift(kind string) {
	for i := s.keep; i >= 1; i-- {
		for _, ext := range []string{"", ".gz"} {
			from := fmt.Sprintf("%s.%d%s", s.base, i, ext)
			if i == s.keep {
				s.fs.Remove(from)
				continue
			}
			s.fs.Rename(from, fmt.Sprintf("%s.%d%s", s.base, i+1, ext))
		}
	}
	if kind == "delaycompress" {
		s.fs.Gzip(s.base + ".2")
	}
}

// begin starts a reader.
func (s *simulation) begin() {
	s.r = &Path{Shared: Shared{FS: s.fs, Clock: simClock{s}, Out: s.out, Alone: true}, Name: s.name, Initial: true, Resume: s.place}
	if s.watch {
		s.r.Watch = simWatcher{s.fs}
	}
	inside := s.inside
	s.inside = true
	s.r.prepare()
	s.inside = inside
	for h, deleted := range s.away {
		if !deleted {
			delete(s.away, h) // it is there to be found
		}
	}
}

// step lets time pass and the reader work.
func (s *simulation) step() {
	d := time.Duration(1+s.rng.IntN(60)) * time.Millisecond
	if s.rng.IntN(30) == 0 { // the machine is busy
		d = time.Duration(s.rng.IntN(3000)) * time.Millisecond
	}
	s.real += d
	s.now = s.now.Add(d)
	for range s.rng.IntN(8) {
		s.world()
	}
	if s.faults && !s.calm && s.rng.IntN(40) == 0 {
		s.fail()
	}
	s.r.poll()
	s.sayQueue()
	for range 1 + s.rng.IntN(6) {
		if s.r.mayRead() {
			s.r.read()
		}
	}
	if s.tell != nil {
		s.say("box %d pieces, %d bytes", len(s.r.box.pieces), s.r.box.bytes)
	}
	if s.rng.IntN(3) > 0 { // the consumer takes what there is
		for len(s.r.box.pieces) > 0 {
			s.take(s.r.box.pieces[0])
			s.r.box.pop()
		}
	}
}

// fail has an operation fail once, for a while, or for longer than the reader's patience.
func (s *simulation) fail() {
	op := []disktest.Op{disktest.Open, disktest.Read, disktest.Stat, disktest.List}[s.rng.IntN(4)]
	err := []error{syscall.EIO, syscall.EACCES, syscall.EMFILE, syscall.ESTALE, syscall.EINTR}[s.rng.IntN(5)]
	d := []time.Duration{time.Millisecond, 300 * time.Millisecond, 2 * time.Second, 15 * time.Second}[s.rng.IntN(4)]
	s.failing[op] = failure{s.real + d, err}
	s.say("%s fails for %s: %v", op, d, err)
}

func (s *simulation) take(p Piece) {
	if strings.Contains(p.Notice, "was truncated") {
		s.cutTold++
	}
	if p.Notice != "" {
		s.say("%s", p.Notice)
	}
	if p.Gap != nil {
		s.gaps = append(s.gaps, *p.Gap)
		s.say("%s", p.Gap)
	}
	for line := range bytes.Lines(p.Data) {
		n, ok := filestest.Number(string(line))
		// What stands at an end without its newline, however whole it looks, is not
		// passed by the checkpoint, and is read again.
		if !ok || p.Torn && !bytes.HasSuffix(line, []byte("\n")) {
			s.torn = append(s.torn, string(line[:min(len(line), 60)]))
			s.say("torn %.60q", line)
			continue
		}
		if s.seen[n]++; s.seen[n] > 1 {
			s.say("line %d again", n)
		}
	}
	if p.At != nil && !p.Torn {
		s.place = p.At
	}
}

// end stops the reader in an orderly way, or by a crash.
func (s *simulation) end(orderly bool) {
	if !orderly {
		s.crashes++
		for _, n := range s.r.queue {
			n.close()
		}
		for _, l := range s.r.late {
			l.close()
		}
		s.r.dropPresent()
		s.r.names.close()
		s.r = nil
		s.say("crash at %+v", s.place)
		return
	}
	s.r.finish(context.Background())
	s.r.names.close()
	for len(s.out) > 0 {
		s.take(<-s.out)
	}
	s.stats = append(s.stats, s.r.stats)
	s.r = nil
	s.say("stopped at %+v", s.place)
}

func (s *simulation) say(format string, args ...any) {
	if s.tell != nil {
		s.tell(fmt.Sprintf("%9.3f %s", s.real.Seconds(), fmt.Sprintf(format, args...)))
	}
}

// sayQueue tells what is open.
func (s *simulation) sayQueue() {
	if s.tell == nil {
		return
	}
	var b strings.Builder
	for _, n := range s.r.queue {
		_, ino := n.id()
		fmt.Fprintf(&b, " %d@%d/%d", ino, n.offset, n.size)
	}
	b.WriteString(" late")
	for _, l := range s.r.late {
		_, ino := l.id()
		fmt.Fprintf(&b, " %d@%d/%d", ino, l.offset, l.size)
	}
	s.say("open:%s; accounted %d, failing: %v", b.String(), s.r.names.accounted, s.r.failing.problem)
}
