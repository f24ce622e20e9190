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
	telling merge.Telling
	firsts  []int64 // lines whose surroundings are kept
}

// What is read at once. Of each kind of complaint the merger gets the first and the
// last of a block, so where many workers wait for it, blocks are larger. What is in
// flight, hits included, is in proportion to them.
const (
	blockSize     = 256 << 10
	maxBlockSize  = 512 << 10
	workersAtOnce = 4 // that blocks of blockSize keep busy
)

// workers is how many workers there are.
func (a *Analyzer) workers() int {
	return cmp.Or(max(a.opts.Workers, 0), runtime.GOMAXPROCS(0))
}

// blockSize is what is read at once, unless Options say otherwise.
func (a *Analyzer) blockSize() int {
	return cmp.Or(a.opts.BlockSize, min(maxBlockSize, blockSize*max(1, a.workers()/workersAtOnce)))
}

// pipeline runs reader, workers and merger over one input. At most two blocks
// a worker are in flight: memory is bounded, and a slow merger slows the reader.
func (a *Analyzer) pipeline(ctx context.Context, r *source.Reader, index int32, doc *document.Document) error {
	n := a.workers()
	if doc == nil { // a document is edited as a whole
		r.GrowBlocks()
	}
	todo := make(chan *job, n)
	order := make(chan *job, 2*n-1)
	done := make(chan *job, 2*n+2) // their memory is used again; a sync.Pool would lose it with each collection
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var w *recognise.Worker // a short log needs one only
			for j := range todo {
				if w == nil {
					w = a.recogniser().NewWorker()
				}
				w.Block(j.block.Data, j.block.Ahead, j.first, &j.res)
				close(j.done)
			}
		}()
	}
	var readErr error
	go func() {
		defer close(order)
		defer close(todo)
		line := int64(1)
		for {
			b, err := r.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					readErr = err
				}
				return
			}
			if doc != nil {
				if line == 1 && len(b.Ahead) == 0 && len(b.Data) < blockSize { // people do not write more
					doc.Edit(b.Data)
				}
			}
			j := &job{}
			select {
			case j = <-done:
			default:
			}
			j.block, j.first, j.lines, j.done = b, line, countLines(b.Data), make(chan struct{})
			line += j.lines
			order <- j
			todo <- j
		}
	}()
	merged := make(chan *job)
	wg.Go(func() { a.tell(index, a.account.Inputs.Name(index), merged, done) })
	var covered int64
	for j := range order {
		<-j.done
		a.merger.Ahead(index, j.res.Hits, &covered, &j.telling)
		j.firsts = append(j.firsts[:0], a.account.TakeFirsts()...)
		a.account.Inputs.AddLines(index, j.lines)
		merged <- j
		if a.opts.Progress != nil {
			st := r.Stats()
			a.opts.Progress(st.RawBytes, st.RawSize)
		}
	}
	close(merged)
	wg.Wait()
	var damage *source.DamageError
	if readErr != nil && ctx.Err() == nil && !errors.As(readErr, &damage) { // damage names its input itself
		return fmt.Errorf("read %s: %w", a.account.Inputs.Name(index), readErr)
	}
	return readErr
}

// tell takes blocks that are merged: the timeline is told of them, what stands around
// complaints and what may be a stack trace is kept. Then their memory is free.
func (a *Analyzer) tell(index int32, name string, merged <-chan *job, done chan<- *job) {
	for j := range merged {
		j.telling.Tell()
		a.around.Block(name, j.first, j.lines, j.block.Data, j.firsts)
		a.dumps.Texts.Feed(index, j.block.Data)
		j.block.Release()
		j.block = nil
		select {
		case done <- j:
		default:
		}
	}
}
