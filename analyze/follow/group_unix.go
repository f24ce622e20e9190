//go:build unix

package follow

import (
	"os/exec"
	"syscall"
)

// wholeGroup makes a command a group of its own, which is killed as a whole: a
// script's children do not outlive it, and a ctrl-C at the terminal does not
// reach it.
func wholeGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
