package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/lex"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// gstHead is the part of a GStreamer line that stands before its category.
type gstHead struct {
	level  record.Level
	pid    int64
	thread []byte
	n      int
}

// gstHeader reads what follows the clock (gst:gst/gstinfo.c:gst_debug_log_default);
// widths differ between versions:
//
//	40:56:30.661481638     1 0x77fb7c0562e0 WARN             cudacontext gstcudacontext.cpp:402:…
//	0:00:01.100000000          7              3 ERROR    …
func gstHeader(rest []byte) (h gstHead, ok bool) {
	i := lex.SpaceRun(rest)
	if i == 0 {
		return h, false
	}
	d := lex.DigitRun(rest[i:])
	if d == 0 || d > 10 {
		return h, false
	}
	h.pid = lex.Number(rest[i : i+d])
	i += d
	s := lex.SpaceRun(rest[i:])
	if s == 0 {
		return h, false
	}
	i += s
	w := i
	for i < len(rest) && rest[i] > ' ' {
		i++
	}
	h.thread = rest[w:i]
	s = lex.SpaceRun(rest[i:])
	if s == 0 || len(h.thread) == 0 {
		return h, false
	}
	i += s
	w = i
	for i < len(rest) && rest[i] >= 'A' && rest[i] <= 'Z' {
		i++
	}
	switch string(rest[w:i]) {
	case "ERROR":
		h.level = record.LevelError
	case "WARN", "WARNING":
		h.level = record.LevelWarning
	case "INFO", "FIXME":
		h.level = record.LevelInfo
	case "DEBUG":
		h.level = record.LevelDebug
	case "LOG", "TRACE", "MEMDUMP":
		h.level = record.LevelTrace
	default:
		return h, false
	}
	s = lex.SpaceRun(rest[i:])
	h.n = i + s
	return h, s > 0
}

// gstreamer reads a line of GStreamer's debug log. Events that the compositor
// plugin forwards (gwd:gst-plugin-wayland-display/src/utils.rs:GstLayer) are
// tracing events with a GStreamer clock:
//
//	0:01:00.000000001     1 0x7f00 ERROR waylanddisplaysrc src/utils.rs:10:waylanddisplaycore::comp: message = Failed to recv buffer ack.; err = RecvError;
func gstreamer(_ *Context, t []byte, c clock.Reading, r *record.Record) bool {
	if c.Fraction != 9 {
		return false
	}
	h, ok := gstHeader(t[c.Len:])
	if !ok {
		return false
	}
	rest := t[c.Len+h.n:]
	r.Format, r.Level, r.PID, r.Thread = lineformat.GStreamer, h.level, int(h.pid), h.thread
	if c.Nanos < clock.MaxHour*3600*clock.Second && c.HourWidth < 7 {
		r.Inner = record.Stamp{Kind: record.ClockGStreamer, Nanos: c.Nanos, Resolution: 1}
	}
	r.Text = rest
	gstPlace(rest, r)
	if string(r.Component) == "waylanddisplaysrc" && bytes.HasPrefix(r.Text, []byte("message = ")) {
		r.Format = lineformat.Tracing
	}
	if OpensText(bytes.TrimRight(r.Text, " ")) {
		r.Continues = record.ContinuesText
		r.Joined.Open = true
	}
	return true
}

// gstTail reads a line whose beginning was lost, from its category on:
//
//	pulse pulsesrc.c:371:gst_pulsesrc_is_dead:<pulsesrc0> error: Disconnected: Connection terminated
func gstTail(_ *Context, t []byte, r *record.Record) bool {
	cat := lex.NameRun(t[:min(len(t), 40)])
	if cat == 0 || cat+8 > len(t) || t[cat] != ' ' {
		return false
	}
	place := bytes.TrimLeft(t[cat:], " ")
	file := bytes.IndexByte(place[:min(len(place), 80)], ':')
	if file < 3 || bytes.IndexByte(place[:file], ' ') >= 0 || lex.DigitRun(place[file+1:]) == 0 {
		return false
	}
	if s := place[:file]; !bytes.HasSuffix(s, []byte(".c")) && !bytes.HasSuffix(s, []byte(".cpp")) && !bytes.HasSuffix(s, []byte(".rs")) {
		return false
	}
	if !gstPlace(t, r) {
		r.Component, r.Function, r.Element = nil, nil, nil
		return false
	}
	r.Format, r.Level = lineformat.GStreamer, startLevel(r.Text)
	return true
}

// gstPlace reads category, file:line:function:<object> and message. It reports
// whether the place was there.
func gstPlace(rest []byte, r *record.Record) bool {
	cat := bytes.IndexByte(rest, ' ')
	if cat < 0 {
		return false
	}
	r.Component = rest[:cat]
	rest = bytes.TrimLeft(rest[cat:], " ")
	r.Text = rest
	file := bytes.IndexByte(rest, ':')
	if file < 0 {
		return false
	}
	line := lex.DigitRun(rest[file+1:])
	if line == 0 || file+1+line >= len(rest) || rest[file+1+line] != ':' {
		return false
	}
	fn := rest[file+line+2:]
	for i := 0; i < len(fn) && fn[i] != ' '; i++ {
		if fn[i] != ':' {
			continue
		}
		if i+1 < len(fn) && fn[i+1] == ':' && i > 0 {
			i++ // a path: waylanddisplaycore::comp
			continue
		}
		r.Function = fn[:i]
		r.Text = gstObject(fn[i+1:], r)
		return true
	}
	return false
}

// gstObject takes "<nvh265enc10> " off and returns the message.
func gstObject(b []byte, r *record.Record) []byte {
	if len(b) > 1 && b[0] == '<' {
		for i := 1; i < len(b); i++ {
			if b[i] == '>' && (i+1 == len(b) || b[i+1] == ' ') {
				r.Element = b[1:i]
				b = b[i+1:]
				break
			}
		}
	}
	return bytes.TrimPrefix(b, []byte(" "))
}
