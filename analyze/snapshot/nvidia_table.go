package snapshot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"wolfdiag/analyze/setup"
	"wolfdiag/internal/lazyregexp"
)

// tableMemory: | 30%   45C    P8    10W / 70W |   6720MiB / 16380MiB |      0%      Default |
var tableMemory = lazyregexp.New(`(\d+)MiB\s*/\s*(\d+)MiB`)

// tableName: |   0  NVIDIA RTX 2000 Ada Gene...    On  |   00000000:01:00.0 Off |                  Off |
var tableName = lazyregexp.New(`^\|\s+\d+\s+(\S.*?)\s+(?:On|Off|N/A|Enabled|Disabled|TCC|WDDM)\s+\|`)

func isNvidiaTable(lines []string) bool {
	for _, l := range lines {
		if strings.HasPrefix(l, "| NVIDIA-SMI ") {
			return true
		}
	}
	return false
}

// tableVersion: | NVIDIA-SMI 580.159.04             Driver Version: 580.159.04     CUDA Version: 13.0     |
var tableVersion = lazyregexp.New(`Driver Version: (\d[\d.]*)`)

// tableBus: |   00000000:01:00.0 Off |
var tableBus = lazyregexp.New(`\b([0-9A-Fa-f]{8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d)\b`)

// tableProcess: |    0   N/A  N/A      2189      C   python3        14285... |
// and of old drivers without the GI and CI columns.
var tableProcess = lazyregexp.New(`^\|\s+\d+\s+(?:\S+\s+\S+\s+)?\d+\s+(?:C|G|C\+G|M\+C|M)\s+(\S.*?)\s+(\d+)(MiB|\.\.\.)\s+\|$`)

func (s *Snapshot) nvidiaTable(data []byte) error {
	var at time.Time
	var holders []holder
	index := -1 // of the GPU whose rows these are
	eachLine(data, func(n int, line string) {
		// Sun Nov 23 17:21:46 2025, in front of the table: local time
		if t, err := time.Parse("Mon Jan _2 15:04:05 2006", line); err == nil {
			at, index = t, -1 // nvidia-smi -l prints one table after the other
		}
		if m := tableVersion.FindStringSubmatch(line); m != nil {
			s.says(n, setup.AboutVersion, setup.ComponentDriver, m[1])
		}
		if m := tableName.FindStringSubmatch(line); m != nil {
			index++
			s.board(n, m[1], tableBus.FindString(line))
		}
		if m := tableMemory.FindStringSubmatch(line); m != nil && index <= 0 { // the first GPU is the one that is followed
			u, _ := strconv.ParseFloat(m[1], 64)
			t, _ := strconv.ParseFloat(m[2], 64)
			if r := (Memory{Time: at, Used: u, Total: t, Line: n}); r.usable() {
				s.Memory = append(s.Memory, r)
			}
		}
		if m := tableProcess.FindStringSubmatch(line); m != nil && m[3] == "MiB" {
			s.held(&holders, m[1], number(m, 2), n)
		}
	})
	s.heldBy(holders)
	s.Facts = append(s.Facts, s.Series(nil)...)
	if len(s.Memory) == 0 {
		return fmt.Errorf("expected a row such as 6720MiB / 16380MiB")
	}
	return nil
}

// ownsNvidia: the tables, and what a series of queries prints between them.
func ownsNvidia(l string) bool {
	if l[0] == '|' || l[0] == '+' {
		return true
	}
	if _, err := time.Parse("Mon Jan _2 15:04:05 2006", l); err == nil {
		return true
	}
	return ownsCSV(l)
}
