package dump_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

func stamp(t *time.Time) string {
	if t == nil {
		return "null"
	}
	return t.Format(time.RFC3339Nano)
}

func TestTimes(t *testing.T) {
	content := dumptest.Cpptrace(dumptest.NewProcess(1).Segv(0x100))
	utc := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	type file struct{ name, mtime, crash, restart string }
	for _, tc := range []struct {
		name  string
		zone  *time.Location
		files []file
		bound bool
		notes string
	}{
		{"UTC name", nil, []file{{"backtrace.2025-09-30-11-40-36.326784363.dump", "2025-09-30T11:40:12.5Z", "2025-09-30T11:40:12.5Z", "2025-09-30T11:40:36.326784363Z"}}, false, ""},
		{"local name, prompt restart", nil, []file{{"backtrace.2023-05-14-19-22-03.dump", "2023-05-14T17:21:58Z", "2023-05-14T17:21:58Z", "2023-05-14T17:22:03Z"}}, false, "UTC+02:00 for 1"},
		{"local name, late restart", nil, []file{{"backtrace.2023-05-14-19-22-03.dump", "2023-05-14T17:14:00Z", "2023-05-14T17:14:00Z", "null"}}, false, "zone of 1 is not known"},
		{"local name, given zone", time.FixedZone("CEST", 7200), []file{{"backtrace.2023-05-14-19-22-03.dump", "2023-05-14T15:00:00Z", "2023-05-14T15:00:00Z", "2023-05-14T17:22:03Z"}}, false, "read as CEST"},
		{"pending", nil, []file{{"backtrace.dump", "2025-10-02T06:40:00Z", "2025-10-02T06:40:00Z", "null"}}, false, ""},
		{"copy lost the times: all later", nil, []file{
			{"backtrace.2025-09-30-11-40-36.326784363.dump", "2025-10-02T08:00:00Z", "2025-09-30T11:40:36.326784363Z", "2025-09-30T11:40:36.326784363Z"},
			{"backtrace.2025-09-30-12-11-38.857465743.dump", "2025-10-02T08:00:01Z", "2025-09-30T12:11:38.857465743Z", "2025-09-30T12:11:38.857465743Z"}}, true, "later than the names"},
		{"copy lost the times: all alike", nil, []file{
			{"backtrace.2025-09-30-11-40-36.326784363.dump", "2025-09-01T08:00:00Z", "2025-09-30T11:40:36.326784363Z", "2025-09-30T11:40:36.326784363Z"},
			{"backtrace.2025-09-30-12-11-38.857465743.dump", "2025-09-01T08:00:01Z", "2025-09-30T12:11:38.857465743Z", "2025-09-30T12:11:38.857465743Z"}}, true, "within 1s of one another"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range tc.files {
				p := filepath.Join(dir, f.name)
				writeDump(t, p, content)
				if err := os.Chtimes(p, utc(f.mtime), utc(f.mtime)); err != nil {
					t.Fatal(err)
				}
			}
			c := dump.Collect(context.Background(), []string{dir}, dump.Options{Zone: tc.zone})
			if len(c.Files) != len(tc.files) {
				t.Fatalf("%d files, want %d", len(c.Files), len(tc.files))
			}
			for i, f := range c.Files {
				want := tc.files[i]
				if stamp(f.Crash) != want.crash || stamp(f.Restart) != want.restart || f.CrashBound != tc.bound {
					t.Errorf("%s: crash %s restart %s bound %v, want %s %s %v", want.name, stamp(f.Crash), stamp(f.Restart), f.CrashBound, want.crash, want.restart, tc.bound)
				}
			}
			if notes := strings.Join(c.Notes, "\n"); tc.notes == "" && notes != "" || !strings.Contains(notes, tc.notes) {
				t.Errorf("notes %q, want %q", notes, tc.notes)
			}
			if f := c.Files[0]; tc.name == "pending" && (!f.Pending || !slices.ContainsFunc(f.Trace.Warnings, func(w string) bool { return strings.Contains(w, "no start has picked") })) {
				t.Errorf("backtrace.dump is not reported as pending: %v", f.Trace.Warnings)
			}
		})
	}
}

const listing = `total 800
-rw-r--r-- 1 root root 148328 Sep 30 12:40 backtrace.2025-09-30-11-40-36.326784363.dump
-rw-r--r-- 1 root root  78288 Sep 30 12:57 backtrace.2025-09-30-11-57-25.727348359.dump
-rw-r--r-- 1 root root  98888 Sep 30 13:11 backtrace.2025-09-30-12-11-38.857465743.dump
-rw-r--r-- 1 root root 148328 Sep 30 13:21 backtrace.2025-09-30-12-21-27.146723740.dump
-rw-r--r-- 1 root root  98888 Sep 30 14:12 backtrace.2025-09-30-13-12-49.922676237.dump
-rw-r--r-- 1 root root 103008 Sep 30 14:34 backtrace.2025-09-30-13-34-38.569728250.dump
-rw-r--r__ 1 root root  98888 Sep 30 14:43 backtrace.2025-09-30-13-43-42.817138220.dump
-rw-r--r-- 1 root root   1234 Sep 30 14:43 config.toml
`

func TestListing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ls.txt")
	writeDump(t, path, []byte(listing))
	fromFile := dump.Analyze(context.Background(), dump.Collect(context.Background(), []string{path}, dump.Options{}), dump.AnalyzeOptions{})
	fromStdin := dump.Analyze(context.Background(), dump.Collect(context.Background(), []string{"-"}, dump.Options{Stdin: strings.NewReader(listing)}), dump.AnalyzeOptions{})
	if diff := cmp.Diff(fromFile, fromStdin); diff != "" {
		t.Errorf("file and standard input differ:\n%s", diff)
	}
	var frames []int
	var crashes []string
	for _, f := range fromFile.Files {
		frames = append(frames, f.Frames)
		crashes = append(crashes, stamp(f.CrashTime))
	}
	if diff := cmp.Diff([]int{36, 19, 24, 36, 24, 25, 24}, frames); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
	if crashes[0] != "2025-09-30T11:40:00Z" || crashes[6] != "2025-09-30T13:43:00Z" {
		t.Errorf("crash times %v", crashes)
	}
	if want := "7 crashes in 2 h 3 min"; fromFile.Rate.Say != want {
		t.Errorf("rate %q, want %q", fromFile.Rate.Say, want)
	}
	if notes := strings.Join(fromFile.Notes, "\n"); !strings.Contains(notes, "UTC+01:00: so 7 of 7") {
		t.Errorf("notes %q", notes)
	}
	top := fromFile.Clusters[0]
	if top.Count != 3 || !top.Candidate || top.ID != "size-98888" || fromFile.Clusters[1].Count != 2 {
		t.Errorf("first clusters %+v, %+v", top, fromFile.Clusters[1])
	}
}

func TestListingForms(t *testing.T) {
	const name = "backtrace.2025-09-30-11-40-36.326784363.dump"
	for _, tc := range []struct {
		name, in     string
		path         string
		frames       int
		crash        string
		wantRestarts bool
	}{
		{"full-iso", "-rw-r--r-- 1 root root 148328 2025-09-30 12:40:12.500000000 +0100 " + name, name, 36, "2025-09-30T11:40:12.5Z", true},
		{"long-iso", "-rw-r--r-- 1 root root 148328 2025-09-30 12:40 " + name, name, 36, "2025-09-30T11:40:00Z", true},
		{"iso", "-rw-r--r-- 1 root root 148328 09-30 12:40 " + name, name, 36, "2025-09-30T11:40:00Z", true},
		{"half-hour zone", "-rw-r--r-- 1 root root 148328 Sep 30 17:10 " + name, name, 36, "2025-09-30T11:40:00Z", true},
		{"year instead of time", "-rw-r--r-- 1 root root 148328 Sep 30  2025 " + name, name, 36, "2025-09-30T11:40:36.326784363Z", true},
		{"plain name", name, name, 0, "2025-09-30T11:40:36.326784363Z", true},
		{"full path", "-rw-r--r-- 1 root root 148328 Sep 30 11:40 /home/u/wolf/" + name, "/home/u/wolf/" + name, 36, "2025-09-30T11:40:00Z", true},
		{"folder heading", "/etc/wolf/cfg:\ntotal 9\n-rw-r--r-- 1 root root 148328 Sep 30 11:40 " + name, "/etc/wolf/cfg/" + name, 36, "2025-09-30T11:40:00Z", true},
		{"damaged mode", "rw-r--r__ 1 root root 148328 Sep 30 11:40 " + name, name, 36, "2025-09-30T11:40:00Z", true},
		{"new year", "-rw-r--r-- 1 root root 148328 Dec 31 23:59 backtrace.2026-01-01-00-00-07.000000001.dump", "backtrace.2026-01-01-00-00-07.000000001.dump", 36, "2025-12-31T23:59:00Z", true},
		{"pending", "-rw-r--r-- 1 root root 148328 Sep 30 11:40 backtrace.dump", "backtrace.dump", 36, "null", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := dump.Collect(context.Background(), []string{"-"}, dump.Options{Stdin: strings.NewReader(tc.in + "\n")})
			if len(c.Files) != 1 {
				t.Fatalf("%d files, want 1; errors %v", len(c.Files), c.Errors)
			}
			f := c.Files[0]
			if f.Path != tc.path || f.Trace.Entries != tc.frames || stamp(f.Crash) != tc.crash || (f.Restart != nil) != tc.wantRestarts {
				t.Errorf("got %s, %d frames, crash %s, restart %s; want %s, %d, %s", f.Path, f.Trace.Entries, stamp(f.Crash), stamp(f.Restart), tc.path, tc.frames, tc.crash)
			}
		})
	}
}

func FuzzParseListing(f *testing.F) {
	f.Add(listing)
	f.Add("backtrace.dump backtrace.2025-09-30-11-40-36.1.dump\n")
	f.Fuzz(func(t *testing.T, in string) {
		files, _ := dump.ParseListing(in)
		if n := strings.Count(in, "backtrace."); len(files) > n {
			t.Fatalf("%d files out of %d names", len(files), n)
		}
		for _, file := range files {
			if !strings.Contains(file.Path, "backtrace.") || file.Trace.Entries > 128 || file.Trace.Entries < 0 {
				t.Fatalf("row %+v", file)
			}
		}
	})
}
