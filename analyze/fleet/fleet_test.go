package fleet

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

// host makes a diagnosis; each cause is "id probability sessions".
func host(name string, verdict report.Verdict, causes ...string) Host {
	h := Host{Host: name, Verdict: verdict, Lines: 100, Read: 100, Complete: true}
	for _, c := range causes {
		var k Cause
		if _, err := fmt.Sscanf(c, "%s %f %d", &k.ID, &k.Probability, &k.SessionsFailed); err != nil {
			panic(err)
		}
		k.Title = "title of " + k.ID
		if k.found() {
			h.SessionsFailed = max(h.SessionsFailed, k.SessionsFailed)
		}
		h.Causes = append(h.Causes, k)
	}
	return h
}

func version(h Host, what, value string) Host {
	h.Versions = append(h.Versions, Version{what, value})
	return h
}

func TestAssemble(t *testing.T) {
	t.Parallel()
	day := time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)
	end := day.Add(24 * time.Hour)
	window := report.Period{From: &day, To: &end}
	before := Assemble(About{Mode: All}, []Host{
		host("a", report.CauseFound, "gpu-xid 0.9 2"), host("b", report.CauseFound, "gpu-xid 0.9 1"), host("c", report.CauseFound, "gpu-xid 0.8 1"), host("z", report.Healthy),
	}, nil)
	quiet := host("d", report.Healthy)
	quiet.FellSilent(window, day.Add(time.Hour))
	broken := host("c", report.Healthy)
	broken.Incomplete("the answer broke off")
	r := Assemble(About{Mode: All, Window: window, Asked: "vlogs://logs"}, []Host{
		quiet, host("b", report.CauseFound, "host-oom 0.6 3", "gpu-xid 0.4 1", "gpu-hang-reset 0.1 1"), host("a", report.CauseFound, "gpu-xid 0.95 2"), broken,
		LeftOut("e", 1000, 3, "not read: 3 complaints in 1,000 lines do not stand out"), host("f", report.UnexplainedErrors),
	}, before)
	var names []string
	for _, h := range r.Hosts {
		names = append(names, h.Host)
	}
	if d := cmp.Diff([]string{"a", "b", "c", "d", "e", "f", "z"}, names); d != "" {
		t.Errorf("hosts (-want +got):\n%s", d)
	}
	one, zero := 1, 0
	if d := cmp.Diff([]CauseRow{
		{ID: "host-oom", Title: "title of host-oom", Hosts: 1, SessionsFailed: 3, New: &one, Gone: &zero, HostNames: []string{"b"}},
		{ID: "gpu-xid", Title: "title of gpu-xid", Hosts: 1, Possible: 1, SessionsFailed: 2, New: &zero, Gone: &one, HostNames: []string{"a"}},
	}, r.Causes); d != "" {
		t.Errorf("causes (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]Partial{
		{"c", "the answer broke off"}, {"d", "no record since 2025-10-02 01:00:00 UTC"},
		{"e", "not read: 3 complaints in 1,000 lines do not stand out"}, {"z", "was in the baseline, and has no record now"},
	}, r.Partial); d != "" {
		t.Errorf("partial (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"b", "a"}, r.Worst); d != "" {
		t.Errorf("worst (-want +got):\n%s", d)
	}
	want := "2 of 7 hosts show a cause, most of all: title of host-oom (1 host); at least 5 sessions failed; 1 with errors that are not explained; of 4 little or nothing is known; since the baseline 1 new, 1 gone."
	if r.Summary != want {
		t.Errorf("summary %q,\nwant %q", r.Summary, want)
	}
	if !r.Failed() || !r.Found() || len(r.Hosts[2].Gone) > 0 {
		t.Errorf("failed %v, found %v; of a host that was read in part nothing is gone: %v", r.Failed(), r.Found(), r.Hosts[2].Gone)
	}
}

// Parts merged give the bytes of one report over all hosts, however they were
// cut, with a baseline or without.
func TestMergeIsOneRun(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	causes := []string{"gpu-xid", "host-oom", "fd-exhaustion", "nvenc-session-limit"}
	fleet := func() []Host {
		var out []Host
		for i := range 60 {
			h := version(host(fmt.Sprintf("gpu-%03d", i), report.Healthy), "NVIDIA driver", fmt.Sprint(550+10*rng.IntN(3)))
			if rng.IntN(3) == 0 {
				h = version(host(h.Host, report.CauseFound, fmt.Sprintf("%s %.2f %d", causes[rng.IntN(4)], 0.3+0.7*rng.Float64(), rng.IntN(5))), "image", "wolf:stable")
			}
			out = append(out, h)
		}
		return out
	}
	about := About{Tool: report.Tool{Name: "wolfdiag", Version: "v1", Catalogue: "abc"}, Asked: "vlogs://logs", By: "host", Mode: All, Notes: []string{"a note"}}
	before := Assemble(about, fleet(), nil)
	hosts := fleet()
	for _, baseline := range []*Report{nil, before} {
		want, err := json.Marshal(Assemble(about, hosts, baseline))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 2, 7, 60} {
			parts := make([][]Host, n)
			for _, h := range hosts {
				k := rng.IntN(n)
				parts[k] = append(parts[k], h)
			}
			var reports []*Report
			for _, p := range parts {
				data, err := json.Marshal(Assemble(about, p, nil)) // through JSON, as between machines
				if err != nil {
					t.Fatal(err)
				}
				r := &Report{}
				if err := json.Unmarshal(data, r); err != nil {
					t.Fatal(err)
				}
				reports = append(reports, r)
			}
			got, err := json.Marshal(Merge(reports, baseline))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Fatalf("%d parts, baseline %v:\n%s\nwant\n%s", n, baseline != nil, got, want)
			}
		}
	}
}

func TestTwice(t *testing.T) {
	t.Parallel()
	part := host("a", report.Healthy)
	part.Incomplete("cut")
	r := Assemble(About{}, []Host{part, host("a", report.CauseFound, "gpu-xid 0.9 1"), Silent("a", "none")}, nil)
	if len(r.Hosts) != 1 || !r.Hosts[0].Complete || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "2 hosts stand") {
		t.Errorf("%+v %q", r.Hosts, r.Notes)
	}
}

// Wilson's interval, beside values of Brown, Cai and DasGupta's formula worked
// out by hand.
func TestWilson(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		k, n      int
		low, high float64
	}{{0, 0, 0, 1}, {0, 10, 0, 0.278}, {3, 10, 0.108, 0.603}, {10, 10, 0.722, 1}, {1, 2, 0.095, 0.905}, {50, 100, 0.404, 0.596}} {
		if low, high := wilson(tc.k, tc.n); low != tc.low || high != tc.high {
			t.Errorf("%d of %d: %v to %v, want %v to %v", tc.k, tc.n, low, high, tc.low, tc.high)
		}
	}
}

// A cause that is on the hosts with one driver, and on no other, is told with
// it; one that is spread evenly is not.
func TestGroups(t *testing.T) {
	t.Parallel()
	var hosts []Host
	for i := range 40 {
		var causes []string
		driver := "550"
		if i < 10 {
			driver, causes = "570", append(causes, "gpu-xid 0.9 1")
		}
		if i%2 == 0 {
			causes = append(causes, "host-oom 0.7 1")
		}
		hosts = append(hosts, version(host(fmt.Sprintf("gpu-%02d", i), report.CauseFound, causes...), "NVIDIA driver", driver))
	}
	r := Assemble(About{}, hosts, nil)
	var telling []Group
	for i := range r.Groups {
		if r.Telling(&r.Groups[i]) {
			telling = append(telling, r.Groups[i])
		}
	}
	if d := cmp.Diff([]Group{{What: "NVIDIA driver", Value: "570", Cause: "gpu-xid", Hosts: 10, With: 10, Low: 0.722, High: 1}}, telling); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(r.Groups) != 4 {
		t.Errorf("%d groups, want one for each cause and driver: %+v", len(r.Groups), r.Groups)
	}
}

// A host is kept in about a kilobyte.
func TestHostOf(t *testing.T) {
	t.Parallel()
	five := 5
	at := time.Date(2025, 10, 2, 6, 40, 0, 0, time.UTC)
	r := &report.Report{Verdict: report.CauseFound, Summary: strings.Repeat("words ", 20), Coverage: report.Coverage{Lines: 10, ErrorLines: 4, Unexplained: 1},
		Lifetimes: []report.Lifetime{{Sessions: &five}, {}}, Setup: report.Setup{Known: []report.Known{{What: "image", Value: "wolf:stable"}, {What: "gpu", Value: "x"}, {What: "version of Wolf", Value: "1.2"}}},
		Causes: []report.Cause{{ID: "gpu-xid", Probability: 0.9, Occurrences: 2, FirstSeen: &at, Affected: report.Affected{Sessions: []string{"1", "2", "3"}}}, {ID: "host-oom", Probability: 0.3, Occurrences: 4}}}
	h := HostOf("gpu-1", r, 25)
	want := Host{Host: "gpu-1", Verdict: report.CauseFound, Summary: r.Summary, Lines: 25, Read: 10, Complete: true, Complaints: 4, Unexplained: 1, Sessions: &five, SessionsFailed: 3,
		Causes:   []Cause{{ID: "gpu-xid", Probability: 0.9, Episodes: 2, SessionsFailed: 3, Seen: report.Period{From: &at}}, {ID: "host-oom", Probability: 0.3, Episodes: 4, SessionsFailed: 4}},
		Versions: []Version{{"image", "wolf:stable"}, {"Wolf", "1.2"}}}
	if d := cmp.Diff(want, h); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if data, err := json.Marshal(h); err != nil || len(data) > 1500 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}
