package loggen

import "time"

// hostFailures are those of the host, Docker, the network and Wolf itself.
var hostFailures = []failure{
	{cause: "uinput-permission", always: true, write: func(w *world, c client) {
		why := pick(w, []string{"Permission denied", "No such file or directory"})
		w.wolf("ERROR", "Failed to create mouse: %s", why)
		w.wolf("ERROR", "Failed to create keyboard: %s", why)
	}},
	{cause: "input-hotplug", always: true, write: func(w *world, c client) {
		w.wolf("WARN", "Docker exec failed (127), /bin/bash: line 1: fake-udev: command not found")
	}},
	{cause: "network-ping-timeout", always: true, write: func(w *world, c client) {
		w.tick(4*time.Second, 4*time.Second)
		w.wolf("WARN", "Video session %s timed out waiting for PING", c.id)
		w.wolf("WARN", "Audio session %s timed out waiting for PING", c.id)
	}},
	{cause: "docker-name-conflict", write: func(w *world, c client) {
		w.dockerError(409, "Conflict. The container name \\\"/%s\\\" is already in use by container \\\"%064x\\\". You have to remove (or rename) that container to be able to reuse that name.", c.container, w.rng.Uint64())
	}},
	{cause: "docker-mount-config", always: true, write: func(w *world, c client) {
		if w.rng.IntN(2) == 0 {
			w.dockerError(400, runcError+"error during container init: error mounting \\\"/srv/%x.sh\\\" to rootfs at \\\"/opt/gow/start.sh\\\": mount src=/srv/start.sh: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type", w.rng.Uint32())
		} else {
			w.dockerError(400, "invalid mount config for type \\\"bind\\\": bind source path does not exist: /mnt/games%d", w.rng.IntN(9))
		}
	}},
	{cause: "docker-api", write: func(w *world, c client) {
		w.wolf("WARN", "[CURL] Request failed with error: Couldn't connect to server")
	}},
	{cause: "nvidia-container-runtime", always: true, write: func(w *world, c client) {
		if w.rng.IntN(2) == 0 {
			w.dockerError(500, "could not select device driver \\\"\\\" with capabilities: [[gpu]]")
		} else {
			w.dockerError(500, "failed to create task for container: failed to start shim: exec: \\\"nvidia-container-runtime\\\": executable file not found in $PATH")
		}
	}},
	{cause: "image-missing", always: true, write: func(w *world, c client) {
		w.wolf("WARN", "[DOCKER] Image ghcr.io/games-on-whales/retroarch:edge not present, downloading...")
		w.dockerError(404, "No such image: ghcr.io/games-on-whales/retroarch:edge")
	}},
	{cause: "disk-full", write: func(w *world, c client) {
		w.dockerError(500, "mkdir /var/lib/docker/overlay2/%x: no space left on device", w.rng.Uint64())
	}},
	{cause: "inotify-limit", leaks: true, write: func(w *world, c client) {
		w.raw("inotify_init1() failed: Too many open files")
	}},
	{cause: "host-oom", ends: true, code: 137, write: func(w *world, c client) {
		w.kernel("java invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0")
		w.kernel("Out of memory: Killed process %d (wolf) total-vm:%dkB, anon-rss:%dkB, file-rss:0kB, shmem-rss:0kB, UID:0", 1000+w.rng.IntN(9000), w.rng.IntN(1e8), w.rng.IntN(1e8))
	}},
	{cause: "wolf-crash", ends: true, code: 11, write: func(w *world, c client) {
		w.kernel("wolf[%d]: segfault at %x ip 00007f5a%08x sp 00007ffd%08x error 4 in libgstinterpipe.so[7f5a%08x+1000]", 1000+w.rng.IntN(9000), w.rng.IntN(64), w.rng.Uint32(), w.rng.Uint32(), w.rng.Uint32())
	}},
	{cause: "port-in-use", start: true, ends: true, code: 6, write: func(w *world, c client) {
		w.raw("terminate called after throwing an instance of 'boost::wrapexcept<boost::system::system_error>'\n  what():  bind: Address already in use [system:98]")
	}},
	{cause: "config-invalid", start: true, ends: true, code: 1, write: func(w *world, c client) {
		if w.rng.IntN(2) == 0 {
			w.wolf("ERROR", "Unhandled exception: [error] toml::parse_file: invalid value at line %d of /etc/wolf/cfg/config.toml", 1+w.rng.IntN(90))
		} else {
			w.wolf("ERROR", "Unhandled exception: [error] Error while parsing key-value pair: encountered end-of-file (error occurred at line %d, column %d of '/etc/wolf/cfg/config.toml')", 1+w.rng.IntN(90), 1+w.rng.IntN(40))
		}
	}},
	{cause: "pairing-cert", always: true, write: func(w *world, c client) {
		w.wolf("ERROR", "Received HTTPS request from a client which wasn't previously paired.")
	}},
	{cause: "session-resume-mismatch", write: func(w *world, c client) {
		w.wolf("WARN", "[HTTPS] Received resume event from an unregistered session, ip: %s", c.ip)
	}},
	{cause: "session-key-mismatch", write: func(w *world, c client) {
		for range 2 + w.rng.IntN(8) {
			w.wolf("WARN", "[ENET] Unable to decrypt incoming packet: EVP_DecryptFinal_ex failed")
		}
	}},
	{cause: "mdns-conflict", write: func(w *world, c client) {
		w.raw("Detected another IPv4 mDNS stack running on this host. This makes mDNS unreliable and is thus not recommended.")
		w.raw("Host name conflict, retrying with rig-%d", 2+w.rng.IntN(8))
	}},
}
