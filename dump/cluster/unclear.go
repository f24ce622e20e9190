package cluster

import "wolfdiag/dump/trace"

// Candidates are the traces that one of which too little is left may be like.
type Candidates struct {
	Trace *Unique
	Like  []*Unique // whole traces that begin with its frames; of one cluster or several
}

// Unclear takes the traces out of which too little is left to tell which crash
// they are: what is left is the beginning of whole traces of the same build, and
// either ends above the fault or is the beginning of two with different sites. It
// returns the others, in order. Cost: the unclear traces × all.
func Unclear(traces []*Unique) (clear []*Unique, unclear []Candidates) {
	for _, t := range traces {
		like := beginsLike(t, traces)
		if len(like) > 0 && (t.Sig.Cut || differ(like)) {
			unclear = append(unclear, Candidates{Trace: t, Like: like})
			continue
		}
		clear = append(clear, t)
	}
	return clear, unclear
}

// partial reports whether a trace is known to end too early. One that is whole and
// ends above the fault is no such trace: the stack could not be walked further.
func partial(t *Unique) bool {
	switch t.Files[0].Trace.Status {
	case trace.StatusTruncated, trace.StatusCorrupt, trace.StatusMixedThreads:
		return true
	}
	return false
}

func beginsLike(t *Unique, all []*Unique) (like []*Unique) {
	if !partial(t) || t.Sig.Build == "" {
		return nil
	}
	for _, o := range all {
		if o == t || partial(o) || o.Sig.Build != t.Sig.Build || len(o.Sig.Offsets) <= len(t.Sig.Offsets) {
			continue
		}
		same := true
		for i, offset := range t.Sig.Offsets {
			if o.Sig.Offsets[i] != offset {
				same = false
				break
			}
		}
		if same {
			like = append(like, o)
		}
	}
	return like
}

// differ reports whether the traces are of more than one site.
func differ(traces []*Unique) bool {
	for _, t := range traces[1:] {
		if len(t.Sig.Site) == 0 || len(traces[0].Sig.Site) == 0 || t.Sig.Site[0] != traces[0].Sig.Site[0] {
			return true
		}
	}
	return false
}
