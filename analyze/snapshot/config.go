package snapshot

import (
	"fmt"
	"slices"
	"strings"

	"wolfdiag/analyze/setup"
)

// A service is the configuration of one container, as docker inspect, podman
// inspect and a compose file tell it.
type service struct {
	name, image string
	runtime     string
	privileged  bool
	devices     []string // paths on the host, CDI names
	gpus        []string // drivers of device requests; nvidia when none is named
	rules       []string // device cgroup rules: c 13:* rmw
	mounts      []mount
	env         map[string]string
	restart     string
	network     string
	// explicit: the variables are those that somebody wrote, not the image's.
	explicit bool
	// line returns where a key stands.
	line func(key string) int
	// says reports whether the file speaks of a key at all: what an excerpt
	// leaves out is not known to be missing. Nil: of all.
	says func(key string) bool
}

func (c *service) tells(key string) bool { return c.says == nil || c.says(key) }

type mount struct{ source, target string }

// role is whose container it is.
func (c *service) role() setup.Role { return setup.RoleOfContainer(c.name, c.image) }

// telling: variables that decide on which hardware Wolf works, or how.
func telling(name string) bool {
	for _, p := range []string{"WOLF_", "GST_", "XDG_RUNTIME_DIR", "NVIDIA_", "GPU_TYPE", "HOST_APPS_STATE_FOLDER", "LIBVA_", "MESA_", "RUST_", "PULSE_", "PUID", "PGID", "GOW_REQUIRED_DEVICES"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// configured tells what the configuration of a container asks for and, for
// Wolf's own, what it lacks.
func (s *Snapshot) configured(c *service) {
	role := c.role()
	at := c.line
	s.says(at("name"), setup.AboutContainer, c.image, c.name)
	s.says(at("name"), setup.AboutRole, c.name, string(role))
	if role != setup.RoleWolf {
		return
	}
	if c.tells("devices") && c.tells("runtime") {
		s.says(at("name"), setup.AboutConfig, "", "read")
	}
	if c.runtime != "" && c.runtime != "runc" {
		s.says(at("runtime"), setup.AboutRuntime, "", c.runtime)
	}
	for _, d := range c.devices {
		s.says(at("devices"), setup.AboutDevice, "", d)
	}
	for _, g := range c.gpus {
		s.says(at("gpus"), setup.AboutDevice, "", g)
	}
	for _, m := range c.mounts {
		s.says(at("mounts"), setup.AboutMount, m.target, m.source)
	}
	for name, value := range c.env {
		// The images of Games on Whales set NVIDIA_* for every host.
		if telling(name) && (c.explicit || !strings.HasPrefix(name, "NVIDIA_") || name == "NVIDIA_DRIVER_VOLUME_NAME") {
			s.says(at("env"), setup.AboutVariable, name, value)
		}
	}
	slices.SortStableFunc(s.Setup, func(a, b setup.Statement) int { // maps have no order
		if a.About != setup.AboutVariable || b.About != setup.AboutVariable {
			return 0
		}
		return strings.Compare(a.Of, b.Of)
	})
	s.asked(c)
	s.given(c)
	s.mounted(c)
	if c.tells("restart") {
		s.fact(at("restart"), "", fmt.Sprintf("%s: restart policy %s", c.name, orNone(c.restart)), restartBears(c.restart))
	}
	if c.network != "" && c.network != "host" {
		s.fact(at("network"), "", c.name+": network mode "+c.network, "every port of Wolf must be published; the guide's set-up uses the host's network")
	}
}

func restartBears(policy string) string {
	if policy == "" || policy == "no" {
		return "Wolf stays down after a crash"
	}
	return "Wolf comes back after a crash, so that crashes show as restarts"
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// asked tells which GPU the configuration asks for.
func (s *Snapshot) asked(c *service) {
	var how []string
	if c.runtime != "" && c.runtime != "runc" && c.runtime != "crun" && c.runtime != "oci" {
		how = append(how, "runtime "+c.runtime)
	}
	for _, g := range c.gpus {
		how = append(how, "GPUs of "+g)
	}
	for _, d := range c.devices {
		if strings.HasPrefix(d, "/dev/dri") || strings.HasPrefix(d, "/dev/nvidia") || strings.HasPrefix(d, "/dev/kfd") || strings.Contains(d, "/gpu=") {
			how = append(how, d)
		}
	}
	slices.Sort(how)
	how = slices.Compact(how)
	if c.privileged {
		how = append(how, "privileged: every device of the host")
	}
	switch {
	case len(how) == 0 && !(c.tells("devices") && c.tells("runtime")):
		return
	case len(how) == 0:
		s.fact(c.line("devices"), "fact-gpu-not-given", c.name+" is given no GPU: neither runtime nor devices", "Wolf falls back to software, or does not start")
		return
	}
	s.fact(c.line("devices"), "", c.name+" is given "+strings.Join(how, ", "), "")
}

// given tells which devices for input it lacks.
func (s *Snapshot) given(c *service) {
	if c.privileged || !c.tells("devices") {
		return
	}
	for _, d := range []string{"/dev/uinput", "/dev/uhid"} {
		if !slices.ContainsFunc(c.devices, func(have string) bool { return have == d || have == "/dev" }) {
			s.fact(c.line("devices"), "fact-uinput-not-given", c.name+" is not given "+d, "virtual mice, keyboards and pads cannot be made with it")
			break
		}
	}
	if c.tells("rules") && !slices.ContainsFunc(c.rules, func(r string) bool {
		return strings.HasPrefix(r, "c 13:") || strings.HasPrefix(r, "a ") || strings.HasPrefix(r, "c *:*")
	}) {
		s.fact(c.line("rules"), "fact-input-rule-missing", c.name+" has no device rule c 13:* rmw", "input devices that appear later may not be opened")
	}
}

// mounted tells what is wrong with the mounts.
func (s *Snapshot) mounted(c *service) {
	at := func(target string) *mount {
		var best *mount
		for i := range c.mounts {
			m := &c.mounts[i]
			if m.target == target || strings.HasPrefix(target, strings.TrimSuffix(m.target, "/")+"/") {
				if best == nil || len(m.target) > len(best.target) {
					best = m
				}
			}
		}
		return best
	}
	line := c.line("mounts")
	sock := c.env["WOLF_DOCKER_SOCKET"]
	if sock == "" {
		sock = "/var/run/docker.sock"
	}
	if at(sock) == nil && at("/run/docker.sock") == nil {
		s.fact(line, "fact-docker-socket-not-mounted", c.name+": "+sock+" is not mounted", "Wolf cannot start apps without the engine's socket")
	}
	if dir := c.env["XDG_RUNTIME_DIR"]; dir != "" {
		switch m := at(strings.TrimSuffix(dir, "/")); {
		case m == nil:
			s.fact(line, "fact-runtime-folder-not-mounted", c.name+": XDG_RUNTIME_DIR "+dir+" is not a mount", "apps get its sockets by a path of the host: they find none")
		case strings.TrimSuffix(m.source, "/") != strings.TrimSuffix(m.target, "/"):
			s.fact(line, "", c.name+": "+m.target+" is "+m.source+" on the host", "older versions of Wolf want the same path on both sides")
		}
	}
	if v := c.env["NVIDIA_DRIVER_VOLUME_NAME"]; v != "" && at("/usr/nvidia") == nil {
		s.fact(line, "fact-driver-volume-not-mounted", c.name+": NVIDIA_DRIVER_VOLUME_NAME is "+v+", and nothing is mounted at /usr/nvidia", "Wolf itself has no NVIDIA driver")
	}
	if m := at("/etc/wolf"); m == nil {
		s.fact(line, "", c.name+": /etc/wolf is not a mount", "configuration, pairings and crash dumps are lost with the container")
	}
}
