package logline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/patterns/lineformat"
)

// view is what a Record says about the message itself.
type view struct {
	Format    string
	Level     string
	Inner     string
	PID       int
	Thread    string
	Component string
	Function  string
	Element   string
	Spans     string
	Text      string
	Splice    string
	Continues Continues
}

var clockNames = [...]string{"", "utc", "utc-day", "local", "local-noyear", "local-day", "gst", "sway", "boot"}

func stampText(s Stamp) string {
	switch s.Kind {
	case ClockNone:
		return ""
	case ClockLocalNoYear:
		return clockNames[s.Kind] + " " + time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(s.Nanos)).Format("01-02T15:04:05.999999999") + " /" + time.Duration(s.Resolution).String()
	case ClockUTC, ClockLocal:
		return clockNames[s.Kind] + " " + time.Unix(0, s.Nanos).UTC().Format("2006-01-02T15:04:05.999999999") + " /" + time.Duration(s.Resolution).String()
	}
	return clockNames[s.Kind] + " " + time.Duration(s.Nanos).String() + " /" + time.Duration(s.Resolution).String()
}

func viewOf(r *Record) view {
	return view{
		Format: r.Format.String(), Level: r.Level.String(), Inner: stampText(r.Inner), PID: r.PID, Thread: string(r.Thread),
		Component: string(r.Component), Function: string(r.Function), Element: string(r.Element), Spans: string(r.Spans),
		Text: string(r.Text), Splice: string(r.Splice), Continues: r.Continues,
	}
}

type formatCase struct {
	name string
	line string
	want view
}

func formatCases() []formatCase {
	return []formatCase{
		{"wolf", "06:40:11.750123456 WARN  | [DOCKER] error 500 - {\"message\":\"x\"}",
			view{Format: "wolf", Level: "warning", Inner: "utc-day 6h40m11.750123456s /1ns", Text: `[DOCKER] error 500 - {"message":"x"}`}},
		{"wolf keeps trailing space", "06:40:11.750123456 INFO  | HTTP server listening on port: 47989 ",
			view{Format: "wolf", Level: "info", Inner: "utc-day 6h40m11.750123456s /1ns", Text: "HTTP server listening on port: 47989 "}},
		{"wolf without clock", "INFO  | [DOCKER] Starting container: /WolfSteam_6058",
			view{Format: "wolf", Level: "info", Text: "[DOCKER] Starting container: /WolfSteam_6058"}},
		{"wolf without clock, error", "ERROR | Failed to acquire buffer",
			view{Format: "wolf", Level: "error", Text: "Failed to acquire buffer"}},
		{"wolf in seconds", "07:11:52 DEBUG | [ENET] disconnected client: 10.18.225.142:62872",
			view{Format: "wolf", Level: "debug", Inner: "utc-day 7h11m52s /1s", Text: "[ENET] disconnected client: 10.18.225.142:62872"}},
		{"wolf without level", "14:50:00.586 | [HTTPS] Received resume event from an unregistered session, ip: 172.16.30.138",
			view{Format: "wolf", Level: "none", Inner: "utc-day 14h50m0.586s /1ms", Text: "[HTTPS] Received resume event from an unregistered session, ip: 172.16.30.138"}},
		{"wolf starts a pipeline", "06:40:11.750123456 DEBUG | Starting video pipeline: ",
			view{Format: "wolf", Level: "debug", Inner: "utc-day 6h40m11.750123456s /1ns", Text: "Starting video pipeline: ", Continues: ContinuesText}},
		{"wolf prints a container's log", "06:40:11.750123456 DEBUG | [DOCKER] Container logs: ",
			view{Format: "wolf", Level: "debug", Inner: "utc-day 6h40m11.750123456s /1ns", Text: "[DOCKER] Container logs: "}},
		{"gstreamer", "40:56:30.661481638     1 0x77fb7c0562e0 WARN             cudacontext gstcudacontext.cpp:402:gst_create_cucontext: CUDA call failed: CUDA_ERROR_NOT_PERMITTED, operation not permitted",
			view{Format: "gstreamer", Level: "warning", Inner: "gst 40h56m30.661481638s /1ns", PID: 1, Thread: "0x77fb7c0562e0", Component: "cudacontext", Function: "gst_create_cucontext", Text: "CUDA call failed: CUDA_ERROR_NOT_PERMITTED, operation not permitted"}},
		{"gstreamer element", "0:02:08.094658276     1 0x201fdf94cc75 ERROR              GST_CONTEXT gstcudautils.cpp:230:gst_cuda_ensure_element_context:<nvh265enc10> Failed to create CUDA context with device-id 0",
			view{Format: "gstreamer", Level: "error", Inner: "gst 2m8.094658276s /1ns", PID: 1, Thread: "0x201fdf94cc75", Component: "GST_CONTEXT", Function: "gst_cuda_ensure_element_context", Element: "nvh265enc10", Text: "Failed to create CUDA context with device-id 0"}},
		{"gstreamer of 2026", "123:00:00.000000001         17               3 FIXME            videodecoder gstvideodecoder.c:1:f:<a:src> todo",
			view{Format: "gstreamer", Level: "info", Inner: "gst 123h0m0.000000001s /1ns", PID: 17, Thread: "3", Component: "videodecoder", Function: "f", Element: "a:src", Text: "todo"}},
		{"gstreamer with colours", "0:00:00.100000000 \x1b[334m    1\x1b[00m 0x7f00 \x1b[31;01mERROR  \x1b[00m \x1b[00;01;34m             pulse pulsesrc.c:371:gst_pulsesrc_is_dead:<pulsesrc0>\x1b[00m error: Disconnected: Connection terminated",
			view{Format: "gstreamer", Level: "error", Inner: "gst 100ms /1ns", PID: 1, Thread: "0x7f00", Component: "pulse", Function: "gst_pulsesrc_is_dead", Element: "pulsesrc0", Text: "error: Disconnected: Connection terminated"}},
		{"gstreamer without its head", "pulse pulsesrc.c:371:gst_pulsesrc_is_dead:<pulsesrc0> error: Disconnected: Connection terminated",
			view{Format: "gstreamer", Level: "error", Component: "pulse", Function: "gst_pulsesrc_is_dead", Element: "pulsesrc0", Text: "error: Disconnected: Connection terminated"}},
		{"gstreamer plugin loading", `0:00:00.215914489     1 0x39bad2a20cda WARN      GST_PLUGIN_LOADING gstplugin.c:546:gst_plugin_register_func: plugin "/usr/x.so" failed to initialise`,
			view{Format: "gstreamer", Level: "warning", Inner: "gst 215.914489ms /1ns", PID: 1, Thread: "0x39bad2a20cda", Component: "GST_PLUGIN_LOADING", Function: "gst_plugin_register_func", Text: `plugin "/usr/x.so" failed to initialise`}},
		{"tracing forwarded to gstreamer", "0:01:00.000000001     1 0x7f00 ERROR     waylanddisplaysrc src/utils.rs:10:waylanddisplaycore::comp: message = Failed to recv buffer ack.; err = RecvError; ",
			view{Format: "tracing", Level: "error", Inner: "gst 1m0.000000001s /1ns", PID: 1, Thread: "0x7f00", Component: "waylanddisplaysrc", Function: "waylanddisplaycore::comp", Text: "message = Failed to recv buffer ack.; err = RecvError; "}},
		{"tracing", "2025-08-04T03:33:04.784607Z ERROR waylanddisplaycore::comp: Rendering failed. err=BindBufferEGLError(EGLImageCreationFailed)",
			view{Format: "tracing", Level: "error", Inner: "utc 2025-08-04T03:33:04.784607 /1µs", Component: "waylanddisplaycore::comp", Text: "Rendering failed. err=BindBufferEGLError(EGLImageCreationFailed)"}},
		{"tracing info", "2025-09-09T13:52:16.888763Z  INFO waylanddisplaycore::comp: Adding input device. path=\"/dev/input/event10\"",
			view{Format: "tracing", Level: "info", Inner: "utc 2025-09-09T13:52:16.888763 /1µs", Component: "waylanddisplaycore::comp", Text: `Adding input device. path="/dev/input/event10"`}},
		{"tracing fields only", "2025-08-04T03:33:04.784595Z ERROR smithay::backend::egl::display: error=Failed to create `EGLImage` from the buffer",
			view{Format: "tracing", Level: "error", Inner: "utc 2025-08-04T03:33:04.784595 /1µs", Component: "smithay::backend::egl::display", Text: "error=Failed to create `EGLImage` from the buffer"}},
		{"tracing spans", `2025-08-04T03:33:04.784595Z DEBUG egl{native="/dev/dri/renderD128" version=(1, 5)}:egl_context{ptr=1398}:renderer_gles2: smithay::backend::renderer::gles: Initializing`,
			view{Format: "tracing", Level: "debug", Inner: "utc 2025-08-04T03:33:04.784595 /1µs", Spans: `egl{native="/dev/dri/renderD128" version=(1, 5)}:egl_context{ptr=1398}:renderer_gles2`, Component: "smithay::backend::renderer::gles", Text: "Initializing"}},
		{"tracing with colours", "\x1b[2m2025-08-04T03:33:04.784607Z\x1b[0m \x1b[31mERROR\x1b[0m \x1b[2mwaylanddisplaycore::comp\x1b[0m\x1b[2m:\x1b[0m Rendering failed. \x1b[3merr\x1b[0m\x1b[2m=\x1b[0mMappingError",
			view{Format: "tracing", Level: "error", Inner: "utc 2025-08-04T03:33:04.784607 /1µs", Component: "waylanddisplaycore::comp", Text: "Rendering failed. err=MappingError"}},
		{"spliced", "             hb5d3b27aa9f6dcda2024-09-15T17:11:59.231787Z ERROR waylanddisplaycore: Compositor thread panic'ed!",
			view{Format: "plain", Level: "none", Text: "             hb5d3b27aa9f6dcda", Splice: "2024-09-15T17:11:59.231787Z ERROR waylanddisplaycore: Compositor thread panic'ed!"}},
		{"panic", "thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:374:34:",
			view{Format: "panic", Level: "fatal", Thread: "<unnamed>", Function: "wayland-display-core/src/comp/mod.rs", Text: "thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:374:34:", Continues: ContinuesPanic}},
		{"panic with thread id", "thread 'main' (184) panicked at src/lib.rs:284:26:",
			view{Format: "panic", Level: "fatal", Thread: "main", Function: "src/lib.rs", Text: "thread 'main' (184) panicked at src/lib.rs:284:26:", Continues: ContinuesPanic}},
		{"panic before 1.73", "thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: X', src/main.rs:10:5",
			view{Format: "panic", Level: "fatal", Thread: "main", Function: "src/main.rs", Text: "thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: X', src/main.rs:10:5", Continues: ContinuesPanic}},
		{"panic aborts", "thread caused non-unwinding panic. aborting.",
			view{Format: "panic", Level: "fatal", Text: "thread caused non-unwinding panic. aborting."}},
		{"terminate", "terminate called after throwing an instance of 'std::future_error'",
			view{Format: "trace", Level: "fatal", Text: "terminate called after throwing an instance of 'std::future_error'", Continues: ContinuesText}},
		{"what", "  what():  std::future_error: Promise already satisfied",
			view{Format: "trace", Level: "fatal", Text: "what():  std::future_error: Promise already satisfied"}},
		{"cpptrace", "Stack trace (most recent call first):",
			view{Format: "trace", Level: "fatal", Text: "Stack trace (most recent call first):", Continues: ContinuesTrace}},
		{"frame", "#4 0x000055aa2fafc61b in setup_encoder<H264> at /wolf/src/streaming.cpp:43:32",
			view{Format: "trace", Level: "none", Text: "#4 0x000055aa2fafc61b in setup_encoder<H264> at /wolf/src/streaming.cpp:43:32"}},
		{"boost frame", " 0# 0x0000555BE1CD1A49",
			view{Format: "trace", Level: "none", Text: "0# 0x0000555BE1CD1A49"}},
		{"rust frame", "   0:     0x7f64f11fd575 - <std::sys_common::backtrace::fmt::hd736fd5964392270",
			view{Format: "trace", Level: "none", Text: "0:     0x7f64f11fd575 - <std::sys_common::backtrace::fmt::hd736fd5964392270"}},
		{"glibc", "double free or corruption (!prev)",
			view{Format: "trace", Level: "fatal", Text: "double free or corruption (!prev)"}},
		{"assertion", "wolf: ../src/x.c:12: render: Assertion `fd >= 0' failed.",
			view{Format: "trace", Level: "fatal", Text: "wolf: ../src/x.c:12: render: Assertion `fd >= 0' failed."}},
		{"sway", "00:00:00.002 [ERROR] [sway/main.c:62] !!! Proprietary Nvidia drivers are in use !!!",
			view{Format: "sway", Level: "error", Inner: "sway 2ms /1ms", Component: "sway", Function: "sway/main.c", Text: "!!! Proprietary Nvidia drivers are in use !!!"}},
		{"wlroots", "00:00:00.200 [ERROR] [wlr] [backend/wayland/backend.c:60] Failed to read from remote Wayland display",
			view{Format: "sway", Level: "error", Inner: "sway 200ms /1ms", Component: "wlr", Function: "backend/wayland/backend.c", Text: "Failed to read from remote Wayland display"}},
		{"libwayland", "00:00:00.200 [ERROR] [wlr] [wayland] error in client communication (pid 12)",
			view{Format: "sway", Level: "error", Inner: "sway 200ms /1ms", Component: "wayland", Text: "error in client communication (pid 12)"}},
		{"wlroots without clock", "[ERROR] [wlr] [xwayland/sockets.c:47] Failed to bind socket @/tmp/.X11-unix/X0: Address already in use",
			view{Format: "sway", Level: "error", Component: "wlr", Function: "xwayland/sockets.c", Text: "Failed to bind socket @/tmp/.X11-unix/X0: Address already in use"}},
		{"wlroots without level", "[wlr] [backend/backend.c:363] failed to add backend 'wayland'",
			view{Format: "sway", Level: "warning", Component: "wlr", Function: "backend/backend.c", Text: "failed to add backend 'wayland'"}},
		{"sway without level", "[sway/server.c:228] Unable to create backend",
			view{Format: "sway", Level: "warning", Component: "sway", Function: "sway/server.c", Text: "Unable to create backend"}},
		{"sway on a terminal", "00:00:00.002 \x1b[1;31m[sway/main.c:62] Unable to drop root\x1b[0m",
			view{Format: "sway", Level: "error", Inner: "sway 2ms /1ms", Component: "sway", Function: "sway/main.c", Text: "Unable to drop root"}},
		{"glib", "(waybar:132): Gtk-WARNING **: 07:40:13.036: cannot open display: :0",
			view{Format: "glib", Level: "warning", Inner: "local-day 7h40m13.036s /1ms", PID: 132, Component: "Gtk", Function: "waybar", Text: "cannot open display: :0"}},
		{"glib domain with dashes", "(wolf:1): GStreamer-Video-CRITICAL **: 08:12:42.031: gst_video_frame_map_id: assertion 'x' failed",
			view{Format: "glib", Level: "error", Inner: "local-day 8h12m42.031s /1ms", PID: 1, Component: "GStreamer-Video", Function: "wolf", Text: "gst_video_frame_map_id: assertion 'x' failed"}},
		{"glib without clock", "(gnome-shell:362): Mtk-ERROR **: Received an X Window System error.",
			view{Format: "glib", Level: "fatal", PID: 362, Component: "Mtk", Function: "gnome-shell", Text: "Received an X Window System error.", Continues: ContinuesText}},
		{"glib message", `(steam:9): Gtk-Message: 07:40:13.036: Failed to load module "canberra-gtk-module"`,
			view{Format: "glib", Level: "info", Inner: "local-day 7h40m13.036s /1ms", PID: 9, Component: "Gtk", Function: "steam", Text: `Failed to load module "canberra-gtk-module"`}},
		{"glib without domain", "** (prog:12): WARNING **: 07:40:13.036: msg",
			view{Format: "glib", Level: "warning", Inner: "local-day 7h40m13.036s /1ms", PID: 12, Function: "prog", Text: "msg"}},
		{"glib by domain alone", "Gdk-Message: 23:40:52.956: Error reading events from display: Broken pipe",
			view{Format: "glib", Level: "info", Inner: "local-day 23h40m52.956s /1ms", Component: "Gdk", Text: "Error reading events from display: Broken pipe"}},
		{"glib by domain alone, without clock", "xfce4-session-Message: SSH authentication agent is already running",
			view{Format: "glib", Level: "info", Component: "xfce4-session", Text: "SSH authentication agent is already running"}},
		{"glib by domain alone, a warning", "dconf-WARNING **: 07:40:13.036: failed to commit changes to dconf",
			view{Format: "glib", Level: "warning", Inner: "local-day 7h40m13.036s /1ms", Component: "dconf", Text: "failed to commit changes to dconf"}},
		{"no domain of glib", "pre-INFO: nothing of GLib's", view{Format: "plain", Level: "none", Text: "pre-INFO: nothing of GLib's"}},
		{"gow", "[2025-12-04 19:12:27] Launching the container's startup script as user 'retro'",
			view{Format: "gow", Level: "none", Inner: "local 2025-12-04T19:12:27 /1s", Text: "Launching the container's startup script as user 'retro'"}},
		{"gow empty", "[2025-12-04 19:12:27] ", view{Format: "gow", Level: "none", Inner: "local 2025-12-04T19:12:27 /1s"}},
		{"gow heading", "**** Configure devices ****", view{Format: "gow", Level: "none", Text: "**** Configure devices ****"}},
		{"kernel", "[    9.424670] NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
			view{Format: "kernel", Level: "none", Inner: "boot 9.42467s /1µs", Text: "NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."}},
		{"kernel error", "[1895773.415030] amdgpu: [drm] *ERROR* Failed to initialize parser -125!",
			view{Format: "kernel", Level: "error", Inner: "boot 526h36m13.41503s /1µs", Text: "amdgpu: [drm] *ERROR* Failed to initialize parser -125!"}},
		{"dmesg -T", "[Thu Oct  2 06:40:11 2025] NVRM: API mismatch: the client has the version 535.183.01, but",
			view{Format: "kernel", Level: "warning", Inner: "local 2025-10-02T06:40:11 /1s", Text: "NVRM: API mismatch: the client has the version 535.183.01, but", Continues: ContinuesText}},
		{"dmesg -T in Chinese", "[二 9月  3 04:19:57 2024] Memory cgroup out of memory: Killed process 50624 (java)",
			view{Format: "kernel", Level: "warning", Inner: "local 2024-09-03T04:19:57 /1s", Text: "Memory cgroup out of memory: Killed process 50624 (java)"}},
		{"dmesg -x", "kern  :err   : [    9.424670] nvidia: probe failed",
			view{Format: "kernel", Level: "error", Inner: "boot 9.42467s /1µs", Text: "nvidia: probe failed"}},
		{"dmesg -r", "<3>[    9.424670] nvidia: probe failed",
			view{Format: "kernel", Level: "error", Inner: "boot 9.42467s /1µs", Text: "nvidia: probe failed"}},
		{"kernel without clock", "amdgpu 0000:03:00.0: [drm] *ERROR* ring gfx timeout",
			view{Format: "kernel", Level: "error", Text: "amdgpu 0000:03:00.0: [drm] *ERROR* ring gfx timeout"}},
		{"drm without clock", "[drm:nv_drm_gem_alloc_nvkms_memory_ioctl [nvidia_drm]] *ERROR* [nvidia-drm] [GPU ID 0x00000100] Failed to allocate NVKMS memory for GEM object",
			view{Format: "kernel", Level: "error", Text: "[drm:nv_drm_gem_alloc_nvkms_memory_ioctl [nvidia_drm]] *ERROR* [nvidia-drm] [GPU ID 0x00000100] Failed to allocate NVKMS memory for GEM object"}},
		{"xorg", "[    12.345] (EE) Failed to load module \"nv\"",
			view{Format: "plain", Level: "error", Inner: "boot 12.345s /1ms", Component: "Xorg", Text: "(EE) Failed to load module \"nv\""}},
		{"spdlog", "[2025-10-02 06:40:11.752] [error] msg",
			view{Format: "spdlog", Level: "error", Inner: "local 2025-10-02T06:40:11.752 /1ms", Text: "msg"}},
		{"spdlog with logger", "[2025-10-02 06:40:11.752] [net] [warning] msg",
			view{Format: "spdlog", Level: "warning", Inner: "local 2025-10-02T06:40:11.752 /1ms", Component: "net", Text: "msg"}},
		{"PostgreSQL", "2025-10-02 06:40:11.123 UTC [31] ERROR:  relation \"x\" does not exist",
			view{Format: "spdlog", Level: "error", Inner: "utc 2025-10-02T06:40:11.123 /1ms", Text: "relation \"x\" does not exist"}},
		{"PostgreSQL elsewhere", "2025-10-02 08:40:11.123 CEST [31] FATAL:  password authentication failed",
			view{Format: "spdlog", Level: "fatal", Inner: "local 2025-10-02T08:40:11.123 /1ms", Text: "password authentication failed"}},
		{"PostgreSQL's ordinary level", "2025-10-02 06:40:11.123 UTC [31] LOG:  checkpoint complete",
			view{Format: "spdlog", Level: "trace", Inner: "utc 2025-10-02T06:40:11.123 /1ms", Text: "checkpoint complete"}},
		{"Kodi", "2025-10-02 06:40:11.123 T:4711   ERROR <general>: unable to load addon",
			view{Format: "spdlog", Level: "error", Inner: "local 2025-10-02T06:40:11.123 /1ms", Text: "<general>: unable to load addon"}},
		{"one letter", "2025-10-02 06:40:11 [E] msg", view{Format: "spdlog", Level: "error", Inner: "local 2025-10-02T06:40:11 /1s", Text: "msg"}},
		{"one letter without a clock", "[W] msg", view{Format: "spdlog", Level: "warning", Text: "msg"}},
		{"thread and level", "[06:40:11] [Server thread/ERROR]: msg",
			view{Format: "spdlog", Level: "error", Inner: "local-day 6h40m11s /1s", Text: "msg"}},
		{"clock and level", "[06:40:11 ERROR]: msg", view{Format: "spdlog", Level: "error", Inner: "local-day 6h40m11s /1s", Text: "msg"}},
		{"Apache", "[Thu Oct 02 06:40:11.123456 2025] [core:error] [pid 12] AH00126: Invalid URI",
			view{Format: "plain", Level: "error", Inner: "local 2025-10-02T06:40:11.123456 /1µs", Component: "apache", Text: "AH00126: Invalid URI"}},
		{"Apache before 2.4", "[Thu Oct 02 06:40:11 2025] [notice] Digest: done",
			view{Format: "plain", Level: "info", Inner: "local 2025-10-02T06:40:11 /1s", Component: "apache", Text: "Digest: done"}},
		{"a word in capitals", "ERR cannot open", view{Format: "plain", Level: "error", Text: "ERR cannot open"}},
		{"a path and a ratio are no levels", "[lib/x] [1/5] [a:b] msg", view{Format: "plain", Level: "none", Text: "[lib/x] [1/5] [a:b] msg"}},
		{"spdlog bare", "[error] msg", view{Format: "spdlog", Level: "error", Text: "msg"}},
		{"gamescope", "[gamescope] [Error] vulkan: physical device doesn't support VK_EXT_physical_device_drm",
			view{Format: "spdlog", Level: "error", Component: "gamescope", Text: "vulkan: physical device doesn't support VK_EXT_physical_device_drm"}},
		{"moonlight-web", "[ERROR] [Stream]: failed to get app list from host:",
			view{Format: "spdlog", Level: "error", Text: "[Stream]: failed to get app list from host:", Continues: ContinuesText}},
		{"sunshine", "[2025-08-04 06:38:59.367]: Info: Sunshine version: v2025.122.141614",
			view{Format: "spdlog", Level: "info", Inner: "local 2025-08-04T06:38:59.367 /1ms", Text: "Sunshine version: v2025.122.141614"}},
		{"sunshine before 2025", "[2025:10:02:06:40:11]: Error: Could not open codec",
			view{Format: "spdlog", Level: "error", Inner: "local 2025-10-02T06:40:11 /1s", Text: "Could not open codec"}},
		{"env_logger", "[2025-10-02T06:40:11Z ERROR moonlight::net] msg",
			view{Format: "spdlog", Level: "error", Inner: "utc 2025-10-02T06:40:11 /1s", Component: "moonlight::net", Text: "msg"}},
		{"logfmt", `time="2025-10-02T06:40:11.752176123Z" level=error msg="Handler returned error: \"x\"" error="no such image"`,
			view{Format: "logfmt", Level: "error", Inner: "utc 2025-10-02T06:40:11.752176123 /1ns", Text: `Handler returned error: "x" error="no such image"`}},
		{"logfmt behind a tag", `[desktop-bridge] time=2025-09-10T04:19:03.796+01:00 level=INFO msg="using NVIDIA NVENC encoder"`,
			view{Format: "logfmt", Level: "info", Inner: "utc 2025-09-10T03:19:03.796 /1ms", Component: "desktop-bridge", Text: "using NVIDIA NVENC encoder"}},
		{"zerolog behind a tag", `[desktop-bridge] {"level":"warn","node_id":48,"time":"2025-09-10T04:19:03+01:00","message":"[SHARED_VIDEO] Evicted"}`,
			view{Format: "json", Level: "warning", Inner: "utc 2025-09-10T03:19:03 /1s", Component: "desktop-bridge", Text: "[SHARED_VIDEO] Evicted"}},
		{"zap", `{"level":"error","ts":1759387211.752176,"logger":"api","msg":"request failed","error":"timeout"}`,
			view{Format: "json", Level: "error", Inner: "utc 2025-10-02T06:40:11.752176 /1µs", Component: "api", Text: "request failed error=timeout"}},
		{"pino", `{"level":50,"time":1759387211752,"pid":7,"msg":"boom"}`,
			view{Format: "json", Level: "error", Inner: "utc 2025-10-02T06:40:11.752 /1ms", Text: "boom"}},
		{"klog", "E1002 06:40:11.752176       1 reflector.go:12] watch failed",
			view{Format: "spdlog", Level: "error", Inner: "local-noyear 10-02T06:40:11.752176 /1µs", Component: "reflector.go", Text: "watch failed"}},
		{"supervisord", "2026-06-17 18:27:03,431 INFO success: wolf entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)",
			view{Format: "supervisord", Level: "info", Inner: "local 2026-06-17T18:27:03.431 /1ms", Text: "success: wolf entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)"}},
		{"supervisord crash", "2026-06-17 18:27:03,431 WARN exited: wolf (exit status 11; not expected)",
			view{Format: "supervisord", Level: "warning", Inner: "local 2026-06-17T18:27:03.431 /1ms", Text: "exited: wolf (exit status 11; not expected)"}},
		{"log4j", "2025-10-02 06:40:11,752 ERROR [main] x.y.Z - msg",
			view{Format: "spdlog", Level: "error", Inner: "local 2025-10-02T06:40:11.752 /1ms", Component: "x.y.Z", Text: "msg"}},
		{"logback", "2025-10-02 06:40:11.752 [main] WARN  x.y.Z - msg",
			view{Format: "spdlog", Level: "warning", Inner: "local 2025-10-02T06:40:11.752 /1ms", Component: "x.y.Z", Text: "msg"}},
		{"python", "2025-10-02 06:40:11,752 - api.auth - ERROR - msg",
			view{Format: "spdlog", Level: "error", Inner: "local 2025-10-02T06:40:11.752 /1ms", Component: "api.auth", Text: "msg"}},
		{"python basic", "ERROR:root:msg", view{Format: "spdlog", Level: "error", Component: "root", Text: "msg"}},
		{"nginx", "2025/10/02 06:40:11 [error] 12#0: *1 connect() failed",
			view{Format: "spdlog", Level: "error", Inner: "local 2025-10-02T06:40:11 /1s", Text: "12#0: *1 connect() failed"}},
		{"go log", "2025/10/02 06:40:11 listening",
			view{Format: "spdlog", Level: "none", Inner: "local 2025-10-02T06:40:11 /1s", Text: "listening"}},
		{"compose exit", "wolf-1 exited with code 11", view{Format: "compose", Level: "warning", Text: "wolf-1 exited with code 11"}},
		{"compose restart", "wolf-1 exited with code 139 (restarting)", view{Format: "compose", Level: "warning", Text: "wolf-1 exited with code 139 (restarting)"}},
		{"compose state", " Container wolf-1  Started", view{Format: "compose", Level: "none", Text: "Container wolf-1  Started"}},
		{"docker cli", "docker: Error response from daemon: failed to create task for container",
			view{Format: "plain", Level: "error", Text: "docker: Error response from daemon: failed to create task for container"}},
		{"a level behind a clock", "[2026-11-29  08:30:16] INFO connection/get_ssl_certificate No SSL capability",
			view{Format: "plain", Level: "info", Text: "[2026-11-29  08:30:16] INFO connection/get_ssl_certificate No SSL capability"}},
		{"a level behind a module", "[00007fb0e8000fb0] main input source debug: attachment of directory-extractor failed",
			view{Format: "plain", Level: "debug", Text: "[00007fb0e8000fb0] main input source debug: attachment of directory-extractor failed"}},
		{"no level in the message", "(reader) 12 packets lost, see INFO above", view{Format: "plain", Level: "warning", Text: "(reader) 12 packets lost, see INFO above"}},
		{"pulseaudio", "E: [pulseaudio] module.c: Failed to load module", view{Format: "plain", Level: "error", Text: "E: [pulseaudio] module.c: Failed to load module"}},
		{"libva", "libva error: /usr/lib/dri/iHD_drv_video.so init failed", view{Format: "plain", Level: "error", Text: "libva error: /usr/lib/dri/iHD_drv_video.so init failed"}},
		{"libva info", "libva info: VA-API version 1.20.0", view{Format: "plain", Level: "info", Text: "libva info: VA-API version 1.20.0"}},
		{"mesa", "MESA: error: ZINK: failed to choose pdev", view{Format: "plain", Level: "error", Text: "MESA: error: ZINK: failed to choose pdev"}},
		{"libEGL", "libEGL warning: egl: failed to create dri2 screen", view{Format: "plain", Level: "warning", Text: "libEGL warning: egl: failed to create dri2 screen"}},
		{"fatal", "fatal: not a git repository", view{Format: "plain", Level: "fatal", Text: "fatal: not a git repository"}},
		{"program with pid", "gnome-session-binary[1]: WARNING: Application killed by signal 5",
			view{Format: "plain", Level: "warning", Text: "gnome-session-binary[1]: WARNING: Application killed by signal 5"}},
		{"no level in the middle", "the last error: none of it", view{Format: "plain", Level: "none", Text: "the last error: none of it"}},
		{"shell", "cp: cannot create regular file '/usr/x': Read-only file system",
			view{Format: "plain", Level: "warning", Text: "cp: cannot create regular file '/usr/x': Read-only file system"}},
		{"indented text", "  kind: Request,", view{Format: "plain", Level: "none", Text: "  kind: Request,"}},
		{"pipe in a shell", "cat | grep foo", view{Format: "plain", Level: "none", Text: "cat | grep foo"}},
		{"carriage return progress", "Downloading 10%\rDownloading 20%\r", view{Format: "plain", Level: "none", Text: "Downloading 10% Downloading 20%"}},
		{"trailing backslash of a paste", "INFO  | Starting\\", view{Format: "wolf", Level: "info", Text: "Starting"}},
		{"promql is no colour", "rate(x[5m]) failed", view{Format: "plain", Level: "warning", Text: "rate(x[5m]) failed"}},
		{"empty", "", view{Format: "plain", Level: "none"}},
	}
}

// TestEveryFormat: a format that is declared has a name and a line that is read
// as such.
func TestEveryFormat(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "../../patterns/lineformat/lineformat.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, c := range formatCases() {
		shown[c.want.Format] = true
	}
	declared := 0
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || v.Names[0].Name == "names" {
			return true
		}
		if name := Format(declared).String(); name == "" || name == "unknown" {
			t.Errorf("%s has no name", v.Names[0].Name)
		} else if !shown[name] {
			t.Errorf("%s: no case of TestParseFormats is read as %q", v.Names[0].Name, name)
		}
		declared++
		return false
	})
	if declared != len(lineformat.Names()) {
		t.Errorf("%d formats are declared, %d have names", declared, len(lineformat.Names()))
	}
}

func TestParseFormats(t *testing.T) {
	t.Parallel()
	p := NewParser()
	for _, tc := range formatCases() {
		t.Run(tc.name, func(t *testing.T) {
			var r Record
			p.Parse([]byte(tc.line), &r)
			if d := cmp.Diff(tc.want, viewOf(&r)); d != "" {
				t.Errorf("%s\n(-want +got):\n%s", tc.line, d)
			}
		})
	}
}
