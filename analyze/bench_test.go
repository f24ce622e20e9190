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

// BenchmarkWorker is the parallel part alone, with and without known forms.
func BenchmarkWorker(b *testing.B) {
	for _, mix := range []loggen.Mix{loggen.Benign, loggen.Storm, loggen.Unknown} {
		data := bulk(b, mix, 1<<20)
		data = data[:len(data)-1]
		for _, way := range []struct {
			name string
			from int64
		}{{"by form", 0}, {"the long way", 1 << 62}} {
			b.Run(string(mix)+"/"+way.name, func(b *testing.B) {
				a := newAnalyzer(b, Options{})
				a.shared.formsFrom = way.from
				w := newWorker(a.shared)
				var res result
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					w.block(data, nil, 1, &res)
					if len(res.hits) < 100 {
						b.Fatalf("%d hits", len(res.hits))
					}
				}
			})
		}
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
