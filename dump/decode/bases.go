package decode

import "wolfdiag/dump/trace"

// otherBase reports whether any object of tail lies at another base than in frames.
func otherBase(frames, tail []trace.Frame) bool {
	for i := range tail {
		b, ok := tail[i].Base()
		if !ok {
			continue
		}
		for j := range frames {
			if frames[j].Module != tail[i].Module {
				continue
			}
			if a, ok := frames[j].Base(); ok && a != b {
				return true
			}
		}
	}
	return false
}

// checkBases finds a second load base for one object. An object has one base in
// one process, so a second one means frames of another process. One change from
// first to second is an older, longer dump whose end was left behind; a change
// back again means two traces written over one another.
func checkBases(t *trace.Trace) {
	first := make(map[string]uint64, 8)
	conflicted := make(map[string]bool)
	firstOther := -1
	for i := range t.Frames {
		b, ok := t.Frames[i].Base()
		if !ok {
			continue
		}
		module := t.Frames[i].Module
		if a, seen := first[module]; !seen {
			first[module] = b
		} else if a != b {
			conflicted[module] = true
			if firstOther < 0 {
				firstOther = i
			}
		}
	}
	if firstOther < 0 {
		return
	}
	others, lastOwn, back := 0, 0, false
	for i := range t.Frames {
		b, ok := t.Frames[i].Base()
		if !ok || !conflicted[t.Frames[i].Module] {
			continue
		}
		switch {
		case b != first[t.Frames[i].Module]:
			others++
		case i > firstOther:
			back = true
		default:
			lastOwn = i
		}
	}
	if back {
		splitMixed(t, others)
		return
	}
	cut := staleCut(t.Frames, lastOwn, firstOther)
	t.Status = trace.Worse(t.Status, trace.StatusStaleTail)
	t.Warn("from frame %d on the objects lie at other load bases: %d frames of an older dump left out", cut, len(t.Frames)-cut)
	if n := firstOther - lastOwn - 1; n > 0 && cut == firstOther {
		t.Warn("the %d frames before that could belong to either dump", n)
	}
	t.Dropped = append(t.Dropped, t.Frames[cut:]...)
	t.Frames = t.Frames[:cut]
}

// staleCut returns where the older dump starts: at firstOther, or before it at a
// frame whose object occurs behind firstOther and not up to lastOwn, the last
// frame proven to be of the real trace.
func staleCut(frames []trace.Frame, lastOwn, firstOther int) int {
	occurs := func(module string, part []trace.Frame) bool {
		for i := range part {
			if part[i].Module == module {
				return true
			}
		}
		return false
	}
	for i := lastOwn + 1; i < firstOther; i++ {
		m := frames[i].Module
		if m != "" && occurs(m, frames[firstOther:]) && !occurs(m, frames[:lastOwn+1]) {
			return i
		}
	}
	return firstOther
}

// splitMixed keeps the frames whose base agrees with the first frame of their
// object and drops the others.
func splitMixed(t *trace.Trace, others int) {
	t.Status = trace.Worse(t.Status, trace.StatusMixedThreads)
	t.Warn("%d of %d frames lie at a second load base, interleaved with the first: two traces were written over one another; the second is left out", others, len(t.Frames))
	bases := make(map[string]uint64)
	kept := make([]trace.Frame, 0, len(t.Frames)-others)
	for _, f := range t.Frames {
		b, ok := f.Base()
		if ok {
			a, seen := bases[f.Module]
			if !seen {
				bases[f.Module] = b
			} else if a != b {
				t.Dropped = append(t.Dropped, f)
				continue
			}
		}
		kept = append(kept, f)
	}
	t.Frames = kept
}
