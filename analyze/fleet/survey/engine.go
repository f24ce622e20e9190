package survey

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"wolfdiag/analyze/engine"
	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/source"
)

// EngineOptions say how the hosts of an engine are found and read.
type EngineOptions struct {
	Query engine.Query // with the window
	By    string       // label that tells hosts apart
	Mode  fleet.Mode
	// Words are what lines must hold that are read, of Prefilter; Complaints are
	// the words by which Triage counts.
	Words, Complaints []string
	Expected          []string // names of hosts that there should be
	Shard, Shards     int      // only hosts of the Shard-th of so many parts, from 1; 0: all
}

// FromEngine asks an engine for its hosts: one query for their counts, first and
// last times, one for the hosts of as long a time before, so that one that fell
// silent is known, and one for complaints where the mode asks for it. The hosts
// are sorted by name; notes say what could not be asked.
func FromEngine(ctx context.Context, c *engine.Client, o EngineOptions) (hosts []Host, notes []string, err error) {
	q := o.Query
	switch o.Mode {
	case fleet.Prefilter:
		q.Words = o.Words
	case fleet.Triage:
		q.Words = o.Complaints
	}
	groups, err := c.Groups(ctx, q, o.By)
	if err != nil {
		return nil, nil, err
	}
	known := map[string]bool{}
	for _, g := range groups {
		known[g.Value] = true
		if g.Value == "" {
			notes = append(notes, fmt.Sprintf("%s without the label %q: they are read as those of one host", counted(g.Lines, "record is", "records are"), o.By))
		}
		if !o.mine(g.Value) {
			continue
		}
		hosts = append(hosts, o.host(c, g))
	}
	before := o.Query
	before.To = before.From
	before.From = before.From.Add(-o.Query.To.Sub(o.Query.From))
	old, err := c.Groups(ctx, before, o.By)
	if err != nil {
		notes = append(notes, fmt.Sprintf("the hosts of the time before could not be asked for, so one that fell silent may be missing: %v", err))
	}
	silent := func(name, why string) {
		if !known[name] && o.mine(name) {
			known[name] = true
			hosts = append(hosts, Host{Name: name, Silent: why})
		}
	}
	for _, g := range old {
		why := "no record in the window, " + counted(g.Lines, "record", "records") + " in as long a time before it"
		if !g.Last.IsZero() {
			why += ", the last at " + g.Last.UTC().Format(time.DateTime) + " UTC"
		}
		silent(g.Value, why)
	}
	for _, name := range o.Expected {
		silent(name, "expected, and no record in the window")
	}
	slices.SortFunc(hosts, func(a, b Host) int { return cmp.Compare(a.Name, b.Name) })
	if o.Mode == fleet.Triage {
		triage(hosts)
	}
	return hosts, notes, nil
}

// unnamed is the host of records without the label.
const unnamed = "(no label)"

// host is what to read of one group.
func (o *EngineOptions) host(c *engine.Client, g engine.Group) Host {
	q := o.Query
	q.Label, q.Value, q.Expect = o.By, g.Value, g.Lines
	if o.Mode == fleet.Prefilter {
		q.Words, q.Expect = o.Words, g.Matching
	}
	s := c.Source(q)
	h := Host{Name: cmp.Or(g.Value, unnamed), Lines: g.Lines, Last: g.Last,
		Inputs: []source.Input{{Name: s.Name(), Kind: source.KindEngine, Size: -1, Stream: s}}}
	if o.Mode == fleet.Triage {
		h.Complaints = g.Matching
	}
	return h
}

// mine reports whether a host belongs to this part of the work.
func (o *EngineOptions) mine(name string) bool {
	if o.Shards <= 1 {
		return true
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	return int(h.Sum32()%uint32(o.Shards)) == o.Shard-1
}

// A host stands out when it complains in more of its lines than the others do:
// by the median of the fleet and the spread around it, or by a share that is
// much in any fleet.
const (
	fewComplaints = 5   // fewer say nothing
	outside       = 3.0 // median absolute deviations, made comparable to a standard deviation
	muchOfAll     = 0.2 // of its lines
)

// triage leaves out the hosts that do not stand out.
func triage(hosts []Host) {
	var shares []float64
	for i := range hosts {
		if hosts[i].Lines > 0 {
			shares = append(shares, share(&hosts[i]))
		}
	}
	middle := median(shares)
	spread := make([]float64, len(shares))
	for i, s := range shares {
		spread[i] = math.Abs(s - middle)
	}
	limit := middle + outside*1.4826*median(spread)
	for i := range hosts {
		h := &hosts[i]
		if h.Lines == 0 || h.Complaints >= fewComplaints && (share(h) > limit || share(h) >= muchOfAll) {
			continue
		}
		h.LeftOut = fmt.Sprintf("not read: %s in %s does not stand out", counted(h.Complaints, "complaint", "complaints"), counted(h.Lines, "line", "lines"))
		h.Inputs = nil
	}
}

func share(h *Host) float64 { return float64(h.Complaints) / float64(h.Lines) }

// median of a list; 0 for an empty one.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(list))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
