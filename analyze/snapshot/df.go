package snapshot

import (
	"fmt"
	"strings"

	"wolfdiag/internal/lazyregexp"
)

// dfRow: /dev/vda1  98G  95G  3.1G  97% /
var dfRow = lazyregexp.New(`^(\S+)\s+(\S+)\s+\S+\s+(\S+)\s+(\d+)%\s+(/.*)$`)

func isDiskFree(lines []string) bool {
	return strings.HasPrefix(lines[0], "Filesystem") && strings.Contains(lines[0], "Mounted on")
}

// diskFree reads df: which file systems are nearly full.
func (s *Snapshot) diskFree(data []byte) error {
	eachLine(data, func(n int, line string) {
		m := dfRow.FindStringSubmatch(line)
		if m == nil || len(m[4]) < 2 || m[4] < "95" && len(m[4]) == 2 || strings.HasPrefix(m[5], "/snap/") {
			return
		}
		s.fact(n, "", fmt.Sprintf("%s is %s %% full: %s of %s left", m[5], m[4], m[3], m[2]), "supports disk-full where Wolf or the engine writes there")
	})
	return nil
}
