package redact

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestText shows what becomes of a text: which stand-in a value gets, and that it
// is the same for the same value however it is spelt.
func TestText(t *testing.T) {
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
		{"password in a URL", "pull https://joe:hunter2@registry.example/x", "pull https://user-1:[masked]@registry.example/x"},
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
		// hardware
		{"one card in four spellings", "aa:bb:cc:dd:ee:ff AA-BB-CC-DD-EE-FF dev_AA_BB_CC_DD_EE_FF aabb.ccdd.eeff", "mac-1 mac-1 dev_mac-1 mac-1"},
		{"controller", "uniq a0:b1:c2:d3:e4:f5 phys usb", "uniq mac-1 phys usb"},
		{"card in a field", `"mac": "a0b1c2d3e4f5", hwaddr=a0b1c2d3e4f5`, `"mac": "mac-1", hwaddr=mac-1`},
		{"InfiniBand", "port 00:11:22:33:44:55:66:77 up", "port mac-1 up"},
		{"fingerprint", "SHA1 Fingerprint=AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD", "SHA1 Fingerprint=[masked]"},
		{"nobody's and everybody's", "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff"},
		{"the GPU", "GPU 0: RTX (UUID: GPU-550e8400-e29b-41d4-a716-446655440000) uuid=550E8400-E29B-41D4-A716-446655440000", "GPU 0: RTX (UUID: GPU-uuid-1) uuid=uuid-1"},
		{"serials", "serial: 1A2B3C4D5E SerialNumber=ABC123 machine-id=0f1e2d3c4b5a", "serial: serial-1 SerialNumber=serial-2 machine-id=[masked]"},
		// people
		{"mail", "mail to robin.miller+x@example.com.", "mail to mail-1."},
		{"prompt", "robin@robins-desktop:~$ docker compose logs", "user-1@host-1:~$ docker compose logs"},
		{"logins", "sudo: robin : TTY=pts/0 ; PWD=/home/robin ; USER=root uid=1000(robin)", "sudo: user-1 : TTY=pts/0 ; PWD=/home/user-1 ; USER=root uid=1000(user-1)"},
		{"session opened", "pam_unix: session opened for user robin(uid=1000)", "pam_unix: session opened for user user-1(uid=1000)"},
		{"user of a service", `"STEAM_USER=robin"`, `"STEAM_USER=user-1"`},
		{"homes elsewhere", "/mnt/home/robin/x /var/home/robin/y", "/mnt/home/user-1/x /var/home/user-1/y"},
		// hosts
		{"names of a home", "robins-desktop.local nas.fritz.box vm.c.proj.internal", "host-1 host-2 host-3"},
		{"with a port, at the end", "http://gaming.lan:47989/x, robin.duckdns.org.", "http://host-1:47989/x, host-2."},
		{"fields", `hostname=robins-desktop "host":"robins-desktop" devicename=RobinsPhone&x=1`, `hostname=host-1 "host":"host-1" devicename=host-2&x=1`},
		{"announced", "Robins-PC._nvstream._tcp.local", "host-1._nvstream._tcp.local"},
		// secrets
		{"environment", `["STEAM_PASSWORD=hunter2","AWS_SECRET_ACCESS_KEY=xY/z","DB_PASS=q","STREAM_KEY=live_1","MY_API_KEY=k"]`,
			`["STEAM_PASSWORD=[masked]","AWS_SECRET_ACCESS_KEY=[masked]","DB_PASS=[masked]","STREAM_KEY=[masked]","MY_API_KEY=[masked]"]`},
		{"tokens by their first letters", "ghp_abcdefghijklmnopqrstuvwxyz0123456789 glpat-abcdefghij0123456789 AKIAIOSFODNN7EXAMPLE xoxb-12345-abcdef", "[masked] [masked] [masked] [masked]"},
		{"basic", "sent Basic dXNlcjpwYXNzd29yZA== to it", "sent Basic [masked] to it"},
		{"PIN in words", "the pin 1234 was wrong, PIN code 4821", "the pin [masked] was wrong, PIN code [masked]"},
		{"stand-ins of a template", "aes_key: <n>AA iv=<hex> STEAM_PASSWORD=hunter<n> x", "aes_key: [masked] iv=<hex> STEAM_PASSWORD=[masked] x"},
		{"token in a template", "ghp_abcdefghijklmnopqrstuvwxyz<n> xoxb-<n>-abcdef Basic dXNlcjpwYXNzd<n>yZA==", "[masked] [masked] Basic [masked]"},
		// what must stay
		{"images", "ghcr.io/games-on-whales/wolf@sha256:e3b0c442 wolf:stable actions/checkout@v4", "ghcr.io/games-on-whales/wolf@sha256:e3b0c442 wolf:stable actions/checkout@v4"},
		{"units and symbols", "user@1000.service getty@tty1.service memcpy@@GLIBC_2.14 foo@plt", "user@1000.service getty@tty1.service memcpy@@GLIBC_2.14 foo@plt"},
		{"dates in dashes", "backtrace.2025-10-02-06-40-11.dump 25-10-02-06-40-11", "backtrace.2025-10-02-06-40-11.dump 25-10-02-06-40-11"},
		{"folders", "/usr/local/lib /home/retro/.local/share docker-compose.local.yaml std.internal.foo", "/usr/local/lib /home/retro/.local/share docker-compose.local.yaml std.internal.foo"},
		{"hosts that all have", "host=localhost hostname=wolf http://host.docker.internal:80 host=127.0.0.1", "host=localhost hostname=wolf http://host.docker.internal:80 host=127.0.0.1"},
		{"the wide world", "pull https://ghcr.io/v2/ and https://github.com/x", "pull https://ghcr.io/v2/ and https://github.com/x"},
		{"words", "on the host: the GPU; pin 12 of the chip; monkey=1; compass=2", "on the host: the GPU; pin 12 of the chip; monkey=1; compass=2"},
		{"GPU and PCI", "NVRM: GPU at PCI:0000:01:00: GPU-uuid 0000:01:00.0", "NVRM: GPU at PCI:0000:01:00: GPU-uuid 0000:01:00.0"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := New().Text(tc.in)
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("masked text (-want +got):\n%s", d)
			}
			if again := New().Text(got); again != got {
				t.Errorf("masking twice changes %q into %q", got, again)
			}
		})
	}
}
