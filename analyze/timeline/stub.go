package timeline

import "time"

type view struct{}

// Collector takes clock readings and events as they pass. It is not safe for
// concurrent use. Lines of one input should come in their order.
type Collector struct{ o Options }

func New(o Options) *Collector                                              { return &Collector{o: o} }
func (c *Collector) StartInput(index int32, name string, modTime time.Time) {}
func (c *Collector) Clock(r Reading)                                        {}
func (c *Collector) Event(e Event)                                          {}
func (c *Collector) Element(r Reading, name string)                         {}
func (c *Collector) Resolve() *Timeline                                     { return &Timeline{} }
func (t *Timeline) At(r Reading) Instant                                    { return Instant{How: Unknown} }
func (t *Timeline) Lifetime(r Reading) int                                  { return -1 }
func (t *Timeline) AddFailures(fs []Failure)                                {}
