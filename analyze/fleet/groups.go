package fleet

import (
	"cmp"
	"math"
	"slices"
)

// groups sets causes against versions, where hosts differ in a version and a
// cause is found on some of them.
func (r *Report) groups() {
	values := map[string]map[string][]*Host{}
	for i := range r.Hosts {
		h := &r.Hosts[i]
		if h.Read == 0 {
			continue
		}
		for _, v := range h.Versions {
			if values[v.What] == nil {
				values[v.What] = map[string][]*Host{}
			}
			values[v.What][v.Value] = append(values[v.What][v.Value], h)
		}
	}
	for what, byValue := range values {
		if len(byValue) < 2 {
			continue
		}
		for i := range r.Causes {
			c := &r.Causes[i]
			var rows []Group
			with := 0
			for value, hosts := range byValue {
				g := Group{What: what, Value: value, Cause: c.ID, Hosts: len(hosts)}
				for _, h := range hosts {
					if slices.Contains(foundOn(h), c.ID) {
						g.With++
					}
				}
				g.Low, g.High = wilson(g.With, g.Hosts)
				with += g.With
				rows = append(rows, g)
			}
			if with > 0 {
				r.Groups = append(r.Groups, rows...)
			}
		}
	}
	rank := map[string]int{}
	for i := range r.Causes {
		rank[r.Causes[i].ID] = i
	}
	slices.SortFunc(r.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(rank[a.Cause], rank[b.Cause]), cmp.Compare(a.What, b.What),
			-cmp.Compare(float64(a.With)*float64(b.Hosts), float64(b.With)*float64(a.Hosts)), -cmp.Compare(a.Hosts, b.Hosts), cmp.Compare(a.Value, b.Value))
	})
}

// wilson is the 95 % score interval of a proportion (Wilson 1927; Brown, Cai and
// DasGupta 2001, who recommend it for small numbers), rounded to a thousandth.
func wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	round := func(x float64) float64 { return math.Round(1000*min(max(x, 0), 1)) / 1000 }
	return round(centre - half), round(centre + half)
}

// Telling reports whether a group's interval lies apart from those of all other
// values of the same thing for the same cause.
func (r *Report) Telling(g *Group) bool {
	others := 0
	for i := range r.Groups {
		o := &r.Groups[i]
		if o.Cause != g.Cause || o.What != g.What || o.Value == g.Value {
			continue
		}
		others++
		if g.Low <= o.High {
			return false
		}
	}
	return others > 0
}
