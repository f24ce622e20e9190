package recognise

import "wolfdiag/analyze/logline"

// account returns the worker's own account of an outcome.
func (u *usedLine) account(o *outcome) *account {
	if o.at >= len(u.accounts) {
		// Accounts of this block stay where they are: counted points to them.
		grown := make([]*account, o.at+1)
		copy(grown, u.accounts)
		u.accounts = grown
	}
	a := u.accounts[o.at]
	if a == nil {
		a = &account{line: u.cachedLine, outcome: o}
		u.accounts[o.at] = a
	}
	return a
}

// add counts a line and reports whether it is the first.
func (a *account) add(line int64, text []byte) bool {
	if a.count == 0 {
		a.firstLine, a.first = line, text
	}
	a.count++
	a.lastLine, a.last = line, text
	return a.count == 1
}

// flush appends accounts as pairs of hits, the first record, with their number,
// and the last, and empties them.
func (w *Worker) flush(list []*account, out *Batch) []*account {
	for i, a := range list {
		w.addCounted(a, a.firstLine, a.first, out)
		out.Hits[len(out.Hits)-1].Count = a.count
		w.addCounted(a, a.lastLine, a.last, out)
		a.count, a.first, a.last = 0, nil, nil
		list[i] = nil
	}
	return list[:0]
}

// addCounted appends the hit of a counted line.
func (w *Worker) addCounted(a *account, line int64, text []byte, out *Batch) {
	h := Hit{Line: line, Span: 1, known: a.line, raw: text, Match: a.outcome.match}
	var ok bool
	if h.Outer, h.Inner, h.PID, ok = a.line.layout.Clocks(text); ok {
		out.Hits = append(out.Hits, h)
		return
	}
	var rec logline.Record
	w.next.Parse(text, &rec)
	out.add(&rec, line, 1, a.outcome.match, out.keep(rec.Text), 0)
}
