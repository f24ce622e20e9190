package analyze

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// stormy is a log of complaints that come in bursts, in several wrappings of one
// log: gaps, new lifetimes of Wolf and clocks that run back fall anywhere.
func stormy(seed uint64, lines int) named {
	rng := rand.New(rand.NewPCG(seed, 5))
	at := time.Date(2025, 10, 2, 6, 40, 11, 0, time.UTC)
	started := at.Add(-time.Minute)
	gst := func(element, text string) string {
		e := at.Sub(started)
		return fmt.Sprintf("%d:%02d:%02d.%09d     1 0x7f0b7cbc3c65 WARN                 wobbler gstwobbler.c:518:gst_wobbler_chain:<%s> %s",
			int(e.Hours()), int(e.Minutes())%60, int(e.Seconds())%60, e.Nanoseconds()%1e9, element, text)
	}
	complaints := []func() string{
		func() string {
			return wolfLine(at, "ERROR", "[GSTREAMER] Pipeline error: Could not initialize supporting library.")
		},
		func() string { return wolfLine(at, "WARN ", "[PULSE] Unable to connect, Connection refused") },
		func() string {
			return wolfLine(at, "WARN ", fmt.Sprintf("Video session %d timed out waiting for PING", 1000+rng.IntN(9)))
		},
		func() string {
			return at.Format("2006-01-02T15:04:05.000000Z") + " ERROR smithay::backend::renderer::gles: [GL] GL_OUT_OF_MEMORY error generated. Failed to allocate memory for buffer object."
		},
		func() string {
			return "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces."
		},
		func() string { return "mkdir: cannot create directory '/home/retro/.config': Permission denied" },
		func() string {
			return wolfLine(at, "WARN ", "Docker exec failed (127), /bin/bash: line 1: fake-udev: command not found")
		},
		func() string {
			return fmt.Sprintf("[%5d.%06d] NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.", at.Unix()%90000, rng.IntN(1e6))
		},
		func() string {
			return gst(fmt.Sprintf("nvh265enc%d", rng.IntN(3)), "error: Failed to open encode session")
		},
		func() string {
			return gst(fmt.Sprintf("wobbler%d", rng.IntN(300)), fmt.Sprintf("gasket overran buffer %d", rng.IntN(1e6)))
		},
		func() string {
			return wolfLine(at, "ERROR", fmt.Sprintf("[lattice] gave up on slot %d after %d ms (epoch 0x%x)", rng.IntN(500), rng.IntN(9000), rng.Uint32()))
		},
		func() string {
			return at.Format("2006-01-02T15:04:05.000000Z") + fmt.Sprintf(" ERROR oddcrate::m%d: relay lost request. id=%d", rng.IntN(4), rng.IntN(1e6))
		},
		func() string {
			return wolfLine(at, "ERROR", fmt.Sprintf("cannot open the device, error %d", rng.IntN(30)))
		},
		func() string {
			return wolfLine(at, "WARN ", fmt.Sprintf("[lattice] lost slot %d, falling back to the next", rng.IntN(500)))
		},
		func() string {
			return wolfLine(at, "WARN ", fmt.Sprintf("[gasket] worker exited with code %d", rng.IntN(3)))
		},
		func() string {
			return wolfLine(at, "ERROR", fmt.Sprintf("%d devices found, cannot go on", rng.IntN(3)))
		},
		func() string { return wolfLine(at, "DEBUG", fmt.Sprintf("[ENET] Received %d bytes", rng.IntN(300))) },
	}
	var b strings.Builder
	service := 1
	for range lines {
		line := complaints[min(rng.IntN(len(complaints)), rng.IntN(len(complaints)))]()
		switch n := rng.IntN(2000); {
		case n == 0:
			at = at.Add(time.Duration(rng.IntN(90)) * time.Second)
		case n == 1:
			line = wolfLine(at, "INFO ", "Gstreamer version: 1.26.2-0")
		case n == 2:
			at = at.Add(-time.Duration(rng.IntN(40)) * time.Second)
		case n == 3:
			started = at
		case n > 3 && n < 100:
			service = 1 + rng.IntN(2)
		}
		at = at.Add(time.Duration(rng.IntN(4)) * time.Millisecond)
		fmt.Fprintf(&b, "wolf-%d  | %s\n", service, line)
	}
	return named{fmt.Sprintf("stormy %d", seed), []byte(b.String())}
}

func wolfLine(at time.Time, level, text string) string {
	return at.Format("15:04:05.000000000") + " " + level + " | " + text
}

// TestTallies: a storm whose complaints are counted in stretches makes the report
// that it makes when each goes through the merger, wherever blocks end.
func TestTallies(t *testing.T) {
	t.Parallel()
	for seed := range uint64(shorter(6, 2)) {
		log := stormy(seed, 20_000)
		want := readCached(t, log, false, 0)
		if len(want.Causes) == 0 || want.Coverage.Explained < 8_000 || want.Coverage.Unexplained < 2_000 {
			t.Fatalf("%s: coverage %+v", log.name, want.Coverage)
		}
		for _, block := range []int{0, 100 << 10, 1 << 20} {
			same(t, want, readCached(t, log, true, block), fmt.Sprintf("%s in blocks of %d", log.name, block))
		}
	}
}
