package speaker

import (
	"bytes"
	"strings"
	"sync"

	"wolfdiag/internal/lazyset"
)

// programs says what class the programs of a deployment are, by the name they
// give themselves, lower-case.
var programs = [...]string{
	Wolf:   "wolf",
	Client: "moonlight moonlight-qt moonlight-embedded artemis",
	App: `app steam steamwebhelper steamerrorreporter pressure-vessel pressure-vessel-wrap srt-bwrap firefox firefox-bin librewolf chromium chrome brave
		retroarch emulationstation es-de pegasus pegasus-fe heroic lutris kodi kodi.bin prismlauncher minecraft java javaw wine wine64 wine-preloader wineserver proton
		mangohud mangoapp gamemoded bottles dolphin dolphin-emu pcsx2 pcsx2-qt rpcs3 cemu xemu yuzu ryujinx duckstation ppsspp godot unity vlc mpv obs obs-studio code zed zed-editor
		xfce xfce4 xfce4-session xfce4-panel xfdesktop xfconfd xfsettingsd thunar tumblerd desktop wolf-ui wolfui wolf_ui electron discord spotify
		nautilus gnome-session plasmashell plasma kded5 kded6 gnome flatpak bwrap sunshine dbus-daemon at-spi2-registryd at-spi-bus-launcher
		xdg-desktop-portal xdg-desktop-portal-gtk xdg-desktop-portal-wlr xdg-document-portal xdg-permission-store gvfsd bluetoothd ffmpeg ffplay vkcube glxgears`,
	AppCompositor: `sway swaybg swaybar swaymsg gamescope gamescopereaper gamescope-wl waybar xwayland xorg x weston labwc cage river hyprland mutter mutter-x11-frames
		gnome-shell kwin kwin_wayland kwin_wayland_wrapper kwin_x11 xfwm4 openbox wlr wlroots wf-recorder`,
	Pulse: "pulseaudio pulse wolfpulseaudio pipewire pipewire-pulse wireplumber pactl pacmd",
	Init:  "rc.init cont-init cont-init.d cont-finish services.d bash sh dash zsh ash busybox entrypoint entrypoint.sh startup.sh init tini dumb-init s6 s6-svscan s6-supervise s6-rc s6-overlay supervisord catatonit gosu su-exec su sudo chown chmod chgrp mkdir ln cp mv rm cat ls install useradd usermod userdel groupadd groupmod adduser addgroup deluser env ldconfig ldconfig.real udevadm mknod setpriv setcap getcap id touch find sed grep awk tar apt apt-get dpkg pip npm curl wget",
	Runtime: `docker dockerd docker-compose compose containerd containerd-shim containerd-shim-runc-v2 ctr nerdctl runc crun runsc youki kata-runtime podman podman-compose conmon buildah buildkitd cri-o crio cri-dockerd
		kubelet kube-proxy kube-apiserver kube-controller-manager kube-scheduler kubectl k3s k0s rke2 microk8s helm etcd lxc lxd lxc-start incus nvidia-container-cli nvidia-container-runtime nvidia-container-runtime-hook
		nvidia-container-toolkit nvidia-ctk nvidia-cdi-hook nvidia-device-plugin libnvidia-container netavark aardvark-dns slirp4netns pasta fuse-overlayfs`,
	Kernel: "kernel",
	Host: `systemd systemd-logind systemd-udevd systemd-networkd systemd-resolved systemd-timesyncd systemd-oomd systemd-coredump systemd-journald systemd-modules-load systemd-fsck systemd-sysctl systemd-tmpfiles
		sshd sshd-session cron crond anacron networkmanager dbus dbus-broker dbus-broker-launch polkitd avahi-daemon dnsmasq udevd udisksd upowerd thermald irqbalance rsyslogd chronyd ntpd ntpdate snapd snap fwupd fwupdmgr packagekitd
		earlyoom oomd nvidia-persistenced nvidia-modprobe nvidia-powerd modprobe auditd audit audisp firewalld ufw nftables iptables wpa_supplicant modemmanager smartd mdadm zed-zfs zpool gdm gdm3 lightdm sddm
		login getty agetty su-login nginx traefik caddy haproxy envoy tailscaled cloudflared zerotier-one keepalived mergerfs libvirtd qemu qemu-system-x86_64 virtqemud pveproxy pvedaemon proxmox unraid emhttpd unattended-upgrade apparmor_parser setroubleshoot`,
	Foreign: `postgres postgresql postgis mysql mysqld mariadb mariadbd redis redis-server valkey mongo mongod mongodb memcached rabbitmq kafka zookeeper elasticsearch opensearch kibana logstash influxdb influxd clickhouse
		grafana prometheus alertmanager loki promtail node-exporter node_exporter cadvisor jellyfin plex emby sonarr radarr lidarr prowlarr bazarr overseerr qbittorrent transmission deluge sabnzbd nextcloud owncloud immich photoprism vaultwarden
		gitea gitlab jenkins drone keycloak authentik authelia homeassistant home-assistant mosquitto zigbee2mqtt pihole pi-hole adguard adguardhome unifi portainer watchtower minio n8n wordpress httpd apache apache2 php-fpm
		named bind9 unbound postfix dovecot exim exim4 sendmail smbd nmbd winbindd cupsd ypserv ypbind rpc.statd rpc.mountd nfsd klogind xinetd ftpd vsftpd proftpd telnetd snmpd squid tomcat slurmd slurmctld pbs_mom gmond`,
}

// byName is the same by name, made when first asked. Read only.
var byName = sync.OnceValue(func() map[string]Class {
	out := make(map[string]Class, 700)
	for c, list := range programs {
		for name := range strings.FieldsSeq(list) {
			out[name] = Class(c)
		}
	}
	return out
})

// OfProgram returns the class of a program by its name, whatever its case and
// without what stands around it ("/usr/bin/sway", "steam.sh", "python3.11"). It
// reports false for a program it does not know.
func OfProgram(name []byte) (Class, bool) {
	if i := bytes.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	var buf [40]byte
	if len(name) == 0 || len(name) > len(buf) {
		return Unknown, false
	}
	low := buf[:0]
	for _, b := range name {
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		low = append(low, b)
	}
	if c, ok := byName()[string(low)]; ok {
		return c, true
	}
	switch {
	case bytes.HasSuffix(low, []byte(".sh")):
		if c, ok := byName()[string(low[:len(low)-3])]; ok {
			return c, true
		}
		return Init, true
	case bytes.HasSuffix(low, []byte(".exe")):
		return App, true
	case bytes.HasPrefix(low, []byte("systemd-")):
		return Host, true
	}
	return Unknown, false
}

// OfService returns the class of a stream by the name of its service, container,
// unit or journal identifier: "wolf-1", "WolfSteam_1234", "dockerd",
// "wolf.service". It is Unknown where the name does not tell.
func OfService(name []byte) Class {
	if len(name) == 0 {
		return Unknown
	}
	low := bytes.ToLower(name)
	for _, end := range []string{".service", ".scope", ".container"} {
		low = bytes.TrimSuffix(low, []byte(end))
	}
	if c, ok := byName()[string(low)]; ok {
		return c
	}
	switch {
	case bytes.Contains(low, []byte("pulse")), bytes.Contains(low, []byte("pipewire")):
		return Pulse
	case bytes.Contains(low, []byte("wolf-ui")), bytes.Contains(low, []byte("wolfui")), bytes.Contains(low, []byte("wolf_ui")):
		return App
	}
	found := Unknown
	for rest := low; len(rest) > 0; {
		i := bytes.IndexAny(rest, "-_./@ ")
		word := rest
		if i >= 0 {
			word, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		c, ok := byName()[string(word)]
		if !ok {
			c, ok = named(word)
		}
		if ok && c != Init && (found == Unknown || found == Wolf) {
			found = c
		}
	}
	return found
}

// named places the containers that Wolf names: WolfXFCE_1234, WolfSteam.
func named(word []byte) (Class, bool) {
	app, ok := bytes.CutPrefix(word, []byte("wolf"))
	if !ok || len(app) == 0 {
		return Unknown, false
	}
	if app[0] >= '0' && app[0] <= '9' {
		return Wolf, true
	}
	return App, true
}

// Program returns the program that a message names as its own at its start:
// "chown" of "chown: cannot access …", "steam.sh" of "steam.sh[88]: …",
// "gamescope" of "[gamescope] [Error] …".
// nil when it names none.
func Program(text []byte) []byte {
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) > 0 && text[0] == '[' {
		i := bytes.IndexByte(text, ']')
		if i < 2 || i > 24 {
			return nil
		}
		if c, ok := OfProgram(text[1:i]); ok && c != Unknown {
			return text[1:i]
		}
		return nil
	}
	n := 0
	for n < len(text) && n < 64 && wordByte(text[n]) {
		n++
	}
	if n == 0 || n == len(text) {
		return nil
	}
	word := text[:n]
	rest := text[n:]
	if rest[0] == '[' { // name[pid]:
		i := 1
		for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
			i++
		}
		if i == 1 || i+1 >= len(rest) || rest[i] != ']' {
			return nil
		}
		rest = rest[i+1:]
	}
	if rest[0] != ':' || len(rest) < 2 || rest[1] != ' ' && rest[1] != '\t' {
		return nil
	}
	if i := bytes.LastIndexByte(word, '/'); i >= 0 {
		word = word[i+1:]
	}
	if len(word) < 2 || stateWords.HasBytes(bytes.ToLower(word)) {
		return nil
	}
	return word
}

// pulseaudio recognises the daemon's own lines (pulsecore/log.c: level, thread,
// source file):
//
//	E: [null-sink] util.c: Failed to connect to system bus: …
func pulseaudio(text []byte) bool {
	if len(text) < 8 || bytes.IndexByte([]byte("EWNID"), text[0]) < 0 || !bytes.HasPrefix(text[1:], []byte(": [")) {
		return false
	}
	i := bytes.Index(text, []byte("] "))
	if i < 0 || i > 40 {
		return false
	}
	file, _, ok := bytes.Cut(text[i+2:], []byte(": "))
	return ok && bytes.HasSuffix(file, []byte(".c"))
}

// stateWords stand where a program's name could, and are none.
var stateWords = lazyset.New(`error warning warn info debug fatal critical note hint failed
	failure exception panic assertion caused what message reason status
	err http https usage caution notice trace libva cannot unable`)

func wordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.' || b == '/' || b == '+'
}
