package loggen

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// Mix says what a long log is made of.
type Mix string

// The mixes of the benchmarks.
const (
	Benign  Mix = "benign"  // sessions that work, much TRACE and DEBUG, now and then a failure
	Storm   Mix = "storm"   // every line an error that the catalogue knows
	Unknown Mix = "unknown" // every line an error that no pattern explains
)

// Bulk writes about size bytes of a mix to out, deterministic by seed. Memory
// stays flat.
func Bulk(out io.Writer, mix Mix, size int64, seed uint64) error {
	b := bufio.NewWriterSize(out, 1<<20)
	w := newWorld(seed, time.Date(2025, 9, 30, 13, 43, 42, 0, time.UTC))
	w.start()
	var written int64
	for written < size {
		switch mix {
		case Benign:
			w.benign()
		case Storm:
			w.storm()
		case Unknown:
			w.unknown()
		default:
			return fmt.Errorf("loggen: no mix %q", mix)
		}
		for _, l := range w.lines {
			n, err := b.WriteString(l.Text)
			if err != nil {
				return err
			}
			if err := b.WriteByte('\n'); err != nil {
				return err
			}
			written += int64(n) + 1
		}
		w.lines = w.lines[:0]
	}
	return b.Flush()
}

// benign is a stretch of an ordinary day; about one line in ten is of interest
// to the catalogue, one stretch in two thousand fails.
func (w *world) benign() {
	if w.rng.IntN(2000) == 0 {
		f := pick(w, failures)
		c := w.open()
		f.write(w, c)
		w.close(c)
		return
	}
	if w.rng.IntN(20) == 0 {
		w.stream(w.open(), time.Minute)
		return
	}
	for range 12 {
		switch w.rng.IntN(5) {
		case 0:
			w.wolf("TRACE", "[ENET] Received %d bytes from %s:%d", 8+w.rng.IntN(300), w.ip(), 40000+w.rng.IntN(20000))
		case 1:
			w.wolf("TRACE", "[CONTROL] packet type 0x%04x, sequence %d, payload of %d bytes", w.rng.IntN(1<<16), w.rng.IntN(1<<30), w.rng.IntN(200))
		case 2:
			w.wolf("DEBUG", "[API] Received request: GET /api/v1/sessions - ")
		case 3:
			w.gst("DEBUG", "interpipesrc", "gstinterpipesrc.c", "gst_inter_pipe_src_create", "interpipesrc3", "Dequeue buffer %d with timestamp (PTS) %d:%02d:%02d.%09d", w.rng.IntN(1e6), w.rng.IntN(60), w.rng.IntN(60), w.rng.IntN(60), w.rng.IntN(1e9))
		case 4:
			w.tracing("DEBUG", "waylanddisplaycore::comp", "Frame callback sent. surface=%d commit=%d", w.rng.IntN(40), w.rng.IntN(1e6))
		}
	}
}

func (w *world) storm() {
	f := pick(w, failures)
	f.write(w, client{id: w.session(), container: "WolfSway_" + w.session()})
}

var nouns = []string{"bridge", "muxer", "arbiter", "lattice", "gasket", "relay", "cursor store", "frame clock", "slot table", "token ring"}
var verbs = []string{"rejected", "lost track of", "could not settle", "gave up on", "overran", "disowned"}

func (w *world) unknown() {
	switch w.rng.IntN(3) {
	case 0:
		w.wolf("ERROR", "[%s] %s slot %d after %d ms (epoch 0x%x)", pick(w, nouns), pick(w, verbs), w.rng.IntN(500), w.rng.IntN(9000), w.rng.Uint32())
	case 1:
		w.gst("WARN", "wobbler", "gstwobbler.c", "gst_wobbler_chain", w.element("wobbler"), "%s %s buffer %d of %s", pick(w, nouns), pick(w, verbs), w.rng.IntN(1e6), w.session())
	case 2:
		w.tracing("ERROR", "oddcrate::"+fmt.Sprint("m", w.rng.IntN(8)), "%s %s request. id=%d peer=%s", pick(w, nouns), pick(w, verbs), w.rng.IntN(1e6), w.ip())
	}
}
