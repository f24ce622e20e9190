package lifetime

import (
	"fmt"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"wolf": true, "wolf-1": true, "helix-wolf-1": true, "gamesonwhales_wolf_1": true, "": false,
		"WolfPulseAudio": false, "Wolf-UI_123": false, "WolfXFCE_1": false, "moonlight-web": false, "wolfgang": false, "api-1": false} {
		if got := isWolf(name); got != want {
			t.Errorf("isWolf(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]string{"/WolfXFCE_16509540347718230936": "xfce", "WolfSteam_1": "steam", "zed-external-01k_9": "zed",
		"/myapp_77": "myapp", "": ""} {
		var k kinds
		if got, again := appKind(name), k.of(name); got != want || again != want || k.of(name+"0") != appKind(name+"0") {
			t.Errorf("appKind(%q) = %q, remembered %q, want %q", name, got, again, want)
		}
	}
	for code, want := range map[int]string{11: "crash 11: SIGSEGV in Wolf", 137: "killed 137: SIGKILL: out of memory, or the stop timed out",
		15: "clean 15: SIGTERM, stopped", 140: "killed 140: signal 12", 99: "unknown 99"} {
		if kind, text := decodeExit(code); string(kind)+" "+text != want {
			t.Errorf("exit %d = %s %s, want %s", code, kind, text, want)
		}
	}
	for name, want := range map[string]string{"nvh265enc10": "nvh265enc 10", "pulsesrc3": "pulsesrc 3", "1650_video": "", "wolf_wayland_source": "",
		"12": "", "x99999999999": ""} {
		got := ""
		if kind, n, ok := numbered(name); ok {
			got = fmt.Sprint(kind, " ", n)
		}
		if got != want {
			t.Errorf("numbered(%q) = %q, want %q", name, got, want)
		}
	}
}
