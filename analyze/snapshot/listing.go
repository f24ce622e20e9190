package snapshot

import (
	"regexp"
	"strings"
)

// dumpRow: -rw-r--r-- 1 root root 98888 Sep 30 13:11 backtrace.2025-09-30-12-11-38.857465743.dump
var dumpRow = regexp.MustCompile(`(?:^|[\s/])backtrace(?:\.\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d(?:\.\d+)?)?\.dump\s*$`)

// isDumpListing: most of the first lines name dumps, the way ls prints them.
func isDumpListing(lines []string) bool {
	rows := 0
	for _, l := range lines {
		switch {
		case dumpRow.MatchString(l):
			rows++
		case strings.HasPrefix(l, "total "), strings.HasSuffix(l, " ."), strings.HasSuffix(l, " .."), strings.HasPrefix(l, "$ "):
		default:
			if !strings.HasPrefix(l, "-") && !strings.HasPrefix(l, "d") {
				return false
			}
		}
	}
	return rows > 0 && 2*rows >= len(lines)
}
