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
}

// stop writes what a process manager says at the end; code < 0 says nothing.
func (w *world) stop(code int) {
	if code >= 0 {
		w.raw("wolf exited with code %d", code)
		w.lines[len(w.lines)-1].Service = "" // compose says this itself, without a prefix
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
	return c
}

// stream writes a session that works, for about d, and its end.
func (w *world) stream(c client, d time.Duration) {
	w.wolf("DEBUG", "[ENET] connected client: %s:%d", c.ip, 40000+w.rng.IntN(20000))
	w.element("nvh265enc")
	w.gst("WARN", "basesrc", "gstbasesrc.c", "gst_base_src_push_segment", w.element("interpipesrc"), "segment format mismatched, ignore")
	w.chatter(d)
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
