// Package metrics writes figures in Prometheus' text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/), into files
// that node_exporter's textfile collector reads.
package metrics

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Kind is the type of a family.
type Kind string

// The kinds.
const (
	Counter Kind = "counter" // only grows; the name of the family ends in _total
	Gauge   Kind = "gauge"
)

// Family is a metric with all its series.
type Family struct {
	Name    string
	Help    string
	Kind    Kind
	Samples []Sample
}

// Sample is the value of one series.
type Sample struct {
	Labels []Label
	Value  float64
}

// Label is one name and its value, which may be any text.
type Label struct{ Name, Value string }

// One makes a family of a single series without labels.
func One(name string, kind Kind, help string, value float64) Family {
	return Family{Name: name, Kind: kind, Help: help, Samples: []Sample{{Value: value}}}
}

// Add adds a series; labels are pairs of name and value.
func (f *Family) Add(value float64, labels ...string) {
	s := Sample{Value: value}
	for i := 0; i+1 < len(labels); i += 2 {
		s.Labels = append(s.Labels, Label{labels[i], labels[i+1]})
	}
	f.Samples = append(f.Samples, s)
}

var (
	inHelp  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	inValue = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// Write writes families and their series in the order given. A family without
// series is left out. Label values that are not UTF-8 are written with U+FFFD.
func Write(w io.Writer, families []Family) error {
	b := bufio.NewWriter(w)
	for i := range families {
		f := &families[i]
		if len(f.Samples) == 0 {
			continue
		}
		fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", f.Name, inHelp.Replace(f.Help), f.Name, f.Kind)
		for _, s := range f.Samples {
			b.WriteString(f.Name)
			for k, l := range s.Labels {
				b.WriteByte("{,"[min(k, 1)])
				fmt.Fprintf(b, `%s="%s"`, l.Name, inValue.Replace(strings.ToValidUTF8(l.Value, "\uFFFD")))
			}
			if len(s.Labels) > 0 {
				b.WriteByte('}')
			}
			b.WriteByte(' ')
			b.WriteString(strconv.FormatFloat(s.Value, 'g', -1, 64))
			b.WriteByte('\n')
		}
	}
	return b.Flush()
}

// ours begins every file that this package writes.
const ours = "# HELP wolfdiag_"

// ErrNotOurs is a file that is there and holds something else than our figures.
var ErrNotOurs = errors.New("is there already and holds no figures of wolfdiag: it is not replaced")

// Replaceable reports whether WriteFile may write a file: nil when there is
// none, or it is empty, or one that WriteFile wrote; else ErrNotOurs, or why it
// cannot be looked at.
func Replaceable(name string) error {
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
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: %w", name, ErrNotOurs)
	}
	head := make([]byte, len(ours))
	k, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	if k > 0 && !bytes.Equal(head[:k], []byte(ours)) {
		return fmt.Errorf("%s: %w", name, ErrNotOurs)
	}
	return nil
}

// WriteFile replaces a file by a rename: who reads it sees the old figures or
// the new ones. All may read it (0644). The file that is written meanwhile has
// a name that the textfile collector passes over, and is gone after an error.
// The first family's name must begin with wolfdiag_.
func WriteFile(name string, families []Family) error {
	t, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".new-*")
	if err != nil {
		return err
	}
	if err = Write(t, families); err == nil {
		err = t.Chmod(0o644)
	}
	if e := t.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(t.Name(), name)
	}
	if err != nil {
		_ = os.Remove(t.Name()) // the first error tells
	}
	return err
}
