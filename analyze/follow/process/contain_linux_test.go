package process

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestContain ends a command with all that it has started, however it was
// started.
func TestContain(t *testing.T) {
	for _, tt := range []struct{ name, script string }{
		{"a child", `sleep 1000 & echo $! >> "$1"; wait`},
		{"a session of its own", `setsid sh -c 'echo $$ >> "$1"; exec sleep 1000' x "$1" & wait`},
		{"a session of its own, and its parent is gone", `setsid sh -c 'sh -c "echo \$\$ >> \"$1\"; exec sleep 1000" x "$1" & sleep 0.1' x "$1"; sleep 1000`},
		{"no environment, but a parent", `env -i setsid sh -c 'echo $$ >> "$1"; sleep 1000' x "$1" & wait`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pids := filepath.Join(t.TempDir(), "pids")
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			cmd := exec.CommandContext(ctx, "sh", "-c", tt.script, "sh", pids)
			cmd.WaitDelay = 200 * time.Millisecond
			Contain(cmd)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var started []int
			for end := time.Now().Add(20 * time.Second); len(started) == 0 && time.Now().Before(end); <-time.After(10 * time.Millisecond) {
				b, _ := os.ReadFile(pids) // not there yet
				for _, f := range strings.Fields(string(b)) {
					if pid, err := strconv.Atoi(f); err == nil {
						started = append(started, pid)
					}
				}
			}
			if len(started) == 0 {
				t.Fatal("the script has started nothing")
			}
			<-time.After(200 * time.Millisecond) // until those between are gone
			cancel()
			_ = cmd.Wait() // it was killed
			for _, pid := range started {
				if !gone(pid) {
					t.Errorf("process %d is still there", pid)
					_ = syscall.Kill(pid, syscall.SIGKILL)
				}
			}
		})
	}
}

// gone waits for a process that was killed to end; a zombie has.
func gone(pid int) bool {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); <-time.After(10 * time.Millisecond) {
		if _, _, ok := status(pid); !ok {
			return true
		}
	}
	return false
}
