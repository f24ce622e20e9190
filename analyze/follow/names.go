package follow

import (
	"path/filepath"

	"wolfdiag/analyze/source/rotation"
)

// canonical is the absolute path with its links resolved, as far as it exists.
func canonical(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// rotatedFrom returns the name a file was rotated away from: wolf.log for
// wolf.log.1 and wolf.log.2.gz, "" for what does not look rotated.
func rotatedFrom(name string) string {
	if n := rotation.Parse(name); n.Kind != rotation.None {
		return n.Base
	}
	return ""
}
