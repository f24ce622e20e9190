package symbol

import "sort"

// resolve fills in locations for the addresses, which are sorted.
func (dd *dwarfData) resolve(addresses []Address, out [][]Location) error {
	wanted := make([]int, len(addresses))
	for i := range wanted {
		wanted[i] = i
	}
	byUnit, rest := dd.unitsOf(addresses, wanted)
	if len(rest) > 0 && !dd.whole {
		fromAranges := byUnit
		if err := dd.unitRanges(); err != nil {
			return err
		}
		more, _ := dd.unitsOf(addresses, rest)
		for u, list := range more {
			fromAranges[u] = append(fromAranges[u], list...)
		}
		byUnit = fromAranges
	}
	order := make([]int, 0, len(byUnit))
	for u := range byUnit {
		order = append(order, u)
	}
	sort.Ints(order)
	var firstErr error
	for _, u := range order {
		list := byUnit[u]
		sort.Ints(list)
		if err := dd.resolveUnit(dd.units[u], addresses, list, out); err != nil {
			if dd.ctx.Err() != nil {
				return err
			}
			if firstErr == nil {
				firstErr = err // a damaged unit does not spoil the others
			}
		}
	}
	return firstErr
}
