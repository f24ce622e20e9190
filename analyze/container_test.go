package analyze

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/analyze/source"
)

// dockerFolder writes a folder such as /var/lib/docker/containers.
func dockerFolder(t *testing.T, containers map[string][3]string) string {
	t.Helper()
	dir := t.TempDir()
	n := 0
	for name, c := range containers { // image, service, lines
		n++
		id := fmt.Sprintf("%064x", n)
		at := filepath.Join(dir, id)
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		for line := range strings.Lines(c[2]) {
			fmt.Fprintf(&log, `{"log":%q,"stream":"stderr","time":"2026-10-02T06:40:10.000000001Z"}`+"\n", line)
		}
		for file, text := range map[string]string{
			id + "-json.log": log.String(),
			"config.v2.json": fmt.Sprintf(`{"Name":"/%s","Config":{"Image":%q,"Labels":{"com.docker.compose.project":"gaming","com.docker.compose.service":%q}}}`, name, c[0], c[1]),
		} {
			if err := os.WriteFile(filepath.Join(at, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func folderReport(t *testing.T, dir string, o Options) *Report {
	t.Helper()
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	in, problems := source.Expand([]string{dir}, source.ExpandOptions{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, i := range in {
		if err := a.Read(context.Background(), i, nil); err != nil {
			t.Fatal(err)
		}
	}
	return a.Report()
}

// The full disk of a foreign database is not Wolf's, unless it is asked for; and
// the lines of Docker's folder have the names of their containers.
func TestDockerFolder(t *testing.T) {
	dir := dockerFolder(t, map[string][3]string{
		"gaming-wolf-1":                {"ghcr.io/games-on-whales/wolf:stable", "wolf", "06:40:10.000000001 INFO  | Gstreamer version: 1.26.7-0\n06:40:11.000000001 ERROR | something nobody knows\n"},
		"gaming-db-1":                  {"postgres:16", "db", "2026-10-02 06:40:12.000 UTC [1] PANIC:  could not write to file \"pg_wal/xlogtemp.1\": No space left on device\n"},
		"WolfSteam_715204836091427358": {"ghcr.io/games-on-whales/steam:edge", "", "[Sway] - Starting: steam\n"},
	})
	r := folderReport(t, dir, Options{})
	for _, c := range r.Causes {
		if c.ID == "disk-full" {
			t.Errorf("the database's disk is a cause: %+v", c)
		}
	}
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "not read, as they are not Wolf's or its apps': gaming-db-1; --service NAME reads one") {
		t.Errorf("the notes do not say what was left out: %s", notes)
	}
	if r.Setup.Engine != "docker-compose" || len(r.Inputs) != 2 {
		t.Errorf("engine %q, %d inputs", r.Setup.Engine, len(r.Inputs))
	}
	wolf := ""
	for _, k := range r.Setup.Known {
		if k.What == "wolf" {
			wolf = k.Value
		}
	}
	if wolf != "gaming-wolf-1" {
		t.Errorf("Wolf is %q", wolf)
	}
	for _, name := range []string{"gaming-db-1", "db"} {
		r = folderReport(t, dir, Options{Services: []string{name}})
		if len(r.Causes) == 0 || r.Causes[0].ID != "disk-full" {
			t.Errorf("--service %s: the disk is not found: %+v", name, r.Causes)
		}
	}
}
