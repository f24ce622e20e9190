package printed

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"wolfdiag/dump/symbol"
	"wolfdiag/dump/trace"
)

// Limits on printed traces; longer ones are cut and say so.
const (
	maxPrintedFrames = 1000
	maxPrintedLine   = 1 << 14
)

// form is how a line of a printed trace is written.
type form uint8

const (
	formNone form = iota
	formCpptrace
	formBoost
	formGDB
	formRust
)

// printedRegexps are the shapes of frame lines. None is anchored at the start of
// the line: a collected log may have a prefix of its own there.
type printedRegexps struct {
	// #2          (inlined) in clamp_profile at /wolf/src/streaming.cpp:24:16     (cpptrace 448c325)
	// #3  (inlined)          in negotiate<H264> at /wolf/src/streaming.cpp:39:102 (cpptrace v0.8.2)
	// #4 0x000055aa2fafc61b in setup_encoder<H264> at /wolf/src/streaming.cpp:43:32
	// #5 0x00007f21c2b1d0a1 at /wolf/wolf
	cpptrace *regexp.Regexp
	// #0  0x00007ffff7a8b9fc in raise () from /lib/x86_64-linux-gnu/libc.so.6
	// #1  main (argc=1, argv=0x7ffe) at main.cpp:10
	// #2  <signal handler called>
	gdb *regexp.Regexp
	//  0# 0x0000555BE1CD1A49
	//  1# shutdown_handler(int) at /wolf/src/wolf.cpp:12
	//  2# 0x00007F0C4F5DE520 in /lib/x86_64-linux-gnu/libc.so.6
	boost *regexp.Regexp
	//    0:     0x7f64f11fd575 - <std::sys_common::…>::fmt::hd736fd5964392270
	//    1: rust_begin_unwind
	rust *regexp.Regexp
	//              at /rustc/90b35a6239c3d8bdabc530a6a0816f7ff89a0aaf/library/std/src/panicking.rs:645:5
	rustAt *regexp.Regexp
	// thread 'tokio-runtime-worker' panicked at src/comp/mod.rs:374:34:
	// thread '<unnamed>' (184) panicked at 'called `Result::unwrap()`…', src/lib.rs:284:26
	panicked *regexp.Regexp
	// location: /wolf/src/streaming.cpp:39:102
	location *regexp.Regexp
	// 2024-09-15T17:11:59.231787Z spliced into a frame line
	spliced *regexp.Regexp
}

var printedRes = sync.OnceValue(func() *printedRegexps {
	return &printedRegexps{
		cpptrace: regexp.MustCompile(`(?:^|[\s|])#(\d{1,4})\s+(?:0x([0-9a-fA-F]{16})|(\(inlined\)))\s*(?:in (.*?))?\s*$`),
		gdb:      regexp.MustCompile(`(?:^|[\s|])#(\d{1,4})\s+(?:0x([0-9a-fA-F]{8,16}) in )?(\S.*)$`),
		boost:    regexp.MustCompile(`(?:^|[\s|])(\d{1,3})# (.*?)\s*$`),
		rust:     regexp.MustCompile(`(?:^|[\s|])(\d{1,4}): +(?:0x([0-9a-f]+) - )?(\S.*?)\s*$`),
		rustAt:   regexp.MustCompile(`^(?:.*\|)?\s+at (\S.*?)\s*$`),
		panicked: regexp.MustCompile(`thread '[^']*'(?: \(\d+\))? panicked at `),
		location: regexp.MustCompile(`^(.+?):(\d{1,8})(?::(\d{1,8}))?$`),
		spliced:  regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*Z?\s`),
	}
})

// sgr matches terminal escape sequences.
var sgr = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\x1b(?:\\[[0-9;:?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[@-Z\\\\^_])")
})

// bareSGR matches colours whose escape byte was lost on the way or written out:
//
//	#1 [34m0x000055aa2fafc61b[0m in …     copied out of a browser
//	#1 ^[[34m0x000055aa2fafc61b^[[0m in … cat -v; also \x1b, \u001b, \033 and rsyslog's #033
var bareSGR = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:\^\[|\\(?:x1[bB]|u001[bB]|033|e)|#033)?\[\d{0,3}(?:;\d{1,3})*m`)
})

// Parse reads the first trace in text (lines joined by \n), as cpptrace,
// boost, Rust's runtime or gdb print it, coloured or not, and returns false when
// there is none. Of gdb's threads it takes the one that got a signal. Memory is
// bounded by the text. Safe for concurrent use.
func Parse(text string) (trace.Trace, bool) {
	all := parseAll(text)
	if len(all) == 0 {
		return trace.Trace{}, false
	}
	for i := range all {
		if all[i].form != formGDB {
			break
		}
		for _, f := range all[i].trace.Frames {
			if f.Role == trace.RoleTrampoline {
				return all[i].trace, true
			}
		}
	}
	t := all[0].trace
	if len(all) > 1 {
		t.Warn("the text holds %d traces; this is the first", len(all))
	}
	return t, true
}

// ParseAll returns every trace in text, in order; nil when there is none.
func ParseAll(text string) []trace.Trace {
	all := parseAll(text)
	out := make([]trace.Trace, 0, len(all))
	for i := range all {
		out = append(out, all[i].trace)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

type printedTrace struct {
	form  form
	trace trace.Trace
}

// printedParser holds the state over the lines of a text.
type printedParser struct {
	re       *printedRegexps
	out      []printedTrace
	cur      *printedTrace
	inlined  []trace.Inlined // cpptrace: seen, waiting for the frame they are expanded in
	last     int             // number of the last frame line, -1 before the first
	header   string          // text that stands over the trace
	rust     bool            // between "stack backtrace:" and the end of the trace
	rustOpen bool            // the last line was a frame of Rust's
	boost    bool            // after "Previous run crashed:"
}

func parseAll(text string) []printedTrace {
	if !strings.ContainsAny(text, "#:") {
		return nil
	}
	if strings.IndexByte(text, 0x1b) >= 0 {
		text = sgr().ReplaceAllString(text, "")
	}
	if strings.Contains(text, "[0m") {
		text = bareSGR().ReplaceAllString(text, "")
	}
	p := &printedParser{re: printedRes(), last: -1}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if len(line) > maxPrintedLine {
			line = line[:maxPrintedLine]
		}
		p.line(line)
	}
	p.finish()
	return p.out
}

func (p *printedParser) line(line string) {
	switch {
	case strings.Contains(line, "Stack trace (most recent call first)"):
		p.finish()
		return
	case strings.Contains(line, "<empty trace>"):
		p.finish()
		p.start(formCpptrace)
		p.cur.trace.Status = trace.StatusNoFrames
		p.cur.trace.Warn("the trace says it is empty")
		p.out = append(p.out, *p.cur)
		p.cur = nil
		return
	case strings.Contains(line, "Previous run crashed"):
		p.finish()
		p.boost = true
		return
	case strings.Contains(line, "stack backtrace:"):
		p.finish()
		p.rust = true
		return
	case p.re.panicked.MatchString(line):
		p.finish()
		p.header = line[p.re.panicked.FindStringIndex(line)[0]:]
		return
	case strings.Contains(line, "terminate called"), strings.Contains(line, "Unhandled exception"):
		p.header = line
		return
	}
	if p.rust && p.rustLine(line) {
		return
	}
	if strings.IndexByte(line, '#') < 0 || !p.hashLine(line) {
		p.otherLine(line)
	}
}

// otherLine handles a line that is no frame: a wrapped argument list of gdb's,
// or something of another process that was logged in between.
func (p *printedParser) otherLine(line string) {
	if p.cur == nil || p.cur.form != formGDB || len(p.cur.trace.Frames) == 0 {
		return
	}
	f := &p.cur.trace.Frames[len(p.cur.trace.Frames)-1]
	if strings.HasPrefix(line, "    ") && f.File == "" && f.Module == "" {
		_, f.File, f.Line, f.Module = splitGDB(line)
	}
}

func (p *printedParser) hashLine(line string) bool {
	if m := p.re.cpptrace.FindStringSubmatch(line); m != nil && !gdbShape(m[4]) {
		return p.cpptraceLine(m)
	}
	if m := p.boostMatch(line); m != nil {
		return p.boostLine(m)
	}
	// "#5 0x00007f21c2b1d0a1 at /wolf/wolf": without " in ".
	if i := strings.LastIndex(line, " at "); i > 0 {
		if m := p.re.cpptrace.FindStringSubmatch(line[:i]); m != nil && m[4] == "" {
			m[4] = line[i:]
			return p.cpptraceLine(m)
		}
	}
	if m := p.re.gdb.FindStringSubmatch(line); m != nil {
		return p.gdbLine(m)
	}
	return false
}

// boostMatch accepts boost's frame lines only where they can be told from prose.
func (p *printedParser) boostMatch(line string) []string {
	m := p.re.boost.FindStringSubmatch(line)
	if m == nil || p.boost || (p.cur != nil && p.cur.form == formBoost) {
		return m
	}
	if strings.HasPrefix(m[2], "0x") || strings.Contains(m[2], " in /") || strings.Contains(m[2], " at /") {
		return m
	}
	return nil
}

// start begins a trace unless one of that form is under way.
func (p *printedParser) start(f form) {
	if p.cur != nil && p.cur.form == f {
		return
	}
	p.finishTrace()
	p.cur = &printedTrace{form: f, trace: trace.Trace{Kind: trace.KindPrinted, Status: trace.StatusOK, Header: p.header}}
	p.header, p.last = "", -1
}

// number checks the numbering of frame lines; a 0 starts another trace.
func (p *printedParser) number(f form, digits string) bool {
	n, err := strconv.Atoi(digits)
	if err != nil || n > maxPrintedFrames {
		return false
	}
	if n == 0 && p.cur != nil && p.last >= 0 {
		p.finishTrace()
	}
	p.start(f)
	t := &p.cur.trace
	switch {
	case n <= p.last:
		// A repeated or lower number: another trace whose start was not logged.
		p.finishTrace()
		p.start(f)
		p.cur.trace.Status = trace.StatusTruncated
		p.cur.trace.Warn("the trace starts at frame %d", n)
	case n > p.last+1 && p.last >= 0:
		t.Status = trace.Worse(t.Status, trace.StatusTruncated)
		t.Warn("frames %d to %d are missing", p.last+1, n-1)
	case n > 0 && p.last < 0:
		t.Status = trace.Worse(t.Status, trace.StatusTruncated)
		t.Warn("the trace starts at frame %d", n)
	}
	p.last = n
	p.cur.trace.Entries++
	return true
}

func (p *printedParser) cpptraceLine(m []string) bool {
	if !p.number(formCpptrace, m[1]) {
		return false
	}
	name, file, line, column := p.splitAt(m[4])
	name = cleanName(name)
	if m[3] != "" {
		p.inlined = append(p.inlined, trace.Inlined{Function: name, File: file, Line: int(line), Column: int(column)})
		return true
	}
	raw, _ := strconv.ParseUint(m[2], 16, 64)
	f := trace.Frame{Raw: raw, Function: name, File: file, Line: line, Column: column, Inlined: p.inlined}
	p.inlined = nil
	if line == 0 && name == "" || line == 0 && looksLikeModule(file) {
		// Without symbols the file is the object's path.
		f.Module, f.File = file, ""
	}
	p.cur.trace.Frames = append(p.cur.trace.Frames, f)
	return true
}

// looksLikeModule tells an object from a source file.
func looksLikeModule(path string) bool {
	base := path[strings.LastIndexByte(path, '/')+1:]
	return base != "" && (!strings.Contains(base, ".") || strings.HasSuffix(base, ".so") || strings.Contains(base, ".so."))
}

// splitAt cuts "name at file:line:column"; every part may be missing.
func (p *printedParser) splitAt(s string) (name, file string, line, column int32) {
	name = strings.TrimSpace(s)
	if at, ok := strings.CutPrefix(name, "at "); ok {
		name, file = "", at
	} else if i := strings.LastIndex(name, " at "); i >= 0 {
		name, file = strings.TrimSpace(name[:i]), name[i+4:]
	}
	file = strings.TrimSpace(file)
	if m := p.re.location.FindStringSubmatch(file); m != nil {
		file = m[1]
		line, column = small(m[2]), small(m[3])
	}
	return name, file, line, column
}

func small(digits string) int32 {
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return 0
	}
	return int32(n)
}

// cleanName demangles what is still mangled, and gdb's "??" to nothing.
func cleanName(s string) string {
	if s == "??" || s == "<unknown>" {
		return ""
	}
	return symbol.Demangle(s)
}

func (p *printedParser) boostLine(m []string) bool {
	if !p.number(formBoost, m[1]) {
		return false
	}
	var f trace.Frame
	rest := m[2]
	if i := strings.LastIndex(rest, " in "); i >= 0 {
		f.Module, rest = strings.TrimSpace(rest[i+4:]), rest[:i]
	}
	if hex, ok := strings.CutPrefix(rest, "0x"); ok && !strings.Contains(hex, " ") {
		f.Raw, _ = strconv.ParseUint(hex, 16, 64)
	} else {
		f.Function, f.File, f.Line, f.Column = p.splitAt(rest)
		f.Function = cleanName(f.Function)
	}
	p.cur.trace.Frames = append(p.cur.trace.Frames, f)
	return true
}

// finishTrace stores the trace under way.
func (p *printedParser) finishTrace() {
	if p.cur == nil {
		return
	}
	t := &p.cur.trace
	if len(p.inlined) > 0 {
		// The frame these were expanded in is missing: the outermost stands for it.
		n := len(p.inlined) - 1
		o := p.inlined[n]
		t.Frames = append(t.Frames, trace.Frame{Function: o.Function, File: o.File, Line: int32(o.Line), Column: int32(o.Column), Inlined: p.inlined[:n]})
		t.Status = trace.Worse(t.Status, trace.StatusTruncated)
		t.Warn("the trace ends inside inlined functions")
		p.inlined = nil
	}
	if len(t.Frames) > 0 && !p.accidental() {
		p.out = append(p.out, *p.cur)
	}
	p.cur, p.last = nil, -1
}

// accidental rejects single lines that merely look like a frame, such as
// "#1 bug fixed" in prose: a real trace has an address, a place or a neighbour.
func (p *printedParser) accidental() bool {
	t := &p.cur.trace
	if p.cur.form == formCpptrace || p.cur.form == formRust {
		return false
	}
	for _, f := range t.Frames {
		if f.Raw != 0 || f.File != "" || f.Module != "" || f.Role == trace.RoleTrampoline {
			return false
		}
	}
	return true
}

func (p *printedParser) finish() {
	p.finishTrace()
	p.rust, p.boost, p.rustOpen = false, false, false
}
