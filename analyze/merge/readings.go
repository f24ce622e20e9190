package merge

import (
	"slices"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/reading"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/speaker"
	"wolfdiag/analyze/timeline"
	"wolfdiag/patterns"
)

// readings reads complaints that no pattern matches, each kind once.
type readings struct {
	byRule    []*patterns.Pattern // empty where the catalogue has no readings
	second    []*patterns.Pattern // the same, as a second reading
	like      likeness
	known     map[readingKey]*read
	recent    [recentReadings]recentReading // what known was asked for last
	period    int64                         // see recognise.Period
	noSpeaker bool                          // see Options.NoSpeaker
}

// readingKey is a kind of complaint in one mouth.
type readingKey struct {
	template uint64
	service  string
}

// recentReadings are the kinds that are found without a look into the map.
const recentReadings = 4096

// recentReading is a kind, and what it is read as.
type recentReading struct {
	key readingKey
	got *read
}

// read is what a kind of complaint is read as.
type read struct {
	pattern *patterns.Pattern // nil: nothing
	second  *patterns.Pattern // what it may mean as well; nil: nothing
	like    *patterns.Pattern // the cause whose known texts it is like; nil: none
	by      speaker.Class
	ofStack [3]bool // of the three: see ofStack
	varies  bool    // it names a code: others of its kind may name another
}

// maxReadings bounds what is remembered; when full it is emptied with the next
// period of the input.
const maxReadings = 16_384

func newReadings(cat *patterns.Catalogue, noSpeaker bool) *readings {
	out := &readings{like: newLikeness(cat), known: map[readingKey]*read{}, noSpeaker: noSpeaker}
	for _, r := range reading.Rules() {
		if p := cat.Pattern(r.ID); p != nil {
			out.byRule = append(out.byRule, p)
			out.second = append(out.second, cat.Pattern(secondID(&r)))
		}
	}
	return out
}

// strange takes a complaint that no pattern knows, with the others that it was told
// with.
func (l *listener) strange(template int, r timeline.Reading, h *recognise.Hit) {
	last := lastOf(r, h)
	l.runs.Strange(template, r, l.reads.Name(sessionIn(h.Element())))
	if h.Others > 0 {
		l.ended(last, h.Last)
		l.runs.MoreStrange(template, h.Others, last)
	}
	l.read(template, r, last, h)
}

// read reads a complaint that no pattern matches and keeps it as a run of what
// it is read as.
func (l *listener) read(template int, r, last timeline.Reading, h *recognise.Hit) {
	if len(l.readings.byRule) == 0 {
		return
	}
	got := l.readings.of(l.matcher, r, h)
	if got.pattern == nil {
		return
	}
	l.reads.As(template, got.pattern)
	l.keep(r, last, h, got)
}

// readEnd reads a record that only lifecycle patterns know: they say that a program
// ended, and of a code that no other pattern names its meaning is all there is.
func (l *listener) readEnd(r timeline.Reading, h *recognise.Hit) {
	if len(l.readings.byRule) == 0 {
		return
	}
	if _, died := reading.ReadDeath(h.Text()); !died {
		return
	}
	if got := l.readings.read(l.matcher, h, read{}); got.pattern != nil {
		l.keep(r, r, h, &got)
	}
}

func onlyLifecycle(matched []*patterns.Pattern) bool {
	return len(matched) > 0 && !slices.ContainsFunc(matched, func(p *patterns.Pattern) bool { return p.Role != patterns.RoleLifecycle })
}

// keep makes runs of what a complaint is read as, and the others that it was told with:
// last is the reading of the last of them.
func (l *listener) keep(r, last timeline.Reading, h *recognise.Hit, got *read) {
	l.revision += 1 + uint64(h.Others)
	for i, p := range [...]*patterns.Pattern{got.pattern, got.second, got.like} {
		if p != nil {
			l.readAs(r, last, h, p, got.by, got.ofStack[i])
		}
	}
}

// of is what a complaint is read as: as the one before of its kind, unless that
// named a code.
func (rs *readings) of(m *patterns.Matcher, r timeline.Reading, h *recognise.Hit) *read {
	if p := recognise.Period(r.Line); rs.period != p {
		rs.period = p
		if len(rs.known) >= maxReadings {
			clear(rs.known)
			clear(rs.recent[:])
		}
	}
	key := readingKey{h.TemplateKey, r.Service}
	q := &rs.recent[h.TemplateKey%recentReadings]
	if q.got == nil || q.key != key {
		got := rs.known[key]
		if got == nil {
			read := rs.read(m, h, read{})
			got = &read
			rs.known[key] = got
			*q = recentReading{key, got}
			return got
		}
		*q = recentReading{key, got}
	}
	if q.got.varies {
		*q.got = rs.read(m, h, *q.got)
	}
	return q.got
}

func (l *listener) readAs(r, last timeline.Reading, h *recognise.Hit, p *patterns.Pattern, by speaker.Class, ofStack bool) {
	l.reads.Add(r, h, p)
	run, isNew := l.runs.Add(int32(p.Index), r)
	run.SaidBy(by)
	run.OfStack = run.OfStack || ofStack
	if isNew {
		l.time(r)
		run.Session = l.reads.Name(sessionIn(h.Element()))
		l.reads.Named(p, r.Service, l.reads.Name(h.Element()))
	}
	if h.Others > 0 {
		l.reads.Others(last, h, p)
		l.runs.More(int32(p.Index), h.Others, last)
	}
}

// read reads a complaint. before is what one of its kind was read as: read again
// for its number, it is like the same texts.
func (rs *readings) read(m *patterns.Matcher, h *recognise.Hit, before read) read {
	rec := logline.Record{Format: h.Format(), Service: h.Service(), Component: h.Component(), Function: h.Function()}
	by := speaker.Of(&rec, h.Text(), speaker.OfService(h.Service()))
	if rs.noSpeaker {
		by = speaker.Speaker{}
	}
	text := h.Text()
	if m.Foreign(text) {
		text = m.English(text)
	}
	out := read{by: by.Class}
	if by.Class == speaker.Foreign {
		return out
	}
	got, ok := reading.Read(&reading.Complaint{Text: text, Component: h.Component(), Function: h.Function(), Program: by.Program, Speaker: by.Class})
	out.varies = got.Code != "" || got.Counts
	if !ok {
		return out
	}
	out.pattern = rs.byRule[got.Rule]
	var also []reading.Link
	if got.Second >= 0 {
		out.second, also = rs.second[got.Second], reading.Rules()[got.Second].Causes
	}
	if before.pattern == out.pattern && before.second == out.second {
		out.like = before.like
	} else if first := reading.Rules()[got.Rule].Causes; len(first) > 0 {
		out.like = rs.like.of(text, first, also)
	}
	for i, p := range [...]*patterns.Pattern{out.pattern, out.second, out.like} {
		out.ofStack[i] = p != nil && ofStack(h, p, out.by)
	}
	return out
}

// secondShare is by how much the links of a rule are weaker when it is the
// second that fits: its causes are then possibilities, and never listed alone.
const secondShare = 0.15

// secondID is the id of a rule as a second reading.
func secondID(r *reading.Rule) string { return "also-" + r.ID }

// Readings makes the pseudo-patterns of what complaints are read as, for
// Catalogue.WithReadings: each rule as the reading and as a second one, and what
// is like the known texts of a cause.
func Readings(cat *patterns.Catalogue) []*patterns.Pattern {
	rules, causes := reading.Rules(), cat.Causes()
	all := make([]patterns.Pattern, 2*len(rules)+len(causes))
	out := make([]*patterns.Pattern, 0, len(all))
	next := func() *patterns.Pattern {
		out = append(out, &all[len(out)])
		return out[len(out)-1]
	}
	known := ordinaries{}
	for i := range rules {
		r := &rules[i]
		p := next()
		readingPattern(p, cat, r, known)
		if len(r.Causes) > 0 {
			second := next()
			*second = *p
			second.ID, second.Supports = secondID(r), make([]patterns.Support, len(p.Supports))
			for k, s := range p.Supports {
				second.Supports[k] = patterns.Support{Cause: s.Cause, Strength: s.Strength * secondShare}
			}
		}
	}
	for _, c := range causes {
		likePattern(next(), c)
	}
	return out
}

// final are the reasons that nothing takes back: what died or went away does not
// come to life when others in its stream go on.
const final = 1<<reading.NoReason | 1<<reading.Crashed | 1<<reading.Corrupted | 1<<reading.Lost | 1<<reading.Hung

// display are the causes that programs complain for as well when their display
// comes to its end.
var display = map[string]bool{"wayland-display-lost": true, "app-compositor-crash": true, "wayland-socket-mount": true}

// OfDisplay reports whether a cause is that programs have no display: they may wait
// for one, and end only when they are asked to.
func OfDisplay(cause string) bool { return display[cause] }

// programs are the speakers of whom it tells something that they go on. Daemons
// and kernels do so whatever happens to a session.
var programs = []string{"app", "app-compositor", "pulse", "init", "client", "foreign"}

// readingPattern makes the pseudo-pattern of a rule. Where what a reading speaks
// for most stops sessions, it is ordinary when sessions work; where it is about a
// device, when nothing uses that; where it is about Wolf's end and names none of its
// ports, when another service says it.
func readingPattern(p *patterns.Pattern, cat *patterns.Catalogue, r *reading.Rule, known ordinaries) {
	p.ID, p.Title, p.Component, p.Severity = r.ID, r.Title, "reading", severities[r.Severity]
	p.Supports = make([]patterns.Support, len(r.Causes))
	o, most := ordinary{goesOn: r.Reasons&^final != 0, device: r.Device}, 0.0
	for i, l := range r.Causes {
		if c := cat.Cause(l.Cause); c != nil && l.Strength > most {
			o.works, most = c.Stops != "", l.Strength
		}
		p.Supports[i] = patterns.Support{Cause: l.Cause, Strength: l.Strength}
	}
	if len(r.Causes) > 0 {
		first := r.Causes[0].Cause
		o.ending = display[first]
		o.stopped = o.goesOn && !o.ending
		o.stranger = first == "wolf-crash" && !r.Objects.Has(reading.WolfPort)
	}
	p.Ordinary = known.of(o)
}

var severities = [...]string{reading.Notice: "info", reading.Degrades: "warning", reading.Breaks: "error"}

// ordinary is when a reading is no complaint.
type ordinary struct {
	works, goesOn, stopped, ending, stranger bool
	device                                   string
}

// ordinaries are the conditions for each, which most readings share with others.
type ordinaries map[ordinary][]patterns.Condition

func (known ordinaries) of(o ordinary) []patterns.Condition {
	if list, ok := known[o]; ok {
		return list
	}
	var list []patterns.Condition
	if o.works {
		list = append(list, patterns.Condition{Worked: true, Why: "sessions work all the same"})
	}
	if o.goesOn {
		list = append(list, patterns.Condition{GoesOn: true, Speakers: programs, Why: "the program goes on all the same"})
	}
	if o.stopped {
		list = append(list, patterns.Condition{Stopped: true, Speakers: programs, Why: "the program went on until it was asked to end"})
	}
	if o.ending {
		list = append(list, patterns.Condition{Ending: true, Speakers: programs, Why: "the display ends before the programs on it"})
	}
	if o.stranger {
		list = append(list, patterns.Condition{Stranger: true, Why: "another service looks for a server of its own"})
	}
	if o.device != "" {
		list = append(list, patterns.Condition{Idle: o.device, Why: "programs look for it on every machine"})
	}
	list = slices.Clip(list)
	known[o] = list
	return list
}
