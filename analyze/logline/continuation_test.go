package logline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJoin(t *testing.T) {
	t.Parallel()
	const ts = "2025-10-02T06:40:11.752176123Z"
	for _, tc := range []struct {
		name  string
		lines string // one record, then | marks the first line that is not of it
		want  string
	}{
		{"panic", "thread '<unnamed>' panicked at src/comp/mod.rs:374:34:\nFailed to create GsCUDABuf\nstack backtrace:\n   0:     0x7f64f11fd575 - <std::sys_common::backtrace::fmt::hd736fd5964392270\n                               at /rustc/x/library/core/src/fmt.rs:97:9\n   1: core::option::unwrap_failed\nnote: Some details are omitted\n|cp: cannot create regular file",
			"thread '<unnamed>' panicked at src/comp/mod.rs:374:34:\nFailed to create GsCUDABuf\nstack backtrace:\n   0:     0x7f64f11fd575 - <std::sys_common::backtrace::fmt::hd736fd5964392270\n                               at /rustc/x/library/core/src/fmt.rs:97:9\n   1: core::option::unwrap_failed\nnote: Some details are omitted"},
		{"panic in compose", "wolf-1  | thread '<unnamed>' panicked at src/lib.rs:284:26:\nwolf-1  | called `Result::unwrap()` on an `Err` value: RecvError\n|wolf-1  | 06:40:11.750123456 INFO  | next",
			"thread '<unnamed>' panicked at src/lib.rs:284:26:\ncalled `Result::unwrap()` on an `Err` value: RecvError"},
		{"panic, other service", "wolf-1  | thread '<unnamed>' panicked at src/lib.rs:284:26:\n|pulse-1  | some text", "thread '<unnamed>' panicked at src/lib.rs:284:26:"},
		{"panic after panic", "thread 'a' panicked at src/lib.rs:1:2:\nfirst\n|thread 'b' panicked at src/lib.rs:1:2:", "thread 'a' panicked at src/lib.rs:1:2:\nfirst"},
		{"panic with a value over lines", "thread 'a' panicked at src/lib.rs:1:2:\ncalled `Result::unwrap()` on an `Err` value: Os {\n    code: 24,\n}\n|plain text", "thread 'a' panicked at src/lib.rs:1:2:\ncalled `Result::unwrap()` on an `Err` value: Os {\n    code: 24,\n}"},
		{"terminate", "terminate called after throwing an instance of 'std::future_error'\n  what():  std::future_error: Promise already satisfied\n|plain text", "terminate called after throwing an instance of 'std::future_error'\n  what():  std::future_error: Promise already satisfied"},
		{"cpptrace", "Stack trace (most recent call first):\n#0 0x000055aa2fafc61b in setup at /wolf/src/streaming.cpp:43:32\n#1  (inlined)          in negotiate at /wolf/src/streaming.cpp:39:102\n|INFO  | Gstreamer version: 1.24", "Stack trace (most recent call first):\n#0 0x000055aa2fafc61b in setup at /wolf/src/streaming.cpp:43:32\n#1  (inlined)          in negotiate at /wolf/src/streaming.cpp:39:102"},
		{"python", "Traceback (most recent call last):\n  File \"x.py\", line 3, in <module>\n    int('a')\nValueError: invalid literal\n|after", "Traceback (most recent call last):\n  File \"x.py\", line 3, in <module>\n    int('a')\nValueError: invalid literal"},
		{"go", "panic: runtime error: index out of range [3] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x1d\nexit status 2", "panic: runtime error: index out of range [3] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x1d"},
		{"pipeline", "06:40:11.750123456 DEBUG | Starting video pipeline: \ninterpipesrc listen-to=1_video is-live=true !\nnvh264enc preset=low-latency !\n  appsink name=wolf_udp_sink\n|06:40:12.750123456 DEBUG | next", "Starting video pipeline: \ninterpipesrc listen-to=1_video is-live=true !\nnvh264enc preset=low-latency !\n  appsink name=wolf_udp_sink"},
		{"container logs are records of their own", "06:40:11.750123456 DEBUG | [DOCKER] Container logs: \n|some line", "[DOCKER] Container logs: "},
		{"nvrm", "[    9.424670] NVRM: API mismatch: the client has the version 535.183.01, but\n[    9.424671] NVRM: this kernel module has the version 535.161.07.  Please\n[    9.424671] NVRM: make sure that this kernel module and all NVIDIA driver\n|[   19.424671] NVRM: and later", "NVRM: API mismatch: the client has the version 535.183.01, but\nNVRM: this kernel module has the version 535.161.07.  Please\nNVRM: make sure that this kernel module and all NVIDIA driver"},
		{"glib", "(gnome-shell:362): Mtk-ERROR **: Received an X Window System error.\nThe error was 'BadMatch (invalid parameter attributes)'.\n  (Details: serial 6897)\n|after", "Received an X Window System error.\nThe error was 'BadMatch (invalid parameter attributes)'.\n  (Details: serial 6897)"},
		{"error over lines", "[ERROR] [Stream]: failed to get app list from host:\nApi(RequestClient(Reqwest(reqwest::Error {\n  kind: Request,\n})))\n|after", "[Stream]: failed to get app list from host:\nApi(RequestClient(Reqwest(reqwest::Error {\n  kind: Request,\n})))"},
		{"cri parts", ts + " stderr P 06:40:11.750123456 WARN  | one \n" + ts + " stderr P two \n" + ts + " stderr F three\n|" + ts + " stderr F four", "one two three"},
		{"json-file parts", `{"log":"06:40:11.750123456 WARN  | one ","stream":"stderr","time":"` + ts + "\"}\n" + `{"log":"two\n","stream":"stderr","time":"` + ts + "\"}\n|" + `{"log":"x\n","stream":"stderr","time":"` + ts + `"}`, "one two"},
		{"json-file, other stream", `{"log":"one ","stream":"stderr","time":"` + ts + "\"}\n|" + `{"log":"two\n","stream":"stdout","time":"` + ts + `"}`, "one "},
		{"json-file, last words without newline", `{"log":"Killed by","stream":"stderr","time":"` + ts + "\"}\n|" + `{"log":"INFO  | start\n","stream":"stderr","time":"` + ts + `"}`, "Killed by"},
		{"nothing follows an ordinary line", "06:40:11.750123456 WARN  | one\n|  indented", "one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := NewParser()
			var r Record
			lines := strings.Split(tc.lines, "\n")
			p.Parse([]byte(lines[0]), &r)
			text := append([]byte("prefix of the arena"), r.Text...)
			n := 1
			for ; n < len(lines); n++ {
				more := p.Continuation(&r, []byte(strings.TrimPrefix(lines[n], "|")))
				var ok bool
				text, ok = p.Join(text, &r, []byte(strings.TrimPrefix(lines[n], "|")))
				if ok != more {
					t.Fatalf("Continuation %v, Join %v: %q", more, ok, lines[n])
				}
				if !ok {
					break
				}
			}
			if d := cmp.Diff(tc.want, strings.TrimPrefix(string(text), "prefix of the arena")); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if n < len(lines) && lines[n][0] != '|' && tc.name != "go" {
				t.Errorf("stopped at %q", lines[n])
			}
		})
	}
}
