package printed

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

// section is one stack of a text.
type section struct {
	trace   trace.Trace
	group   int    // stacks of one crash have the same
	thread  string // name or number; "" when the text gives none
	crashed bool   // the text says that this thread crashed
	notes   *notes
}

// reader holds the state over the lines of a text.
type reader struct {
	out   []section
	cur   *section
	form  *form // of cur, or the one that an opening line announced
	lines int   // number of the line in the text
	last  int   // number of the last frame line, -1 before the first

	notes   *notes // what the lines since the last crash say
	group   int    // of the crash under way
	join    bool   // the next stack belongs to the crash under way
	thread  string // of the next stack
	crashed bool   // the next stack is the crashed thread's
	current string // gdb: number of the thread that crashed

	inlined []trace.Inlined // cpptrace: seen, waiting for the frame they are expanded in
	lastRaw string          // the last line that could go on in the next one
	pending string          // the start of a frame, the rest of which is in the next line
	wrapped int             // lines that were joined to it
	// provisional: the stack is the one place that the text named; frames replace it.
	provisional bool
	plain       bool // no line is passed over at a look, for tests
	open        bool // rust: the last line was a frame; python, go: a place is due
}

// line takes a line of the text, which is the nth, without its prefix.
func (r *reader) line(line string, n int) {
	r.lines = n
	if r.pending != "" {
		line, r.pending = r.pending+" "+strings.TrimSpace(line), ""
	}
	trimmed := strings.TrimSpace(line)
	if trimmed == "" || strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "--Type <") {
		r.lastRaw = ""
		if r.form != nil && r.form.blank != nil {
			r.form.blank(r)
		}
		return
	}
	if !r.plain && r.passes(line, trimmed) {
		r.rewrap(trimmed)
		return
	}
	r.see(line)
	for _, f := range forms() {
		if f.open != nil && f.open(r, line) {
			r.lastRaw = ""
			return
		}
	}
	if r.form != nil && r.form.frame(r, line) {
		r.keep(line)
		return
	}
	for _, f := range forms() {
		if f.bare && f != r.form && f.frame(r, line) {
			r.keep(line)
			return
		}
	}
	if frameHead().MatchString(line) {
		r.pending = line
		return
	}
	r.rewrap(trimmed)
}

// frameHead is the start of a frame's line after which a paste was wrapped.
var frameHead = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*#\d{1,4}\s+0x[0-9a-f]{6,16} in$`) })

// passes reports whether a line is neither frame nor head nor remark, at a look.
func (r *reader) passes(line, trimmed string) bool {
	return (r.form == nil || !r.form.loose) && (r.notes == nil || !r.notes.await) && !tells().is(line, trimmed)
}

// see notes what a line says beside frames.
func (r *reader) see(line string) {
	if r.notes == nil {
		r.notes = &notes{}
	}
	before := r.notes
	if next := r.notes.see(line); next != before {
		r.notes = next
		if r.cur != nil && len(r.cur.trace.Frames) > 0 {
			r.finish()
			r.join = false
		}
	}
}

// keep remembers a frame's line in case a paste was wrapped after it.
func (r *reader) keep(line string) { r.lastRaw, r.wrapped = line, 0 }

// maxWrapped is how many lines of a paste may belong to one frame.
const maxWrapped = 4

// rewrap joins a line to the frame before it, when a paste was wrapped there: the
// joined text has to say more of the same frame than the first part did.
func (r *reader) rewrap(line string) {
	if r.lastRaw == "" || r.cur == nil || len(r.cur.trace.Frames) == 0 || r.form == nil || r.form.again == nil || r.wrapped >= maxWrapped {
		return
	}
	if !incomplete(r.lastRaw) && !strings.HasPrefix(line, "at ") && !strings.HasPrefix(line, "from ") && !strings.HasPrefix(line, "in ") {
		return
	}
	joined := strings.TrimRight(r.lastRaw, " ") + " " + line
	if len(joined) > maxLine {
		return
	}
	at := len(r.cur.trace.Frames) - 1
	old := r.cur.trace.Frames[at]
	f, ok := r.form.again(joined)
	if !ok || !says(&f, &old) {
		return
	}
	if f.Raw == 0 {
		f.Raw = old.Raw
	}
	f.Inlined = old.Inlined
	r.cur.trace.Frames[at] = f
	r.lastRaw = joined
	r.wrapped++
}

// incomplete reports whether a line ends inside brackets or after a word that
// something has to follow.
func incomplete(line string) bool {
	depth := 0
	for i := range len(line) {
		switch line[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	line = strings.TrimRight(line, " ")
	return depth > 0 || strings.HasSuffix(line, " at") || strings.HasSuffix(line, " from") || strings.HasSuffix(line, " in") || strings.HasSuffix(line, ",")
}

// says reports whether f has a place or an object where old has none, or a longer name.
func says(f, old *trace.Frame) bool {
	if old.File != "" || old.Module != "" {
		return false
	}
	return f.File != "" || f.Module != "" || len(f.Function) > len(old.Function)
}

// begin starts a stack of a form unless one is under way.
func (r *reader) begin(f *form) {
	if r.cur != nil && r.form == f {
		return
	}
	r.finish()
	if r.notes == nil {
		r.notes = &notes{}
	}
	if !r.join {
		r.group++
		if r.notes.used {
			r.notes = r.notes.fresh()
		}
	}
	r.notes.used = true
	r.form = f
	r.cur = &section{group: r.group, thread: r.thread, crashed: r.crashed, notes: r.notes}
	r.cur.trace = trace.Trace{Kind: trace.KindPrinted, Status: trace.StatusOK, Format: f.name, Line: r.lines, Header: r.notes.takeHeader()}
	r.last, r.thread, r.crashed, r.join = -1, "", false, false
}

// expect announces a stack of a form whose frames follow. The stack under way ends.
func (r *reader) expect(f *form) {
	r.finish()
	r.form, r.join = f, false
}

// sibling announces another stack of the same crash: another thread, or where the
// memory at fault was freed.
func (r *reader) sibling(f *form, thread string, crashed bool) {
	inGroup := r.cur != nil || len(r.out) > 0 && r.out[len(r.out)-1].group == r.group && r.form == f
	r.finish()
	r.form, r.join, r.thread, r.crashed = f, inGroup, thread, crashed
}

// add appends a frame that has no number.
func (r *reader) add(f *form, fr trace.Frame) {
	r.begin(f)
	if len(r.cur.trace.Frames) >= maxFrames {
		r.cur.trace.Status = trace.Worse(r.cur.trace.Status, trace.StatusTruncated)
		return
	}
	r.cur.trace.Entries++
	r.cur.trace.Frames = append(r.cur.trace.Frames, fr)
}

// lastFrame returns the frame added last; nil when there is none.
func (r *reader) lastFrame() *trace.Frame {
	if r.cur == nil || len(r.cur.trace.Frames) == 0 {
		return nil
	}
	return &r.cur.trace.Frames[len(r.cur.trace.Frames)-1]
}

// number checks the numbering of frame lines; a 0 starts another trace.
func (r *reader) number(f *form, digits string) bool {
	n, err := strconv.Atoi(digits)
	if err != nil || n > maxFrames {
		return false
	}
	if n == f.first && r.cur != nil && r.last >= 0 {
		r.finish()
	}
	r.begin(f)
	t := &r.cur.trace
	if r.provisional {
		r.provisional = false
		t.Frames, t.Entries = nil, 0
	}
	switch {
	case n <= r.last:
		// A repeated or lower number: another trace whose start was not logged.
		r.finish()
		r.begin(f)
		r.cur.trace.Status = trace.StatusTruncated
		r.cur.trace.Warn("the trace starts at frame %d", n)
	case n > r.last+1 && r.last >= 0:
		t.Status = trace.Worse(t.Status, trace.StatusTruncated)
		t.Warn("frames %d to %d are missing", r.last+1, n-1)
	case n > f.first && r.last < 0:
		t.Status = trace.Worse(t.Status, trace.StatusTruncated)
		t.Warn("the trace starts at frame %d", n)
	}
	r.last = n
	r.cur.trace.Entries++
	return true
}

// finish stores the stack under way.
func (r *reader) finish() {
	if r.cur == nil {
		return
	}
	t := &r.cur.trace
	if len(r.inlined) > 0 {
		// The frame these were expanded in is missing: the outermost stands for it.
		n := len(r.inlined) - 1
		o := r.inlined[n]
		t.Frames = append(t.Frames, trace.Frame{Function: o.Function, File: o.File, Line: int32(o.Line), Column: int32(o.Column), Inlined: r.inlined[:n]})
		t.Status = trace.Worse(t.Status, trace.StatusTruncated)
		t.Warn("the trace ends inside inlined functions")
		r.inlined = nil
	}
	if r.form.outermostFirst {
		for i, j := 0, len(t.Frames)-1; i < j; i, j = i+1, j-1 {
			t.Frames[i], t.Frames[j] = t.Frames[j], t.Frames[i]
		}
	}
	if (len(t.Frames) > 0 || t.Status == trace.StatusNoFrames) && !r.accidental() {
		r.out = append(r.out, *r.cur)
	}
	r.cur, r.last, r.open, r.provisional, r.lastRaw = nil, -1, false, false, ""
}

// accidental rejects lines that merely look like frames, such as "#1 bug fixed"
// in prose: a real trace has an address, a place or a neighbour.
func (r *reader) accidental() bool {
	t := &r.cur.trace
	if r.form.sure || t.Status == trace.StatusNoFrames {
		return false
	}
	if r.form.atLeast > len(t.Frames) {
		return true
	}
	for _, f := range t.Frames {
		if f.Raw != 0 || f.File != "" || f.Module != "" || f.Role == trace.RoleTrampoline {
			return false
		}
	}
	return true
}

func (r *reader) end() {
	r.finish()
	r.form = nil
}

// more reports whether the last line is the beginning of a frame that has to go on.
func (r *reader) more() bool { return r.pending != "" || r.lastRaw != "" && incomplete(r.lastRaw) }
