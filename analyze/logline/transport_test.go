package logline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline/transport"
)

// transportCase is a line in its transport, and what is known of it besides the
// message's own header.
type transportCase struct {
	name, line string
	want       outer
}

type outer struct{ Service, Outer, Transport, Text, Format string }

// transportCases are lines in every transport: what compose, docker, kubectl,
// journalctl and others print around one of Wolf's.
func transportCases() []transportCase {
	const msg = "06:40:11.750123456 WARN  | Received MOUSE"
	const fixed = "2025-10-02T06:40:11.752176123Z"
	utc := "utc 2025-10-02T06:40:11.752176123 /1ns"
	return []transportCase{
		{"bare", msg, outer{"", "", "", "Received MOUSE", "wolf"}},
		{"compose v2", "wolf-1  | " + msg, outer{"wolf-1", "", "compose", "Received MOUSE", "wolf"}},
		{"compose v1", "wolf_1     | " + msg, outer{"wolf_1", "", "compose", "Received MOUSE", "wolf"}},
		{"container_name", "gamesonwhales-wolf  | " + msg, outer{"gamesonwhales-wolf", "", "compose", "Received MOUSE", "wolf"}},
		{"collapsed spaces", "wolf | " + msg, outer{"wolf", "", "compose", "Received MOUSE", "wolf"}},
		{"coloured", "\x1b[36mwolf-1  | \x1b[0m\x1b[33;1m" + msg + "\x1b[0m", outer{"wolf-1", "", "compose", "Received MOUSE", "wolf"}},
		{"coloured v1", "\x1b[36mwolf_1   |\x1b[0m " + msg, outer{"wolf_1", "", "compose", "Received MOUSE", "wolf"}},
		{"escape lost", "[36mwolf-1  | [0m[33;1m" + msg + "[0m", outer{"wolf-1", "", "compose", "Received MOUSE", "wolf"}},
		{"escape as caret", "^[[36mwolf-1  | ^[[0m^[[33;1m" + msg + "^[[0m", outer{"wolf-1", "", "compose", "Received MOUSE", "wolf"}},
		{"swarm", "wolf.1.x7k2p@node1    | " + msg, outer{"wolf.1.x7k2p@node1", "", "compose", "Received MOUSE", "wolf"}},
		{"podman-compose", "[wolf] | " + msg, outer{"wolf", "", "compose", "Received MOUSE", "wolf"}},
		{"compose, message without header", "wolf-1  | Failed to create backend.", outer{"wolf-1", "", "compose", "Failed to create backend.", "plain"}},
		{"compose, empty", "wolf-1  |", outer{"wolf-1", "", "compose", "", "plain"}},
		{"compose timestamps", "wolf-1  | " + fixed + " " + msg, outer{"wolf-1", utc, "compose+timestamps", "Received MOUSE", "wolf"}},
		{"compose up timestamps", "wolf-1  | 2025-10-02T08:40:11.752176123+02:00 " + msg, outer{"wolf-1", utc, "compose+timestamps", "Received MOUSE", "wolf"}},
		{"docker logs -t", fixed + " " + msg, outer{"", utc, "timestamps", "Received MOUSE", "wolf"}},
		{"docker logs -t, old wolf", fixed + " INFO  | Received MOUSE", outer{"", utc, "timestamps", "Received MOUSE", "wolf"}},
		{"docker logs -t, empty", fixed + " ", outer{"", utc, "timestamps", "", "plain"}},
		{"json-file", `{"log":"\u001b[33;1m` + msg + `\u001b[0m\n","stream":"stderr","time":"` + fixed + `"}`, outer{"", utc, "docker-json", "Received MOUSE", "wolf"}},
		{"json-file pasted", `{"log": "` + msg + `\n", "stream": "stderr", "time": "` + fixed + `"}`, outer{"", utc, "docker-json", "Received MOUSE", "wolf"}},
		{"json-file, extra keys first", `{"time":"` + fixed + `","attrs":{"a":"b"},"stream":"stdout","log":"` + msg + `\n"}`, outer{"", utc, "docker-json", "Received MOUSE", "wolf"}},
		{"json-file, quotes escaped", `{\"log\":\"` + msg + `\\n\",\"stream\":\"stderr\",\"time\":\"` + fixed + `\"}`, outer{"", utc, "docker-json", "Received MOUSE", "wolf"}},
		{"json-file, cut off", `{"log":"` + msg, outer{"", "", "docker-json", "Received MOUSE", "wolf"}},
		{"journald short", "Oct 02 06:40:11 rig wolf[1381]: " + msg, outer{"wolf", "local-noyear 10-02T06:40:11 /1s", "journald", "Received MOUSE", "wolf"}},
		{"journald German, indented", "    Okt 02 06:40:11 rig wolf[1381]: " + msg, outer{"wolf", "local-noyear 10-02T06:40:11 /1s", "journald", "Received MOUSE", "wolf"}},
		{"journald French", "oct. 02 06:40:11 rig wolf[1381]: " + msg, outer{"wolf", "local-noyear 10-02T06:40:11 /1s", "journald", "Received MOUSE", "wolf"}},
		{"journald Chinese", "10月 02 06:40:11 rig wolf[1381]: " + msg, outer{"wolf", "local-noyear 10-02T06:40:11 /1s", "journald", "Received MOUSE", "wolf"}},
		{"journald Russian", "Окт 02 06:40:11 rig wolf[1381]: " + msg, outer{"wolf", "local-noyear 10-02T06:40:11 /1s", "journald", "Received MOUSE", "wolf"}},
		{"journald unknown month", "Xyz 02 06:40:11 rig wolf[1381]: " + msg, outer{"wolf", "", "journald", "Received MOUSE", "wolf"}},
		{"syslog padded day", "Oct  2 06:40:11.752176 rig wolf: " + msg, outer{"wolf", "local-noyear 10-02T06:40:11.752176 /1µs", "journald", "Received MOUSE", "wolf"}},
		{"journald without host", "Oct 02 06:40:11 wolf[1381]: " + msg, outer{"wolf", "local-noyear 10-02T06:40:11 /1s", "journald", "Received MOUSE", "wolf"}},
		{"journald short-iso", "2025-10-02T08:40:11+0200 rig wolf[1381]: " + msg, outer{"wolf", "utc 2025-10-02T06:40:11 /1s", "journald", "Received MOUSE", "wolf"}},
		{"journald short-full", "Thu 2025-10-02 06:40:11 UTC rig wolf[1381]: " + msg, outer{"wolf", "utc 2025-10-02T06:40:11 /1s", "journald", "Received MOUSE", "wolf"}},
		{"rsyslog", "2025-10-02T06:40:11.752176Z rig wolf[1381]: " + msg, outer{"wolf", "utc 2025-10-02T06:40:11.752176 /1µs", "journald", "Received MOUSE", "wolf"}},
		{"journald kernel", "Okt 06 13:52:20 balrog kernel: NVRM: Xid (PCI:0000:01:00): 79, pid=98371", outer{"kernel", "local-noyear 10-06T13:52:20 /1s", "journald", "NVRM: Xid (PCI:0000:01:00): 79, pid=98371", "kernel"}},
		{"journald json", `{"__REALTIME_TIMESTAMP":"1759387211752176","PRIORITY":"3","CONTAINER_NAME":"wolf","MESSAGE":"` + msg + `"}`, outer{"wolf", "utc 2025-10-02T06:40:11.752176 /1µs", "journald-json", "Received MOUSE", "wolf"}},
		{"journald json bytes", `{"MESSAGE":[27,91,51,51,109,73,78,70,79,32,32,124,32,104,105],"SYSLOG_IDENTIFIER":"wolf","__REALTIME_TIMESTAMP":"1759387211752176"}`, outer{"wolf", "utc 2025-10-02T06:40:11.752176 /1µs", "journald-json", "hi", "wolf"}},
		{"cri", fixed + " stderr F " + msg, outer{"", utc, "cri", "Received MOUSE", "wolf"}},
		{"cri offset", "2025-10-02T07:40:11.752176123+01:00 stdout F " + msg, outer{"", utc, "cri", "Received MOUSE", "wolf"}},
		{"cri empty", fixed + " stdout F", outer{"", utc, "cri", "", "plain"}},
		{"kubectl prefix", "[pod/wolf-0/wolf] " + fixed + " " + msg, outer{"wolf", utc, "timestamps+kubectl", "Received MOUSE", "wolf"}},
		{"stern", "wolf-0 wolf " + msg, outer{"wolf", "", "stern", "Received MOUSE", "wolf"}},
		{"stern, message without header", "wolf-6d4cf56db6-x7k2p wolf Failed to create backend.", outer{"wolf", "", "stern", "Failed to create backend.", "plain"}},
		{"docker stream", "\x02\x00\x00\x00\x00\x00\x00\x52[2025-12-04 19:12:27] hello", outer{"", "", "docker-stream", "hello", "gow"}},
		{"docker stream without NUL", "\x02R[2025-12-04 19:12:27] hello", outer{"", "", "docker-stream", "hello", "gow"}},
		{"docker stream without all but a letter of the length", "M00:00:00.020 [ERROR] [common/ipc-client.c:86] Unable to receive IPC response", outer{"", "", "docker-stream", "Unable to receive IPC response", "sway"}},
		{"docker stream, a letter and GLib", "JGdk-Message: 11:11:41.882: Error reading events from display: Broken pipe", outer{"", "", "docker-stream", "Error reading events from display: Broken pipe", "glib"}},
		{"a letter that is no length", "N00:00:00.020 [ERROR] [common/ipc-client.c:86] Unable to receive IPC response", outer{"", "", "", "N00:00:00.020 [ERROR] [common/ipc-client.c:86] Unable to receive IPC response", "plain"}},
		{"docker stream as carets", "^A^@^@^@^@^@^@R[2025-12-04 19:12:27] hello", outer{"", "", "docker-stream", "hello", "gow"}},
		{"docker stream as replacement characters", "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdR[2025-12-04 19:12:27] hello", outer{"", "", "docker-stream", "hello", "gow"}},
		{"docker stream behind compose", "wolf-1  | \x01\x00\x00\x00\x00\x00\x01\x0800:00:00.002 [ERROR] [sway/main.c:62] x", outer{"wolf-1", "", "compose+docker-stream", "x", "sway"}},
		{"dmesg -r", "<3>[    9.424670] nvidia: probe failed", outer{"", "", "syslog", "nvidia: probe failed", "kernel"}},
		{"bom", "\ufeff" + msg, outer{"", "", "", "Received MOUSE", "wolf"}},
		{"crlf", msg + "\r\n", outer{"", "", "", "Received MOUSE", "wolf"}},
		{"quote", "> > wolf-1  | " + msg, outer{"wolf-1", "", "markdown+compose", "Received MOUSE", "wolf"}},
		{"pre", "<pre>" + msg + "</pre>", outer{"", "", "markdown", "Received MOUSE", "wolf"}},
		{"code", "`" + msg + "`", outer{"", "", "markdown", "Received MOUSE", "wolf"}},
		{"fence", "```log", outer{"", "", "markdown", "", "plain"}},
		{"indented block", "    " + msg, outer{"", "", "", "Received MOUSE", "wolf"}},
		{"not a prefix: a level", "WARN  | Received MOUSE", outer{"", "", "", "Received MOUSE", "wolf"}},
		{"an exit is no ident", "wolf-1 exited with code 11", outer{"wolf-1", "", "", "wolf-1 exited with code 11", "compose"}},
		{"application json is not docker's", `{"level":"info","log":"x","msg":"y"}`, outer{"", "", "", "y", "json"}},
	}
}

func TestParseTransports(t *testing.T) {
	t.Parallel()
	for _, tc := range transportCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var r Record
			NewParser().Parse([]byte(tc.line), &r)
			got := outer{string(r.Service), stampText(r.Outer), r.Transport, string(r.Text), r.Format.String()}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("%q\n(-want +got):\n%s", tc.line, d)
			}
		})
	}
}

// TestEveryTransport: a transport has a name of its own and a line that is read
// as such.
func TestEveryTransport(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, tc := range transportCases() {
		for name := range strings.SplitSeq(tc.want.Transport, "+") {
			shown[name] = true
		}
	}
	var names transport.Names
	seen := map[string]bool{}
	for set := transport.Set(1); set != 0; set <<= 1 {
		name := names.Of(set)
		if name == "" {
			break
		}
		if seen[name] {
			t.Errorf("two transports are called %q", name)
		}
		if seen[name] = true; !shown[name] {
			t.Errorf("no case of TestParseTransports is read as %q", name)
		}
	}
	if len(seen) < 11 {
		t.Errorf("only %d transports have a name", len(seen))
	}
}
