// Package correlate sets the matches of a log in relation to one another: runs
// of one pattern close in time, the complaints that others inhibit, and the
// order of all of them in time.
//
// Runs takes matches in the order of the input. What it keeps is bounded:
// where a log has too many runs, neighbouring ones become one.
package correlate

import (
	"wolfdiag/analyze/speaker"
	"wolfdiag/analyze/timeline"
)

// Run is a stretch of matches of one pattern that came close together.
type Run struct {
	Pattern     int32 // index in the catalogue
	Count       int64 // matches
	First, Last timeline.Reading
	Session     string // that the first match names; "" for none
	Speakers    uint16 // bits of the classes that said it, by speaker.Class
	OfStack     bool   // a match is about what Wolf streams with, whoever's log it stands in
	epoch       int32  // see epochs
}

// SaidBy notes who says a match.
func (r *Run) SaidBy(c speaker.Class) { r.Speakers |= 1 << c }

// reach has a run go on to a match, unless it is told that of a later one already.
func (r *Run) reach(to timeline.Reading) {
	if !to.Before(r.Last.Pos) {
		r.Last = to
	}
}

// beside reports whether two runs are of one input and one lifetime of Wolf.
func (r *Run) beside(q *Run) bool { return r.epoch == q.epoch && r.Last.Input == q.Last.Input }

// lifetime is a lifetime of Wolf in one input.
type lifetime struct{ input, epoch int32 }

func (r *Run) lifetime() lifetime { return lifetime{r.Last.Input, r.epoch} }
