package format

import (
	"bytes"
)

// supervisorText reports whether a message is one of supervisord's
// (supervisor:supervisor/process.py, supervisord.py).
func supervisorText(b []byte) bool {
	for _, s := range [...]string{"spawned: ", "exited: ", "success: ", "stopped: ", "gave up: ", "killing ", "reaped ",
		"waiting for ", "received SIG", "supervisord ", "Set uid", "Included extra", "RPC interface", "daemonizing ",
		"spawnerr: ", "fatal: ", "stopping ", "Supervisor is running", "Supervisor running", "Increased ", "Server "} {
		if bytes.HasPrefix(b, []byte(s)) {
			return true
		}
	}
	return false
}
