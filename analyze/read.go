package analyze

import (
	"context"
	"errors"
	"io"

	"wolfdiag/analyze/document"
	"wolfdiag/analyze/records"
	"wolfdiag/analyze/source"
)

// Read analyses one input to its end. It returns the input's damage, if any
// (errors.As with *source.DamageError), after everything before the damage has
// been analysed, and ctx's error when it was cancelled: what was read counts,
// and the report is marked partial.
func (a *Analyzer) Read(ctx context.Context, in source.Input, stdin io.Reader) error {
	if a.leftOut(in) {
		return nil
	}
	r, err := source.Open(ctx, in, stdin, source.Options{BlockSize: a.blockSize(), MaxBytes: a.opts.MaxBytes})
	if err != nil {
		return err
	}
	defer r.Close()
	if taken, err := a.snapshot(ctx, in, r); taken || err != nil {
		return err
	}
	if is, _ := records.Sniff(r.Peek(sniffed)); is && in.Kind != source.KindEngine {
		return a.readRecords(ctx, in, r)
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
