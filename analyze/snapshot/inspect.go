package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"wolfdiag/analyze/setup"
)

// container is the part of docker inspect that matters here.
type container struct {
	Name  string
	State *struct {
		Status     string
		Running    bool
		OOMKilled  bool
		ExitCode   int
		StartedAt  time.Time
		FinishedAt time.Time
	}
	RestartCount int
	Config       struct {
		Image  string
		Env    []string
		Labels map[string]string
	}
	HostConfig struct {
		Runtime           string
		Privileged        bool
		NetworkMode       string
		Devices           []struct{ PathOnHost string }
		DeviceRequests    []struct{ Driver string }
		DeviceCgroupRules []string
		RestartPolicy     struct{ Name string }
		Binds             []string
	}
	Mounts []struct {
		Name, Source, Destination string
	}
	ImageName  string // podman's
	OCIRuntime string // podman's

	line       func(key string) int
	says       func(key string) bool
	configured bool // it holds the configuration, not the state alone
}

// places are the keys under which the parts of a configuration stand.
var places = map[string]string{"name": "Name", "runtime": "Runtime", "devices": "Devices", "gpus": "DeviceRequests", "rules": "DeviceCgroupRules",
	"mounts": "Mounts", "env": "Env", "restart": "RestartPolicy", "network": "NetworkMode", "state": "StartedAt", "oom": "OOMKilled", "exit": "ExitCode"}

// service is the container's configuration.
func (c *container) service() *service {
	v := &service{name: strings.TrimPrefix(c.Name, "/"), image: c.Config.Image, runtime: c.HostConfig.Runtime, privileged: c.HostConfig.Privileged,
		rules: c.HostConfig.DeviceCgroupRules, restart: c.HostConfig.RestartPolicy.Name, network: c.HostConfig.NetworkMode, env: map[string]string{}, line: c.line}
	if v.image == "" {
		v.image = c.ImageName
	}
	for _, d := range c.HostConfig.Devices {
		v.devices = append(v.devices, cleanPath(d.PathOnHost))
	}
	for _, g := range c.HostConfig.DeviceRequests {
		if g.Driver == "" {
			g.Driver = "nvidia" // docker's default for --gpus
		}
		v.gpus = append(v.gpus, g.Driver)
	}
	for _, m := range c.Mounts {
		source := m.Source
		if m.Name != "" {
			source = m.Name
		}
		v.mounts = append(v.mounts, mount{source, cleanPath(m.Destination)})
	}
	v.says = c.says
	for _, b := range c.HostConfig.Binds { // Mounts has them too, unless it was cut short
		if p := strings.Split(b, ":"); len(p) > 1 && !slices.ContainsFunc(v.mounts, func(m mount) bool { return m.target == cleanPath(p[1]) }) {
			v.mounts = append(v.mounts, mount{p[0], cleanPath(p[1])})
		}
	}
	for _, e := range c.Config.Env {
		k, val, _ := strings.Cut(e, "=")
		v.env[k] = val
	}
	return v
}

// engine is what the container's own record tells of the engine.
func (c *container) engine() setup.Engine {
	switch {
	case c.ImageName != "" || c.OCIRuntime != "":
		return setup.EnginePodman
	case c.Config.Labels["com.docker.compose.project"] != "":
		return setup.EngineCompose
	case c.Config.Labels["io.kubernetes.pod.name"] != "":
		return setup.EngineKubernetes
	}
	return setup.EngineDocker
}

func (s *Snapshot) dockerInspect(data []byte) error {
	list, err := s.containers(data)
	if err != nil {
		return fmt.Errorf("docker inspect: %w", err)
	}
	s.Exits, s.OOM = map[string]int{}, map[string]bool{}
	for _, c := range list {
		name := strings.TrimPrefix(c.Name, "/")
		s.says(c.line("name"), setup.AboutEngine, "", string(c.engine()))
		if v := c.Config.Labels["com.docker.compose.service"]; v != "" && setup.RoleOf(v) == setup.RoleWolf {
			s.says(c.line("name"), setup.AboutService, "", v)
		}
		if c.configured {
			s.configured(c.service())
		} else {
			s.says(c.line("name"), setup.AboutContainer, c.Config.Image, name)
		}
		if c.State == nil {
			continue
		}
		wolf := s.named(name)
		if wolf && !c.State.StartedAt.IsZero() && c.State.StartedAt.Year() > 1 {
			s.Starts = append(s.Starts, c.State.StartedAt.UTC())
			s.fact(c.line("state"), "", fmt.Sprintf("%s started at %s", name, c.State.StartedAt.UTC().Format(time.RFC3339)), "anchors the clocks that count from a start")
		}
		if c.State.OOMKilled {
			s.OOM[name] = true
			s.fact(c.line("oom"), "fact-oom-killed", name+" was killed for memory", "supports host-oom")
		}
		if !c.State.Running && c.State.Status != "created" {
			s.Exits[name] = c.State.ExitCode
			s.fact(c.line("exit"), exitFact(name, c.State.ExitCode), fmt.Sprintf("%s ended with exit code %d", name, c.State.ExitCode), "")
		}
		if c.RestartCount > 0 {
			s.fact(c.line("name"), "", fmt.Sprintf("%s was restarted %d times by Docker", name, c.RestartCount), "")
		}
	}
	return nil
}

// containers reads the list that docker inspect prints, or one object of it.
// Of a list that is cut off, the whole objects are kept.
func (s *Snapshot) containers(data []byte) ([]container, error) {
	raw, base := jsonPart(data)
	dec := json.NewDecoder(bytes.NewReader(raw))
	var list []container
	if bytes.HasPrefix(raw, []byte("{")) {
		c, err := s.container(dec, data, base)
		return []container{c}, err
	}
	err := expect(dec, '[')
	for err == nil && dec.More() {
		var c container
		if c, err = s.container(dec, data, base); err == nil {
			list = append(list, c)
		}
	}
	if err == nil {
		err = expect(dec, ']')
	}
	if err == nil || len(list) == 0 {
		return list, err
	}
	s.Warnings = append(s.Warnings, fmt.Sprintf("cannot be read from byte %d on (%v): %s before it", int64(base)+dec.InputOffset(), err, quantity(len(list), "container", "containers")))
	return list, nil
}

// container reads one object, and where its keys stand.
func (s *Snapshot) container(dec *json.Decoder, data []byte, base int) (container, error) {
	var raw json.RawMessage
	c := container{line: func(string) int { return 1 }}
	if err := dec.Decode(&raw); err != nil {
		return c, err
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, err
	}
	start := base + int(dec.InputOffset()) - len(raw)
	c.configured = bytes.Contains(raw, []byte(`"Config"`)) && bytes.Contains(raw, []byte(`"Mounts"`))
	c.says = func(key string) bool { return bytes.Contains(raw, []byte(`"`+places[key]+`":`)) }
	c.line = func(key string) int {
		end := start
		if i := bytes.Index(raw, []byte(`"`+places[key]+`":`)); i >= 0 {
			end += i
		}
		return 1 + bytes.Count(data[:end], []byte("\n"))
	}
	return c, nil
}
