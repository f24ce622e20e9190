package render

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// wrap breaks text into lines of at most width runes at blanks. A word longer
// than a line stands on its own, whole: commands must survive copy and paste.
func wrap(text string, width int) []string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil
	}
	lines := []string{words[0]}
	n := utf8.RuneCountInString(words[0])
	for _, w := range words[1:] {
		k := utf8.RuneCountInString(w)
		if n+1+k > width {
			lines = append(lines, w)
			n = k
			continue
		}
		lines[len(lines)-1] += " " + w
		n += 1 + k
	}
	return lines
}

// clip shortens text to width runes with an ellipsis.
func clip(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	if width < 2 {
		return "…"
	}
	r := []rune(text)
	return strings.TrimRight(string(r[:width-1]), " ") + "…"
}

// clean replaces control characters, so that nothing a log says can drive a
// terminal. Report texts are clean already; names of files and services come
// from outside too.
func clean(s string) string {
	bad := func(r rune) bool {
		return r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == utf8.RuneError || bidi(r)
	}
	if strings.IndexFunc(s, bad) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case bad(r):
			return '·'
		}
		return r
	}, s)
}

// bidi reports characters that reorder text on a terminal.
func bidi(r rune) bool {
	return (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) || r == 0x200e || r == 0x200f
}

// stamp prints a time as a person reads it; "" for the unknown.
func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05.000")
}

// span prints from and to, leaving out what repeats.
func span(from, to *time.Time) string {
	switch {
	case from == nil && to == nil:
		return ""
	case to == nil || (from != nil && to.Sub(*from) < time.Millisecond):
		return stamp(from)
	case from == nil:
		return "until " + stamp(to)
	}
	if from.UTC().Format("2006-01-02") == to.UTC().Format("2006-01-02") {
		return stamp(from) + " – " + to.UTC().Format("15:04:05.000")
	}
	return stamp(from) + " – " + stamp(to)
}

// count prints a number with thin groups: 1,234,567.
func count(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size prints bytes for people.
func size(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	v, suffix := float64(n), ""
	for _, suffix = range []string{"KiB", "MiB", "GiB", "TiB"} {
		v /= unit
		if v < unit {
			break
		}
	}
	return fmt.Sprintf("%.1f %s", v, suffix)
}

// bar draws a probability.
func bar(p float64, width int) string {
	full := int(p*float64(width) + 0.5)
	full = min(max(full, 0), width)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

// roughly prints a duration in its two largest units.
func roughly(d time.Duration) string {
	if d < 0 {
		return "-" + roughly(-d)
	}
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Hour:
		return strings.TrimSuffix(d.Round(time.Second).String(), "0s")
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%02dh", int(d.Hours())/24, int(d.Hours())%24)
}

// upperFirst starts a heading with a capital.
func upperFirst(s string) string {
	if r, n := utf8.DecodeRuneInString(s); n > 0 {
		return string(unicode.ToUpper(r)) + s[n:]
	}
	return s
}
