package snapshot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRows(t *testing.T) {
	at := time.Date(2026, 11, 23, 17, 21, 46, 358e6, time.UTC)
	for _, tt := range []struct {
		name string
		in   []string
		want Row // of the last line
	}{
		{"with header", []string{"timestamp, memory.used [MiB], memory.total [MiB]", "2026/11/23 17:21:46.358, 6720 MiB, 16380 MiB"},
			Row{Usable: true, Memory: Memory{Time: at, Used: 6720, Total: 16380}}},
		{"joined in the middle: no header", []string{"2026/11/23 17:21:46.358, 6720 MiB, 16380 MiB"},
			Row{Usable: true, Memory: Memory{Time: at, Used: 6720, Total: 16380}}},
		{"header names columns in another order", []string{"memory.total [MiB], index, memory.used [MiB]", "16380 MiB, 1, 100 MiB"},
			Row{Usable: true, GPU: 1, Memory: Memory{Used: 100, Total: 16380}}},
		{"header", []string{"timestamp, memory.used [MiB], memory.total [MiB]"}, Row{}},
		{"failure", []string{"Failed to initialize NVML: Unknown Error"},
			Row{Failed: "Failed to initialize NVML: Unknown Error", Means: failures[0].means, FactID: "fact-nvml-failed-container"}},
		{"not a row", []string{"[N/A], [N/A], [N/A]"}, Row{}},
		{"half a row", []string{"timestamp, memory.used [MiB], memory.total [MiB]", "2026/11/23 17:21:4"}, Row{}},
		{"blank", []string{" \r\n"}, Row{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var r Rows
			var got Row
			for _, l := range tt.in {
				got = r.Line(l)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
