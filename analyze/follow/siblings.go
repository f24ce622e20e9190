package follow

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// generation is a file that a rotator has moved away from a name.
type generation struct {
	path   string
	number int // wolf.log.3 → 3; -1 for wolf.log-20251002
	info   os.FileInfo
}

// maxGenerations bounds how far back a rotation is searched.
const maxGenerations = 64

// generations lists what rotators made of a name, oldest first: wolf.log.3,
// wolf.log.2, wolf.log.1 (docker, logrotate), or else wolf.log-20251001,
// wolf.log-20251002 (logrotate's dateext). Compressed ones are left out.
func generations(name string) []generation {
	dir, base := filepath.Split(name)
	if dir == "" {
		dir = "."
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var numbered, dated []generation
	for _, e := range entries {
		tail, ok := strings.CutPrefix(e.Name(), base)
		if !ok || len(tail) < 2 || !digits(tail[1:]) {
			continue
		}
		g := generation{path: filepath.Join(dir, e.Name()), number: -1}
		switch {
		case tail[0] == '.' && len(tail) < 6:
			g.number, _ = strconv.Atoi(tail[1:]) // digits, and few
			numbered = append(numbered, g)
		case tail[0] == '-' || tail[0] == '.':
			dated = append(dated, g)
		}
	}
	slices.SortFunc(numbered, func(a, b generation) int { return cmp.Compare(b.number, a.number) })
	slices.SortFunc(dated, func(a, b generation) int { return strings.Compare(a.path, b.path) })
	out := numbered
	if len(out) == 0 {
		out = dated
	}
	out = out[max(0, len(out)-maxGenerations):]
	kept := out[:0]
	for _, g := range out {
		if g.info, err = os.Stat(g.path); err == nil && g.info.Mode().IsRegular() {
			kept = append(kept, g)
		}
	}
	return kept
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// rotatedFrom returns the name a file was rotated away from: wolf.log for
// wolf.log.1 and wolf.log.2.gz, "" for what does not look rotated.
func rotatedFrom(name string) string {
	for _, ext := range []string{".gz", ".zst", ".xz", ".bz2"} {
		name = strings.TrimSuffix(name, ext)
	}
	i := strings.LastIndexAny(name, ".-")
	if i <= 0 || !digits(name[i+1:]) {
		return ""
	}
	return name[:i]
}
