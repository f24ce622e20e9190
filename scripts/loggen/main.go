// Command loggen writes long logs for benchmarks, and small ones for trying
// things out:
//
//	go run ./scripts/loggen --mix benign --size 1073741824 > big.log
//	go run ./scripts/loggen --cause gpu-xid --transport compose > xid.log
package main

import (
	"flag"
	"fmt"
	"os"

	"wolfdiag/analyze/loggen"
)

func main() {
	mix := flag.String("mix", "", "long log: benign, storm or unknown")
	size := flag.Int64("size", 1<<20, "bytes of a long log")
	cause := flag.String("cause", "", "short log of a server that fails for this cause")
	transport := flag.String("transport", "plain", "wrapping of a short log")
	lifetimes := flag.Int("lifetimes", 1, "lifetimes of a short log")
	seed := flag.Uint64("seed", 1, "seed")
	flag.Parse()
	if err := write(*mix, *size, *cause, *transport, *lifetimes, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "loggen:", err)
		os.Exit(1)
	}
}

func write(mix string, size int64, cause, transport string, lifetimes int, seed uint64) error {
	if mix != "" {
		return loggen.Bulk(os.Stdout, loggen.Mix(mix), size, seed)
	}
	lines, _, err := loggen.Play(loggen.Scenario{Seed: seed, Cause: cause, Lifetimes: lifetimes, ExitCode: -1})
	if err != nil {
		return err
	}
	_, err = fmt.Print(loggen.Wrap(loggen.Transport(transport), lines))
	return err
}
