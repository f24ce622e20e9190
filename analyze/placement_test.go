package analyze

import (
	"bytes"
	order "cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
	"wolfdiag/analyze/source"
)

// guideLog is a log that fails at 06:40:11 UTC on 2 October 2025, whose local
// clocks are an hour ahead.
func guideLog(t *testing.T) named {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "guide", "wolf.log"))
	if err != nil {
		t.Fatal(err)
	}
	return named{"wolf.log", data}
}

func memoryRows(rows ...string) string {
	return "timestamp, memory.used [MiB], memory.total [MiB]\n" + strings.Join(rows, "\n") + "\n"
}

func probabilityOf(r *report.Report, id string) float64 {
	for _, c := range r.Causes {
		if c.ID == id {
			return c.Probability
		}
	}
	return 0
}

// A reading lowers or raises memory only when its own time, in the zone of the
// machine, lies in the life that failed.
func TestReadingsCountByTheirTime(t *testing.T) {
	log := guideLog(t)
	const lower, same, higher = -1, 0, 1
	for _, tt := range []struct {
		name, in string
		zone     *time.Location
		want     int
		bears    []string // of each fact shown
		times    []string
	}{
		{"at the failure, in the zone of the log", memoryRows("2025/10/02 07:41:00.000, 1000 MiB, 16380 MiB"), nil, lower,
			[]string{"weakens gpu-memory-exhaustion, if it was taken at the time of the failure; its time is local, read as UTC+01:00 like the local times of the log"}, []string{"2025-10-02 06:41"}},
		{"days later", memoryRows("2025/10/05 17:21:46.358, 1000 MiB, 16380 MiB"), nil, same,
			[]string{"taken 3 days after the last failure: it does not count; its time is local, read as UTC+01:00 like the local times of the log"}, []string{"2025-10-05 16:21"}},
		{"before the start", memoryRows("2025/09/30 09:00:00.000, 1000 MiB, 16380 MiB"), nil, same,
			[]string{"taken before the life that failed began: it does not count; its time is local, read as UTC+01:00 like the local times of the log"}, []string{"2025-09-30 08:00"}},
		{"the zone that is given goes before", memoryRows("2025/10/02 07:41:00.000, 1000 MiB, 16380 MiB"), time.FixedZone("-03:00", -3*3600), same,
			[]string{"taken 4 h after the last failure: it does not count; its time is local, read in -03:00, as given"}, []string{"2025-10-02 10:41"}},
		{"no time at all", "1000, 16380\n", nil, lower,
			[]string{"weakens gpu-memory-exhaustion, if it was taken at the time of the failure"}, []string{""}},
		{"of a series, what stands in the life", memoryRows("2025/10/02 07:40:00, 16200 MiB, 16380 MiB", "2025/10/05 07:40:00, 900 MiB, 16380 MiB"), nil, higher,
			[]string{
				"supports gpu-memory-exhaustion strongly; its time is local, read as UTC+01:00 like the local times of the log",
				"taken 72 h after the last failure: it does not count; its time is local, read as UTC+01:00 like the local times of the log",
			}, []string{"2025-10-02 06:40", "2025-10-05 06:40"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := Options{Zone: tt.zone}
			plain := probabilityOf(read(t, o, log), "gpu-memory-exhaustion")
			r := read(t, o, log, named{"gpu.csv", []byte(tt.in)})
			got := probabilityOf(r, "gpu-memory-exhaustion")
			if c := order.Compare(got, plain); c != tt.want {
				t.Errorf("gpu-memory-exhaustion %.3f, without the reading %.3f: want %+d", got, plain, tt.want)
			}
			var bears, times []string
			for _, f := range r.Facts {
				bears = append(bears, f.Bears)
				at := ""
				if f.Time != nil {
					at = f.Time.Format("2006-01-02 15:04")
				}
				times = append(times, at)
			}
			if diff := cmp.Diff(tt.bears, bears); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.times, times); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The time of a file that was copied later is no time: it counts, and the
// report says why that is doubtful.
func TestCopiedFileStillCounts(t *testing.T) {
	log := guideLog(t)
	path := filepath.Join(t.TempDir(), "gpu.csv")
	data := []byte("1000, 16380\n")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	copied := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, copied, copied); err != nil {
		t.Fatal(err)
	}
	a := newAnalyzer(t, Options{})
	for _, in := range []struct {
		source.Input
		data []byte
	}{
		{source.Input{Name: log.name, Kind: source.KindStdin, Size: -1}, log.data},
		{source.Input{Name: "gpu.csv", Path: path, Kind: source.KindFile, Size: int64(len(data))}, data},
	} {
		if err := a.Read(context.Background(), in.Input, bytes.NewReader(in.data)); err != nil {
			t.Fatal(err)
		}
	}
	r := a.Report()
	if got, plain := probabilityOf(r, "gpu-memory-exhaustion"), probabilityOf(read(t, Options{}, log), "gpu-memory-exhaustion"); got >= plain {
		t.Errorf("gpu-memory-exhaustion %.3f, without the reading %.3f", got, plain)
	}
	if len(r.Facts) != 1 || !strings.Contains(r.Facts[0].Bears, "when it was taken is not known") {
		t.Errorf("facts %+v", r.Facts)
	}
}

// What nvidia-smi says when it fails names a cause also beside a log in which
// nothing complains.
func TestFailedToolNamesCause(t *testing.T) {
	healthy, err := os.ReadFile(filepath.Join("..", "testdata", "logs", "healthy-nvidia.compose.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ says, cause string }{
		{"Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.65", "gpu-driver-mismatch"},
		{"No devices were found", "gpu-missing"},
		{"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.", "gpu-missing"},
		{"Unable to determine the device handle for GPU0000:0B:00.0: GPU is lost.  Reboot the system to recover this GPU", "gpu-xid"},
		{"", ""},
	} {
		t.Run(fmt.Sprintf("%q", tt.cause), func(t *testing.T) {
			in := []named{{"wolf.log", healthy}}
			if tt.says != "" {
				in = append(in, named{"nvidia-smi.txt", []byte(tt.says + "\n")})
			}
			r := read(t, Options{}, in...)
			want, verdict := []string{}, report.NothingKnown // a warning of an app
			if tt.cause != "" {
				want, verdict = []string{tt.cause}, report.CauseFound
			}
			if diff := cmp.Diff(want, ids(r)); diff != "" {
				t.Error(diff)
			}
			if r.Verdict != verdict {
				t.Errorf("verdict %s, want %s", r.Verdict, verdict)
			}
			for _, c := range r.Causes {
				if e := c.Evidence[0]; e.First.Input != "nvidia-smi.txt" || e.First.Line != 1 {
					t.Errorf("evidence %+v, want line 1 of nvidia-smi.txt", e.First)
				}
			}
		})
	}
}
