package reading

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/speaker"
)

var update = flag.Bool("update", false, "rewrite golden files")

// says are the speakers that testdata names by a program.
var says = map[string]speaker.Class{"wolf": speaker.Wolf, "kernel": speaker.Kernel, "dockerd": speaker.Runtime, "kubelet": speaker.Runtime, "steam": speaker.App, "sway": speaker.AppCompositor,
	"pulseaudio": speaker.Pulse, "sunshine": speaker.Foreign, "dashboard": speaker.Unknown, "moonlight": speaker.Client, "init": speaker.Init, "host": speaker.Host}

type complaint struct {
	causes []string
	by     string
	text   string
}

func complaints(t testing.TB, file string) []complaint {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []complaint
	for i, l := range strings.Split(string(b), "\n") {
		if l == "" || l[0] == '#' {
			continue
		}
		f := strings.SplitN(l, " | ", 3)
		if len(f) != 3 {
			t.Fatalf("%s:%d: want cause | speaker | text", file, i+1)
		}
		if _, ok := says[f[1]]; !ok {
			t.Fatalf("%s:%d: unknown speaker %q", file, i+1, f[1])
		}
		out = append(out, complaint{strings.Split(f[0], ","), f[1], f[2]})
	}
	return out
}

func (c *complaint) read() (Reading, bool) {
	return Read(&Complaint{Text: []byte(c.text), Speaker: says[c.by]})
}

// TestComplaints reads what real programs print. The golden file holds what
// each is read as; a change of the vocabulary shows there.
func TestComplaints(t *testing.T) {
	t.Parallel()
	list := complaints(t, "testdata/complaints.txt")
	var b bytes.Buffer
	right := 0
	for _, c := range list {
		r, ok := c.read()
		if !ok {
			fmt.Fprintf(&b, "MISS unread: %s\n", c.text)
			continue
		}
		rule := &Rules()[r.Rule]
		mark := "MISS"
		if len(rule.Causes) > 0 && slices.Contains(c.causes, rule.Causes[0].Cause) {
			mark = "ok"
			right++
		}
		fmt.Fprintf(&b, "%s %s: %s (%s) name=%q operation=%q code=%q: %s\n", mark, rule.ID, r.Object, r.Reason, r.Name, r.Operation, r.Code, c.text)
	}
	if share := float64(right) / float64(len(list)); share < 0.85 {
		t.Errorf("%d of %d complaints are read as their cause, want 85 of 100", right, len(list))
	}
	const golden = "testdata/complaints.golden"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("readings changed (-want +got), -update rewrites them:\n%s", d)
	}
}

// TestNotRead holds what must not be read: ordinary lines, quotations, and
// reasons without an object.
func TestNotRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		by         speaker.Class
	}{
		{"a reason alone", "Permission denied", speaker.Wolf},
		{"a reason alone", "operation failed: No such file or directory", speaker.App},
		{"a permissive denial", `avc:  denied  { read } for  pid=1 comm="wolf" scontext=container_t permissive=1`, speaker.Kernel},
		{"a shell that traces", "+ echo cannot open display", speaker.Init},
		{"a request that quotes", "GET /applist?title=GL_OUT_OF_MEMORY", speaker.Wolf},
		{"a query that quotes", "[HTTPS] GET request from 10.0.0.9:4411 /applist?title=GL_OUT_OF_MEMORY%20the%20game", speaker.Wolf},
		{"a title that quotes", `[API] Received request: POST - {"title":"cannot open display: a tutorial"}`, speaker.Wolf},
		{"somebody else's port", "bind to 0.0.0.0 port 22: Address already in use", speaker.Foreign},
		{"a foreign database", "FATAL: could not open file \"global/pg_filenode.map\": Permission denied", speaker.Foreign},
		{"users of an init script", "Adding user 'retro' to groups: root", speaker.Init},
		{"an optional part", "amdgpu 0000:03:00.0: amdgpu: RAS: optional ras ta ucode is not available", speaker.Kernel},
		{"what is ignored", "ERROR: ld.so: object 'libgamemodeauto.so.0' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored.", speaker.App},
		{"an attribute that is not asked for", "Driver does not support attribute VAConfigAttribPredictionDirection", speaker.Wolf},
		{"a result that is a success", "vulkan: vkGetPhysicalDeviceFormatProperties2 returned (VkResult: 0)", speaker.AppCompositor},
		{"an assertion of a desktop program", "g_object_unref: assertion 'G_IS_OBJECT (object)' failed", speaker.App},
		{"a program that was not there to be killed", "sway: no process found", speaker.AppCompositor},
		{"a line of a program's help", " -T   --no-auth      no authentication, when the image cannot be pulled", speaker.App},
		{"an end that went well", "wolf-1 exited with code 0", speaker.Runtime},
		{"a folder that is there already", "mkdir: cannot create directory ‘/run/user/1000’: File exists", speaker.Init},
		{"what an init script looks for", "find: ‘/dev/input’: No such file or directory", speaker.Init},
		{"a script that goes on", "cat: /sys/class/drm/card0/device/vendor: No such file or directory", speaker.Init},
		{"a desktop that goes on", "drmGetDevices2 failed: No such file or directory", speaker.AppCompositor},
		{"a library that is a file", "/sbin/ldconfig.real: /usr/lib/x86_64-linux-gnu/libcuda.so.1 is not a symbolic link", speaker.Init},
		{"what Wine has not written yet", "0024:fixme:hid:handle_IRP_MN_QUERY_ID Unhandled type 00000005", speaker.App},
		{"the firmware of a board", "EDAC amd64: F19h detected (node 0): ECC disabled, no memory controllers", speaker.Kernel},
		{"empty", "", speaker.Wolf},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if r, ok := Read(&Complaint{Text: []byte(tc.text), Speaker: tc.by}); ok {
				t.Errorf("%q is read as %s: %s (%s)", tc.text, Rules()[r.Rule].ID, r.Object, r.Reason)
			}
		})
	}
}

// TestNothingNamed holds complaints of services that a desktop goes without: they
// are read, and speak for no cause.
func TestNothingNamed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Failed to connect to user scope bus via local transport: No such file or directory",
		"Can't open RFKILL control device",
		"bluetoothd[126]: src/adapter.c:adapter_init() Failed to access management interface",
		"[GameMode]: GameMode cannot be enabled on this system",
		"xwm: error 3: BadWindow (invalid Window parameter) request 15 minor 0 serial 1183",
		"ALSA lib seq_hw.c:540:(snd_seq_hw_open) open /dev/snd/seq failed: No such file or directory",
	} {
		r, ok := Read(&Complaint{Text: []byte(text), Speaker: speaker.App})
		if !ok || len(Rules()[r.Rule].Causes) > 0 {
			t.Errorf("%q is read as %s, %v", text, Rules()[r.Rule].ID, ok)
		}
	}
}

func TestComplains(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Watchdog timeout (limit 2 s)!":                                            true,
		"low memory! at or below SIGTERM limits":                                   true,
		"Your host PC's GPU doesn't support streaming over 4K":                     true,
		"the server has not responded":                                             true,
		"You cannot pair while a previous session is still running":                true,
		"connection refused":                                                       true,
		"PLEG is not healthy: pleg was last seen active 3m12s ago":                 true,
		"DRM instance fd does not appear to refer to a DRM device.":                true,
		"SMU: I'm not done with your previous command: SMN_C2PMSG_66:0x6":          true,
		"services.wolf.ports must be a array":                                      true,
		"---- Minecraft Crash Report ----":                                         true,
		"NVRM: _kgspLogXid119: **** GSP Timeout ****":                              true,
		"CommonUnixCrashHandler: Signal=11":                                        true,
		"[EGL] 0x3008 (BAD_DISPLAY) eglInitialize":                                 true,
		"uvd: ring test returned -110":                                             true,
		"spi_sync: status=-5, len 12":                                              true,
		"signal level is -60 dBm":                                                  false,
		"unknown state 0x1f reported!":                                             true,
		"osd12 timeout":                                                            true,
		"timeout is 30 s":                                                          false,
		"nbd: must specify at least one socket":                                    true,
		"ni_rlc: Bogus length 12 in firmware":                                      true,
		"dm_destroy: dm0 still exists with 12 references":                          true,
		"start=12 not aligned to h/w logical block size":                           true,
		"vulkan: physical device has no primary node":                              true,
		"this option has no effect here":                                           false,
		"From 6.5.0, libxcb-cursor0 is needed to load the Qt xcb platform plugin.": true,
		"Software rendering detected, please use the variable to proceed":          true,
		"nouveau 0000:01:00.0: fifo: fault 01 [VIRT_WRITE] at 0000000000480000":    true,
		"VR is not used here":                                                      false,
		"For a functional tray you must have libappindicator-* installed":          false,
		"[warning] For a functional tray you must have libappindicator-*":          false,
		"the cursor theme is not set, using the default":                           false,
		"Do not close this window":                                                 false,
		"      --no-utp      Disable uTP, for peers that cannot connect":           false,
		"**** Configure default user ****":                                         false,
		"---- crash reports go to /data ----, and no further":                      false,
		"Starting audio stream...failed: 110":                                      true,
		"Starting systemd-oomd.service - Userspace Out-Of-Memory (OOM) Killer...":  false,
		"timeout: 30 s":                                            false,
		"HTTPS server listening on port: 47984":                    false,
		"Container WolfPulseAudio already present, removing first": false,
		"":                         false,
		"+ echo Permission denied": false,
		"session 1 is connected, 2 of 8 slots in use by other clients": false,
	} {
		if got, _, _ := Complains([]byte(text)); got != want {
			t.Errorf("Complains(%q) = %v", text, got)
		}
	}
}

// TestCounts holds texts in which a count decides: one that is zero is a complaint,
// and a line like it, with another count, is told apart.
func TestCounts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text              string
		complains, counts bool
	}{
		{"Found 0 devices", true, true},
		{"Found 2 devices", false, true},
		{"Found 12 devices", false, false}, // no line with as many digits counts nothing
		{"0 GPUs found", true, true},
		{"3 GPUs found", false, true},
		{"outputs available: 0", true, true},
		{"outputs available: 4", false, true},
		{"Number of displays detected = 0", true, true},
		{"vkEnumeratePhysicalDevices reported zero accessible devices", true, false},
		{"session 0 started, 3 of 8 slots used", false, false},
		{"wayland-0 is ready, listening on port 0", false, false},
		{"0 errors, 0 warnings", false, false},
		{"returned 0", false, false},
		{"Tasks: 0 running, 3 sleeping", false, false},
		{"cont-init: 10-adduser: exited 1", true, true},
		{"cont-init: 10-adduser: exited 0", false, true},
	} {
		complains, from, to := Complains([]byte(tc.text))
		if complains != tc.complains || complains == false && (to > 0) != tc.counts {
			t.Errorf("%q: complains %v, counts %q", tc.text, complains, tc.text[from:to])
		}
	}
	for text, want := range map[string]bool{"Found 0 devices": true, "Found 12 devices": true, "Failed to open /dev/dri/renderD128: 3 tries": false} {
		if r, _ := Read(&Complaint{Text: []byte(text)}); r.Counts != want {
			t.Errorf("%q is read with Counts %v", text, r.Counts)
		}
	}
}

// TestRules checks what every rule must have.
func TestRules(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || !strings.HasPrefix(r.ID, "read-") {
			t.Errorf("rule %q: want an id of its own that begins with read-", r.ID)
		}
		seen[r.ID] = true
		if r.Title == "" || r.Reasons == 0 {
			t.Errorf("rule %s: want a title and reasons", r.ID)
		}
		for _, l := range r.Causes {
			if l.Strength <= 0 || l.Strength >= 0.9 || l.Why == "" || l.Cause == "" {
				t.Errorf("rule %s: link %+v: want a cause, a why, and a strength below that of a known text", r.ID, l)
			}
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for o := Object(1); o < numObjects; o++ {
		if o.String() == "" {
			t.Errorf("object %d has no name", o)
		}
	}
	for r := Reason(1); r < numReasons; r++ {
		if r.String() == "" {
			t.Errorf("reason %d has no name", r)
		}
	}
	if numObjects.String() != "" || numReasons.String() != "" {
		t.Error("what is no object or reason has a name")
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for _, family := range []string{"refuse refuses refused refusing", "connect connected connecting connection connections", "stop stopped stopping stops",
		"allocate allocated allocation allocating", "kill killed kills killing", "library libraries", "miss missed missing", "permit permitted permits"} {
		words := strings.Fields(family)
		want := string(stem([]byte(words[0])))
		for _, w := range words[1:] {
			if got := string(stem([]byte(w))); got != want {
				t.Errorf("stem(%q) = %q, want %q as of %q", w, got, want, words[0])
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range complaints(f, "testdata/complaints.txt") {
		f.Add([]byte(c.text), uint8(says[c.by]))
	}
	f.Fuzz(func(t *testing.T, text []byte, by uint8) {
		c := Complaint{Text: text, Speaker: speaker.Class(by % 12)}
		before := bytes.Clone(text)
		r, ok := Read(&c)
		again, ok2 := Read(&c)
		if ok != ok2 || r != again {
			t.Fatalf("two readings differ: %+v %+v", r, again)
		}
		if !bytes.Equal(text, before) {
			t.Fatal("reading changed the text")
		}
		if !bytes.Contains(text, []byte(r.Name)) || !bytes.Contains(text, []byte(r.Code)) {
			t.Fatalf("name %q or code %q does not stand in the text", r.Name, r.Code)
		}
		if ok && (r.Rule < 0 || r.Rule >= len(Rules())) {
			t.Fatalf("no rule %d", r.Rule)
		}
		Complains(text)
		if d, ok := ReadDeath(text); ok && (!bytes.Contains(text, []byte(d.Program)) || d.Reason == NoReason) {
			t.Fatalf("a death that the text does not tell: %+v", d)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	list := complaints(b, "testdata/complaints.txt")
	total := 0
	for _, c := range list {
		total += len(c.text)
	}
	texts := make([]Complaint, len(list))
	for i, c := range list {
		texts[i] = Complaint{Text: []byte(c.text), Speaker: says[c.by]}
	}
	b.SetBytes(int64(total))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for i := range texts {
			if _, ok := Read(&texts[i]); ok {
				n++
			}
		}
		if n < len(texts)*4/5 {
			b.Fatal(n, "of", len(texts), "are read")
		}
	}
}

// TestVocabulary finds phrases that name two objects: the later would win.
func TestVocabulary(t *testing.T) {
	t.Parallel()
	x := vocabulary()
	named := map[string]Object{}
	for _, list := range [][]meaning{reasonWords[:], objectWords[:], selfWords[:], quietWords[:]} {
		for _, m := range list {
			for p := range strings.SplitSeq(m.words, ";") {
				var key []string
				for _, w := range strings.FieldsFunc(p, func(r rune) bool { return strings.ContainsRune(" \t\n_-", r) }) {
					if w = string(stem([]byte(strings.ToLower(w)))); !x.stop[x.words[w]] {
						key = append(key, w)
					}
				}
				k := strings.Join(key, " ")
				if o := named[k]; o != NoObject && m.object != NoObject && o != m.object && len(key) > 1 {
					t.Errorf("%q names %s and %s", strings.TrimSpace(p), o, m.object)
				}
				if m.object != NoObject {
					named[k] = m.object
				}
			}
		}
	}
}

// BenchmarkLexicon is what the first reading costs.
func BenchmarkLexicon(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if x := newLexicon(); len(x.means) < 1000 {
			b.Fatal(len(x.means))
		}
	}
}

// TestSaid: what a name, a place, a probe and a next try do to a complaint, and
// what it may mean as well.
func TestSaid(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text, function string
		by                   speaker.Class
		want, second         string // ids of rules; empty for none
	}{
		{name: "a quoted name is a hole", text: "container `WolfFirefox` already exists", by: speaker.Runtime, want: "read-container-name"},
		{name: "a quoted name that a phrase needs", text: `no runtime for "nvidia" is configured`, by: speaker.Runtime, want: "read-nvidia-toolkit"},
		{name: "Wolf's name of a container", text: "endpoint with name WolfSteam_441 already exists in network host", by: speaker.Runtime, want: "read-container-name"},
		{name: "a line of a configuration", text: "Failed to start message bus: Error in file /usr/share/dbus-1/session.conf, line 81, column 0: no element found", by: speaker.App, want: "read-config-place", second: "read-no-element"},
		{name: "a section of a configuration", text: "Error: invalid 'autorestart' value 'perhaps' in section 'program:pulseaudio' (file: '/etc/supervisor/supervisord.conf')", by: speaker.Init, want: "read-config-place", second: "read-pulse"},
		{name: "a plugin that is registered", text: "Failed to load cuda library", function: "plugin_init", by: speaker.Wolf},
		{name: "the same elsewhere", text: "Failed to load cuda library", function: "gst_cuda_load", by: speaker.Wolf, want: "read-nvidia-library"},
		{name: "a next try", text: "h264_nvenc is not usable here, trying the next one", by: speaker.App},
		{name: "no next try", text: "h264_nvenc is not usable here", by: speaker.App, want: "read-encoder-lacks"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, second := "", ""
			r, ok := Read(&Complaint{Text: []byte(tc.text), Function: []byte(tc.function), Speaker: tc.by})
			if ok {
				got = Rules()[r.Rule].ID
				if r.Second >= 0 {
					second = Rules()[r.Second].ID
				}
			}
			if got != tc.want || second != tc.second {
				t.Errorf("read as %q, perhaps %q; want %q, %q", got, second, tc.want, tc.second)
			}
		})
	}
}
