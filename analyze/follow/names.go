package follow

import (
	"wolfdiag/analyze/source/disk"
	"wolfdiag/analyze/source/rotation"
)

// canonical is the absolute path with its links resolved, as far as it exists.
func canonical(name string) string { return disk.OS{}.Resolve(name) }

// rotatedFrom returns the name a file was rotated away from: wolf.log for
// wolf.log.1 and wolf.log.2.gz, "" for what does not look rotated.
func rotatedFrom(name string) string {
	if n := rotation.Parse(name); n.Kind != rotation.None {
		return n.Base
	}
	return ""
}
