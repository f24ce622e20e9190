// Package around keeps the lines around some lines of a log, while the log passes
// by: a pipe cannot be read again. The same log in other pieces gives the same
// lines. Memory is bounded, whatever the log holds.
package around

import "bytes"

const (
	// Before and After are how many lines are kept on either side.
	Before, After = 3, 3

	maxBytes    = 400 // kept of a line
	maxExcerpts = 512 // kept of a log
)

// Line is one line of the log as it stands there, cut to 400 bytes, without its
// end.
type Line struct {
	Number int64 // 1-based, physical
	Text   []byte
}

// place is a line of an input.
type place struct {
	input string
	line  int64
}

// excerpt are the lines around one.
type excerpt struct {
	lines []Line
	until int64 // the last line that belongs to it
}

// Keeper keeps the lines around those it is told of. The zero value is ready.
// Not safe for concurrent use.
type Keeper struct {
	kept map[place]*excerpt
	open map[string][]*excerpt // that lines still to come belong to, by input
	tail map[string][]Line     // the last lines of an input
}

// Block takes the next n lines of an input, the first of which has the number
// first, and the numbers of those lines among them whose surroundings are
// wanted, in any order. Cost: a look at the last lines; one pass where something
// is wanted.
func (k *Keeper) Block(input string, first, n int64, data []byte, wanted []int64) {
	if k.kept == nil {
		k.kept, k.open, k.tail = map[place]*excerpt{}, map[string][]*excerpt{}, map[string][]Line{}
	}
	for _, line := range wanted {
		k.want(input, line, first)
	}
	if len(k.open[input]) > 0 {
		k.fill(input, first, data)
	}
	k.keepTail(input, first, n, data)
}

// want opens an excerpt, with the lines of earlier blocks that belong to it.
func (k *Keeper) want(input string, line, first int64) {
	at := place{input, line}
	if k.kept[at] != nil || len(k.kept) >= maxExcerpts || line < first {
		return
	}
	x := &excerpt{until: line + After}
	for _, l := range k.tail[input] {
		if l.Number >= line-Before {
			x.lines = append(x.lines, l)
		}
	}
	k.kept[at] = x
	k.open[input] = append(k.open[input], x)
}

// fill gives each open excerpt its lines of a block.
func (k *Keeper) fill(input string, first int64, data []byte) {
	var still []*excerpt
	last := first - 1
	number := first
	end := int64(0) // the last line that is wanted
	for _, x := range k.open[input] {
		end = max(end, x.until)
	}
	for len(data) > 0 && number <= end {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		for _, x := range k.open[input] {
			if number >= x.until-After-Before && number <= x.until {
				x.lines = append(x.lines, lineOf(number, line))
			}
		}
		last = number
		number++
	}
	for _, x := range k.open[input] {
		if x.until > last {
			still = append(still, x)
		}
	}
	k.open[input] = still
}

// keepTail remembers the last lines of an input.
func (k *Keeper) keepTail(input string, first, n int64, data []byte) {
	if len(data) == 0 {
		return
	}
	number := first + n - 1
	rest := bytes.TrimSuffix(data, []byte{'\n'})
	var lines []Line // the last one first
	for len(lines) < Before && number >= first {
		i := bytes.LastIndexByte(rest, '\n')
		lines = append(lines, lineOf(number, rest[i+1:]))
		rest = rest[:max(i, 0)]
		number--
	}
	old := k.tail[input]
	for i := len(old) - 1; i >= 0 && len(lines) < Before; i-- {
		lines = append(lines, old[i])
	}
	tail := make([]Line, 0, Before)
	for i := len(lines) - 1; i >= 0; i-- {
		tail = append(tail, lines[i])
	}
	k.tail[input] = tail
}

func lineOf(number int64, text []byte) Line {
	text = bytes.TrimSuffix(text, []byte{'\r'})
	return Line{Number: number, Text: bytes.Clone(text[:min(len(text), maxBytes)])}
}

// Lines returns the lines around one, itself among them, in order; nil when they
// are not kept. The result must not be changed.
func (k *Keeper) Lines(input string, line int64) []Line {
	if x := k.kept[place{input, line}]; x != nil {
		return x.lines
	}
	return nil
}
