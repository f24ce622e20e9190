package snapshot

import (
	"fmt"
	"strings"

	"wolfdiag/internal/lazyregexp"
)

// tools are the programs with which people, and `wolfdiag collect`, gather the
// state of a host.
const tools = `nvidia-smi|docker(?:-compose)?|podman(?:-compose)?|kubectl|k3s|crictl|nerdctl|journalctl|dmesg|lspci|lsusb|lsmod|vainfo|vulkaninfo|eglinfo|` +
	`intel_gpu_top|rocm-smi|radeontop|amd-smi|nvtop|systemctl|curl|ss|ip|df|free|uname|ls|cat|lsblk|modinfo|pct|lxc|sudo|jq|tail|head`

// refusals are what such a program, or the shell that was to start it, says
// when there is nothing to collect. Each was printed by the program itself:
//
//	bash: line 1: nvidia-smi: command not found                      bash 5.2
//	sh: 1: vainfo: not found                                        dash 0.5.12
//	/bin/sh: lspci: not found                                       busybox ash
//	zsh: command not found: nvidia-smi
//	Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
//	Cannot connect to Podman. Please verify your connection …
//	permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: …
//	no configuration file provided: not found                       docker compose v2
//	Can't find a suitable configuration file in this directory …     docker-compose 1.29
//	service "wolf" is not running                                   docker compose exec
//	Error response from daemon: No such container: wolf
//	Error: inspecting object: no such object: "wolf"                podman 4.3
//	OCI runtime exec failed: exec failed: … exec: "nvidia-smi": executable file not found in $PATH: unknown
var refusals = []struct {
	text *lazyregexp.Regexp
	why  string // %s is the first group
	log  bool   // said by the collecting side alone: also in a file called a log
}{
	{lazyregexp.New(`^(?:\S*sh|sudo|env|timeout|xargs): (?:(?:line )?\d+: )?(?:eval: )?(?:line \d+: )?['"‘]?(` + tools + `)['"’]?: (?:command )?not found$`), "%s is not installed there", true},
	{lazyregexp.New(`^(?:\S*sh|sudo|env): (?:(?:line )?\d+: )?([\w.+-]{1,40}): (?:command )?not found$`), "%s is not installed there", false},
	{lazyregexp.New(`^(?:zsh|fish): (?:command not found|Unknown command): (` + tools + `)$`), "%s is not installed there", true},
	{lazyregexp.New(`^(?:sudo: |env: |timeout: failed to run command )['"‘]?(` + tools + `)['"’]?: (?:command not found|No such file or directory)$`), "%s is not installed there", true},
	{lazyregexp.New(`^Command '(` + tools + `)' not found`), "%s is not installed there", true},
	{lazyregexp.New(`^(?:OCI runtime exec failed: |Error: |error: |crun: )?.{0,120}exec(?:utable file)?:? ["` + "`" + `]?(` + tools + `)["` + "`" + `]?:? (?:executable file not found|not found|No such file)`), "%s is not in the container", true},
	{lazyregexp.New(`^(?:error during connect: |ERROR: |docker: |Error: )*Cannot connect to the Docker daemon`), "the Docker daemon does not answer", false},
	{lazyregexp.New(`^(?:error during connect: |Error: )?Cannot connect to Podman`), "Podman does not answer", false},
	{lazyregexp.New(`^(?:docker: |Got )?permission denied while trying to connect to the Docker daemon socket`), "the user may not use the Docker daemon", false},
	{lazyregexp.New(`^(?:ERROR: )?(?:no configuration file provided: not found|Can't find a suitable configuration file in this directory)`), "there is no compose file in the folder where it was run", true},
	{lazyregexp.New(`^(?:ERROR: |Error: )?(?:service "?([\w.-]+)"? is not running|No container found for ([\w.-]+?)_\d+)`), "the service %s was not running", true},
	{lazyregexp.New(`^(?:ERROR: |Error: )?no such service: "?([\w.-]+)`), "the compose file has no service %s", true},
	{lazyregexp.New(`^(?:Error response from daemon: |Error: |Error: No such object: ).{0,40}[Nn]o such (?:container|object)(?:: "?([\w.-]*))?`), "there is no container %s", true},
	{lazyregexp.New(`^Error: no container with name or ID "?([\w.-]+)"? found`), "there is no container %s", true},
	{lazyregexp.New(`^Error response from daemon: (?:Container|container) \S+ is (not running|restarting|paused)`), "the container is %s", true},
	{lazyregexp.New(`^Error: can only create exec sessions on running containers`), "the container is not running", true},
	{lazyregexp.New(`^docker: (?:unknown command: docker (compose)|'(compose)' is not a docker command)`), "docker %s is not installed there", true},
	{lazyregexp.New(`^unknown shorthand flag: 'f' in -f$`), "docker compose is not installed there", true},
	{lazyregexp.New(`^The connection to the server \S+ was refused - did you specify the right host or port`), "the Kubernetes API server does not answer", true},
	{lazyregexp.New(`^Error from server \((?:NotFound|Forbidden)\): (.{1,80})`), "%s", true},
	{lazyregexp.New(`^error: (?:You must be logged in|unable to (?:connect|upgrade)|no configuration has been provided)`), "the cluster does not let it in", true},
	{lazyregexp.New(`^No journal files were (?:found|opened)`), "there is no journal", true},
	{lazyregexp.New(`^dmesg: read kernel buffer failed: (.{1,60})`), "the kernel log may not be read (%s)", true},
	{lazyregexp.New(`^curl: \((?:7|28|52|56)\) (.{1,100})`), "Wolf's API does not answer (%s)", false},
	{lazyregexp.New(`^error: (failed to initialize display)(?: '[\w-]+')?$`), "%s: there is no display and no render node to ask", false},
	{lazyregexp.New(`^sudo: (a (?:terminal|password) is required)`), "%s by sudo", true},
}

// company are the lines that stand beside a refusal without saying more.
var company = lazyregexp.New(`^(?:\[\]|\{\}|See 'docker .*--help'.*|Run '.*' for more information.*|-- No entries --|Supported filenames: .*|parent\. Are you in the right directory\?|` +
	`sudo apt(?:-get)? install .*|apt install .*|error: (?:can't connect to X server!|XDG_RUNTIME_DIR (?:is invalid or )?not set.*)|E\d{4} [\d:.]+ .*|Usage: .*|` +
	`The command '.*' could not be found.*|\$ .*|time="[^"]*" level=warning .*)$`)

// isNotCollected: a short file in which every line is a refusal or stands beside
// one. A log that quotes such a message has more in it.
func isNotCollected(s *sample) bool {
	if !s.all || len(s.lines) > 9 {
		return false
	}
	refused := false
	for _, l := range s.lines {
		if why, log := refusal(l); why != "" && (log || s.collected()) {
			refused = true
		} else if !company.MatchString(l) {
			return false
		}
	}
	return refused
}

// collected reports whether the name is one under which the output of a command
// is kept, not a log.
func (s *sample) collected() bool {
	for _, ext := range []string{".txt", ".json", ".csv", ".xml", ".yaml", ".yml", ".toml", ".out", ".err"} {
		if strings.HasSuffix(s.name, ext) {
			return true
		}
	}
	return false
}

// refusal returns why a line says that nothing could be collected, "" when it
// says nothing of the kind.
func refusal(line string) (why string, log bool) {
	for i := range refusals {
		r := &refusals[i]
		m := r.text.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if !strings.Contains(r.why, "%s") {
			return r.why, r.log
		}
		what := ""
		for _, g := range m[1:] {
			what += g
		}
		return strings.TrimSpace(fmt.Sprintf(r.why, what)), r.log
	}
	return "", false
}

// notCollected keeps the reason, with the tool's own words.
func (s *Snapshot) notCollected(data []byte) error {
	eachLine(data, func(n int, line string) {
		if why, _ := refusal(line); why != "" && s.Missing == "" {
			s.Missing = clip(fmt.Sprintf("%s (line %d: %s)", why, n, line))
		}
	})
	return nil
}
