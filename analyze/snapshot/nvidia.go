package snapshot

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Thresholds on the share of GPU memory in use.
const (
	memoryFull  = 0.95
	memoryTight = 0.80
	freeTight   = 300 // MiB left: too little for another 4K session
)

// failures are what nvidia-smi says when it cannot do its work.
var failures = []struct{ text, id, means string }{
	{"Failed to initialize NVML: Unknown Error", "fact-nvml-failed-container", "taken inside the container, it means the container lost access to the GPU devices"},
	{"Failed to initialize NVML: Driver/library version mismatch", "fact-nvml-mismatch", "the user-space driver does not fit the loaded kernel module"},
	{"Failed to initialize NVML: GPU access blocked by the operating system", "fact-nvml-failed-container", "opening the device nodes fails: nodes missing, or no file descriptors left"},
	{"couldn't communicate with the NVIDIA driver", "fact-nvml-no-driver", "no NVIDIA kernel driver is loaded"},
	{"No devices were found", "fact-nvml-no-driver", "the driver is loaded and sees no GPU"},
	{"GPU is lost", "fact-gpu-lost", "the GPU fell off the bus; only a reboot brings it back"},
	{"Unable to determine the device handle", "fact-gpu-lost", "the GPU does not answer"},
}

func isNvidiaFailed(lines []string) bool {
	if len(lines) > 3 { // a log that quotes the message is a log
		return false
	}
	for _, l := range lines {
		for _, f := range failures {
			if strings.Contains(l, f.text) && !strings.Contains(l, "|") && len(l) < 160 && !startsWithTime(l) {
				return true
			}
		}
	}
	return false
}

func startsWithTime(l string) bool { return len(l) > 8 && l[2] == ':' && l[5] == ':' }

func (s *Snapshot) nvidiaFailed(data []byte) {
	eachLine(data, func(n int, line string) {
		for _, f := range failures {
			if strings.Contains(line, f.text) {
				s.fact(n, f.id, line, f.means)
				return
			}
		}
	})
}

// csvHeader: timestamp, index, memory.used [MiB], memory.total [MiB]
var csvHeader = regexp.MustCompile(`(?i)^(?:[a-z_.0-9]+(?: \[[^\]]*\])?, )*(?:memory\.(?:used|free|total)|encoder\.stats\.\w+|used_gpu_memory|utilization\.\w+)(?: \[[^\]]*\])?(?:, .*)?$`)

// csvBare: "0 MiB, 143156 MiB, 143771 MiB", with a time before it or not
var csvBare = regexp.MustCompile(`^(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?, )?(?:\d+, )?\d+(?: MiB)?, \d+(?: MiB)?(?:, \d+(?: MiB)?)*$`)

func isNvidiaCSV(lines []string) bool {
	return csvHeader.MatchString(lines[0]) || csvBare.MatchString(lines[0])
}

// nvidiaCSV reads `nvidia-smi --query-gpu=… --format=csv` with or without
// header, units and timestamps, once or as a series. Without a header the
// columns are told apart by size: the largest is the total.
func (s *Snapshot) nvidiaCSV(data []byte) error {
	var c columns
	var holders []holder
	bad, firstBad := 0, 0
	eachLine(data, func(n int, line string) {
		cells, header := c.cells(line)
		if header {
			return
		}
		if c.held >= 0 && c.name >= 0 {
			s.held(&holders, cells, &c, n)
			return
		}
		m := c.memory(cells)
		m.Line = n
		if e := number(cells, c.enc); e >= 0 && e < maxEncoders {
			s.Encoders = append(s.Encoders, Encoders{Time: m.Time, Line: n, Open: int(e)})
		}
		if number(cells, c.index) > 0 {
			return // the series of the first GPU is the one that is followed
		}
		if !m.usable() {
			if c.enc < 0 {
				if bad++; firstBad == 0 {
					firstBad = n
				}
			}
			return
		}
		s.Memory = append(s.Memory, m)
	})
	s.heldBy(holders)
	s.Facts = append(s.Facts, s.Series(nil)...)
	if bad > 0 && len(s.Memory) == 0 {
		return fmt.Errorf("line %d: expected memory.used and memory.total in MiB", firstBad)
	}
	if bad > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%d rows without usable memory figures, the first at line %d", bad, firstBad))
	}
	return nil
}

// columns says where the figures of a row stand; -1: nowhere.
type columns struct {
	headed                               bool
	used, free, total, stamp, enc, index int
	name, held                           int // of a process
}

// cells cuts a line into its cells. A header tells where the figures of the
// rows after it stand; without one they are guessed row by row.
func (c *columns) cells(line string) (cells []string, header bool) {
	cells = strings.Split(line, ",")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	header = csvHeader.MatchString(line)
	if !header && c.headed {
		return cells, false
	}
	*c = columns{headed: header, used: -1, free: -1, total: -1, stamp: -1, enc: -1, index: -1, name: -1, held: -1}
	if !header {
		c.used, c.free, c.total, c.stamp = bareColumns(cells)
		return cells, false
	}
	for i, cell := range cells {
		switch name, _, _ := strings.Cut(strings.ToLower(cell), " "); name {
		case "memory.used":
			c.used = i
		case "memory.free":
			c.free = i
		case "memory.total":
			c.total = i
		case "timestamp":
			c.stamp = i
		case "index":
			c.index = i
		case "encoder.stats.sessioncount":
			c.enc = i
		case "process_name", "name":
			c.name = i
		case "used_gpu_memory", "used_memory":
			c.held = i
		}
	}
	return cells, true
}

// memory reads the figures of a row; NaN for what it does not hold.
func (c *columns) memory(cells []string) Memory {
	m := Memory{Used: number(cells, c.used), Total: number(cells, c.total)}
	if f := number(cells, c.free); math.IsNaN(m.Used) && !math.IsNaN(f) {
		m.Used = m.Total - f
	}
	if c.stamp >= 0 && c.stamp < len(cells) {
		m.Time = parseSmiTime(cells[c.stamp])
	}
	return m
}

// usable reports whether the figures can be true.
func (m Memory) usable() bool {
	return !math.IsNaN(m.Used) && !math.IsNaN(m.Total) && m.Total > 0 && m.Used >= 0 && m.Used <= m.Total*1.01
}

// bareColumns guesses the columns of a row without header: the largest number
// is the total, and of the others the first is what is used.
func bareColumns(cells []string) (used, free, total, stamp int) {
	used, free, total, stamp = -1, -1, -1, -1
	for i, c := range cells {
		if strings.Contains(c, "/") {
			stamp = i
			continue
		}
		if v := number(cells, i); !math.IsNaN(v) && (total < 0 || v > number(cells, total)) {
			total = i
		}
	}
	for i := range cells {
		if i == total || i == stamp || math.IsNaN(number(cells, i)) {
			continue
		}
		// A small number before the sizes is a GPU index.
		if used < 0 && i+2 < len(cells) && i+1 != total && number(cells, i) < 16 && len(cells)-i > 3 {
			continue
		}
		if used < 0 {
			used = i
		} else if free < 0 {
			free = i
		}
	}
	return used, free, total, stamp
}

func number(cells []string, i int) float64 {
	if i < 0 || i >= len(cells) {
		return math.NaN()
	}
	f, _, _ := strings.Cut(cells[i], " ")
	v, err := strconv.ParseFloat(f, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// parseSmiTime reads 2026/11/23 17:21:46.358, local time of that machine. The
// zone is not printed; the time is kept as if it were UTC.
func parseSmiTime(s string) time.Time {
	t, err := time.Parse("2006/01/02 15:04:05.999", s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// tableMemory: | 30%   45C    P8    10W / 70W |   6720MiB / 16380MiB |      0%      Default |
var tableMemory = regexp.MustCompile(`(\d+)MiB\s*/\s*(\d+)MiB`)

// tableName: |   0  NVIDIA RTX 2000 Ada Gene...    On  |   00000000:01:00.0 Off |                  Off |
var tableName = regexp.MustCompile(`^\|\s+\d+\s+(\S.*?)\s+(?:On|Off|N/A|Enabled|Disabled|TCC|WDDM)\s+\|`)

func isNvidiaTable(lines []string) bool {
	for _, l := range lines {
		if strings.HasPrefix(l, "| NVIDIA-SMI ") {
			return true
		}
	}
	return false
}

func (s *Snapshot) nvidiaTable(data []byte) error {
	var at time.Time
	eachLine(data, func(n int, line string) {
		// Sun Nov 23 17:21:46 2025, in front of the table: local time
		if t, err := time.Parse("Mon Jan _2 15:04:05 2006", line); err == nil {
			at = t
		}
		if m := tableMemory.FindStringSubmatch(line); m != nil && len(s.Memory) == 0 {
			u, _ := strconv.ParseFloat(m[1], 64)
			t, _ := strconv.ParseFloat(m[2], 64)
			if r := (Memory{Time: at, Used: u, Total: t, Line: n}); r.usable() {
				s.Memory = append(s.Memory, r)
			}
		}
		if m := tableName.FindStringSubmatch(line); m != nil && isWorkstation(m[1]) {
			s.fact(n, "fact-workstation-gpu", "the GPU is of a workstation or data-centre class: "+m[1], "boards of this class have no limit on encoder sessions").Lasting = true
		}
	})
	s.Facts = append(s.Facts, s.Series(nil)...)
	if len(s.Memory) == 0 {
		return fmt.Errorf("expected a row such as 6720MiB / 16380MiB")
	}
	return nil
}

// workstation names boards whose drivers do not limit encoder sessions.
var workstation = regexp.MustCompile(`\b(?:Quadro|RTX (?:A?\d{4}|PRO)|Tesla|L40S?|L4|A10G?|A16|A2|T4|A40)\b`)

// isWorkstation tells an RTX 4000 (workstation) from a GeForce RTX 4090.
func isWorkstation(name string) bool {
	return !strings.Contains(name, "GeForce") && !strings.Contains(name, "TITAN") && workstation.MatchString(name)
}

func isEncoderSessions(lines []string) bool {
	return strings.HasPrefix(lines[0], "# GPU") && strings.Contains(lines[0], "Session") && strings.Contains(lines[0], "Codec")
}

// encoderSessions reads `nvidia-smi encodersessions`; "-" stands for none.
func (s *Snapshot) encoderSessions(data []byte) {
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
}
