package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"wolfdiag/analyze/fleet"
	"wolfdiag/analyze/render"
)

// maxFleet bounds a file of reports: some hundred thousand hosts.
const maxFleet = 512 << 20

var errNoFleet = errors.New("no report of fleet --format json in it")

// readFleets reads the reports in a file, one after the other. Those before a
// damage are returned beside the error.
func readFleets(name string, e *env) ([]*fleet.Report, error) {
	r := e.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	limited := &io.LimitedReader{R: r, N: maxFleet}
	d := json.NewDecoder(limited)
	var out []*fleet.Report
	for {
		p := &fleet.Report{}
		err := d.Decode(p)
		switch {
		case errors.Is(err, io.EOF) && len(out) > 0:
			return out, nil
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("%s: %w", name, errNoFleet)
		case limited.N <= 0:
			return out, fmt.Errorf("%s: more than %d MiB, the rest is left out", name, maxFleet>>20)
		case err != nil:
			return out, fmt.Errorf("%s, at byte %d: not a whole report of fleet: %w", name, d.InputOffset(), err)
		case p.Schema != fleet.Schema:
			return out, fmt.Errorf("%s: a document %q, want %s", name, p.Schema, fleet.Schema)
		}
		out = append(out, p)
	}
}

// readFleet reads one report, or several as one.
func readFleet(name string, e *env) (*fleet.Report, error) {
	list, err := readFleets(name, e)
	if err != nil {
		return nil, err
	}
	return fleet.Merge(list, nil), nil
}

// finish prints the report and maps the outcome to an exit code.
func (o *fleetOptions) finish(e *env, r *fleet.Report, format render.Format, ropts render.Options, failed bool) error {
	if err := render.Fleet(e.stdout, r, format, ropts); err != nil {
		return err
	}
	switch {
	case failed || r.Failed():
		return exitWith(exitPartial)
	case o.exitCode && r.Found():
		return exitWith(exitFound)
	}
	return nil
}
