package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wolfdiag/analyze"
	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
)

// A session's first complaints come with its compositor, before its container
// starts; its last while its pipelines are taken down.
const (
	beforeSession = 10 * time.Second
	afterSession  = 10 * time.Second
)

// twice refuses inputs that cannot be read two times, which --session takes: once
// to find the session, once for what was printed while it was there.
func (o *analyzeOptions) twice(inputs []source.Input) error {
	if o.session == "" {
		return nil
	}
	if o.since != "" || o.until != "" {
		return usagef("--session is a stretch of time already: give it without --since and --until")
	}
	for _, in := range inputs {
		if in.Kind == source.KindStdin || in.Kind == source.KindPipe {
			return usagef("--session reads the log twice, which a pipe cannot be: save it to a file first")
		}
	}
	return nil
}

// narrowed are the options of an analysis of the time of the session asked for.
func (o *analyzeOptions) narrowed(r *report.Report, a analyze.Options) (analyze.Options, error) {
	var from, to time.Time
	found, open := false, false
	for i := range r.Sessions {
		s := &r.Sessions[i]
		if s.Name() != o.session {
			continue
		}
		found = true
		if s.Start == nil {
			continue
		}
		if from.IsZero() || s.Start.Before(from) {
			from = *s.Start
		}
		if s.End == nil {
			open = true
		} else if s.End.After(to) {
			to = *s.End
		}
	}
	switch {
	case !found:
		return a, o.noSession(r.Sessions)
	case from.IsZero():
		return a, usagef("--session %s: the log does not tell when that session was", o.session)
	}
	a.Since = from.Add(-beforeSession)
	if !open {
		a.Until = to.Add(afterSession)
	}
	return a, nil
}

// noSession is the error for a session that the log does not show.
func (o *analyzeOptions) noSession(list []report.Session) error {
	var ids []string
	for i := len(list) - 1; i >= 0 && len(ids) < 5; i-- {
		if !slices.Contains(ids, list[i].Name()) {
			ids = append(ids, list[i].Name())
		}
	}
	if len(ids) == 0 {
		return usagef("--session %s: the log shows no session", o.session)
	}
	msg := fmt.Sprintf("--session %s: no such session in the log", o.session)
	if near := nearest(ids, o.session); near != "" {
		return usagef("%s; did you mean %s?", msg, near)
	}
	return usagef("%s; the newest are %s", msg, strings.Join(ids, ", "))
}

// only leaves other sessions of that time out of a report.
func (o *analyzeOptions) only(r *report.Report) *report.Report {
	others := len(r.Sessions)
	r.Sessions = slices.DeleteFunc(r.Sessions, func(s report.Session) bool { return s.Name() != o.session })
	note := fmt.Sprintf("only what was printed while session %s was there counts, with %s around it", o.session, beforeSession)
	if others -= len(r.Sessions); others > 0 {
		note += fmt.Sprintf("; %s there at the same time", counted(int64(others), "other session was", "other sessions were"))
	}
	r.Notes = append(r.Notes, note)
	return r
}
