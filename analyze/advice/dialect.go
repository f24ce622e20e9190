package advice

import (
	"fmt"
	"strings"

	"wolfdiag/analyze/setup"
)

// nothing stands before a command that is run where the operator is.
const nothing = "\x00"

// A dialect is how one engine is spoken to.
type dialect struct {
	command string // docker, podman, crictl
	host    bool   // Wolf runs on the host itself: there is nothing to go into
	exec    func(name string) string
	logs    func(name, lines string) string
	inspect func(name, format string) string
	restart func(name string) string
	list    func(name string) string
	find    func(variable string, known setup.Container) string
}

func dialectOf(e setup.Engine) dialect {
	switch e {
	case setup.EnginePodman:
		return engineDialect("podman")
	case setup.EngineKubernetes:
		return kubernetes()
	case setup.EngineLXC:
		return lxc()
	case setup.EngineSystemd:
		return systemd()
	}
	return engineDialect("docker")
}

// engineDialect is that of docker, which podman took over.
func engineDialect(command string) dialect {
	return dialect{
		command: command,
		exec:    func(name string) string { return command + " exec " + name },
		logs: func(name, lines string) string {
			if lines != "" {
				lines = "--tail " + lines + " "
			}
			return command + " logs " + lines + name + " 2>&1"
		},
		inspect: func(name, format string) string {
			if format != "" {
				format = " --format " + format
			}
			return command + " inspect " + name + format
		},
		restart: func(name string) string { return command + " restart " + name },
		list: func(name string) string {
			if name != "" {
				name = " --filter name=" + name
			}
			return command + " ps -a" + name
		},
		find: func(variable string, known setup.Container) string {
			// The names of apps begin with a capital and end in the session's id.
			filter := "name=wolf"
			switch {
			case variable == "APP":
				filter = "'name=_[0-9]+$'"
			case known.Name != "" && plain(known.Name):
				filter = "name=" + known.Name
			}
			return fmt.Sprintf("%s=$(%s ps -aqf %s | head -n 1)", variable, command, filter)
		},
	}
}

// kubernetes: the namespace is found with the pod.
func kubernetes() dialect {
	return dialect{
		command: "crictl",
		exec:    func(name string) string { return `kubectl exec -n "$NS" ` + name + " --" },
		logs: func(name, lines string) string {
			if lines != "" {
				lines = " --tail=" + lines
			}
			return `kubectl logs -n "$NS" ` + name + lines
		},
		inspect: func(name, _ string) string { return `kubectl get -n "$NS" ` + name + " -o yaml" },
		restart: func(name string) string { return `kubectl delete -n "$NS" ` + name },
		list: func(name string) string {
			if name != "" {
				return "kubectl get pods -A | grep -F -- " + name
			}
			return "kubectl get pods -A"
		},
		find: func(variable string, _ setup.Container) string {
			if variable == "APP" {
				return `APP=$(kubectl get pods -n "$NS" -o name | grep '/wolf.*[0-9]\{8\}' | head -n 1)`
			}
			return `NS=$(kubectl get pods -A --no-headers | awk '/wolf/ { print $1; exit }'); WOLF=$(kubectl get pods -n "$NS" -o name | grep wolf | head -n 1)`
		},
	}
}

// lxc: Wolf is a service inside the container; apps are containers of an engine
// inside of it.
func lxc() dialect {
	in := func(name string) string { return "lxc-attach -n " + name + " --" }
	return dialect{
		command: "lxc-ls",
		exec:    in,
		logs: func(name, lines string) string {
			if lines != "" {
				lines = " -n " + lines
			}
			return in(name) + " journalctl -u wolf --no-pager" + lines
		},
		inspect: func(name, _ string) string { return "lxc-info -n " + name },
		restart: func(name string) string { return in(name) + " systemctl restart wolf" },
		list:    func(string) string { return "lxc-ls -f" },
		find: func(variable string, known setup.Container) string {
			if known.Name != "" && plain(known.Name) {
				return variable + "=" + known.Name
			}
			return variable + "=$(lxc-ls -1 | grep -i " + strings.ToLower(variable) + " | head -n 1)"
		},
	}
}

// systemd: Wolf is a unit of the host, and what would be run inside its
// container is run as it is.
func systemd() dialect {
	return dialect{
		command: "systemctl",
		host:    true,
		exec:    func(string) string { return nothing },
		logs: func(name, lines string) string {
			if lines != "" {
				lines = " -n " + lines
			}
			return "journalctl -u " + name + " --no-pager" + lines
		},
		inspect: func(name, _ string) string { return "systemctl show " + name },
		restart: func(name string) string { return "sudo systemctl restart " + name },
		list:    func(string) string { return "systemctl list-units --all --type=service" },
		find: func(variable string, _ setup.Container) string {
			return variable + "=" + strings.ToLower(variable) + ".service"
		},
	}
}

// plain guards what is put into a command for the operator to paste: Docker's
// own rule for names.
func plain(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == "" && !strings.HasPrefix(s, "-")
}
