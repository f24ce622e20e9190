package snapshot

import "strings"

// Row is what one line of a live `nvidia-smi --query-gpu=… --format=csv -l N`
// says.
type Row struct {
	Memory Memory // when Usable
	Usable bool
	GPU    int    // index column; 0 without one
	Failed string // nvidia-smi's own words when it cannot do its work
	Means  string // what they mean
	FactID string // pseudo-pattern that the failure stands for, "" when none
}

// Rows reads such a stream line by line. The zero value is ready; it is for
// one goroutine.
type Rows struct{ c columns }

// Line reads a line without its newline. Headers, blank lines and what is
// neither row nor failure give the zero Row. Times are the monitor's local
// ones, as if they were UTC.
func (r *Rows) Line(line string) Row {
	line = strings.TrimSpace(line)
	if line == "" {
		return Row{}
	}
	for _, f := range failures {
		if strings.Contains(line, f.text) {
			return Row{Failed: line, Means: f.means, FactID: f.id}
		}
	}
	cells, header := r.c.cells(line)
	if header {
		return Row{}
	}
	m := r.c.memory(cells)
	if !m.usable() {
		return Row{}
	}
	row := Row{Memory: m, Usable: true}
	if n := number(cells, r.c.index); n > 0 && n < 1024 {
		row.GPU = int(n)
	}
	return row
}
