package reading

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/speaker"
)

func TestReadDeath(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		want  Death
		cause string // the first, "" for none
	}{
		{"wolf-1 exited with code 139", Death{Program: "wolf-1", Signal: 11, Code: 139, Reason: Crashed}, "wolf-crash"},
		{"wolf-1 exited with code 6", Death{Program: "wolf-1", Code: 6, Reason: Crashed}, "wolf-crash"},
		{"gow-sunshine-1 exited with code 134", Death{Program: "gow-sunshine-1", Signal: 6, Code: 134, Reason: Crashed}, "app-crash"},
		{"process 'cosmic-comp' exited with code 101", Death{Program: "cosmic-comp", Code: 101, Reason: Crashed}, "app-compositor-crash"},
		{"wolf.service: Main process exited, code=killed, status=11/SEGV", Death{Program: "wolf.service", Signal: 11, Code: -1, Reason: Crashed}, "wolf-crash"},
		{"wolf.service: Main process exited, code=dumped, status=6/ABRT", Death{Program: "wolf.service", Signal: 6, Code: -1, Core: true, Reason: Crashed}, "wolf-crash"},
		{"desk-steam-gamescope.service: Main process exited, code=exited, status=134/n/a", Death{Program: "desk-steam-gamescope.service", Signal: 6, Code: 134, Reason: Crashed}, "app-compositor-crash"},
		{"Process 812 (kwin_wayland) of user 1000 dumped core.", Death{Program: "kwin_wayland", Code: -1, Core: true, Reason: Crashed}, "app-compositor-crash"},
		{"exited: wolf (terminated by SIGSEGV (core dumped); not expected)", Death{Program: "wolf", Signal: 11, Code: -1, Core: true, Reason: Crashed}, "wolf-crash"},
		{"exited: pulseaudio (exit status 1; not expected)", Death{Program: "pulseaudio", Code: 1, Reason: Failed}, "container-init-failure"},
		{"gave up: wolf entered FATAL state, too many start retries too quickly", Death{Program: "wolf", Code: -1, GaveUp: true, Reason: Crashed}, "wolf-crash"},
		{"Out of memory: Killed process 2231 (wolf) total-vm:9000000kB", Death{Program: "wolf", Code: -1, Reason: Exhausted}, "host-oom"},
		{"wolf[4711]: segfault at 10 ip 00007f sp 00007f error 4 in libgstva.so", Death{Program: "wolf", Code: -1, Core: true, Reason: Crashed}, "wolf-crash"},
		{"traps: sway[812] general protection fault ip:7f sp:7f error:0", Death{Program: "sway", Code: -1, Core: true, Reason: Crashed}, "app-compositor-crash"},
		{"/opt/gow/startup.sh: line 44:   118 Segmentation fault      (core dumped) sway", Death{Program: "sway", Signal: 11, Code: -1, Core: true, Reason: Crashed}, "app-compositor-crash"},
		{"KCrash: Application Name = plasmashell path = /usr/bin pid = 131", Death{Program: "plasmashell", Code: -1, Core: true, Reason: Crashed}, "app-compositor-crash"},
		{"container wolf-steam exited (127)", Death{Program: "wolf-steam", Code: 127, Reason: Missing}, "container-init-failure"},
		{"[cont-init.d] 10-adduser: exited 1.", Death{Program: "10-adduser", Code: 1, Reason: Failed}, "container-init-failure"},
		{"wolf:gst[33]: segfault at 18 ip 00007f5a00 sp 00007ffd00 error 6", Death{Program: "wolf", Code: -1, Core: true, Reason: Crashed}, "wolf-crash"},
		{"wolf-1 exited with code 66", Death{Program: "wolf-1", Code: 66, Reason: Failed}, "container-init-failure"},
		{"wolf.service: Main process exited, code=dumped, status=1/HUP", Death{Program: "wolf.service", Signal: 1, Code: -1, Core: true, Reason: Crashed}, "wolf-crash"},
		{"Received interrupt signal 11, clean exit", Death{Signal: 11, Code: -1, Reason: Crashed}, ""},
		{"steam-1 exited with code 137", Death{Program: "steam-1", Signal: 9, Code: 137, Reason: Lost}, ""},
	} {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			d, ok := ReadDeath([]byte(tc.text))
			if !ok {
				t.Fatal("no death")
			}
			if diff := cmp.Diff(tc.want, d); diff != "" {
				t.Error(diff)
			}
			cause := ""
			if l := d.Causes(speaker.Runtime); len(l) > 0 {
				cause = l[0].Cause
			}
			if cause != tc.cause {
				t.Errorf("speaks for %q, want %q", cause, tc.cause)
			}
		})
	}
}

func TestNoDeath(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "wolf-1 exited with code 0", "wolf-1 exited with code 15", "wolf-1 exited with code 3", "Received signal 15", "stopped: wolf (exit status 15)", "sway: exited with code 143",
		"wolf.service: Main process exited, code=exited, status=15/n/a", "Received signal SIGTERM", "exit code of the last run: 0",
		"Loading content file: \"/ROMs/Fatal Error - fault (Homebrew).zip\"", "core 3 online", "default signal handlers installed",
	} {
		if d, ok := ReadDeath([]byte(text)); ok {
			t.Errorf("%q is read as %+v", text, d)
		}
	}
}

// TestEndedWell: ends that went well, and whose they are.
func TestEndedWell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"app-1 exited with code 0":                                   "app-1",
		"exited: tidy (exit status 0; expected)":                     "-",
		"[dumb-init] A child with PID 50 exited with exit status 0.": "50",
		"app-1 exited with code 143":                                 "app-1", // asked to, and alive until then
		"Jack main caught signal 15":                                 "",
		"Received SIGTERM, shutting down":                            "",
		"ended with 130":                                             "",
		"ended with 139":                                             "-",
		"ended with 1":                                               "-",
		"caught signal 11, writing a core":                           "-",
		"killed by signal 9":                                         "-",
		"app-1 exited with code 1":                                   "-",
		"app-1 exited with code 139":                                 "-",
		"Listening on port 47989":                                    "-",
	} {
		program, how := EndedWell([]byte(text))
		if well := how != NoEnd; well != (want != "-") || well && program != want {
			t.Errorf("%q: %q, %v, want %q", text, program, how, want)
		}
	}
}
