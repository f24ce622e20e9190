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
	// the words that Triage counts, one by one.
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
		q.Each = o.Complaints
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
		triage(hosts, len(o.Complaints))
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
	h.each = g.Each
	for _, n := range g.Each {
		h.Complaints += n
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

// A host stands out when it says any word of complaint more often than the other
// hosts do, for as many lines as it has: than their median and the spread around
// it allow, or chance does. A word that most hosts never say makes each host
// stand out that says it.
const (
	outside = 3.0    // standard deviations
	likeSD  = 1.4826 // makes a median absolute deviation comparable to one
	sampled = 3      // hosts that are read in any case, those that complain most: the fault may be everywhere
)

// triage leaves out the hosts that do not stand out by any of the words.
func triage(hosts []Host, words int) {
	out := make([]bool, len(hosts))
	for w := range words {
		var rates []float64
		for i := range hosts {
			if h := &hosts[i]; h.Lines > 0 {
				rates = append(rates, float64(h.each[w])/float64(h.Lines))
			}
		}
		middle := median(rates)
		spread := make([]float64, len(rates))
		for i, r := range rates {
			spread[i] = math.Abs(r - middle)
		}
		sd := likeSD * median(spread)
		for i := range hosts {
			if h := &hosts[i]; h.Lines > 0 {
				usual := middle * float64(h.Lines)
				out[i] = out[i] || float64(h.each[w]) > usual+outside*max(sd*float64(h.Lines), math.Sqrt(usual))
			}
		}
	}
	for _, i := range mostComplaining(hosts) {
		out[i] = true
	}
	for i := range hosts {
		if h := &hosts[i]; h.Lines > 0 && !out[i] {
			h.LeftOut = fmt.Sprintf("not read: %s in %s, no more than other hosts have", counted(h.Complaints, "word of complaint", "words of complaint"), counted(h.Lines, "line", "lines"))
			h.Inputs = nil
		}
	}
}

// mostComplaining are the hosts that complain most for their lines.
func mostComplaining(hosts []Host) []int {
	var list []int
	for i := range hosts {
		if hosts[i].Lines > 0 {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int {
		return -cmp.Compare(float64(hosts[a].Complaints)/float64(hosts[a].Lines), float64(hosts[b].Complaints)/float64(hosts[b].Lines))
	})
	return list[:min(len(list), sampled)]
}

// median of a list; 0 for an empty one.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(list))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
