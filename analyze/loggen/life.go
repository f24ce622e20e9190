package loggen

import (
	"fmt"
	"time"
)

// start writes the banner of a Wolf process.
func (w *world) start() {
	w.gow("Container running as root. Nothing to do.")
	w.born = w.now
	w.numbers = map[string]int{}
	w.wayland = 0
	w.gst("WARN", "GST_PLUGIN_LOADING", "gstplugin.c", "gst_plugin_register_func", "", "plugin \"/usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstvalidatessim.so\" failed to initialise")
	w.wolf("INFO", "Gstreamer version: 1.26.2-0")
	w.wolf("INFO", "Reading config file from: /etc/wolf/cfg/config.toml")
	if w.noisy {
		w.ordinaryProbing()
	}
	for _, c := range []struct{ codec, element string }{{"H264", "nvh264enc"}, {"HEVC", "nvh265enc"}} {
		w.element(c.element)
		w.wolf("INFO", "Using %s encoder: nvcodec", c.codec)
	}
	w.wolf("INFO", "Using AV1 encoder: aom")
	w.wolf("WARN", "Software AV1 encoder detected")
	w.wolf("INFO", "HTTP server listening on port: 47989 ")
	w.wolf("INFO", "HTTPS server listening on port: 47984 ")
	w.wolf("INFO", "Control server started on port: 47999")
	w.wolf("INFO", "RTSP server started on port: 48010")
	w.wolf("INFO", "Starting API server on /var/run/wolf/wolf.sock")
	if w.sound {
		w.ordinarySound()
	}
}

// stop writes what compose says at the end, a line of its own without a
// prefix; code < 0 says nothing.
func (w *world) stop(code int) {
	if code >= 0 {
		w.raw("wolf-1 exited with code %d", code)
		w.lines[len(w.lines)-1].Service = ""
	}
	w.tick(time.Second, 3*time.Second)
}

var apps = []string{"XFCE", "Sway", "Steam", "Firefox"}

// client is one session on its way.
type client struct {
	id, app, container, ip string
}

// open writes the start of a session up to its producers.
func (w *world) open() client {
	c := client{id: w.session(), app: pick(w, apps), ip: w.ip()}
	c.container = fmt.Sprintf("Wolf%s_%s", c.app, c.id)
	w.wolf("DEBUG", "[HTTPS] GET request from %s:%d /launch", c.ip, 40000+w.rng.IntN(20000))
	w.wolf("DEBUG", "[STREAM_SESSION] Create wayland compositor")
	w.wayland++
	w.tracing("INFO", "waylanddisplaycore::comp", "Listening on wayland socket. socket_name=\"wayland-%d\"", w.wayland)
	w.wolf("DEBUG", "[STREAM_SESSION] Create virtual audio sink")
	w.wolf("INFO", "[DOCKER] Starting container: /%s", c.container)
	if w.noisy {
		w.ordinarySession()
	}
	return c
}

// stream writes a session that works, for about d, and its end.
func (w *world) stream(c client, d time.Duration) {
	w.connect(c)
	w.chatter(d)
	w.leave(c)
}

// connect is a client whose stream runs from now on.
func (w *world) connect(c client) {
	w.wolf("DEBUG", "[ENET] connected client: %s:%d", c.ip, 40000+w.rng.IntN(20000))
	w.element("nvh265enc")
	w.gst("WARN", "basesrc", "gstbasesrc.c", "gst_base_src_push_segment", w.element("interpipesrc"), "segment format mismatched, ignore")
}

// leave ends a stream the ordinary way.
func (w *world) leave(c client) {
	w.wolf("DEBUG", "[ENET] disconnected client: %s:%d", c.ip, 40000+w.rng.IntN(20000))
	w.wolf("DEBUG", "[GSTREAMER] Stopping pipeline: %s", c.id)
	w.wolf("INFO", "[GSTREAMER] Pipeline reached End Of Stream")
	w.close(c)
}

func (w *world) close(c client) {
	w.tick(100*time.Millisecond, 600*time.Millisecond)
	w.wayland = max(w.wayland-1, 0)
	w.wolf("INFO", "Stopped container: /%s", c.container)
}

// chatter writes harmless lines over a stretch of time.
func (w *world) chatter(d time.Duration) {
	n := 3 + w.rng.IntN(6)
	for range n {
		w.tick(d/time.Duration(n)/2, d/time.Duration(n))
		if w.noisy {
			w.noise()
		}
		switch w.rng.IntN(6) {
		case 0:
			w.wolf("TRACE", "[ENET] Received %d bytes", 8+w.rng.IntN(300))
		case 1:
			w.wolf("DEBUG", "[GSTREAMER] Forcing IDR")
		case 2:
			w.wolf("DEBUG", "[API] Received request: GET /api/v1/sessions - ")
		case 3:
			w.wolf("DEBUG", "[HTTPS] GET request from %s:%d /serverinfo", w.ip(), 40000+w.rng.IntN(20000))
		case 4:
			w.wolf("WARN", "Received MOUSE_MOVE_REL_PACKET but no mouse device is present")
		case 5:
			w.wolf("DEBUG", "[RTSP] received command OPTIONS")
		}
	}
}

// harmless is what programs inside the containers say all day.
var harmless = []func(w *world){
	func(w *world) { w.raw("glamor: 'wl_drm' not supported") },
	func(w *world) { w.raw("Missing Wayland requirements for glamor EGLStream backend") },
	func(w *world) { w.raw("libva info: va_openDriver() returns 0") },
	func(w *world) { w.raw("bash: cannot set terminal process group (1): Inappropriate ioctl for device") },
	func(w *world) { w.wolf("WARN", "[ENET] Received unencrypted message: PERIODIC_PING - 0400") },
	func(w *world) { w.wolf("WARN", "Received UTF8_TEXT_PACKET but no keyboard device is present") },
	func(w *world) {
		w.gst("WARN", "GST_REGISTRY", "gstregistry.c", "gst_registry_add_plugin", "", "Not replacing plugin because new one (/usr/lib/gstreamer-1.0/libgstx.so) is blacklisted but for a different location than existing one (/usr/local/lib/gstreamer-1.0/libgstx.so)")
	},
	func(w *world) {
		w.wolf("ERROR", "HTTPS error during request at  error code: 167772316 - http request (SSL routines)")
	},
	func(w *world) {
		w.kernel("amdgpu 0000:03:00.0: amdgpu: SMU is initialized successfully!")
	},
}

func (w *world) noise() { pick(w, harmless)(w) }
