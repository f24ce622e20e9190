package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"wolfdiag/analyze/setup"
	"wolfdiag/internal/lazyregexp"
)

// configMark: keys that only Wolf's config.toml has at its beginning.
var configMark = lazyregexp.NewIf(func(s string) bool {
	return strings.Contains(s, "config_version") || strings.Contains(s, "paired_clients")
}, `(?m)^\s*(?:config_version\s*=\s*\d+|paired_clients\s*=|\[\[\s*paired_clients\s*\]\])`)

func isWolfConfig(s *sample) bool {
	return configMark.Match(s.head) && (bytes.Contains(s.head, []byte("hostname")) || bytes.Contains(s.head, []byte("[[apps]]")) || bytes.Contains(s.head, []byte("[[profiles")))
}

// wolfSettings is the part of config.toml that bears on failures
// (games-on-whales/wolf:src/moonlight-server/state/default/config.v4.toml).
// Certificates of clients are not looked at.
type wolfSettings struct {
	Version int              `toml:"config_version"`
	HEVC    *bool            `toml:"support_hevc"`
	Clients []map[string]any `toml:"paired_clients"`
	Apps    []wolfApp        `toml:"apps"`
	// Later versions keep apps below profiles.
	Profiles []struct {
		Apps []wolfApp `toml:"apps"`
	} `toml:"profiles"`
}

type wolfApp struct {
	Title      string `toml:"title"`
	RenderNode string `toml:"render_node"`
	Runner     struct {
		Type    string   `toml:"type"`
		Image   string   `toml:"image"`
		Mounts  []string `toml:"mounts"`
		Devices []string `toml:"devices"`
		Create  string   `toml:"base_create_json"`
	} `toml:"runner"`
}

// wolfConfig reads Wolf's config.toml.
func (s *Snapshot) wolfConfig(data []byte) error {
	var c wolfSettings
	if err := toml.Unmarshal(data, &c); err != nil {
		line := 1
		var bad *toml.DecodeError
		if errors.As(err, &bad) {
			line, _ = bad.Position()
		}
		s.fact(line, "fact-config-broken", "config.toml cannot be read: "+err.Error(), "Wolf does not start with it, or starts without its apps and clients")
		return nil
	}
	apps := c.Apps
	for _, p := range c.Profiles {
		apps = append(apps, p.Apps...)
	}
	line := func(text string) int {
		if i := bytes.Index(data, []byte(text)); i >= 0 {
			return 1 + bytes.Count(data[:i], []byte("\n"))
		}
		return 1
	}
	s.fact(line("config_version"), "", fmt.Sprintf("configuration of version %d: %s, %s paired", c.Version, quantity(len(apps), "app", "apps"), quantity(len(c.Clients), "client", "clients")), "")
	if len(c.Clients) == 0 {
		s.fact(line("paired_clients"), "", "no client is paired", "every client must pair first, or the configuration was lost")
	}
	if c.HEVC != nil && !*c.HEVC {
		s.fact(line("support_hevc"), "", "HEVC is switched off", "")
	}
	for i := range apps {
		s.wolfApp(&apps[i], line)
	}
	return nil
}

// wolfApp tells what the configuration of an app asks for, and what is wrong
// with it.
func (s *Snapshot) wolfApp(a *wolfApp, line func(string) int) {
	at := line(fmt.Sprintf("%q", a.Title))
	if a.RenderNode != "" {
		s.says(at, setup.AboutDevice, "", a.RenderNode)
		s.fact(at, "", fmt.Sprintf("app %s renders on %s", a.Title, a.RenderNode), "")
	}
	for _, d := range a.Runner.Devices {
		s.says(at, setup.AboutDevice, "", d)
	}
	if a.Runner.Type == "docker" && a.Runner.Image == "" {
		s.fact(at, "fact-config-broken", "app "+a.Title+" names no image", "it cannot be started")
	}
	for _, m := range a.Runner.Mounts {
		if src, _, ok := strings.Cut(m, ":"); !ok || src == "" {
			s.fact(at, "fact-config-broken", fmt.Sprintf("app %s: mount %q has no source or no target", a.Title, m), "the container cannot be created")
		}
	}
	if strings.TrimSpace(a.Runner.Create) == "" {
		return
	}
	var create struct {
		HostConfig struct {
			Runtime        string
			DeviceRequests []struct{ Driver string }
		}
	}
	if err := json.Unmarshal([]byte(a.Runner.Create), &create); err != nil {
		s.fact(at, "fact-config-broken", fmt.Sprintf("app %s: base_create_json is no valid JSON: %v", a.Title, err), "the container cannot be created")
		return
	}
	if r := create.HostConfig.Runtime; r != "" {
		s.says(at, setup.AboutRuntime, "", r)
	}
	for _, d := range create.HostConfig.DeviceRequests {
		if d.Driver == "" {
			d.Driver = "nvidia"
		}
		s.says(at, setup.AboutDevice, "", d.Driver)
	}
}
