package symbol

import (
	"debug/dwarf"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// call is a function on the chain at an address: the subprogram itself or one
// expanded in it, with the place it was called from.
type call struct {
	name         string
	plain        bool  // the name is the source's, without namespace and parameters
	file         int64 // of the call, by its number in the line table; noFile when it is not said
	line, column int64
}

const (
	attrLinkageName dwarf.Attr = 0x6e
	attrMIPSLinkage dwarf.Attr = 0x2007
	attrGNUDwoName  dwarf.Attr = 0x2130 // DwoName before DWARF 5
	noFile                     = -1     // DWARF 5 numbers files from 0, so that 0 is one
	maxOrigins                 = 16     // references from an instance to its declaration
	maxDepth                   = 4096   // nesting of entries
)

// flatCode reports whether all code of a unit stands at its top level, as GCC
// writes C and C++; elsewhere it can lie in namespaces, types and functions.
func (dd *dwarfData) flatCode(cu *dwarf.Entry) bool {
	return strings.HasPrefix(dd.text(cu, dwarf.AttrProducer), "GNU C")
}

// splitName returns the .dwo file that holds the rest of a unit; "" for whole ones.
func splitName(cu *dwarf.Entry) string {
	for _, a := range []dwarf.Attr{dwarf.AttrDwoName, attrGNUDwoName} {
		if s, ok := cu.Val(a).(string); ok {
			return s
		}
	}
	return ""
}

// resolveUnit finds functions, inlined functions and lines for the addresses of
// one unit.
func (dd *dwarfData) resolveUnit(u unit, addresses []Address, list []int, out [][]Location) error {
	r := dd.d.Reader()
	r.Seek(dwarf.Offset(u.first))
	cu, err := r.Next()
	if err != nil {
		return fmt.Errorf("unit at %#x: %w", u.offset, err)
	}
	if cu == nil || !isCompileUnit(cu) {
		return fmt.Errorf("%w: no compile unit at %#x", errDWARF, u.offset)
	}
	chains := make(map[int][]call, len(list))
	w := walk{dd: dd, r: r, addresses: addresses, chains: chains, deep: !dd.flatCode(cu)}
	if name := splitName(cu); name != "" {
		if sub := dd.splitUnit(name, dd.text(cu, dwarf.AttrCompDir), cu, u); sub != nil {
			w.dd, w.r, u = sub, sub.d.Reader(), sub.units[0]
			w.deep = true
		} else {
			dd.split = name
		}
	}
	if err := w.run(u, list); err != nil {
		return err
	}
	if missing := without(list, chains); len(missing) > 0 && !w.deep {
		w.deep = true // rare, so looked for only now
		if err := w.run(u, missing); err != nil {
			return err
		}
	}
	lines, files, err := dd.lines(cu, addresses, list)
	for _, i := range list {
		if l := assemble(chains[i], lines[i], files); len(l) > 0 {
			out[i] = l
			dd.plain[i] = len(chains[i]) == 0 || chains[i][0].plain
		}
	}
	return err
}

func without(list []int, chains map[int][]call) []int {
	var out []int
	for _, i := range list {
		if len(chains[i]) == 0 {
			out = append(out, i)
		}
	}
	return out
}

// assemble turns a chain (outermost first) and the line at the address into
// locations, innermost first.
func assemble(chain []call, at Location, files []string) []Location {
	if len(chain) == 0 {
		if at.Line > 0 {
			return []Location{at}
		}
		return nil
	}
	out := make([]Location, 0, len(chain))
	for k := len(chain) - 1; k >= 0; k-- {
		l := at
		l.Function = chain[k].name
		out = append(out, l)
		// The caller stands at the line of the call.
		at = Location{Line: int(chain[k].line), Column: int(chain[k].column)}
		if f := chain[k].file; f >= 0 && f < int64(len(files)) {
			at.File = files[f]
		}
	}
	return out
}

// walk goes through the entries of a unit and notes, for each wanted address, the
// functions whose code contains it.
type walk struct {
	dd        *dwarfData
	r         *dwarf.Reader // for whole entries
	addresses []Address
	chains    map[int][]call
	deep      bool // look into namespaces and types as well
}

// run reads the children of the unit. Each level keeps the addresses that the
// entry around it contains.
func (w *walk) run(u unit, list []int) error {
	s, err := newScanner(w.dd.info, w.dd.abbrev, u)
	if err != nil {
		return err
	}
	var d die
	if ok, err := s.next(&d); err != nil || !ok || !d.children {
		return err
	}
	levels := [][]int{list}
	for len(levels) > 0 {
		ok, err := s.next(&d)
		if err != nil || !ok {
			return err
		}
		if err := w.dd.spend(1); err != nil {
			return err
		}
		if d.tag == 0 {
			levels = levels[:len(levels)-1]
			continue
		}
		inside, descend, err := w.entry(&d, levels[len(levels)-1])
		if err != nil {
			return err
		}
		if !d.children {
			continue
		}
		if !descend {
			if err := w.skip(s, &d); err != nil {
				return err
			}
			continue
		}
		if len(levels) >= maxDepth {
			return fmt.Errorf("%w: entries nested deeper than %d", errDWARF, maxDepth)
		}
		levels = append(levels, inside)
	}
	return nil
}

// skip passes over the children of d.
func (w *walk) skip(s *scanner, d *die) error {
	if d.sibling > s.at && d.sibling < s.unit.end {
		s.at = d.sibling
		return nil
	}
	for depth := 1; depth > 0; {
		ok, err := s.next(d)
		if err != nil || !ok {
			return err
		}
		if err := w.dd.spend(1); err != nil {
			return err
		}
		switch {
		case d.tag == 0:
			depth--
		case d.children && d.sibling > s.at && d.sibling < s.unit.end:
			s.at = d.sibling
		case d.children:
			depth++
		}
	}
	return nil
}

// full reads the whole entry.
func (w *walk) full(d *die) (*dwarf.Entry, error) {
	w.r.Seek(dwarf.Offset(d.offset))
	e, err := w.r.Next()
	if err == nil && e == nil {
		err = fmt.Errorf("%w: no entry at %#x", errDWARF, d.offset)
	}
	return e, err
}

// entry handles one entry. It returns the addresses inside it and whether its
// children matter.
func (w *walk) entry(d *die, around []int) (inside []int, descend bool, err error) {
	switch d.tag {
	case dwarf.TagSubprogram:
		inside, err = w.within(d, around)
		if err != nil || len(inside) == 0 {
			return around, w.deep, err // Rust nests functions in functions
		}
		e, err := w.full(d)
		if err != nil {
			return nil, false, err
		}
		name, plain := w.dd.nameOf(e)
		for _, i := range inside {
			w.chains[i] = []call{{name: name, plain: plain, file: noFile}}
		}
		return inside, true, nil
	case dwarf.TagInlinedSubroutine:
		inside, err = w.within(d, around)
		if err != nil || len(inside) == 0 {
			return nil, false, err
		}
		e, err := w.full(d)
		if err != nil {
			return nil, false, err
		}
		var c call
		c.name, c.plain = w.dd.nameOf(e)
		c.file = noFile
		if f, ok := e.Val(dwarf.AttrCallFile).(int64); ok {
			c.file = f
		}
		c.line, _ = e.Val(dwarf.AttrCallLine).(int64)
		c.column, _ = e.Val(dwarf.AttrCallColumn).(int64)
		for _, i := range inside {
			if len(w.chains[i]) > 0 { // inside a subprogram, as it has to be
				w.chains[i] = append(w.chains[i], c)
			}
		}
		return inside, true, nil
	case dwarf.TagLexDwarfBlock, dwarf.TagTryDwarfBlock, dwarf.TagCatchDwarfBlock:
		if !d.located && !d.complex {
			return around, true, nil
		}
		inside, err = w.within(d, around)
		return inside, len(inside) > 0, err
	case dwarf.TagNamespace, dwarf.TagModule, dwarf.TagStructType, dwarf.TagClassType, dwarf.TagUnionType, dwarf.TagInterfaceType, dwarf.TagEnumerationType:
		return around, w.deep, nil
	}
	return nil, false, nil
}

// within returns those of the addresses that the entry's code contains.
func (w *walk) within(d *die, around []int) ([]int, error) {
	if len(around) == 0 || !d.located && !d.complex {
		return nil, nil
	}
	if !d.complex {
		return w.between(around, d.low, d.high, nil), nil
	}
	e, err := w.full(d)
	if err != nil {
		return nil, err
	}
	ranges, err := w.dd.d.Ranges(e)
	if err != nil {
		w.dd.unranged[e.Offset] = true // this entry is lost, the others are not
		return nil, nil
	}
	var out []int
	for _, x := range ranges {
		out = w.between(around, x[0], x[1], out)
	}
	sort.Ints(out)
	out = slices.Compact(out)
	return out, w.dd.spend(len(ranges))
}

// between appends the addresses in [low, high); around is sorted.
func (w *walk) between(around []int, low, high uint64, out []int) []int {
	if high <= low {
		return out
	}
	k := sort.Search(len(around), func(k int) bool { return w.addresses[around[k]].Offset >= low })
	for ; k < len(around) && w.addresses[around[k]].Offset < high; k++ {
		out = append(out, around[k])
	}
	return out
}

// nameOf returns the demangled name of a function, following the references from
// an instance to its abstract origin and its declaration. plain tells that only
// the bare name of the source is known, as for static functions.
func (dd *dwarfData) nameOf(e *dwarf.Entry) (name string, isPlain bool) {
	start := e.Offset
	if n, ok := dd.names[start]; ok {
		return n.name, n.plain
	}
	plain, linkage := "", ""
	for at, n := dd, 0; e != nil && n < maxOrigins; n++ {
		for _, a := range []dwarf.Attr{attrLinkageName, attrMIPSLinkage} {
			if linkage == "" {
				linkage = at.text(e, a)
			}
		}
		if plain == "" {
			plain = at.text(e, dwarf.AttrName)
		}
		if linkage != "" {
			break
		}
		from := e
		whose, next := at.follow(from, dwarf.AttrAbstractOrigin)
		if next == nil {
			whose, next = at.follow(from, dwarf.AttrSpecification)
		}
		at, e = whose, next
	}
	name = plain
	if linkage != "" {
		name = Demangle(linkage)
	}
	dd.names[start] = call{name: name, plain: linkage == ""}
	return name, linkage == ""
}

// lines reads the line table of a unit once, for all its wanted addresses. files
// are the names that call sites refer to.
func (dd *dwarfData) lines(cu *dwarf.Entry, addresses []Address, list []int) (map[int]Location, []string, error) {
	out := make(map[int]Location, len(list))
	at, ok := cu.Val(dwarf.AttrStmtList).(int64)
	if !ok {
		return out, nil, nil
	}
	folder := dd.text(cu, dwarf.AttrCompDir)
	names, err := dd.fileNames(at, folder)
	if err != nil {
		return out, nil, err
	}
	lr, err := dd.d.LineReader(cu)
	if err != nil || lr == nil {
		return out, nil, err
	}
	found := make(map[int]row, len(list))
	var prev, next dwarf.LineEntry
	open, start := false, uint64(0)
	for lr.Next(&next) == nil {
		if err := dd.spend(1); err != nil {
			return out, nil, err
		}
		if open && next.Address > prev.Address {
			k := sort.Search(len(list), func(k int) bool { return addresses[list[k]].Offset >= prev.Address })
			for ; k < len(list) && addresses[list[k]].Offset < next.Address; k++ {
				i := list[k]
				// Of overlapping sequences the one that starts last is real: the
				// linker leaves those of dropped functions at address 0.
				if r, ok := found[i]; !ok || r.start <= start {
					found[i] = row{start, prev}
				}
			}
		}
		if !open {
			start = next.Address
		}
		open = !next.EndSequence
		prev = next
	}
	number := make(map[*dwarf.LineFile]int, len(names))
	for i, f := range lr.Files() {
		if i == len(names) && f != nil { // defined by the line program itself
			names = append(names, absolute(f.Name, folder))
		}
		number[f] = i
	}
	for i, r := range found {
		l := Location{Line: r.entry.Line, Column: r.entry.Column}
		if n, ok := number[r.entry.File]; ok && n < len(names) {
			l.File = names[n]
		}
		out[i] = l
	}
	return out, names, nil
}

// row is an entry of a line table, with the start of its sequence.
type row struct {
	start uint64
	entry dwarf.LineEntry
}
