package follow

import "wolfdiag/analyze/follow/event"

// emit passes an event on.
func (f *Follower) emit(e event.Event) {
	if e.Kind == event.KindIncident || e.Kind == event.KindUpdate || e.Kind == event.KindLifetime {
		f.emitted = true
	}
	f.o.Emit(e)
}
