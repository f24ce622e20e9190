package speaker

import (
	"testing"

	"wolfdiag/analyze/logline"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, line, want, program string }{
		{"wolf's own line", "wolf-1  | 19:12:00.230322599 INFO  | Gstreamer version: 1.26.7-0", "wolf", ""},
		{"wolf without a service", "19:12:00.230322599 ERROR | [GSTREAMER] Pipeline error: x", "wolf", ""},
		{"its compositor", "wolf-1  | 2026-04-11T19:22:07.689757Z ERROR smithay::backend::egl::ffi: [EGL] x", "compositor", ""},
		{"the compositor's plugin", "2026-04-11T19:22:07.676147Z  INFO gstwaylanddisplaysrc::waylandsrc::imp: Supported DMA formats: []", "compositor", ""},
		{"an app's abort is not Wolf's", "gow-sunshine-1  | terminate called after throwing an instance of 'std::runtime_error'", "app", ""},
		{"a panic in an app's crate", "thread 'main' panicked at crates/gpui/src/app.rs:12:5:", "app", ""},
		{"a panic in Smithay", "wolf-1 | thread '<unnamed>' panicked at /build/cargo/git/checkouts/smithay-1/src/wayland/mod.rs:77:14:", "compositor", ""},
		{"the kernel", "[ 1234.567890] NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.", "kernel", ""},
		{"the kernel in a journal", "Oct 02 19:05:31 rig kernel: NVRM: Xid (PCI:0000:01:00): 79", "kernel", ""},
		{"docker's daemon", "Oct 02 19:05:31 rig dockerd[812]: time=\"2026-10-02T19:05:31Z\" level=error msg=\"boom\"", "runtime", ""},
		{"a foreign database", "postgres-1  | 2026-10-02 19:05:31.000 UTC [1] FATAL:  could not write lock file: No space left on device", "foreign", ""},
		{"sshd", "Oct 02 19:05:31 rig sshd[744]: error: Bind to port 22 on 0.0.0.0 failed: Address already in use.", "host", ""},
		{"a tool in an app's container", "app-1  | chown: cannot access '/usr/games/gamescope': No such file or directory", "init", "chown"},
		{"the sound server", "wolf-1  | E: [pulseaudio] core-util.c: Failed to connect to system bus", "pulse", "pulseaudio"},
		{"a thread of the sound server", "W: [null-sink] util.c: Failed to connect to system bus", "pulse", "pulseaudio"},
		{"a desktop program by GLib's parentheses", "(xfdesktop:203): GLib-GObject-CRITICAL **: 21:22:07.676: g_object_unref: assertion 'G_IS_OBJECT (object)' failed", "app", "xfdesktop"},
		{"Wolf by GLib's parentheses", "(wolf:1): GStreamer-CRITICAL **: 21:22:07.676: Bus bus1 already has a GSource watch", "wolf", "wolf"},
		{"the nested compositor", "00:00:00.002 [ERROR] [sway/main.c:62] !!! Proprietary Nvidia drivers are in use !!!", "app-compositor", ""},
		{"gamescope's tag", "app-1 | [gamescope] [Error] vulkan: no", "app-compositor", "gamescope"},
		{"a container that Wolf named", "WolfSteam_1234 | something went wrong", "app", ""},
		{"a level word is no program", "error: fuse init failed: Can't mount path /x", "", ""},
		{"nothing tells", "something went wrong", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rec logline.Record
			logline.NewParser().Parse([]byte(c.line), &rec)
			got := Of(&rec, rec.Text, OfService(rec.Service))
			if got.Class.String() != c.want || c.program != "" && got.Program != c.program {
				t.Errorf("Of(%q) = %q, program %q; want %q, program %q", c.line, got.Class, got.Program, c.want, c.program)
			}
		})
	}
}

func TestOfService(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Class{
		"": Unknown, "wolf": Wolf, "wolf-1": Wolf, "gow-wolf-1": Wolf, "wolf.service": Wolf, "WolfPulseAudio": Pulse, "wolfpulseaudio-1": Pulse,
		"Wolf-UI_3": App, "WolfXFCE_123": App, "gow_sunshine_1": App, "dockerd": Runtime, "kubelet": Runtime, "systemd": Host, "sway-1": AppCompositor,
		"nextcloud-db-postgres-1": Foreign, "streaming": Unknown, "steam-headless": App,
	} {
		if got := OfService([]byte(name)); got != want {
			t.Errorf("OfService(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestParseIsTheInverseOfString(t *testing.T) {
	t.Parallel()
	for _, n := range Names() {
		if c, ok := Parse(n); !ok || c.String() != n {
			t.Errorf("Parse(%q) = %v, %v", n, c, ok)
		}
	}
	if _, ok := Parse(""); ok {
		t.Error(`Parse("") names a class`)
	}
}

func FuzzProgram(f *testing.F) {
	f.Add([]byte("steam.sh[88]: Running Steam"))
	f.Add([]byte("E: [pulseaudio] main.c: x"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p := Program(text); len(p) > len(text) {
			t.Errorf("Program(%q) = %q", text, p)
		}
		OfService(text)
	})
}

func BenchmarkOf(b *testing.B) {
	var rec logline.Record
	logline.NewParser().Parse([]byte("app-1  | chown: cannot access '/usr/games/gamescope': No such file or directory"), &rec)
	b.ReportAllocs()
	for b.Loop() {
		if Of(&rec, rec.Text, App).Class != Init {
			b.Fatal("wrong")
		}
	}
}
