package analyze

import (
	"bytes"
	"os"
	"time"

	"wolfdiag/analyze/source"
)

// addInput registers a log and returns its index.
func (a *Analyzer) addInput(name, kind string, modTime time.Time) int32 {
	i := a.account.Inputs.Add(name, kind)
	a.merger.Clock.StartInput(i, a.account.Inputs.Name(i), modTime)
	return i
}

// countLines counts physical lines; a last line without a newline counts.
func countLines(b []byte) int64 {
	n := int64(bytes.Count(b, []byte{'\n'}))
	if len(b) > 0 && b[len(b)-1] != '\n' {
		n++
	}
	return n
}

// modTime is when a file was last written; zero for streams.
func modTime(in source.Input) time.Time {
	if !in.ModTime.IsZero() {
		return in.ModTime
	}
	if in.Path == "" || in.Kind != source.KindFile {
		return time.Time{}
	}
	info, err := os.Stat(in.Path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
