package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"wolfdiag/analyze/redact"
	"wolfdiag/analyze/report"
)

// LiveOptions of a Live.
type LiveOptions struct {
	Options
	Terminal bool // a status line, and updates in place
}

// Live prints what happens as it happens. On a terminal the last line is the
// status, and an update takes the place of the one before of the same
// incident, as long as only updates have come since; otherwise everything is a
// line of its own. It is for one goroutine.
type Live struct {
	w      io.Writer
	o      LiveOptions
	status string   // as drawn
	folded []update // the updates that are the last lines before the status
	names  *redact.Redactor
	err    error
}

// update is one row of the terminal.
type update struct{ key, row string }

// maxFolded bounds how far up the screen an update is looked for: rows that
// have scrolled away cannot be replaced.
const maxFolded = 8

// maxAliases bounds what a stream that lasts for days makes masks remember.
const maxAliases = 5000

// redactor is one for the whole stream: the same value keeps its stand-in.
func (l *Live) redactor() *redact.Redactor {
	if l.names == nil || l.names.Known() > maxAliases {
		l.names = redact.New()
	}
	return l.names
}

// mask hides secrets.
func (l *Live) mask(text string) string {
	return l.redactor().Text(text)
}

// WriteLine prints v as one line of JSON (NDJSON), masked if asked. A masked
// one has its keys in the order of the alphabet.
func WriteLine(w io.Writer, v any, mask bool) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	if err == nil && mask {
		var tree any
		if tree, err = redact.New().Tree(v); err == nil {
			b.Reset()
			err = enc.Encode(tree)
		}
	}
	if err == nil {
		_, err = w.Write(b.Bytes())
	}
	if err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// maxLiveEvidence is what fits a glance.
const maxLiveEvidence = 3

// NewLive makes a Live that writes to w. Each event is one Write.
func NewLive(w io.Writer, o LiveOptions) *Live {
	o.fill()
	return &Live{w: w, o: o}
}

// Err is the first error of the writer, nil when there was none.
func (l *Live) Err() error { return l.err }

// Incident prints a new incident: when, what, how sure, on what evidence, and
// what to do now.
func (l *Live) Incident(at time.Time, number int, c *report.Cause) {
	if l.o.Redact {
		r := redacted(l.redactor(), &report.Report{Causes: []report.Cause{*c}})
		if len(r.Causes) == 0 {
			l.err = errors.New(r.Summary)
			return
		}
		c = &r.Causes[0]
	}
	l.print("", func(g *page) {
		lead := fmt.Sprintf("incident %d  ", number)
		tail := fmt.Sprintf("  %.0f %%", 100*c.Probability)
		title := clip(clean(c.Title), max(g.o.Width-len(clock(at))-len(lead)-len(tail)-2, 20))
		g.line("%s  %s%s", g.p.Dim(clock(at)), g.p.Bad(lead+title), g.p.Strong(tail))
		meta := c.ID
		if c.FirstSeen != nil {
			meta += " · first at " + stamp(c.FirstSeen) + " UTC"
		}
		g.line("   %s", g.p.Dim(clean(meta)))
		g.para(3, "why", c.Summary, nil)
		short := *c
		short.Evidence = c.Evidence[:min(len(c.Evidence), maxLiveEvidence)]
		short.Rivals = c.Rivals[:min(len(c.Rivals), 1)]
		g.sets = c.Preface
		g.evidence(&short)
		g.rivals(&short)
		g.remedies("now", c.Workaround)
	})
}

// Update prints what became of an incident, on one line.
func (l *Live) Update(at time.Time, number int, change, text string) {
	paint := l.o.Palette.Warn
	key := fmt.Sprint("#", number)
	switch change {
	case "recovery":
		paint, key = l.o.Palette.Good, ""
	case "escalation":
		paint = l.o.Palette.Bad
	}
	l.line(key, at, paint, text)
}

// Say prints one line about Wolf, the GPU, a command or the following itself.
func (l *Live) Say(at time.Time, kind, text string) {
	paint := l.o.Palette.Dim
	switch kind {
	case "lifetime":
		paint = l.o.Palette.Strong
	case "gpu", "action":
		paint = l.o.Palette.Warn
	}
	l.line("", at, paint, text)
}

func (l *Live) line(key string, at time.Time, paint func(string) string, text string) {
	text = clean(text)
	if l.o.Redact {
		text = l.mask(text)
	}
	if l.o.Terminal {
		text = clip(text, max(l.o.Width-len(clock(at))-3, 20)) // one row, so that it can be replaced
	}
	l.print(key, func(g *page) { g.line("%s  %s", g.p.Dim(clock(at)), paint(text)) })
}

// Status shows what is going on. It prints nothing when this is no terminal.
func (l *Live) Status(text string) {
	if !l.o.Terminal {
		return
	}
	text = clip(clean(text), l.o.Width-1)
	if text == l.status {
		return
	}
	l.status = text
	l.write("\r\x1b[2K" + l.o.Palette.Dim(text))
}

// Resize follows the terminal. What stood there may have been wrapped anew, so
// no row of it is replaced any more.
func (l *Live) Resize(columns int) {
	if columns > 0 && columns != l.o.Width {
		l.o.Width, l.folded = columns, nil
	}
}

// Clear takes the status line away; what is printed next stands on a clean line.
func (l *Live) Clear() {
	if l.status != "" {
		l.status = ""
		l.write("\r\x1b[2K")
	}
	l.folded = nil
}

// print writes one event above the status line. With a key it is a row that the
// next one of the same key replaces.
func (l *Live) print(key string, draw func(*page)) {
	var event, b bytes.Buffer
	draw(&page{w: &event, p: l.o.Palette, o: l.o.Options})
	if l.status != "" {
		b.WriteString("\r\x1b[2K")
	}
	if l.o.Terminal {
		l.fold(&b, key, event.String())
	}
	b.Write(event.Bytes())
	if l.status != "" {
		b.WriteString(l.o.Palette.Dim(l.status))
	}
	l.write(b.String())
}

// fold takes the earlier row of the key off the screen; those below it move up.
func (l *Live) fold(b *bytes.Buffer, key, row string) {
	if key == "" {
		l.folded = nil
		return
	}
	i := slices.IndexFunc(l.folded, func(u update) bool { return u.key == key })
	if i >= 0 {
		fmt.Fprintf(b, "\x1b[%dA\x1b[J", len(l.folded)-i)
		for _, u := range l.folded[i+1:] {
			b.WriteString(u.row)
		}
		l.folded = slices.Delete(l.folded, i, i+1)
	}
	l.folded = append(l.folded, update{key, row})
	if len(l.folded) > maxFolded {
		l.folded = l.folded[1:]
	}
}

func (l *Live) write(s string) {
	if l.err == nil {
		_, l.err = io.WriteString(l.w, s)
	}
}

// clock prints the time of day of an event; a live reader knows the date.
func clock(t time.Time) string { return t.Format("15:04:05") }

// LiveStatus words the status line.
func LiveStatus(lines int64, perSecond float64, sources, open int, life *report.Lifetime, now time.Time, gpu string) string {
	parts := []string{fmt.Sprintf("%s, %.0f/s", report.Plural(int64(lines), "line", "lines"), perSecond)}
	if sources > 1 {
		parts = append(parts, fmt.Sprintf("%d sources", sources))
	}
	if life != nil {
		s := "Wolf " + life.EndKind
		if life.Start != nil && life.EndKind == "running" && now.After(*life.Start) {
			s = "Wolf up " + roughly(now.Sub(*life.Start))
		}
		parts = append(parts, s)
		if life.Sessions != nil {
			parts = append(parts, report.Plural(int64(*life.Sessions), "session", "sessions"))
		}
	}
	if gpu != "" {
		parts = append(parts, gpu)
	}
	switch open {
	case 0:
		parts = append(parts, "no open incident")
	case 1:
		parts = append(parts, "1 open incident")
	default:
		parts = append(parts, fmt.Sprintf("%d open incidents", open))
	}
	return strings.Join(parts, " · ")
}

// Plain prints one line of text, cleaned of control bytes.
func Plain(w io.Writer, text string, mask bool) error {
	text = clean(text)
	if mask {
		text = redact.New().Text(text)
	}
	_, err := fmt.Fprintln(w, text)
	return err
}
