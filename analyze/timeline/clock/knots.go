package clock

// readings are the clock readings of a stream that are kept, so that lines without
// a clock can be placed between them.
type readings struct {
	knots   []knot
	spacing int64 // an ordinary reading is kept when it is so far from the last
	last    knot  // the last reading, kept or not
	hasLast bool
	force   bool // keep the next reading: a line without clock wants neighbours
	thinned int64
}

// knot is one kept clock reading.
type knot struct {
	line   int64
	rel    int64
	ref    ref
	pinned bool // a transition: thinned out last
}

// keep adds k to the knots when it is a transition or far enough from the last.
func (s *stream) keep(k knot) {
	defer func() { s.last, s.hasLast = k, true }()
	n := len(s.knots)
	if n == 0 || s.force {
		k.pinned = s.force
		s.force = false
		s.append(k)
		return
	}
	prev := s.knots[n-1]
	back := s.hasLast && s.last.ref == k.ref && k.rel < s.last.rel-interleaving
	if prev.ref != k.ref || back {
		if s.hasLast && s.last.line > prev.line {
			p := s.last
			p.pinned = true
			s.append(p)
		}
		k.pinned = true
		s.append(k)
		return
	}
	if d := k.rel - prev.rel; d >= s.spacing || d <= -s.spacing || k.line-prev.line >= 1<<16 && d != 0 {
		s.append(k)
	}
}

// neighbours asks for the readings before and after the current line to be
// kept: a line without a clock will be placed between them.
func (s *stream) neighbours() {
	if n := len(s.knots); s.hasLast && (n == 0 || s.knots[n-1].line < s.last.line) {
		p := s.last
		p.pinned = true
		s.append(p)
	}
	s.force = true
}

func (s *stream) append(k knot) {
	limit, _ := s.limits()
	if n := len(s.knots); n > 0 && s.knots[n-1].line > k.line {
		k.line = s.knots[n-1].line // lines come in order; keep the search valid if not
	}
	if len(s.knots) >= limit {
		s.thin(limit)
	}
	s.knots = append(s.knots, k)
}

// thin halves the knots: ordinary ones first, transitions when these alone
// are too many. It never touches the old array, which a view may hold.
func (s *stream) thin(limit int) {
	old := s.knots
	kept := make([]knot, 0, limit)
	for i, k := range old {
		if k.pinned || i%2 == 0 || i == len(old)-1 {
			kept = append(kept, k)
		}
	}
	if len(kept) > limit*3/4 {
		kept = kept[:0]
		for i, k := range old {
			if i%2 == 0 || i == len(old)-1 {
				k.pinned = k.pinned && i%4 == 0
				kept = append(kept, k)
			}
		}
	}
	s.thinned += int64(len(old) - len(kept))
	s.knots = kept
	s.spacing = min(2*s.spacing, maxSpacing)
}
