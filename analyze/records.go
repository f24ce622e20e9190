package analyze

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"wolfdiag/analyze/records"
	"wolfdiag/analyze/source"
)

// maxRecordHosts is how many hosts of one stream are told apart.
const maxRecordHosts = 64

// recordHosts holds the lines of the hosts of a stream of records, each of which
// is an input of its own.
type recordHosts struct {
	a     *Analyzer
	in    source.Input
	when  time.Time
	order []*recordHost
	names map[string]*recordHost
	more  int64 // lines of hosts beyond maxRecordHosts
}

type recordHost struct {
	name string
	text []byte // not yet taken
}

// readRecords reads what an engine or a shipper printed. Lines of several hosts
// are several servers.
func (a *Analyzer) readRecords(ctx context.Context, in source.Input, r *source.Reader) error {
	h := &recordHosts{a: a, in: in, when: modTime(in), names: map[string]*recordHost{}}
	d := records.Decoder{By: a.opts.By, Take: h.take}
	err := h.blocks(ctx, r, &d)
	d.Close()
	for _, x := range h.order {
		a.Feed(x.name, string(in.Kind), h.when, x.text, true)
		a.dumps.Texts.Finish(a.live[x.name].index)
	}
	if h.more > 0 {
		a.Note(fmt.Sprintf("%s holds records of more than %d hosts: %d lines of the others are not read (wolfdiag fleet reads all hosts, each by itself)", in.Name, maxRecordHosts, h.more))
		a.partial = true
	}
	if len(h.order) > 1 {
		a.Note(fmt.Sprintf("the records of %d hosts in %s are read as those of as many servers, and their lines are counted host by host", len(h.order), in.Name))
	}
	var damage *source.DamageError
	if errors.As(err, &damage) && len(h.order) > 0 {
		a.account.Inputs.Warn(a.live[h.order[0].name].index, damage.Damage())
	}
	if err != nil && ctx.Err() != nil {
		a.partial = true
	}
	return err
}

// blocks decodes block by block.
func (h *recordHosts) blocks(ctx context.Context, r *source.Reader, d *records.Decoder) error {
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			h.a.partial = h.a.partial || r.Stats().Limited
			return nil
		}
		if err != nil {
			return err
		}
		for data := b.Data; len(data) > 0; {
			n := bytes.IndexByte(data, '\n') + 1
			if n == 0 {
				n = len(data)
			}
			d.Line(data[:n:n])
			data = data[n:]
		}
		b.Release()
		for _, x := range h.order {
			x.text = slices.Delete(x.text, 0, h.a.Feed(x.name, string(h.in.Kind), h.when, x.text, false))
		}
		if h.a.opts.Progress != nil {
			st := r.Stats()
			h.a.opts.Progress(st.RawBytes, st.RawSize)
		}
	}
}

// take takes lines of one host.
func (h *recordHosts) take(host, lines []byte) {
	if h.in.Host != nil && string(host) != *h.in.Host {
		return
	}
	x := h.names[string(host)]
	if x == nil {
		if len(h.order) >= maxRecordHosts {
			h.more += countLines(lines)
			return
		}
		x = &recordHost{name: h.in.Name}
		if len(host) > 0 {
			x.name += "/" + string(host)
		}
		h.names[string(host)] = x
		h.order = append(h.order, x)
	}
	x.text = append(x.text, lines...)
}
