package dump

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"sync"

	"wolfdiag/dump/cluster"
	"wolfdiag/dump/signature"
	"wolfdiag/dump/symbol"
)

// Symbolizer gives names to addresses; *symbol.Store is one.
type Symbolizer interface {
	// Resolve looks up addresses of one object, a group for each trace, and
	// returns a Result for each group. It never fails: a Problem says why there
	// are no names.
	Resolve(ctx context.Context, module string, groups [][]symbol.Address) []symbol.Result
}

// objectFrames are the frames of one object in one trace, by address.
type objectFrames struct {
	trace     *cluster.Unique
	addresses []symbol.Address
	frames    map[symbol.Address][]*Frame
}

// symbolize asks for the names of all addresses, object by object in parallel,
// and writes them into the frames.
func symbolize(ctx context.Context, traces []*cluster.Unique, symbols Symbolizer) []SymbolReport {
	wanted := make(map[string][]*objectFrames)
	for _, t := range traces {
		for module, o := range byObject(t) {
			wanted[module] = append(wanted[module], o)
		}
	}
	modules := sortedKeys(wanted)
	rows := make([][]SymbolReport, len(modules))
	var wg sync.WaitGroup
	limit := make(chan struct{}, 4)
	for i, m := range modules {
		wg.Add(1)
		go func() {
			defer wg.Done()
			limit <- struct{}{}
			defer func() { <-limit }()
			rows[i] = resolveObject(ctx, m, wanted[m], symbols)
		}()
	}
	wg.Wait()
	out := []SymbolReport{}
	for _, r := range rows {
		out = append(out, r...)
	}
	return out
}

// byObject sorts the frames of a trace by object.
func byObject(t *cluster.Unique) map[string]*objectFrames {
	signature.AssignRoles(t.Frames, t.Origin)
	out := make(map[string]*objectFrames)
	for i := range t.Frames {
		f := &t.Frames[i]
		if !f.HasObject || f.Module == "" {
			continue
		}
		o := out[f.Module]
		if o == nil {
			o = &objectFrames{trace: t, frames: make(map[symbol.Address][]*Frame)}
			out[f.Module] = o
		}
		a := addressOf(t.Frames, i)
		if o.frames[a] == nil {
			o.addresses = append(o.addresses, a)
		}
		o.frames[a] = append(o.frames[a], f)
	}
	for _, o := range out {
		slices.SortFunc(o.addresses, compareAddresses)
	}
	return out
}

// addressOf says how to look a frame up. The frame right below a trampoline was
// interrupted: no call stands before it, and old versions of cpptrace stored it
// less one as they did return addresses, which may lie in the instruction, the
// line or even the function before. One byte further is that of the interrupted
// instruction either way, for the instructions that fault have two bytes or more.
// The trampoline itself is stored as its start less one.
func addressOf(frames []Frame, i int) symbol.Address {
	switch {
	case frames[i].Role == RoleTrampoline, i > 0 && frames[i-1].Role == RoleTrampoline:
		return symbol.Address{Offset: frames[i].Object + 1}
	}
	return symbol.Address{Offset: frames[i].Object, Return: true}
}

// enoughReturns is how many return addresses tell a build.
const enoughReturns = 3

// withEvidence returns the addresses of a part, sorted; where they are too few to
// tell the object's build, with those of other traces of the same build of the
// program, which ran beside the same objects.
func withEvidence(p *objectFrames, parts []*objectFrames) []symbol.Address {
	returns := 0
	for _, a := range p.addresses {
		if a.Return {
			returns++
		}
	}
	if returns >= enoughReturns || p.trace.Sig.Build == "" {
		return p.addresses
	}
	all := slices.Clone(p.addresses)
	for _, o := range parts {
		if o != p && o.trace.Sig.Build == p.trace.Sig.Build {
			all = append(all, o.addresses...)
		}
	}
	slices.SortFunc(all, compareAddresses)
	return slices.Compact(all)
}

// compareAddresses sorts by offset, return addresses first.
func compareAddresses(a, b symbol.Address) int {
	switch {
	case a.Offset != b.Offset:
		return cmp.Compare(a.Offset, b.Offset)
	case a.Return == b.Return:
		return 0
	case a.Return:
		return -1
	}
	return 1
}

// resolveObject names the frames of one object and reports per build and file.
func resolveObject(ctx context.Context, module string, parts []*objectFrames, symbols Symbolizer) []SymbolReport {
	groups := make([][]symbol.Address, len(parts))
	for i, p := range parts {
		groups[i] = withEvidence(p, parts)
	}
	results := symbols.Resolve(ctx, module, groups)
	type key struct{ build, binary string }
	rows := make(map[key]*SymbolReport)
	counted := make(map[key]map[symbol.Address]bool)
	for i, p := range parts {
		res := &results[i]
		k := key{p.trace.Sig.Build, res.Binary}
		row := rows[k]
		if row == nil {
			row = &SymbolReport{Module: Clean(module), Build: Clean(k.build), Binary: Clean(res.Binary), Debug: Clean(res.Debug), BuildID: res.BuildID, Problem: Clean(res.Problem)}
			rows[k], counted[k] = row, make(map[symbol.Address]bool)
		}
		row.Checked += res.Checked
		row.Fit += res.Fit
		row.Unverified = row.Unverified || res.Unverified
		for _, a := range p.addresses {
			n, _ := slices.BinarySearchFunc(groups[i], a, compareAddresses)
			named := len(res.Locations[n]) > 0
			if !counted[k][a] {
				counted[k][a] = true
				row.Addresses++
				if named {
					row.Named++
				}
			}
			if named {
				for _, f := range p.frames[a] {
					setLocations(f, res.Locations[n])
				}
			}
		}
	}
	out := make([]SymbolReport, 0, len(rows))
	for _, r := range rows {
		out = append(out, *r)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Build != out[j].Build {
			return out[i].Build < out[j].Build
		}
		return out[i].Binary < out[j].Binary
	})
	return out
}

// setLocations takes the last location for the frame and the ones before it for
// what was inlined.
func setLocations(f *Frame, locations []symbol.Location) {
	n := len(locations) - 1
	l := locations[n]
	f.Function, f.Bare, f.File, f.Line, f.Column = l.Function, l.Bare, l.File, int32(l.Line), int32(l.Column)
	f.Inlined = nil
	for _, in := range locations[:n] {
		f.Inlined = append(f.Inlined, Inlined{Function: in.Function, File: in.File, Line: in.Line, Column: in.Column})
	}
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
