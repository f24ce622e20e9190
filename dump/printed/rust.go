package printed

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

type rustRegexps struct {
	//    0:     0x7f64f11fd575 - <std::sys_common::…>::fmt::hd736fd5964392270
	//    1: rust_begin_unwind
	frame *regexp.Regexp
	//              at /rustc/90b35a6239c3d8bdabc530a6a0816f7ff89a0aaf/library/std/src/panicking.rs:645:5
	at *regexp.Regexp
	// 2024-09-15T17:11:59.231787Z spliced into a frame line
	spliced *regexp.Regexp
}

var rustRes = sync.OnceValue(func() *rustRegexps {
	return &rustRegexps{
		frame:   regexp.MustCompile(`(?:^|[\s|])(\d{1,4}): +(?:0x([0-9a-f]+) - )?(\S.*?)\s*$`),
		at:      regexp.MustCompile(`^(?:.*\|)?\s+at (\S.*?)\s*$`),
		spliced: regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*Z?\s`),
	}
})

// rustForm is that of Rust's standard library (rust:library/std/src/sys/backtrace.rs).
func rustForm() *form {
	f := &form{name: "rust", sure: true, loose: true, shows: []string{"stack backtrace:"}}
	f.open = func(r *reader, line string) bool {
		if !strings.Contains(line, "stack backtrace:") {
			return false
		}
		r.expect(f)
		return true
	}
	f.frame = func(r *reader, line string) bool { return rustLine(r, f, line) }
	return f
}

// rustLine returns false at a line that cannot belong to the backtrace.
func rustLine(r *reader, f *form, line string) bool {
	re := rustRes()
	if loc := re.spliced.FindStringIndex(line); loc != nil {
		if loc[0] == 0 {
			// A whole line of another writer, or our line behind a log's time.
			line = line[loc[1]:]
		} else {
			line = line[:loc[0]] // another writer's line was spliced into this one
		}
	}
	if r.open {
		if m := re.at.FindStringSubmatch(line); m != nil {
			if fr := r.lastFrame(); fr != nil && fr.File == "" {
				fr.File, fr.Line, fr.Column = splitPlace(m[1])
			}
			return true
		}
	}
	if m := re.frame.FindStringSubmatch(line); m != nil && rustNumbered(r, f, m) {
		return true
	}
	if r.open && strings.HasPrefix(line, "          ") {
		rustInlined(r, strings.TrimSpace(line))
		return true
	}
	if strings.HasPrefix(strings.TrimSpace(line), "note: ") {
		r.finish()
		r.form = nil
		return true
	}
	return false
}

// rustNumbered takes "   0:     0x7f64f11fd575 - name".
func rustNumbered(r *reader, f *form, m []string) bool {
	n, err := strconv.Atoi(m[1])
	if err != nil || (r.cur == nil && n > 64) || (r.cur != nil && n < r.last) || !r.number(f, m[1]) {
		return false
	}
	name := strings.TrimSuffix(strings.TrimPrefix(m[3], "<unknown>"), " ")
	r.cur.trace.Frames = append(r.cur.trace.Frames, trace.Frame{Raw: hexadecimal(m[2]), Function: cleanName(name)})
	r.open = true
	return true
}

// rustInlined handles a line with a name but no number: the functions of one
// frame are listed innermost first, so the name before was inlined into this one.
func rustInlined(r *reader, name string) {
	name = strings.TrimPrefix(name, "- ")
	f := r.lastFrame()
	if name == "" || f == nil {
		return
	}
	f.Inlined = append(f.Inlined, trace.Inlined{Function: f.Function, File: f.File, Line: int(f.Line), Column: int(f.Column)})
	f.Function, f.File, f.Line, f.Column = cleanName(name), "", 0, 0
}
