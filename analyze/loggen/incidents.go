package loggen

import (
	"slices"
	"time"
)

// failure writes how one session fails for a cause.
type failure struct {
	cause string
	leaks bool // it needs accumulation: the first sessions of a life work
	start bool // it shows when Wolf starts, before any session
	write func(w *world, c client)
}

// glOOM is the beginning that three causes share: a new compositor cannot
// allocate its first buffers.
func glOOM(w *world) {
	for range 2 {
		w.tracing("ERROR", "smithay::backend::renderer::gles", "[GL] GL_OUT_OF_MEMORY error generated. Failed to allocate memory for buffer object.")
	}
	w.tracing("ERROR", "smithay::backend::egl::ffi", "[EGL] 0x300c (BAD_PARAMETER) eglCreateImageKHR: EGL_BAD_PARAMETER error: In eglCreateImageKHR: could not bind to DMA buffer")
	w.tracing("ERROR", "smithay::backend::egl::display", "error=Failed to create `EGLImage` from the buffer")
	w.tracing("ERROR", "waylanddisplaycore::comp", "Rendering failed. err=BindBufferEGLError(EGLImageCreationFailed)")
}

// swayDies is what the app container says when its display goes away.
func swayDies(w *world) {
	w.sway(2*time.Millisecond, "[sway/server.c:168]", "!!! Proprietary Nvidia drivers are in use !!!")
	w.sway(200*time.Millisecond, "[wlr] [backend/wayland/backend.c:60]", "Failed to read from remote Wayland display")
	w.glib("waybar", "Gtk", "WARNING", "cannot open display: :0")
}

// cudaFails is an encoder that gets no context, for the reason name says.
func cudaFails(w *world, name, text string) {
	w.tick(time.Second, 2*time.Second)
	w.gst("WARN", "cudacontext", "gstcudacontext.cpp", "gst_create_cucontext", "", "CUDA call failed: %s, %s", name, text)
	w.gst("WARN", "cudacontext", "gstcudacontext.cpp", "gst_create_cucontext", "", "Failed to create CUDA context for cuda device 0")
	w.gst("ERROR", "GST_CONTEXT", "gstcudautils.cpp", "gst_cuda_ensure_element_context", w.element("nvh265enc"), "Failed to create CUDA context with device-id 0")
	w.wolf("ERROR", "[GSTREAMER] Pipeline error: Could not initialize supporting library.")
}

var failures = []failure{
	{cause: "gpu-memory-exhaustion", leaks: true, write: func(w *world, c client) {
		glOOM(w)
		swayDies(w)
		cudaFails(w, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory")
	}},
	{cause: "gpu-device-access-lost", write: func(w *world, c client) {
		w.raw("Failed to initialize NVML: Unknown Error")
		glOOM(w)
		swayDies(w)
		cudaFails(w, "CUDA_ERROR_NOT_PERMITTED", "operation not permitted")
	}},
	{cause: "fd-exhaustion", leaks: true, write: func(w *world, c client) {
		w.wolf("WARN", "[API] Error accepting connection: Too many open files")
		glOOM(w)
		cudaFails(w, "CUDA_ERROR_OPERATING_SYSTEM", "OS call failed or operation not supported on this OS")
	}},
	{cause: "wayland-socket-leak", leaks: true, write: func(w *world, c client) {
		w.raw("thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:507:55:\ncalled `Result::unwrap()` on an `Err` value: AlreadyInUse\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace")
		w.raw("thread '<unnamed>' panicked at wayland-display-core/src/lib.rs:115:40:\ncalled `Result::unwrap()` on an `Err` value: RecvError")
	}},
	{cause: "gpu-xid", write: func(w *world, c client) {
		w.raw("[%d.%06d] NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.", 10000+w.rng.IntN(90000), w.rng.IntN(1e6))
		cudaFails(w, "CUDA_ERROR_UNKNOWN", "unknown error")
	}},
	{cause: "gpu-driver-mismatch", start: true, write: func(w *world, c client) {
		w.raw("Failed to initialize NVML: Driver/library version mismatch")
		w.gst("ERROR", "nvcodec", "plugin.c", "plugin_init", "", "Failed to init cuda, cuInit ret: 0x323: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: system has unsupported display driver / cuda driver combination")
	}},
	{cause: "nvenc-session-limit", write: func(w *world, c client) {
		e := w.element("nvh264enc")
		w.gst("ERROR", "nvenc", "gstnvencobject.cpp", "gst_nv_enc_object_create", e, "NvEnc API call failed: 0x15, NV_ENC_ERR_INCOMPATIBLE_CLIENT_KEY")
		w.gst("ERROR", "nvenc", "gstnvencobject.cpp", "gst_nv_enc_object_create", e, "NvEncOpenEncodeSessionEx failed")
		w.wolf("ERROR", "[GSTREAMER] Pipeline error: Could not encode stream.")
	}},
	{cause: "uinput-permission", write: func(w *world, c client) {
		w.wolf("ERROR", "Failed to create mouse: Permission denied")
		w.wolf("ERROR", "Failed to create keyboard: Permission denied")
	}},
	{cause: "network-ping-timeout", write: func(w *world, c client) {
		w.tick(4*time.Second, 4*time.Second)
		w.wolf("WARN", "Video session %s timed out waiting for PING", c.id)
		w.wolf("WARN", "Audio session %s timed out waiting for PING", c.id)
	}},
	{cause: "docker-name-conflict", write: func(w *world, c client) {
		w.wolf("WARN", "[DOCKER] error 409 - {\"message\":\"Conflict. The container name \\\"/%s\\\" is already in use by container \\\"%064x\\\". You have to remove (or rename) that container to be able to reuse that name.\"}", c.container, w.rng.Uint64())
	}},
	{cause: "nvidia-container-runtime", write: func(w *world, c client) {
		w.wolf("WARN", "[DOCKER] error 500 - {\"message\":\"could not select device driver \\\"\\\" with capabilities: [[gpu]]\"}")
	}},
	{cause: "audio-pulse", write: func(w *world, c client) {
		w.wolf("WARN", "[PULSE] Unable to connect, Connection refused")
		w.wolf("WARN", "Failed to connect to any PulseAudio server, audio will not be available!")
	}},
	{cause: "gst-caps-negotiation", write: func(w *world, c client) {
		w.gst("WARN", "basesrc", "gstbasesrc.c", "gst_base_src_loop", w.element("interpipesrc"), "error: Internal data stream error.")
		w.gst("WARN", "basesrc", "gstbasesrc.c", "gst_base_src_loop", "interpipesrc0", "error: streaming stopped, reason not-negotiated (-4)")
		w.wolf("ERROR", "[GSTREAMER] Pipeline error: Internal data stream error.")
	}},
	{cause: "vulkan-init-failure", write: func(w *world, c client) {
		w.raw("[gamescope] [Error] vulkan: vkCreateDevice failed (VkResult: -7)")
	}},
	{cause: "port-in-use", start: true, write: func(w *world, c client) {
		w.raw("terminate called after throwing an instance of 'boost::wrapexcept<boost::system::system_error>'\n  what():  bind: Address already in use [system:98]")
	}},
	{cause: "config-invalid", start: true, write: func(w *world, c client) {
		w.wolf("ERROR", "Unhandled exception: [error] toml::parse_file: invalid value at line 42 of /etc/wolf/cfg/config.toml")
	}},
	{cause: "image-missing", write: func(w *world, c client) {
		w.wolf("WARN", "[DOCKER] Image ghcr.io/games-on-whales/retroarch:edge not present, downloading...")
		w.wolf("WARN", "[DOCKER] error 404 - {\"message\":\"No such image: ghcr.io/games-on-whales/retroarch:edge\"}")
	}},
	{cause: "disk-full", write: func(w *world, c client) {
		w.wolf("WARN", "[DOCKER] error 500 - {\"message\":\"mkdir /var/lib/docker/overlay2/%x: no space left on device\"}", w.rng.Uint64())
	}},
}

// Causes lists the causes the simulator can play, sorted.
func Causes() []string {
	var out []string
	for _, f := range failures {
		out = append(out, f.cause)
	}
	slices.Sort(out)
	return out
}

func failureOf(cause string) *failure {
	for i := range failures {
		if failures[i].cause == cause {
			return &failures[i]
		}
	}
	return nil
}
