package logline
import "testing"
func TestAllocWhich(t *testing.T) {
	p := NewParser()
	var r Record
	for _, tc := range formatCases() {
		l := []byte(tc.line)
		p.Parse(l,&r)
		if n := testing.AllocsPerRun(10, func(){p.Parse(l,&r)}); n>0 { t.Log("F", tc.name, n) }
	}
	for _, w := range wrappers() {
		l := []byte(w.wrap("06:40:11.750123456 WARN  | Received MOUSE"))
		p.Parse(l,&r);p.Parse(l,&r)
		if n := testing.AllocsPerRun(10, func(){p.Parse(l,&r)}); n>0 { t.Log("W", w.name, n) }
	}
}
