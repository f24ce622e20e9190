// Command dumpgen writes crash dumps of made-up processes into a folder, for
// benchmarks:
//
//	go run ./scripts/dumpgen -n 1000 -dir dumps
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

func main() {
	n := flag.Int("n", 1000, "dumps to write")
	frames := flag.Int("frames", 25, "frames in each, 7 to 100")
	dir := flag.String("dir", "", "folder to write them to")
	flag.Parse()
	if err := write(*dir, *n, *frames); err != nil {
		fmt.Fprintln(os.Stderr, "dumpgen:", err)
		os.Exit(1)
	}
}

// write names the dumps as Wolf does. There are 40 ways to crash among them.
func write(dir string, n, frames int) error {
	const fewest, most = 7, 100 // the handler, three own frames and the bottom; what Wolf writes
	if dir == "" || n < 1 || frames < fewest || frames > most {
		return fmt.Errorf("want -dir, at least one dump, and %d to %d frames", fewest, most)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	at := time.Date(2025, 9, 30, 11, 40, 36, 0, time.UTC)
	for i := range n {
		way := uint64(i % 40)
		own := []uint64{0x1000 + way*0x140, 0x8000 + way*0x90, 0x200}
		p := dumptest.NewProcess(uint64(i))
		trace := p.Segv(own...)
		var callers []dump.Frame
		for k := range frames - len(trace) {
			module := []string{dumptest.Gst, dumptest.GLib, dumptest.Wolf}[k%3]
			callers = append(callers, p.At(module, 0x20000+uint64(k)*0x310))
		}
		bottom := len(trace) - 2
		trace = slices.Concat(trace[:bottom], callers, trace[bottom:])
		name := at.Add(time.Duration(i)*time.Minute).Format("backtrace.2006-01-02-15-04-05") + fmt.Sprintf(".%09d.dump", i)
		if err := os.WriteFile(filepath.Join(dir, name), dumptest.Cpptrace(trace), 0o644); err != nil {
			return err
		}
	}
	return nil
}
