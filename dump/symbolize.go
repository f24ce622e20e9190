package dump

import (
	"context"
	"sort"
	"sync"

	"wolfdiag/dump/symbol"
)

// object is one build of one module, as far as a dump can tell: the handler's
// offset stands for the build of the program and of the image around it.
type object struct{ module, build string }

// symbolize asks for the names of all addresses, object by object in parallel,
// and writes them into the frames.
func symbolize(ctx context.Context, traces []*uniqueTrace, symbols Symbolizer) []SymbolReport {
	wanted := make(map[object]map[symbol.Address][]*Frame)
	for _, t := range traces {
		assignRoles(t.frames)
		for i := range t.frames {
			f := &t.frames[i]
			if !f.HasObject || f.Module == "" {
				continue
			}
			k := object{f.Module, t.sig.Build}
			if wanted[k] == nil {
				wanted[k] = make(map[symbol.Address][]*Frame)
			}
			a := addressOf(t.frames, i)
			wanted[k][a] = append(wanted[k][a], f)
		}
	}
	objects := make([]object, 0, len(wanted))
	for k := range wanted {
		objects = append(objects, k)
	}
	sort.Slice(objects, func(i, j int) bool {
		if objects[i].module != objects[j].module {
			return objects[i].module < objects[j].module
		}
		return objects[i].build < objects[j].build
	})
	out := make([]SymbolReport, len(objects))
	var wg sync.WaitGroup
	limit := make(chan struct{}, 4)
	for i, k := range objects {
		wg.Add(1)
		go func() {
			defer wg.Done()
			limit <- struct{}{}
			defer func() { <-limit }()
			out[i] = resolveObject(ctx, k, wanted[k], symbols)
		}()
	}
	wg.Wait()
	return out
}

// addressOf says how to look a frame up. Frames right below a trampoline were
// interrupted, so no call stands before them; the trampoline itself is stored as
// its start minus one.
func addressOf(frames []Frame, i int) symbol.Address {
	a := symbol.Address{Offset: frames[i].Object, Return: true}
	if frames[i].Role == RoleTrampoline {
		return symbol.Address{Offset: frames[i].Object + 1}
	}
	if i > 0 && frames[i-1].Role == RoleTrampoline {
		a.Return = false
	}
	return a
}

func resolveObject(ctx context.Context, k object, frames map[symbol.Address][]*Frame, symbols Symbolizer) SymbolReport {
	addresses := make([]symbol.Address, 0, len(frames))
	for a := range frames {
		addresses = append(addresses, a)
	}
	sort.Slice(addresses, func(i, j int) bool {
		if addresses[i].Offset != addresses[j].Offset {
			return addresses[i].Offset < addresses[j].Offset
		}
		return addresses[i].Return && !addresses[j].Return
	})
	res := symbols.Resolve(ctx, k.module, addresses)
	row := SymbolReport{
		Module: Clean(k.module), Build: Clean(k.build), Binary: Clean(res.Binary), Debug: Clean(res.Debug), BuildID: res.BuildID,
		Addresses: len(addresses), Checked: res.Checked, Fit: res.Fit, Problem: Clean(res.Problem),
	}
	for i, a := range addresses {
		if i >= len(res.Locations) || len(res.Locations[i]) == 0 {
			continue
		}
		row.Named++
		for _, f := range frames[a] {
			setLocations(f, res.Locations[i])
		}
	}
	return row
}

// setLocations takes the last location for the frame and the ones before it for
// what was inlined.
func setLocations(f *Frame, locations []symbol.Location) {
	n := len(locations) - 1
	l := locations[n]
	f.Function, f.File, f.Line, f.Column = l.Function, l.File, int32(l.Line), int32(l.Column)
	f.Inlined = nil
	for _, in := range locations[:n] {
		f.Inlined = append(f.Inlined, Inlined{in.Function, in.File, in.Line, in.Column})
	}
}
