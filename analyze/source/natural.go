package source

import (
	"cmp"
	"strings"

	"wolfdiag/analyze/source/rotation"
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

// place is where a name stands among others.
type place struct {
	rotation.Name
	rank int // of one base: dated ones first, then those with a number, the current log last
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
// oldest first, everything else in natural order. It knows the names that it
// was made with.
type orderer map[string]place

func newOrderer(names []string) orderer {
	present := make(map[string]bool, len(names))
	for _, n := range names {
		plain, _ := rotation.StripCompression(n)
		present[plain] = true
	}
	o := make(orderer, len(names))
	for _, n := range names {
		o[n] = placeOf(n, present)
	}
	return o
}

// placeOf reads a name as the table of rotators has it, unless its number is
// just a number: run.1 and run.2, or part.1.log where there is no part.log.
func placeOf(name string, present map[string]bool) place {
	n := rotation.Parse(name)
	behind := strings.HasPrefix(name, n.Base)
	if n.Kind == rotation.None || !present[n.Base] && !(behind && logBase(n.Base)) && n.Kind == rotation.Numbered {
		plain, ext := rotation.StripCompression(name)
		return place{Name: rotation.Name{Base: plain, Compressed: ext}, rank: 2}
	}
	return place{Name: n, rank: map[rotation.Kind]int{rotation.Dated: 0, rotation.Numbered: 1}[n.Kind]}
}

// base is the name of the set of rotated logs that a name belongs to.
func (o orderer) base(name string) string { return o[name].Base }

// compare puts the older of two files first.
func (o orderer) compare(a, b string) int {
	x, y := o[a], o[b]
	return cmp.Or(compareNatural(x.Base, y.Base), cmp.Compare(x.rank, y.rank), x.Date.Compare(y.Date),
		cmp.Compare(y.Number, x.Number), // .3 is older than .1
		compareNatural(a, b))
}
