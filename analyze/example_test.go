package analyze_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"wolfdiag/analyze"
	"wolfdiag/analyze/render"
	"wolfdiag/analyze/source"
)

const exampleLog = `06:40:10.131 INFO  | Gstreamer version: 1.26.2-0
06:40:12.895 ERROR | CUDA call failed: CUDA_ERROR_NOT_PERMITTED, operation not permitted
06:40:12.896 ERROR | Failed to create CUDA context for cuda device 0
`

// Whole inputs are read one after the other; the report ranks the causes.
func ExampleAnalyzer_Read() {
	a, err := analyze.New(analyze.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer a.Close()
	if err := a.Read(context.Background(), source.Input{Kind: source.KindStdin}, strings.NewReader(exampleLog)); err != nil {
		fmt.Println(err)
		return
	}
	r := a.Report()
	fmt.Println(r.Verdict)
	for _, c := range r.Causes[:1] {
		fmt.Println(c.ID)
		fmt.Println("evidence:", c.Evidence[0].Title)
	}
	// Output:
	// cause-found
	// gpu-device-access-lost
	// evidence: CUDA is refused access to the GPU device (800)
}

// A live stream is fed as it comes, and the report can be asked for at any
// moment. Feed says how many bytes it took: a record that may go on is handed in
// again with what follows.
func ExampleAnalyzer_Feed() {
	a, err := analyze.New(analyze.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer a.Close()
	var waiting []byte
	for _, piece := range []string{exampleLog[:60], exampleLog[60:]} {
		waiting = append(waiting, piece...)
		waiting = waiting[a.Feed("wolf", "stream", time.Time{}, waiting, false):]
		fmt.Println(a.Report().Verdict)
	}
	// Output:
	// healthy
	// cause-found
}

// A report is plain data; package render prints it in every format.
func ExampleAnalyzer_Report() {
	a, err := analyze.New(analyze.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer a.Close()
	a.Feed("wolf", "stream", time.Time{}, []byte(exampleLog), true)
	var page strings.Builder
	if err := render.Report(&page, a.Report(), render.Text, render.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(page.String()) {
		if strings.HasPrefix(line, "1. ") {
			title, _, _ := strings.Cut(line, "  ")
			fmt.Println(title)
		}
	}
	// Output:
	// 1. The container may no longer open the GPU's device nodes
}
