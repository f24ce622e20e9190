package signature

import "wolfdiag/dump/trace"

// Origin says who wrote a trace: that decides what stands at its top.
type Origin uint8

// The origins.
const (
	OriginUnknown Origin = iota // names and shape have to tell
	OriginHandler               // the process itself, in its signal or terminate handler
	OriginOutside               // a debugger, the kernel, a language's run-time: the top is the fault
)

// inProcess are the forms that a handler inside the crashing process prints.
var inProcess = map[string]bool{"cpptrace": true, "boost": true, "backtrace_symbols": true, "xorg": true, "godot": true, "llvm": true, "chromium": true}

// OriginOf returns who wrote a trace.
func OriginOf(t *trace.Trace) Origin {
	switch {
	case t.Kind == trace.KindCpptrace || t.Kind == trace.KindCpptraceText || t.Kind == trace.KindBoost || inProcess[t.Format]:
		return OriginHandler
	case t.Format != "":
		return OriginOutside
	}
	return OriginUnknown
}
