package printed

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

// cpptraceRegexps are the shapes of cpptrace's frame lines. None is anchored at
// the start of the line: a collected log may have a prefix of its own there.
type cpptraceRegexps struct {
	// #2          (inlined) in clamp_profile at /wolf/src/streaming.cpp:24:16     (cpptrace 448c325)
	// #3  (inlined)          in negotiate<H264> at /wolf/src/streaming.cpp:39:102 (cpptrace v0.8.2)
	// #4 0x000055aa2fafc61b in setup_encoder<H264> at /wolf/src/streaming.cpp:43:32
	// #5 0x00007f21c2b1d0a1 at /wolf/wolf
	frame *regexp.Regexp
	// location: /wolf/src/streaming.cpp:39:102
	location *regexp.Regexp
}

var cpptraceRes = sync.OnceValue(func() *cpptraceRegexps {
	return &cpptraceRegexps{
		frame:    regexp.MustCompile(`(?:^|[\s|])#(\d{1,4})\s+(?:0x([0-9a-fA-F]{16})|(\(inlined\)))\s*(?:in (.*?))?\s*$`),
		location: regexp.MustCompile(`^(.+?):(\d{1,8})(?::(\d{1,8}))?$`),
	}
})

// cpptraceForm is what Wolf prints of the crash before.
func cpptraceForm() *form {
	f := &form{name: "cpptrace", bare: true, sure: true, shows: append(numbers("#."), "Stack trace (most recent call first)", "<empty trace>")}
	f.open = func(r *reader, line string) bool {
		switch {
		case strings.Contains(line, "Stack trace (most recent call first)"):
			r.expect(f)
		case strings.Contains(line, "<empty trace>"):
			r.finish()
			r.begin(f)
			r.cur.trace.Status = trace.StatusNoFrames
			r.cur.trace.Warn("the trace says it is empty")
			r.finish()
		default:
			return false
		}
		return true
	}
	f.frame = func(r *reader, line string) bool {
		if strings.IndexByte(line, '#') < 0 {
			return false
		}
		m := cpptraceRes().frame.FindStringSubmatch(line)
		if m != nil && (gdbShape(m[4]) || foreignPlace(m[4])) {
			return false
		}
		// "#5 0x00007f21c2b1d0a1 at /wolf/wolf": without " in ".
		if m == nil {
			i := strings.LastIndex(line, " at ")
			if i <= 0 {
				return false
			}
			if m = cpptraceRes().frame.FindStringSubmatch(line[:i]); m == nil || m[4] != "" {
				return false
			}
			m[4] = line[i:]
		}
		if !r.number(f, m[1]) {
			return false
		}
		cpptraceLine(r, m)
		return true
	}
	f.again = func(line string) (trace.Frame, bool) {
		m := cpptraceRes().frame.FindStringSubmatch(line)
		if m == nil || m[3] != "" {
			return trace.Frame{}, false
		}
		return cpptraceFrame(m), true
	}
	return f
}

// foreignPlace tells places that cpptrace does not print: "(module+0x12)" of
// sanitizers, "(module + 0x12)" of systemd, a path without " at ".
func foreignPlace(s string) bool {
	if strings.HasSuffix(s, ")") && strings.Contains(s, "0x") && (strings.Contains(s, "+0x") || strings.Contains(s, " + 0x")) || strings.Contains(s, "(BuildId:") {
		return true
	}
	if strings.Contains(s, " at ") || strings.HasPrefix(s, "at ") {
		return false
	}
	i := strings.LastIndexByte(s, ' ')
	return i > 0 && cpptraceRes().location.MatchString(s[i+1:]) && strings.ContainsAny(s[i+1:], "/.")
}

func cpptraceLine(r *reader, m []string) {
	f := cpptraceFrame(m)
	if m[3] != "" {
		r.inlined = append(r.inlined, trace.Inlined{Function: f.Function, File: f.File, Line: int(f.Line), Column: int(f.Column)})
		return
	}
	f.Inlined, r.inlined = r.inlined, nil
	r.cur.trace.Frames = append(r.cur.trace.Frames, f)
}

func cpptraceFrame(m []string) trace.Frame {
	name, file, line, column := splitAt(m[4])
	name = cleanName(name)
	raw, _ := strconv.ParseUint(m[2], 16, 64)
	f := trace.Frame{Raw: raw, Function: name, File: file, Line: line, Column: column}
	if m[3] == "" && (line == 0 && name == "" || line == 0 && looksLikeModule(file)) {
		// Without symbols the file is the object's path.
		f.Module, f.File = file, ""
	}
	return f
}
