package redact

// A detector finds values that need more than a regular expression. It looks at
// the view of a line and appends what it finds.
type detector func(f *finder)

// finder is what a detector works with.
type finder struct {
	set   *ruleSet
	names *standIns // what has a stand-in already is known for what it is; nil: asked is
	asked []string
	memo  labelMemo
	v     []byte
	spans []span
}

func (f *finder) found(form string, start, end int) {
	f.spans = append(f.spans, span{start, end, f.set.forms[form]})
}
