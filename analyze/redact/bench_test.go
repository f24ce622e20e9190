package redact

import (
	"bytes"
	"testing"

	"wolfdiag/analyze/loggen"
)

// BenchmarkLines masks a log as a Wolf server writes it on a good day, and one
// of a storm of errors.
func BenchmarkLines(b *testing.B) {
	for _, mix := range []loggen.Mix{loggen.Benign, loggen.Storm} {
		b.Run(string(mix), func(b *testing.B) {
			var log bytes.Buffer
			if err := loggen.Bulk(&log, mix, 4<<20, 1); err != nil {
				b.Fatal(err)
			}
			r := New()
			var out []byte
			b.SetBytes(int64(log.Len()))
			for b.Loop() {
				out = r.Lines(out[:0], log.Bytes())
			}
			if bytes.Count(out, []byte("\n")) != bytes.Count(log.Bytes(), []byte("\n")) {
				b.Error("lines were lost")
			}
		})
	}
}
