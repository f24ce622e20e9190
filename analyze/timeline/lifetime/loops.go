package lifetime

import (
	"slices"
	"time"
)

// Loop is a run of lifetimes that each ended soon after their start.
type Loop struct {
	FirstLifetime, LastLifetime int             // indexes into Lifetimes
	TimesToDeath                []time.Duration // where known
	Same                        bool            // all ended the same way, missing the same milestones
}

// quickDeath is how long a start may live and still be part of a restart loop.
const quickDeath = time.Minute

// loops finds runs of three or more lifetimes of one server that each died
// soon after their start.
func loops(ls []Lifetime) []Loop {
	var out []Loop
	for i := 0; i < len(ls); {
		j := i
		for j < len(ls) && ls[j].Server == ls[i].Server && diedEarly(&ls[j]) {
			j++
		}
		if j-i >= 3 {
			l := Loop{FirstLifetime: i, LastLifetime: j - 1, Same: true}
			for k := i; k < j; k++ {
				if d, ok := ls[k].End.Sub(ls[k].Start); ok && d >= 0 && len(l.TimesToDeath) < 256 {
					l.TimesToDeath = append(l.TimesToDeath, d)
				}
				if ls[k].EndKind != ls[i].EndKind || ls[k].ExitCode != ls[i].ExitCode || !slices.Equal(ls[k].Missing, ls[i].Missing) {
					l.Same = false
				}
			}
			out = append(out, l)
		}
		i = max(j, i+1)
	}
	return out
}

func diedEarly(l *Lifetime) bool {
	if l.CutStart || l.EndKind == EndRunning || l.EndKind == EndClean || l.Sessions > 0 {
		return false
	}
	d, ok := l.End.Sub(l.Start)
	return ok && d < quickDeath
}
