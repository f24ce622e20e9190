// Package filestest writes and rotates logs for tests, in lines that are
// numbered and carry a sum.
package filestest

import (
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Numbered is line n of a stream, with a sum that tells a torn one.
func Numbered(n int) string {
	s := fmt.Sprintf("%08d the quick brown line with some padding %s", n, strings.Repeat("x", n%50))
	return fmt.Sprintf("%s %08x\n", s, crc32.ChecksumIEEE([]byte(s)))
}

// Number is that of a line, with or without its newline; false when it is torn.
func Number(line string) (int, bool) {
	line = strings.TrimSuffix(line, "\n")
	i := strings.LastIndexByte(line, ' ')
	if i <= 0 || fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(line[:i]))) != line[i+1:] {
		return 0, false
	}
	n := 0
	_, err := fmt.Sscanf(line, "%d", &n)
	return n, err == nil
}

// Writer writes numbered lines to files.
type Writer struct {
	t    testing.TB
	f    *os.File
	Next int // number of the next line
}

// OpenWriter appends to a file until the test ends.
func OpenWriter(t testing.TB, name string) *Writer {
	t.Helper()
	w := &Writer{t: t}
	w.Open(name)
	t.Cleanup(func() { w.f.Close() })
	return w
}

// Open goes on in another file.
func (w *Writer) Open(name string) {
	w.t.Helper()
	if w.f != nil {
		w.f.Close()
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		w.t.Fatal(err)
	}
	w.f = f
}

// Lines writes n lines, one write each.
func (w *Writer) Lines(n int) {
	w.t.Helper()
	for range n {
		w.Raw(Numbered(w.Next))
		w.Next++
	}
}

// Block writes n lines at once.
func (w *Writer) Block(n int) {
	w.t.Helper()
	var b strings.Builder
	for range n {
		b.WriteString(Numbered(w.Next))
		w.Next++
	}
	w.Raw(b.String())
}

// Raw writes what is no numbered line.
func (w *Writer) Raw(s string) {
	w.t.Helper()
	if _, err := w.f.WriteString(s); err != nil {
		w.t.Fatal(err)
	}
}

// Rename is os.Rename.
func Rename(t testing.TB, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// Rotate does what docker does: .2 is dropped, .1 becomes .2, the file .1.
func Rotate(t testing.TB, name string, keep int) {
	t.Helper()
	for i := keep; i > 1; i-- {
		_ = os.Rename(fmt.Sprintf("%s.%d", name, i-1), fmt.Sprintf("%s.%d", name, i)) // there may be none yet
	}
	Rename(t, name, name+".1")
}

// LogName is a name in a folder of the test's own.
func LogName(t testing.TB) string { return filepath.Join(t.TempDir(), "wolf.log") }
