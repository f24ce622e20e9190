package analyze

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"wolfdiag/analyze/document"
	"wolfdiag/analyze/recognise"
	"wolfdiag/analyze/source"
)

// job is one block on its way through a worker. The reader fills it, a worker
// sets res and closes done, the merger takes jobs in the order of the input.
type job struct {
	block *source.Block
	first int64 // physical number of the block's first line
	lines int64
	res   recognise.Batch
	done  chan struct{}
}

// blockSize is what is read at once unless Options say otherwise. What is in
// flight, hits included, is in proportion to it.
const blockSize = 256 << 10

// pipeline runs reader, workers and merger over one input. At most two blocks
// a worker are in flight: memory is bounded, and a slow merger slows the reader.
func (a *Analyzer) pipeline(ctx context.Context, r *source.Reader, index int32, doc *document.Document) error {
	n := a.opts.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	todo := make(chan *job, n)
	order := make(chan *job, 2*n-1)
	done := make(chan *job, 2*n+1) // their memory is used again; a sync.Pool would lose it with each collection
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			w := a.recogniser.NewWorker()
			for j := range todo {
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
				if len(b.Ahead) == 0 && len(b.Data) < blockSize { // people do not write more than a block
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
	var covered, bytesRead int64
	for j := range order {
		<-j.done
		a.merger.Block(index, j.res.Hits, &covered)
		a.around.Block(a.account.Inputs.Name(index), j.first, j.lines, j.block.Data, a.account.TakeFirsts())
		a.dumps.Texts.Feed(index, j.block.Data)
		a.account.Inputs.AddLines(index, j.lines)
		bytesRead += int64(len(j.block.Data))
		j.block.Release()
		j.block = nil
		select {
		case done <- j:
		default:
		}
		if a.opts.Progress != nil {
			st := r.Stats()
			a.opts.Progress(st.RawBytes, st.RawSize)
		}
	}
	wg.Wait()
	var damage *source.DamageError
	if readErr != nil && ctx.Err() == nil && !errors.As(readErr, &damage) { // damage names its input itself
		return fmt.Errorf("read %s: %w", a.account.Inputs.Name(index), readErr)
	}
	return readErr
}
