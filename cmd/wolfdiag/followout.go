package main

import (
	"context"
	"fmt"

	"wolfdiag/analyze/follow"
	"wolfdiag/analyze/follow/event"
	"wolfdiag/analyze/render"
)

// followOutput prints events as they come: NDJSON on stdout, lines of text on
// stdout, or, when stdout waits for a document, lines of text on stderr.
type followOutput struct {
	e       *env
	json    bool
	mask    bool
	live    *render.Live
	resizes bool               // the terminal decides how wide lines are
	stop    context.CancelFunc // when nobody reads any more
	printed bool
	err     error
}

func newFollowOutput(e *env, f render.Format, o render.Options, stop context.CancelFunc) *followOutput {
	out := &followOutput{e: e, json: f == render.JSON, mask: o.Redact, stop: stop}
	live := render.LiveOptions{Options: o, Terminal: e.stdoutTTY && e.getenv("TERM") != "dumb"}
	w := e.stdout
	if f == render.Markdown || f == render.HTML {
		w, live.Terminal = e.stderr, e.stderrTTY && e.getenv("TERM") != "dumb"
	}
	out.live = render.NewLive(w, live)
	return out
}

// tell prints one event; the final report is printed by the command itself.
func (o *followOutput) tell(ev event.Event) {
	if ev.Kind == event.KindReport || o.err != nil {
		return
	}
	o.printed = true
	if o.json {
		o.fail(render.WriteLine(o.e.stdout, ev, o.mask))
		return
	}
	switch ev.Kind {
	case event.KindIncident:
		o.live.Incident(ev.Time, ev.Number, ev.Cause)
	case event.KindUpdate:
		o.live.Update(ev.Time, ev.Number, ev.Change, ev.Text)
	default:
		o.live.Say(ev.Time, string(ev.Kind), ev.Text)
	}
	o.fail(o.live.Err())
}

// fail ends the following when its output cannot be written.
func (o *followOutput) fail(err error) {
	if err != nil && o.err == nil {
		o.err = fmt.Errorf("write the output: %w", err)
		o.stop()
	}
}

func (o *followOutput) status(s follow.Status) {
	if o.json || o.err != nil {
		return
	}
	gpu := ""
	switch {
	case s.GPU == nil:
	case s.GPU.Dark:
		gpu = "GPU monitor dark"
	case s.GPU.Total > 0:
		gpu = fmt.Sprintf("GPU %.0f %%", 100*s.GPU.Used/s.GPU.Total)
	}
	if o.resizes {
		o.live.Resize(o.e.columns())
	}
	o.live.Status(render.LiveStatus(s.Lines, s.Rate, s.Sources, s.Open, s.Lifetime, o.e.now(), gpu))
	o.fail(o.live.Err())
}

func (o *followOutput) clear() { o.live.Clear() }
