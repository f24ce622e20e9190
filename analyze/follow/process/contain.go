package process

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"os/exec"
)

// markName is the variable by which a command's descendants are known.
const markName = "WOLFDIAG_PROCESS="

// Contain makes cmd.Cancel, and so the end of a context's time, end the command
// and all that it has started: its process group, its descendants, and, on
// Linux, whoever carries the mark that it inherits in its environment, wherever
// it has gone with setsid or a double fork. What clears its environment and has
// left both group and parents is not found. A ctrl-C at the terminal does not
// reach the command. It is to be called when cmd.Env is complete, before Start.
//
// Elsewhere than on Unix only the command itself ends.
func Contain(cmd *exec.Cmd) {
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	mark := markName + hex.EncodeToString(b[:])
	cmd.Env = append(cmd.Env, mark)
	contain(cmd, mark)
}
