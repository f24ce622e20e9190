package collect

import (
	"strings"
	"time"
)

// nameTime is the time that a dump's name carries.
type nameTime struct {
	kind  nameKind
	clock time.Time // the digits read as UTC; for nameLocal the zone is unknown
}

type nameKind uint8

const (
	nameOther   nameKind = iota
	namePending          // backtrace.dump
	nameUTC              // backtrace.2025-09-30-11-40-36.326784363.dump
	nameLocal            // backtrace.2023-05-14-19-22-03.dump
)

// parseName reads a file name as Wolf gives it (exceptions.h, check_exceptions):
// with a fraction the time is UTC, without it is the local time of that machine.
//
//	backtrace.2025-09-30-11-40-36.326784363.dump
//	backtrace.2023-05-14-19-22-03.dump
func parseName(base string) nameTime {
	base = withoutCompression(base)
	if base == "backtrace.dump" {
		return nameTime{kind: namePending}
	}
	s, ok := strings.CutPrefix(base, "backtrace.")
	if !ok {
		return nameTime{}
	}
	s, ok = strings.CutSuffix(s, ".dump")
	const layout = "2006-01-02-15-04-05"
	if !ok || len(s) < len(layout) {
		return nameTime{}
	}
	t, err := time.Parse(layout, s[:len(layout)])
	if err != nil {
		return nameTime{}
	}
	rest := s[len(layout):]
	if rest == "" {
		return nameTime{kind: nameLocal, clock: t}
	}
	if rest[0] != '.' || len(rest) < 2 || len(rest) > 10 {
		return nameTime{}
	}
	nanos := 0
	for i := 1; i < 10; i++ {
		digit := byte('0')
		if i < len(rest) {
			digit = rest[i]
		}
		if digit < '0' || digit > '9' {
			return nameTime{}
		}
		nanos = nanos*10 + int(digit-'0')
	}
	return nameTime{kind: nameUTC, clock: t.Add(time.Duration(nanos))}
}

// looksLikeDumpName reports whether a file of a folder is worth a row of its
// own even when its content is not recognised.
func looksLikeDumpName(base string) bool {
	base = strings.ToLower(withoutCompression(base))
	return strings.HasSuffix(base, ".dump") || strings.HasPrefix(base, "backtrace")
}

// withoutCompression cuts off what compressors append to a name.
func withoutCompression(base string) string {
	for _, suffix := range []string{".gz", ".zst", ".xz", ".bz2"} {
		if s, ok := strings.CutSuffix(base, suffix); ok {
			return s
		}
	}
	return base
}

// archiveName reports whether a file of a folder is worth opening as an archive.
func archiveName(base string) bool {
	base = strings.ToLower(base)
	for _, suffix := range []string{".zip", ".tgz", ".tbz2", ".txz", ".tar"} {
		if strings.HasSuffix(withoutCompression(base), suffix) {
			return true
		}
	}
	return false
}
