package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"wolfdiag/analyze/follow"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/report"
)

const (
	pageEvery  = 10 * time.Second // least time between two writings of the page
	pageReload = 15 * time.Second // after which a browser asks for it again
)

// followPage keeps the HTML page of a following current. All its calls come from
// one goroutine.
type followPage struct {
	e       *env
	file    string
	opts    render.Options
	shown   *report.Report
	written time.Time
	failed  bool // and that was said
}

// newFollowPage checks where the page is to be, and writes the first one: what
// cannot be written is said at the start, and a browser has something to show.
func newFollowPage(e *env, o *followOptions, opts render.Options, r *report.Report) (*followPage, error) {
	if err := replaceablePage(o.html); err != nil {
		return nil, usagef("--html: %w", err)
	}
	for _, in := range append([]string{o.checkpoint, o.gpu, o.metrics}, o.args...) {
		if a, err := filepath.Abs(in); err == nil && in != "" {
			if b, err := filepath.Abs(o.html); err == nil && a == b {
				return nil, usagef("--html %s: that is a file of another use", o.html)
			}
		}
	}
	p := &followPage{e: e, file: o.html, opts: opts}
	if err := p.write(r, pageReload); err != nil {
		return nil, usagef("--html: %w", err)
	}
	return p, nil
}

// status writes the page when there is something new and the last one is old
// enough.
func (p *followPage) status(s follow.Status) {
	now := p.e.now()
	if s.Report == nil || s.Report == p.shown || now.Sub(p.written) < pageEvery && !now.Before(p.written) {
		return
	}
	p.put(s.Report, pageReload)
}

// end writes the last page, which does not reload itself.
func (p *followPage) end(r *report.Report) {
	if p != nil {
		p.put(r, 0)
	}
}

// put says once that the page cannot be written, until it can again.
func (p *followPage) put(r *report.Report, reload time.Duration) {
	err := p.write(r, reload)
	if err != nil && !p.failed {
		p.e.warnf("--html: %v; tried again when there is more", err)
	}
	p.failed = err != nil
}

func (p *followPage) write(r *report.Report, reload time.Duration) error {
	o := p.opts
	o.Reload, o.Written = reload, p.e.now()
	p.written = o.Written
	var b bytes.Buffer
	if err := render.Report(&b, r, render.HTML, o); err != nil {
		return err
	}
	err := replaceFile(p.file, b.Bytes())
	if err == nil {
		p.shown = r
	}
	return err
}

// replaceablePage refuses to write over what is neither empty nor a page of
// wolfdiag.
func replaceablePage(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	head, err := io.ReadAll(io.LimitReader(f, 512))
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || len(head) > 0 && !bytes.Contains(head, []byte(render.PageMark)) {
		return fmt.Errorf("%s is no page of wolfdiag: remove it, or name another file", name)
	}
	return nil
}
