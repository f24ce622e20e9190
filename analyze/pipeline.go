package analyze

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"wolfdiag/analyze/document"
	"wolfdiag/analyze/merge"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/source"
)

// job is one block on its way. The reader fills it, a worker sets res and closes
// done, the merger takes jobs in the order of the input, and the teller behind it.
type job struct {
	block   *source.Block
	first   int64 // physical number of the block's first line
	lines   int64
	res     recognise.Batch
	done    chan struct{}
	telling *merge.Telling
	firsts  []int64 // lines whose surroundings are kept
}

// What is read at once. Of each kind of complaint the merger gets the first and the
// last of a block, so where many workers wait for it, blocks are larger. What is in
// flight, hits included, is in proportion to them.
const (
	blockSize    = 256 << 10
	maxBlockSize = 512 << 10
	manyWorkers  = 16

	tellings = 3 // blocks that are merged, and not told yet
)

// workers is how many workers there are.
func (a *Analyzer) workers() int {
	return cmp.Or(max(a.opts.Workers, 0), runtime.GOMAXPROCS(0))
}

// blockSize is what is read at once, unless Options say otherwise.
func (a *Analyzer) blockSize() int {
	size := blockSize
	if a.workers() >= manyWorkers {
		size = maxBlockSize
	}
	return cmp.Or(a.opts.BlockSize, size)
}

// pipeline carries the blocks of one input from goroutine to goroutine: reader,
// workers, merger, teller.
type pipeline struct {
	a     *Analyzer
	index int32 // the input
	r     *source.Reader
	doc   *document.Document // nil: it is none

	todo   chan *job           // for the workers
	order  chan *job           // the same, in the order of the input
	merged chan *job           // for the teller
	done   chan *job           // their memory is used again; a sync.Pool would lose it with each collection
	told   chan *merge.Telling // likewise
	err    error               // of the reader, known when order is closed
}

// pipeline runs over one input. At most two blocks a worker are in flight, and some
// that wait to be told: memory is bounded, and a slow merger slows the reader.
func (a *Analyzer) pipeline(ctx context.Context, r *source.Reader, index int32, doc *document.Document) error {
	n := a.workers()
	p := &pipeline{a: a, index: index, r: r, doc: doc,
		todo: make(chan *job, n), order: make(chan *job, n+n/2), merged: make(chan *job, tellings), done: make(chan *job, 2*n+2+tellings), told: make(chan *merge.Telling, tellings)}
	if doc == nil { // a document is edited as a whole
		r.GrowBlocks()
	}
	for range tellings {
		p.told <- &merge.Telling{}
	}
	var wg sync.WaitGroup
	for range n {
		wg.Go(p.work)
	}
	wg.Go(p.tell)
	go p.read()
	p.merge()
	wg.Wait()
	var damage *source.DamageError
	if p.err != nil && ctx.Err() == nil && !errors.As(p.err, &damage) { // damage names its input itself
		return fmt.Errorf("read %s: %w", a.account.Inputs.Name(index), p.err)
	}
	return p.err
}

// read reads blocks until there are no more.
func (p *pipeline) read() {
	defer close(p.order)
	defer close(p.todo)
	line := int64(1)
	for {
		b, err := p.r.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				p.err = err
			}
			return
		}
		if p.doc != nil && line == 1 && len(b.Ahead) == 0 && len(b.Data) < blockSize { // people do not write more
			p.doc.Edit(b.Data)
		}
		j := &job{}
		select {
		case j = <-p.done:
		default:
		}
		j.block, j.first, j.lines, j.done = b, line, countLines(b.Data), make(chan struct{})
		line += j.lines
		p.order <- j
		p.todo <- j
	}
}

// work is one worker.
func (p *pipeline) work() {
	var w *recognise.Worker // a short log needs one only
	for j := range p.todo {
		if w == nil {
			w = p.a.recogniser().NewWorker()
		}
		w.Block(j.block.Data, j.block.Ahead, j.first, &j.res)
		close(j.done)
	}
}

// merge takes blocks in the order of the input.
func (p *pipeline) merge() {
	defer close(p.merged)
	a := p.a
	var covered int64
	for j := range p.order {
		<-j.done
		j.telling = <-p.told
		a.merger.Ahead(p.index, j.res.Hits, &covered, j.telling)
		j.firsts = append(j.firsts[:0], a.account.TakeFirsts()...)
		a.account.Inputs.AddLines(p.index, j.lines)
		p.merged <- j
		if a.opts.Progress != nil {
			st := p.r.Stats()
			a.opts.Progress(st.RawBytes, st.RawSize)
		}
	}
}

// tell takes blocks that are merged: what they tell is told, what stands around
// complaints and what may be a stack trace is kept. Then their memory is free.
func (p *pipeline) tell() {
	a, name := p.a, p.a.account.Inputs.Name(p.index)
	for j := range p.merged {
		j.telling.Tell()
		p.told <- j.telling
		a.around.Block(name, j.first, j.lines, j.block.Data, j.firsts)
		a.dumps.Texts.Feed(p.index, j.block.Data)
		j.block.Release()
		j.block, j.telling = nil, nil
		select {
		case p.done <- j:
		default:
		}
	}
}
