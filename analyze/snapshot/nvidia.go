package snapshot

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"wolfdiag/analyze/setup"
	"wolfdiag/internal/lazyregexp"
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

func (s *Snapshot) nvidiaFailed(data []byte) error {
	eachLine(data, func(n int, line string) {
		for _, f := range failures {
			if strings.Contains(line, f.text) {
				s.fact(n, f.id, line, f.means)
				return
			}
		}
	})
	return nil
}

// csvHeader: timestamp, index, memory.used [MiB], memory.total [MiB]
var csvHeader = lazyregexp.NewIf(namesMeasure, `(?i)^(?:[a-z_.0-9]+(?: \[[^\]]*\])?, )*(?:memory\.(?:used|free|total)|encoder\.stats\.\w+|used_gpu_memory|utilization\.\w+)(?: \[[^\]]*\])?(?:, .*)?$`)

// csvBare: "0 MiB, 143156 MiB, 143771 MiB", with a time before it or not
var csvBare = lazyregexp.NewIf(onlyMeasures, `^(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?, )?(?:\d+, )?\d+(?: MiB)?, \d+(?: MiB)?(?:, \d+(?: MiB)?)*$`)

func namesMeasure(l string) bool {
	l = strings.ToLower(l)
	return strings.Contains(l, "memory") || strings.Contains(l, "encoder.stats.") || strings.Contains(l, "utilization.")
}

func onlyMeasures(l string) bool { return strings.Trim(l, "0123456789/:., MiB") == "" }

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
			if c.name < len(cells) {
				s.held(&holders, cells[c.name], number(cells, c.held), n)
			}
			return
		}
		s.boardOf(&c, cells, n)
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

// ownsCSV: a header, a row under one, or what a query without rows says.
func ownsCSV(l string) bool {
	return csvHeader.MatchString(l) || csvBare.MatchString(l) || csvRow.MatchString(l)
}

// csvRow: "2026/11/28 21:22:07.052, NVIDIA H200, 00000000:00:06.0, P0, 0 MiB, 143771 MiB, 0 %, 32"
var csvRow = lazyregexp.New(`^(?:[^,|]{0,60}, )*(?:\d+ (?:MiB|%|W|MHz|C)|\d+|\[N/A\]|\[Not Supported\]|N/A)(?:, [^,|]{0,60})*$`)

// columns says where the figures of a row stand; -1: nowhere.
type columns struct {
	headed                               bool
	used, free, total, stamp, enc, index int
	name, held                           int // of a process, or of a GPU when nothing is held
	driver, bus                          int
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
	*c = columns{headed: header, used: -1, free: -1, total: -1, stamp: -1, enc: -1, index: -1, name: -1, held: -1, driver: -1, bus: -1}
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
		case "process_name", "name", "gpu_name":
			c.name = i
		case "driver_version":
			c.driver = i
		case "pci.bus_id", "gpu_bus_id":
			c.bus = i
		case "used_gpu_memory", "used_memory":
			c.held = i
		}
	}
	return cells, true
}

// boardOf notes the GPU that a row names, and its driver.
func (s *Snapshot) boardOf(c *columns, cells []string, line int) {
	at := func(i int) string {
		if i < 0 || i >= len(cells) || strings.HasPrefix(cells[i], "[") {
			return ""
		}
		return cells[i]
	}
	if name := at(c.name); name != "" && !s.boards[name+at(c.bus)] {
		if s.boards == nil {
			s.boards = map[string]bool{}
		}
		s.boards[name+at(c.bus)] = true
		s.board(line, name, at(c.bus))
	}
	if v := at(c.driver); v != "" && !s.boards[v] {
		if s.boards == nil {
			s.boards = map[string]bool{}
		}
		s.boards[v] = true
		s.says(line, setup.AboutVersion, setup.ComponentDriver, v)
	}
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
