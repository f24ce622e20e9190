package cluster

import (
	"wolfdiag/dump/decode"
	"wolfdiag/dump/signature"
	"wolfdiag/dump/trace"
)

// rootNames end the stack of every thread.
var rootNames = map[string]bool{"_start": true, "clone": true, "clone3": true, "__clone": true, "__clone3": true, "__GI___clone": true, "__GI___clone3": true, "thread_start": true}

// CutAtRoots finds traces in which frames follow the bottom of a stack: two
// threads that crashed at once wrote over one another, and the longer trace
// sticks out below the shorter. The load bases cannot show that, because it is
// one process. A bottom is known by its name or, without symbols, because it ends
// several other traces of the same build.
func CutAtRoots(traces []*Unique) {
	type address struct {
		module string
		object uint64
		build  string
	}
	ends := make(map[address]int)
	for _, t := range traces {
		n := len(t.Frames)
		if n == 0 || n >= decode.MaxFrames || t.Files[0].Trace.Status != trace.StatusOK {
			continue
		}
		if f := &t.Frames[n-1]; f.HasObject {
			ends[address{f.Module, f.Object, t.Sig.Build}]++
		}
	}
	const several = 2
	for _, t := range traces {
		for i := range len(t.Frames) - 1 {
			f := &t.Frames[i]
			named := rootNames[signature.Normalize(f.Function)]
			if !named && !(f.HasObject && f.Function == "" && ends[address{f.Module, f.Object, t.Sig.Build}] >= several) {
				continue
			}
			if nothingFollows(t.Frames[i+1:]) {
				break
			}
			rest := len(t.Frames) - i - 1
			for _, file := range t.Files {
				file.Trace.Status = trace.Worse(file.Trace.Status, trace.StatusMixedThreads)
				file.Trace.Warn("frame %d is the bottom of a thread's stack, but %d frames follow: two threads were written over one another; these are left out", i, rest)
				file.Trace.Dropped = append(file.Trace.Dropped, t.Frames[i+1:]...)
			}
			t.Frames = t.Frames[:i+1]
			break
		}
	}
}

// nothingFollows reports whether the frames are only the zero that some unwinders
// list below the bottom.
func nothingFollows(frames []trace.Frame) bool {
	for i := range frames {
		if frames[i].Raw != 0 || frames[i].Module != "" || frames[i].Function != "" {
			return false
		}
	}
	return true
}
