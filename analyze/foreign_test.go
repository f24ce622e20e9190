package analyze

import (
	"os"
	"path/filepath"
	"testing"

	"wolfdiag/analyze/report"
)

// TestForeign: logs of other software name no cause, and are not said to be
// those of a healthy Wolf.
func TestForeign(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "foreign", "*.log"))
	if err != nil || len(files) < 9 {
		t.Fatalf("%d logs, %v", len(files), err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		r := read(t, Options{}, named{filepath.Base(f), data})
		for _, c := range r.Causes {
			t.Errorf("%s: %s %.2f on %s: %s", filepath.Base(f), c.ID, c.Probability, c.Evidence[0].Pattern, c.Evidence[0].First.Text)
		}
		if r.Verdict == report.Healthy || r.Coverage.ErrorLines == 0 {
			t.Errorf("%s: %s, %d complaints", filepath.Base(f), r.Verdict, r.Coverage.ErrorLines)
		}
	}
}

// TestForeignNames: a line that is about what Wolf streams with counts in such a
// log too, and everything does beside a log of Wolf's.
func TestForeignNames(t *testing.T) {
	t.Parallel()
	const (
		syslog = "Nov 29 03:00:01 ns3 CRON[2210]: (root) CMD (run-parts --report /etc/cron.hourly)\n"
		wolf   = "06:39:58.000000001 INFO  | HTTP server listening on port: 47989 \n"
		port   = "Nov 29 03:00:02 ns3 relay[2300]: bind: Address already in use\n"
	)
	for _, tc := range []struct {
		name, line string
		beside     string
		want       string
	}{
		{"a fault of the GPU", "Nov 29 03:00:02 ns3 kernel: NVRM: Xid (PCI:0000:01:00): 79, pid=4242, name=game, GPU has fallen off the bus.\n", "", "gpu-xid"},
		{"the runtime", "Nov 29 03:00:02 ns3 dockerd[812]: Error response from daemon: could not select device driver \"nvidia\" with capabilities: [[gpu]]\n", "", "nvidia-container-runtime"},
		{"the crash of Wolf", "Nov 29 03:00:02 ns3 kernel: wolf[1381]: segfault at 0 ip 00007f1f sp 00007ffe error 4 in libc.so.6[7f1f00000000+155000]\n", "", "wolf-crash"},
		{"somebody's port", port, "", ""},
		{"the same beside Wolf", port, wolf, "port-in-use"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inputs := []named{{"syslog", []byte(syslog + tc.line)}}
			if tc.beside != "" {
				inputs = append(inputs, named{"wolf.log", []byte(tc.beside)})
			}
			got := ""
			if r := read(t, Options{}, inputs...); len(r.Causes) > 0 {
				got = r.Causes[0].ID
			}
			if got != tc.want {
				t.Errorf("first cause %q, want %q", got, tc.want)
			}
		})
	}
}
