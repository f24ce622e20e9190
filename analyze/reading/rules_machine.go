package reading

import (
	"slices"
	"sync"

	"wolfdiag/analyze/speaker"
)

// Who may say what.
var (
	wolfSays    = speakers(speaker.Unknown, speaker.Wolf, speaker.Compositor)
	appSays     = speakers(speaker.Unknown, speaker.App, speaker.AppCompositor, speaker.Pulse, speaker.Init)
	runtimeSays = speakers(speaker.Unknown, speaker.Runtime, speaker.Wolf)
	hostSays    = speakers(speaker.Unknown, speaker.Kernel, speaker.Host, speaker.Runtime)
	clientSays  = speakers(speaker.Unknown, speaker.Wolf, speaker.Client)
	notForeign  = ^speakers(speaker.Foreign)
)

// The strengths of links follow from the priors of the catalogue and from Leak:
// of a rule with one cause, a reading alone gives it about 0.45; of one with
// two, 0.4 and 0.3; so that it lists them and asserts none. Further links are
// hints of 0.1 and less. A test holds them against the catalogue.

// failing is any reason a complaint can have.
const failing = anyReason &^ (1 << NoReason)

// rules are tried in order, the more specific ones first: the first that fits is
// the reading.
var rules = sync.OnceValue(func() []Rule {
	return slices.Concat(placeRules(), limitRules(), hardwareRules(), containerRules(), nodeRules(), displayRules(), driverRules(), pipelineRules(), clientRules(), fileRules(), selfRules())
})

// placeRules are about a place in a configuration: whatever it configures.
func placeRules() []Rule {
	return []Rule{
		{ID: "read-config-place", Title: "a line of a configuration is invalid", Severity: Breaks,
			Reasons: reasons(Invalid), Objects: objects(ConfigFile), With: objects(Place), Not: objects(Library, DriverFile), Speakers: notForeign,
			Causes: []Link{{"config-invalid", 0.42, "the content of a file"}, {"container-init-failure", 0.15, "a script that needs it"}}},
	}
}

// limitRules are about what is used up: the reason says enough.
func limitRules() []Rule {
	return []Rule{
		{ID: "read-inotify", Title: "inotify has nothing left", Severity: Degrades,
			Reasons: reasons(Exhausted), Objects: objects(Watches), Speakers: notForeign,
			Causes: []Link{{"inotify-limit", 0.52, "watches or instances are used up"}}},
		{ID: "read-descriptors", Title: "no file descriptors are left", Severity: Breaks,
			Reasons: reasons(Exhausted), Objects: objects(Descriptors), Speakers: notForeign,
			Causes: []Link{{"fd-exhaustion", 0.36, "the limit of open files"}, {"inotify-limit", 0.51, "the same error number"}}},
		{ID: "read-encoder-sessions", Title: "no more encoder sessions", Severity: Breaks,
			Reasons: failing, Objects: objects(EncoderSessions),
			Causes: []Link{{"nvenc-session-limit", 0.45, "the limit of concurrent sessions"}, {"gpu-memory-exhaustion", 0.07, "memory runs out with the sessions"}}},
		{ID: "read-host-memory", Title: "a graphics interface gets no main memory", Severity: Breaks,
			Reasons: reasons(Exhausted), Objects: objects(HostMemory), Speakers: notForeign,
			Causes: []Link{{"host-oom", 0.45, "main memory"}, {"gpu-memory-exhaustion", 0.07, "or the GPU's"}}},
		{ID: "read-gpu-leak", Title: "something of the GPU is not given back", Severity: Degrades,
			Reasons: reasons(Leaked), Objects: objects(Surface, EGL, GL, CUDA, Vulkan, Buffer, BufferPool, GPUMemory),
			Causes: []Link{{"gpu-memory-exhaustion", 0.10, "what is leaked fills the GPU"}, {"session-leak", 0.27, "sessions that are never ended"}}},
		{ID: "read-gpu-memory", Title: "GPU memory is short", Severity: Breaks,
			Reasons: reasons(Exhausted), Objects: objects(GPUMemory, GPUSubmit),
			Causes: []Link{{"gpu-memory-exhaustion", 0.10, "an allocation on the GPU failed"}, {"host-oom", 0.33, "main memory may be meant"}}},
		{ID: "read-disk", Title: "a disk is full", Severity: Breaks,
			Reasons: reasons(Exhausted), Objects: objects(Disk), Not: objects(GPU, EGL, CUDA, Buffer), Speakers: notForeign,
			Causes: []Link{{"disk-full", 0.42, "no space"}}},
		{ID: "read-disk-read-only", Title: "the kernel lets nobody write to a file system", Severity: Breaks,
			Reasons: reasons(ReadOnly), Objects: objects(Disk), Speakers: speakers(speaker.Kernel),
			Causes: []Link{{"disk-full", 0.40, "or its disk fails"}, {"app-state-permission", 0.27, "programs only see that they may not write"}}},
		{ID: "read-gpu-submit", Title: "a GPU does not take work", Severity: Breaks,
			Reasons: reasons(Failed, Missing, Lost, Crashed, Hung, TimedOut, Invalid), Objects: objects(GPUSubmit), Not: objects(Disk, Memory, GPUMemory),
			Causes: []Link{{"gpu-hang-reset", 0.45, "work is refused after a reset"}, {"gpu-xid", 0.27, "NVIDIA's faults look the same from outside"}}},
		{ID: "read-gpu-allocation", Title: "an allocation for the GPU failed", Severity: Breaks,
			Reasons: reasons(Exhausted), Objects: objects(EGL, GL, CUDA, Vulkan, VA, MFX, NVENC, Buffer, GPU, NVRM), With: objects(Memory, Disk, Buffer),
			Not:    objects(Heap),
			Causes: []Link{{"gpu-memory-exhaustion", 0.10, "out of memory in the words of a graphics API"}, {"host-oom", 0.33, "main memory may be meant"}}},
		{ID: "read-app-heap", Title: "an app's own heap is full", Severity: Breaks,
			Reasons: failing, Objects: objects(Heap), Speakers: appSays,
			Causes: []Link{{"app-crash", 0.36, "the limit that the program has set itself"}, {"host-oom", 0.33, "the machine's memory"}}},
		{ID: "read-processes", Title: "no more threads or processes can be made", Severity: Breaks,
			Reasons: reasons(Exhausted, Refused), Objects: objects(Processes), Not: objects(Library), Speakers: notForeign,
			Causes: []Link{{"host-oom", 0.45, "memory or the limit of processes"}, {"fd-exhaustion", 0.08, "limits are reached together"}}},
		{ID: "read-wolf-memory", Title: "Wolf gets no memory", Severity: Breaks,
			Reasons: reasons(Exhausted), Objects: objects(Memory), Not: objects(Library), Speakers: speakers(speaker.Wolf, speaker.Compositor),
			Causes: []Link{{"host-oom", 0.40, "the machine's memory, or the container's"}, {"gpu-memory-exhaustion", 0.05, "the GPU's may be meant"}, {"gpu-buffer-pool", 0.10, "or a pool of buffers"}}},
		{ID: "read-memory", Title: "main memory is short", Severity: Breaks,
			Reasons: reasons(Exhausted), Objects: objects(Memory), Not: objects(Library), Speakers: notForeign,
			Causes: []Link{{"host-oom", 0.45, "the machine's memory, or the container's"}, {"app-crash", 0.27, "the program may have set the limit itself"}}},
	}
}

// hardwareRules are about GPUs, in the words of the kernel and of drivers.
func hardwareRules() []Rule {
	return []Rule{
		{ID: "read-capture-bus", Title: "the captured source is not reached over D-Bus", Severity: Breaks,
			Reasons: failing, Objects: objects(Capture), With: objects(Bus), Speakers: speakers(speaker.Wolf, speaker.Compositor),
			Causes: []Link{{"capture-source-lost", 0.55, "the portal of the desktop"}}},
		{ID: "read-bus", Title: "a service of the desktop is not there", Severity: Notice,
			Reasons: anyReason, Objects: objects(Bus), Not: objects(Command, Fault, RuntimeDir, SocketCheck, Runner, ConfigFile), Speakers: ^speakers(speaker.Runtime)},
		{ID: "read-driver-versions", Title: "driver and libraries are of different versions", Severity: Breaks,
			Reasons: reasons(Mismatched), Objects: objects(GPUDriver, NVML, NVENC, NvidiaLibrary, CUDA, NVRM), Not: objects(Certificate, GPUChoice),
			Causes: []Link{{"gpu-driver-mismatch", 0.36, "two versions that do not fit"}, {"nvidia-driver-volume", 0.27, "libraries of another driver"}}},
		{ID: "read-modeset", Title: "the driver cannot set modes", Severity: Breaks,
			Reasons: failing, Objects: objects(Modeset), Not: objects(Xid, GPUEngine, GPUStart),
			Causes: []Link{{"nvidia-drm-modeset", 0.45, "mode setting is off or not offered"}, {"app-compositor-crash", 0.27, "the desktop cannot use the device"}}},
		{ID: "read-nvidia-fault", Title: "the NVIDIA driver reports a fault", Severity: Breaks,
			Reasons: anyReason, Objects: objects(Xid), Not: objects(Modeset), Speakers: hostSays,
			Causes: []Link{{"gpu-xid", 0.36, "a fault of the GPU, in the driver's words"}, {"gpu-missing", 0.20, "the driver gives the GPU up"}}},
		{ID: "read-gpu-start", Title: "the driver cannot start a GPU", Severity: Breaks,
			Reasons: failing, Objects: objects(GPUStart), Not: objects(GPUSuspend, Xid), Speakers: hostSays,
			Causes: []Link{{"gpu-missing", 0.27, "the driver gives the GPU up"}, {"gpu-xid", 0.27, "the GPU does not answer its driver"}}},
		{ID: "read-nvidia-driver", Title: "the NVIDIA driver reports trouble", Severity: Breaks,
			Reasons: failing, Objects: objects(NVRM), Not: objects(GPUStart), Speakers: hostSays,
			Causes: []Link{{"gpu-xid", 0.36, "the driver's words"}, {"gpu-missing", 0.20, "the driver gives the GPU up"}}},
		{ID: "read-gpu-hang", Title: "a GPU hung, faulted or was reset", Severity: Breaks,
			Reasons: anyReason, Objects: objects(GPUEngine), Not: objects(Descriptors, CUDA, NVENC, GPUMemory, Buffer),
			Causes: []Link{{"gpu-hang-reset", 0.45, "an engine of the GPU, or its reset"}, {"gpu-xid", 0.27, "NVIDIA's faults look the same from outside"}, {"gpu-missing", 0.06, "it does not come back"}}},
		{ID: "read-gpu-suspend", Title: "a GPU does not follow its power management", Severity: Breaks,
			Reasons: failing, Objects: objects(GPUSuspend), With: objects(GPU, GPUStart, GPUEngine), Speakers: speakers(speaker.Kernel),
			Causes: []Link{{"gpu-hang-reset", 0.45, "suspend or its firmware fails"}, {"gpu-missing", 0.20, "the driver gives the GPU up"}}},
		{ID: "read-gpu-choice", Title: "another GPU is meant", Severity: Breaks,
			Reasons: failing, Objects: objects(GPUChoice), Not: objects(Certificate, Library), Speakers: notForeign,
			Causes: []Link{{"gpu-selection", 0.54, "the GPU that was chosen"}, {"gpu-missing", 0.20, "no such device"}}},
		{ID: "read-gpu-cannot", Title: "the GPU cannot do what is asked for", Severity: Breaks,
			Reasons: reasons(Unsupported), Objects: objects(GPU), Not: objects(Encoder, VA, NVENC, MFX, CUDA, NvidiaToolkit), Speakers: notForeign,
			Causes: []Link{{"gpu-unsupported", 0.68, "not supported by the device"}, {"egl-init-failure", 0.40, "no context"}, {"vulkan-init-failure", 0.10, "no device"}}},
		{ID: "read-gpu-kernel", Title: "the kernel's GPU driver fails", Severity: Breaks,
			Reasons: failing, Objects: objects(GPUKernel), Not: objects(Modeset, Buffer), Speakers: speakers(speaker.Kernel),
			Causes: []Link{{"gpu-hang-reset", 0.45, "the driver in trouble"}, {"gpu-missing", 0.20, "the driver gives the GPU up"}}},
	}
}

// containerRules are about what runs containers.
func containerRules() []Rule {
	return []Rule{
		{ID: "read-nvidia-toolkit", Title: "the NVIDIA container toolkit fails", Severity: Breaks,
			Reasons: failing, Objects: objects(NvidiaToolkit), Speakers: notForeign,
			Causes: []Link{{"nvidia-container-runtime", 0.36, "the toolkit or CDI"}, {"gpu-missing", 0.20, "no GPU to give"}}},
		{ID: "read-container-name", Title: "a container's name is taken", Severity: Breaks,
			Reasons: reasons(InUse), Objects: objects(ContainerName), Speakers: runtimeSays,
			Causes: []Link{{"docker-name-conflict", 0.45, "a container or endpoint of that name is there"}, {"docker-api", 0.27, "the engine refuses"}}},
		{ID: "read-container-privilege", Title: "a container is refused for its privileges", Severity: Breaks,
			Reasons: reasons(Refused), Objects: objects(Privilege), Speakers: speakers(speaker.Unknown, speaker.Runtime, speaker.Kernel),
			Causes: []Link{{"container-privileges", 0.54, "a policy refuses it"}, {"docker-mount-config", 0.27, "what the container was given"}}},
		{ID: "read-mount-driver", Title: "the driver's files cannot be mounted", Severity: Breaks,
			Reasons: failing, Objects: objects(Mount), With: objects(NvidiaLibrary), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"nvidia-driver-volume", 0.30, "the volume of the driver's files"}, {"nvidia-container-runtime", 0.20, "the toolkit's mounts"}, {"docker-mount-config", 0.08, "the mount as it was asked for"}}},
		{ID: "read-mount-config", Title: "a container is refused for its mounts", Severity: Breaks,
			Reasons: failing, Objects: objects(Mount), Not: objects(NvidiaNode, RenderNode, InputNode, EventNode), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"docker-mount-config", 0.36, "the mount as it was asked for"}, {"docker-api", 0.27, "the engine fails"}}},
		{ID: "read-container-input", Title: "a container's input device is missing", Severity: Degrades,
			Reasons: failing, Objects: objects(InputNode, EventNode, Hotplug), Not: objects(Input, Runner), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"input-hotplug", 0.54, "a device is not plugged in"}, {"uinput-permission", 0.27, "or cannot be made"}}},
		{ID: "read-container-gpu", Title: "a container's GPU device is missing", Severity: Breaks,
			Reasons: failing, Objects: objects(RenderNode, NvidiaNode), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"gpu-missing", 0.27, "the device is not on the host"}, {"docker-mount-config", 0.27, "it is named and not there"}}},
		{ID: "read-runner", Title: "an app was never started", Severity: Breaks,
			Reasons: failing, Objects: objects(Runner), Not: objects(Executable, Mount, SocketCheck, ConfigFile), Speakers: runtimeSays | speakers(speaker.Client),
			Causes: []Link{{"runner-not-started", 0.84, "no word of a start"}}},
		{ID: "read-container-setting", Title: "a configuration is invalid", Severity: Breaks,
			Reasons: reasons(Invalid, Refused, Missing), Objects: objects(Setting), Not: objects(ImageRef, DockerDaemon, Library, Mount, NvidiaToolkit, Executable), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"config-invalid", 0.36, "the content of a file"}, {"docker-api", 0.27, "the engine refuses"}}},
		{ID: "read-container-config", Title: "a configuration is invalid", Severity: Breaks,
			Reasons: reasons(Invalid, Refused), Objects: objects(ConfigFile, Setting), Not: objects(ImageRef, DockerDaemon, Library, Mount, NvidiaToolkit), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"config-invalid", 0.36, "the content of a file"}, {"docker-api", 0.27, "the engine refuses"}}},
		{ID: "read-health", Title: "a container's health check fails", Severity: Breaks,
			Reasons: reasons(Hung, TimedOut), Objects: objects(ServerThread), Not: objects(DockerDaemon, ImageRef), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"wolf-deadlock", 0.45, "no answer"}, {"docker-api", 0.27, "the engine fails"}}},
		{ID: "read-container-script", Title: "a container's entrypoint cannot be run", Severity: Breaks,
			Reasons: failing, Objects: objects(Script), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"container-init-failure", 0.45, "the entrypoint"}, {"image-missing", 0.33, "an image for another machine"}}},
		{ID: "read-image", Title: "an image cannot be had", Severity: Breaks,
			Reasons: failing, Objects: objects(ImageRef), Not: objects(Encoder, EGL, Buffer, Vulkan), Speakers: runtimeSays,
			Causes: []Link{{"image-missing", 0.45, "an image or its registry"}, {"docker-api", 0.27, "the engine fails"}}},
		{ID: "read-container-program", Title: "a container's program cannot be run", Severity: Breaks,
			Reasons: reasons(Missing, Refused, Unsupported, Invalid), Objects: objects(Executable), Not: objects(Plugin), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"app-missing-library", 0.45, "the image lacks the program"}, {"container-init-failure", 0.33, "the entrypoint cannot be run"}}},
		{ID: "read-wolf-port-taken", Title: "a port that Wolf needs is taken", Severity: Breaks,
			Reasons: reasons(InUse), Objects: objects(Port), With: objects(WolfPort), Speakers: notForeign,
			Causes: []Link{{"port-in-use", 0.35, "the address is in use"}}},
		{ID: "read-docker", Title: "the container engine refuses or fails", Severity: Breaks,
			Reasons: failing, Objects: objects(DockerDaemon, ContainerNetwork), Not: objects(NVENC, CUDA, GPUDriver, Vulkan), Speakers: ^speakers(speaker.Foreign, speaker.App, speaker.AppCompositor, speaker.Pulse),
			Causes: []Link{{"docker-api", 0.36, "the engine or its API"}, {"docker-mount-config", 0.27, "what the container was given"}}},
		{ID: "read-container-path", Title: "a path that a container is given is not there", Severity: Breaks,
			Reasons: reasons(Missing, ReadOnly, Refused, Mismatched), Objects: objects(StateFile, ImageFile, RuntimeDir, ConfigFile), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"docker-mount-config", 0.36, "a path of the host"}, {"docker-api", 0.27, "the engine's own files"}}},
		{ID: "read-restarts", Title: "a service is started again and again", Severity: Breaks,
			Reasons: failing, Objects: objects(Unit), Speakers: notForeign,
			Causes: []Link{{"container-init-failure", 0.36, "its container ends at once"}, {"wolf-crash", 0.27, "it crashes each time"}}},
		{ID: "read-crash-loop", Title: "a container is started again and again", Severity: Breaks,
			Reasons: reasons(Crashed), Objects: objects(NoObject), Not: objects(ImageRef, Mount, Privilege), Speakers: speakers(speaker.Runtime),
			Causes: []Link{{"container-init-failure", 0.45, "its entrypoint ends at once"}, {"wolf-crash", 0.10, "it crashes each time"}}},
		{ID: "read-module", Title: "a kernel module cannot be loaded", Severity: Breaks,
			Reasons: reasons(Refused, ReadOnly), Objects: objects(KernelModule), Speakers: notForeign,
			Causes: []Link{{"container-privileges", 0.54, "containers may not load modules"}, {"gpu-driver-mismatch", 0.10, "or it is not of this kernel"}}},
		{ID: "read-module-kernel", Title: "a kernel module does not fit the kernel", Severity: Breaks,
			Reasons: failing, Objects: objects(KernelModule), With: objects(GPUDriver, GPUKernel, Modeset), Speakers: notForeign,
			Causes: []Link{{"gpu-driver-mismatch", 0.36, "built for another kernel"}, {"gpu-missing", 0.20, "so there is no driver"}}},
		{ID: "read-container", Title: "the runtime cannot handle a container", Severity: Breaks,
			Reasons: failing, Objects: objects(Container), Speakers: speakers(speaker.Unknown, speaker.Runtime),
			Causes: []Link{{"docker-api", 0.36, "the engine fails"}, {"docker-mount-config", 0.27, "what the container was given"}, {"container-init-failure", 0.10, "its entrypoint"}}},
		{ID: "read-engine", Title: "the container engine complains", Severity: Breaks,
			Reasons: reasons(TimedOut, Unreachable, Hung, Failed, Lost), Objects: objects(Docker), Speakers: runtimeSays,
			Causes: []Link{{"docker-api", 0.28, "the engine or its API"}, {"wolf-deadlock", 0.15, "Wolf's own API is asked so too"}, {"wolf-crash", 0.10, "and is not there"}}},
	}
}

// nodeRules are about device nodes.
func nodeRules() []Rule {
	return []Rule{
		{ID: "read-nvidia-node-refused", Title: "an NVIDIA device node cannot be opened", Severity: Breaks,
			Reasons: reasons(Refused), Objects: objects(NvidiaNode), Speakers: notForeign,
			Causes: []Link{{"gpu-device-access-lost", 0.17, "access to the device is refused"}, {"container-privileges", 0.40, "a privilege is missing"}}},
		{ID: "read-cuda-refused", Title: "CUDA may not use the GPU", Severity: Breaks,
			Reasons: reasons(Refused), Objects: objects(CUDA, NvidiaLibrary), Not: objects(Setting, Library, Mount, NvidiaToolkit), Speakers: notForeign,
			Causes: []Link{{"gpu-device-access-lost", 0.17, "access to the device is refused"}, {"cuda-context-failure", 0.40, "no more is said"}}},
		{ID: "read-nvidia-node-missing", Title: "an NVIDIA device node is missing", Severity: Breaks, Device: "nvidia",
			Reasons: failing, Objects: objects(NvidiaNode), Not: objects(GPUDriver), Speakers: notForeign,
			Causes: []Link{{"gpu-missing", 0.27, "no NVIDIA device"}, {"nvidia-container-runtime", 0.27, "the container was given none"}}},
		{ID: "read-event-refused", Title: "an input device may not be opened", Severity: Degrades,
			Reasons: reasons(Refused), Objects: objects(EventNode), Speakers: notForeign,
			Causes: []Link{{"input-hotplug", 0.45, "the device is not given to the app"}, {"container-privileges", 0.27, "a privilege is missing"}, {"uinput-permission", 0.10, "the device's mode"}}},
		{ID: "read-uinput", Title: "virtual input devices cannot be made", Severity: Degrades,
			Reasons: failing, Objects: objects(InputNode, Input), Not: objects(Hotplug), Speakers: notForeign,
			Causes: []Link{{"uinput-permission", 0.36, "uinput or uhid"}, {"input-hotplug", 0.40, "the device does not reach the app"}}},
		{ID: "read-hotplug", Title: "an input device is not plugged in", Severity: Degrades,
			Reasons: failing, Objects: objects(Hotplug, EventNode), Not: objects(RenderNode, Compositor), Speakers: notForeign &^ speakers(speaker.Init),
			Causes: []Link{{"input-hotplug", 0.54, "the device does not reach the app"}, {"uinput-permission", 0.27, "the device cannot be made"}}},
		{ID: "read-render-node-refused", Title: "a render node may not be opened", Severity: Breaks,
			Reasons: reasons(Refused), Objects: objects(RenderNode), Speakers: notForeign,
			Causes: []Link{{"render-node-permission", 0.36, "the node is there and refused"}, {"container-privileges", 0.40, "a privilege is missing"}}},
		{ID: "read-render-node-other", Title: "another render node is meant", Severity: Breaks,
			Reasons: reasons(Mismatched), Objects: objects(RenderNode), Not: objects(Library),
			Causes: []Link{{"gpu-selection", 0.54, "two nodes that differ"}, {"gpu-missing", 0.20, "no such device"}}},
		{ID: "read-desktop-gpu", Title: "the desktop cannot open a GPU", Severity: Breaks,
			Reasons: reasons(Missing, Failed, Refused, Lost, TimedOut, Crashed), Objects: objects(RenderNode, GPU), Speakers: speakers(speaker.AppCompositor), Not: objects(Library, Executable, Vulkan, EGL, Buffer, GPUMemory),
			Causes: []Link{{"app-compositor-crash", 0.36, "the nested compositor gives up"}, {"gpu-missing", 0.20, "no device in the container"}}},
		{ID: "read-va-node", Title: "VA-API finds nothing on a node", Severity: Breaks,
			Reasons: failing, Objects: objects(VA), With: objects(RenderNode), Not: objects(Encoder),
			Causes: []Link{{"vaapi-init-failure", 0.54, "no VA display on the device"}, {"gpu-missing", 0.20, "no device"}}},
		{ID: "read-render-node", Title: "a render node cannot be used", Severity: Breaks,
			Reasons: failing, Objects: objects(RenderNode), Not: objects(CUDA, EGL, Encoder, Buffer), Speakers: notForeign,
			Causes: []Link{{"gpu-missing", 0.27, "no such device"}, {"gpu-selection", 0.40, "the wrong node"}}},
	}
}

// displayRules are about displays, the desktops that serve them, and their sockets.
func displayRules() []Rule {
	return []Rule{
		{ID: "read-socket-check", Title: "Wolf's Wayland socket is not ready", Severity: Breaks,
			Reasons: failing, Objects: objects(SocketCheck), Speakers: wolfSays,
			Causes: []Link{{"wayland-socket-not-ready", 0.70, "the check of the socket"}}},
		{ID: "read-runtime-dir", Title: "the runtime directory cannot be used", Severity: Breaks,
			Reasons: failing, Objects: objects(RuntimeDir), Not: objects(Executable, Mount), Speakers: notForeign,
			Causes: []Link{{"xdg-runtime-dir", 0.45, "unset, missing or someone else's"}, {"wayland-socket-mount", 0.33, "the directory is not shared"}}},
		{ID: "read-wayland-taken", Title: "no free Wayland socket", Severity: Breaks,
			Reasons: reasons(InUse), Objects: objects(WaylandDisplay, Compositor), Not: objects(Format, Buffer), Speakers: wolfSays,
			Causes: []Link{{"wayland-socket-leak", 0.54, "the names are taken"}, {"xdg-runtime-dir", 0.33, "the folder cannot be used"}}},
		{ID: "read-wayland-lost", Title: "an app lost its Wayland display", Severity: Breaks,
			Reasons: reasons(Lost), Objects: objects(WaylandDisplay), Speakers: appSays | wolfSays,
			Causes: []Link{{"wayland-display-lost", 0.85, "the display went away"}}},
		{ID: "read-wayland-unreachable", Title: "an app cannot connect to a Wayland display", Severity: Breaks,
			Reasons: reasons(Unreachable), Objects: objects(WaylandDisplay), Not: objects(Buffer, Capture, Vulkan, EGL), Speakers: appSays | wolfSays,
			Causes: []Link{{"wayland-socket-mount", 0.45, "no socket where it looks"}, {"xdg-runtime-dir", 0.33, "the folder it looks in"}, {"wayland-display-lost", 0.41, "the display is gone"}}},
		{ID: "read-wayland-not-ready", Title: "Wolf's Wayland socket is not ready", Severity: Breaks,
			Reasons: reasons(TimedOut, Missing, Invalid), Objects: objects(WaylandDisplay), Not: objects(Buffer, EGL, Capture), Speakers: speakers(speaker.Wolf),
			Causes: []Link{{"wayland-socket-not-ready", 0.70, "the check of the socket"}}},
		{ID: "read-app-library", Title: "a program in the image lacks a library", Severity: Breaks,
			Reasons: reasons(Missing, Mismatched, Invalid, Exhausted, Corrupted, Failed), Objects: objects(Library), Not: objects(Plugin, NvidiaLibrary, Vulkan), Speakers: speakers(speaker.App, speaker.AppCompositor, speaker.Init, speaker.Pulse),
			Causes: []Link{{"app-missing-library", 0.45, "a library that the loader does not find"}, {"app-crash", 0.27, "the program ends"}}},
		{ID: "read-command", Title: "the image lacks a program", Severity: Breaks,
			Reasons: reasons(Missing), Objects: objects(Command), Not: objects(User), Speakers: appSays,
			Causes: []Link{{"app-missing-library", 0.45, "a program that is not there"}, {"container-init-failure", 0.33, "a script that needs it"}}},
		{ID: "read-init-program", Title: "an init script cannot find an executable", Severity: Breaks,
			Reasons: reasons(Missing), Objects: objects(Executable, Script), Not: objects(Library), Speakers: speakers(speaker.Init),
			Causes: []Link{{"container-init-failure", 0.45, "the script ends"}, {"app-missing-library", 0.33, "the image lacks a program"}}},
		{ID: "read-app-program", Title: "the image lacks a program", Severity: Breaks,
			Reasons: reasons(Missing), Objects: objects(Executable), Not: objects(ConfigFile, Setting, Plugin, Script), Speakers: speakers(speaker.App, speaker.AppCompositor),
			Causes: []Link{{"app-missing-library", 0.45, "a program that is not there"}, {"container-init-failure", 0.33, "a script that needs it"}}},
		{ID: "read-app-fault", Title: "an app crashed", Severity: Breaks,
			Reasons: reasons(Crashed), Objects: objects(Fault, Panic), Not: objects(Desktop), Speakers: speakers(speaker.App),
			Causes: []Link{{"app-crash", 0.36, "the process ends"}, {"app-missing-library", 0.33, "what it needs is not there"}}},
		{ID: "read-desktop-socket", Title: "the desktop cannot make its own socket", Severity: Breaks,
			Reasons: reasons(InUse, Exhausted, Refused), Objects: objects(WaylandDisplay), Not: objects(Buffer), Speakers: speakers(speaker.AppCompositor),
			Causes: []Link{{"wayland-socket-leak", 0.54, "all names are taken"}, {"xdg-runtime-dir", 0.33, "the folder may not be written"}}},
		{ID: "read-desktop-protocol", Title: "the desktop cannot run on this display", Severity: Breaks,
			Reasons: reasons(Unsupported, Mismatched), Objects: objects(WaylandDisplay), Not: objects(Buffer, Capture), Speakers: speakers(speaker.AppCompositor),
			Causes: []Link{{"app-compositor-crash", 0.36, "the nested compositor gives up"}, {"wayland-socket-mount", 0.33, "another display answers"}}},
		{ID: "read-wayland-missing", Title: "an app cannot reach a Wayland display", Severity: Breaks,
			Reasons: failing, Objects: objects(WaylandDisplay), Not: objects(Buffer, Capture, Vulkan, EGL), Speakers: appSays,
			Causes: []Link{{"wayland-socket-mount", 0.45, "no socket where it looks"}, {"xdg-runtime-dir", 0.33, "the folder it looks in"}, {"wayland-display-lost", 0.41, "the display is gone"}}},
		{ID: "read-capture", Title: "the captured source is lost", Severity: Breaks,
			Reasons: failing, Objects: objects(Capture), Not: objects(Audio, Bus), Speakers: speakers(speaker.Unknown, speaker.Wolf, speaker.Compositor, speaker.AppCompositor, speaker.App),
			Causes: []Link{{"capture-source-lost", 0.68, "the source of the picture"}, {"gst-caps-negotiation", 0.27, "no format in common"}}},
		{ID: "read-x-display", Title: "an app cannot open its X display", Severity: Breaks,
			Reasons: reasons(Missing, Refused, Unreachable, Lost, Failed), Objects: objects(XDisplay), Not: objects(EGL, VA, RenderNode), Speakers: appSays,
			Causes: []Link{{"wayland-display-lost", 0.85, "no display"}, {"app-compositor-crash", 0.03, "the desktop that serves it is gone"}}},
	}
}
