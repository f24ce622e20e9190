package render

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

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

// bidi reports characters that reorder or break text on a terminal.
func bidi(r rune) bool {
	return (r >= 0x2028 && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) || r == 0x200e || r == 0x200f || r == 0x061c || r == 0xfeff
}

// stamp prints a time as a person reads it; "" for the unknown.
func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05.000")
}

// second prints a time without its fraction.
func second(t time.Time) string { return t.UTC().Format(time.DateTime) }

// span prints from and to in seconds, leaving out what repeats. Times within
// one second are one, with its fraction.
func span(from, to *time.Time) string {
	switch {
	case from == nil && to == nil:
		return ""
	case to == nil:
		return stamp(from)
	case from == nil:
		return "until " + stamp(to)
	case to.Unix() == from.Unix():
		return stamp(from)
	case from.UTC().Format(time.DateOnly) == to.UTC().Format(time.DateOnly):
		return second(*from) + " – " + to.UTC().Format(time.TimeOnly)
	}
	return second(*from) + " – " + second(*to)
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
func bar(p float64, columns int) string {
	full := int(p*float64(columns) + 0.5)
	full = min(max(full, 0), columns)
	return strings.Repeat("█", full) + strings.Repeat("░", columns-full)
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
		d = d.Round(time.Second)
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%02dh", int(d.Hours())/24, int(d.Hours())%24)
}

// upperFirst starts a heading with a capital, unless it starts with a name that
// is written as it is: nvidia_drm.
func upperFirst(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if strings.ContainsAny(first, "_./0123456789") {
		return s
	}
	if r, n := utf8.DecodeRuneInString(s); n > 0 {
		return string(unicode.ToUpper(r)) + s[n:]
	}
	return s
}
