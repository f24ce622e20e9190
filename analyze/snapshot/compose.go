package snapshot

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"wolfdiag/analyze/setup"
	"wolfdiag/internal/lazyregexp"
)

// composeServices: a top-level key with another below it.
var composeServices = lazyregexp.NewIf(func(s string) bool { return strings.Contains(s, "services:") }, `(?m)^services:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]+[\w.-]+:`)

func isComposeConfig(s *sample) bool {
	return composeServices.Match(s.head) && (bytes.Contains(s.head, []byte("image:")) || bytes.Contains(s.head, []byte("build:")) || bytes.Contains(s.head, []byte("volumes:")))
}

// composeConfig reads a compose file, or better what `docker compose config`
// makes of it.
func (s *Snapshot) composeConfig(data []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("compose file: %w", err)
	}
	root := &doc
	if doc.Kind == yaml.DocumentNode && len(doc.Content) > 0 {
		root = doc.Content[0]
	}
	services := yamlAt(root, "services")
	if services == nil || services.Kind != yaml.MappingNode {
		return fmt.Errorf("compose file: expected services with their names below")
	}
	s.says(services.Line, setup.AboutEngine, "", string(setup.EngineCompose))
	project := yamlText(yamlAt(root, "name"))
	for i := 0; i+1 < len(services.Content); i += 2 {
		name, n := services.Content[i], resolve(services.Content[i+1])
		c := composeService(name, n)
		s.says(name.Line, setup.AboutService, "", name.Value)
		if project != "" && yamlAt(n, "container_name") == nil {
			c.name = project + "-" + name.Value + "-1"
		}
		s.configured(c)
	}
	return nil
}

func composeService(name, n *yaml.Node) *service {
	c := &service{name: name.Value, image: yamlText(yamlAt(n, "image")), runtime: yamlText(yamlAt(n, "runtime")), restart: yamlText(yamlAt(n, "restart")),
		network: yamlText(yamlAt(n, "network_mode")), privileged: yamlText(yamlAt(n, "privileged")) == "true", env: map[string]string{}, explicit: true}
	if v := yamlText(yamlAt(n, "container_name")); v != "" {
		c.name = v
	}
	for _, d := range yamlList(yamlAt(n, "devices")) {
		path := yamlText(yamlAt(d, "source"))
		if d.Kind == yaml.ScalarNode {
			path, _, _ = strings.Cut(d.Value, ":")
			if strings.Contains(d.Value, "=") {
				path = d.Value // a CDI name: nvidia.com/gpu=all
			}
		}
		c.devices = append(c.devices, strings.TrimSuffix(path, "/"))
	}
	for _, r := range yamlList(yamlAt(n, "device_cgroup_rules")) {
		c.rules = append(c.rules, r.Value)
	}
	for _, v := range yamlList(yamlAt(n, "volumes")) {
		m := mount{yamlText(yamlAt(v, "source")), yamlText(yamlAt(v, "target"))}
		if v.Kind == yaml.ScalarNode {
			parts := strings.Split(v.Value, ":")
			m = mount{parts[0], parts[min(1, len(parts)-1)]}
		}
		c.mounts = append(c.mounts, mount{m.source, cleanPath(m.target)})
	}
	env := yamlAt(n, "environment")
	if env != nil && env.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(env.Content); i += 2 {
			c.env[env.Content[i].Value] = env.Content[i+1].Value
		}
	}
	for _, e := range yamlList(env) {
		k, v, _ := strings.Cut(e.Value, "=")
		c.env[k] = v
	}
	gpus := append(yamlList(yamlPath(n, "deploy", "resources", "reservations", "devices")), yamlList(yamlAt(n, "gpus"))...)
	for _, g := range gpus {
		driver := yamlText(yamlAt(g, "driver"))
		if driver == "" {
			driver = "nvidia" // docker's default for a request of gpu
		}
		c.gpus = append(c.gpus, driver)
	}
	if yamlText(yamlAt(n, "gpus")) == "all" {
		c.gpus = append(c.gpus, "nvidia")
	}
	keys := map[string][]string{"name": nil, "runtime": {"runtime"}, "devices": {"devices"}, "gpus": {"deploy"}, "rules": {"device_cgroup_rules"}, "mounts": {"volumes"},
		"env": {"environment"}, "restart": {"restart"}, "network": {"network_mode"}}
	c.line = func(key string) int {
		if at := yamlPath(n, keys[key]...); at != nil && len(keys[key]) > 0 {
			return at.Line
		}
		return name.Line
	}
	return c
}

// cleanPath is a path without a slash at its end.
func cleanPath(p string) string {
	if len(p) > 1 {
		return strings.TrimSuffix(p, "/")
	}
	return p
}

func resolve(n *yaml.Node) *yaml.Node {
	for range 8 {
		if n == nil || n.Kind != yaml.AliasNode {
			return n
		}
		n = n.Alias
	}
	return nil
}

// yamlAt returns the value of a key, nil when there is none.
func yamlAt(n *yaml.Node, key string) *yaml.Node {
	if n = resolve(n); n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return resolve(n.Content[i+1])
		}
	}
	return nil
}

func yamlPath(n *yaml.Node, keys ...string) *yaml.Node {
	for _, k := range keys {
		n = yamlAt(n, k)
	}
	return n
}

func yamlText(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

func yamlList(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	out := make([]*yaml.Node, 0, len(n.Content))
	for _, k := range n.Content {
		if k = resolve(k); k != nil {
			out = append(out, k)
		}
	}
	return out
}
