package dump

// bottomNames end the stack of every thread.
var bottomNames = map[string]bool{"_start": true, "clone": true, "clone3": true, "__clone": true, "__clone3": true, "__GI___clone": true, "__GI___clone3": true, "thread_start": true}

// cutAtBottoms finds traces in which frames follow the bottom of a stack: two
// threads that crashed at once wrote over one another, and the longer trace
// sticks out below the shorter. The load bases cannot show that, because it is
// one process. A bottom is known by its name or, without symbols, because it ends
// several other traces of the same build.
func cutAtBottoms(traces []*uniqueTrace) {
	type address struct {
		module string
		object uint64
		build  string
	}
	ends := make(map[address]int)
	for _, t := range traces {
		n := len(t.frames)
		if n == 0 || n >= maxFrames || t.files[0].Trace.Status != StatusOK {
			continue
		}
		if f := &t.frames[n-1]; f.HasObject {
			ends[address{f.Module, f.Object, t.sig.Build}]++
		}
	}
	const several = 2
	for _, t := range traces {
		for i := range len(t.frames) - 1 {
			f := &t.frames[i]
			named := bottomNames[NormalizeFunction(f.Function)]
			if !named && !(f.HasObject && f.Function == "" && ends[address{f.Module, f.Object, t.sig.Build}] >= several) {
				continue
			}
			if nothingFollows(t.frames[i+1:]) {
				break
			}
			rest := len(t.frames) - i - 1
			for _, file := range t.files {
				file.Trace.Status = worse(file.Trace.Status, StatusMixedThreads)
				file.Trace.warn("frame %d is the bottom of a thread's stack, but %d frames follow: two threads were written over one another; these are left out", i, rest)
				file.Trace.Dropped = append(file.Trace.Dropped, t.frames[i+1:]...)
			}
			t.frames = t.frames[:i+1]
			break
		}
	}
}

// nothingFollows reports whether the frames are only the zero that some unwinders
// list below the bottom.
func nothingFollows(frames []Frame) bool {
	for i := range frames {
		if frames[i].Raw != 0 || frames[i].Module != "" || frames[i].Function != "" {
			return false
		}
	}
	return true
}
