package snapshot

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wolfdiag/patterns"
)

var fileTime = time.Date(2026, 10, 2, 12, 0, 0, 1, time.UTC)

func clock(day, hour, minute int) time.Time {
	return time.Date(2026, 10, day, hour, minute, 0, 0, time.UTC)
}

const smiTable = `Fri Oct  2 07:40:00 2026
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 580.65.06              Driver Version: 580.65.06      CUDA Version: 13.0     |
+-----------------------------------------+------------------------+----------------------+
|   0  %s  |   00000000:01:00.0 Off |                  Off |
| 30%%   45C    P8             10W /   70W |    6720MiB /  16380MiB |      0%%      Default |
+-----------------------------------------+------------------------+----------------------+
`

func TestFacts(t *testing.T) {
	low := "weakens gpu-memory-exhaustion, if it was taken at the time of the failure"
	for _, tt := range []struct {
		name string
		in   string
		kind Kind
		want []Fact // without Bears where it is not the point
		warn []string
	}{
		{name: "each fact of a series stands at its own row", kind: NvidiaCSV,
			in: "timestamp, memory.used [MiB], memory.total [MiB], encoder.stats.sessionCount\n" +
				"2026/10/02 07:40:00.000, 6000 MiB, 16380 MiB, 8\n2026/10/02 07:41:00.000, 16200 MiB, 16380 MiB, 3\n2026/10/02 07:42:00.000, 1000 MiB, 16380 MiB, 2\n",
			want: []Fact{
				{ID: "fact-vram-high", Line: 3, Time: clock(2, 7, 41), Local: true, Series: true, Text: "GPU memory 16200 of 16380 MiB used (99 %) at the peak of 3 readings", Bears: "supports gpu-memory-exhaustion strongly"},
				{ID: "fact-encoder-sessions-at-limit", Line: 2, Time: clock(2, 7, 40), Local: true, Series: true, Text: "8 encoder sessions open at the most of 3 readings", Bears: "a limit of consumer drivers: supports nvenc-session-limit"},
			}},
		{name: "a row without a time has the file's", kind: NvidiaCSV, in: "1000, 16380\n",
			want: []Fact{{ID: "fact-vram-low", Line: 1, Time: fileTime, Series: true, Text: "GPU memory 1000 of 16380 MiB used (6 %)", Bears: low}}},
		{name: "encoder sessions alone", kind: NvidiaCSV, in: "encoder.stats.sessionCount\n1\n[N/A]\n",
			want: []Fact{{ID: "fact-encoder-sessions-low", Line: 2, Time: fileTime, Series: true, Text: "1 encoder session open", Bears: "below any limit: weakens nvenc-session-limit"}}},
		{name: "who holds the memory", kind: NvidiaCSV,
			in:   "pid, process_name, used_gpu_memory [MiB]\n12, /usr/bin/ollama, 12000 MiB\n13, /wolf/wolf, 500 MiB\n14, /wolf/wolf, 400 MiB\n15, x, [N/A]\n",
			want: []Fact{{Line: 2, Time: fileTime, Text: "GPU memory is held by ollama (12000 MiB), wolf (900 MiB)", Bears: "most of it is not Wolf's: restarting Wolf does not give it back"}}},
		{name: "versions that do not fit", kind: NvidiaFailed, in: "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.65\n",
			want: []Fact{{ID: "fact-nvml-mismatch", Line: 1, Time: fileTime, Text: "Failed to initialize NVML: Driver/library version mismatch", Bears: "the user-space driver does not fit the loaded kernel module"}}},
		{name: "no GPU", kind: NvidiaFailed, in: "No devices were found\n",
			want: []Fact{{ID: "fact-nvml-no-driver", Line: 1, Time: fileTime, Text: "No devices were found", Bears: "the driver is loaded and sees no GPU"}}},
		{name: "no driver", kind: NvidiaFailed, in: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
			want: []Fact{{ID: "fact-nvml-no-driver", Line: 1, Time: fileTime, Bears: "no NVIDIA kernel driver is loaded",
				Text: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running."}}},
		{name: "a lost GPU is one fact", kind: NvidiaFailed, in: "Unable to determine the device handle for GPU0000:0B:00.0: GPU is lost.  Reboot the system to recover this GPU\n",
			want: []Fact{{ID: "fact-gpu-lost", Line: 1, Time: fileTime, Bears: "the GPU fell off the bus; only a reboot brings it back",
				Text: "Unable to determine the device handle for GPU0000:0B:00.0: GPU is lost.  Reboot the system to recover this GPU"}}},
		{name: "access lost in the container", kind: NvidiaFailed, in: "Failed to initialize NVML: Unknown Error\n",
			want: []Fact{{ID: "fact-nvml-failed-container", Line: 1, Time: fileTime, Text: "Failed to initialize NVML: Unknown Error",
				Bears: "taken inside the container, it means the container lost access to the GPU devices"}}},
		{name: "table: the name ends before the persistence column", kind: NvidiaTable, in: fmt.Sprintf(smiTable, "NVIDIA RTX 2000 Ada Gene...    On"),
			want: []Fact{
				{ID: "fact-workstation-gpu", Line: 5, Time: fileTime, Lasting: true, Text: "the GPU is of a workstation or data-centre class: NVIDIA RTX 2000 Ada Gene...", Bears: "boards of this class have no limit on encoder sessions"},
				{ID: "fact-vram-low", Line: 6, Time: clock(2, 7, 40), Local: true, Series: true, Text: "GPU memory 6720 of 16380 MiB used (41 %)", Bears: low},
			}},
		{name: "table: a GeForce has a limit", kind: NvidiaTable, in: fmt.Sprintf(smiTable, "NVIDIA GeForce RTX 4090        Off"),
			want: []Fact{{ID: "fact-vram-low", Line: 6, Time: clock(2, 7, 40), Local: true, Series: true, Text: "GPU memory 6720 of 16380 MiB used (41 %)", Bears: low}}},
		{name: "session without a height", kind: WolfSessions, in: `{"success":true,"sessions":[{"client_id":"1","video_width":1920}]}`,
			want: []Fact{{ID: "fact-encoder-sessions-low", Line: 1, Time: fileTime, Text: "1 live session", Bears: "Wolf's API answers: its API thread is alive; too few sessions for an encoder limit"}}},
		{name: "session with its picture", kind: WolfSessions, in: `{"success":true,"sessions":[{"client_id":"1","video_width":"1920","video_height":1080,"video_refresh_rate":60}]}`,
			want: []Fact{{ID: "fact-encoder-sessions-low", Line: 1, Time: fileTime, Text: "1 live session (1920×1080 at 60 Hz)", Bears: "Wolf's API answers: its API thread is alive; too few sessions for an encoder limit"}}},
		{name: "sessions cut off: a lower bound that says nothing of a limit", kind: WolfSessions, in: `{"success":true,"sessions":[{"client_id":"1"},{"app`,
			want: []Fact{{Line: 1, Time: fileTime, Text: "at least 1 live session", Bears: "Wolf's API answers: its API thread is alive"}},
			warn: []string{"is cut off at byte 51; what was whole before is used: 1 object"}},
		{name: "cut off inside a Markdown paste", kind: WolfSessions, in: "The sessions [then](x):\n\n```json\n{\"success\": true,\n \"sessions\": [{\"client_id\": \"1\"}, {\"app\n```\nand nothing else.\n",
			want: []Fact{{Line: 1, Time: fileTime, Text: "at least 1 live session", Bears: "Wolf's API answers: its API thread is alive"}},
			warn: []string{"is cut off at byte 90; what was whole before is used: 1 object"}},
		{name: "a hole in the middle", kind: WolfLobbies, in: `{"success":true,"lobbies":[{"id":"a","connected_sessions":[]}, ... ,{"id":"b"}]}`,
			want: []Fact{{ID: "fact-lobbies-empty", Line: 1, Time: fileTime, Text: "at least 1 lobby, 1 of them with nobody connected", Bears: "each lobby holds a compositor, producers and a container: supports session-leak"}},
			warn: []string{"is no valid JSON from byte 62 on (invalid character '.' looking for beginning of value); what was whole before is used: 1 object"}},
		{name: "docker inspect: killed for memory", kind: DockerInspect, in: `[{"Id":"9b","Name":"/wolf-1","State":{"Status":"exited","Running":false,"OOMKilled":true,"ExitCode":137,"StartedAt":"2026-10-02T05:00:00Z"},"HostConfig":{}}]`,
			want: []Fact{
				{Line: 1, Time: fileTime, Text: "wolf-1 started at 2026-10-02T05:00:00Z", Bears: "anchors the clocks that count from a start"},
				{ID: "fact-oom-killed", Line: 1, Time: fileTime, Text: "wolf-1 was killed for memory", Bears: "supports host-oom"},
				{Line: 1, Time: fileTime, Text: "wolf-1 ended with exit code 137"},
			}},
		{name: "docker inspect cut off after one container", kind: DockerInspect, in: `[{"Id":"9b","Name":"/wolf-1","State":{"Status":"exited","ExitCode":11},"HostConfig":{}},{"Id":"9c","Na`,
			want: []Fact{{ID: "fact-exit-sigsegv", Line: 1, Time: fileTime, Text: "wolf-1 ended with exit code 11"}},
			warn: []string{"cannot be read from byte 88 on (unexpected EOF): 1 container before it"}},
		{name: "docker ps: ended, restarting, up", kind: DockerPs, in: "CONTAINER ID   IMAGE   STATUS   NAMES\n" +
			"9b   wolf   Exited (11) 2 hours ago   wolf-1\n9c   wolf   Restarting (6) 5 seconds ago   wolf-2\n9d   app   Exited (11) 1 hour ago   WolfSway_1\n",
			want: []Fact{
				{ID: "fact-exit-sigsegv", Line: 2, Time: fileTime, Text: "wolf-1: exited (11)"},
				{ID: "fact-restarting", Line: 3, Time: fileTime, Text: "wolf-2: restarting (6)"},
				{Line: 4, Time: fileTime, Text: "WolfSway_1: exited (11)"},
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Sniff("file", []byte(tt.in)); got != tt.kind {
				t.Fatalf("Sniff = %q, want %q", got, tt.kind)
			}
			s, err := Parse(tt.kind, "file", fileTime, []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, s.Facts); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.warn, s.Warnings, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

// What a person writes above a paste makes a snapshot of it; what a log prints
// does not.
func TestSniffPaste(t *testing.T) {
	const reply = `{"success":true,"sessions":[{"client_id":"1"}]}`
	for _, tt := range []struct {
		name, in string
		want     Kind
	}{
		{"prompt", "$ curl http://localhost/api/v1/sessions\n" + reply, WolfSessions},
		{"sentence and fence", "Sessions:\n```\n" + reply + "\n```\n", WolfSessions},
		{"in a line of a log", "INFO | answer " + reply, None},
		{"under a line of a log", "06:40:11.918340022 INFO  | answer:\n" + reply, None},
		{"under a JSON line of a log", `{"log":"x"}` + "\n" + reply, None},
		{"under a long text", strings.Repeat("text\n", 12) + reply, None},
		{"text with a link", "[sessions](x) {a}\n", None},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Sniff("file", []byte(tt.in)); got != tt.want {
				t.Errorf("Sniff = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCutEverywhere(t *testing.T) {
	const whole = `{"success":true,"sessions":[{"client_id":"1","app_id":"7"},{"client_id":"2","app_id":"7"}],"more":1}`
	first, second := strings.Index(whole, "},{")+1, strings.Index(whole, "}]")+1
	for n := range len(whole) {
		s, err := Parse(WolfSessions, "file", fileTime, []byte(whole[:n]))
		want := 0
		switch {
		case n >= second:
			want = 2
		case n >= first:
			want = 1
		}
		if len(s.Sessions) != want {
			t.Errorf("cut at %d: %d sessions, want %d", n, len(s.Sessions), want)
		}
		if told := err != nil || len(s.Warnings) == 1 && strings.Contains(s.Warnings[0], fmt.Sprintf("at byte %d;", n)); !told {
			t.Errorf("cut at %d: the cut is not told: %v, %q", n, err, s.Warnings)
		}
	}
}

func TestSeriesOfSomeRows(t *testing.T) {
	s, err := Parse(NvidiaCSV, "file", fileTime, []byte("timestamp, memory.used [MiB], memory.total [MiB]\n"+
		"2026/10/02 07:40:00, 16200 MiB, 16380 MiB\n2026/10/02 09:40:00, 1000 MiB, 16380 MiB\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range s.Series(func(at time.Time) bool { return at.Hour() == 9 }) {
		got = append(got, fmt.Sprintf("%s %d %s", f.ID, f.Line, f.Time.Format("15:04")))
	}
	if diff := cmp.Diff([]string{"fact-vram-low 3 09:40"}, got); diff != "" {
		t.Error(diff)
	}
	if got := s.Series(func(time.Time) bool { return false }); got != nil {
		t.Errorf("facts of no rows: %v", got)
	}
}

func TestFactsAreBounded(t *testing.T) {
	row := "wolf-1   3.67%     410MiB / 503.6GiB   0.08%\n"
	s, err := Parse(DockerStats, "file", fileTime, []byte(strings.Repeat(row, 3*maxFacts)))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Facts) != maxFacts || len(s.Warnings) != 1 {
		t.Errorf("%d facts, warnings %q, want %d facts and one warning", len(s.Facts), s.Warnings, maxFacts)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		fmt.Sprintf(smiTable, "Quadro RTX 4000                Off"),
		"timestamp, index, memory.used [MiB], memory.total [MiB], encoder.stats.sessionCount\n2026/11/23 17:21:46.358, 0, 0 MiB, 143771 MiB, 0\n",
		"0 MiB, 143156 MiB, 143771 MiB\n", "No devices were found\n",
		"# GPU Session Process Codec H V Average Average\n# Idx Id Id Type Res Res FPS Latency(us)\n 0 1 2 H.264 1920 1080 60 900\n",
		"NAME  CPU %  MEM USAGE / LIMIT  MEM %\nwolf-1   3.67%     410MiB / 503.6GiB   0.08%\n",
		"CONTAINER ID   IMAGE   STATUS   NAMES\n9b   wolf   Exited (11) 2 hours ago   wolf-1\n",
		`[{"Id":"9b","Name":"/wolf-1","State":{"Status":"exited","OOMKilled":true,"ExitCode":11},"HostConfig":{}},{"I`,
		`{"success":true,"sessions":[{"client_id":246801357924680135,"video_width":1e99},{"app`,
		"x:\n```\n{\"success\":true,\"lobbies\":[{\"connected_sessions\":[]}]}\n```\n",
		`{"success":false,"error":"no","apps":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kind := Sniff("file", data[:min(len(data), 4096)])
		if kind == None {
			return
		}
		s, err := Parse(kind, "the-file", fileTime, data)
		if err != nil && !strings.HasPrefix(err.Error(), "the-file: ") {
			t.Errorf("error does not name the file: %v", err)
		}
		if s == nil {
			t.Fatalf("nothing for kind %s", kind)
		}
		if len(s.Facts) > maxFacts+3 {
			t.Errorf("%d facts", len(s.Facts))
		}
		lines := int64(strings.Count(string(data), "\n") + 1)
		for _, x := range s.Facts {
			if _, ok := patterns.Facts[x.ID]; x.ID != "" && !ok {
				t.Errorf("the causes do not know %q", x.ID)
			}
			if x.Line < 1 || x.Line > lines || x.Time.IsZero() || len(x.Text) > maxText+40 || !utf8.ValidString(x.Text) {
				t.Errorf("fact %+v in %d lines", x, lines)
			}
			if x.Local == x.Time.Equal(fileTime) {
				t.Errorf("whose time is it? %+v", x)
			}
		}
		for _, m := range s.Memory {
			if !m.usable() {
				t.Errorf("memory %+v", m)
			}
		}
	})
}
