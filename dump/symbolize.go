package dump

import (
	"context"
	"sort"
	"sync"

	"wolfdiag/dump/cluster"
	"wolfdiag/dump/signature"
	"wolfdiag/dump/symbol"
)

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
		sort.Slice(o.addresses, func(i, j int) bool {
			if o.addresses[i].Offset != o.addresses[j].Offset {
				return o.addresses[i].Offset < o.addresses[j].Offset
			}
			return o.addresses[i].Return && !o.addresses[j].Return
		})
	}
	return out
}

// addressOf says how to look a frame up. Frames right below a trampoline were
// interrupted, so no call stands before them; the trampoline itself is stored as
// its start minus one.
func addressOf(frames []Frame, i int) symbol.Address {
	if frames[i].Role == RoleTrampoline {
		return symbol.Address{Offset: frames[i].Object + 1}
	}
	return symbol.Address{Offset: frames[i].Object, Return: i == 0 || frames[i-1].Role != RoleTrampoline}
}

// resolveObject names the frames of one object and reports per build and file.
func resolveObject(ctx context.Context, module string, parts []*objectFrames, symbols Symbolizer) []SymbolReport {
	groups := make([][]symbol.Address, len(parts))
	for i, p := range parts {
		groups[i] = p.addresses
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
		for n, a := range p.addresses {
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
