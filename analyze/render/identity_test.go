package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/patterns"
)

// TestRedactIdentity: what names a machine, a device or a person does not leave
// in a shared report; what only looks like it stays.
func TestRedactIdentity(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
	}{
		// hardware
		{"one card in four spellings", "aa:bb:cc:dd:ee:ff AA-BB-CC-DD-EE-FF dev_AA_BB_CC_DD_EE_FF aabb.ccdd.eeff", "mac-1 mac-1 dev_mac-1 mac-1"},
		{"controller", "uniq a0:b1:c2:d3:e4:f5 phys usb", "uniq mac-1 phys usb"},
		{"card in a field", `"mac": "a0b1c2d3e4f5", hwaddr=a0b1c2d3e4f5`, `"mac": "mac-1", hwaddr=mac-1`},
		{"InfiniBand", "port 00:11:22:33:44:55:66:77 up", "port mac-1 up"},
		{"fingerprint", "SHA1 Fingerprint=AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD", "SHA1 Fingerprint=[masked]"},
		{"nobody's and everybody's", "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff"},
		{"the GPU", "GPU 0: RTX (UUID: GPU-550e8400-e29b-41d4-a716-446655440000) uuid=550E8400-E29B-41D4-A716-446655440000", "GPU 0: RTX (UUID: GPU-uuid-1) uuid=uuid-1"},
		{"serials", "serial: 1A2B3C4D5E SerialNumber=ABC123 machine-id=0f1e2d3c4b5a", "serial: [masked] SerialNumber=[masked] machine-id=[masked]"},
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
			got := (&redactor{names: map[string]string{}}).text(tc.in)
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("masked text (-want +got):\n%s", d)
			}
			if again := (&redactor{names: map[string]string{}}).text(got); again != got {
				t.Errorf("masking twice changes %q into %q", got, again)
			}
		})
	}
}

// TestRedactLeavesTheCatalogue: commands and advice are the same in a shared
// report; no rule takes a piece of them for somebody's name or secret.
func TestRedactLeavesTheCatalogue(t *testing.T) {
	t.Parallel()
	cat, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	r := &redactor{names: map[string]string{}}
	keep := func(where string, texts ...string) {
		for _, s := range texts {
			if got := r.text(s); got != s {
				t.Errorf("%s: masked without need (-want +got):\n%s", where, cmp.Diff(s, got))
			}
		}
	}
	for _, p := range cat.Patterns() {
		keep(p.ID, p.ID, p.Title, p.Why, p.Unless)
	}
	for _, c := range cat.Causes() {
		keep(c.ID, c.ID, c.Title, c.Explanation)
		keep(c.ID, c.Workaround...)
		keep(c.ID, c.Fixes...)
		for _, k := range c.Confirm {
			keep(c.ID, k.Command, k.Expect)
		}
		for _, v := range c.Rivals {
			keep(c.ID, v.Why, v.Settle)
		}
	}
}
