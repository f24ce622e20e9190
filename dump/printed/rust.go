package printed

import (
	"strconv"
	"strings"

	"wolfdiag/dump/trace"
)

// rustLine reads a line of a backtrace printed by Rust's standard library
// (rust:library/std/src/sys/backtrace.rs). It returns false at the first line
// that cannot belong to it.
func (p *printedParser) rustLine(line string) bool {
	if loc := p.re.spliced.FindStringIndex(line); loc != nil {
		if loc[0] == 0 {
			// A whole line of another writer, or our line behind a log's time.
			line = line[loc[1]:]
		} else {
			line = line[:loc[0]] // another writer's line was spliced into this one
		}
	}
	if p.rustOpen {
		if m := p.re.rustAt.FindStringSubmatch(line); m != nil {
			p.rustPlace(m[1])
			return true
		}
	}
	if m := p.re.rust.FindStringSubmatch(line); m != nil && p.rustNumbered(m) {
		return true
	}
	if p.rustOpen && strings.HasPrefix(line, "          ") {
		p.rustInlined(strings.TrimSpace(line))
		return true
	}
	if strings.HasPrefix(strings.TrimSpace(line), "note: ") {
		p.finish()
		return true
	}
	return false
}

// rustNumbered takes "   0:     0x7f64f11fd575 - name".
func (p *printedParser) rustNumbered(m []string) bool {
	n, err := strconv.Atoi(m[1])
	if err != nil || (p.cur == nil && n > 64) || (p.cur != nil && n < p.last) {
		return false
	}
	if !p.number(formRust, m[1]) {
		return false
	}
	raw, _ := strconv.ParseUint(m[2], 16, 64)
	name := strings.TrimSuffix(strings.TrimPrefix(m[3], "<unknown>"), " ")
	p.cur.trace.Frames = append(p.cur.trace.Frames, trace.Frame{Raw: raw, Function: cleanName(name)})
	p.rustOpen = true
	return true
}

// rustInlined handles a line with a name but no number: the functions of one
// frame are listed innermost first, so the name before was inlined into this one.
func (p *printedParser) rustInlined(name string) {
	name = strings.TrimPrefix(name, "- ")
	if name == "" || len(p.cur.trace.Frames) == 0 {
		return
	}
	f := &p.cur.trace.Frames[len(p.cur.trace.Frames)-1]
	f.Inlined = append(f.Inlined, trace.Inlined{Function: f.Function, File: f.File, Line: int(f.Line), Column: int(f.Column)})
	f.Function, f.File, f.Line, f.Column = cleanName(name), "", 0, 0
}

func (p *printedParser) rustPlace(place string) {
	if p.cur == nil || len(p.cur.trace.Frames) == 0 {
		return
	}
	f := &p.cur.trace.Frames[len(p.cur.trace.Frames)-1]
	if f.File == "" {
		_, f.File, f.Line, f.Column = p.splitAt("at " + place)
	}
}
