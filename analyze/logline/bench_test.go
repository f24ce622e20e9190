package logline

import (
	"fmt"
	"testing"
)

// benchmarkLines are a thousand lines as they come: most of them noise.
func benchmarkLines(wrap func(string) string) (lines [][]byte, size int) {
	for i := range 1000 {
		var s string
		switch i % 20 {
		case 0:
			s = fmt.Sprintf("0:%02d:%02d.%09d     1 0x77fb7c0562e0 WARN                 basesrc gstbasesrc.c:4255:gst_base_src_push_segment:<interpipesrc_%d_audio> segment format mismatched, ignore", i/60, i%60, i, i)
		case 1, 2:
			s = fmt.Sprintf("2025-09-09T13:%02d:%02d.%06dZ  INFO waylanddisplaycore::comp: Adding input device. path=\"/dev/input/event%d\"", i/60, i%60, i, i)
		case 3:
			s = fmt.Sprintf("06:%02d:%02d.%09d WARN  | Received MOUSE_MOVE_REL_PACKET but no mouse device is present", i/60, i%60, i)
		default:
			s = fmt.Sprintf("06:%02d:%02d.%09d DEBUG | [HTTPS] GET request from 172.20.0.164:%d /serverinfo", i/60, i%60, i, i)
		}
		lines = append(lines, []byte(wrap(s)))
		size += len(lines[i]) + 1
	}
	return lines, size
}

func benchmarkWraps() []wrapper {
	var out []wrapper
	for _, w := range append(wrappers(), wrapper{name: "bare", wrap: func(s string) string { return s }}) {
		switch w.name {
		case "bare", "compose", "compose timestamps", "json-file", "journald", "cri", "colour":
			out = append(out, w)
		}
	}
	return out
}

func BenchmarkParse(b *testing.B) {
	for _, w := range benchmarkWraps() {
		b.Run(w.name, func(b *testing.B) {
			lines, size := benchmarkLines(w.wrap)
			p := NewParser()
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				warnings := 0
				var r Record
				for _, l := range lines {
					p.Parse(l, &r)
					if r.Level == LevelWarning {
						warnings++
					}
				}
				if warnings != 100 {
					b.Fatal(warnings)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/line")
		})
	}
}

func BenchmarkQuickLevel(b *testing.B) {
	for _, w := range benchmarkWraps() {
		b.Run(w.name, func(b *testing.B) {
			lines, size := benchmarkLines(w.wrap)
			p := NewParser()
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				warnings := 0
				for _, l := range lines {
					if level, _ := p.QuickLevel(l); level == LevelWarning {
						warnings++
					}
				}
				if warnings != 100 {
					b.Fatal(warnings)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/line")
		})
	}
}

// BenchmarkQuickLevelPlain is the worst ordinary case: text without a header.
func BenchmarkQuickLevelPlain(b *testing.B) {
	line := []byte("wolf-1  | Attempt 1/20: waiting for the X server. Looking again in 2 seconds and so on until it is there")
	p := NewParser()
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if l, ok := p.QuickLevel(line); ok {
			b.Fatal(l)
		}
	}
}
