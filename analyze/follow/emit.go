package follow

import "wolfdiag/analyze/follow/event"

// tell passes an event on.
func (f *Follower) tell(e event.Event) {
	if e.Kind == event.KindIncident || e.Kind == event.KindUpdate || e.Kind == event.KindLifetime {
		f.told = true
	}
	f.o.Tell(e)
}
