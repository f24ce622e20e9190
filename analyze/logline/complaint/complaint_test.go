package complaint

import (
	"testing"

	"wolfdiag/analyze/logline/record"
)

func complaintCases() []struct {
	text string
	want record.Level
} {
	return []struct {
		text string
		want record.Level
	}{
		// Complaints.
		{"cp: cannot open '/etc/shadow' for reading: Permission denied", record.LevelWarning},
		{"foo: failed to bar", record.LevelWarning},
		{"mkdir: cannot create directory ‘/home/retro/.steam’: No such file or directory", record.LevelWarning},
		{"Could not create X", record.LevelWarning},
		{"The plugin can't be loaded", record.LevelWarning},
		{"waiting for the socket timed out", record.LevelWarning},
		{"connection timeout", record.LevelWarning},
		{"Timeout waiting for the device", record.LevelWarning},
		{"No VA display found for device /dev/dri/renderD128.", record.LevelWarning},
		{"Device creation failed: -22.", record.LevelWarning},
		{"Codec not supported", record.LevelWarning},
		{"no capable devices found", record.LevelWarning},
		{"display :0 does not exist", record.LevelWarning},
		{"/usr/bin/foo: not found", record.LevelWarning},
		{"bind() to 0.0.0.0:47984: Address already in use", record.LevelWarning},
		{"connection reset by peer", record.LevelWarning},
		{"ran out of memory", record.LevelWarning},
		{"3 errors", record.LevelWarning},
		{"2 of 5 failed", record.LevelWarning},
		{"Failed: 3", record.LevelWarning},
		{"server exited with code 1", record.LevelWarning},
		{"exit status 127", record.LevelWarning},
		{"got EACCES from open", record.LevelWarning},
		{"[FAILED] Failed to start X", record.LevelWarning},
		{"limit of open files reached", record.LevelWarning},
		{"read: error -71", record.LevelWarning},
		{"internal data stream error.", record.LevelWarning},
		{"error while opening encoder", record.LevelWarning},
		{"Something went wrong", record.LevelWarning},
		{"giving up after 20 attempts", record.LevelWarning},
		{"The Wayland connection broke.", record.LevelWarning},
		{"./launch.sh: line 44:   118 Killed   dbus-run-session -- sway", record.LevelWarning},
		{"Failed to open X, check if it is there", record.LevelWarning},
		{"TypeError: object has no property", record.LevelError},
		{"gi.repository.GLib.GError: gst_parse_error: no element", record.LevelError},
		{"java.io.IOException: Broken pipe", record.LevelError},
		{"Unhandled exception. System.IO.IOException: The configured user limit (128)", record.LevelError},
		{"a fatal problem", record.LevelError},
		{"Fehler: das geht so nicht", record.LevelError},
		{"foo: ОШИБКА: нет", record.LevelError},
		// In other languages.
		{"mkdir: impossible de créer le répertoire « /home/retro/.steam »: Permission non accordée", record.LevelWarning},
		{"/opt/gow/launch-comp.sh: Zeile 44: dbus-run-session: Kommando nicht gefunden.", record.LevelWarning},
		{"/opt/gow/launch-comp.sh: fork: 无法分配内存", record.LevelWarning},
		{"cp: 通常ファイル 'x' を作成できません: 許可がありません", record.LevelWarning},
		{"mkdir: '/x' 디렉터리를 만들 수 없습니다: 허가 거부", record.LevelWarning},
		{"AVERTISSEMENT : pipeline erroné : impossible de connecter a à b, b n’accepte pas les capacités", record.LevelWarning},
		{"cp: не удалось создать: Отказано в доступе", record.LevelWarning},
		// Ordinary lines.
		{"0 errors", record.LevelNone},
		{"0 errors, 0 warnings", record.LevelNone},
		{"error=0", record.LevelNone},
		{"errors: 0", record.LevelNone},
		{"Failed: 0, passed: 12", record.LevelNone},
		{"no errors found", record.LevelNone},
		{"No known errors in 12 files", record.LevelNone},
		{"no updates found", record.LevelNone},
		{"finished without errors", record.LevelNone},
		{"error: none", record.LevelNone},
		{"ErrorHandler registered", record.LevelNone},
		{"error handler registered", record.LevelNone},
		{"crash reporter is ready", record.LevelNone},
		{"log goes to /var/log/error.log", record.LevelNone},
		{"starting with --on-failure=restart --fail-fast", record.LevelNone},
		{"failover is on", record.LevelNone},
		{"restart on failure", record.LevelNone},
		{"will be restarted if it fails", record.LevelNone},
		{"if the device is missing, plug it in", record.LevelNone},
		{"exited with code 0", record.LevelNone},
		{"timeout: 30s", record.LevelNone},
		{`  "Error": "",`, record.LevelNone},
		{`"OOMKilled": false,`, record.LevelNone},
		{"error_log=off fail_timeout=10s", record.LevelNone},
		{"loaded plugin libfailure.so", record.LevelNone},
		{"Setting up the display", record.LevelNone},
		{"Datei geladen", record.LevelNone},
		{"設定を読み込みました", record.LevelNone},
		{"[2025-10-02 06:40:11] Starting: `/opt/retroarch/bin/retroarch`", record.LevelNone},
		{"ready for connections", record.LevelNone},
	}
}

func TestLevel(t *testing.T) {
	for _, tc := range complaintCases() {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			if got, _, _ := Level([]byte(tc.text)); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

// FuzzLevel: digits outside of the part in which they count change nothing.
func FuzzLevel(f *testing.F) {
	for _, tc := range complaintCases() {
		f.Add(tc.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, from, to := Level([]byte(text))
		other := []byte(text)
		for i, c := range other {
			if '0' <= c && c <= '9' && !(from <= i && i < to) {
				other[i] = '0' + (c-'0'+7)%10
			}
		}
		if got, _, _ := Level(other); got != l {
			t.Fatalf("%q is %v, %q is %v", text, l, other, got)
		}
	})
}

func BenchmarkLevel(b *testing.B) {
	line := []byte("Attempt 1/20: waiting for the X server. Looking again in 2 seconds and so on until it is there")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if l, _, _ := Level(line); l != record.LevelNone {
			b.Fatal(l)
		}
	}
}
