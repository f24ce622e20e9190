package analyze

import (
	"testing"

	"wolfdiag/analyze/loggen"
)

// BenchmarkAnalyze reads four megabytes to the report; scripts/bench does the
// same with the whole program on a gigabyte.
func BenchmarkAnalyze(b *testing.B) {
	for _, mix := range []loggen.Mix{loggen.Benign, loggen.Storm, loggen.Unknown} {
		b.Run(string(mix), func(b *testing.B) {
			log := named{string(mix), bulk(b, mix, 4<<20)}
			b.SetBytes(int64(len(log.data)))
			b.ReportAllocs()
			for b.Loop() {
				if r := read(b, Options{}, log); r.Coverage.Lines < 30_000 {
					b.Fatalf("%d lines were read", r.Coverage.Lines)
				}
			}
		})
	}
}

// BenchmarkReport is what the report costs once everything is read: resolving
// clocks, cutting episodes, ranking causes.
func BenchmarkReport(b *testing.B) {
	a := newAnalyzer(b, Options{})
	data := bulk(b, loggen.Storm, 4<<20)
	if n := a.Feed("storm", "stdin", a.opts.Date, data, true); n != len(data) {
		b.Fatalf("took %d of %d bytes", n, len(data))
	}
	b.ReportAllocs()
	for b.Loop() {
		if r := a.Report(); len(r.Causes) == 0 {
			b.Fatal("no cause")
		}
	}
}
