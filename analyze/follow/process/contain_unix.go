//go:build unix

package process

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

func contain(cmd *exec.Cmd, mark string) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		leader := cmd.Process.Pid
		family := descendants(leader) // before those between are gone
		err := syscall.Kill(-leader, syscall.SIGKILL)
		for range 20 { // what forks while it is being looked for is found the next time
			family = append(family, marked(mark)...)
			if len(family) == 0 {
				break
			}
			for _, p := range family {
				p.kill()
			}
			family = family[:0]
		}
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}
