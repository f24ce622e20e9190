package reading

// Object is the kind of thing an operation was about.
type Object uint8

// The objects, by kind.
const (
	NoObject Object = iota

	// Code that is loaded.
	Library       // any shared object
	NvidiaLibrary // libcuda, libnvidia-*, libEGL_nvidia
	Plugin        // a GStreamer plugin or element
	Executable
	Command // a program looked for by its name
	Script  // an init script or entrypoint

	// Device nodes.
	NvidiaNode // /dev/nvidia*
	RenderNode // /dev/dri/*
	InputNode  // /dev/uinput, /dev/uhid
	EventNode  // /dev/input/*, /dev/hidraw*
	SoundNode  // /dev/snd/*
	FuseNode
	OtherNode

	// Servers and their sockets.
	WaylandDisplay
	XDisplay
	PulseServer
	DockerDaemon
	Docker // nothing but the word
	Bus    // D-Bus
	PipeWire
	MDNS
	Port
	WolfPort // one that Wolf listens on
	Reconnect
	Peer    // the Moonlight client and what it sends
	Network // addresses, name resolution, routes

	// Files by place.
	RuntimeDir
	StateFile
	ConfigFile
	ImageFile  // what an image or a host brings: /usr, /opt, /etc
	DriverFile // NVIDIA's user space, ICDs, VA drivers, GBM back ends
	Place      // a line or section of a configuration
	Mount
	Disk

	// Containers.
	Container
	ContainerName
	ContainerNetwork
	ImageRef // an image, a manifest, a registry
	NvidiaToolkit
	Privilege // capabilities, namespaces, seccomp, setuid, profiles
	User

	// Limits.
	Memory
	HostMemory // main memory, as graphics interfaces call it
	Heap       // of one program
	GPUMemory
	Descriptors
	Watches // inotify
	Sessions
	EncoderSessions

	// Graphics and encoding.
	GPU
	GPUChoice // which of several
	GPUSuspend
	GPUStart  // a driver taking a GPU into use
	GPUKernel // a driver in the kernel, by its name
	GPUEngine // rings, page faults, resets: the kernel's words
	GPUDriver // the kernel module and its version
	Modeset
	EGL
	GL
	Vulkan
	VA
	CUDA
	NVENC
	NVML
	MFX
	Encoder
	Format
	Buffer // DMA-BUF
	BufferPool
	BufferRegistration
	Copy
	Xid
	NVRM // what the NVIDIA kernel driver says
	Fault
	GPUFault // what a program did on a GPU
	ElementName
	Property // that an element does not have
	Surface

	// What Wolf is made of.
	Pipeline
	Element // a property of an element
	Setting // a key of the configuration
	Reference
	Compositor
	Desktop
	Capture
	Input // a virtual mouse, keyboard or pad
	Hotplug
	Audio
	Certificate
	Pairing
	Cipher
	Resume
	ServerThread
	Runner      // what starts an app
	SocketCheck // Wolf's, of its Wayland socket
	Processes   // threads and processes that cannot be made
	GPUSubmit   // work handed to a GPU
	Answer      // of the container engine: whatever it refuses
	Unit        // a service that its supervisor starts again and again
	Panic       // of a Rust program
	KernelModule
	Fatal // the end of whoever says it
	Service
	Listen     // for connections
	Scheduling // of a container on a cluster
	Startup    // of a program, or what it cannot go on without
	numObjects
)

var objectNames = [numObjects]string{
	Library: "library", NvidiaLibrary: "NVIDIA library", Plugin: "plugin or element", Executable: "program", Command: "command", Fault: "fault of a program", NVRM: "NVIDIA kernel driver", Script: "script",
	NvidiaNode: "NVIDIA device node", RenderNode: "DRM device node", InputNode: "uinput or uhid", EventNode: "input device node",
	SoundNode: "sound device node", FuseNode: "fuse device node", OtherNode: "device node",
	WaylandDisplay: "Wayland display", XDisplay: "X display", PulseServer: "PulseAudio server", DockerDaemon: "Docker daemon", Docker: "Docker", Bus: "D-Bus",
	PipeWire: "PipeWire", MDNS: "mDNS service", Port: "port", WolfPort: "port of Wolf", Peer: "client", Network: "network", Reconnect: "reconnecting client",
	RuntimeDir: "runtime directory", StateFile: "state file", ConfigFile: "configuration file", ImageFile: "file", DriverFile: "driver file", Place: "line of a configuration",
	Mount: "mount", Disk: "disk", Container: "container", ContainerName: "container name", ContainerNetwork: "container network",
	ImageRef: "image", NvidiaToolkit: "NVIDIA container toolkit", Privilege: "privilege", User: "user",
	Memory: "memory", HostMemory: "main memory", GPUFault: "fault of a GPU program", ElementName: "element", Property: "element property", Heap: "heap", GPUMemory: "GPU memory", Descriptors: "file descriptors", Watches: "inotify", Sessions: "session",
	EncoderSessions: "encoder sessions", GPU: "GPU", GPUStart: "start of a GPU", GPUKernel: "GPU driver of the kernel", GPUChoice: "choice of the GPU", GPUSuspend: "power management", GPUEngine: "GPU engine", GPUDriver: "GPU driver", Modeset: "mode setting",
	EGL: "EGL", GL: "OpenGL", Vulkan: "Vulkan", VA: "VA-API", CUDA: "CUDA", NVENC: "NVENC", NVML: "NVML", MFX: "Intel media SDK",
	Encoder: "encoder", Format: "format", Buffer: "DMA-BUF", BufferPool: "buffer pool", Copy: "copy of a buffer", BufferRegistration: "buffer registration", Xid: "Xid",
	Surface: "surface", Pipeline: "pipeline", Element: "element property", Setting: "configuration key", Reference: "object reference",
	Compositor: "Wolf's compositor", Desktop: "desktop", Capture: "captured source", Input: "virtual input device", Hotplug: "input hotplug",
	Audio: "audio device", Certificate: "certificate", Pairing: "pairing", Cipher: "encryption", Resume: "resumed session",
	ServerThread: "server thread", Runner: "runner of an app", SocketCheck: "check of the Wayland socket",
	Processes: "threads or processes", GPUSubmit: "work for a GPU", Answer: "answer of the container engine", Unit: "service", Panic: "panic",
	KernelModule: "kernel module", Startup: "start of a program", Fatal: "end of a program", Service: "service", Scheduling: "scheduling", Listen: "listening",
}

// String returns the kind in words; empty for NoObject.
func (o Object) String() string {
	if o < numObjects {
		return objectNames[o]
	}
	return ""
}

// Objects is a set of kinds.
type Objects [2]uint64

// Has reports whether a kind is in the set.
func (s Objects) Has(o Object) bool { return s[o>>6]&(1<<(o&63)) != 0 }

// Meets reports whether two sets share a kind.
func (s Objects) Meets(t Objects) bool { return s[0]&t[0]|s[1]&t[1] != 0 }

func (s *Objects) add(o Object) {
	s[o>>6] |= 1 << (o & 63)
}

func objects(list ...Object) Objects {
	var s Objects
	for _, o := range list {
		s.add(o)
	}
	return s
}
