package gpu

import (
	"testing"
	"time"
)

// FuzzTake gives any bytes as rows: what is told is bounded by what came, and so
// is what is kept.
func FuzzTake(f *testing.F) {
	f.Add([]byte("timestamp, memory.used [MiB], memory.total [MiB]\n2026/11/23 17:21:46.358, 15990 MiB, 16380 MiB\n"), false)
	f.Add([]byte("Failed to initialize NVML: Unknown Error\n2026/11/23 17:21:46.358, 1 MiB, 16380 MiB\n"), true)
	f.Add([]byte("index, memory.used [MiB], memory.total [MiB]\n0, 99999999999999999999, 0\n1, [N/A], -5 MiB\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, old bool) {
		m, err := New(Options{Source: "/no/such/rows.csv"})
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC)
		m.Start(now)
		events := m.Take(now, data, old, now.Add(-time.Minute))
		for i := range 20 {
			events = append(events, m.Take(now.Add(time.Duration(i)*time.Second), data[:min(len(data), 200)], false, now)...)
		}
		events = append(events, m.Tick(now.Add(time.Hour))...)
		if len(events) > 2*(len(data)+20*200)+1 {
			t.Errorf("%d events of %d bytes", len(events), len(data))
		}
		if len(m.series) > maxSeries {
			t.Errorf("%d readings kept", len(m.series))
		}
		for _, e := range events {
			if e.GPU == nil || e.Text == "" || len(e.Text) > 2000 {
				t.Errorf("event %+v", e)
			}
		}
		if s := m.State(); s != nil && !s.Dark && !(s.Used >= 0 && s.Total > 0) {
			t.Errorf("state %+v", s)
		}
	})
}
