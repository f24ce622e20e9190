package source

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"

	"wolfdiag/internal/lazyregexp"
)

// Container is what Docker's own folder tells of the container a log is of.
type Container struct {
	Name  string // gaming-wolf-1
	Image string
	// Project and Service are docker compose's, "" without it.
	Project, Service string
}

// In /var/lib/docker/containers/<id> stand the log and what it is of:
//
//	9b2f…-json.log, 9b2f…-json.log.1   the log and its older parts
//	config.v2.json                     {"Name":"/gaming-wolf-1","Config":{"Image":"…","Labels":{…}},…}
//	hostconfig.json, hostname, hosts, resolv.conf, …
const (
	dockerConfig    = "config.v2.json"
	maxDockerConfig = 4 << 20
)

var dockerLog = lazyregexp.NewIf(func(base string) bool { return strings.Contains(base, "-json.log") }, `^[0-9a-f]{64}-json\.log(?:\.\d+)?(?:\.gz)?$`)

// containerOf reads the configuration beside a log of Docker's; nil for other
// files, and where there is none.
func containerOf(base string, config func() ([]byte, error)) *Container {
	if !dockerLog.MatchString(base) {
		return nil
	}
	data, err := config()
	if err != nil {
		return nil
	}
	var c struct {
		Name   string
		Config struct {
			Image  string
			Labels map[string]string
		}
	}
	if json.Unmarshal(data, &c) != nil || strings.Trim(c.Name, "/") == "" {
		return nil
	}
	return &Container{Name: strings.Trim(c.Name, "/"), Image: c.Config.Image,
		Project: c.Config.Labels["com.docker.compose.project"], Service: c.Config.Labels["com.docker.compose.service"]}
}

// containerBeside is containerOf for a file on disk.
func containerBeside(file string) *Container {
	return containerOf(filepath.Base(file), func() ([]byte, error) {
		f := filepath.Join(filepath.Dir(file), dockerConfig)
		if info, err := os.Stat(f); err != nil || info.Size() > maxDockerConfig {
			return nil, os.ErrNotExist
		}
		return os.ReadFile(f)
	})
}

// dockerFiles stand in Docker's folder of a container and are no logs.
var dockerFiles = map[string]bool{dockerConfig: true, "hostconfig.json": true, "hostname": true, "hosts": true, "resolv.conf": true, "resolv.conf.hash": true}

// dockerState reports whether a member is a file of Docker's folder that is no log.
func dockerState(name string, all map[string]*entry) bool {
	return dockerFiles[path.Base(name)] && all[path.Join(path.Dir(name), dockerConfig)] != nil
}
