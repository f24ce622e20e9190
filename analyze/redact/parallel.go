package redact

import "sync"

// Block is a piece of a log: whole lines.
type Block struct {
	Text    []byte
	Release func() // called once Text is not used any more; may be nil
}

// Stream masks the blocks that next returns, up to its first error, which is
// returned, and hands them on in order. The bytes are those of Lines, whatever
// the number of workers: these search the blocks, and what depends on the lines
// before is done in order. next is called by another goroutine. When write
// fails, its error is returned after the call of next that is under way: write
// sees to it that this ends.
func (r *Redactor) Stream(workers int, next func() (Block, error), write func(masked []byte) error) error {
	if workers <= 1 {
		return r.streamAlone(next, write)
	}
	var all sync.WaitGroup
	order, jobs, quit := make(chan *searched, 2*workers), make(chan *searched, 2*workers), make(chan struct{})
	all.Go(func() {
		defer close(order)
		defer close(jobs)
		for {
			b := &searched{done: make(chan struct{})}
			b.Block, b.err = next()
			select {
			case order <- b:
			case <-quit:
				return
			}
			if b.err != nil {
				return
			}
			jobs <- b // the workers take it in any case
		}
	})
	for range workers {
		all.Go(func() {
			s := newSearcher(r.set, nil)
			for b := range jobs {
				b.lines = s.search(b.Text)
				close(b.done)
			}
		})
	}
	err := r.inOrder(order, write)
	close(quit)
	all.Wait()
	return err
}

// searched is a block on its way.
type searched struct {
	Block
	lines []lineFound
	err   error         // there is no block
	done  chan struct{} // closed when lines are there
}

// inOrder masks the blocks as they were searched.
func (r *Redactor) inOrder(order <-chan *searched, write func([]byte) error) error {
	var buf []byte
	for b := range order {
		if b.err != nil {
			return b.err
		}
		<-b.done
		buf = r.found(buf[:0], b.Text, b.lines)
		if b.Release != nil {
			b.Release()
		}
		if err := write(buf); err != nil {
			return err
		}
	}
	return nil
}

func (r *Redactor) streamAlone(next func() (Block, error), write func([]byte) error) error {
	var buf []byte
	for {
		b, err := next()
		if err != nil {
			return err
		}
		buf = r.Lines(buf[:0], b.Text)
		if b.Release != nil {
			b.Release()
		}
		if err := write(buf); err != nil {
			return err
		}
	}
}
