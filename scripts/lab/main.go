// Command lab runs real programs, well and under one injected fault each, and records what they print.
//
// usage: lab [-only REGEXP] [-n] DIR…
//
// DIR holds one archive of scripts a program (*.txtar). lab runs each script in a throw-away copy of this machine (sandbox.sh,
// needs root and the programs), writes what it printed to DIR/SLUG.log, wrapped as a deployment would show it, and the labels
// to DIR/truth.json. With -only the other records stay as they are; with -n nothing is run and only the labels are written.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
)

func main() {
	only := flag.String("only", "", "run only the cases whose slug this regular `expression` finds")
	dry := flag.Bool("n", false, "run nothing, write truth.json anew from the scripts and the logs that are there")
	flag.Parse()
	pick, err := regexp.Compile(*only)
	if err != nil || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	failed := false
	for _, dir := range flag.Args() {
		if err := record(dir, pick, *dry); err != nil {
			fmt.Fprintln(os.Stderr, "lab:", err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}
