package correlate

import "wolfdiag/analyze/timeline"

const (
	// goesOn is how many lines that are no complaint a program must say after one
	// to have gone on. Failing programs say up to five: what they clean up, and
	// where their help stands.
	goesOn = 6
	// tryLines is how close behind a complaint the program says that it tries another
	// way.
	tryLines   = 5
	maxStreams = 4096 // that are told apart
)

// streams counts what each stream says beside complaints: a program that goes on
// after a complaint, or ends well, has not failed for it. The zero value is ready.
type streams struct {
	byKey map[streamKey]*stream
	wolfs map[int32]bool // inputs in which Wolf speaks
	key   streamKey      // of last
	last  *stream
}

// streamKey is a service in one input.
type streamKey struct {
	input   int32
	service string
}

type stream struct {
	said       [goesOn]int64 // the last lines that are no complaint, as a ring
	next       int           // of the ring
	well       int64         // the last line that tells that the program ended well
	stopped    int64         // the last line that tells that it was asked to end
	try        int64         // the last line that tells that it tries another way
	complained int64         // the last complaint, as of findComplaints
	wolf       bool          // Wolf speaks in it, which goes on whatever becomes of a session
}

// say notes a line that is no complaint.
func (s *stream) say(line int64) {
	s.said[s.next] = line
	s.next = (s.next + 1) % goesOn
}

// latest is the last line that is no complaint.
func (s *stream) latest() int64 { return s.said[(s.next+goesOn-1)%goesOn] }

// saidSince reports whether goesOn lines that are no complaint came after a line.
func (s *stream) saidSince(line int64) bool { return s.said[s.next] > line }

// of returns the stream of a line, nil when there are too many.
func (s *streams) of(input int32, service string) *stream {
	k := streamKey{input, service}
	if s.last != nil && s.key == k {
		return s.last
	}
	q := s.byKey[k]
	if q == nil {
		if len(s.byKey) >= maxStreams {
			return nil
		}
		if s.byKey == nil {
			s.byKey = map[streamKey]*stream{}
		}
		q = &stream{}
		s.byKey[k] = q
	}
	s.key, s.last = k, q
	return q
}

// ofWolf reports whether Wolf speaks in an input.
func (s *streams) ofWolf(input int32) bool { return s.wolfs[input] }

// Said notes a line that is no complaint.
func (t *Runs) Said(r timeline.Reading) {
	if s := t.streams.of(r.Input, r.Service); s != nil {
		s.say(r.Line)
	}
}

// EndedWell notes that a program ended as it should: that of the stream a line
// stands in, or of the service it names.
func (t *Runs) EndedWell(r timeline.Reading, service string) {
	for _, name := range []string{r.Service, service} {
		if s := t.streams.of(r.Input, name); s != nil {
			s.well = max(s.well, r.Line)
		}
	}
}

// Stopped notes that a program was asked to end, likewise.
func (t *Runs) Stopped(r timeline.Reading, service string) {
	for _, name := range []string{r.Service, service} {
		if s := t.streams.of(r.Input, name); s != nil {
			s.stopped = max(s.stopped, r.Line)
		}
	}
}

// NextTry notes that a program tries another way than the one that it complained of.
func (t *Runs) NextTry(r timeline.Reading) {
	if s := t.streams.of(r.Input, r.Service); s != nil {
		s.try = max(s.try, r.Line)
	}
}

// OfWolf notes that a stream is Wolf's.
func (t *Runs) OfWolf(r timeline.Reading) {
	if s := t.streams.of(r.Input, r.Service); s != nil && !s.wolf {
		s.wolf = true
		if t.streams.wolfs == nil {
			t.streams.wolfs = map[int32]bool{}
		}
		t.streams.wolfs[r.Input] = true
	}
}

// wentOn reports whether the program that says a run went on afterwards.
func (t *Runs) wentOn(q *Run) bool {
	s := t.streams.of(q.Last.Input, q.Last.Service)
	return s != nil && !s.wolf && s.saidSince(q.Last.Line) || t.endedWell(q) || t.triedNext(q)
}

// wasStopped reports whether the program that says a run lived on until it was asked
// to end.
func (t *Runs) wasStopped(q *Run) bool {
	s := t.streams.of(q.Last.Input, q.Last.Service)
	return s != nil && !s.wolf && s.stopped > q.Last.Line
}

// triedNext reports whether the program that says a run tried another way right
// behind it, has something to say after that, and does not complain any more.
func (t *Runs) triedNext(q *Run) bool {
	s := t.streams.of(q.Last.Input, q.Last.Service)
	if s == nil || s.wolf || s.try < q.Last.Line || s.try > q.Last.Line+tryLines || s.latest() <= s.try && s.well <= s.try {
		return false
	}
	return s.complained <= s.try
}

// findComplaints notes the last complaint of each stream.
func (t *Runs) findComplaints() {
	for _, s := range t.streams.byKey {
		s.complained = 0
	}
	for i := range t.list {
		if q := &t.list[i]; t.complaint(q) {
			if s := t.streams.byKey[streamKey{q.Last.Input, q.Last.Service}]; s != nil {
				s.complained = max(s.complained, q.Last.Line)
			}
		}
	}
}

// endedWell reports whether the program that says a run ended well afterwards.
func (t *Runs) endedWell(q *Run) bool {
	s := t.streams.of(q.Last.Input, q.Last.Service)
	return s != nil && !s.wolf && s.well > q.Last.Line
}
