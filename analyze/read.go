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

// Read analyses one input to its end. It returns the input's damage, if any
// (errors.As with *source.DamageError), after everything before the damage has
// been analysed, and ctx's error when it was cancelled: what was read counts,
// and the report is marked partial.
func (a *Analyzer) Read(ctx context.Context, in source.Input, stdin io.Reader) error {
	if a.leftOut(in) {
		return nil
	}
	r, err := source.Open(ctx, in, stdin, source.Options{BlockSize: cmp.Or(a.opts.BlockSize, blockSize), MaxBytes: a.opts.MaxBytes})
	if err != nil {
		return err
	}
	defer r.Close()
	if taken, err := a.snapshot(ctx, in, r); taken || err != nil {
		return err
	}
	index := a.addInput(in.Name, string(in.Kind), modTime(in))
	a.account.Inputs.Warn(index, in.Notes...)
	a.container(index, in)
	doc := document.Of(r.Peek(4 << 10))
	err = a.pipeline(ctx, r, index, doc)
	a.dumps.Texts.Finish(index)
	if doc != nil {
		a.addPieces(doc, index, in.Name)
	}
	st := r.Stats()
	a.account.Inputs.Finish(index, st)
	if in.Stream != nil {
		a.account.Inputs.Warn(index, in.Stream.Notes()...)
	}
	a.partial = a.partial || st.Limited
	if err != nil && ctx.Err() != nil {
		a.partial = true
	}
	var damage *source.DamageError
	if errors.As(err, &damage) {
		a.account.Inputs.Warn(index, damage.Damage())
	}
	return err
}

// blockSize is what is read at once unless Options say otherwise. What is in
// flight, hits included, is in proportion to it.
const blockSize = 192 << 10

// pipeline runs reader, workers and merger over one input. At most two blocks
// a worker are in flight: memory is bounded, and a slow merger slows the reader.
func (a *Analyzer) pipeline(ctx context.Context, r *source.Reader, index int32, doc *document.Document) error {
	n := a.opts.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	todo := make(chan *job, n)
	order := make(chan *job, 2*n-1)
	pool := sync.Pool{New: func() any { return &job{} }}
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
			j := pool.Get().(*job)
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
		a.around.Block(a.account.Inputs.Name(index), j.first, j.block.Data, a.account.TakeFirsts())
		a.dumps.Texts.Feed(index, j.block.Data)
		a.account.Inputs.AddLines(index, j.lines)
		bytesRead += int64(len(j.block.Data))
		j.block.Release()
		j.block = nil
		pool.Put(j)
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
