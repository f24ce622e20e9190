package reading

import "bytes"

// path reports whether a run of bytes with a slash names a file, an image, a
// media type or a source file, and not two words.
func path(w []byte, slash int) bool {
	if slash == 0 {
		return len(w) > 1
	}
	switch w[0] {
	case '.', '~', '$', '@', '%':
		return true
	}
	if bytes.IndexByte(w[:slash], '.') > 0 && slash+1 < len(w) { // ghcr.io/owner/name
		return true
	}
	switch string(w[:slash]) {
	case "video", "audio", "image", "application", "dev", "usr", "etc", "library":
		return true
	}
	return source(w[:pathEnd(w)])
}

// pathEnd is where a path ends in "file.rs:594:50" and "/a:/b".
func pathEnd(w []byte) int {
	if hasFront(w, "/Gst") {
		return len(w)
	}
	if i := bytes.IndexByte(w, ':'); i > 0 {
		return i
	}
	return len(w)
}

// source reports whether a path is of source code.
func source(w []byte) bool {
	return hasEnd(w, ".rs", ".c", ".cpp", ".cc", ".h", ".hpp", ".py", ".go", ".js", ".ts")
}

func hasEnd(w []byte, ends ...string) bool {
	for _, e := range ends {
		if len(w) > len(e) && string(w[len(w)-len(e):]) == e {
			return true
		}
	}
	return false
}

func has(w []byte, any ...string) bool {
	for _, s := range any {
		if bytes.Contains(w, []byte(s)) {
			return true
		}
	}
	return false
}

func hasFront(w []byte, fronts ...string) bool {
	for _, f := range fronts {
		if len(w) >= len(f) && string(w[:len(f)]) == f {
			return true
		}
	}
	return false
}

// shaped reports whether a run of bytes without a slash is a name whose shape
// says what it is.
func shaped(w []byte) bool {
	if len(w) < 5 || len(w) > 64 {
		return false
	}
	return soname(w) || numbered(w, "wayland-") || numbered(w, "renderD") || numbered(w, "pipewire-") || numbered(w, "event") || element(w) != NoObject ||
		hasEnd(w, ".toml", ".json", ".yaml", ".yml", ".pem", ".crt", ".conf", ".ini", ".cfg", ".css", ".sock", ".sh") || source(w)
}

// soname reports whether a name is one of a shared object: libei.so.1,
// iHD_drv_video.so.
func soname(w []byte) bool {
	i := bytes.Index(w, []byte(".so"))
	return i > 0 && (i+3 == len(w) || w[i+3] == '.')
}

// numbered reports whether a name is a word and a number.
func numbered(w []byte, front string) bool {
	if len(w) <= len(front) || string(w[:len(front)]) != front {
		return false
	}
	for _, c := range w[len(front):] {
		if !digit(c) {
			return false
		}
	}
	return true
}

// element tells GStreamer's elements by how they are named: nvh264enc,
// interpipesrc0, vapostproc. Encoders are told apart.
func element(w []byte) Object {
	for len(w) > 0 && digit(w[len(w)-1]) {
		w = w[:len(w)-1]
	}
	for _, c := range w {
		if !(c >= 'a' && c <= 'z' || digit(c)) {
			return NoObject
		}
	}
	if len(w) < 5 || !hasFront(w, "nv", "va", "qsv", "msdk", "vulkan", "vk", "gl", "cuda", "av1", "x26", "opus", "rtp", "udp", "pulse", "interpipe", "pipewire",
		"wayland", "video", "audio", "auto", "fake", "file", "app", "amf", "h26", "open", "svt", "aom", "webrtc", "tcp", "multi", "alsa") {
		return NoObject
	}
	switch {
	case hasEnd(w, "enc"):
		return Encoder
	case hasFront(w, "cuda"):
		return CUDA
	case hasFront(w, "pulse"):
		return PulseServer
	case hasFront(w, "waylandsink"):
		return WaylandDisplay
	case hasFront(w, "pipewire"):
		return PipeWire
	}
	if hasEnd(w, "dec", "sink", "src", "parse", "pay", "depay", "convert", "scale", "convertscale", "upload", "download", "postproc", "vpp", "mux", "demux",
		"testsrc", "moonlightpay", "displaysrc") {
		return Plugin
	}
	return NoObject
}

// shapeObject says of what kind a thing is whose shape tells.
func shapeObject(w []byte) Object {
	if i := bytes.Index(w, []byte("://")); i > 0 {
		switch {
		case hasFront(w, "tcp", "udp", "rtsp", "rtp"):
			return Port
		case hasFront(w, "unix", "npipe", "file"):
			w = w[i+3:]
		case has(w, "/v2/", "ghcr.io", "docker.io", "quay.io", "nvcr.io", "registry"):
			return ImageRef
		case wolfPort(portOf(w)):
			return WolfPort
		default:
			return NoObject
		}
	}
	if soname(w[bytes.LastIndexByte(w, '/')+1:]) {
		return sharedObject(w)
	}
	if hasFront(w, "/Gst") { // /GstPipeline:pipeline0/GstPulseSrc:pulsesrc0
		w = w[bytes.LastIndexByte(w, ':')+1:]
	}
	if o := node(w); o != NoObject {
		return o
	}
	if o := socket(w); o != NoObject {
		return o
	}
	if o := element(w); o != NoObject {
		return o
	}
	return place(w)
}

func sharedObject(w []byte) Object {
	switch {
	case has(w, "gstreamer-1.0/", "libgst"):
		return Plugin
	case has(w, "_drv_video", "_dri.so", "libvulkan_", "_icd.so", "libva.so", "libva-"), has(w, "/gbm/") && !has(w, "nvidia"):
		return DriverFile
	case nvidia(w):
		return NvidiaLibrary
	}
	return Library
}

func nvidia(w []byte) bool {
	return has(w, "nvidia", "libcuda", "libnv", "libnpp", "libcudart", "nvcuvid", "libnvrtc", "nvoptix", "NVIDIA")
}

// node tells device nodes.
func node(w []byte) Object {
	switch {
	case hasFront(w, "renderD"):
		return RenderNode
	case numbered(w, "event"):
		return EventNode
	case hasFront(w, "dev/"):
		w = w[4:]
	case hasFront(w, "/dev/"):
		w = w[5:]
	case has(w, "/dev/dri/", "/dev/nvidia", "/dev/uinput", "/dev/uhid"): // of a root file system
		w = w[bytes.Index(w, []byte("/dev/"))+5:]
	default:
		return NoObject
	}
	switch {
	case hasFront(w, "nvidia"):
		return NvidiaNode
	case hasFront(w, "dri", "kfd"):
		return RenderNode
	case hasFront(w, "uinput", "uhid"):
		return InputNode
	case hasFront(w, "input", "hidraw", "js"):
		return EventNode
	case hasFront(w, "snd/seq"):
		return Bus
	case hasFront(w, "snd", "dsp", "audio"):
		return SoundNode
	case hasFront(w, "fuse"):
		return FuseNode
	case hasFront(w, "shm"):
		return Memory
	case hasFront(w, "sd", "nvme", "mapper", "mmcblk", "vd"):
		return Disk
	}
	return OtherNode
}

// socket tells sockets by their names.
func socket(w []byte) Object {
	base := w[bytes.LastIndexByte(w, '/')+1:]
	switch {
	case numbered(base, "wayland-"), hasFront(base, "wayland-") && hasEnd(base, ".lock"):
		return WaylandDisplay
	case has(w, ".X11-unix", ".X0-lock", ".X1-lock", "Xauthority"):
		return XDisplay
	case has(w, "docker.sock", "podman.sock", "containerd.sock", "docker.pid", "daemon.json"):
		return DockerDaemon
	case has(w, "system_bus_socket", "/dbus", "/bus", "at-spi", "/keyring") && !hasEnd(w, ".conf"), hasEnd(w, "/doc"), has(w, "/snd/seq"):
		return Bus
	case has(w, "pulse"):
		return PulseServer
	case has(w, "pipewire-"):
		return PipeWire
	}
	return NoObject
}

// place tells files by where they are and what their ends say.
func place(w []byte) Object {
	switch {
	case source(w):
		if has(w, "wayland-display", "waylanddisplay", "smithay", "/comp/") {
			return Compositor
		}
		return NoObject
	case hasFront(w, "video/", "audio/", "image/"):
		return Format
	case has(w, "fake-udev", "/run/udev", "hwdb", "udev/rules"):
		return Hotplug
	case has(w, "nvidia-ctk", "nvidia-cdi-hook", "nvidia.com/", "/cdi/", "cdi.yaml", "nvidia-container"):
		return NvidiaToolkit
	case has(w, "icd.d", "egl_vendor.d", "vulkan/", "/usr/nvidia", "egl_external", "glvnd", "nvidia-drm_gbm", "10_nvidia", "/lib/firmware"),
		has(w, "/usr/") && nvidia(w):
		return DriverFile
	case has(w, "/proc/driver/nvidia", "/sys/module/nvidia"):
		return GPUDriver
	case hasFront(w, "/run/user", "/tmp/sockets", "/run/wolf", "/tmp/runtime", "/run/lock", "/tmp/.wolf"):
		return RuntimeDir
	case hasEnd(w, ".pem", ".crt", ".key", ".cer"):
		return Certificate
	case hasFront(w, "/sys/fs/cgroup", "/proc/sys", "/sys/kernel", "/proc/self", "/proc/thread-self"):
		return Privilege
	case has(w, "/entrypoint", "cont-init", "/init.d/", "/etc/s6", "/s6/", "/rc.init", "/etc/services.d", "/opt/gow/", "dpkg", "/apt/", "apt-get"), hasEnd(w, ".sh"):
		return Script
	case has(w, "/bin/", "/sbin/", "/usr/games/", "/local/games/"):
		return Executable
	case hasEnd(w, ".toml", ".conf", ".cfg", ".ini", ".css", ".yaml", ".yml", ".json", ".xml", ".lua"):
		return ConfigFile
	case hasFront(w, "/home/", "/root", "/data", "/var/lib/", "~", "$HOME", "/mnt/", "/etc/wolf"), has(w, "/.config", "/.local", "/.cache", "/.steam"):
		return StateFile
	case hasFront(w, "/usr", "/opt", "/etc", "/lib", "/var", "/run", "/tmp", "/proc", "/sys", "/app"):
		return ImageFile
	}
	if has(w, "kubernetes.io/", "k8s.io/") { // a label or taint
		return NoObject
	}
	if i := bytes.IndexByte(w, '/'); i > 0 && hasFront(w, "gpu.", "nvidia.com/", "amd.com/") { // a resource that a node offers
		return GPU
	}
	if i := bytes.IndexByte(w, '/'); i > 0 && (bytes.IndexByte(w[:i], '.') > 0 || hasFront(w, "library/")) && !hasFront(w, ".") {
		return ImageRef
	}
	return ImageFile
}
