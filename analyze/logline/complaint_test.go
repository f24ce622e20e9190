package logline

import (
	"strings"
	"testing"
)

func complaintCases() []struct {
	text string
	want Level
} {
	return []struct {
		text string
		want Level
	}{
		// Complaints.
		{"cp: cannot open '/etc/shadow' for reading: Permission denied", LevelWarning},
		{"foo: failed to bar", LevelWarning},
		{"mkdir: cannot create directory ‘/home/retro/.steam’: No such file or directory", LevelWarning},
		{"Could not create X", LevelWarning},
		{"The plugin can't be loaded", LevelWarning},
		{"waiting for the socket timed out", LevelWarning},
		{"connection timeout", LevelWarning},
		{"Timeout waiting for the device", LevelWarning},
		{"No VA display found for device /dev/dri/renderD128.", LevelWarning},
		{"Device creation failed: -22.", LevelWarning},
		{"Codec not supported", LevelWarning},
		{"no capable devices found", LevelWarning},
		{"display :0 does not exist", LevelWarning},
		{"/usr/bin/foo: not found", LevelWarning},
		{"bind() to 0.0.0.0:47984: Address already in use", LevelWarning},
		{"connection reset by peer", LevelWarning},
		{"ran out of memory", LevelWarning},
		{"3 errors", LevelWarning},
		{"2 of 5 failed", LevelWarning},
		{"Failed: 3", LevelWarning},
		{"server exited with code 1", LevelWarning},
		{"exit status 127", LevelWarning},
		{"got EACCES from open", LevelWarning},
		{"[FAILED] Failed to start X", LevelWarning},
		{"limit of open files reached", LevelWarning},
		{"read: error -71", LevelWarning},
		{"internal data stream error.", LevelWarning},
		{"error while opening encoder", LevelWarning},
		{"Something went wrong", LevelWarning},
		{"giving up after 20 attempts", LevelWarning},
		{"The Wayland connection broke.", LevelWarning},
		{"./launch.sh: line 44:   118 Killed   dbus-run-session -- sway", LevelWarning},
		{"Failed to open X, check if it is there", LevelWarning},
		{"TypeError: object has no property", LevelError},
		{"gi.repository.GLib.GError: gst_parse_error: no element", LevelError},
		{"java.io.IOException: Broken pipe", LevelError},
		{"Unhandled exception. System.IO.IOException: The configured user limit (128)", LevelError},
		{"a fatal problem", LevelError},
		{"Fehler: das geht so nicht", LevelError},
		{"foo: ОШИБКА: нет", LevelError},
		// In other languages.
		{"mkdir: impossible de créer le répertoire « /home/retro/.steam »: Permission non accordée", LevelWarning},
		{"/opt/gow/launch-comp.sh: Zeile 44: dbus-run-session: Kommando nicht gefunden.", LevelWarning},
		{"/opt/gow/launch-comp.sh: fork: 无法分配内存", LevelWarning},
		{"cp: 通常ファイル 'x' を作成できません: 許可がありません", LevelWarning},
		{"mkdir: '/x' 디렉터리를 만들 수 없습니다: 허가 거부", LevelWarning},
		{"AVERTISSEMENT : pipeline erroné : impossible de connecter a à b, b n’accepte pas les capacités", LevelWarning},
		{"cp: не удалось создать: Отказано в доступе", LevelWarning},
		// Ordinary lines.
		{"0 errors", LevelNone},
		{"0 errors, 0 warnings", LevelNone},
		{"error=0", LevelNone},
		{"errors: 0", LevelNone},
		{"Failed: 0, passed: 12", LevelNone},
		{"no errors found", LevelNone},
		{"No known errors in 12 files", LevelNone},
		{"no updates found", LevelNone},
		{"finished without errors", LevelNone},
		{"error: none", LevelNone},
		{"ErrorHandler registered", LevelNone},
		{"error handler registered", LevelNone},
		{"crash reporter is ready", LevelNone},
		{"log goes to /var/log/error.log", LevelNone},
		{"starting with --on-failure=restart --fail-fast", LevelNone},
		{"failover is on", LevelNone},
		{"restart on failure", LevelNone},
		{"will be restarted if it fails", LevelNone},
		{"if the device is missing, plug it in", LevelNone},
		{"exited with code 0", LevelNone},
		{"timeout: 30s", LevelNone},
		{`  "Error": "",`, LevelNone},
		{`"OOMKilled": false,`, LevelNone},
		{"error_log=off fail_timeout=10s", LevelNone},
		{"loaded plugin libfailure.so", LevelNone},
		{"Setting up the display", LevelNone},
		{"Datei geladen", LevelNone},
		{"設定を読み込みました", LevelNone},
		{"[2025-10-02 06:40:11] Starting: `/opt/retroarch/bin/retroarch`", LevelNone},
		{"ready for connections", LevelNone},
	}
}

func TestWordLevel(t *testing.T) {
	for _, tc := range complaintCases() {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			if got, _ := wordLevel([]byte(tc.text)); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

// TestWordLevelInLine: the words of a message count where nothing else states a
// level, whatever the transport; where something does, they do not.
func TestWordLevelInLine(t *testing.T) {
	const complaint = "cp: cannot open 'x': Permission denied"
	for _, tc := range []struct {
		line   string
		want   Level
		worded bool
	}{
		{complaint, LevelWarning, true},
		{"wolf-1  | " + complaint, LevelWarning, true},
		{`{"log":"` + complaint + `\n","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"}`, LevelWarning, true},
		{"2025-10-02T06:40:11.752176123Z stdout F " + complaint, LevelWarning, true},
		{`{"MESSAGE":"` + complaint + `","PRIORITY":"6","SYSLOG_IDENTIFIER":"app","__REALTIME_TIMESTAMP":"1759387211752176"}`, LevelWarning, true},
		{"2025-10-02 06:40:11 " + complaint, LevelWarning, true},
		{"06:40:11.750123456 INFO  | " + complaint, LevelInfo, false},
		{"06:40:11.750123456 DEBUG | request failed: 3", LevelDebug, false},
		{"2025-10-02T06:40:11.784607Z  INFO x::y: lookup failed", LevelInfo, false},
		{"INFO: lookup failed", LevelInfo, false},
		{"Error: lookup failed", LevelError, false},
		{"# 3 0x00007f in raise_error at /src/error.cc:12", LevelNone, false},
	} {
		var r Record
		NewParser().Parse([]byte(tc.line), &r)
		if r.Level != tc.want || r.Worded != tc.worded {
			t.Errorf("%s\ngot %v worded %v, want %v %v", tc.line, r.Level, r.Worded, tc.want, tc.worded)
		}
		p := NewParser()
		for range 2 {
			if l, ok := p.QuickLevel([]byte(tc.line)); l != tc.want || ok != (l != LevelNone) {
				t.Errorf("%s\nQuickLevel %v %v, want %v", tc.line, l, ok, tc.want)
			}
		}
	}
}

// TestLearnCounts: lines that differ in a number have one layout only when the
// number does not decide whether they complain.
func TestLearnCounts(t *testing.T) {
	for line, want := range map[string]bool{
		"sync: 0 failed": false, "sync: 3 failed": false, "errors: 0": false, "job 7 exited with code 0": false,
		"lookup of unit 7 has failed": true, "worker 7 is ready": true,
	} {
		p := NewParser()
		var r Record
		b := []byte(line)
		p.Parse(b, &r)
		if _, ok := p.Learn(b, &r); ok != want {
			t.Errorf("%s: learned %v, want %v", line, ok, want)
		}
	}
}

// FuzzWordLevel: digits that do not count change nothing; a prefix that names
// a program neither hides nor makes a complaint of the words.
func FuzzWordLevel(f *testing.F) {
	for _, tc := range complaintCases() {
		f.Add(tc.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, counts := wordLevel([]byte(text))
		if counts {
			return
		}
		other := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '0' + (r-'0'+7)%10
			}
			return r
		}, text)
		if len(other) != len(text) {
			return // not UTF-8
		}
		if got, _ := wordLevel([]byte(other)); got != l {
			t.Fatalf("%q is %v, %q is %v", text, l, other, got)
		}
	})
}

func BenchmarkWordLevel(b *testing.B) {
	line := []byte("Attempt 1/20: waiting for the X server. Looking again in 2 seconds and so on until it is there")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if l, _ := wordLevel(line); l != LevelNone {
			b.Fatal(l)
		}
	}
}
