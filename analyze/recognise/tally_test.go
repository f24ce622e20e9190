package recognise

import (
	"bytes"
	"fmt"
	"testing"
)

// TestTellers: records are told with others of the same speaker only, however alike
// their lines are.
func TestTellers(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"services":                            "wolf-%d  | 13:43:42.%09d ERROR | [GASKET] lost its place after 17 turns\n",
		"services of what is known":           "wolf-%d  | 13:43:42.%09d ERROR | [GSTREAMER] Pipeline error: Could not initialize supporting library.\n",
		"services with other numbers":         "kvm%[1]d-7-%[1]d  | 13:43:42.%09[2]d ERROR | [GASKET] lost its place after 17 turns\n",
		"services of which one number is all": "wolf-%d  | 13:43:42.%09d WARN  | [HTTPS] Received resume event from an unregistered session, ip: 10.0.0.7\n",
		"components":                          "2025-09-30T13:43:42.%06[2]dZ ERROR oddcrate::m%[1]d: gasket lost its place. id=3479 peer=192.168.3.199\n",
		"functions":                           "0:01:42.%09[2]d  1 0x7f0b7cbc3c65 WARN wobbler gstwobbler.c:518:gst_wobbler_chain%[1]d:<wobbler> lost its place\n",
		"elements that show sessions":         "0:01:42.%09[2]d  1 0x7f0b7cbc3c65 WARN wobbler gstwobbler.c:518:gst_wobbler_chain:<nvh265enc%[1]d> lost its place\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var data []byte
			const speakers, each, first = 5, 200, 1001 // all lines of a beginning are sampled
			for i := range speakers * each {
				data = fmt.Appendf(data, line, i%speakers, 1000+i)
			}
			want := map[string]int64{}
			who := func(h *Hit) string {
				return fmt.Sprintf("%s %s %s %s", h.Service(), h.Component(), h.Function(), h.Element())
			}
			var b Batch
			slow := newTestWorker(t, Options{CacheFrom: 1 << 40})
			slow.Block(data, nil, first, &b)
			for i := range b.Hits {
				if h := &b.Hits[i]; !h.Sample {
					want[who(h)]++
				}
			}
			w := newTestWorker(t, Options{CacheFrom: -1, Proves: func(e []byte) bool { return bytes.HasPrefix(e, []byte("nvh265enc")) }})
			for range 6 {
				w.Block(data, nil, first, &b)
			}
			got, hits := map[string]int64{}, 0
			for i := range b.Hits {
				h := &b.Hits[i]
				if h.Sample {
					continue
				}
				hits++
				got[who(h)] += 1 + h.Others
				if h.Others > 0 && who(h) != who(h.Last) {
					t.Errorf("%q is told with %q", who(h.Last), who(h))
				}
			}
			if len(want) != speakers || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if hits > speakers*each/4 {
				t.Errorf("%d hits of %d records", hits, speakers*each)
			}
		})
	}
}

// TestLastOf: the last record of a tally has the clocks of its own line, whether they
// were read when it was counted or not.
func TestLastOf(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"complaints":       "13:43:42.%09d ERROR | [GASKET] lost its place after 17 turns\n",
		"with a process":   "0:01:42.%09d  %d 0x7f0b7cbc3c65 WARN wobbler gstwobbler.c:518:gst_wobbler_chain:<wobbler> lost its place\n",
		"counted by block": "13:43:42.%09d WARN  | Received MOUSE_MOVE_REL_PACKET but no mouse device is present\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var data []byte
			for i := range 1000 {
				args := []any{1000 + i, 10 + i%90}
				data = fmt.Appendf(data, line, args[:bytes.Count([]byte(line), []byte("%"))]...)
			}
			var b, each Batch
			newTestWorker(t, Options{CacheFrom: 1 << 40}).Block(data, nil, 1, &each)
			w := newTestWorker(t, Options{CacheFrom: -1})
			for range 6 {
				w.Block(data, nil, 1, &b)
			}
			lasts := 0
			for i := range b.Hits {
				h := &b.Hits[i]
				if h.Others == 0 {
					continue
				}
				lasts++
				of := &each.Hits[h.Last.Line-1]
				if h.Last.Outer != of.Outer || h.Last.Inner != of.Inner || h.Last.PID != of.PID {
					t.Errorf("line %d: %v %v of %d, want %v %v of %d", of.Line, h.Last.Outer, h.Last.Inner, h.Last.PID, of.Outer, of.Inner, of.PID)
				}
			}
			if lasts == 0 {
				t.Error("nothing is told with others")
			}
		})
	}
}
