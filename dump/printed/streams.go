package printed

import (
	"cmp"
	"slices"
	"strings"

	"wolfdiag/dump/trace"
)

// maxStreams bounds the programs and services that are told apart in one text;
// the lines of further ones count as one stream.
const maxStreams = 64

// stream is what one service or program printed.
type stream struct {
	said   prefix
	reader reader
}

// streams takes a text apart into what each service and program printed: a log of
// several has their lines in turn, and whose crash a trace is, its own lines say.
type streams struct {
	byPrefix map[prefix]*stream
	order    []*stream
	last     *stream
	gap      bool // an empty line or a fence stood after last's lines
	lines    int
	plain    bool // see reader
}

// line takes one line of the text.
func (s *streams) line(raw string) {
	s.lines++
	line, p := withoutPrefix(raw)
	s.last = s.of(p, line)
	s.last.reader.line(line, s.lines)
}

// of returns the stream of a line. One without a prefix goes on where the line
// before was cut off, and in an entry of a journal, whose further lines journalctl
// indents and rsyslog writes as they are; a compose log has a prefix on every line.
func (s *streams) of(p prefix, line string) *stream {
	if p != (prefix{}) {
		s.gap = false
	} else if s.last != nil {
		journal := s.last.said.program != ""
		indented := line != "" && (line[0] == ' ' || line[0] == '\t')
		if line == "" || strings.HasPrefix(line, "```") {
			s.gap = true
		}
		if s.last.reader.more() || journal && (indented || !s.gap || line == "") {
			return s.last
		}
	}
	if s.last != nil && s.last.said == p {
		return s.last
	}
	if st := s.byPrefix[p]; st != nil {
		return st
	}
	if len(s.order) >= maxStreams {
		p = prefix{}
		if st := s.byPrefix[p]; st != nil {
			return st
		}
	}
	if s.byPrefix == nil {
		s.byPrefix = make(map[prefix]*stream)
	}
	st := &stream{said: p, reader: reader{last: -1, plain: s.plain}}
	s.byPrefix[p] = st
	s.order = append(s.order, st)
	return st
}

// traces returns every crash, in the order of the text.
func (s *streams) traces() []trace.Trace {
	var out []trace.Trace
	for _, st := range s.order {
		st.reader.end()
		out = append(out, assemble(st.reader.out, st.said)...)
	}
	slices.SortStableFunc(out, func(a, b trace.Trace) int { return cmp.Compare(a.Line, b.Line) })
	return out
}

// assemble joins the stacks of one crash: the thread that crashed is the trace,
// the others are kept in it. said is what stood before the lines.
func assemble(all []section, said prefix) []trace.Trace {
	var out []trace.Trace
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].group == all[i].group {
			j++
		}
		group := all[i:j]
		at := crashedOf(group)
		t := group[at].trace
		group[at].notes.fill(&t)
		for k := range group {
			if k != at && len(group[k].trace.Frames) > 0 {
				t.Threads = append(t.Threads, trace.Thread{Name: group[k].thread, Frames: group[k].trace.Frames})
			}
		}
		if group[at].thread != "" && t.Notes.Thread == "" {
			t.Notes.Thread = group[at].thread
		}
		if t.Notes.Program == "" {
			t.Notes.Program = cmp.Or(said.ownProgram(), programOf(t.Frames))
		}
		t.Notes.Service = said.service
		if t.Notes.Unit == "" {
			t.Notes.Unit = said.service
		}
		out = append(out, t)
		i = j
	}
	return out
}
