package render

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"wolfdiag/dump"
)

// DumpsOptions are those of a rendering of crash dumps.
type DumpsOptions struct {
	Options
	AllFrames bool // whole traces, not only the frames around the fault
}

// Trace writes frames the way Wolf's next start prints them into its log
// (cpptrace v0.8.2), with names and lines where they are known.
func Trace(w io.Writer, frames []dump.FrameReport, p Palette) error {
	b := bufio.NewWriter(w)
	if p.Bad == nil {
		p = PlainPalette()
	}
	total := 0
	for _, f := range frames {
		total += 1 + len(f.Inlined)
	}
	width := len(fmt.Sprint(max(total-1, 0)))
	n := 0
	line := func(address, function, file string, line, column int) {
		fmt.Fprintf(b, "#%-*d %s", width, n, address)
		n++
		if function != "" {
			fmt.Fprintf(b, " in %s", p.Strong(clean(function)))
		}
		if file != "" {
			fmt.Fprintf(b, " at %s", p.Dim(clean(file)))
		}
		if line > 0 {
			fmt.Fprintf(b, ":%d", line)
			if column > 0 {
				fmt.Fprintf(b, ":%d", column)
			}
		}
		fmt.Fprintln(b)
	}
	fmt.Fprintln(b, "Stack trace (most recent call first):")
	if len(frames) == 0 {
		fmt.Fprintln(b, "<empty trace>")
	}
	for _, f := range frames {
		for _, in := range f.Inlined {
			line(fmt.Sprintf("%-18s", "(inlined)"), in.Function, in.File, in.Line, 0)
		}
		file := f.File
		if file == "" {
			file = f.Module
		}
		line(padHex(f.Raw), f.Function, file, f.Line, f.Column)
	}
	return b.Flush()
}

// padHex writes an address with sixteen digits.
func padHex(s string) string {
	digits, ok := strings.CutPrefix(s, "0x")
	if !ok || len(digits) > 16 {
		return "0x" + strings.Repeat("0", 16)
	}
	return "0x" + strings.Repeat("0", 16-len(digits)) + digits
}

// spark draws crashes per day between the first and the last day, at most width
// columns wide; days are put together when there are more.
func spark(days []dump.DayCount, width int) string {
	if len(days) < 2 {
		return ""
	}
	first, err1 := time.Parse(time.DateOnly, days[0].Day)
	last, err2 := time.Parse(time.DateOnly, days[len(days)-1].Day)
	if err1 != nil || err2 != nil || last.Before(first) {
		return ""
	}
	n := int(last.Sub(first).Hours()/24) + 1
	per := (n + width - 1) / width
	sums := make([]int, (n+per-1)/per)
	top := 0
	for _, d := range days {
		if t, err := time.Parse(time.DateOnly, d.Day); err == nil {
			i := int(t.Sub(first).Hours()/24) / per
			sums[i] += d.Count
			top = max(top, sums[i])
		}
	}
	const levels = "▁▂▃▄▅▆▇█"
	marks := []rune(levels)
	var out strings.Builder
	for _, s := range sums {
		if s == 0 {
			out.WriteRune('·')
			continue
		}
		out.WriteRune(marks[(s*len(marks)-1)/top])
	}
	return out.String()
}

// placeOf is where a frame stands, in short.
func placeOf(file string, line int) string {
	if file == "" {
		return ""
	}
	if line == 0 {
		return path.Base(file)
	}
	return fmt.Sprintf("%s:%d", path.Base(file), line)
}

// shortName leaves out what only helps a debugger, unless all is wanted.
func shortName(function string, all bool) string {
	if all {
		return function
	}
	return dump.NormalizeFunction(function)
}

// traceRow is a line of a shortened trace.
type traceRow struct {
	number          int
	function, place string
	role            string
	inlined         bool
	skipped         int // frames that this row stands for
}

// traceRows unfolds a trace; unless all, frames that are neither own nor right at
// the fault are counted and left out.
func traceRows(frames []dump.FrameReport, all bool) []traceRow {
	var out []traceRow
	skipped, firstSkipped := 0, 0
	flush := func() {
		if skipped > 0 {
			out = append(out, traceRow{number: firstSkipped, skipped: skipped})
			skipped = 0
		}
	}
	for i, f := range frames {
		keep := all || f.Role == "own" || f.Role == "library" && i > 0 && frames[i-1].Role != "library"
		if !keep {
			if skipped == 0 {
				firstSkipped = i
			}
			skipped++
			continue
		}
		flush()
		for _, in := range f.Inlined {
			out = append(out, traceRow{number: i, function: shortName(in.Function, all), place: placeOf(in.File, in.Line), role: in.Role, inlined: true})
		}
		name := shortName(f.FullName(), all)
		if name == "" {
			name = path.Base(f.Module) + "+" + f.Address
			if f.Address == f.Raw { // not relative to the object
				name = path.Base(f.Module) + " at " + f.Address
			}
		}
		if f.Module == "" && f.Function == "" {
			name = f.Address
		}
		out = append(out, traceRow{number: i, function: name, place: placeOf(f.File, f.Line), role: f.Role})
	}
	flush()
	return out
}
