package recognise

import (
	"testing"

	"wolfdiag/analyze/loggen"
)

// benched is a block of a mix, and a worker that knows its lines.
func benched(b *testing.B, mix loggen.Mix) (data []byte, w *Worker, out *Batch) {
	data, w, out = bulk(b, mix, 256<<10), newTestWorker(b, Options{CacheFrom: -1}), &Batch{}
	for range 8 {
		w.Block(data, nil, 1, out)
	}
	b.SetBytes(int64(len(data)))
	return data, w, out
}

// BenchmarkBlock is a worker that knows the lines of its block.
func BenchmarkBlock(b *testing.B) {
	for _, mix := range []loggen.Mix{loggen.Benign, loggen.Storm, loggen.Unknown} {
		b.Run(string(mix), func(b *testing.B) {
			data, w, out := benched(b, mix)
			b.ReportAllocs()
			for b.Loop() {
				if w.Block(data, nil, 1, out); len(out.Hits) == 0 {
					b.Fatal("no hit")
				}
			}
		})
	}
}

// BenchmarkFind is what a known line costs before it is looked at what it is.
func BenchmarkFind(b *testing.B) {
	for _, mix := range []loggen.Mix{loggen.Benign, loggen.Storm, loggen.Unknown} {
		b.Run(string(mix), func(b *testing.B) {
			data, w, _ := benched(b, mix)
			for b.Loop() {
				known := 0
				for pos := 0; pos < len(data); {
					end := pos + w.lines.key.read(data[pos:])
					if u, _ := w.lines.find(trimEOL(data[pos:end]), &w.learnt); u != nil {
						known++
					}
					pos = end
				}
				if known == 0 {
					b.Fatal("nothing known")
				}
			}
		})
	}
}

// BenchmarkMaskLine compares the machine's own way with the plain one.
func BenchmarkMaskLine(b *testing.B) {
	for name, f := range map[string]func(dst *[maxMasked]byte, data []byte, xs *[xWords]uint64) (int, uint64, bool){"plain": maskLinePlain, "used": maskLine} {
		for _, mix := range []loggen.Mix{loggen.Benign, loggen.Unknown} {
			data := append(bulk(b, mix, 256<<10), make([]byte, 32)...)
			b.Run(name+"/"+string(mix), func(b *testing.B) {
				var k lineKey
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					for pos := 0; pos < len(data)-32; {
						n, _, _ := f(&k.room, data[pos:], &k.xs)
						pos += n + 1
					}
				}
			})
		}
	}
}
