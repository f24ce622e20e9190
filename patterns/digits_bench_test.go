package patterns

import "testing"

// BenchmarkNewDigits prepares the decision for complaints as a storm brings them.
func BenchmarkNewDigits(b *testing.B) {
	c, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	m := c.Matcher()
	for _, bc := range []struct {
		name, text string
		words      []Span
	}{
		{"one pattern, hex word", "[arbiter] rejected slot 435 after 4802 ms (epoch 0xe442be44)", []Span{{51, 59}}},
		{"an id", "[DOCKER] error 500 - no such container 0123456789abcdef0123456789abcdef", []Span{{39, 71}}},
		{"many patterns", `[DOCKER] error 500 - {"message":"mkdir /var/lib/docker/overlay2/8225106501013838: no space left on device"}`, nil},
	} {
		b.Run(bc.name, func(b *testing.B) {
			text := []byte(bc.text)
			var cands []uint16
			for _, i := range m.Candidates(nil, m.scanner().Find(nil, []byte(bc.text+" 0x8007000e"))) {
				if !c.Patterns()[i].DigitInvariant() && m.MayMatch(int(i), text, bc.words) {
					cands = append(cands, i)
				}
			}
			d := m.NewDigits(text, cands, bc.words)
			if d == nil || len(cands) == 0 {
				b.Fatal("no decision", cands)
			}
			b.ReportAllocs()
			for b.Loop() {
				m.NewDigits(text, cands, bc.words)
			}
		})
	}
}
