package logline

import "testing"

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

// TestTelling: a layout knows which numbers decide whether its lines complain.
func TestTelling(t *testing.T) {
	for line, want := range map[string]string{
		"sync: 0 failed": "0", "sync: 3 failed": "3", "errors: 0": "0", "job 7 exited with code 0": "0", "3: 0 failed, 12 errors, 4 cats": "0 failed, 12 errors, 4",
		"lookup of unit 7 has failed": "", "worker 7 is ready": "", "wolf-1  | sync: 0 failed": "0",
		"[40139.977491] wolf[9727]: segfault at 36 ip 00007f5ae90118cb error 4 in lib.so[7f5a15e2b4d5+1000]": "4",
	} {
		p := NewParser()
		var r Record
		b := []byte(line)
		p.Parse(b, &r)
		l, ok := p.Learn(b, &r)
		if from, to := l.Telling(); !ok || line[from:to] != want {
			t.Errorf("%s: learned %v, %q tells, want %q", line, ok, line[from:to], want)
		}
	}
}
