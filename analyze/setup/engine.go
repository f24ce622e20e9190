package setup

import "strings"

// Engine is what runs Wolf.
type Engine string

// The engines.
const (
	EngineUnknown    Engine = ""
	EngineCompose    Engine = "docker-compose"
	EngineDocker     Engine = "docker"
	EnginePodman     Engine = "podman"
	EngineKubernetes Engine = "kubernetes"
	EngineLXC        Engine = "lxc"
	EngineSystemd    Engine = "systemd"
)

// String returns the engine's name for people.
func (e Engine) String() string {
	switch e {
	case EngineCompose:
		return "docker compose"
	case EngineDocker:
		return "Docker"
	case EnginePodman:
		return "Podman"
	case EngineKubernetes:
		return "Kubernetes"
	case EngineLXC:
		return "LXC"
	case EngineSystemd:
		return "systemd"
	}
	return "an unknown engine"
}

// rank says how much an engine's name tells when several are shown: docker
// compose is docker too, a unit of systemd may run podman, and containerd on a
// node of Kubernetes is not what its operator works with.
func (e Engine) rank() int {
	switch e {
	case EngineKubernetes:
		return 6
	case EnginePodman:
		return 5
	case EngineCompose:
		return 4
	case EngineDocker:
		return 3
	case EngineLXC:
		return 2
	case EngineSystemd:
		return 1
	}
	return 0
}

// EngineOfTransport returns the engine that wraps lines so (the transports are
// those of package logline, joined by +). EngineUnknown for what several do.
func EngineOfTransport(transport string) Engine {
	for t := range strings.SplitSeq(transport, "+") {
		switch t {
		case "compose":
			return EngineCompose
		case "docker-json":
			return EngineDocker
		case "cri", "kubectl", "stern":
			return EngineKubernetes
		}
	}
	return EngineUnknown
}

// EngineOfService returns the engine whose daemon, or whose unit, writes under
// this name in a journal.
func EngineOfService(name string) Engine {
	switch name {
	case "dockerd", "docker":
		return EngineDocker
	case "podman", "conmon":
		return EnginePodman
	case "kubelet", "k3s", "rke2", "microk8s":
		return EngineKubernetes
	case "lxc", "lxc-start", "pvedaemon", "lxcfs":
		return EngineLXC
	}
	return EngineUnknown
}

// RoleOf returns whose container a name means. Wolf's own is called by its
// project in lower case; the containers that Wolf starts are WolfPulseAudio and
// Wolf<App>_<session>, or end in the session's id.
func RoleOf(name string) Role {
	base := strings.TrimPrefix(name, "/")
	switch {
	case strings.HasPrefix(base, "WolfPulseAudio"):
		return RolePulse
	case sessionSuffix(base), strings.HasPrefix(base, "Wolf"):
		return RoleApp
	case strings.Contains(strings.ToLower(base), "wolf"):
		return RoleWolf
	}
	return RoleOther
}

// RoleOfContainer returns whose container it is, by its image where that tells
// (the images of Games on Whales), else by its name.
func RoleOfContainer(name, image string) Role {
	image, _, _ = strings.Cut(image, "@")
	image = image[strings.LastIndexByte(image, '/')+1:]
	switch image, _, _ = strings.Cut(image, ":"); image {
	case "wolf":
		return RoleWolf
	case "pulseaudio":
		return RolePulse
	case "wolf-ui", "steam", "retroarch", "firefox", "lutris", "heroic-games-launcher", "pegasus", "es-de", "prismlauncher", "kodi", "xfce", "base-app", "moonlight-qt":
		return RoleApp
	}
	return RoleOf(name)
}

// sessionSuffix reports whether a name ends in _ and the digits of a session.
func sessionSuffix(name string) bool {
	i := strings.LastIndexByte(name, '_')
	return i > 0 && len(name)-i > 6 && strings.Trim(name[i+1:], "0123456789") == ""
}
