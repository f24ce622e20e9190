package source

import (
	"cmp"
	"strings"
)

// compareNatural orders names as people do: runs of digits by value, the rest
// by bytes. It is a total order: names that differ only in leading zeros fall
// back to their bytes.
func compareNatural(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		dx, dy := digits(x), digits(y)
		if dx > 0 && dy > 0 {
			nx, ny := strings.TrimLeft(x[:dx], "0"), strings.TrimLeft(y[:dy], "0")
			if c := cmp.Or(cmp.Compare(len(nx), len(ny)), strings.Compare(nx, ny)); c != 0 {
				return c
			}
			x, y = x[dx:], y[dy:]
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// digits returns the length of the run of digits that s starts with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// rotation is where a name stands in a set of rotated logs.
type rotation struct {
	base   string // name of the current log of the set
	age    string // digits of the suffix: a count, or a date
	dated  bool
	rotate bool // there is a suffix
}

// rotationOf reads the suffix that a rotator adds to a name. Real ones:
//
//	wolf.log.3.gz  4f1c…-json.log.1          logrotate, docker json-file
//	wolf.log-20250930.gz  syslog-20250930    logrotate with dateext
//	0.log.20250930-114036.gz                 kubelet
//	wolf-2025-09-30T11-40-36.326.log.gz      lumberjack
func rotationOf(name string) rotation {
	s := stripCompression(name)
	if ext := strings.LastIndexByte(s, '.'); ext > 0 {
		if stem, suffix := s[:ext], s[ext+1:]; isDigits(strings.Replace(suffix, "-", "", 1)) {
			return rotation{base: stem, age: strings.Replace(suffix, "-", "", 1), dated: len(suffix) >= 8, rotate: true}
		}
	}
	if dash := strings.LastIndexByte(s, '-'); dash > 0 && len(s)-dash-1 >= 8 && isDigits(s[dash+1:]) {
		return rotation{base: s[:dash], age: s[dash+1:], dated: true, rotate: true}
	}
	// wolf-2025-09-30T11-40-36.326.log: the stamp stands before the extension.
	if stem, ok := strings.CutSuffix(s, ".log"); ok && len(stem) > 24 {
		stamp := stem[len(stem)-24:]
		if stamp[0] == '-' && stamp[5] == '-' && stamp[8] == '-' && stamp[11] == 'T' && stamp[20] == '.' {
			return rotation{base: stem[:len(stem)-24] + ".log", age: stamp[1:], dated: true, rotate: true}
		}
	}
	return rotation{base: s}
}

func isDigits(s string) bool { return s != "" && digits(s) == len(s) }

func stripCompression(name string) string {
	for _, ext := range []string{".gz", ".zst", ".zstd", ".xz", ".bz2"} {
		if s, ok := strings.CutSuffix(name, ext); ok && s != "" {
			return s
		}
	}
	return name
}

// logBase reports whether name looks like the current log of a rotated set, so
// that a bare number after it means age and not just a number.
func logBase(name string) bool {
	for _, ext := range []string{"log", ".txt", ".out", ".err", ".json", "messages"} {
		if strings.HasSuffix(name, ext) {
			return true
		}
	}
	return false
}

// orderer sorts names of one folder (or of one run of arguments): rotated sets
// oldest first, everything else in natural order. present holds all the names.
type orderer struct{ present map[string]bool }

func newOrderer(names []string) orderer {
	o := orderer{present: make(map[string]bool, len(names))}
	for _, n := range names {
		o.present[stripCompression(n)] = true
	}
	return o
}

// rotationOf is the plain rotationOf unless the number is just a number.
func (o orderer) rotationOf(name string) rotation {
	r := rotationOf(name)
	if r.rotate && !logBase(r.base) && !o.present[r.base] {
		return rotation{base: stripCompression(name)}
	}
	return r
}

func (o orderer) compare(a, b string) int {
	x, y := o.rotationOf(a), o.rotationOf(b)
	if c := compareNatural(x.base, y.base); c != 0 {
		return c
	}
	rank := func(r rotation) int { // oldest kind first; the current log last
		switch {
		case r.dated:
			return 0
		case r.rotate:
			return 1
		}
		return 2
	}
	c := cmp.Compare(rank(x), rank(y))
	if c == 0 {
		c = compareNatural(x.age, y.age)
		if !x.dated {
			c = -c // .3 is older than .1
		}
	}
	return cmp.Or(c, compareNatural(a, b))
}
