package loggen

import (
	"slices"
	"time"
)

// failure writes how one session fails for a cause.
type failure struct {
	cause  string
	leaks  bool // it needs accumulation: the first sessions of a life work
	always bool // it is there from the first session on
	start  bool // it shows when Wolf starts; every session of the life fails too
	ends   bool // it ends the life: Wolf crashes, is killed or gives up
	code   int  // the exit code when it ends the life
	write  func(w *world, c client)
}

var failures = slices.Concat(gpuFailures, hostFailures, appFailures)

// glOOM is the beginning that three causes share: a new compositor cannot
// allocate its first buffers.
func glOOM(w *world) {
	for range 1 + w.rng.IntN(3) {
		w.tracing("ERROR", "smithay::backend::renderer::gles", "[GL] GL_OUT_OF_MEMORY error generated. Failed to allocate memory for buffer object.")
	}
	if w.rng.IntN(4) == 0 {
		return // the log is not always this talkative
	}
	w.tracing("ERROR", "smithay::backend::egl::ffi", "[EGL] 0x300c (BAD_PARAMETER) eglCreateImageKHR: EGL_BAD_PARAMETER error: In eglCreateImageKHR: could not bind to DMA buffer")
	w.tracing("ERROR", "smithay::backend::egl::display", "error=Failed to create `EGLImage` from the buffer")
	w.tracing("ERROR", "waylanddisplaycore::comp", "Rendering failed. err=BindBufferEGLError(EGLImageCreationFailed)")
}

// swayDies is what the app container says when its display goes away.
func swayDies(w *world) {
	w.sway(2*time.Millisecond, "[sway/server.c:168]", "!!! Proprietary Nvidia drivers are in use !!!")
	w.sway(200*time.Millisecond, "[wlr] [backend/wayland/backend.c:60]", "Failed to read from remote Wayland display")
	if w.rng.IntN(2) == 0 {
		w.glib("waybar", "Gtk", "WARNING", "cannot open display: :0")
	}
}

// cudaFails is an encoder that gets no context, for the reason name says. In a
// vague log the line with the reason is missing.
func cudaFails(w *world, name, text string) {
	w.tick(time.Second, 2*time.Second)
	if !w.vague {
		w.gst("WARN", "cudacontext", "gstcudacontext.cpp", "gst_create_cucontext", "", "CUDA call failed: %s, %s", name, text)
	}
	w.gst("WARN", "cudacontext", "gstcudacontext.cpp", "gst_create_cucontext", "", "Failed to create CUDA context for cuda device 0")
	w.gst("ERROR", "GST_CONTEXT", "gstcudautils.cpp", "gst_cuda_ensure_element_context", w.element("nvh265enc"), "Failed to create CUDA context with device-id 0")
	w.pipelineError("Could not initialize supporting library.")
}

func (w *world) pipelineError(text string) { w.wolf("ERROR", "[GSTREAMER] Pipeline error: %s", text) }

// dockerError is Docker's refusal as Wolf logs it.
func (w *world) dockerError(code int, message string, args ...any) {
	w.wolf("WARN", "[DOCKER] error %d - {\"message\":\""+message+"\"}", append([]any{code}, args...)...)
}

// runcError is what runc says when a container cannot be made.
const runcError = "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "

// kernel is a line of the kernel's log, which a journal or a paste mixes in.
// The host had been up for a while when the story begins.
func (w *world) kernel(format string, args ...any) {
	up := w.now.Sub(w.booted)
	w.raw("[%5d.%06d] "+format, append([]any{int(up.Seconds()), up.Microseconds() % 1e6}, args...)...)
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

// Accumulates reports whether a cause needs sessions to pile up before it
// shows; AtStart whether it shows before any session; Ends whether it takes
// the Wolf process with it.
func Accumulates(cause string) bool { f := failureOf(cause); return f != nil && f.leaks }

// AtStart reports whether a cause shows when Wolf starts.
func AtStart(cause string) bool { f := failureOf(cause); return f != nil && f.start }

// Ends reports whether a cause takes the Wolf process with it.
func Ends(cause string) bool { f := failureOf(cause); return f != nil && f.ends }

func failureOf(cause string) *failure {
	for i := range failures {
		if failures[i].cause == cause {
			return &failures[i]
		}
	}
	return nil
}
