package engine

import (
	"context"
	"time"
)

// A Query says which records are asked for.
type Query struct {
	Text string // in the engine's own language; "": all
	// Label and Value: only records whose label has the value; "" for all.
	Label, Value string
	// From and To bound the records' times; From belongs to the span, To does not.
	From, To time.Time
	// Words: only records that hold one of them, where there are any. An engine
	// that knows words only, as VictoriaLogs does, finds no part of a longer one.
	Words []string
	// Each are words of which Groups counts the records, one by one.
	Each []string
	// Keep is a label that comes with each record, "" for none.
	Keep string
	// Expect is how many records are counted, 0 when unknown: long readings are
	// cut into shorter ones by it.
	Expect int64
}

// A Record is one message, as the engine has it. It is good until the next one.
type Record struct {
	Time  int64  // nanoseconds since the Unix epoch
	Text  []byte // may hold several lines; nil for an empty message
	Label []byte // the value of Query.Keep
	Cut   int64  // bytes by which the message was longer than Options.MaxText
}

// A Group is what the engine counted of one value of a label.
type Group struct {
	Value string // "" for records without the label
	Lines int64
	// Matching is how many of them hold one of the query's words; Lines where
	// there are none.
	Matching    int64
	Each        []int64   // records that hold each of Query.Each
	First, Last time.Time // zero when the engine does not tell
}

// Groups counts the records of a query by the values of a label, sorted by
// value. It is one query to the engine, repeated where that may help.
func (c *Client) Groups(ctx context.Context, q Query, by string) (out []Group, err error) {
	err = c.retried(ctx, func() error {
		out, err = c.dialect.groups(ctx, c, q, by)
		return err
	})
	sortGroups(out)
	return out, err
}

// Tally is what became of a reading.
type Tally struct {
	Records  int64
	Cut      int64 // messages longer than Options.MaxText
	CutBytes int64 // left out of them
	Ties     int64 // records with the time of the one before: their order is the engine's
	Repeats  int64 // records with the time and the text of another: sent twice by the shipper, perhaps
	Disorder int64 // records earlier than the one before
	Broken   int64 // times the reading broke off and was taken up again
	// Lost says that records with one and the same time could not all be had.
	Lost bool
}
