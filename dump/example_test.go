package dump_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"wolfdiag/dump"
)

const pasted = `Thread 1 "wolf" received signal SIGSEGV, Segmentation fault.
#0  0x00007f1c8e1b2c3d in nvEncLockBitstream () from /usr/lib/libnvidia-encode.so.1
#1  0x000055d0c8a1b2c3 in streaming::Encoder::pull (this=0x0) at /src/encoder.cpp:88
#2  0x000055d0c8a1c111 in streaming::run () at /src/session.cpp:41
`

// A trace out of a debugger, a log or a bug report is read as it was pasted.
func ExampleParsePrinted() {
	trace, ok := dump.ParsePrinted(pasted)
	if !ok {
		fmt.Println("no trace in it")
		return
	}
	for _, f := range trace.Frames {
		fmt.Println(f.Function, f.File, f.Line)
	}
	// Output:
	// nvEncLockBitstream  0
	// streaming::Encoder::pull /src/encoder.cpp 88
	// streaming::run /src/session.cpp 41
}

// Folders of dumps become clusters of the same crash, the most frequent first.
func ExampleAnalyze() {
	dir, err := os.MkdirTemp("", "dumps")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for i := range 3 {
		name := filepath.Join(dir, fmt.Sprintf("backtrace.2025-10-0%d-06-40-11.txt", i+1))
		if err := os.WriteFile(name, []byte(pasted), 0o644); err != nil {
			fmt.Println(err)
			return
		}
	}
	ctx := context.Background()
	r := dump.Analyze(ctx, dump.Collect(ctx, []string{dir}, dump.Options{}), dump.AnalyzeOptions{})
	for _, c := range r.Clusters {
		fmt.Printf("%d × %s\n", c.Count, c.Signature)
	}
	// Output:
	// 3 × streaming::Encoder::pull | streaming::run
}
