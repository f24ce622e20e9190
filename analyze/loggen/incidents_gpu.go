package loggen

import "time"

// gpuFailures are those of the GPU, its driver and what encodes on it.
var gpuFailures = []failure{
	{cause: "gpu-memory-exhaustion", leaks: true, write: func(w *world, c client) {
		glOOM(w)
		swayDies(w)
		cudaFails(w, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory")
	}},
	{cause: "gpu-device-access-lost", write: func(w *world, c client) {
		if w.rng.IntN(2) == 0 && !w.vague {
			w.raw("Failed to initialize NVML: Unknown Error")
		}
		glOOM(w)
		swayDies(w)
		cudaFails(w, "CUDA_ERROR_NOT_PERMITTED", "operation not permitted")
	}},
	{cause: "fd-exhaustion", leaks: true, write: func(w *world, c client) {
		if !w.vague {
			w.wolf("WARN", "[API] Error accepting connection: Too many open files")
		}
		glOOM(w)
		cudaFails(w, "CUDA_ERROR_OPERATING_SYSTEM", "OS call failed or operation not supported on this OS")
	}},
	{cause: "gpu-xid", write: func(w *world, c client) {
		switch w.rng.IntN(3) {
		case 0:
			w.kernel("NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.")
		case 1:
			w.kernel("NVRM: Xid (PCI:0000:01:00): 31, pid=%d, name=wolf, Ch 0000002%d, intr 00000000. MMU Fault: ENGINE GRAPHICS GPCCLIENT_T1_0 faulted @ 0x7f%02x_%08x. Fault is of type FAULT_PDE ACCESS_TYPE_VIRT_READ",
				1000+w.rng.IntN(9000), w.rng.IntN(10), w.rng.IntN(256), w.rng.Uint32())
		case 2:
			w.kernel("NVRM: Xid (PCI:0000:01:00): 119, pid=%d, name=wolf, Timeout after 6s of waiting for RPC response from GPU0 GSP! Expected function 76 (GSP_RM_CONTROL).", 1000+w.rng.IntN(9000))
		}
		cudaFails(w, "CUDA_ERROR_UNKNOWN", "unknown error")
	}},
	{cause: "gpu-hang-reset", write: func(w *world, c client) {
		if w.rng.IntN(2) == 0 {
			w.kernel("[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx_0.0.0 timeout, signaled seq=%d, emitted seq=%d", w.rng.IntN(1e6), w.rng.IntN(1e6))
			w.kernel("amdgpu 0000:03:00.0: amdgpu: GPU reset begin!")
		} else {
			w.kernel("i915 0000:00:02.0: [drm] GPU HANG: ecode 12:1:85dffffb, in gamescope [%d]", w.rng.IntN(1e5))
			w.kernel("i915 0000:00:02.0: [drm] Resetting chip for stopped heartbeat on rcs0")
		}
		w.tracing("ERROR", "smithay::backend::renderer::gles", "[GL] A graphics reset attributable to the current GL context occurred.")
		w.pipelineError("Could not encode stream.")
	}},
	{cause: "gpu-driver-mismatch", start: true, write: func(w *world, c client) {
		if c.id == "" {
			w.raw("Failed to initialize NVML: Driver/library version mismatch")
			w.gst("ERROR", "nvcodec", "plugin.c", "plugin_init", "", "Failed to init cuda, cuInit ret: 0x323: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: system has unsupported display driver / cuda driver combination")
			return
		}
		w.tracing("ERROR", "smithay::backend::egl::ffi", "[EGL] 0x3001 (NOT_INITIALIZED) eglInitialize: EGL_NOT_INITIALIZED error: In eglInitialize: failed to load the driver")
		w.pipelineError("Could not initialize supporting library.")
	}},
	{cause: "gpu-missing", start: true, write: func(w *world, c client) {
		if c.id == "" {
			w.raw("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.")
			w.gst("ERROR", "nvcodec", "plugin.c", "plugin_init", "", "No available device, cuDeviceGetCount ret: 0x0: CUDA_SUCCESS no error")
			return
		}
		w.gst("WARN", "cudacontext", "gstcudacontext.cpp", "gst_create_cucontext", "", "CUDA call failed: CUDA_ERROR_NO_DEVICE, no CUDA-capable device is detected")
		w.pipelineError("Could not initialize supporting library.")
	}},
	{cause: "nvenc-session-limit", write: func(w *world, c client) {
		w.gst("ERROR", "nvenc", "gstnvencobject.cpp", "CreateInstance", "", "NvEnc API call failed: 0x15, NV_ENC_ERR_INCOMPATIBLE_CLIENT_KEY")
		w.gst("ERROR", "nvenc", "gstnvencobject.cpp", "CreateInstance", "", "NvEncOpenEncodeSessionEx failed")
		w.pipelineError("Could not encode stream.")
	}},
	{cause: "nvenc-resource-register", write: func(w *world, c client) {
		e := w.element("nvh265enc")
		w.gst("ERROR", "nvencoder", "gstnvencobject.cpp", "RegisterResource", "", "NvEnc API call failed: 0x17, NV_ENC_ERR_RESOURCE_REGISTER_FAILED")
		w.gst("ERROR", "nvencoder", "gstnvencoder.cpp", "gst_nv_encoder_prepare_task_input_cuda", e, "Failed to get resource, status NV_ENC_ERR_RESOURCE_REGISTER_FAILED (23)")
		w.pipelineError("Could not encode stream.")
	}},
	{cause: "encoder-unsupported", always: true, write: func(w *world, c client) {
		if w.rng.IntN(2) == 0 {
			w.gst("ERROR", "nvencoder", "gstnvencobject.cpp", "InitSession", "", "NvEnc API call failed: 0xc, NV_ENC_ERR_UNSUPPORTED_PARAM")
		} else {
			w.gst("ERROR", "nvencoder", "gstnvencobject.cpp", "CreateInstance", "", "NvEnc API call failed: 0x1, NV_ENC_ERR_NO_ENCODE_DEVICE")
		}
		w.pipelineError("Could not configure supporting library.")
	}},
	{cause: "nvidia-driver-volume", always: true, write: func(w *world, c client) {
		w.dockerError(404, "get nvidia-driver-vol: no such volume")
	}},
	{cause: "nvidia-drm-modeset", start: true, write: func(w *world, c client) {
		if c.id == "" {
			w.wolf("WARN", "Nvidia DRM is not loaded with the flag modeset=1 ")
			return
		}
		w.tracing("WARN", "waylanddisplaycore::utils::allocator", "Failed to create DMA buffer: No such file or directory (os error 2)")
		w.pipelineError("Internal data stream error.")
	}},
	{cause: "render-node-permission", always: true, write: func(w *world, c client) {
		w.gst("WARN", "va", "gstvadisplay_drm.c", "gst_va_display_drm_create_va_display", "", "Failed to open /dev/dri/renderD128: Permission denied")
		w.raw("libEGL warning: failed to open /dev/dri/renderD128: Permission denied")
		w.pipelineError("Could not initialize supporting library.")
	}},
	{cause: "vaapi-init-failure", always: true, write: func(w *world, c client) {
		w.raw("libva error: /usr/lib/x86_64-linux-gnu/dri/iHD_drv_video.so init failed")
		w.gst("WARN", "va", "gstvadisplay.c", "gst_va_display_initialize", "", "vaInitialize: operation failed")
		w.pipelineError("Could not initialize supporting library.")
	}},
	{cause: "vulkan-init-failure", always: true, write: func(w *world, c client) {
		w.raw("[gamescope] [Error] vulkan: vkCreateDevice failed (VkResult: -3)")
	}},
	{cause: "gst-caps-negotiation", always: true, write: func(w *world, c client) {
		e := w.element("interpipesrc")
		if w.rng.IntN(2) == 0 {
			w.gst("ERROR", "interpipesrc", "gstinterpipesrc.c", "gst_inter_pipe_src_node_added", e, "Can not connect listener, caps do not intersect")
		}
		w.gst("WARN", "basesrc", "gstbasesrc.c", "gst_base_src_loop", e, "error: Internal data stream error.")
		w.gst("WARN", "basesrc", "gstbasesrc.c", "gst_base_src_loop", e, "error: streaming stopped, reason not-negotiated (-4)")
		w.pipelineError("Internal data stream error.")
	}},
	{cause: "gst-pipeline-config", always: true, write: func(w *world, c client) {
		w.wolf("ERROR", "[GSTREAMER] Pipeline parse error: no property \"scale-method\" in element \"vapostproc0\"")
	}},
	{cause: "gst-plugin-missing", always: true, write: func(w *world, c client) {
		w.gst("WARN", "GST_PLUGIN_LOADING", "gstplugin.c", "_priv_gst_plugin_load_file_for_registry", "", "Failed to load plugin '/usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstnvcodec.so': /usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstnvcodec.so: undefined symbol: gst_cuda_memory_init_once")
		w.wolf("ERROR", "[GSTREAMER] Pipeline parse error: no element \"nvh265enc\"")
		w.pipelineError("Your GStreamer installation is missing a plug-in.")
	}},
	{cause: "wayland-socket-leak", leaks: true, write: func(w *world, c client) {
		w.raw("thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:507:55:\ncalled `Result::unwrap()` on an `Err` value: AlreadyInUse\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace")
		w.raw("thread '<unnamed>' panicked at wayland-display-core/src/lib.rs:115:40:\ncalled `Result::unwrap()` on an `Err` value: RecvError")
	}},
	{cause: "compositor-panic", write: func(w *world, c client) {
		w.raw("thread '<unnamed>' panicked at wayland-display-core/src/comp/mod.rs:683:52:\ncalled `Option::unwrap()` on a `None` value")
		w.tick(10*time.Millisecond, 40*time.Millisecond)
		w.tracing("WARN", "waylanddisplaycore", "Failed to recv buffer ack. err=RecvError")
		swayDies(w)
	}},
}
