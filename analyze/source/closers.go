package source

import (
	"errors"
	"io"
)

// closers are closed in order.
type closers []io.Closer

func (c closers) Close() error {
	var err error
	for _, x := range c {
		if x != nil {
			err = errors.Join(err, x.Close())
		}
	}
	return err
}

// noEOF turns the end of a file where none may be into an error of its own.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

type withCloser struct {
	io.Reader
	c io.Closer
}

func (w withCloser) Close() error { return w.c.Close() }
