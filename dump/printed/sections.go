package printed

import (
	"strings"

	"wolfdiag/dump/trace"
)

// programOf returns the object of main, else the first that is no library; ""
// when no frame names one.
func programOf(frames []trace.Frame) string {
	first := ""
	for i := range frames {
		f := &frames[i]
		base := trace.BaseName(f.Module)
		if base == "" || strings.HasSuffix(base, ".so") || strings.Contains(base, ".so.") || strings.HasPrefix(base, "[") {
			continue
		}
		if f.Function == "main" || f.Function == "_start" {
			return f.Module
		}
		if first == "" {
			first = f.Module
		}
	}
	return first
}

// crashedOf returns the index of the thread that crashed: the one that the text
// says, else one that entered a signal handler, else one that raises a signal,
// else the first of most forms, which is where debuggers and the kernel put it.
func crashedOf(group []section) int {
	for i := range group {
		if group[i].crashed {
			return i
		}
	}
	for i := range group {
		for _, f := range group[i].trace.Frames {
			if f.Role == trace.RoleTrampoline {
				return i
			}
		}
	}
	for i := range group {
		for k, f := range group[i].trace.Frames {
			if k < 4 && raises[f.Function] {
				return i
			}
		}
	}
	for i := range group {
		if group[i].thread == "1" || strings.HasPrefix(group[i].thread, "1 ") {
			return i // a core's first thread is the one that crashed; gdb lists it last
		}
	}
	return 0
}
