package reading

import "wolfdiag/analyze/speaker"

// Who may say what.
var (
	wolfSays    = speakers(speaker.Unknown, speaker.Wolf, speaker.Compositor)
	appSays     = speakers(speaker.Unknown, speaker.App, speaker.AppCompositor, speaker.Pulse, speaker.Init)
	runtimeSays = speakers(speaker.Unknown, speaker.Runtime, speaker.Wolf)
	hostSays    = speakers(speaker.Unknown, speaker.Kernel, speaker.Host, speaker.Runtime)
	clientSays  = speakers(speaker.Unknown, speaker.Wolf, speaker.Client)
	notForeign  = ^speakers(speaker.Foreign)
)

// Strengths of links: a text that names one cause, one that two share, a hint.
// With the priors of the catalogue a plain link gives about 0.4 to 0.5, so that a
// reading alone lists a cause and does not assert it.
const (
	firm   = 0.45
	plain  = 0.30
	shared = 0.20
	hint   = 0.08
	rare   = 0.70 // for causes whose prior is low since most of their texts are known
	often  = 0.13 // for the one whose prior is high
)

// failing is any reason a complaint can have.
const failing = anyReason &^ (1 << NoReason)

// rules are tried in order, the more specific ones first: the first that fits is
// the reading.
var rules = func() []Rule {
	var all []Rule
	for _, part := range [][]Rule{limitRules, hardwareRules, containerRules, nodeRules, displayRules, driverRules, pipelineRules, clientRules, fileRules, selfRules} {
		all = append(all, part...)
	}
	return all
}()

// limitRules are about what is used up: the reason says enough.
var limitRules = []Rule{
	{ID: "read-inotify", Title: "inotify has nothing left", Severity: Degrades,
		Reasons: reasons(Exhausted), Objects: objects(Watches), Speakers: notForeign,
		Causes: []Link{{"inotify-limit", firm, "watches or instances are used up"}}},
	{ID: "read-descriptors", Title: "no file descriptors are left", Severity: Breaks,
		Reasons: reasons(Exhausted), Objects: objects(Descriptors), Speakers: notForeign,
		Causes: []Link{{"fd-exhaustion", plain, "the limit of open files"}, {"inotify-limit", hint, "the same error number"}}},
	{ID: "read-encoder-sessions", Title: "no more encoder sessions", Severity: Breaks,
		Reasons: failing, Objects: objects(EncoderSessions),
		Causes: []Link{{"nvenc-session-limit", plain, "the limit of concurrent sessions"}}},
	{ID: "read-gpu-leak", Title: "something of the GPU is not given back", Severity: Degrades,
		Reasons: reasons(Leaked), Objects: objects(Surface, EGL, GL, CUDA, Vulkan, Buffer, BufferPool, GPUMemory),
		Causes: []Link{{"gpu-memory-exhaustion", often, "what is leaked fills the GPU"}}},
	{ID: "read-gpu-memory", Title: "GPU memory is short", Severity: Breaks,
		Reasons: reasons(Exhausted), Objects: objects(GPUMemory),
		Causes: []Link{{"gpu-memory-exhaustion", often, "an allocation on the GPU failed"}}},
	{ID: "read-disk", Title: "a disk is full", Severity: Breaks,
		Reasons: reasons(Exhausted), Objects: objects(Disk), Not: objects(GPU, EGL, CUDA, Buffer), Speakers: notForeign,
		Causes: []Link{{"disk-full", plain, "no space"}}},
	{ID: "read-gpu-allocation", Title: "an allocation for the GPU failed", Severity: Breaks,
		Reasons: reasons(Exhausted), Objects: objects(EGL, GL, CUDA, Vulkan, VA, MFX, NVENC, Buffer, GPU), With: objects(Memory, Disk, Buffer),
		Not:    objects(Heap),
		Causes: []Link{{"gpu-memory-exhaustion", often, "out of memory in the words of a graphics API"}, {"host-oom", hint, "main memory may be meant"}}},
	{ID: "read-app-heap", Title: "an app's own heap is full", Severity: Breaks,
		Reasons: failing, Objects: objects(Heap), Speakers: appSays,
		Causes: []Link{{"app-crash", plain, "the limit that the program has set itself"}, {"host-oom", hint, "the machine's memory"}}},
	{ID: "read-memory", Title: "main memory is short", Severity: Breaks,
		Reasons: reasons(Exhausted), Objects: objects(Memory), Not: objects(Library), Speakers: notForeign,
		Causes: []Link{{"host-oom", plain, "the machine's memory, or the container's"}}},
}

// hardwareRules are about GPUs, in the words of the kernel and of drivers.
var hardwareRules = []Rule{
	{ID: "read-driver-versions", Title: "driver and libraries are of different versions", Severity: Breaks,
		Reasons: reasons(Mismatched), Objects: objects(GPUDriver, NVML, NVENC, NvidiaLibrary, CUDA, NVRM), Not: objects(Certificate, GPUChoice),
		Causes: []Link{{"gpu-driver-mismatch", plain, "two versions that do not fit"}}},
	{ID: "read-modeset", Title: "the driver cannot set modes", Severity: Breaks,
		Reasons: failing, Objects: objects(Modeset), Not: objects(Xid, GPUEngine, GPUStart),
		Causes: []Link{{"nvidia-drm-modeset", plain, "mode setting is off or not offered"}}},
	{ID: "read-nvidia-fault", Title: "the NVIDIA driver reports a fault", Severity: Breaks,
		Reasons: anyReason, Objects: objects(Xid), Not: objects(Modeset), Speakers: hostSays,
		Causes: []Link{{"gpu-xid", plain, "a fault of the GPU, in the driver's words"}}},
	{ID: "read-gpu-start", Title: "the driver cannot start a GPU", Severity: Breaks,
		Reasons: failing, Objects: objects(GPUStart), Not: objects(GPUSuspend, Xid), Speakers: hostSays,
		Causes: []Link{{"gpu-missing", plain, "the driver gives the GPU up"}, {"gpu-xid", hint, "the GPU does not answer its driver"}}},
	{ID: "read-nvidia-driver", Title: "the NVIDIA driver reports trouble", Severity: Breaks,
		Reasons: failing, Objects: objects(NVRM), Not: objects(GPUStart), Speakers: hostSays,
		Causes: []Link{{"gpu-xid", plain, "the driver's words"}, {"gpu-missing", hint, "the driver gives the GPU up"}}},
	{ID: "read-gpu-hang", Title: "a GPU hung, faulted or was reset", Severity: Breaks,
		Reasons: anyReason, Objects: objects(GPUEngine), Not: objects(Descriptors, CUDA, NVENC, GPUMemory, Buffer),
		Causes: []Link{{"gpu-hang-reset", plain, "an engine of the GPU, or its reset"}, {"gpu-xid", hint, "NVIDIA's faults look the same from outside"}}},
	{ID: "read-gpu-suspend", Title: "a GPU does not follow its power management", Severity: Breaks,
		Reasons: failing, Objects: objects(GPUSuspend), With: objects(GPU, GPUStart, GPUEngine), Speakers: speakers(speaker.Kernel),
		Causes: []Link{{"gpu-hang-reset", plain, "suspend or its firmware fails"}, {"gpu-missing", hint, "the driver gives the GPU up"}}},
	{ID: "read-gpu-choice", Title: "another GPU is meant", Severity: Breaks,
		Reasons: failing, Objects: objects(GPUChoice), Not: objects(Certificate, Library), Speakers: notForeign,
		Causes: []Link{{"gpu-selection", firm, "the GPU that was chosen"}, {"gpu-missing", hint, "no such device"}}},
	{ID: "read-gpu-cannot", Title: "the GPU cannot do what is asked for", Severity: Breaks,
		Reasons: reasons(Unsupported), Objects: objects(GPU), Not: objects(Encoder, VA, NVENC, MFX, CUDA), Speakers: notForeign,
		Causes: []Link{{"gpu-unsupported", firm, "not supported by the device"}, {"egl-init-failure", hint, "no context"}, {"vulkan-init-failure", hint, "no device"}}},
}

// containerRules are about what runs containers.
var containerRules = []Rule{
	{ID: "read-nvidia-toolkit", Title: "the NVIDIA container toolkit fails", Severity: Breaks,
		Reasons: failing, Objects: objects(NvidiaToolkit), Speakers: notForeign,
		Causes: []Link{{"nvidia-container-runtime", plain, "the toolkit or CDI"}}},
	{ID: "read-container-name", Title: "a container's name is taken", Severity: Breaks,
		Reasons: reasons(InUse), Objects: objects(ContainerName), Speakers: runtimeSays,
		Causes: []Link{{"docker-name-conflict", plain, "a container or endpoint of that name is there"}}},
	{ID: "read-container-privilege", Title: "a container is refused for its privileges", Severity: Breaks,
		Reasons: reasons(Refused), Objects: objects(Privilege), Speakers: speakers(speaker.Unknown, speaker.Runtime, speaker.Kernel),
		Causes: []Link{{"container-privileges", plain, "a policy refuses it"}}},
	{ID: "read-mount-config", Title: "a container is refused for its mounts", Severity: Breaks,
		Reasons: failing, Objects: objects(Mount), Not: objects(NvidiaNode, RenderNode, InputNode, EventNode), Speakers: speakers(speaker.Runtime),
		Causes: []Link{{"docker-mount-config", plain, "the mount as it was asked for"}}},
	{ID: "read-container-input", Title: "a container's input device is missing", Severity: Degrades,
		Reasons: failing, Objects: objects(InputNode, EventNode, Hotplug), Not: objects(Input, Runner), Speakers: speakers(speaker.Runtime),
		Causes: []Link{{"input-hotplug", plain, "a device is not plugged in"}, {"uinput-permission", hint, "or cannot be made"}}},
	{ID: "read-container-gpu", Title: "a container's GPU device is missing", Severity: Breaks,
		Reasons: failing, Objects: objects(RenderNode, NvidiaNode), Speakers: speakers(speaker.Runtime),
		Causes: []Link{{"gpu-missing", plain, "the device is not on the host"}, {"docker-mount-config", hint, "it is named and not there"}}},
	{ID: "read-runner", Title: "an app was never started", Severity: Breaks,
		Reasons: failing, Objects: objects(Runner), Not: objects(Executable, Mount, SocketCheck), Speakers: runtimeSays,
		Causes: []Link{{"runner-not-started", rare, "no word of a start"}}},
	{ID: "read-container-config", Title: "a configuration is invalid", Severity: Breaks,
		Reasons: reasons(Invalid, Missing), Objects: objects(Setting), With: objects(ConfigFile, Setting), Not: objects(ImageRef, DockerDaemon, Library), Speakers: speakers(speaker.Runtime),
		Causes: []Link{{"config-invalid", plain, "the content of a file"}}},
	{ID: "read-container-script", Title: "a container's entrypoint cannot be run", Severity: Breaks,
		Reasons: failing, Objects: objects(Script), Speakers: speakers(speaker.Runtime),
		Causes: []Link{{"container-init-failure", plain, "the entrypoint"}, {"image-missing", hint, "an image for another machine"}}},
	{ID: "read-image", Title: "an image cannot be had", Severity: Breaks,
		Reasons: failing, Objects: objects(ImageRef), Not: objects(Encoder, EGL, Buffer, Vulkan), Speakers: runtimeSays,
		Causes: []Link{{"image-missing", plain, "an image or its registry"}}},
	{ID: "read-container-program", Title: "a container's program cannot be run", Severity: Breaks,
		Reasons: reasons(Missing, Refused, Unsupported, Invalid), Objects: objects(Executable), Not: objects(Plugin), Speakers: speakers(speaker.Runtime),
		Causes: []Link{{"app-missing-library", shared, "the image lacks the program"}, {"container-init-failure", shared, "the entrypoint cannot be run"}}},
	{ID: "read-wolf-port-taken", Title: "a port that Wolf needs is taken", Severity: Breaks,
		Reasons: reasons(InUse), Objects: objects(Port), With: objects(WolfPort), Speakers: notForeign,
		Causes: []Link{{"port-in-use", firm, "the address is in use"}}},
	{ID: "read-docker", Title: "the container engine refuses or fails", Severity: Breaks,
		Reasons: failing, Objects: objects(DockerDaemon, ContainerNetwork), Not: objects(Bus), Speakers: ^speakers(speaker.Foreign, speaker.App, speaker.AppCompositor, speaker.Pulse),
		Causes: []Link{{"docker-api", plain, "the engine or its API"}}},
	{ID: "read-container-path", Title: "a path that a container is given is not there", Severity: Breaks,
		Reasons: reasons(Missing, ReadOnly, Refused, Mismatched), Objects: objects(StateFile, ImageFile, RuntimeDir, ConfigFile), Speakers: speakers(speaker.Runtime),
		Causes: []Link{{"docker-mount-config", plain, "a path of the host"}, {"docker-api", hint, "the engine's own files"}}},
	{ID: "read-container", Title: "the runtime cannot handle a container", Severity: Breaks,
		Reasons: failing, Objects: objects(Container), Speakers: speakers(speaker.Unknown, speaker.Runtime),
		Causes: []Link{{"docker-api", shared, "the engine fails"}, {"docker-mount-config", hint, "what the container was given"}, {"container-init-failure", hint, "its entrypoint"}}},
	{ID: "read-engine", Title: "the container engine complains", Severity: Breaks,
		Reasons: reasons(TimedOut, Unreachable, Hung, Failed, Lost), Objects: objects(Docker), Speakers: runtimeSays,
		Causes: []Link{{"docker-api", shared, "the engine or its API"}}},
}

// nodeRules are about device nodes.
var nodeRules = []Rule{
	{ID: "read-nvidia-node-refused", Title: "an NVIDIA device node cannot be opened", Severity: Breaks,
		Reasons: reasons(Refused), Objects: objects(NvidiaNode), Speakers: notForeign,
		Causes: []Link{{"gpu-device-access-lost", 0.2, "access to the device is refused"}}},
	{ID: "read-cuda-refused", Title: "CUDA may not use the GPU", Severity: Breaks,
		Reasons: reasons(Refused), Objects: objects(CUDA), Not: objects(Setting), Speakers: notForeign,
		Causes: []Link{{"gpu-device-access-lost", 0.2, "access to the device is refused"}, {"cuda-context-failure", hint, "no more is said"}}},
	{ID: "read-nvidia-node-missing", Title: "an NVIDIA device node is missing", Severity: Breaks,
		Reasons: failing, Objects: objects(NvidiaNode), Not: objects(GPUDriver), Speakers: notForeign,
		Causes: []Link{{"gpu-missing", shared, "no NVIDIA device"}, {"nvidia-container-runtime", hint, "the container was given none"}}},
	{ID: "read-uinput", Title: "virtual input devices cannot be made", Severity: Degrades,
		Reasons: failing, Objects: objects(InputNode, Input), Not: objects(Hotplug), Speakers: notForeign,
		Causes: []Link{{"uinput-permission", plain, "uinput or uhid"}}},
	{ID: "read-hotplug", Title: "an input device is not plugged in", Severity: Degrades,
		Reasons: failing, Objects: objects(Hotplug, EventNode), Not: objects(RenderNode, Compositor), Speakers: notForeign,
		Causes: []Link{{"input-hotplug", plain, "the device does not reach the app"}}},
	{ID: "read-render-node-refused", Title: "a render node may not be opened", Severity: Breaks,
		Reasons: reasons(Refused), Objects: objects(RenderNode), Speakers: notForeign,
		Causes: []Link{{"render-node-permission", plain, "the node is there and refused"}}},
	{ID: "read-render-node-other", Title: "another render node is meant", Severity: Breaks,
		Reasons: reasons(Mismatched), Objects: objects(RenderNode), Not: objects(Library),
		Causes: []Link{{"gpu-selection", firm, "two nodes that differ"}}},
	{ID: "read-desktop-gpu", Title: "the desktop cannot open a GPU", Severity: Breaks,
		Reasons: reasons(Missing, Failed, Refused, Lost, TimedOut, Crashed), Objects: objects(RenderNode, GPU), Speakers: speakers(speaker.AppCompositor), Not: objects(Library, Executable, Vulkan, EGL, Buffer, GPUMemory),
		Causes: []Link{{"app-compositor-crash", plain, "the nested compositor gives up"}, {"gpu-missing", shared, "no device in the container"}}},
	{ID: "read-va-node", Title: "VA-API finds nothing on a node", Severity: Breaks,
		Reasons: failing, Objects: objects(VA), With: objects(RenderNode), Not: objects(Encoder),
		Causes: []Link{{"vaapi-init-failure", plain, "no VA display on the device"}, {"gpu-missing", hint, "no device"}}},
	{ID: "read-render-node", Title: "a render node cannot be used", Severity: Breaks,
		Reasons: failing, Objects: objects(RenderNode), Not: objects(CUDA, EGL, Encoder, Buffer), Speakers: notForeign,
		Causes: []Link{{"gpu-missing", shared, "no such device"}, {"gpu-selection", shared, "the wrong node"}}},
}

// displayRules are about displays, the desktops that serve them, and their sockets.
var displayRules = []Rule{
	{ID: "read-socket-check", Title: "Wolf's Wayland socket is not ready", Severity: Breaks,
		Reasons: failing, Objects: objects(SocketCheck), Speakers: wolfSays,
		Causes: []Link{{"wayland-socket-not-ready", rare, "the check of the socket"}}},
	{ID: "read-runtime-dir", Title: "the runtime directory cannot be used", Severity: Breaks,
		Reasons: failing, Objects: objects(RuntimeDir), Not: objects(Executable, Mount), Speakers: notForeign,
		Causes: []Link{{"xdg-runtime-dir", plain, "unset, missing or someone else's"}}},
	{ID: "read-wayland-taken", Title: "no free Wayland socket", Severity: Breaks,
		Reasons: reasons(InUse, Exhausted), Objects: objects(WaylandDisplay, Compositor), Not: objects(Format, Buffer), Speakers: wolfSays,
		Causes: []Link{{"wayland-socket-leak", firm, "the names are taken"}}},
	{ID: "read-wayland-lost", Title: "an app lost its Wayland display", Severity: Breaks,
		Reasons: reasons(Lost), Objects: objects(WaylandDisplay), Speakers: appSays | wolfSays,
		Causes: []Link{{"wayland-display-lost", rare, "the display went away"}}},
	{ID: "read-wayland-unreachable", Title: "an app cannot connect to a Wayland display", Severity: Breaks,
		Reasons: reasons(Unreachable), Objects: objects(WaylandDisplay), Not: objects(Buffer, Capture, Vulkan, EGL), Speakers: appSays | wolfSays,
		Causes: []Link{{"wayland-socket-mount", plain, "no socket where it looks"}, {"wayland-display-lost", shared, "the display is gone"}}},
	{ID: "read-wayland-not-ready", Title: "Wolf's Wayland socket is not ready", Severity: Breaks,
		Reasons: reasons(TimedOut, Missing, Invalid), Objects: objects(WaylandDisplay), Not: objects(Buffer, EGL, Capture), Speakers: speakers(speaker.Wolf),
		Causes: []Link{{"wayland-socket-not-ready", rare, "the check of the socket"}}},
	{ID: "read-app-library", Title: "a program in the image lacks a library", Severity: Breaks,
		Reasons: reasons(Missing, Mismatched, Invalid, Exhausted, Corrupted, Failed), Objects: objects(Library), Not: objects(Plugin, NvidiaLibrary, Vulkan), Speakers: speakers(speaker.App, speaker.AppCompositor, speaker.Init, speaker.Pulse),
		Causes: []Link{{"app-missing-library", plain, "a library that the loader does not find"}}},
	{ID: "read-command", Title: "the image lacks a program", Severity: Breaks,
		Reasons: reasons(Missing), Objects: objects(Command), Not: objects(User), Speakers: appSays,
		Causes: []Link{{"app-missing-library", plain, "a program that is not there"}, {"container-init-failure", shared, "a script that needs it"}}},
	{ID: "read-init-program", Title: "an init script cannot find an executable", Severity: Breaks,
		Reasons: reasons(Missing), Objects: objects(Executable, Script), Not: objects(Library), Speakers: speakers(speaker.Init),
		Causes: []Link{{"container-init-failure", plain, "the script ends"}, {"app-missing-library", shared, "the image lacks a program"}}},
	{ID: "read-app-program", Title: "the image lacks a program", Severity: Breaks,
		Reasons: reasons(Missing), Objects: objects(Executable), Not: objects(ConfigFile, Setting, Plugin, Script), Speakers: speakers(speaker.App, speaker.AppCompositor),
		Causes: []Link{{"app-missing-library", plain, "a program that is not there"}, {"container-init-failure", shared, "a script that needs it"}}},
	{ID: "read-app-fault", Title: "an app crashed", Severity: Breaks,
		Reasons: reasons(Crashed), Objects: objects(Fault), Not: objects(Desktop), Speakers: speakers(speaker.App),
		Causes: []Link{{"app-crash", plain, "the process ends"}}},
	{ID: "read-desktop-socket", Title: "the desktop cannot make its own socket", Severity: Breaks,
		Reasons: reasons(InUse, Exhausted, Refused), Objects: objects(WaylandDisplay), Not: objects(Buffer), Speakers: speakers(speaker.AppCompositor),
		Causes: []Link{{"wayland-socket-leak", shared, "all names are taken"}, {"xdg-runtime-dir", shared, "the folder may not be written"}}},
	{ID: "read-desktop-protocol", Title: "the desktop cannot run on this display", Severity: Breaks,
		Reasons: reasons(Unsupported, Mismatched), Objects: objects(WaylandDisplay), Not: objects(Buffer, Capture), Speakers: speakers(speaker.AppCompositor),
		Causes: []Link{{"app-compositor-crash", plain, "the nested compositor gives up"}}},
	{ID: "read-wayland-missing", Title: "an app cannot reach a Wayland display", Severity: Breaks,
		Reasons: failing, Objects: objects(WaylandDisplay), Not: objects(Buffer, Capture, Vulkan, EGL), Speakers: appSays,
		Causes: []Link{{"wayland-socket-mount", plain, "no socket where it looks"}, {"wayland-display-lost", shared, "the display is gone"}}},
	{ID: "read-capture", Title: "the captured source is lost", Severity: Breaks,
		Reasons: failing, Objects: objects(Capture), Not: objects(Audio, Bus), Speakers: speakers(speaker.Unknown, speaker.Wolf, speaker.Compositor, speaker.AppCompositor, speaker.App),
		Causes: []Link{{"capture-source-lost", plain, "the source of the picture"}}},
	{ID: "read-x-display", Title: "an app cannot open its X display", Severity: Breaks,
		Reasons: reasons(Missing, Refused, Unreachable, Lost, Failed), Objects: objects(XDisplay), Not: objects(Bus, EGL), Speakers: appSays,
		Causes: []Link{{"wayland-display-lost", rare, "no display"}, {"app-compositor-crash", 0.03, "the desktop that serves it is gone"}}},
}
