// Package redacttest makes secrets and what is none, all invented, and the lines
// they stand in, for tests of redaction.
package redacttest

import (
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strings"
)

// Context is a line with a place for a value.
type Context struct {
	Line string // with %s
	// Names reports that the line says what the value is: password=%s. Only there
	// can a value without a form of its own be known for a secret.
	Names bool
	// Spaces reports that a value with spaces can stand there.
	Spaces bool
	encode func(string) string
}

// Plant returns the line with a value in it, and the value as it stands there.
func (c Context) Plant(value string) (line, written string) {
	written = value
	if c.encode != nil {
		written = c.encode(value)
	}
	return strings.Replace(c.Line, "%s", written, 1), written
}

func jsonOnce(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(b[1 : len(b)-1])
}

func jsonTwice(s string) string { return jsonOnce(jsonOnce(s)) }

// Contexts returns 60 lines, 36 of which name their value.
func Contexts() []Context {
	names := func(line string) Context { return Context{Line: line, Names: true} }
	quoted := func(line string) Context { return Context{Line: line, Names: true, Spaces: true} }
	encoded := func(line string, names bool, f func(string) string) Context {
		return Context{Line: line, Names: names, Spaces: true, encode: f}
	}
	plain := func(line string) Context { return Context{Line: line} }
	return []Context{
		names("DB_PASSWORD=%s"), names("wolf-1  | MYSQL_PW=%s"), names("Passwort: %s"), names("export STEAM_PASSWORD=%s;"), names("password = %s"), names("the password is %s"),
		names("- RCON_PASSWORD=%s"), names("psk=%s"), names("PresharedKey = %s"), names("mysqldump -u app -p%s wolf"), names("run --password %s --now"), names("run --password=%s --now"), names("sshpass -p %s ssh nas"),
		names("environment: API_TOKEN=%s OTHER=1"), names("client_secret=%s"), names("<password>%s</password>"), names("level=info msg=login password=%s user=retro"), names("das Passwort lautet %s"), names("access_token=%s"),
		names("06:40:11.752 INFO  | [DOCKER] env SECRET_KEY=%s"), names("Oct 02 06:40:11 games wolf[12]: GRAFANA_ADMIN_PASSWORD=%s"), names("curl -s -u app:%s https://api.example.com/"),
		quoted(`password="%s"`), quoted(`password='%s' next`), quoted(`psk="%s"`), quoted(`Environment="VNC_PASSWORD=%s"`), quoted("wifi.password: \"%s\""), quoted(`my $password = "%s";`),
		encoded(`{"password":"%s","x":1}`, true, jsonOnce), encoded(`{"auth":{"token": "%s"}}`, true, jsonOnce), encoded(`{"log":"{\"secret\":\"%s\"}\n","stream":"stdout"}`, true, jsonTwice),
		encoded(`{"log":"DB_PASSWORD=\"%s\"\n","stream":"stderr","time":"2025-10-02T06:40:11Z"}`, true, jsonOnce), encoded(`[{"name":"DB_PASSWORD","value":"%s"}]`, true, jsonOnce),
		encoded("<input name=x password=&quot;%s&quot;>", true, html.EscapeString), encoded("GET /api?x=1&token=%s&y=2 HTTP/1.1", true, url.QueryEscape), encoded("POST /login?password=%s", true, url.QueryEscape),

		plain("%s"), plain("wolf-1  | got %s back"), plain("06:40:11.752114885 INFO  | [HTTPS] value %s received"), plain("2025-10-02T06:40:11.752Z ERROR app: unexpected %s in reply"), plain("[%s]"), plain("(%s)"), plain("<%s>"),
		plain("x, %s, y"), plain("x;%s;y"), plain("arg '%s' ignored"), plain("arg \"%s\" ignored"), plain("at `%s`"), plain("value=%s"), plain("item: %s"), plain("| %s | cell |"), plain("**%s**"), plain("line\t%s\tend"), plain("-> %s <-"),
		plain("it was %s."), plain("see %s!"), plain("cannot parse %s: bad"), encoded(`{"msg":"got %s now"}`, false, jsonOnce), encoded(`{"log":"got %s\n","stream":"stdout"}`, false, jsonOnce), encoded("<td>%s</td>", false, html.EscapeString),
	}
}

// Secret is one planted value.
type Secret struct {
	Family string
	Value  string
	Formed bool // known for what it is wherever it stands
}

const (
	lowers = "abcdefghijklmnopqrstuvwxyz"
	uppers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
	hexes  = digits + "abcdef"
	alnum  = lowers + uppers + digits
	base64 = alnum + "+/"
	web    = alnum + "-_"
)

// Secrets returns 500 of them, of as many families as there are of forms; the
// same for the same seed.
func Secrets(seed uint64) []Secret {
	r := rand.New(rand.NewPCG(seed, 15))
	from := func(set string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = set[r.IntN(len(set))]
		}
		return string(b)
	}
	number := func(lo, hi int) int { return lo + r.IntN(hi-lo) }
	octet := func() int { return number(20, 250) }
	families := []struct {
		name   string
		formed bool
		make   func() string
	}{
		{"github", true, func() string { return "ghp_" + from(alnum, 36) }},
		{"github-app", true, func() string { return "ghs_" + from(alnum, 36) }},
		{"github-fine", true, func() string { return "github_pat_" + from(alnum, 22) + "_" + from(alnum, 59) }},
		{"gitlab", true, func() string { return "glpat-" + from(web, 20) }},
		{"gitlab-runner", true, func() string { return "glrt-" + from(alnum, 20) }},
		{"aws", true, func() string { return "AKIA" + from(uppers+"234567", 16) }},
		{"google", true, func() string { return "AIza" + from(web, 34) + "x" }},
		{"slack", true, func() string {
			return fmt.Sprintf("xoxb-%s-%s-%s", from(digits, 11), from(digits, 12), from(alnum, 24))
		}},
		{"stripe", true, func() string { return "sk_live_" + from(alnum, 24) }},
		{"stripe-restricted", true, func() string { return "rk_test_" + from(alnum, 24) }},
		{"sendgrid", true, func() string { return "SG." + from(alnum, 22) + "." + from(alnum, 43) }},
		{"age", true, func() string { return "AGE-SECRET-KEY-1" + from("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58) }},
		{"digitalocean", true, func() string { return "dop_v1_" + from(hexes, 64) }},
		{"tailscale", true, func() string { return "tskey-auth-k" + from(alnum, 11) + "-" + from(alnum, 32) }},
		{"telegram", true, func() string { return from("123456789", 9) + ":AA" + from(alnum, 33) }},
		{"discord", true, func() string { return "N" + from(alnum, 25) + "." + from(alnum, 6) + "." + from(alnum, 38) }},
		{"twitch", true, func() string { return "live_" + from("123456789", 9) + "_" + from(alnum, 30) }},
		{"youtube", true, func() string {
			group := func() string { return from(lowers, 3) + from(digits, 1) }
			return group() + "-" + group() + "-" + group() + "-" + group() + "-" + group()
		}},
		{"npm", true, func() string { return "npm_" + from(alnum, 36) }},
		{"pypi", true, func() string { return "pypi-AgEIcHlwaS5vcmc" + from(alnum, 60) }},
		{"huggingface", true, func() string { return "hf_" + from(lowers+uppers, 34) }},
		{"docker", true, func() string { return "dckr_pat_" + from(alnum, 27) }},
		{"openai", true, func() string { return "sk-proj-" + from(alnum, 48) }},
		{"vault", true, func() string { return "hvs." + from(alnum, 24) }},
		{"jwt", true, func() string { return "eyJ" + from(alnum, 30) + ".eyJ" + from(alnum, 40) + "." + from(alnum, 43) }},
		{"linear", true, func() string { return "lin_api_" + from(alnum, 40) }},
		{"grafana", true, func() string { return "glsa_" + from(alnum, 32) + "_" + from(hexes, 8) }},
		{"shopify", true, func() string { return "shpat_" + from(hexes, 32) }},
		{"nvidia", true, func() string { return "nvapi-" + from(alnum, 64) }},
		{"own vendor", true, func() string { return "acme_" + from(alnum, 32) }},
		{"base64", true, func() string { return from(base64, 30) + "7" + from(base64, 55) + "A9==" }},
		{"bcrypt", true, func() string { return "$2b$12$" + from(alnum, 53) }},

		{"ipv4", true, func() string { return fmt.Sprintf("%d.%d.%d.%d", number(101, 120), octet(), octet(), octet()) }},
		{"private ipv4", true, func() string { return fmt.Sprintf("192.168.%d.%d", number(1, 250), number(2, 250)) }},
		{"ipv6", true, func() string {
			return fmt.Sprintf("2a02:%x:%x::%x", number(4096, 65535), number(4096, 65535), number(16, 4096))
		}},
		{"mac", true, func() string {
			return fmt.Sprintf("a4:%s:%s:%s:%s:c%s", from(hexes, 2), from(hexes, 2), from(hexes, 2), from(hexes, 2), from(hexes, 1))
		}},
		{"session", true, func() string { return "1" + from("3456", 1) + from(digits, 18) }},
		{"mail", true, func() string { return "robin." + from(lowers, 6) + "@example.com" }},
		{"uuid", true, func() string {
			return from(hexes, 8) + "-" + from(hexes, 4) + "-4" + from(hexes, 3) + "-a" + from(hexes, 3) + "-" + from(hexes, 12)
		}},
		{"steam", true, func() string { return "7656119" + from("123456789", 10) }},
		{"home host", true, func() string { return "robins-" + from(lowers, 6) + ".fritz.box" }},
		{"provider host", true, func() string { return fmt.Sprintf("%d-%d-%d-%d.dyn.example.net", octet(), octet(), octet(), octet()) }},
		{"disk", true, func() string { return "ata-Muster_SSD_1TB_S" + from(uppers+digits, 13) }},

		{"password", false, func() string { return "kuerbis" + from(digits, 2) }},
		{"password with signs", false, func() string { return "Kuerbis!" + from(digits, 3) + "#x" }},
		{"password with @", false, func() string { return "kuer@bis" + from(digits, 3) }},
		{"plain word", false, func() string { return "kuerbis" + from(lowers, 5) }},
		{"hex", false, func() string { return from(hexes, 31) + "a" }},
		{"words", false, func() string { return "kuerbis " + from(lowers, 7) + " quartz" }},
		{"umlauts", false, func() string { return "kürbis" + from(digits, 4) }},
	}
	out := make([]Secret, 0, 500)
	for i := 0; len(out) < 500; i++ {
		f := families[i%len(families)]
		out = append(out, Secret{Family: f.name, Value: f.make(), Formed: f.formed})
	}
	return out
}

// Fits reports whether a secret can be known for one in a context.
func (c Context) Fits(s Secret) bool {
	return (s.Formed || c.Names) && (c.Spaces || !strings.Contains(s.Value, " "))
}

// Diagnostics returns 200 values that a report is worth nothing without.
func Diagnostics() []string {
	list := strings.Fields(`
		24.0.9.1 1.26.2.1 1.24.6.0 550.54.14 535.183.01 570.124.04 6.8.0-45-generic 6.12.9-arch1-1 v1.2.3.4 0.10.36.0 libnvidia-egl-gbm.so.1.1.0.2 libnvidia-encode.so.550.54.14 libcuda.so.1 libgstnvcodec.so
		94.02.71.40.9E 90.04.9A.00.3E 0000:01:00.0 0000:0b:00.1 10de:2684 8086:46a6 1002:744c PCI:0000:01:00 0x0505 0x80004005 0x7f079ed76e43 0xdeadbeef 0x55aa2fafc61b -22 -110 137 139 255
		CUDA_ERROR_NOT_PERMITTED CUDA_ERROR_OUT_OF_MEMORY NV_ENC_ERR_OUT_OF_MEMORY GL_OUT_OF_MEMORY EGL_BAD_ALLOC VK_ERROR_DEVICE_LOST ENOSPC EMFILE SIGSEGV SIGABRT NVRM Xid
		/dev/nvidia0 /dev/nvidiactl /dev/nvidia-uvm /dev/nvidia-uvm-tools /dev/dri/renderD128 /dev/dri/card1 /dev/uinput /dev/uhid /run/udev /tmp/sockets /etc/wolf/cfg/config.toml /var/run/docker.sock
		/usr/lib/x86_64-linux-gnu/libnvidia-glcore.so.550.54.14 /usr/share/vulkan/icd.d/nvidia_icd.json /usr/nvidia/lib/libEGL_nvidia.so.0 /home/retro/.config/sway/config /opt/gow/startup.sh
		nvh265enc10 nvh264enc0 vaapih265enc0 x264enc0 cudaupload0 glupload1 interpipesrc3 waylanddisplaysrc0 wayland-1 wayland-4 appsink0 rtpmoonlightpay_video0 queue12
		smithay::backend::renderer::gles waylanddisplaycore::comp std::bad_alloc boost::asio::detail tokio::runtime gst_base_sink_query_latency gst_plugin_register_func
		_ZN5boost4asio6detail19scheduler_operation8completeEPvRKNS_6system10error_codeEm _RNvCs1234_7mycrate3foo core::panicking::panic_fmt NS_6system10error_codeE
		sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 e3b0c44298fc1c149afbf4c8996fb92427ae41e4 899d2c7486c3 3f1c9a7b2d10 ghcr.io/games-on-whales/wolf:stable ghcr.io/games-on-whales/xfce:edge nvcr.io/nvidia/cuda:12.4.1-base-ubuntu22.04
		1759387211752000000 1759387211752114 1759387211 123456 18446744073709551615 9223372036854775807 0:00:01.123456789 06:40:11.752 2025-10-02T06:40:11.752114885Z 2025-10-02 06:39:58 12:34:56:78 0.1234567890123456
		281474976710656 4294967296 1073741824 72057594037927936 576460752303423488 16777216
		NVIDIA-GeForce-RTX-4090-24GB RTX4090 AD102 gfx1100 navi31 DG2 i915 amdgpu nouveau nvidia_drm nvidia_uvm nvidia-modeset iHD radeonsi llvmpipe
		video/x-raw(memory:CUDAMemory) video/x-h265 DMA_DRM NV12 P010_10LE GST_VIDEO_FORMAT_P010_10LE BGRA AB24 XR24 1920x1080 3840x2160@120 60/1 48010 47984 47989 47999 48100 48200
		wolf-1 WolfSway WolfFirefox WolfPulseAudio gamescope sway Xwayland pulseaudio steam retroarch systemd[1] user@1000.service docker.service session-2.scope getty@tty1.service memcpy@@GLIBC_2.14 pthread_kill@plt GLIBC_2.38 GLIBCXX_3.4.32
		127.0.0.1 0.0.0.0 ::1 localhost 224.0.0.251 255.255.255.255 host.docker.internal
		libX11.so.6.4.0 libgstreamer-1.0.so.0.2402.0 libva.so.2.2000.0 vulkan-1.3.296 OpenGL-4.6 EGL-1.5 mesa-24.0.9 CUDA-12.4 libdrm-2.4.120 ffmpeg-6.1.1 kernel-6.8
		exit_code=137 rc=-5 errno=13 XKB_DEFAULT_KEY=us WLR_BACKENDS=headless GST_DEBUG=3 NVIDIA_VISIBLE_DEVICES=all XDG_RUNTIME_DIR=/tmp/sockets LIBVA_DRIVER_NAME=iHD PUID=1000 WOLF_LOG_LEVEL=DEBUG
		9.6GiB/24GiB 98% 62C 1695MHz 350W P2 16x 8.0GT/s 512MiB 1.5ms 33us 48000Hz 5120kbps
	`)
	seen := map[string]bool{}
	out := list[:0]
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out[:min(200, len(out))]
}

// Left returns what is left of a secret in a masked line, "" when nothing is: the
// whole value as it was written, or a piece of it that is long enough to help and
// that stands nowhere else in the line.
func Left(masked, line string, s Secret, written string) string {
	if strings.Contains(masked, written) || strings.Contains(masked, s.Value) {
		return written
	}
	const piece = 7
	rest := strings.Replace(line, written, "", 1)
	for i := 0; i+piece <= len(written); i++ {
		p := written[i : i+piece]
		if strings.Contains(masked, p) && !strings.Contains(rest, p) && !public(p) {
			return p
		}
	}
	return ""
}

// public reports whether a piece of a value says nothing about it: the domain of
// a mail address, the model of a disk.
func public(piece string) bool {
	for _, s := range []string{"ata-Muster_SSD_1TB_", "@example.com", ".dyn.example.net", ".fritz.box"} {
		if strings.Contains(s, piece) {
			return true
		}
	}
	return false
}
