package lifetime

import (
	"fmt"
	"strconv"
	"strings"
)

// signals are those that end a process, by their names on Linux.
var signals = map[string]int{
	"HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "SEGV": 11, "PIPE": 13, "TERM": 15,
}

// exitCode reads what a supervisor says of an exit: the status, or the signal
// that ended the process, which a shell and docker report as 128 and its
// number ("terminated by SIGKILL", "status=9/KILL"); -1 when it says neither.
func exitCode(status, signal string) int {
	if n, ok := signals[strings.TrimPrefix(signal, "SIG")]; ok {
		return 128 + n
	}
	if n, err := strconv.Atoi(strings.TrimSpace(status)); err == nil && n >= 0 && n < 1<<16 {
		return n
	}
	return -1
}

// exitMeanings decodes the exit codes of the Wolf container. Wolf's signal
// handler ends in exit(signal number), wolf:src/moonlight-server/exceptions.
var exitMeanings = map[int]struct {
	kind EndKind
	text string
}{
	0:   {EndClean, "ended by itself"},
	1:   {EndCrash, "failed before or while starting Wolf"},
	2:   {EndClean, "SIGINT, interrupted"},
	3:   {EndClean, "SIGQUIT, asked to quit"},
	6:   {EndCrash, "SIGABRT in Wolf"},
	11:  {EndCrash, "SIGSEGV in Wolf"},
	15:  {EndClean, "SIGTERM, stopped"},
	101: {EndCrash, "Rust panic"},
	125: {EndCrash, "docker could not run the container"},
	126: {EndCrash, "command is not executable"},
	127: {EndCrash, "command not found"},
	130: {EndClean, "SIGINT, interrupted"},
	132: {EndCrash, "SIGILL"},
	134: {EndCrash, "SIGABRT outside Wolf's handler"},
	135: {EndCrash, "SIGBUS"},
	136: {EndCrash, "SIGFPE"},
	137: {EndKilled, "SIGKILL: out of memory, or the stop timed out"},
	139: {EndCrash, "SIGSEGV outside Wolf's handler"},
	143: {EndClean, "SIGTERM, stopped"},
}

// decodeExit returns how a process with this exit code ended, and the code in
// words: "11: SIGSEGV in Wolf".
func decodeExit(code int) (EndKind, string) {
	if m, ok := exitMeanings[code]; ok {
		return m.kind, fmt.Sprintf("%d: %s", code, m.text)
	}
	if code > 128 && code < 160 {
		return EndKilled, fmt.Sprintf("%d: signal %d", code, code-128)
	}
	return EndUnknown, fmt.Sprintf("%d", code)
}
