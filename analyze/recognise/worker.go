package recognise

import (
	"bytes"

	"wolfdiag/analyze/logline"
	"wolfdiag/analyze/speaker"
	"wolfdiag/patterns"
	"wolfdiag/patterns/scan"
)

// Worker turns blocks of lines into hits. It owns scratch memory and is used
// by one goroutine at a time; two workers give the same hits for a block.
type Worker struct {
	*Recogniser
	parser  *logline.Parser
	next    *logline.Parser // looks at lines after a record without disturbing parser
	mode    scanMode
	lines   lineCache
	wholes  wholes
	block   block
	counted []*tally // of this block, that count something
	stretch stretch
	strange map[strangeKey]*tally
	key     []byte // scratch of match
	masked  []byte // scratch of templateKey
	matches []patterns.Match
	found   []uint16
	rec     logline.Record // the record at hand
	second  logline.Record // one spliced into it, and scratch

	ended    []Hit // the last records of tallies of the block at hand
	names    Names
	services map[string]speaker.Class // by name
	words    words

	split    logline.Split // the line at hand
	joined   logline.Split // one that continues it
	lastPart int64         // the last line that is a later part of another
}

// block is what a worker looks at: whole lines, and what follows them.
type block struct {
	data, ahead []byte
	number      int   // of blocks so far
	settled     int64 // see Worker.settled
	covered     int64 // last line of the record before
	quiet       int64 // up to this one no covered line begins a record
	peeked      *usedLine
	peekedAt    int64 // the line of which peeked is the cached line
}

// NewWorker makes a worker. It costs little until its caches fill.
func (r *Recogniser) NewWorker() *Worker {
	w := &Worker{Recogniser: r, parser: logline.NewParser(), next: logline.NewParser(), mode: scanMode{from: r.opts.CacheFrom}, services: map[string]speaker.Class{}}
	w.parser.Hear(w.words.complains)
	w.next.Hear(w.words.complains)
	return w
}

// Block looks at whole lines: data is the worker's own share, ahead what
// follows it. first is the physical number of the first line.
func (w *Worker) Block(data, ahead []byte, first int64, out *Batch) {
	out.reset(len(data))
	if bytes.IndexByte(data, escape) >= 0 {
		defer out.unstripped(data)
		out.plain = stripEscapes(out.plain[:0], data)
		data = out.plain
	}
	line := first
	w.lastPart = 0
	w.stretch.begin(first)
	pos := 0
	web := logline.HasEntities(data)
	w.mode.first = first
	cached := w.mode.cached(w.unfiltered)
	var cursor scan.Cursor
	hitAt, more := 0, false
	w.block = block{data: data, ahead: ahead, number: w.block.number + 1, settled: w.settled(data, first)}
	if !cached {
		cursor = w.scanner.Cursor(data)
		hitAt, _, more = cursor.Next()
	}
	for pos < len(data) {
		end := pos
		if cached {
			end += w.lines.key.read(data[pos:])
		} else {
			end += lineLen(data[pos:])
		}
		text := trimEOL(data[pos:end])
		sample := Sampled(line)
		var lits []uint16
		hit := more && hitAt == pos
		if hit {
			hitAt, _, more = cursor.Next()
		}
		done, cand := line <= w.block.quiet || line <= w.block.covered && !w.opens(text), w.unfiltered || hit
		if !done && (cached || hit) {
			if !cached {
				w.lines.key.read(data[pos:])
			}
			if done = w.fromCache(text, end, line, sample, out); !done {
				w.found = w.scanner.Find(w.found[:0], text)
				lits, cand = w.found, cand || len(w.found) > 0
			}
		}
		if web && !done && logline.HasEntities(text) {
			cand, lits = true, nil // what it means is not what it shows
		}
		if !done && (cand || sample || len(text) > 0 && text[0] == '{' && logline.MayBePart(text) || w.complains(text)) {
			w.block.covered = w.record(data, ahead, pos, end, line, w.block.covered, lits, cand, sample, out)
		}
		pos = end
		line++
	}
	w.mode.passed(line - first)
	w.stretch.tallies = w.flush(w.stretch.tallies, out)
	w.counted = w.flush(w.counted, out)
	w.block.data, w.block.ahead, w.block.peeked = nil, nil, nil
	out.finish(&w.names, w.ended)
	w.ended = w.ended[:0]
}

// opens reports whether a line of a record before may begin a record of its own.
func (w *Worker) opens(text []byte) bool {
	w.next.Read(text, &w.second)
	return w.second.Continues != logline.ContinuesNot
}

// complains reads only as much of a line as its level needs. A message without a
// level may be in another language than the catalogue's literals.
func (w *Worker) complains(text []byte) bool {
	l, ok := w.parser.QuickLevel(text)
	return l >= Complaint || !ok && w.matcher.Foreign(w.parser.Levelless())
}
