package recognise

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// records of several lines, and lines that end them or not.
var records = []string{
	"thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:507:55:\ncalled `Result::unwrap()` on an `Err` value: AlreadyInUse",
	"thread 'main' (184) panicked at src/main.rs:12:5:\ncalled `Option::unwrap()` on a `None` value\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
	"thread 'main' panicked at src/lib.rs:112:15:\nassertion failed: fd 3 of 4 {\n  left: 17,\n}\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/0123456789abcdef/library/std/src/panicking.rs:697:5\n   1: core::panicking::panic_fmt\n   2:     0x7f64f11fd575 - <std::sys_common>",
	"thread 'main' panicked at 'no device 3', src/main.rs:10:5\nstack backtrace:",
	"terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc 12",
	"terminate called without an active exception",
	"Traceback (most recent call last):\n  File \"/usr/bin/inputtino\", line 12, in <module>\n    main(0x7f64f11fd575)\nValueError: invalid literal 4711",
	"panic: runtime error: index 3 out of range\n\ngoroutine 17 [running]:\nmain.open(0xc000012345, 0x10)\n\t/src/main.go:12 +0x1d\nexit status 2",
	"Stack trace (most recent call first):\n#0 0x000055aa2fafc61b in setup_encoder<H264> at /wolf/src/streaming.cpp:43:32\n#1 0x00007f64f11fd575",
	"X Error of failed request:  BadValue (integer 2)\n  Major opcode of failed request:  152\n  Serial number of failed request:  98",
	"(waybar:194): Gtk-WARNING **: 13:43:54.090: cannot open display: :0\nThe error was 'BadAlloc 12'",
	"13:43:43.024102451 ERROR | [GSTREAMER] cannot start pipeline:\ninterpipesrc ! queue ! nvh264enc bitrate=10000 !\n  rtph264pay pt=96",
	"13:43:43.024102451 WARN  | [HTTPS] Received resume event from an unregistered session, ip: ",
	"ERROR: bad config at line 12:\n  key 3 = {\n}",
	"thread 'main' panicked at src/lib.rs:12:15:\nit is so\nstack backtrace:" + strings.Repeat("\n   7: core::panicking::panic_fmt\n             at /rustc/library/std/src/panicking.rs:697:5", 40),
	"[ 4021.977491] NVRM: API mismatch: the client has the version 535.183.01, but\n[ 4021.977492] NVRM: this kernel module has the version 535.161.07.  Please",
}

var loose = []string{
	"inotify_init1() failed: Too many open files", "Detected another IPv4 mDNS stack running on this host.", "", "  indented 12", "exited with code 1", "}", "note: 3",
	"13:43:43.024102451 ERROR | [GSTREAMER] Pipeline error: Could not initialize supporting library.", "13:43:43.024102451 DEBUG | [ENET] connected client: 10.0.0.12:4711",
	"2025-09-30T13:43:54.032568Z  WARN waylanddisplaycore: Failed to recv buffer ack. err=RecvError", "[40139.977491] wolf[9727]: segfault at 36 ip 00007f5ae90118cb error 4 in lib.so",
	"   4: 0x7f64f11fd575 - x", "   4: 1x7f64f11fd575 - x", "what():  12", "4f2a9c1b8d3e: Pulling 3", "Error: 12 of ABCDEF01 failed", "buffer 7 ! queue",
}

// otherwise gives a line other digits and other hex words.
func otherwise(rng *rand.Rand, line string) string {
	out := []byte(line)
	for _, w := range findHexWords(nil, out) {
		if rng.IntN(2) == 0 {
			copy(out[w.From:w.To], hexWordLike(rng, line[w.From:w.To]))
		}
	}
	for i, c := range out {
		if '0' <= c && c <= '9' && rng.IntN(4) == 0 {
			out[i] = byte('0' + rng.IntN(10))
		}
	}
	return string(out)
}

// recordsOf makes a log of records, some of them cut short or with lines of others
// between theirs.
func recordsOf(rng *rand.Rand, n int, wrap func(n int, line string) string) []byte {
	var lines []string
	for len(lines) < n {
		if rng.IntN(3) == 0 {
			lines = append(lines, loose[rng.IntN(len(loose))])
			continue
		}
		record := strings.Split(records[rng.IntN(len(records))], "\n")
		if rng.IntN(4) == 0 {
			record = record[:1+rng.IntN(len(record))]
		}
		for _, l := range record {
			if rng.IntN(12) == 0 {
				lines = append(lines, loose[rng.IntN(len(loose))])
			}
			lines = append(lines, l)
		}
	}
	var b bytes.Buffer
	for i, l := range lines {
		if rng.IntN(3) > 0 { // else as it was, for what is seen twice only is learnt
			l = otherwise(rng, l)
		}
		b.WriteString(wrap(i, l) + "\n")
	}
	return b.Bytes()
}

// everything renders the records of a log that is read in blocks of some size; of
// others each.
func everything(t *testing.T, w *Worker, data []byte, size int) (out []string, wholes int) {
	t.Helper()
	line := int64(1)
	for len(data) > 0 {
		n := min(size, len(data))
		if i := bytes.IndexByte(data[n:], '\n'); n < len(data) && i >= 0 {
			n += i + 1
		}
		var b Batch
		w.Block(data[:n], data[n:min(len(data), n+64<<10)], line, &b)
		for i := range b.Hits {
			h := &b.Hits[i]
			s := fmt.Sprintf("%d+%d %v %v %s %q %q %q %v %v %v %v %x", h.Line, h.Span, h.Level(), h.Format(), h.Transport(), h.Service(), h.Component(), h.Text(), h.Inner, h.Outer, h.Says, h.NextTry, h.TemplateKey)
			if h.Match != nil {
				for _, p := range h.Match.Patterns {
					s += " " + p.ID
				}
				if h.Sample || len(h.Match.Patterns) > 0 {
					s += fmt.Sprint(h.Match.Speaker)
				}
			}
			if h.Others > 0 {
				t.Fatalf("%s: %d others", s, h.Others)
			}
			if h.known != nil && h.known.lines > 1 {
				wholes++
			}
			out = append(out, s)
		}
		out = append(out, fmt.Sprintf("open at %d", b.Open))
		line += int64(bytes.Count(data[:n], []byte{'\n'}))
		data = data[n:]
	}
	return out, wholes
}

// TestWholes: records of several lines say the same from the cache as on the slow
// path, whatever their digits are and whatever stands between their lines.
func TestWholes(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(n int, line string) string{
		"plain":   func(_ int, l string) string { return l },
		"compose": func(n int, l string) string { return fmt.Sprintf("wolf-%d  | ", 1+n%61/60) + l },
		"journald": func(n int, l string) string {
			return fmt.Sprintf("Oct 02 06:%02d:%02d rig wolf[1381]: ", n/60%60, n%60) + l
		},
		"a container": func(n int, l string) string {
			return fmt.Sprintf("Oct 02 06:%02d:%02d rig 4f2a9c1b8d3%x[1381]: ", n/60%60, n%60, 8+n%97/60) + l
		},
		"kernel": func(n int, l string) string {
			return fmt.Sprintf("Oct 02 06:%02d:%02d rig kernel: ", n/60%60, n%60) + l
		},
		"boot": func(n int, l string) string {
			return fmt.Sprintf("Oct 02 06:%02d:%02d rig kernel: [%5d.%06d] ", n/60%60, n%60, n, n) + l
		},
		"json-file": func(n int, l string) string {
			return fmt.Sprintf(`{"log":%q,"stream":"stderr","time":"2025-10-02T06:%02d:%02d.752176123Z"}`, l+"\n", n/60%60, n%60)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(5, uint64(len(name))))
			slow, fast := newTestWorker(t, Options{CacheFrom: math.MaxInt64, Windowed: true}), newTestWorker(t, Options{CacheFrom: -1, Windowed: true})
			wholes, all := 0, 0
			for range 12 {
				data, size := recordsOf(rng, 1500, wrap), 2_000+rng.IntN(40_000)
				want, _ := everything(t, slow, data, size)
				got, n := everything(t, fast, data, size)
				if d := cmp.Diff(want, got); d != "" {
					t.Fatalf("-slow path +cache\n%s", d)
				}
				wholes, all = wholes+n, all+len(got)
			}
			if wholes*50 < all && name != "kernel" && name != "boot" { // the kernel has none
				t.Errorf("%d records of several lines from the cache, of %d records", wholes, all)
			}
		})
	}
}
