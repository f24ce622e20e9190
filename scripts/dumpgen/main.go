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
	"time"

	"wolfdiag/dump/dumptest"
)

func main() {
	n := flag.Int("n", 1000, "dumps to write")
	dir := flag.String("dir", "", "folder to write them to")
	flag.Parse()
	if err := write(*dir, *n); err != nil {
		fmt.Fprintln(os.Stderr, "dumpgen:", err)
		os.Exit(1)
	}
}

// write names the dumps as Wolf does. There are 40 ways to crash among them.
func write(dir string, n int) error {
	if dir == "" || n < 1 {
		return fmt.Errorf("want -dir and at least one dump")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	at := time.Date(2025, 9, 30, 11, 40, 36, 0, time.UTC)
	for i := range n {
		way := uint64(i % 40)
		own := []uint64{0x1000 + way*0x140, 0x8000 + way*0x90, 0x200}
		name := at.Add(time.Duration(i)*time.Minute).Format("backtrace.2006-01-02-15-04-05") + fmt.Sprintf(".%09d.dump", i)
		if err := os.WriteFile(filepath.Join(dir, name), dumptest.Cpptrace(dumptest.NewProcess(uint64(i)).Segv(own...)), 0o644); err != nil {
			return err
		}
	}
	return nil
}
