package clock

// Order says in which order the lines of a stream stand.
type Order struct {
	Disordered bool  // not in the order of their times
	Reversed   bool  // the newest line comes first
	Sortable   bool  // times can be compared, so that events can be sorted by them
	Mixed      int64 // readings of a process that another had replaced
}

// Order returns the order of the lines of a stream.
func (v *View) Order(stream int32) Order {
	s := v.byID[stream]
	return Order{Disordered: s.disordered(), Reversed: s.reversed(), Mixed: s.mixed,
		Sortable: !s.hasTOD || s.dated && (!s.reversed() || s.transport)}
}
