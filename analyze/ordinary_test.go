package analyze

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// ordinaryLine is an entry of testdata/ordinary.toml, which explains them.
type ordinaryLine struct {
	By, At, Why string
	Says, On    []string
	Fault       *struct {
		On, At, By, Want string
		Says, And        []string
	}
}

// TestOrdinaryDay: what working deployments print is no cause, in each deployment
// and at each place where it is ordinary; where the same words are a fault, they
// are one.
func TestOrdinaryDay(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "ordinary.toml"))
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Line []ordinaryLine }
	if err := toml.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Line) < 80 {
		t.Fatalf("%d entries", len(table.Line))
	}
	for _, l := range table.Line {
		by := "wolf-1"
		if l.By != "" || slices.Contains(l.Says, "wolf-1 exited with code 15") {
			by = l.By
		}
		if l.Why == "" || len(l.Says) == 0 {
			t.Errorf("%q: nothing says what decides", l.Says)
		}
		on := l.On
		if len(on) == 0 {
			on = []string{"amd", "nvidia", "software"}
		}
		for _, d := range on {
			log := ordinaryLog(t, d, l.At, by, l.Says)
			for _, c := range read(t, Options{}, named{"wolf.log", log}).Causes {
				t.Errorf("%s, %s: %s %.2f on %s %q; ordinary because: %s", d, l.At, c.ID, c.Probability, c.Evidence[0].Pattern, c.Evidence[0].First.Text, l.Why)
			}
		}
		f := l.Fault
		if f == nil {
			continue
		}
		said := f.Says
		if len(said) == 0 {
			said = l.Says
		}
		if f.By != "" {
			by = f.By
		}
		d := on[0]
		if f.On != "" {
			d = f.On
		}
		got := "nothing"
		if causes := read(t, Options{}, named{"wolf.log", ordinaryLog(t, d, f.At, by, append(slices.Clone(said), f.And...))}).Causes; len(causes) > 0 {
			got = causes[0].ID
		}
		if got != f.Want {
			t.Errorf("%s, %s, %q: %s, want %s", d, f.At, append(said, f.And...), got, f.Want)
		}
	}
}

// places are before which line of a start something stands; what has none stands
// at its end.
var places = map[string]string{"init": "Launching the container's startup script", "probing": "Gstreamer version", "encoders": "Using h264 encoder", "start": "HTTP server listening"}

// stamps are the times in the starts of the laboratory, in seconds: of Wolf, of the
// init scripts, of the compositor and of the journal.
var stamps = regexp.MustCompile(`@([CDRJ])\((\d+(?:\.\d+)?)\)`)

var stampLayouts = map[string]string{"C": "15:04:05.000000000", "D": time.DateTime, "R": "2006-01-02T15:04:05.000000Z"}

// ordinaryLog is the start of a deployment that works, with a session being set
// up or ended where that is asked for, and something said at a place in it.
func ordinaryLog(t *testing.T, deployment, at, by string, says []string) []byte {
	t.Helper()
	name := deployment + "-idle.log"
	if at == "session" || at == "end" || at == "joined" {
		name = deployment + ".log"
	}
	data, err := os.ReadFile(filepath.Join("..", "scripts", "lab", "starts", name))
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2026, 5, 20, 19, 0, 0, 0, time.UTC)
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i := range lines {
		lines[i] = stamps.ReplaceAllStringFunc(lines[i], func(m string) string {
			p := stamps.FindStringSubmatch(m)
			seconds, _ := strconv.ParseFloat(p[2], 64)
			return begin.Add(time.Duration(seconds * float64(time.Second))).Format(stampLayouts[p[1]])
		})
	}
	seconds := map[string]float64{"probing": 0.1, "encoders": 0.215, "start": 0.3, "idle": 600, "session": 92, "joined": 92, "end": 310}[at]
	place := len(lines)
	if before := places[at]; before != "" {
		place = slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, before) })
	}
	if at == "end" || at == "joined" {
		stop := begin.Add(309 * time.Second).Format(stampLayouts["C"])
		lines = append(lines, stop+" DEBUG | [DOCKER] Stopping container: /WolfApp_9302176413854061187", stop+" INFO  | Stopped container: /WolfApp_9302176413854061187")
	}
	if at == "end" {
		place = len(lines)
	}
	now := begin.Add(time.Duration(seconds * float64(time.Second)))
	d := now.Sub(begin)
	fill := strings.NewReplacer("{clock}", now.Format(stampLayouts["C"]), "{rust}", now.Format(stampLayouts["R"]),
		"{gst}", fmt.Sprintf("%d:%02d:%02d.%09d     1 0x5c1f2a80", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60, d.Nanoseconds()%1e9))
	journal := strings.Contains(by, "[") || by == "kernel"
	prefix := func(who string) string {
		switch {
		case !journal && who == "":
			return ""
		case !journal:
			return fmt.Sprintf("%-14s | ", who)
		case who == "wolf-1":
			who = "wolf[1381]"
		}
		return now.Format(time.Stamp) + " rig " + who + ": "
	}
	var out strings.Builder
	for i := 0; i <= len(lines); i++ {
		if i == place {
			for _, s := range says {
				out.WriteString(prefix(by) + fill.Replace(s) + "\n")
			}
		}
		if i < len(lines) {
			out.WriteString(prefix("wolf-1") + lines[i] + "\n")
		}
	}
	return []byte(out.String())
}
