package snapshot

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"wolfdiag/internal/lazyregexp"
)

func isEncoderSessions(lines []string) bool {
	return strings.HasPrefix(lines[0], "# GPU") && strings.Contains(lines[0], "Session") && strings.Contains(lines[0], "Codec")
}

// encoderSessions reads `nvidia-smi encodersessions`; "-" stands for none.
func (s *Snapshot) encoderSessions(data []byte) error {
	open, rounds := 0, 0
	eachLine(data, func(_ int, line string) {
		switch {
		case strings.HasPrefix(line, "# GPU"):
			if rounds++; rounds > 1 {
				open = 0 // the command loops: the last round counts
			}
		case strings.HasPrefix(line, "#"):
		default:
			if f := strings.Fields(line); len(f) >= 4 && f[1] != "-" {
				open++
			}
		}
	})
	s.Encoders = append(s.Encoders, Encoders{Line: 1, Open: open})
	s.Facts = append(s.Facts, s.Series(nil)...)
	return nil
}

// isNvidiaMonitor: # gpu    pwr  gtemp  mtemp     sm    mem    enc … of `nvidia-smi dmon` and pmon
func isNvidiaMonitor(lines []string) bool { return isMonitorHead(lines[0]) }

func isMonitorHead(l string) bool {
	f := strings.Fields(l)
	return len(f) > 4 && f[0] == "#" && (f[1] == "gpu" || strings.EqualFold(f[1], "date") && strings.Contains(l, "gpu")) && (strings.Contains(l, " sm ") || strings.Contains(l, " fb"))
}

func ownsMonitor(l string) bool {
	return strings.HasPrefix(l, "#") || strings.Trim(strings.Join(strings.Fields(l), ""), "0123456789-/:") == "" || monitorProcess(strings.Fields(l))
}

// monitorProcess: 0  1234  C+G  3  1  12  0  -  -  wolf
func monitorProcess(f []string) bool {
	return len(f) >= 8 && strings.Trim(f[0], "0123456789") == "" && strings.Trim(f[1], "0123456789-") == "" && strings.Trim(f[2], "CGM+-") == ""
}

// nvidiaMonitor reads `nvidia-smi dmon` and `nvidia-smi pmon`: how busy the GPU
// and its encoder were at most, how hot it was, and which programs used it.
func (s *Snapshot) nvidiaMonitor(data []byte) error {
	var head []string
	peaks := map[string]peak{}
	rows := 0
	programs := map[string]int{}
	eachLine(data, func(n int, line string) {
		f := strings.Fields(strings.TrimPrefix(line, "#"))
		if strings.HasPrefix(line, "#") {
			if isMonitorHead(line) {
				head = f
			}
			return
		}
		if len(head) == 0 || len(f) < len(head) {
			return
		}
		rows++
		for i, name := range head {
			if v := number(f, i); !math.IsNaN(v) && v >= peaks[name].value {
				peaks[name] = peak{v, n}
			}
		}
		if name := f[len(head)-1]; head[len(head)-1] == "command" && name != "-" && len(programs) < 256 {
			if programs[name] == 0 {
				programs[name] = n
			}
		}
	})
	if rows == 0 {
		return fmt.Errorf("expected rows below # gpu")
	}
	if p, ok := peaks["enc"]; ok && peaks["sm"].line > 0 {
		s.fact(p.line, "", fmt.Sprintf("the GPU was %.0f %% busy at most, its encoder %.0f %%, over %s", peaks["sm"].value, p.value, quantity(rows, "reading", "readings")), "load, not failure")
	}
	if p, ok := peaks["gtemp"]; ok && p.value >= 90 {
		s.fact(p.line, "", fmt.Sprintf("the GPU was %.0f °C hot", p.value), "near the limit at which it slows down")
	}
	if names := slices.Sorted(maps.Keys(programs)); len(names) > 0 {
		s.fact(programs[names[0]], "", "programs on the GPU: "+strings.Join(names[:min(len(names), 8)], ", "), "")
	}
	return nil
}

// peak is the highest of a column, and its line.
type peak struct {
	value float64
	line  int
}

// listed: GPU 0: NVIDIA GeForce RTX 4070 (UUID: GPU-5b1f8d0e-…)
var listed = lazyregexp.NewIf(func(l string) bool { return strings.HasPrefix(l, "GPU ") }, `^GPU (\d+): (.+?) \(UUID: (?:GPU|MIG)-[0-9a-fA-F-]+\)$`)

func isNvidiaList(lines []string) bool { return listed.MatchString(lines[0]) }

func ownsNvidiaList(l string) bool {
	return listed.MatchString(l) || strings.HasPrefix(l, "MIG ") && strings.Contains(l, "UUID: MIG-")
}

// nvidiaList reads `nvidia-smi -L`.
func (s *Snapshot) nvidiaList(data []byte) error {
	eachLine(data, func(n int, line string) {
		if m := listed.FindStringSubmatch(line); m != nil {
			s.board(n, m[2], "")
			s.fact(n, "", "nvidia-smi sees GPU "+m[1]+": "+m[2], "the driver answers where this was run")
		}
	})
	return nil
}
