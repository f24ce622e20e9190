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

// maxDecoded bounds what is decoded of a line that holds many records before it
// is analysed.
const maxDecoded = 256 << 10

// recordHosts holds the lines of the hosts of a stream of records, each of which
// is an input of its own.
type recordHosts struct {
	a       *Analyzer
	in      source.Input
	when    time.Time
	decoder records.Decoder
	order   []*recordHost
	names   map[string]*recordHost
	more    int64 // lines of hosts beyond maxRecordHosts
	decoded int   // bytes at the front of what Feed is handed next, which wait for what follows
	at      int   // where the line stands that is being decoded
	whole   bool  // a file is read to its end: nothing is handed in again
}

type recordHost struct {
	name string
	text []byte // not yet taken
	left int    // bytes of it that were left the last time
	held []held
}

// held is where lines of a host that wait come from: so many bytes of text, of
// a record that begins at a place of what was handed in.
type held struct{ text, at int }

func newRecordHosts(a *Analyzer, in source.Input, when time.Time) *recordHosts {
	h := &recordHosts{a: a, in: in, when: when, names: map[string]*recordHost{}}
	h.decoder = records.Decoder{By: a.opts.By, Take: h.take}
	return h
}

// readRecords reads what an engine or a shipper printed. Lines of several hosts
// are several servers.
func (a *Analyzer) readRecords(ctx context.Context, in source.Input, r *source.Reader) error {
	r.LongLines(records.MaxLine)
	h := newRecordHosts(a, in, modTime(in))
	h.whole = true
	err := h.blocks(ctx, r)
	h.decoder.Close()
	h.feed(true)
	for _, x := range h.order {
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
func (h *recordHosts) blocks(ctx context.Context, r *source.Reader) error {
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			h.a.partial = h.a.partial || r.Stats().Limited
			return nil
		}
		if err != nil {
			return err
		}
		h.lines(b.Data)
		b.Release()
		h.feed(false)
		if h.a.opts.Progress != nil {
			st := r.Stats()
			h.a.opts.Progress(st.RawBytes, st.RawSize)
		}
	}
}

// lines decodes lines.
func (h *recordHosts) lines(data []byte) {
	for len(data) > 0 {
		n := bytes.IndexByte(data, '\n') + 1
		if n == 0 {
			n = len(data)
		}
		h.decoder.Line(data[:n:n])
		h.at += n
		data = data[n:]
	}
}

// feed analyses what was decoded of each host.
func (h *recordHosts) feed(final bool) {
	for _, x := range h.order {
		took := h.a.feedLines(x.name, string(h.in.Kind), h.when, x.text, final)
		x.text = slices.Delete(x.text, 0, took)
		for took > 0 && len(x.held) > 0 {
			n := min(took, x.held[0].text)
			took -= n
			if x.held[0].text -= n; x.held[0].text > 0 {
				break
			}
			x.held = x.held[1:]
		}
	}
}

// live takes a piece of a live input, as Analyzer.Feed does. What waits is handed
// in again: of that, only what is new is decoded.
func (h *recordHosts) live(when time.Time, data []byte, final bool) int {
	h.when = when
	if !final {
		data = data[:bytes.LastIndexByte(data, '\n')+1]
	}
	begun := -1 // where a record began that is not complete
	if h.decoder.Open() {
		begun = 0
	}
	h.at = min(h.decoded, len(data))
	for rest := data[h.at:]; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		if n == 0 {
			n = len(rest)
		}
		from := h.at
		h.lines(rest[:n:n])
		rest = rest[n:]
		switch {
		case !h.decoder.Open():
			begun = -1
		case begun < 0:
			begun = from
		}
	}
	if final {
		h.decoder.Close()
	}
	h.feed(final)
	took := len(data)
	if begun >= 0 && !final {
		took = begun
	}
	for _, x := range h.order {
		if len(x.held) > 0 {
			took = min(took, x.held[0].at)
		}
	}
	for _, x := range h.order {
		for i := range x.held {
			x.held[i].at -= took
		}
	}
	h.decoded = len(data) - took
	return took
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
	if h.whole {
		if len(x.text) >= maxDecoded && len(x.text) >= 2*x.left {
			h.feed(false) // all of them: hosts are inputs in the order of their first records
			x.left = len(x.text)
		}
		return
	}
	x.held = append(x.held, held{len(lines), h.at})
}
