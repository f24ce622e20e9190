package account

import (
	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/mine"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

const (
	maxTemplateEpochs = 32
	maxTemplateKeys   = 16_384
)

// Template is what is known about one kind of message that no pattern explains.
type Template struct {
	ID          int // from 0, in the order of their coming
	Count       int64
	Level       string
	Error       bool // at or above error
	Component   string
	First, Last Message
	ReadAs      *patterns.Pattern  // what its first message was read as; nil: nothing
	SeenIn      []timeline.Reading // the first between two starts or ends of Wolf; bounded

	bursts bursts
	epochs []int32        // of SeenIn: starts and ends of Wolf that passed before
	newest *recognise.Hit // of the block at hand
}

// Bursts is the number of stretches in which the messages came close together.
func (t *Template) Bursts() int64 { return t.bursts.total() }

// templates are the kinds of messages that no pattern explains.
type templates struct {
	miner   *mine.Miner
	list    []Template
	touched []int // that the block at hand shows
	// byKey remembers which template a key went to, so that the miner sees each
	// key once. When full it is emptied with the next period of the input, so that
	// the outcome is the same on any number of cores.
	byKey  map[uint64]*mine.Template
	recent [recentKeys]recentKey // what byKey was asked for last
	period int64
}

// recentKeys are the keys, which are hashes, that are found without a look into the
// map.
const recentKeys = 4096

// recentKey is a key, and the template that it went to.
type recentKey struct {
	key      uint64
	template *mine.Template
}

func newTemplates() templates {
	return templates{miner: mine.New(mine.Options{}), byKey: map[uint64]*mine.Template{}}
}

// learn hands a record that no pattern explains to the miner. It returns the
// number of its template.
func (ts *templates) learn(r timeline.Reading, h *recognise.Hit, epoch int32) int {
	if p := recognise.Period(r.Line); ts.period != p {
		ts.period = p
		if len(ts.byKey) >= maxTemplateKeys {
			ts.byKey = map[uint64]*mine.Template{}
			clear(ts.recent[:])
		}
	}
	t := ts.of(h)
	for t.ID >= len(ts.list) {
		ts.list = append(ts.list, Template{})
	}
	s := &ts.list[t.ID]
	s.Count++
	s.bursts.add(r)
	if s.Count == 1 {
		s.ID = t.ID
		s.First.set(r, h.Text())
		s.Level = h.Level().String()
		s.Error = h.Level() >= logline.LevelError
		s.Component = string(h.Component())
	}
	ts.touch(s, h)
	if n := len(s.epochs); (n == 0 || s.epochs[n-1] != epoch) && n < maxTemplateEpochs {
		s.epochs = append(s.epochs, epoch)
		s.SeenIn = append(s.SeenIn, r)
	}
	return t.ID
}

// of is the template of a record.
func (ts *templates) of(h *recognise.Hit) *mine.Template {
	q := &ts.recent[h.TemplateKey%recentKeys]
	if q.template != nil && q.key == h.TemplateKey {
		return q.template
	}
	t, ok := ts.byKey[h.TemplateKey]
	if !ok {
		t = ts.miner.Learn(h.Text(), h.Level(), h.Component())
		ts.byKey[h.TemplateKey] = t
	}
	*q = recentKey{h.TemplateKey, t}
	return t
}

// touch notes a record of a template in the block at hand.
func (ts *templates) touch(s *Template, h *recognise.Hit) {
	if s.newest == nil {
		ts.touched = append(ts.touched, s.ID)
	}
	s.newest = later(s.newest, h)
}

// MoreOf counts the records like h, the last one of a template that was told of; the
// last of them has the reading r.
func (a *Account) MoreOf(template int, r timeline.Reading, h *recognise.Hit) {
	s := &a.templates.list[template]
	s.Count += h.Others
	s.bursts.more(r)
	a.templates.touch(s, h.Last)
}

// Templates iterates over the kinds of messages that no pattern explains, in
// the order of their coming, each with its text as mined.
func (a *Account) Templates(yield func(t *Template, text string) bool) {
	for i, t := range a.templates.miner.Templates() {
		q := &a.templates.list[i]
		q.ReadAs = a.Reads.readAs(i)
		if !yield(q, t.Text()) {
			return
		}
	}
}
