package render

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/report"
)

func TestRedactText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
	}{
		// secrets
		{"audio pipeline", `Starting audio pipeline: rtpmoonlightpay_audio encrypt=true aes_key="9D804E47A6AA6624B7D4B502B32CC522" aes_iv="-1530244" ! udpsink`,
			`Starting audio pipeline: rtpmoonlightpay_audio encrypt=true aes_key="[masked]" aes_iv="[masked]" ! udpsink`},
		{"key in escaped JSON", `{\"aes_key\":\"9D804E47A6AA6624B7D4B502B32CC522\",\"aes_iv\":\"12\",\"app_id\":\"1\"}`,
			`{\"aes_key\":\"[masked]\",\"aes_iv\":\"[masked]\",\"app_id\":\"1\"}`},
		{"launch query", "GET /launch?uniqueid=0123456789ABCDEF&rikey=D0C1&rikeyid=-42&appid=7 HTTP/1.1",
			"GET /launch?uniqueid=[masked]&rikey=[masked]&rikeyid=[masked]&appid=7 HTTP/1.1"},
		{"header", "rikeyid: 1234567", "rikeyid: [masked]"},
		{"pin and secret", "Received POST /pin/ pin:4711 secret:25A63C2D", "Received POST /pin/ pin:[masked] secret:[masked]"},
		{"pin page", "Insert pin at http://localhost:47989/pin/#25A63C2D", "Insert pin at http://localhost:47989/pin/#[masked]"},
		{"pair request", `[API] Received request: POST /api/v1/pair/client - {"pair_secret":"25A6","pin":"4711"}`,
			"[API] Received request: POST /api/v1/pair/client - [masked]"},
		{"request without body", "[API] Received request: GET /api/v1/sessions - ", "[API] Received request: GET /api/v1/sessions - "},
		{"certificate", "cert: -----BEGIN CERTIFICATE-----\nMIICvzCC\nAaegAw==\n-----END CERTIFICATE----- of client",
			"cert: -----BEGIN CERTIFICATE-----[masked]-----END CERTIFICATE----- of client"},
		{"certificate cut off", `"-----BEGIN RSA PRIVATE KEY-----\nMIIEow`, `"-----BEGIN RSA PRIVATE KEY-----[masked]`},
		{"line of a certificate", "MIICvzCCAaegAwIBAgIBADANBgkqhkiG9w0BAQsFADAjMSEwHwYDVQQDDBhOVklE", "[masked]"},
		{"pairing reply", "<root><plaincert>2D2D2D2D</plaincert></root>", "<root><plaincert>[masked]</plaincert></root>"},
		{"registry", "X-Registry-Auth: eyJ1c2VyIjoi", "X-Registry-Auth: [masked]"},
		{"registry in the environment", "DOCKER_AUTH_B64=eyJ1c2Vy next", "DOCKER_AUTH_B64=[masked] next"},
		{"docker config", `"auth": "dXNlcjpwYXNz"`, `"auth": "[masked]"`},
		{"bearer", "Authorization: Bearer abc.def", "Authorization: Bearer [masked]"},
		{"password in a URL", "pull https://joe:hunter2@registry.example/x", "pull https://joe:[masked]@registry.example/x"},
		{"password option", "run --password hunter2 now", "run --password [masked] now"},
		{"token", "GET /x?access_token=abc&y=1", "GET /x?access_token=[masked]&y=1"},
		{"bare key", "key=00112233445566778899aabbccddeeff", "key=[masked]"},
		// addresses
		{"client", "[ENET] connected client: 139.28.87.179:36016", "[ENET] connected client: ip-1:36016"},
		{"same client twice, and another", "172.20.0.9 172.20.0.10 172.20.0.9", "ip-1 ip-2 ip-1"},
		{"joined by underscores", "peer_139.28.87.179_x", "peer_ip-1_x"},
		{"port behind a dot", "IP 192.168.1.5.47989 > 10.0.0.2.5000", "IP ip-1.47989 > ip-2.5000"},
		{"leading zeros", "from 010.001.002.003", "from ip-1"},
		{"pulse server", "PULSE_SERVER=tcp:172.20.0.9:4713", "PULSE_SERVER=tcp:ip-1:4713"},
		{"version word and a private address", "driver 10.1.2.3", "driver ip-1"},
		{"version word and a port", "release 8.8.8.8:53", "release ip-1:53"},
		{"end of a sentence", "lost 139.28.87.179.", "lost ip-1."},
		{"machine of a cloud", "host ip-10-0-0-5 is up", "host ip-1 is up"},
		{"v6", "client [2001:db8::17]:47989 and fe80::1%eth0", "client [ip-1]:47989 and ip-2"},
		{"v6 in full", "at 2001:db8:0:1:2:3:4:5 now", "at ip-1 now"},
		{"v6 behind a label", "ip:2001:db8::17, ok", "ip:ip-1, ok"},
		{"v6 and port behind a dot", "IP6 2001:db8::1.47989", "IP6 ip-1.47989"},
		{"v4 in v6 is the same client", "::ffff:139.28.87.179 139.28.87.179", "ip-1 ip-1"},
		// names and ids
		{"home", "open /home/robin/wolf/cfg and /Users/ann/x, /home/robin", "open /home/user-1/wolf/cfg and /Users/user-2/x, /home/user-1"},
		{"windows home", `C:\Users\robin\x and C:\\Users\\robin\\y`, `C:\Users\user-1\x and C:\\Users\\user-1\\y`},
		{"user in the environment", "USER=robin HOME=/home/robin", "USER=user-1 HOME=/home/user-1"},
		{"session", "session 16509540347718230936 of WolfFirefox_16509540347718230936", "session session-1 of WolfFirefox_session-1"},
		{"session behind a dot", "app.16509540347718230936", "app.session-1"},
		// what must stay
		{"GStreamer's version", "Gstreamer version: 1.24.6.0", "Gstreamer version: 1.24.6.0"},
		{"versions", "v1.2.3.4, GStreamer 1.26.2.1, 0.10.36.0, driver 550.54.14", "v1.2.3.4, GStreamer 1.26.2.1, 0.10.36.0, driver 550.54.14"},
		{"times", "06:40:11.752 2025-10-02T06:40:11.752Z 0:00:01.123456789 12:34:56:78", "06:40:11.752 2025-10-02T06:40:11.752Z 0:00:01.123456789 12:34:56:78"},
		{"loopback", "http://127.0.0.1:47989 [::1]:1 ::1 0.0.0.0:47984 :: 224.0.0.251", "http://127.0.0.1:47989 [::1]:1 ::1 0.0.0.0:47984 :: 224.0.0.251"},
		{"scopes", "std::dec gst::bad::face egl::ffi: x", "std::dec gst::bad::face egl::ffi: x"},
		{"digests and addresses", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0x7f00deadbeef1234", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0x7f00deadbeef1234"},
		{"user of the images", "/home/retro/.config and /home/<user>/x", "/home/retro/.config and /home/<user>/x"},
		{"words", "unexpected token: ) in key: framerate; spin: 4, mapping: x", "unexpected token: ) in key: framerate; spin: 4, mapping: x"},
		{"fractions", "took 0.1234567890123456 s", "took 0.1234567890123456 s"},
		{"commands", "docker exec <wolf> nvidia-smi -L; echo $?", "docker exec <wolf> nvidia-smi -L; echo $?"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := &redactor{names: map[string]string{}}
			got := r.text(tc.in)
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("masked text (-want +got):\n%s", d)
			}
			if again := (&redactor{names: map[string]string{}}).text(got); again != got {
				t.Errorf("masking twice changes %q into %q", got, again)
			}
		})
	}
}

// TestRedactReport checks that a value has one stand-in wherever it occurs, and
// that the original is left alone.
func TestRedactReport(t *testing.T) {
	t.Parallel()
	const client, session = "139.28.87.179", "16509540347718230936"
	rep := &report.Report{
		Summary: "client " + client,
		Inputs:  []report.Input{{Name: "/home/robin/wolf.log"}},
		Causes: []report.Cause{{
			Affected: report.Affected{Sessions: []string{session}},
			Evidence: []report.Evidence{{First: report.Where{Input: "/home/robin/wolf.log", Line: 7, Text: "session " + session + " of " + client}}},
		}},
	}
	got := redacted(rep)
	if rep.Summary != "client "+client {
		t.Errorf("the original was changed: %q", rep.Summary)
	}
	if got.Summary != "client ip-1" && got.Summary != "client ip-2" {
		t.Errorf("summary = %q", got.Summary)
	}
	alias := strings.TrimPrefix(got.Summary, "client ")
	want := []string{"/home/user-1/wolf.log", "/home/user-1/wolf.log", "session-1", "session session-1 of " + alias}
	e := got.Causes[0].Evidence[0].First
	if d := cmp.Diff(want, []string{got.Inputs[0].Name, e.Input, got.Causes[0].Affected.Sessions[0], e.Text}); d != "" {
		t.Errorf("masked report (-want +got):\n%s", d)
	}
}

// FuzzRedactAddress: whatever stands around the address of a client, it does not
// survive. Only a word such as "version" in front of it makes it something else.
func FuzzRedactAddress(f *testing.F) {
	f.Add("connected client: ", uint32(0x8b1c57b3), ":36016")
	f.Add("::ffff:", uint32(0xac140009), "]:47989")
	f.Add("peer_", uint32(0x01020304), ".5000 aes_key=")
	f.Add("06:40:11 a:b:", uint32(0x08080808), "::1")
	f.Fuzz(func(t *testing.T, before string, raw uint32, after string) {
		ip := netip.AddrFrom4([4]byte{byte(raw >> 24), byte(raw >> 16), byte(raw >> 8), byte(raw)})
		if ip.IsLoopback() || ip.IsMulticast() || ip.IsUnspecified() || raw>>24 == 0 || raw == 1<<32-1 {
			t.Skip("nobody's address")
		}
		if versionBefore.MatchString(before) || endsInNumber(before) || startsWithNumber(after) || strings.Contains(before+after, ip.String()) {
			t.Skip("not an address here")
		}
		s := fmt.Sprint(before, ip, after)
		got := (&redactor{names: map[string]string{}}).text(s)
		if strings.Contains(got, ip.String()) {
			t.Errorf("%q survives in %q, from %q", ip, got, s)
		}
	})
}

func endsInNumber(s string) bool {
	return s != "" && strings.ContainsAny(s[len(s)-1:], "0123456789.")
}

func startsWithNumber(s string) bool {
	return s != "" && strings.ContainsAny(s[:1], "0123456789")
}
