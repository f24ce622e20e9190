package reading

// objectWords name things, the more telling ones together with a reason.
var objectWords = [...]meaning{
	// Libraries and programs.
	{NoReason, Library, `shared object; shared library; shared libraries; dlopen; cannot open shared; dll; glibc; glibcxx; static tls block;
		elfclass; elf class; elf header; ld linux; preload; jni; libgcc; so file; java library path; platform plugin; qt platform plugin; imagemagick;
		python module; node module; require stack; module not found`},
	{Missing, Library, `need install; must install; please install; may need install; try installing; must install update; need to be installed;
		main class; could not load main class; class not found; load dynamic; no module named; modulenotfounderror; importerror; unsatisfiedlinkerror;
		cannot find module; error loading shared; error while loading shared; not load platform plugin; could not load qt platform; no lwjgl; not find
		library; library not found`},
	{Mismatched, Library, `glibc not found; version not found required; undefined symbol; symbol lookup error; wrong elf class`},
	{NoReason, NvidiaLibrary, `nvidia driver vol; driver vol; libcuda; nvcuda; libnvidia; nvidia driver volume; driver volume; stub library; cuda
		driver library; nvrtc; libnvrtc; nvidia libraries; nvidia library; nvidia user space; cuda egl functions; cudart; libcudart; nvcuvid; cuda
		library; cuda libraries; compiler library; jit compiler; nvidia vulkan; nvidia egl; nvidia userspace; libnvcuvid; nvidia encode; libglx
		nvidia; libegl nvidia; nvoptix; ngx; nvidia ml`},
	{NoReason, Executable, `executable; command; binary; execvp; execve; executable file; runnable; helper; program; exec; xkbcomp; path lookup;
		launcher; which no; env; interpreter`},
	{Missing, Executable, `interpreter missing`},
	{NoReason, Script, `startup script; init script; entrypoint script; unexpected token; cont init; bad substitution; unbound variable; bad
		interpreter; shell script; initialization script; legacy services; unexpected end file; eof while looking matching; s6 rc; s6 overlay; rc
		init; entrypoint; container init; dumb init; exec format; preinit; startup app; shebang; setup user; oneshot; longrun; services up; init
		stage; cont finish; supervise; pid 1; set e; dpkg; lock frontend; apt get; dpkg frontend; apt; package manager`},

	// Device nodes.
	{NoReason, NvidiaNode, `nvidiactl; nvidia uvm; nvidia device node; nvidia device files; nvidia device file; nvidia device nodes; nvidia caps;
		dev nvidia; nvidia modeset node`},
	{NoReason, RenderNode, `drm framebuffer; render node; drm node; drm device; dri device; drm render node; drm fd; render device; card node; drm
		get device; drmgetdevice; get render device; dri node; drm device node; primary node; renderd; render nodes; drm devices; drm node path;
		drmnode; kfd; dri devices; drm card; card0; card1`},
	{NoReason, InputNode, `uinput; uhid; libevdev uinput; ui dev create; uhid create; uinput device; ui dev setup; ui set evbit; virtual hid`},
	{NoReason, Input, `mouse; keyboard; touchscreen; trackpad; touchpad; virtual mouse; virtual keyboard; virtual gamepad; virtual joypad; create
		mouse; create keyboard; create joypad; create touch; create touchscreen; create trackpad; create pen; virtual input; virtual device;
		dualsense; ps5 joypad; xbox joypad; switch joypad; inputtino; create gamepad; create controller; create pen tablet; input manager; rumble;
		force feedback; lizard; pen tablet; mouse device; keyboard device; joypad; gyro; touchpad device`},
	{NoReason, EventNode, `hidraw; evdev; evdev device; event device; input device; event node; input node; joydev; gamepad device; joystick;
		gamepad; controller; libinput; input devices; sdl joystick; steam controller; hid device`},
	{NoReason, Hotplug, `fake udev; hotplug; hot plug; udev event; udev monitor; plug device; hwdb; unplugged device; udev database; uevent;
		device event; udev db; unplug device; hotplugged; udev; mknod; create device node`},
	{NoReason, SoundNode, `alsa; sound card; pcm; alsa device; snd; soundcard`},
	{NoReason, FuseNode, `fuse; fusermount; fuse device; fusermount3`},

	// Servers and what is spoken with them.
	{NoReason, WaylandDisplay, `wayland display; wayland socket; wl display; wayland connection; wayland; parent wayland; wayland backend; wayland
		client; wayland protocol; wayland events; wl registry; ozone wayland; remote display; waylanddisplay; xdg shell; wl compositor; layer shell;
		wayland event; compositor connection; wayland listening; listening socket source; wl socket; display socket; wlclient; wl shm global; xdg wm
		base; wayland global; display connection; parent compositor; host compositor`},
	{Lost, WaylandDisplay, `wayland connection broke; wayland compositor die; lost connection wayland; wayland connection lost; reading events
		display; read wayland events; dispatch wayland events; read events wayland; flush wayland; roundtrip wayland; compositor died; display
		disconnected; wl display error; invalid object; wayland display lost; compositor gone; connection compositor lost; compositor disconnected;
		events display broken pipe; lost connection compositor; wayland connection closed; wayland disconnected; wayland error; wl display dispatch;
		compositor went away; display went away`},
	{InUse, WaylandDisplay, `another compositor running; all wayland sockets; wayland socket in use; no free wayland; all names in use; all names
		are in use`},
	{NoReason, XDisplay, `x display; x server; xserver; x11; xcb; x connection; xlib; x io error; glx; display server; display variable; x error;
		xauthority; authorization protocol; mit shm; qxcb; xopendisplay; randr; xrandr; xkb; x client; x window; xsdl; x11 error; xlib extension;
		authorization required`},
	{Missing, XDisplay, `cannot open display; can't open display; could not connect display; x11 not available; unable open display; missing x
		server; no display specified; cannot connect x server; unable connect x server; could not open display; can not open display; display not set;
		no display; display unavailable; no protocol specified; no available video device; video driver failed; unable init server`},
	{NoReason, PulseServer, `pulse; pulseaudio; pulse server; pa context; pa context connect; pulse socket; pulse context; pactl; sound server;
		audio server; pa stream; pa mainloop; pulse sink; libpulse; null sink; module native protocol; pa pid; pacat; paplay; default sink; pulse
		client; virtual sink; sound daemon; audio context; context failed; sink input; module null; pulse cookie; audio daemon; daemon startup`},
	{NoReason, Audio, `audio device; playback device; audio output; audio sink; audio driver; openal; sound device; audio; audio backend; no
		sound; cubeb; sdl audio; portaudio; microphone; alsoft; jack; audio capture; virtual audio; audio system; audio subsystem; audio init; sdl
		openaudio; openaudiodevice; wasapi; oss; sound output; output device`},
	{NoReason, PipeWire, `pipewire; wireplumber; pw context; pw stream; spa; pw core`},
	{NoReason, DockerDaemon, `docker daemon; docker socket; docker api; docker engine; container engine; client version; docker host; iptables;
		nftables; docker curl; containerd; moby; buildkit; docker service; podman socket; dockerd; daemon json; graph driver; storage driver;
		graphdriver; docker client; docker sock; engine api; ip6tables; docker network; nat chain; firewalld; userland; cgroup driver; docker request;
		docker response; docker connection; docker container api; containerd socket; swarm; docker error; libpod; podman service; event stream docker;
		docker event; exit event; start daemon; docker engine api`},
	{NoReason, Bus, `dbus; session bus; system bus; message bus; bus name; at spi; gdbus; gvfs; rtkit; realtimekit; polkit; logind; keyring;
		rfkill; nl80211; bluez; bluetooth; upower; networkmanager; mpris; geoclue; user scope bus; gpg agent; ssh agent; secret service; system bus
		socket; dbus daemon; service files; bluetoothd; a11y; dconf; accessibility; gamemode; colord; udisks; openvr; steamvr; xsettings; xfconf;
		power manager; wifi; management interface; adapter handling; powerprofiles; session management; document portal; fuse init; can create user
		namespace; cancreateusernamespace; snd seq; seq open; midi; alsa sequencer; sequencer; session manager; window property; badwindow; badatom; baddrawable; bad window; bad atom; bad
		drawable; compositing manager running; x server already running; gcr; atk; ibus; fcitx; pm supported; notification daemon; system tray;
		tracker; gnome keyring; pkexec; thumbnail; execute child process; run script; gnome session; session script; reflexive address; gather
		candidates; agent gather; portal notification`},
	{NoReason, MDNS, `mdns; avahi; zeroconf; dns sd; multicast dns; mdns responder; service publish; bonjour; client sockets; mdns stack; service
		discovery; entry group; avahi entry group; multicast; 5353; mdns service`},
	{InUse, MDNS, `host name conflict; hostname conflict; name collision; another mdns responder; another ipv4 mdns stack; another ipv6 mdns
		stack; another mdns stack; mdns responder running; service name collision; local name collision`},
	{Invalid, ConfigFile, `object declaration; array declaration; syntax error value; object or array; property name enclosed; expecting property
		name; invalid control character; trailing comma; unterminated string; expected key; mapping values`},
	{NoReason, Port, `port; address already; tcp port; udp port; bind socket; listen socket; rtsp server; http server; https server; control
		server; listener; hostport; host port; nodeport; host ports; userland proxy; acceptor; binding; listen tcp; listen udp; bind address; socket
		bind; server socket; bind listen; ports used`},
	{InUse, Port, `address already in use; eaddrinuse; port already allocated; already listening; port in use; address in use; port taken; port
		occupied; no free ports; only one usage each socket address; port unavailable; address not available port; bind already in use; bind address
		already in use; already bound; addrinuse`},
	{NoReason, Peer, `dropping packet; dropping packets; conntrack; websocket; web socket; send video frame; send audio frame; video frame; stage;
		control stream; input stream; video stream; audio stream; stream establishment; working addresses; ping; client ping; rtp ping; enet; video
		packet; no video; control stream; udp packets; video traffic; audio traffic; moonlight client; peer; rtp; firewall; video received; control
		packet; packet loss; ice candidate; data channel; peer connection; port test; port forwarding; nat; upnp; ping packet; first packet; control
		connection; video stream started; udp traffic; network path; mtu; ports blocked; packets received; packets dropped; first frame; data
		received; connection host; client connection; starting session; rtsp handshake; ice connection; ice failed; ice agent failed; stun timeout`},
	{Lost, Reconnect, `send video frame closed; send audio frame closed; web socket closed; websocket closed; reconnecting; reconnect; reconnect
		attempt; reconnection; retrying connection; connection retry; connection dropped reconnecting; attempt reconnect; retry stream; reconnected`},
	{NoReason, Network, `tcp connect; http connect; connect error; dns; resolver; gateway; route; network; internet; proxy; netlink; socket
		address; ipv6`},

	// Files by place.
	{NoReason, RuntimeDir, `ipc socket; xdg runtime dir; runtime dir; runtime directory; xdg runtime; runtimedir; runtime folder; runtimedirnotset`},
	{Missing, RuntimeDir, `xdg runtime dir unbound; xdg runtime dir not set; runtime dir not set; xdg runtime dir unset; xdg runtime dir empty`},
	{Refused, RuntimeDir, `not owned by us; wrong permissions runtime; secure directory; owned uid 1000; owned different user; owned another user`},
	{NoReason, StateFile, `state folder; app state; home directory; home folder; data directory; profile directory; user data; cache directory;
		config directory; state directory; app state folder; saves; save file; savefile; steamapps; wineprefix; data dir; profile in use; save config;
		library folder; install directory; user profile; profile; app data; prefix; home dir; skel; settings file; xdg config; local share; session
		log; savestate; content directory; cfg write; write config; database; sqlite`},
	{NoReason, ConfigFile, `env file; dotenv; config; configuration; config file; toml; yaml; json; configuration file; ini file; config toml;
		validating; manifest file; daemon conf; compose file; unit file; xml`},
	{NoReason, Setting, `runner type; event type; invalid event; field; setting; option; directive; config key; environment variable; enum value;
		field named; key value; value type; toml parse; config version; decode error; tomldecodeerror; port definition; invalid uuid; parse string;
		unknown type; unknown field; unknown key; missing key; missing field; table array; next token; equals; deserialize; serialization; reflect;
		rfl; basic string; config value; base create; parser; decode; toml error; string value; bool; integer; key in; variant; duplicate key; schema;
		env variable; required key; profile id; app id; parse field; key value pair`},
	{NoReason, DriverFile, `no drivers; found no drivers; load module nvidia; module nvidia; no driver; icd; vendor library; gbm backend; dri
		driver; mesa loader; driver json; glvnd; egl vendor; vdpau; nvidia drm gbm; icd file; nvidia icd; kms swrast; loader json; driver manifest;
		implicit layer; egl external platform; gbm path; icd json; gbm so; driver file; driver files`},
	{NoReason, Mount, `mount; mounting; bind mount; bind source; mount point; rootfs; mountpoint; host path; hostpath; bind source path; mount
		source; mount propagation; shared mount; overlay; mounts; gather device information; custom device; volume specification; container path;
		umount; directory onto file; mountvolume; volume mount; device mapping; volume; mount destination; slave mount; remounting; read only mount;
		source path; docker mount; gathering device information; bind path; tmpfs; subpath; mountpoint duplicate; propagation; mount type; unable to
		mount volumes; file onto directory; mount option; statfs; error stating file`},
	{NoReason, Disk, `thin pool; data device; disk; disk space; disk quota; ephemeral storage; storage; filesystem full; free space; inode; image fs; imagefs; nodefs;
		disk pressure; space left; write error; blk update; quota; save disk; device full; free disk`},
	{Exhausted, Disk, `out of space; no space left; no space left device; disk full; enospc; device full; disk quota exceeded; edquot; not enough free space;
		not enough disk space; insufficient disk space; out disk space; disk pressure; low resource ephemeral; filesystem full; low disk space; no
		free space; insufficient space; not enough space; out of disk; not enough free disk; disk is full; insufficient free space; nospace; storage
		full; freediskspacefailed; no space on device; imagegcfailed; low diskspace`},

	// Containers.
	{NoReason, Container, `container; container process; oci runtime; shim task; runc; crun; containerd task; pod; shim; docker exec; runtime
		create; oci; exec instance; runpodsandbox; containers; podman; conmon; oci hook; prestart hook; container start; youki; runsc; cgroup;
		podsandbox; container status; createcontainer; containercannotrun; pod sandbox; systemd cgroup; cgroup manager; dbus cgroup; start container;
		stop container; create container; sandbox create`},
	{NoReason, ContainerName, `container name; endpoint with name; same name; endpoint name; container with name`},
	{InUse, Mount, `duplicate mount; duplicate mount point`},
	{InUse, ContainerName, `removal already in progress; marked for removal; removal of container; container name in use; name already in use;
		name already used; name in use; endpoint name already exists; endpoint with name already exists; name already taken; name reserved; container
		name already; conflict container name; container already exists; already exists in network; removal container already`},
	{NoReason, ContainerNetwork, `container network; ipam; veth; address pool; network mode; network sandbox; bridge network; docker0; bridge;
		address pools; libnetwork; external connectivity; network namespace path; endpoint; joining network; network attachment; overlapping ipv4;
		subnet; network not found; network default`},
	{NoReason, ImageRef, `image; manifest; registry; repository; pull; pulling; errimagepull; imagepullbackoff; reference format; manifest
		unknown; digest; docker login; blob; pull access; docker auth; authentication error; docker hub; basic auth; platform; architecture;
		imageinspecterror; imagepull; login; unpack layer; layer; layers; ghcr; docker io; invalid tar header; extract layer; imagenotfound;
		credentials; credential helper; credential; image config; image name; image reference; arm64; amd64; image service; oci index; content digest;
		image tag; authentication required; requires authentication`},
	{Exhausted, ImageRef, `toomanyrequests; pull rate limit; rate limit; too many requests`},
	{Exhausted, NvidiaToolkit, `insufficient nvidia; insufficient nvidia com gpu; insufficient nvidia com`},
	{NoReason, NvidiaToolkit, `nvidia container cli; nvidia container; cdi; cdi device; nvidia ctk; libnvidia container; device driver nvidia;
		device driver; unknown runtime; runtime handler; nvidia runtime; runtime class; ldcache; cdi spec; device plugin; nvidia com gpu; gpu
		operator; nvidia hook; auto detected mode; container toolkit; nvidia visible devices; runtimeclass; container cli; runtime for nvidia; handler
		nvidia; oci specification; oci spec; discoverer; injecting devices; cdi specification; inject cdi; runtime name; default runtime; invalid
		runtime; nvidia smi container; device requests; nvidia docker; no runtime nvidia; runtime nvidia; cdi devices; nvidia container runtime;
		legacy mode; csv mode; device request; mount nvidia; driver rpc; nvc`},
	{NoReason, Privilege, `namespace; namespaces; user namespace; unshare; newuser; capability; capabilities; seccomp; apparmor; selinux; pivot
		root; bwrap; bubblewrap; sudo; newuidmap; newgidmap; podsecurity; pod security; sandbox helper; chroot; suid; ptrace; device cgroup; sysctl;
		subuid; rootless; privileges; setns; keyctl; uid map; gid map; setgroups; capset; host namespaces; security context; suid sandbox; setpriv;
		security policy; sys ptrace; sys nice; rtnetlink; net admin; root privileges; superuser; setuid; setgid; nosuid; no new privileges; sys admin;
		privileged; effective uid; bpf; file capabilities; setcap; profile docker default; clone newuser; clone; avc; sandboxing; zygote; mount
		namespace; proc mount; ambient; securebits; proc sys; switch user; switching; effective capability; userns; namespace sandbox; capset failed;
		cap sys; cap net; cap set; cap dac; cap mknod; cap chown; cap fowner; cap ipc; cap bpf; cap perfmon; apply caps`},
	{Refused, Privilege, `no new privileges; effective uid not 0; must run as root; apparmor denied; apparmor denied operation; violates
		podsecurity; avc denied; seccomp violation; insufficient privilege; permissions create namespace; creating namespace failed; user namespaces
		disabled; failed switching; not in sudoers; must be root; need be root; root required; not permitted namespace; denied operation; denied mask;
		privileged required; nosuid option; running as root without; are you root; requires user namespaces; requires unprivileged`},
	{NoReason, User, `useradd; usermod; groupadd; groupmod; userdel; groupdel; deluser; delgroup; adduser; addgroup; chown; chgrp; gpasswd;
		passwd; invalid user; invalid group; unknown user; unknown group; user unknown; group unknown; getpwuid; getpwnam; no such user; no such
		group; initgroups; gid already exists; uid already exists; uid not unique; gid not unique; user not exist; group not exist; cannot find name
		user; login name; group id`},

	// Limits.
	{NoReason, Memory, `memory; oom; oom killer; swap; enomem; bad alloc; anon rss; memory cgroup; memory pressure; memory limit; low memory;
		page allocation; system memory; oom kill; oom reaper; earlyoom; systemd oomd; anonymous memory; bytes requested; mmap failed; memory
		allocation; std bad alloc; malloc; realloc; xrealloc; xmalloc; calloc; cgroup memory; memory error; memoryerror; overcommit; ram; shm size;
		dev shm; lowmemorykiller; oomd; memcg`},
	{Exhausted, Memory, `out memory; outofmemory; cannot allocate memory; not enough memory; memory exhausted; enomem; bad alloc; std bad alloc;
		oomkilled; oom killed; oom kill; killed process; memory cgroup out memory; low memory; memory pressure; memory limit exceeded; exceeded memory
		limit; memory allocation failed; page allocation failure; out memory error; outofmemoryerror; insufficient memory; failed allocate memory;
		malloc size failed; malloc failed; realloc failed; calloc failed; invoked oom killer; oom reaper; reaped process; cannot allocate bytes; oom
		killer; memory low; memoryerror; memory available low; could not allocate bytes; unable allocate bytes; allocation of bytes failed; killed oom
		killer; memory is low; create buffer boolerror`},
	{Exhausted, Heap, `java heap space; heap space; javascript heap; gc overhead limit; metaspace; heap limit; max heap; stack overflow;
		stackoverflowerror; lua memory; maximum call stack; heap exhausted; virtual machine heap; not reserve enough space object heap`},
	{NoReason, GPUMemory, `vram; gpu memory; device memory; video memory; graphics memory; framebuffer memory; gpu heap; cu mem alloc; cudamalloc;
		gl out memory; ttm; gem object; gem create; execbuf; execbuffer; bo create; buffer object; texture; aperture; gart; bar1; gbm bo; create bo;
		8007000e; device local; gtt; buffer eviction; cudamalloc3d; texture storage; tex storage; tex image; 2d texture`},
	{Exhausted, GPUMemory, `out device memory; error out device memory; gl out memory; cuda out memory; cuda error out memory; err memory alloc;
		out vram; out video memory; not enough video memory; insufficient device memory; egl bad alloc; nv enc err out memory; out gpu memory;
		8007000e; va status error allocation failed; mfx err memory alloc; insufficient video memory; not enough memory command submission; not enough
		memory for command submission; cuda failed allocate; not enough vram; exceeds vram; gpu out memory; vram exhausted; out pool memory; no memory
		for buffer object; bo allocation failed; failed allocate surface; cannot allocate texture; could not allocate gpu; create texture failed;
		failed create texture; gl error 1285; 0x0505; framebuffer allocation; gpu allocation failed; failed allocate gpu memory; insufficient gpu
		memory; graphics memory low; low graphics memory; resource allocation failed; surface allocation failed`},
	{Exhausted, Descriptors, `file max limit; file max; number of clients reached; too many open files; emfile; enfile; file table overflow; out
		file descriptors; cuda error operating system; fd limit; open file limit; limit number open file; os call failed; file descriptor limit; no
		free file descriptor; file descriptors exhausted; out fds; too many files open; no file descriptors left`},
	{NoReason, Watches, `inotify; inotify init; inotify init1; inotify watches; max user watches; max user instances; inotify instances; file
		watch; watches; fsnotify; inotify add watch; file watcher; fs watcher; file watchers; watch directory; file monitor; filesystemwatcher; g file
		monitor; configured user limit`},
	{Exhausted, Watches, `inotify limit; watch limit reached; inotify watches exhausted; limit number inotify; limit file watchers; inotify too
		many open files; inotify init too many; inotify init1 too many; inotify init1 failed; limit for number of file watchers; instances 128`},

	// Sessions and clients.
	{NoReason, Sessions, `session; sessions; lobby; lobbies; streaming session; stream session; previous session; existing session; app already
		running; already streaming; session slots; session state; node audio; node video; add node; wolf session`},
	{InUse, Sessions, `multiple sessions; several sessions; more than one session; not unique; session already; app already running; previous
		session still; session still running; already streaming; session still active; another session running; game already running; still streaming;
		node not unique; another client streaming`},
	{NoReason, EncoderSessions, `concurrent sessions; encode sessions; encoder sessions; open encode session; encode session; incompatible client
		key; nvenc session; session limit; encoder session; concurrent encode; sessions limit; simultaneous encode; maximum sessions; nvenc sessions;
		concurrent nvenc; openencodesessionex; openencodesession; encoding sessions; encode session limit; simultaneous sessions; session count
		encoder`},
	{NoReason, Certificate, `certificate; cert; x509; tls alert; unknown ca; ssl; tls; tls handshake; ssl handshake; self signed; client cert; no
		shared cipher; openssl; gnutls; trust store; ssl routines; private key; mtls; rsa; pkey; asn1; untrusted; sslv3; pem; fingerprint; handshake;
		ssl error; public key; unknown authority; bad signature; cert chain; key usage; certs; sslv3 alert; sha256`},
	{NoReason, Pairing, `pairing; paired; pair request; pair phase; pair client; client pair; pin; server challenge; pairing secret; client
		secret; pairing phase; hash mismatch client; pair with; cannot pair; clientchallenge; serverchallenge; getservercert; pairing handshake; salt;
		pairing pin; unpair; pair pin; out order pair`},
	{NoReason, Cipher, `message tag; decrypt; decryption; evp; cipher; gcm; bad decrypt; tag mismatch; rikey; session key; gcm tag; aes key;
		encryption key; decrypt final; authentication tag; undecryptable; encrypted packet; aes gcm; hmac; aes; encrypted; rikeyid; encrypt; auth tag;
		cbc; wrong final block length; bad record mac; block length; iv length; evp decryptfinal; padding; ciphertext`},
	{Invalid, Cipher, `failed decrypt; decrypt failed; cannot decrypt; decryption failed; unable decrypt; evp decryptfinal ex; evp decryptfinal;
		wrong key; bad key; dropping packet decrypt; corrupt packet decrypt`},
	{NoReason, Resume, `resume; resume event; resume session; resuming; session id; running app resume; active session; running session;
		unregistered session; unknown session; session expired; running game; app resume; stale session`},
	{Missing, Resume, `unrecognised client; unrecognized client; unknown client; unknown peer; unrecognised peer; unregistered session; unknown
		session; session not found; no active session; no such session; session not exist; session doesn exist; invalid session; no running app; no
		running session; no session; session expired; session unknown; unable find session; can't find session; could not find session; no session
		found; no game running; not streaming; session gone; session has ended; no app running; not running resume; session not running; unregistered`},

	// Graphics.
	{NoReason, GPU, `gpu; gpus; graphics card; graphics device; display adapter; video card; graphics adapter; cuda device; physical device;
		physical devices; i915 devices; cuda devices; amd device; intel device; pci device; discrete; pci; adapter; nvidia device; compute device;
		cuda capable; no adapters; graphics hardware; gpu device; hip; rocm; available device; gpu id; vendor; egl device; drm adapters; video device;
		nvidia gpu; amd gpu; intel gpu; vendor id`},
	{Missing, GPU, `zero accessible devices; zero devices; no accessible devices; 0 devices; zero gpus; no cuda capable device; no gpu; no gpus;
		found 0 gpus; no supported gpu; no compatible gpu; no suitable gpu; gpu not found; no physical device; no physical devices; no adapter; no
		adapters; no dri device; no nvidia device; unable find gpu; no drm device; no drm devices; cuda error no device; no cuda devices; no render
		devices; no available device; no device available; no devices found; no device found; no devices were found; no cards; no discrete; no
		integrated; gpu is missing; no render node; no cuda gpus; no gpu device; no capable devices; no nvenc capable devices; failed find gpu; no
		usable gpu; zero gpus; 0 gpus; devices found none; no graphics; no matching gpu; no hardware; no vulkan capable gpu; no nvidia; driver not
		loaded; no available gpu`},
	{Invalid, GPUChoice, `unrecognised vendor; unrecognized vendor; unknown vendor; wrong gpu; only 1 gpus; gpu doesn match; not match default;
		gpu mismatch; gpu index out range; device id mismatch; determine drm node; determine drmnode path; vendor not; no gpu device drm node; wrong
		device; not same device; find nvidia gpu 1; unsupported vendor; invalid device ordinal; invalid device index; cuda error invalid device;
		device id out range`},
	{Unsupported, GPU, `device does not support; legacy driver; legacy drivers; legacy gpu; compute chip; gpu too old; gpu unsupported;
		unsupported gpu; unsupported device; device not supported; gpu not supported; unsupported chipset; physical device doesn support; gpu doesn
		support; hardware doesn support; hardware does not; not supported gpu; not supported hardware; not supported device; card does not support;
		unsupported hardware; does not have required; device lacks; gpu lacks; device doesn support; architecture not supported gpu; no longer
		supports gpu; gpu arch; proprietary drivers supported; gpu family; vulkan 1 3 required; doesn meet requirements; graphics card not supported;
		no binary gpu; no kernel image`},
	{Failed, GPUStart, `fatal error gpu init; failed initialize psp; gpu initialization failed; failed load firmware; probe failed; device
		initialization failed; failed bind device; not responding pci; unknown header type; firmware missing; failed get firmware; no nvidia gpu;
		failed initialize adapter; none nvidia devices; firmware load failed; failed firmware; gsp boot failed; nvrm no nvidia; unknown chipset;
		firmware not found`},
	{Crashed, GPUEngine, `gpu reset; gpu hang; gpu lockup; ring timeout; device lost; gpu page fault; page fault gfxhub; gfxhub page fault; gpu
		recovery; vm fault; gpuvm fault; wedged; gpu fault; context lost; graphics reset; gpu hung; illegal opcode; gpu crash; vm l2; protection fault
		status; job timedout; vram lost; sched error; ctxsw timeout; mmu fault; soft recovery; cs cancelled; cs rejected; resetting chip; resetting
		rcs0; hangcheck; gpu crashed; fence timeout; vcn timeout; gpu lost; mes failed; innocent context; gpu coredump; retry page fault; parser
		initialize; smu failed; gpu is lost; gpu error; hung gpu; flip done timed out; gpu is hung; gpu deadlock; gpu watchdog; removed adapter; dxgi
		error device removed; device removed; d3d device lost; device hung; err gpu hang; reset gpu; compute hang; engine hang; gcvm l2; fault address
		gpu; ring gfx timeout; ring comp timeout; guc failed; guc load failed; huc failed; guilty context; gpu hang detected; ring timedout; gfxhub
		fault; engine reset failed; unrecoverable gpu; soft reset; softreset; reset legacy queue; gr trap; timedout job; job timeout; engine memory
		cat error; cat error; ring stuck; lockup`},
	{NoReason, GPUSuspend, `smu; dpm; suspend; resume ip block; power management; noirq suspend; s3; s0ix; pm suspend; device resume`},
	{NoReason, Xid, `fallen off bus; fell off bus; ecc; gsp; gsp rpc; row remap; row remapper; kgsp; robust channel; channel fault; gpu recovery
		action; nv gpu; nvidia gpu fault; rc error; uvm fatal; nv err; gsp timeout; rpc timeout; gpu fell; gpu is lost reboot; nv assert; krc; fabric
		manager; nvswitch; page retirement; gpu requires reset; reset required; nvlink error; nvlink fatal; nvlink training`},
	{NoReason, GPUDriver, `driver version; kernel module; nvidia driver; driver library version; kernel driver; nvidia module; api mismatch; rm
		version; guest host drivers; module version; cuda driver version; nvidia kernel; dkms; nouveau; nvidia drm; vgpu; nv kms kapi; vermagic;
		version magic; insmod; driver insufficient; cuda driver; nvidia version; required nvidia driver; driver mismatch; ptx; ptx version; ptx jit;
		invalid ptx; unsupported ptx; forward compatibility; compat; nvenc api version; nvidia uvm module; symbol nv; nvidia kernel module; display
		driver; graphics driver; driver api version; provided ptx; toolchain; nvidia uvm unknown; system driver`},
	{Mismatched, GPUDriver, `nvml library version; kernel module requires; driver version insufficient; api mismatch; driver library version
		mismatch; driver mismatch; system driver mismatch; incompatible guest host drivers; minimum required nvidia driver; disagrees version symbol;
		nv enc err invalid version; unsupported ptx version; ptx version; version mismatch driver; rm version mismatch; driver too old; update driver;
		newer driver; older driver; invalid ptx; ptx jit compilation; forward compatibility; compat not supported; required nvenc api; nvenc api
		version; minimum nvidia driver; version magic; unknown symbol nv; driver version too; requires driver version; driver newer; driver out date;
		disagrees about version; update your graphics driver; update nvidia driver; upgrade driver; driver outdated; kernel module version; compiled
		unsupported toolchain; cudart insufficient; library version mismatch; nvml driver mismatch; insufficient driver; driver is insufficient;
		invalid kernel image; kernel image invalid; error invalid image`},
	{NoReason, Modeset, `modeset; kms; kernel mode setting; mode setting; drm lease; drm master; atomic modeset; kernel modesetting; kms device;
		drm kms; dumb buffers; nvidia drm modeset; fbdev; atomic commit; cap dumb`},
	{NoReason, EGL, `fbo; framebuffer object; framebuffer binding; allocator; eglget; bind framebuffer; incomplete framebuffer; framebuffer
		incomplete; framebuffer complete; rendering error; rendering failed; egl; egl display; egl context; eglinitialize; eglcreatecontext; egl
		surface; eglgetplatformdisplay; eglmakecurrent; libegl; egl config; renderer; gles; gbm device; gbm; create renderer; gles2; graphics backend;
		hardware acceleration; clutter backend; shader; graphics context; glamor; gl renderer; wlr renderer; rendering context; egl error; dri2; dri3;
		make current; surfaceless; eglquery; gpu process; initialize renderer; glx context; qrhi; webgl; software rendering; gl context; opengl
		context; opengl es; eglcreate; egl stream; glxcreatecontext; swrast; llvmpipe; gbm create device; gl implementation; angle; dri screen;
		context creation; angle vulkan; zink; renderer backend; mesa; scene graph; skia`},
	{NoReason, GL, `gl; opengl; glsl; gl error; gl version; gl extension; glfw; glversion; opengl version; opengl 3 3; core profile`},
	{NoReason, Vulkan, `wgpu; timeline semaphore; vulkan; vk; vkcreatedevice; vkcreateinstance; vkenumerate; swapchain; swap chain; vkresult;
		dxvk; vkd3d; radv; anv; lavapipe; venus; nvk; turnip; vulkan layer; vulkan loader; vkqueuesubmit; vkallocate; vkqueue; vkget; vulkaninfo;
		presentation surface; instance extension; wsi; anvil`},
	{NoReason, VA, `vaapi; va api; va display; vainitialize; libva; va driver; va status; vaconfig; vaprofile; vacreatecontext; vacreateconfig;
		vaendpicture; va surface; va error; va context; vadisplay; va; vaentrypoint; hwdevice; hwaccel; video acceleration; vasyncsurface;
		vabeginpicture; vapostproc; hw device; hardware device context; va backend; vagetdrivernames; drv video; vaderiveimage; libva info; hwcontext;
		va drm; va opendriver; vdpau device; va open driver; va create; va sync; va end picture; va begin picture; va initialize; va map; va derive;
		va export; va query; va terminate; va get`},
	{NoReason, CUDA, `push context; current context; module from ptx; cuda; cuda context; cuinit; cuctx; cuctxcreate; cuda error; cuda call; cuda
		initialization; cuctxpushcurrent; cudaerror; cuda stream; cuda runtime; cudevice; gst cuda; curesult; cudevicegetcount; cudevicegetattribute;
		cugraphics; gst cuda context; cumemcpy; cudeviceget; cuda result; cumodule; curand; cu ctx; cu device; cu init; cu stream; cu module; cu
		launch; cu graphics; cu import; cu external; cu event; cu mem; cu memcpy; context destroyed; invalid device context; cuda device context`},
	{NoReason, NVENC, `lock bitstream; nvenc; nv enc; nv encoder; nvencc; nvenc api; nvenc status; nv encode; nvencodeapicreateinstance;
		nvencodeapi; nvautogpu; nvencoder`},
	{NoReason, NVML, `nvml; nvidia smi; initialize nvml; nvmlinit; pynvml; nvml error; dcgm`},
	{NoReason, MFX, `mfx; qsv; quick sync; quicksync; onevpl; media sdk; mfxvideoencode; msdk; vpl; libmfx; mfxinit; intel media; ihd; mfxload;
		mfxcreatesession; libvpl; msdkcontext`},
	{NoReason, Encoder, `svt; source width; source height; encoder; encoders; encoding; codec; preset; presets; rate control; h264; hevc; av1; h265; bitrate; encode; b frames;
		chroma; 10 bit; 10bit; hdr; yuv444; 4 4 4; resolution; video codec; main10; lookahead; hardware encoder; video encoder; intra refresh; encode
		device; cqp; cbr; vbr; high profile; main profile; baseline profile; codec profile; reference frames; coding options; gop; video profile;
		encode profile; streaming video; hardware encoding; hardware codec; setting profile; encoder config; encode params; idr; x264; x265; encoded
		frame; bit depth; level idc; tune; encoding entrypoint; video encoding; bit_rate; 4k; codecs; frame size; dimensions; encoder initialization;
		initialize encoder; initializeencoder; output stream; encode frame; encodepicture; rc mode; unsupported profile; unsupported entrypoint;
		unsupported rt format; unsupported codec`},
	{NoReason, Format, `caps; format; negotiate; negotiation; pixel format; video format; input formats; output formats; capsfilter; framerate;
		filtered caps; colorspace; wrong format; transform caps; fixate; link caps; not negotiated; drm format; color format; fourcc; accept caps;
		formats; subset; colorimetry; set caps; common format; media type; src pad; sink pad; link pad; link elements; nv12; p010; pad link; caps
		event; src caps; sink caps; downstream; raw video; plane layout; interlace mode; video info; gstvideoinfo; stride mismatch; output format;
		input format; format conversion; multiview; vaapi format; format enum; color matrix; pixel aspect`},
	{Failed, Format, `not negotiated; no common format; could not link; failed link; not accepted; cannot link; couldn link; no more input
		formats; no more output formats; not accept caps; could not transform; can't handle caps; wrong format; no intersection; empty caps; caps
		incompatible; unsupported video format; caps not; negotiation failed; failed negotiate; no supported format; no format found; no matching
		format; pad link failed; wrong stream format; stream wrong format; failed set caps; unable negotiate; don't match caps; invalid caps; refused
		caps; notnegotiated; couldn negotiate; not fixed; caps rejected; unhandled format; unsupported format; unsupported pixel format; unknown
		format`},
	{NoReason, Buffer, `dmabuf; dma buf; modifier; modifiers; linux dmabuf; egl image; eglimage; dmabufs; linux buffer params; buffer import; wl
		buffer; wl drm; import buffer; prime fd; prime handle; drm prime; prime import; external texture; image khr; zwp linux dmabuf; dma buffer;
		eglcreateimage; import fd; sync file; syncobj; explicit sync; shm buffer; external memory; drm modifier; import dma; dmabuf feedback; import
		texture; eglimagetarget; graphics resource; registerimage; eglregisterimage; prime export; export fd; gl texture resource; imported; addfb2;
		framebuffer id; plane fd; cugraphicseglregisterimage; shared texture; texture import; import image; import external`},
	{NoReason, BufferPool, `video buffer; fallback buffer; buffer pool; bufferpool; pool; acquire buffer; gst buffer pool; map buffer; frame map; mapping error;
		mappingerror; map video frame; map frame; mapping buffer; convert buffer; gst buffer; buffer map; map gpu; map memory; surface pool; frame
		pool; mapping failed; allocate buffer; activate pool; pool config; acquire surface; map surface; allocate frame; buffer allocation;
		video frame map; map input; buffer from pool; pool is flushing; cudabufferpool`},
	{NoReason, BufferRegistration, `resource register; register resource; resource registration; registered resource; map resource; unregister
		resource; resource not registered; register input resource; resource not mapped; register cuda resource; registerresource; mapinputresource;
		registered input; input resource; unmap resource; registered with another; get resource; nv enc register; lock resource`},
	{NoReason, Copy, `copy; source buffer; destination buffer; memcpy; copied; memcpy2d; cumemcpy2d; copy system; copy cuda; copy buffer; copy
		frame; copy texture; transfer; blit; cuda copy; upload; download; memcpy2dasync`},
	{Leaked, Surface, `surfaces leaked; surface leaked; textures leaked; buffers leaked; framebuffers leaked; objects leaked; contexts leaked;
		outstanding surfaces; surface not destroyed; resource leak gpu; memory leak gpu; images not freed`},

	// GStreamer.
	{NoReason, Plugin, `element; element factory; plugin; plugins; gstreamer plugin; factory; gst plugin; plug in; type find; gst element;
		wrapped plugin; blacklisted; gst registry; gst inspect; gst plugins bad; gst plugins ugly; gst libav; gstreamer installation; plugin loader`},
	{Missing, Plugin, `missing plugin; missing gstreamer plugin; missing gstreamer plugins; plugin missing; missing element; element not found;
		no decoder; missing plugins; could not create element; failed create element; plug in missing; missing plug in; no plugin; missing decoder; no
		encoder; element does not exist; unknown element; element unavailable; no suitable plugins; missing required plugin; gst plugins not;
		installation missing`},
	{NoReason, Element, `property; properties; element property; property named; property value; property does; leaky; unexpected reference; gst
		parse error; erroneous pipeline; pipeline parse; no source element; no sink element; empty pipeline; delayed linking; pipeline description;
		class property; parse launch; object property; link has no; unexpected pad; gst parse; gobject property; launch line; no such pad; object type
		property; property type; bad pipeline; pipeline string; pipeline syntax`},
	{Corrupted, Reference, `still has parent; double free; invalid pointer free; unref finalized; use after free; instance of invalid; non
		instantiatable; invalid unclassed; null instance; assertion gst is; malloc unaligned; corrupted size`},
	{NoReason, Reference, `unref; g object unref; gst mini object; mini object; g object ref; finalized; double free; instantiatable; g type
		check instance; type instance; gst buffer unref; disposed; g free; dispose; already freed; non instantiatable; invalid unclassed pointer; mini
		object unref; g is object; gst is object; gst caps unref; refcount; ref count; toggle ref; weak ref; object ref; free chunk; tcache; chunk;
		heap use after free; next size; free list; writable mini object; invalid free; floating reference; still parent; use after free; gst memory
		unref; gst is caps; invalid cast; reference count; buffer writable; double linked list; prev size; unsorted; tcache chunk`},
	{NoReason, Pipeline, `streamer; supporting library; access resource; open resource; write resource; read resource; resource busy; resource
		settings; gst base; video info null; bitstream; bitstream buffer; pipeline; streaming stopped; state change; preroll; internal data stream;
		set state; bus error; data stream; gstreamer; gst bus; change state; streaming task; gst state; flow error; internal data; push buffer; stream
		error; linking; internal data flow; gst stream error; appsrc; appsink; failed start stream; gsterror; streaming loop; set playing; set paused`},

	// Wolf, its compositor, and the desktops of apps.
	{NoReason, Compositor, `compositor thread; smithay; waylanddisplaycore; wayland display core; compositor; calloop; wolf compositor; gst
		wayland display; waylanddisplaysrc; seat keyboard; add keyboard; bad keymap; badkeymap; keymap; damage tracker; render frame; frame rendering;
		damage; surface state; seat; wl output; output damage; space render`},
	{NoReason, Desktop, `sway; gamescope; xwayland; kwin; mutter; gnome shell; plasmashell; xfwm4; xfce; xfce4; labwc; weston; window manager;
		desktop; waybar; cosmic; hyprland; wlroots; wlr; openbox; kde; cinnamon; xfdesktop; xfce4 panel; i3; xwm; gnome; plasma; cosmic comp; swaybg;
		swaymsg; cage; desktop session; kcrash; window system; nested compositor; xfsettingsd; xinit; startx; muffin; marco; lxqt;
		iwaitable; backend; libseat; seatd; tty; vt; x window system; desktop environment; headless backend; screen; output layout; kwin wayland;
		window system error; drm session; compositing manager`},
	{Crashed, Desktop, `fatal server error; kcrash; x window system error; server hung up fatal; iwaitable hung up; unable create backend; server
		hung up; caught signal server aborting; failed create backend; failed start xwayland; desktop crashed; window manager crashed; xwm died;
		server aborting; server terminated with error; fatal server; no screens found; no backend; failed start session; primary child shut down;
		failed initialize backend; cannot run in framebuffer mode; could not initialize display; could not initialize compositor; failed start
		compositor; backend failed; xserver died; failed to start drm backend`},
	{NoReason, Capture, `xdpw; capture; screencast; screen cast; grab; remote desktop; image copy; producer; portalgrab; screencopy; captured;
		capture source; remotedesktop; pipewiresrc; capture session; screenshot; source node; screen capture; kmsgrab; x11grab; recorder; wf recorder;
		wlr screencopy; record; stream node; node id; screen cast start; recording; mutter screencast; ximagesrc; xdg desktop portal wlr; screen
		share; ext image copy; kms grab; selectsources; createsession portal; openpipewireremote; target output; output not found; capture stream;
		portal session; screencast portal; portal screencast; desktop portal screen`},
	{Lost, Capture, `no output found; couldn find monitor; find monitor; no monitor; stream went away; source went away; capture failed; capture
		source lost; producer lost; stream removed; node removed; frame capture failed; pipewire stream error; screencast closed; portal session
		closed; screencast session closed; target not found; stream disconnected; capture stopped; capture ended; screen cast ended; pipewire error;
		pipewire remote error; stream error pipewire; grab failed; capture timed out; no frames captured; capture lost; producer disconnected; no
		frame received source; pipewire disconnected; screencopy failed; frame copy failed`},
	{Missing, Runner, `start specified application; start application; run application; launch application; find app; start process; runner not
		started; no runner; runner failed; app not started; could not start app; failed start app; unable start app; runner aborted; failed launch
		app; no such app; runner exited; never started`},
	{Missing, SocketCheck, `wayland socket not ready; socket not ready; socket was not ready; endpoint not socket; exists not socket; is not a
		socket; socket timeout; wayland socket never; timed out waiting wayland; socket did not appear; no wayland socket; display not ready; socket
		never appeared; wayland socket timed out`},
	{NoReason, ServerThread, `https thread; mutex; thread blocked; resource deadlock; event loop; waiting lock; recv q; close wait; mutex lock;
		worker thread; thread monitor; health check; healthcheck; serverinfo; liveness; readiness; liveness probe; heartbeat; health; request took;
		http request; hyper util; status check; upstream; thread; read response; response header; awaiting headers; client timeout; main loop; http
		client; http timeout; task wolf; lock held; threads stuck; request processing; accept queue; listen backlog; backlog; syn; poll; api request;
		reading response`},
	{Hung, ServerThread, `resource deadlock; blocked more 120 seconds; mutex held; hung task; thread stuck; no response health; connect timedout;
		client connect timedout; request timed out; healthcheck timeout; probe timeout; deadline exceeded awaiting; upstream timed out; task wolf
		blocked; possible deadlock; lock timeout; liveness probe failed; readiness probe failed; health check failed; unhealthy; health check exceeded
		timeout; not respond serverinfo; operation timed out serverinfo; resource deadlock avoided; https not responding; thread not responding;
		deadlock detected; heartbeat missed; stuck waiting; watchdog timeout thread; serverinfo timed out; no heartbeat`},
	{NoReason, NVRM, `nvrm; nvidia modeset; nvidia uvm fault; nv gpu error`},
	{Missing, Command, `command not found; executable not found; no such command; binary not found; program not found; helper not found; not
		found path; can't find command; cannot find executable; not in path; executable file not found; no such program`},
	{Crashed, Fault, `uncaught; traceback; exception thread; segmentation fault; core dumped; terminate called; javascript error; fatal error
		detected; unhandled exception; unhandled page fault; main process exited; renderer crashed; sigsegv; stack smashing; segv; signal 11; illegal
		instruction; std runtime error; unexpectedly quit; overflow detected; buffer overflow detected; invalid pointer; nullreferenceexception`},
	{Refused, Pairing, `must paired; must pair; not paired; paired for action; pairing rejected; pairing refused; unpaired`},
	{Unsupported, Modeset, `modeset disabled; modeset not enabled; kms disabled; kms not enabled; not kms device; without modeset; modeset 0`},
	{NoReason, Docker, `docker; dockerhost; curl`},
	{Failed, Xid, `xid; sxid; double bit; uncorrectable; retired pages; gpu fallen off bus`},
	{Failed, ImageRef, `back off pulling; backoff pulling`},
	{NoReason, GPUKernel, `amdgpu; radeon; i915; nouveau; xe drm`},
	{Crashed, GPUFault, `illegal address; illegal memory access; launch timeout; launch timed out; launch failed; launch failure; hardware stack;
		misaligned address; illegal instruction encountered; ecc uncorrectable; nvlink uncorrectable; uncorrectable nvlink; invalid address space;
		invalid pc; unspecified launch failure`},
	{Missing, ElementName, `no element; no such element; no such element factory; no element factory`},
	{Refused, Peer, `ufw block; firewall blocked; firewall dropped; blocked by firewall`},
	{Refused, StateFile, `write permission; needs write; not writable folder`},
	{Failed, BufferRegistration, `err map failed; nv enc err map failed; err map`},
	{InUse, CUDA, `devices busy; device busy; busy unavailable; device unavailable`},
	{Exhausted, HostMemory, `out host memory; error out host memory; host memory exhausted`},
	{Unreachable, Peer, `reach host; no packets; sent no packets; host unreachable; cannot connect to host; unable to connect to host; couldnt connect to host; couldn connect to host;
		failed to connect to host; not connect to host; pc unreachable`},
	{Failed, Property, `unknown property; no property; no such property; no property named; does not have property; invalid property; has no
		property`},
}

// quietWords name an object, and a reason only where something else complains: an
// ordinary start says them too.
var quietWords = [...]meaning{
	{Failed, GPUStart, `rm init adapter; rminitadapter; init adapter; psp firmware; hw init; hw init ip block; gfw boot; direct firmware load;
		probe with driver; bios rom; early init; sw init; ip block; bar 0; vbios; gpu post; atombios; sec2; gsp rm; gpu bringup; vfio; pci probe;
		d3cold; power state d3; gpu init; amdgpu init; gpu attach; rminit; initialize gpu; initialise gpu; modprobe nvidia; device probe; gmc; amdgpu
		device init; smu init; dmub init; probe of; nvidia devices initialized; loading firmware; request firmware; gpu firmware; nvidia probe
		routine; probe routine; psp load; psp ring create; psp create ring; dmc firmware; load firmware; huc firmware`},
	{Crashed, GPUEngine, `mode1 reset; mode2 reset; engine reset; gt reset; ring vcn; ring sdma; ring comp; ring uvd; hw fence; utcl2; amdgpu cs;
		devcoredump; command stream; smu response; suspend ip block; ring test; context reset; ecode; dmcub; recover gpu; flip_done; cp fault; page
		starting address; fence fallback timer; bad op; xgmi; vcs0; rcs0; bcs0; vecs0; preemption time out; cp hqd; kgd; drm scheduler; trap ch; queue
		reset; reset queue; lrc seqno`},
	{Missing, Runner, `devices queue; start runner; runner startup; child session; parent session; start app; no app; app runner; run app; find
		app id; launching app; runner thread; start process runner; starting runner`},
	{Missing, SocketCheck, `wait socket; waiting wayland socket; waiting for socket; waiting wayland; socket readiness; wayland endpoint`},
	{InUse, Sessions, `existing session; previous session; quit running`},
	{InUse, WaylandDisplay, `lock lockfile; wayland lock; listeningsocketsource; free wayland socket; find free socket; socket names; open
		wayland socket; add wayland socket; create wayland socket; wayland socket automatically`},
	{Crashed, Desktop, `create backend; wl compositor create; start xwayland; xwayland failed; open session`},
	{Lost, Capture, `core error pipewire`},
	{Invalid, GPUChoice, `dri prime; recognise vendor; recognize vendor; default gpu; default device; gpu index; device index; requested gpu;
		another gpu; different gpu; vendor recognition; falling back first; falling back default; primary gpu; device ordinal; gpu at index; selected
		gpu; chosen gpu; multiple gpus; preferred gpu; same gpu; across gpus; cross gpu; different device; gpu index fd; find gpu index; gpu vendor;
		adapter index`},
	{Missing, Plugin, `find element; create element; install plugin; required element; element factory make; gst element factory make`},
	{Exhausted, Memory, `oom score; bytes requested`},
	{Exhausted, GPUMemory, `create dma buffer; flush locked failed; allocate framebuffer; memory manager gpu; texture allocation; allocate image
		memory; dxvkmemoryallocator; allocate gem; gem allocation; allocate bo; allocate buffer object`},
	{Exhausted, Watches, `max user watches; max user instances; user limit inotify; number of inotify`},
	{Exhausted, Descriptors, `nofile; open file descriptors; creating pipes; wakeup pipe; max open files; select fd setsize; rlimit nofile; nr
		open`},
	{Exhausted, Disk, `node low resource; threshold quantity; evictionthresholdmet`},
	{Corrupted, Reference, `has parent; dispose object; refcount valid; mini object refcount; g is object; g type check instance; gst is object;
		gst is mini object; double linked list; gst buffer is writable`},
	{Failed, Property, `set property`},
	{Hung, ServerThread, `recv q; close wait; awaiting headers; info task; waiting mutex; awaiting response headers; awaiting response`},
	{Missing, XDisplay, `open x display; open display; connect display`},
	{Missing, GPU, `communicate nvidia driver; communicate driver; make sure latest nvidia driver; nvidia driver is installed; find any gpu`},
	{Missing, Resume, `nothing resume`},
	{Refused, Privilege, `requires root; run with privileged; cap sys admin; user namespaces enabled`},
	{Crashed, Fault, `received signal; caught signal; promise rejection; unhandled rejection; child exited; crash dump; breakpad`},
	{Unsupported, GPU, `kernel image; minimum feature level; feature level; required device extension; compute capability; graphics card does
		not; on this gpu; by this gpu`},
	{Missing, Script, `exec container process`},
}
