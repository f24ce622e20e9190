package snapshot

import (
	"fmt"
	"strings"

	"wolfdiag/internal/lazyregexp"
)

// dumpRow: -rw-r--r-- 1 root root 98888 Sep 30 13:11 backtrace.2025-09-30-12-11-38.857465743.dump
var dumpRow = lazyregexp.NewIf(func(l string) bool { return strings.Contains(l, "backtrace") }, `(?:^|[\s/])backtrace(?:\.\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d(?:\.\d+)?)?\.dump\s*$`)

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

// listed row: crw-rw----  1 root render 226, 128 Nov 28 21:22 renderD128
var listRow = lazyregexp.NewIf(hasMode, `^([-dlcbps])[rwxsStT-]{9}[.+@]?\s+\d+\s+(\S+)\s+(\S+)\s+(?:\d+,\s*)?\d+[KMG]?\s+(?:\w{3}\s+\d{1,2}\s+[\d:]{4,5}|\d{4}-\d\d-\d\d \S+(?: \S+ [+-]\d{4})?|\d{1,2}\s+\w{3}\s+[\d:]{4,5})\s+(.+)$`)

// isListing: ls -l of a folder, a row within the first lines and nothing else
// among them but what ls and a prompt print.
func isListing(lines []string) bool {
	rows := 0
	for _, l := range lines {
		if listRow.MatchString(l) {
			rows++
		} else if !ownsListing(l) && !strings.Contains(l, "$ ls") && !strings.Contains(l, "# ls") {
			return false
		}
	}
	return rows > 0
}

// hasMode reports whether a line begins as a row does: drwxr-xr-x.
func hasMode(l string) bool { return len(l) > 10 && strings.Trim(l[1:10], "rwxsStT-") == "" }

// listHead: total 8 · /dev/dri: · ls: cannot access …
var listHead = lazyregexp.NewIf(func(l string) bool { return strings.HasPrefix(l, "total ") || strings.HasSuffix(l, ":") }, `^(?:total \d+|/\S*:|\./\S*:)$`)

func ownsListing(l string) bool { return listRow.MatchString(l) || listHead.MatchString(l) }

// plainFiles are names that must be files or sockets: where one is a directory,
// the engine made it because the source of a mount was not there.
var plainFiles = map[string]bool{"fake-udev": true, "docker.sock": true, "podman.sock": true, "config.toml": true, "cert.pem": true, "key.pem": true, "pulse-socket": true, "wolf.sock": true}

// listing reads ls -l of a folder: what is a folder and should not be, sockets
// and device nodes.
func (s *Snapshot) listing(data []byte) error {
	sockets, firstSocket := 0, 0
	var nodes []string
	firstNode := 0
	eachLine(data, func(n int, line string) {
		m := listRow.FindStringSubmatch(line)
		if m == nil {
			return
		}
		name, _, _ := strings.Cut(m[4], " -> ")
		name = strings.TrimSuffix(name, "/")
		base := name[strings.LastIndexByte(name, '/')+1:]
		switch {
		case m[1] == "d" && plainFiles[base]:
			s.fact(n, "fact-file-is-directory", base+" is a directory, not a file", "the engine makes one where the source of a mount does not exist")
		case m[1] == "s" && strings.HasPrefix(base, "wayland-"):
			if sockets++; sockets == 1 {
				firstSocket = n
			}
		case m[1] == "c":
			if len(nodes) == 0 {
				firstNode = n
			}
			if len(nodes) < 12 {
				nodes = append(nodes, fmt.Sprintf("%s (%s:%s)", base, m[2], m[3]))
			}
		}
	})
	if sockets > 0 {
		id, bears := "", ""
		if sockets >= 30 {
			id, bears = "fact-wayland-sockets-used-up", "Wayland has 32 names for sockets: supports wayland-socket-leak"
		}
		s.fact(firstSocket, id, quantity(sockets, "Wayland socket is", "Wayland sockets are")+" there", bears)
	}
	if len(nodes) > 0 {
		s.fact(firstNode, "", "device nodes: "+strings.Join(nodes, ", "), "")
	}
	return nil
}
